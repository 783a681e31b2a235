"""How firm a rank is: where each department would stand were the second-level indicators weighed otherwise.

Two kinds of question are asked, both at the accepted scores. *Left out*: one second-level indicator is not counted,
and the rest is scaled up to all points. *Reweighed*: the points of one are raised or lowered by a tenth, and all are
scaled back to all points. What lies outside the hundred is added and deducted as it is. A department whose total is
capped stays capped. Totals are compared exactly, in integers, without rounding.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import lcm
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from perfxl.decimals import ONE, ZERO, half_up
from perfxl.results.context import counted_points
from perfxl.scheme.model import Level, Scheme
from perfxl.scoring import DepartmentResult, level_scores, second_level

STEADY, FAIR = Decimal("0.05"), Decimal("0.15")
"""A rank whose best and worst are apart by up to this share of all departments counts as firm, or as fairly firm."""
WORDS = ("稳定", "较稳定", "敏感")
LAST = 2**40  # behind every rank
UNCAPPED = 10**9  # cents, above every total

Whole = NDArray[Any]
"""Whole numbers, of 64 bits or of any size."""


@dataclass(frozen=True, slots=True)
class RankRange:
    """Best and worst rank of one department.

    out: with any one second-level indicator left out, level being the one that moves the rank furthest (empty where
    none does). weighed: with the points of any one moved by a tenth; word: one of WORDS, by the width of the wider of
    the two, so that the word never says otherwise than the ranks beside it.
    """

    rank: int
    best_out: int
    worst_out: int
    best_weighed: int
    worst_weighed: int
    level: str
    word: str


class RankRanges(Sequence[RankRange]):
    """The ranges of many departments, kept as arrays of numbers. levels: the names of those that were asked about.

    found: by department its rank, best and worst with one left out, best and worst with one reweighed, the place of the
    level that moves it furthest (negative where none does), and the width of the wider range.
    """

    def __init__(self, levels: Sequence[str] = (), found: Sequence[Whole] = ()) -> None:
        self._levels, self._found = levels, found
        self._count = len(found[0]) if found else 0
        self._bounds = spans(self._count)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> RankRange: ...
    @overload
    def __getitem__(self, place: slice) -> list[RankRange]: ...
    def __getitem__(self, place: int | slice) -> RankRange | list[RankRange]:
        if isinstance(place, slice):
            return [self[one] for one in range(self._count)[place]]
        at = range(self._count)[place]
        rank, best_out, worst_out, best, worst, level, width = (int(column[at]) for column in self._found)
        name = self._levels[level] if level >= 0 else ""
        return RankRange(rank, best_out, worst_out, best, worst, name, _word(width, self._bounds))


def rank_ranges(scheme: Scheme, ranked: Sequence[DepartmentResult]) -> RankRanges:
    """The range of each ranked department, in their order."""
    levels = [level for level in scheme.base_levels if level.points]
    if not ranked or len(levels) < 2:
        return RankRanges()
    asked = _Asked(scheme, ranked, levels)
    ranks = _whole(item.rank or 0 for item in ranked)
    out, weighed, shift = _Range(len(ranked)), _Range(len(ranked)), ranks * 0
    furthest = shift - 1
    for place in range(len(levels)):
        left_out = asked.ranks(place, -10)
        out.take_in(left_out)
        own_shift = np.abs(left_out - ranks)
        furthest[own_shift > shift] = place
        shift = np.maximum(shift, own_shift)
        for tenths in (1, -1):
            weighed.take_in(asked.ranks(place, tenths))
    widths = np.maximum(out.width(ranks), weighed.width(ranks))
    found = (ranks, out.best, out.worst, weighed.best, weighed.worst, furthest, widths)
    return RankRanges([level.name for level in levels], found)


def spans(count: int) -> tuple[int, int]:
    """How many places a firm and a fairly firm rank may span among so many: shares, rounded half up."""
    steady, fair = (int(half_up(share * count, ONE)) for share in (STEADY, FAIR))
    return steady, fair


class _Asked:
    """The scores of all departments in cents, by level, and the ranks that they give where a level is reweighed.

    Points that an indicator gives although it does not apply count as earned; where it is left out, its points are.
    """

    def __init__(self, scheme: Scheme, ranked: Sequence[DepartmentResult], levels: Sequence[Level]) -> None:
        self._full = _cents(scheme.full_points)
        # Points that differ between departments make divisors that 64 bits do not hold.
        self._any_size = scheme.scaled
        names = [level.name for level in levels]
        scores, points = ([array("q") for _ in levels] for _ in range(2))
        for item in ranked:
            by_level, counted = level_scores(scheme, item.scores, second_level), counted_points(scheme, item.scores)
            for name, score, point in zip(names, scores, points, strict=True):
                score.append(_cents(by_level.get(name, ZERO)))
                point.append(_cents(counted[name]))
        self._scores, self._points = ([self._numbers(column) for column in found] for found in (scores, points))
        self._outside = self._numbers(_cents(item.bonus - item.penalty) for item in ranked)
        top = UNCAPPED if scheme.options.over_full else self._full
        self._caps = self._numbers(_cents(item.total) if item.capped_from is not None else top for item in ranked)

    def _numbers(self, numbers: Iterable[int]) -> Whole:
        return np.array(list(numbers), object) if self._any_size else _whole(numbers)

    def ranks(self, level: int, tenths: int) -> Whole:
        """Ranks where the points of a level are raised by so many tenths; by -10 it is left out."""
        sums, points = (
            sum((10 + tenths if place == level else 10) * column for place, column in enumerate(columns))
            for columns in (self._scores, self._points)
        )
        # Both sides of a comparison are multiplied by what the sum would be divided by, so all stays whole.
        divisors = np.maximum(points, 1)
        totals = sums * self._full + self._outside * divisors
        held = np.minimum(np.maximum(totals, 0), self._caps * divisors)
        if self._any_size:
            held = held * (lcm(*divisors) // divisors)
        return _ranks(held)


class _Range:
    """The best and the worst of several ranks of each department."""

    def __init__(self, count: int) -> None:
        self.best, self.worst = _whole([LAST] * count), _whole([0] * count)

    def take_in(self, ranks: Whole) -> None:
        """Widens the range by other ranks."""
        self.best, self.worst = np.minimum(self.best, ranks), np.maximum(self.worst, ranks)

    def width(self, ranks: Whole) -> Whole:
        """How many places lie between the best and the worst, the ranks as they are among them."""
        return np.maximum(self.worst, ranks) - np.minimum(self.best, ranks)


def _word(width: int, bounds: tuple[int, int]) -> str:
    return WORDS[sum(width > bound for bound in bounds)]


def _cents(points: Decimal) -> int:
    return int(points * 100)


def _whole(numbers: Iterable[int]) -> Whole:
    return np.fromiter(numbers, np.int64)


def _ranks(totals: Whole) -> Whole:
    """Competition ranks, highest first."""
    lowest = -totals
    return np.searchsorted(np.sort(lowest), lowest).astype(np.int64) + 1
