"""What the rules take of one department: its facts, what is worked out of them, and its KPI rows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from perfxl.decimals import ZERO, amount, decimal_of, half_up, percent, plain
from perfxl.rules.kpi_method import FactValue, KpiMethod, KpiRow
from perfxl.rules.quotient import MINUS, Quotient, plain_keys, unsigned


@dataclass(frozen=True)
class Inputs:
    """What one department wrote: facts by key (Decimal, 是/否 or text), and its KPI rows.

    labels: the Chinese label of each fact; money: keys of the facts and derived facts in 万元; percents: of the facts
    that are rates (1 = 100%). definitions: how derived facts are worked out. ordinals: which row of the
    workbook each KPI row is. memo: what rules work out of these inputs more than once.
    """

    facts: Mapping[str, FactValue]
    kpis: Sequence[KpiRow] = ()
    method: KpiMethod = field(default_factory=lambda: KpiMethod({}, {}))
    labels: Mapping[str, str] = field(default_factory=dict)
    money: frozenset[str] = frozenset()
    percents: frozenset[str] = frozenset()
    definitions: Mapping[str, Quotient] = field(default_factory=dict)
    ordinals: Sequence[int] = ()
    memo: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def label(self, key: str) -> str:
        """The Chinese label of a fact."""
        return self.labels.get(key, key)

    def number(self, key: str) -> Decimal | None:
        """A plain fact as a number, or None where it is missing; a percentage as a rate."""
        value = self.facts.get(key)
        return value if isinstance(value, Decimal) else None

    def fraction(self, key: str) -> Fraction | None:
        """A fact or derived fact exactly; None where it is missing or cannot be worked out."""
        definition = self.definitions.get(key)
        if definition is None:
            value = self.facts.get(key)
            return Fraction(value) if isinstance(value, Decimal) else None
        known = ("derived", key)
        if known not in self.memo:
            self.memo[known] = None if self.missing(definition.keys()) else definition.exact(self)
        found: Fraction | None = self.memo[known]
        return found

    def plain_keys(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The plain facts behind these keys."""
        if not self.definitions:
            return tuple(map(unsigned, keys))
        return plain_keys(keys, self.definitions)

    def missing(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The plain facts behind these keys that have no value."""
        # A minus stands before the keys of derived facts only.
        plain = self.plain_keys(keys) if self.definitions else keys
        return tuple([key for key in plain if self.facts.get(key) is None])

    def total(self, terms: Sequence[str]) -> Fraction | None:
        """The signed sum of facts, exactly; None where a derived one cannot be worked out.

        Call only where none is missing.
        """
        total = self.plain_total(terms)
        if total is not None:
            return Fraction(total)
        exact = Fraction(0)
        for term in terms:
            found = self.fraction(unsigned(term))
            if found is None:
                return None
            exact += -found if term.startswith(MINUS) else found
        return exact

    def plain_total(self, terms: Sequence[str]) -> Decimal | None:
        """The signed sum of plain facts, which have so few digits that it is exact; None where one is derived."""
        total, facts = ZERO, self.facts
        for term in terms:
            value = facts.get(term)
            if isinstance(value, Decimal):
                total += value
                continue
            value = facts.get(unsigned(term))
            if not isinstance(value, Decimal):
                return None
            total -= value
        return total

    def in_words(self, terms: Sequence[str]) -> str:
        """The sum of facts as a person writes it: money with two places at least, rates as percentages."""
        value = self.plain_total(terms)
        if value is None:
            total = self.total(terms)
            if total is None:
                return "无法计算"
            value = decimal_of(total)
        return self.shown(value, terms)

    def shown(self, value: Decimal, terms: Sequence[str]) -> str:
        """A number as a person writes it where it is of the kind of these facts: money, a rate, or any other."""
        keys = [unsigned(term) for term in terms]
        # What is worked out may have any number of places; what is typed is shown as it is.
        places = value if self.definitions.keys().isdisjoint(keys) else half_up(value, MICRO)
        if self.money.issuperset(keys):
            return amount(places)
        return as_percent(value) if all(map(self.is_rate, keys)) else plain(places)

    def is_rate(self, key: str) -> bool:
        """Whether a fact or derived fact is a rate (1 = 100%)."""
        definition = self.definitions.get(key)
        return key in self.percents if definition is None else definition.percent


MICRO = Decimal("0.000001")


def as_percent(rate: Decimal) -> str:
    """A rate in words: with two places at most, more only where it was given with more."""
    exact = rate * 100
    return plain(exact) + "%" if half_up(exact, MICRO) == exact else percent(rate)
