"""Numbers as XML writes them."""

from __future__ import annotations

from decimal import Decimal

from perfxl.caches import cached

Number = float | Decimal


def zero_text(number: Number) -> str:
    """Zero, which may be a negative one."""
    return f"{float(number):.16G}"


# Scores and points come again and again. Zero is left out: it is equal to the negative one, and written differently.
@cached(maxsize=5000)
def number_text(number: Number) -> str:
    """A number as the cell of a number has it."""
    exact = float(number)
    if exact - exact != 0:
        raise ValueError(f"a cell cannot hold {number}")
    return f"{exact:.16G}"


@cached(maxsize=5000)
def result_text(number: Number) -> str:
    """A number as the value of a formula."""
    return str(float(number))
