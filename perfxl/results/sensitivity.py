"""How firm a rank is: where each department would stand were the second-level indicators weighed otherwise.

Two kinds of question are asked, both at the accepted scores. *Left out*: one second-level indicator is not counted,
and the rest is scaled up to all points. *Reweighed*: the points of one are raised or lowered by a tenth, and all are
scaled back to all points. A department whose total is capped stays capped. Totals are compared exactly, in integers,
without rounding.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from perfxl.decimals import ZERO
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult, level_scores, second_level

STEADY, FAIR = (1, Decimal("0.02")), (3, Decimal("0.05"))
"""Up to so many places, or this share of all departments, a rank counts as firm, or as fairly firm."""
WORDS = ("稳定", "较稳定", "敏感")
LAST = 2**40  # behind every rank
UNCAPPED = 10**9  # cents, above every total

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RankRange:
    """Best and worst rank of one department.

    out: with any one second-level indicator left out, level being the one that moves the rank furthest (empty where
    none does). weighed: with the points of any one moved by a tenth; word: one of WORDS, by these.
    """

    rank: int
    best_out: int
    worst_out: int
    best_weighed: int
    worst_weighed: int
    level: str
    word: str


def rank_ranges(scheme: Scheme, ranked: Sequence[DepartmentResult]) -> list[RankRange]:
    """The range of each ranked department, in their order."""
    levels = [level for level in scheme.second_levels if level.points]
    if not ranked or len(levels) < 2:
        return []
    columns = [array("q") for _ in levels]
    for item in ranked:
        by_level = level_scores(scheme, item.scores, second_level)
        for column, level in zip(columns, levels, strict=True):
            column.append(_cents(by_level.get(level.name, ZERO)))
    scores = [_whole(column) for column in columns]
    caps = _whole(_cents(item.total) if item.capped_from is not None else UNCAPPED for item in ranked)
    sums, points = np.sum(scores, axis=0), [_cents(level.points) for level in levels]
    everything = sum(points)
    ranks = _whole(item.rank or 0 for item in ranked)
    out, weighed, shift = _Range(len(ranked)), _Range(len(ranked)), ranks * 0
    furthest = shift - 1
    for place, own in enumerate(points):
        # Both sides of a comparison are multiplied by what the sum would be divided by, so all stays whole.
        left_out = _ranks((sums - scores[place]) * everything, caps * (everything - own))
        out.take_in(left_out)
        own_shift = np.abs(left_out - ranks)
        furthest[own_shift > shift] = place
        shift = np.maximum(shift, own_shift)
        for sign in (1, -1):
            total = (10 * sums + sign * scores[place]) * everything
            weighed.take_in(_ranks(total, caps * (10 * everything + sign * own)))
    places = np.maximum(weighed.worst - ranks, ranks - weighed.best)
    names = [level.name for level in levels]
    found = (ranks, out.best, out.worst, weighed.best, weighed.worst, furthest, places)
    return [
        RankRange(rank, best_out, worst_out, best, worst, names[level] if level >= 0 else "", _word(moved, len(ranked)))
        for rank, best_out, worst_out, best, worst, level, moved in zip(*map(np.ndarray.tolist, found), strict=True)
    ]


class _Range:
    """The best and the worst of several ranks of each department."""

    def __init__(self, count: int) -> None:
        self.best, self.worst = _whole([LAST] * count), _whole([0] * count)

    def take_in(self, ranks: Whole) -> None:
        """Widens the range by other ranks."""
        self.best, self.worst = np.minimum(self.best, ranks), np.maximum(self.worst, ranks)


def _word(places: int, count: int) -> str:
    for word, (least, share) in zip(WORDS, (STEADY, FAIR), strict=False):
        if places <= least or places <= share * count:
            return word
    return WORDS[-1]


def _cents(points: Decimal) -> int:
    return int(points * 100)


def _whole(numbers: Iterable[int]) -> Whole:
    return np.fromiter(numbers, np.int64)


def _ranks(totals: Whole, caps: Whole) -> Whole:
    """Competition ranks, highest first."""
    capped = -np.minimum(totals, caps)
    return np.searchsorted(np.sort(capped), capped).astype(np.int64) + 1
