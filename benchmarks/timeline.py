"""Who works when in one run: looked at from outside a hundred times a second (Linux).

What is wanted is that as many processes work as there are cores, to the end of each phase.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT
from benchmarks.tables import table

LOOK_SECONDS = 0.01
PHASES = ("begin", "reading", "putting together", "writing", "publishing")
_BUSY = frozenset("RD")


@dataclass(frozen=True)
class Phase:
    """A phase of one run. seconds: how long it took. idle: share of its time in which fewer processes worked than there
    are jobs, the parent among them. lost: seconds of a process that none of them worked, summed over the jobs."""

    name: str
    seconds: float
    idle: float
    lost: float


def marked(folder: str, output: str, jobs: int, marks: str) -> None:
    """One run that notes when each of its phases begins."""
    from perfxl.run import pipeline
    from perfxl.scheme import load_scheme

    with Path(marks).open("w", encoding="utf-8", buffering=1) as file:
        seen: list[int] = []

        def begin(phase: int) -> None:
            if phase not in seen:
                seen.append(phase)
                file.write(f"{phase} {time.monotonic()}\n")

        def told(what: str, done: int, total: int) -> None:
            begin(1 if what == pipeline.READING else 3)
            if what == pipeline.READING and done == total:
                begin(2)
            if what == pipeline.WRITING and done == total:
                begin(4)

        begin(0)
        pipeline.run_folder(Path(folder), Path(output), load_scheme(None), pipeline.RunOptions(jobs=jobs), told)
        file.write(f"{len(PHASES)} {time.monotonic()}\n")


def measure_timeline(folder: Path, scratch: Path, jobs: int) -> list[Phase]:
    """One run; nothing where the system does not tell what its processes are at."""
    if not Path("/proc/self/stat").exists():
        return []
    marks = scratch / "marks"
    code = "import json, sys; from benchmarks.timeline import marked; import pandas; marked(*json.loads(sys.argv[1]))"
    given = json.dumps([str(folder), str(scratch / "output"), jobs, str(marks)])
    looks: list[tuple[float, int]] = []
    with subprocess.Popen([sys.executable, "-c", code, given], cwd=ROOT) as program:
        while program.poll() is None:
            looks.append((time.monotonic(), sum(map(_works, _family(program.pid)))))
            time.sleep(LOOK_SECONDS)
    if program.returncode:
        raise RuntimeError("the run failed")
    times = [float(line.split()[1]) for line in marks.read_text("utf-8").splitlines()]
    return [
        _phase(name, [working for at, working in looks if start <= at < end], end - start, jobs)
        for name, start, end in zip(PHASES, times, times[1:], strict=False)
    ]


def _phase(name: str, working: Sequence[int], seconds: float, jobs: int) -> Phase:
    share = sum(count < jobs for count in working) / len(working) if working else 0.0
    lost = sum(max(0, jobs - count) for count in working) / len(working) * seconds if working else 0.0
    return Phase(name, seconds, share, lost)


def _family(parent: int) -> list[int]:
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    except OSError:
        children = []
    return [parent, *map(int, children)]


def _works(process: int) -> bool:
    """Whether a process works, waits for a core or for the disk."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] in _BUSY
    except (OSError, IndexError):
        return False


def timeline_table(phases: Sequence[Phase], count: int, jobs: int) -> str:
    """The phases, and the whole run."""
    if not phases:
        return "### Who works when\n\nThis system does not tell."
    seconds, lost = sum(item.seconds for item in phases), sum(item.lost for item in phases)
    idle = sum(item.idle * item.seconds for item in phases) / seconds
    rows = [(item.name, f"{item.seconds:.2f}", f"{item.idle:.1%}", f"{item.lost:.2f}") for item in phases]
    rows.append(("all", f"{seconds:.2f}", f"{idle:.1%}", f"{lost:.2f}"))
    headings = ("phase", "s", f"fewer than {jobs} at work", "core seconds not used")
    note = f"One run over {count:,} workbooks with {jobs} workers; the process that runs counts as one that works."
    return f"### Who works when\n\n{table(headings, rows)}\n\n{note}"
