"""The same run on a Dask cluster of this computer with one, two and four workers, each bound to a core.

Where there are fewer cores than workers these share them, and efficiency is told against the cores. Scheduler and the
process that runs share them too: on a real cluster they stand beside.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.data import make_folder
from benchmarks.end_to_end import fresh
from benchmarks.kinds import PLAIN
from benchmarks.measure import apart, interleaved
from benchmarks.tables import every, table
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme

WORKERS = (1, 2, 4)
PROVINCE = 20_000
PROVINCE_WORKERS = (2, 4, 8, 16, 32)
WARM = 8
"""Workbooks a worker that are read before the clock starts: its child has its libraries then."""
NOT_THERE = "The extra perfxl[dask] is not installed"


@dataclass(frozen=True)
class Cluster:
    """Runs with so many workers. seconds: of each round, start of the cluster and first imports left out.

    parent, workers: ms of processor time a workbook, medians: of the process that runs, of workers and their children.
    """

    workers: int
    count: int
    cores: int
    seconds: tuple[float, ...]
    parent: float
    worked: float


def cores() -> list[int]:
    """The cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def clustered(folder: str, warm: str, output: str, workers: int) -> dict[str, float]:
    """One run on a cluster that is started for it."""
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, processes=True
        ) as started,
        distributed.Client(started.scheduler_address, set_as_default=False) as client,
    ):
        places = list(client.scheduler_info(n_workers=-1)["workers"])
        for place, core in zip(places, cycle(cores()), strict=False):
            client.run(_bind, core, workers=[place])
        options = RunOptions(scheduler=started.scheduler_address)
        run_folder(Path(warm), Path(output), load_scheme(None), options)
        before, own, clock = sum(client.run(_used).values()), time.process_time(), time.perf_counter()
        report = run_folder(Path(folder), Path(output), load_scheme(None), options)
        return {
            "departments": len(report.batch.departments),
            "seconds": time.perf_counter() - clock,
            # The scheduler is in this process, as it is where `perfxl run` is beside it.
            "parent": time.process_time() - own,
            "workers": sum(client.run(_used).values()) - before,
        }


def _bind(core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        # All threads: the one that works was there before.
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})


def _used() -> float:
    """Processor time of this process and of its children that live, in which files are read."""
    import psutil

    own = psutil.Process()
    return sum(sum(one.cpu_times()[:2]) for one in [own, *own.children(recursive=True)])


def measure_cluster(scratch: Path, count: int, distinct: int, repeats: int) -> list[Cluster] | None:
    """With one, two and four workers in the same rounds; None where Dask is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        return None
    folder = make_folder(scratch / "cluster", count, PLAIN, distinct)
    warm = make_folder(scratch / "cluster-warm", WARM * max(WORKERS), PLAIN, WARM)
    programs: dict[str, Any] = {
        str(number): partial(
            fresh, scratch, lambda output, number=number: apart(clustered, folder, warm, output, number)
        )
        for number in WORKERS
    }
    rounds = interleaved(repeats, programs)
    return [_cluster(number, count, [one.answer for one in rounds[str(number)]]) for number in WORKERS]


def _cluster(number: int, count: int, answers: Sequence[dict[str, float]]) -> Cluster:
    if any(one["departments"] != count for one in answers):
        raise RuntimeError(f"a cluster of {number} did not score {count} workbooks")
    each = {key: statistics.median(one[key] for one in answers) * 1000 / count for key in ("parent", "workers")}
    seconds = tuple(one["seconds"] for one in answers)
    return Cluster(number, count, min(number, len(cores())), seconds, each["parent"], each["workers"])


def cluster_table(found: Sequence[Cluster] | None) -> str:
    """Efficiency by workers, and what the workbooks of a province need, worked out from it."""
    if not found:
        return f"### On a Dask cluster\n\n{NOT_THERE}."
    first = found[0]
    rows = []
    for item in found:
        faster = statistics.median(one / other for one, other in zip(first.seconds, item.seconds, strict=True))
        rows.append(
            (
                f"{item.workers} on {item.cores} cores, {item.count:,} workbooks",
                every(item.seconds, 1),
                f"{faster:.2f}",
                f"{faster / item.cores:.0%}",
                f"{item.worked:.1f}",
                f"{item.parent:.1f}",
            )
        )
    headings = ("workers", "s", "× as quick as one", "a core", "ms of workers each", "ms of the run's process each")
    note = (
        "Every round. Workers are bound to a core each; scheduler and the process that runs share the cores with them."
    )
    return f"### On a Dask cluster\n\n{table(headings, rows)}\n\n{note}\n\n{_province(first)}"


def _province(one: Cluster) -> str:
    """Minutes by workers, each with a core, the process that runs with one too."""
    rows = [
        (str(number), f"{_minutes(one, number):.1f}", "the workers" if one.worked / number > one.parent else "the run")
        for number in PROVINCE_WORKERS
    ]
    limit = one.worked / one.parent
    note = (
        f"{PROVINCE:,} workbooks by the times of one worker: the process that runs works beside the workers, so that "
        f"the longer of the two counts. More than {limit:.0f} workers bring nothing."
    )
    return f"{table(('workers with a core each', 'minutes', 'bound by'), rows)}\n\n{note}"


def _minutes(one: Cluster, workers: int) -> float:
    return PROVINCE * max(one.worked / workers, one.parent) / 60_000
