"""How far a KPI or a sum of money is, against target and time gone. Rates are exact, 1 = as it should be.

What grows with the year (money, counts that have to reach a number) is held against the part of the target that belongs
to the share of the year that has gone. All else is held against the whole target: a satisfaction of 92% is not half of
what it will be in December, an accident too many does not go away, a word is a judgement of how things stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from perfxl.rules.kpi_method import AT_LEAST, EQUAL, FactValue, KpiMethod, KpiRow
from perfxl.text import fold


def grows(method: KpiMethod, kpi: KpiRow, unit: str, steady: Collection[str]) -> bool:
    """Whether what is done of a KPI adds up over the year. steady: units of what does not, such as %."""
    direction = method.symbols.get(kpi.symbol or "")
    if direction not in (AT_LEAST, EQUAL) or not isinstance(kpi.target, Decimal) or kpi.target <= 0:
        return False
    return not is_steady(unit, steady)


RATIO = "/"
"""In a unit: what is measured is a ratio (元/人), which does not add up over the year whatever the scheme lists."""


def is_steady(unit: str, steady: Collection[str]) -> bool:
    """Whether what is measured in a unit does not add up over the year. steady: the units that the scheme lists."""
    folded = fold(unit)
    return RATIO in folded or folded in {fold(item) for item in steady}


def completion(method: KpiMethod, kpi: KpiRow, value: FactValue, *, at_best: bool = False) -> Fraction | None:
    """The completion rate that a value comes to by the scheme's own method; None where it cannot be told.

    Of a word with a band the lower end counts: it is what the word is worth without anybody's judgement; at_best: the
    upper one, which it may be worth. Of an approved KPI that the department has left out nothing is done.
    """
    if kpi.absent:
        return Fraction(0)
    row = replace(kpi, actual=value, self_score=None)
    if method.missing(row):
        return None
    band = method.band(row)
    if band is not None:
        return Fraction(band.high if at_best else band.low)
    dividend, divisor = method.rate(row)
    return Fraction(dividend) / Fraction(divisor)


def progress(reached: Fraction | None, share: Fraction, *, timed: bool) -> Fraction | None:
    """A rate against the time gone. share: of the year, above 0. timed: whether it grows with the year."""
    if reached is None or not timed:
        return reached
    return reached / share


def spent_rate(spent: Decimal | None, budget: Decimal | None) -> Fraction | None:
    """What was spent of a budget; None where one is not known or there is no budget."""
    if spent is None or budget is None or budget <= 0:
        return None
    return Fraction(spent) / Fraction(budget)


@dataclass(frozen=True)
class Weighed:
    """A rate with its weight, None where the row has none."""

    rate: Fraction | None
    weight: Decimal | None


def overall(rates: Iterable[Weighed]) -> Fraction | None:
    """How far all KPIs of a department are: the mean of their rates, each at most 1, by weight where all have one.

    What is far ahead does not make up for what lags. What cannot be told, or weighs nothing, is left out.
    """
    known = [(item.rate, item.weight) for item in rates if item.rate is not None and item.weight != 0]
    weights = [weight for _, weight in known if weight is not None]
    whole = sum(map(Fraction, weights), Fraction(0))
    if not known:
        return None
    if len(weights) < len(known):
        return sum((min(rate, Fraction(1)) for rate, _ in known), Fraction(0)) / len(known)
    return sum((min(rate, Fraction(1)) * Fraction(weight or 0) for rate, weight in known), Fraction(0)) / whole
