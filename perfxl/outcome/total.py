"""The total of a department's scores: the hundred, scaled where indicators do not apply, with 加分 and less 扣分."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Protocol

from perfxl.decimals import ZERO, half_up, half_up_fraction, plain
from perfxl.layout.fields import NOT_APPLICABLE
from perfxl.outcome.applicable import full_where_not_applying
from perfxl.outcome.pending import WAITING
from perfxl.scheme.model import BASE, BONUS, PENALTY, SCALED, Indicator, Level, Scheme


class Scores(Protocol):
    """The scores of one indicator as far as the outcome hangs on them."""

    @property
    def code(self) -> str:
        """The indicator's code."""
        ...

    @property
    def self_score(self) -> Decimal | None:
        """The department's own score."""
        ...

    @property
    def score(self) -> Decimal:
        """The accepted score, two places."""
        ...

    @property
    def before(self) -> Decimal | None:
        """The accepted score without any review, None where there is no review."""
        ...

    @property
    def applies(self) -> bool:
        """Whether the indicator applies to the department."""
        ...

    @property
    def pending(self) -> bool:
        """Whether it waits for the bureau; where it is left out of the points meanwhile, it does not apply either."""
        ...


@dataclass(frozen=True, slots=True)
class Sums:
    """What scores come to, two places. base: of the hundred. applied_points: out of how many where it was scaled."""

    total: Decimal
    base: Decimal
    bonus: Decimal
    penalty: Decimal
    applied_points: Decimal | None


def sums_of(scheme: Scheme, scores: Iterable[tuple[Scores, Decimal]]) -> Sums:
    """The total of scores, each with the number that counts of it, before caps.

    Scaled and rounded once; 加分 and 扣分 are held to the maximum of their first levels, the total to 0 and, unless the
    scheme says otherwise, the full points.
    """
    indicators = scheme.indicator_by_code
    base = ZERO
    left_out = ZERO
    outside: dict[str, Decimal] = {}
    for item, value in scores:
        indicator = indicators[item.code]
        if indicator.nature != BASE:
            outside[indicator.level1] = outside.get(indicator.level1, ZERO) + value
        elif item.applies or (full_where_not_applying(indicator) and not item.pending):
            base += value
        else:
            left_out += indicator.points
    applied = None
    if left_out:
        applied = scheme.full_points - left_out
        base = half_up_fraction(Fraction(base) * Fraction(scheme.full_points) / Fraction(applied)) if applied else ZERO
    if not outside:
        base = half_up(base)
        return Sums(base, base, ZERO, ZERO, applied)
    held = {
        nature: sum((min(level.points, outside.get(level.name, ZERO)) for level in _levels(scheme, nature)), ZERO)
        for nature in (BONUS, PENALTY)
    }
    total = max(half_up(base + held[BONUS] - held[PENALTY]), half_up(ZERO))
    if not scheme.options.over_full:
        total = min(total, half_up(scheme.full_points))
    return Sums(total, half_up(base), half_up(held[BONUS]), half_up(held[PENALTY]), applied)


def _levels(scheme: Scheme, nature: str) -> list[Level]:
    return [level for level in scheme.first_levels if level.nature == nature]


def base_formula(scheme: Scheme, cell: Callable[[str], str], full: Decimal = ZERO) -> str:
    """`sums_of(…).base` as an Excel expression; see `total_formula`."""
    base = f"SUM({','.join(_ranges(scheme, cell, lambda item: item.nature == BASE))})"
    base = f"({base}+{plain(full)})" if full else base
    if not scheme.scaled:
        return f"ROUND({base},2)"
    points = applied_formula(scheme, cell)
    return f"IF({points}>0,ROUND(ROUND({base}*{plain(scheme.full_points)}/{points},9),2),0)"


def applied_formula(scheme: Scheme, cell: Callable[[str], str]) -> str:
    """Out of how many points the hundred is scaled, as an Excel expression; see `total_formula`."""
    less = ""
    for item in scheme.nature_indicators(BASE):
        words = [NOT_APPLICABLE] if not item.always and item.na == SCALED else []
        words += [WAITING] if scheme.waits_outside(item) else []
        tests = [f'{cell(item.code)}="{word}"' for word in words]
        if tests:
            test = tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
            less += f"-IF({test},{plain(item.points)},0)"
    return f"({plain(scheme.full_points)}{less})"


def outside_levels(scheme: Scheme) -> list[Level]:
    """The first levels outside the hundred, 加分 before 扣分."""
    return [level for nature in (BONUS, PENALTY) for level in _levels(scheme, nature)]


def outside_formula(scheme: Scheme, level: Level, cell: Callable[[str], str]) -> str:
    """What a first level outside the hundred comes to, at most its points, as an Excel expression."""
    ranges = _ranges(scheme, cell, lambda item: item.level1 == level.name)
    return f"MIN(SUM({','.join(ranges)}),{plain(level.points)})" if ranges else "0"


def total_formula(scheme: Scheme, cell: Callable[[str], str], full: Decimal = ZERO) -> str:
    """`sums_of(…).total` of accepted scores as an Excel expression, before caps.

    cell: where the score of an indicator stands, by its code; neighbours in the scheme are neighbours there. One that
    does not apply and gives no full points shows 不适用. full: the points of those that give full points and show
    不适用 all the same.
    """
    base, outside = base_formula(scheme, cell, full), outside_levels(scheme)
    if not outside:
        return base
    total = base
    for level in outside:
        total += f"{'-' if level.nature == PENALTY else '+'}{outside_formula(scheme, level, cell)}"
    total = f"MAX(ROUND({total},2),0)"
    return total if scheme.options.over_full else f"MIN({total},{plain(scheme.full_points)})"


def _ranges(scheme: Scheme, cell: Callable[[str], str], wanted: Callable[[Indicator], bool]) -> Sequence[str]:
    """The cells of some indicators, neighbours as one range."""
    found = []
    for is_wanted, group in groupby(scheme.indicators, key=wanted):
        if is_wanted:
            first, *rest = [item.code for item in group]
            end = f":{cell(rest[-1]).rpartition('!')[2]}" if rest else ""
            found.append(f"{cell(first)}{end}")
    return found
