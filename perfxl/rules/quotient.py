"""Facts over facts: what a rule or a scheme calls a rate, as keys, as an exact number and as an Excel expression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, divide, plain

Lookup = Callable[[str], Decimal | None]
"""The number of a fact by its key, None where it is missing."""
Cell = Callable[[str], str]
"""The cell of a fact by its key, as an Excel reference."""


@dataclass(frozen=True)
class Quotient:
    """The sum of some facts over the sum of others, by their keys."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]

    def value(self, number: Lookup) -> Decimal | None:
        """The quotient (1 = 100%) to 60 digits, so that it compares with a bound as the exact one does.

        None where a fact is missing or the denominator is not above 0.
        """
        part, whole = _sum(number, self.numerator), _sum(number, self.denominator)
        return None if part is None or whole is None or whole <= 0 else divide(part, whole)

    def sums(self, cell: Cell) -> tuple[str, str]:
        """Both sums as Excel expressions."""
        return sum_of([cell(key) for key in self.numerator]), sum_of([cell(key) for key in self.denominator])

    def known_formula(self, cell: Cell, known: str, unknown: str) -> str:
        """An Excel expression where the quotient is known, another where it is not."""
        numbers = ",".join(f"ISNUMBER({cell(key)})" for key in (*self.numerator, *self.denominator))
        return f"IF(AND({numbers}),IF({self.sums(cell)[1]}>0,{known},{unknown}),{unknown})"

    def reaches_formula(self, bound: Decimal, cell: Cell) -> str:
        """Whether the quotient is at least a bound, as an Excel condition for where it is known."""
        part, whole = self.sums(cell)
        return f"ROUND({part}-{plain(bound)}*{whole},9)>=0"


def _sum(number: Lookup, keys: Sequence[str]) -> Decimal | None:
    known = [value for key in keys if (value := number(key)) is not None]
    return sum(known, ZERO) if len(known) == len(keys) else None


def sum_of(cells: Sequence[str]) -> str:
    """The sum of cells as an Excel expression, without the noise of binary floats."""
    return cells[0] if len(cells) == 1 else "ROUND(" + "+".join(cells) + ",6)"
