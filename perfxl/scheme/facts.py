"""The facts of a scheme: those of its funds table, its plain and its derived ones, and which indicators need them.

Rates are numbers (0.1 = 10%), money is in 万元.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import amount, plain
from perfxl.rules.quotient import Quotient, plain_keys
from perfxl.scheme.contents import SchemeContents
from perfxl.scheme.funds import ADJUSTED, SPENT, STANDARD_COLUMNS, FundsTable
from perfxl.scheme.records import BY_BUREAU, BY_DEPARTMENT, LAST_YEAR_RECTIFIED, UNITS, Derived, Fact, Indicator


class SchemeFacts(SchemeContents):
    """A scheme as far as its facts tell of it."""

    @cached_property
    def funds_table(self) -> FundsTable:
        """The funds table: its rows, its columns and the keys of their facts. False where there is none."""
        columns = {column.key: column.label for column in self.fund_columns}
        return FundsTable(self.funds, columns or STANDARD_COLUMNS)

    @cached_property
    def spending_rate(self) -> Quotient | None:
        """The 支出率: the derived fact that the scheme names, else what the total row spent of its adjusted budget.

        None where there is neither.
        """
        if self.evaluated.spending_rate:
            return self.definitions.get(self.evaluated.spending_rate)
        return self.funds_table.total.rate if self.funds_table.total and self.funds_table.has(ADJUSTED, SPENT) else None

    @cached_property
    def rectified(self) -> Fact | None:
        """The fact in which a department claims that last year's findings are rectified, None where there is none."""
        key = self.evaluated.rectified or LAST_YEAR_RECTIFIED
        return next((fact for fact in self.facts if fact.key == key and fact.type == "yes_no"), None)

    @cached_property
    def spending_indicator(self) -> Indicator | None:
        """The indicator that scores the spending rate, None where the scheme has none."""
        spending, named = self.spending_rate, self.evaluated.spending_rate
        if spending is None:
            return None
        for item in self.indicators:
            rate = item.rule.quotient
            if rate is None:
                continue
            if rate.numerator == (named,) or (rate.numerator, rate.denominator) == (
                spending.numerator,
                spending.denominator,
            ):
                return item
        return None

    @cached_property
    def fund_facts(self) -> tuple[Fact, ...]:
        """The funds table as facts: `funds.total.initial` and so on, in 万元."""
        whole = {column.key for column in self.fund_columns if column.source == BY_BUREAU}
        return tuple(
            Fact(
                key=row.fact(name),
                label=f"{row.label}{heading}",
                type="money",
                sheet=self.evaluated.funds_sheet,
                section=self.evaluated.funds_title,
                required=row.requires(name),
                row_label=row.label,
                column_label=heading,
                source=BY_BUREAU if name in row.bureau or name in whole else BY_DEPARTMENT,
            )
            for row in self.funds
            for name, heading in self.funds_table.columns.items()
        )

    @cached_property
    def fact_by_key(self) -> Mapping[str, Fact]:
        """All plain facts, those of the funds table included, by key."""
        return {fact.key: fact for fact in (*self.fund_facts, *self.facts)}

    @cached_property
    def derived_by_key(self) -> Mapping[str, Derived]:
        """The derived facts by key."""
        return {item.key: item for item in self.derived}

    @cached_property
    def definitions(self) -> Mapping[str, Quotient]:
        """How each derived fact is worked out, by key."""
        return {item.key: item.quotient for item in self.derived}

    @cached_property
    def fact_labels(self) -> Mapping[str, str]:
        """The label of every fact and derived fact by key."""
        plain = {key: fact.label for key, fact in self.fact_by_key.items()}
        return plain | {item.key: item.label for item in self.derived}

    @cached_property
    def money_facts(self) -> frozenset[str]:
        """Keys of the facts in 万元."""
        return frozenset(key for key, fact in self.fact_by_key.items() if fact.type == "money")

    @cached_property
    def amounts(self) -> frozenset[str]:
        """Keys of the facts and derived facts in 万元, which sentences and tables show as money."""
        return self.money_facts | {item.key for item in self.derived if item.shown_unit == UNITS["money"]}

    def in_words(self, key: str, value: Decimal | str) -> str:
        """What a fact or derived fact is, as sentences have it; of any other field, a number without more places."""
        if isinstance(value, str):
            return value
        return amount(value) if key in self.amounts else plain(value)

    @cached_property
    def percent_facts(self) -> frozenset[str]:
        """Keys of the facts that are typed in percentage points and count as rates."""
        return frozenset(key for key, fact in self.fact_by_key.items() if fact.type == "percent")

    def unit_of(self, key: str) -> str:
        """The unit that stands beside a fact or derived fact."""
        derived = self.derived_by_key.get(key)
        return self.fact_by_key[key].shown_unit if derived is None else derived.shown_unit

    def plain_facts(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The plain facts behind facts and derived facts."""
        return plain_keys(keys, self.definitions)

    @cached_property
    def facts_of(self) -> Mapping[str, tuple[str, ...]]:
        """The plain facts that the rule of each indicator needs, be it through derived ones, by its code."""
        return {item.code: self.plain_facts(item.rule.facts()) for item in self.indicators}

    @cached_property
    def _users(self) -> Mapping[str, tuple[Indicator, ...]]:
        users: dict[str, tuple[Indicator, ...]] = {}
        for item in self.indicators:
            for key in self.facts_of[item.code]:
                users[key] = (*users.get(key, ()), item)
        return users

    def users_of(self, key: str) -> tuple[Indicator, ...]:
        """The indicators whose rules need a plain fact, be it through derived ones."""
        return self._users.get(key, ())

    @cached_property
    def always_asked(self) -> frozenset[str]:
        """The plain facts that are asked though no indicator that uses them applies: those of the funds table, of the
        spending rate and of caps and vetoes, out of which nobody gets by calling an indicator 不适用.
        """
        rate = self.spending_rate.keys() if self.spending_rate is not None else ()
        limited = [cap.fact for cap in self.limits if cap.fact]
        return frozenset((*(fact.key for fact in self.fund_facts), *self.plain_facts((*rate, *limited))))

    def zero_whole(self, indicator: Indicator) -> tuple[str, ...]:
        """The facts whose sum of 0 leaves an indicator nothing to compute and gives no points."""
        rule = indicator.rule
        if rule.full_at_zero or rule.quotient is None:
            return ()
        definition = self.definitions.get(rule.quotient.numerator[0]) if not rule.quotient.denominator else None
        return rule.zero_whole if definition is None else definition.denominator

    @cached_property
    def fact_sheets(self) -> tuple[str, ...]:
        """The sheets of the template that hold facts, in the order in which the scheme names them."""
        facts: tuple[Fact | Derived, ...] = (*self.fund_facts, *self.facts, *self.derived)
        return tuple(dict.fromkeys(item.sheet for item in facts))

    @cached_property
    def info_facts(self) -> tuple[Fact | Derived, ...]:
        """What results show beside the scores: facts that no rule uses, texts, and derived facts."""
        parts = {fact.part_of for fact in self.facts}
        shown = (fact for fact in self.facts if not self.users_of(fact.key) and fact.key not in parts)
        return (*shown, *self.derived)
