"""Percentages in the words of a rule, so that a sentence never contradicts the score that it explains."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from perfxl.decimals import half_up, percent, plain


def full_percent(bound: Decimal) -> str:
    """A bound of the scheme with all its places (`0.125` → `12.5%`, `0.6` → `60%`)."""
    return plain(bound * 100) + "%"


def percent_beside(rate: Decimal, bounds: Iterable[Decimal], *, exactly: bool = False) -> str:
    """A rate with two places, or as many more as keep it on its own side of every bound (`89.9999%` below 90%).

    exactly: whether it must not be shown as a bound either that it is above (`10.0001%` where 10% is allowed).
    """
    known = tuple(bounds)

    def side(number: Decimal, bound: Decimal) -> int:
        return (number >= bound) + (number > bound if exactly else 0)

    for places in range(2, 12):
        shown = half_up(rate, Decimal(1).scaleb(-places - 2))
        if all(side(shown, bound) == side(rate, bound) for bound in known):
            return percent(rate, places)
    return full_percent(rate)
