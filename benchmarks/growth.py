"""How time grows with the number of KPIs and of errors in a workbook: both must be straight lines."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.data import Kind, make_folder
from benchmarks.end_to_end import measure_ours
from benchmarks.kinds import PLAIN, with_errors, with_kpis
from benchmarks.measure import interleaved

KPIS = (5, 30, 60)
ERRORS = (10, 55, 100)


@dataclass(frozen=True)
class Growth:
    """Time a workbook at growing sizes. slope_ratio: how much steeper the second half is than the first (1: straight).

    off_line: how far the middle lies off the straight line between the ends, as a share of the time there.
    milliseconds: of processor time a workbook, one process.
    """

    what: str
    sizes: tuple[int, ...]
    milliseconds: tuple[float, ...]
    slope_ratio: float
    off_line: float


def straightness(what: str, sizes: Sequence[int], milliseconds: Sequence[float]) -> Growth:
    """Slopes from the first, the middle and the last of the sizes."""
    (low, middle, high), (first, second, third) = sizes[-3:], milliseconds[-3:]
    before, after = (second - first) / (middle - low), (third - second) / (high - middle)
    line = first + (third - first) * (middle - low) / (high - low)
    ratio = after / before if before else float("nan")
    return Growth(what, tuple(sizes), tuple(milliseconds), ratio, second / line - 1)


def measure_growth(scratch: Path, count: int, distinct: int, repeats: int) -> list[Growth]:
    """Time by number of KPIs and by number of errors.

    A workbook without errors comes first but is not part of the line: one with errors gets a copy to mend besides.
    """
    kpis = [with_kpis(number) for number in KPIS]
    errors = [PLAIN, *(with_errors(number) for number in ERRORS)]
    return [
        straightness("KPIs", KPIS, _milliseconds(scratch / "kpis", kpis, count, distinct, repeats)),
        straightness("errors", (0, *ERRORS), _milliseconds(scratch / "errors", errors, count, distinct, repeats)),
    ]


def _milliseconds(scratch: Path, kinds: Sequence[Kind], count: int, distinct: int, repeats: int) -> list[float]:
    folders = {kind.name: make_folder(scratch / kind.name, count, kind, distinct) for kind in kinds}
    rounds = interleaved(repeats, {name: partial(measure_ours, folder, scratch, 1) for name, folder in folders.items()})
    return [statistics.median(item.processor for item in rounds[kind.name]) * 1000 / count for kind in kinds]
