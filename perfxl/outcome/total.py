"""The total of the accepted scores, and the cap that a low spending rate puts on it."""

from __future__ import annotations

from decimal import Decimal

from perfxl.decimals import plain, two_places
from perfxl.rules.quotient import Cell
from perfxl.scheme.model import Scheme


def has_caps(scheme: Scheme) -> bool:
    """Whether the scheme caps totals."""
    return scheme.options.caps_on and bool(scheme.caps)


def capped(total: Decimal, rate: Decimal | None, scheme: Scheme) -> Decimal:
    """A total under the cap of a spending rate (1 = 100%, not rounded); as it is where the rate is unknown."""
    if rate is None or not has_caps(scheme):
        return total
    reached = [cap for cap in scheme.caps if rate >= cap.rate]
    return min(total, max(reached, key=lambda cap: cap.rate).cap) if reached else total


def capped_formula(total: str, scheme: Scheme, cell: Cell) -> str:
    """`capped` as an Excel expression over the cell of a total and those of the facts."""
    held, rate = total, scheme.spending_rate
    for cap in sorted(scheme.caps, key=lambda cap: cap.rate):
        held = f"IF({rate.reaches_formula(cap.rate, cell)},MIN({total},{plain(cap.cap)}),{held})"
    return f'IF(ISNUMBER({total}),{rate.known_formula(cell, held, total)},"")'


def held_formula(total: str, cap: Decimal | None) -> str:
    """A total as an Excel expression where the cap that holds it down is known, None where nothing does."""
    return total if cap is None else f"MIN({total},{two_places(cap)})"
