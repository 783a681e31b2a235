"""Statistics over a batch in exact decimals, defined as Excel's functions of the same name define them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

from perfxl.decimals import ZERO, divide

_PRECISE = Context(prec=60)


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """AVERAGE, not rounded; None of nothing."""
    return divide(sum(values, ZERO), Decimal(len(values))) if values else None


def median(values: Sequence[Decimal]) -> Decimal | None:
    """MEDIAN; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def deviation(values: Sequence[Decimal]) -> Decimal | None:
    """STDEVP: the standard deviation of the whole population; None of nothing."""
    middle = mean(values)
    if middle is None:
        return None
    squares = sum(((value - middle) ** 2 for value in values), ZERO)
    return _PRECISE.sqrt(divide(squares, Decimal(len(values))))


def rate(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part ÷ whole, not rounded; None where either is missing or the whole is 0."""
    if part is None or not whole:
        return None
    return divide(part, whole)
