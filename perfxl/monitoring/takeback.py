"""调减建议: money to be taken back where neither the money nor what it was given for will be reached."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from perfxl.monitoring.chances import Chance
from perfxl.monitoring.pace import spent_rate


def will_miss(chance: Chance | None, expected: Fraction | None) -> bool:
    """Whether a target will not be reached, by what the department expects or says."""
    return chance is Chance.NEVER or (expected is not None and expected < 1)


def to_take_back(
    budget: Decimal | None, expected: Decimal | None, low: Decimal, misses: Iterable[bool]
) -> Decimal | None:
    """What of a budget should be taken back, exactly, in the unit of the budget; None where nothing should.

    budget: in force; expected: to be spent by the end of the year; low: the rate of spending below which money is left
    over; misses: whether each of the targets that it was given for will not be reached.
    """
    rate = spent_rate(expected, budget)
    if rate is None or rate >= Fraction(low) or not any(misses):
        return None
    assert budget is not None and expected is not None
    return budget - expected
