"""The whole run beside the naive program and beside the floor, at each size."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.cells import keep_wanted
from benchmarks.floor import floor
from benchmarks.measure import Measured, apart, interleaved, median_ratio
from benchmarks.naive import naive
from benchmarks.ours import ours
from perfxl.folders import BUREAU_FOLDER
from perfxl.register.model import FILE_NAME as REGISTER

NAIVE_SAMPLE = 40


@dataclass(frozen=True)
class EndToEnd:
    """One size. seconds and processor: of perfxl, medians. over_floor, under_naive: ratios of the clock's times.

    processor_over_floor: the same by processor time, which other programs on the machine disturb less. naive_seconds:
    scaled up from `NAIVE_SAMPLE` workbooks, and the summary as it is.
    """

    count: int
    jobs: int
    seconds: float
    processor: float
    floor_seconds: float
    naive_seconds: float
    over_floor: float
    processor_over_floor: float
    under_naive: float
    parent_mb: float
    worker_mb: float


def measure_size(folder: Path, scratch: Path, count: int, jobs: int, repeats: int) -> EndToEnd:
    """Measures the three programs over a folder of `count` workbooks."""
    wanted = scratch / "wanted.pickle"
    first = apart(ours, folder, scratch / "first", jobs)
    if first.answer["departments"] != count:
        raise RuntimeError(f"perfxl scored {first.answer['departments']} of {count} workbooks")
    keep_wanted(scratch / "first", wanted)
    shutil.rmtree(scratch / "first")
    sample = min(NAIVE_SAMPLE, count)
    rounds = interleaved(
        repeats,
        {
            "ours": partial(fresh, scratch, lambda output: apart(ours, folder, output, jobs)),
            "floor": partial(fresh, scratch, lambda output: apart(floor, folder, output, wanted, jobs)),
            "naive": partial(fresh, scratch, lambda output: apart(naive, folder, output, wanted, sample)),
        },
    )
    own, least = rounds["ours"], rounds["floor"]
    plain = [item.answer["departments"] * count / sample + item.answer["summary"] for item in rounds["naive"]]
    seconds = [item.seconds for item in own]
    return EndToEnd(
        count=count,
        jobs=jobs,
        seconds=statistics.median(seconds),
        processor=statistics.median(item.processor for item in own),
        floor_seconds=statistics.median(item.seconds for item in least),
        naive_seconds=statistics.median(plain),
        over_floor=median_ratio(seconds, [item.seconds for item in least]),
        processor_over_floor=median_ratio([item.processor for item in own], [item.processor for item in least]),
        under_naive=median_ratio(plain, seconds),
        parent_mb=max(item.parent_mb for item in own),
        worker_mb=max(item.worker_mb for item in own),
    )


def measure_ours(folder: Path, scratch: Path, jobs: int) -> Measured:
    """One run of perfxl alone."""
    return fresh(scratch, lambda output: apart(ours, folder, output, jobs))


def fresh(scratch: Path, program: Callable[[Path], Measured]) -> Measured:
    """What a program measures that writes into a folder that is not there, and is gone afterwards.

    The register of the runs before goes too: it would grow from round to round, and be read by each.
    """
    output = scratch / "output"
    shutil.rmtree(output, ignore_errors=True)
    (scratch / BUREAU_FOLDER / REGISTER).unlink(missing_ok=True)
    measured = program(output)
    shutil.rmtree(output, ignore_errors=True)
    return measured
