"""Facts over facts: what a rule or a scheme calls a rate, as keys, as an exact number and as an Excel expression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, divide

Lookup = Callable[[str], Decimal | None]
"""The number of a fact by its key, None where it is missing."""


@dataclass(frozen=True)
class Quotient:
    """The sum of some facts over the sum of others, by their keys."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]

    def amounts(self, number: Lookup) -> tuple[Decimal, Decimal] | None:
        """Both sums, None where a fact is missing or there is nothing to divide by."""
        part, whole = _sum(number, self.numerator), _sum(number, self.denominator)
        return None if part is None or whole is None or whole <= 0 else (part, whole)

    def value(self, number: Lookup) -> Decimal | None:
        """The quotient (1 = 100%) to 60 digits, None as in `amounts`."""
        amounts = self.amounts(number)
        return None if amounts is None else divide(*amounts)


def _sum(number: Lookup, keys: Sequence[str]) -> Decimal | None:
    known = [value for key in keys if (value := number(key)) is not None]
    return sum(known, ZERO) if len(known) == len(keys) else None
