"""Measures a function in an interpreter of its own: time, processor time and the peak memory of parent and workers.

A fresh interpreter each time, so that no program finds the other's caches; imports are done before the clock starts.
"""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """One call. seconds: by the clock. processor: of parent and workers. parent_mb, worker_mb: peak resident memory.

    answer: what the function gave back.
    """

    seconds: float
    processor: float
    parent_mb: float
    worker_mb: float
    answer: Any


def apart(function: Callable[..., Any], *arguments: Any) -> Measured:
    """Calls a public function of a module in a new interpreter. Arguments and answer must go through JSON."""
    call = json.dumps([function.__module__, function.__name__, [_plain(argument) for argument in arguments]])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", call], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{function.__module__}.{function.__name__} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _plain(argument: Any) -> Any:
    return str(argument) if isinstance(argument, Path) else argument


def interleaved(repeats: int, programs: dict[str, Callable[[], Measured]]) -> dict[str, list[Measured]]:
    """Runs the programs one after the other, so many rounds: a busy machine then slows all of them alike."""
    found: dict[str, list[Measured]] = {name: [] for name in programs}
    for _ in range(repeats):
        for name, program in programs.items():
            found[name].append(program())
    return found


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True))


def peak_mb() -> float:
    """Peak resident memory of this process. Linux keeps ru_maxrss across exec, so its own record is asked first."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("utf-8").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return _maxrss_mb(resource.RUSAGE_SELF)


def _maxrss_mb(who: int) -> float:
    # Kilobytes on Linux, bytes on macOS.
    return resource.getrusage(who).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def processor() -> float:
    """Processor time of this process, and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _main(call: str) -> None:
    module, name, arguments = json.loads(call)
    function = getattr(importlib.import_module(module), name)
    before, started = processor(), time.perf_counter()
    answer = function(*arguments)
    seconds = time.perf_counter() - started
    measured = Measured(seconds, processor() - before, peak_mb(), _maxrss_mb(resource.RUSAGE_CHILDREN), answer)
    print(json.dumps(asdict(measured)))


if __name__ == "__main__":
    _main(sys.argv[1])
