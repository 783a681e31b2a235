"""The amounts of one workbook, as they are compared with each other where 元 may have been typed for 万元."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Set
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import CENT, ZERO
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import VALUE, FieldId
from perfxl.monitoring.states import EXPECTED, EXPECTED_SPENT
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT, is_fund_key

LEAST = Decimal(1_000)
"""An amount in 元 is no smaller."""
_OF_TASKS = ("budget", EXPECTED_SPENT, "spent")
Row = Mapping[str, FieldId]
"""The amounts of a row of a table by their columns, in the order of these."""


class Amounts:
    """The amounts of one workbook, by field."""

    def __init__(self, tables: Tables, file: str) -> None:
        self.scheme, self.layout, self.submission = tables.scheme, tables.layout, tables.submissions[file]
        self.given: dict[FieldId, Decimal] = {}
        values = tables.values[file]
        self.facts = {fact.key: fact for fact in self.scheme.fact_by_key.values() if fact.type == "money"}
        tasks = [("tasks", key, name) for key in self.submission.rows("tasks") for name in _OF_TASKS]
        for name in (*(("facts", key, VALUE) for key in self.facts), *tasks):
            value = values.get(name)
            if isinstance(value, Decimal) and value:
                self.given[name] = value

        self.rows = [rows for rows in self._rows() if rows]

    def _rows(self) -> Iterator[list[Row]]:
        """The tables in which amounts stand beside each other: funds, facts in rows and columns, tasks."""
        # What is expected by the end of the year is compared as budgets are: much more than was spent so far.
        table, own = self.scheme.funds_table, (INITIAL, ADJUSTED, EXPECTED, SPENT)
        columns = [name for name in own if name in table.columns]
        yield [{name: ("facts", row.fact(name), VALUE) for name in columns} for row in table.rows]
        matrices: dict[tuple[str, str], dict[str, dict[str, FieldId]]] = {}
        for key, fact in self.facts.items():
            if fact.row_label and not is_fund_key(key):
                rows = matrices.setdefault((fact.sheet, fact.section), {})
                rows.setdefault(fact.row_label, {})[fact.column_label] = ("facts", key, VALUE)
        for rows in matrices.values():
            yield list(rows.values())
        yield [
            {name: ("tasks", key, name) for name in _OF_TASKS} for key in self.submission.rows("tasks")
        ]  # fmt: skip

    @cached_property
    def forbidden(self) -> Set[tuple[FieldId, FieldId]]:
        """Amounts that cannot be higher than others, which is an error of its own."""
        table = self.scheme.funds_table
        pairs = [(key, fact.part_of) for key, fact in self.facts.items() if fact.part_of in self.facts]
        if table.total is not None and table.has(ADJUSTED, SPENT):
            pairs.append((table.total.fact(SPENT), table.total.fact(ADJUSTED)))
        return {(("facts", one, VALUE), ("facts", other, VALUE)) for one, other in pairs}

    def families(self, table: str) -> list[list[FieldId]]:
        """The department's own amounts beside the funds, those together that hang on each other."""
        found: dict[Hashable, list[FieldId]] = {}
        for name in self.given:
            if name[0] == table and not is_fund_key(name[1]) and name not in self.submission.official:
                fact = self.facts.get(name[1])
                key: Hashable = name[1]
                if fact is not None:
                    key = (fact.sheet, fact.section, fact.row_label) if fact.row_label else fact.part_of or fact.key
                found.setdefault(key, []).append(name)
        return list(found.values())

    def fact(self, key: str) -> Decimal:
        """A fact's amount, 0 where it has none."""
        return self.given.get(("facts", key, VALUE), ZERO)

    def may_be_yuan(self, name: FieldId) -> bool:
        """Whether an amount could be one in 元, and is the department's own."""
        value = self.given.get(name, ZERO)
        return value >= LEAST and value == value.quantize(CENT) and name not in self.submission.official

    def high(self, large: FieldId, small: FieldId, bounds: tuple[int, int]) -> bool:
        """Whether an amount that may be in 元 is so many times its neighbour."""
        low, high = self.given.get(small, ZERO), self.given.get(large, ZERO)
        return low > 0 and bounds[0] * low <= high <= bounds[1] * low and self.may_be_yuan(large)

    @cached_property
    def whole(self) -> tuple[Decimal, Decimal]:
        """The smaller and the larger of the total's budget and spending; 0 where they aren't both there.

        A form that asks for one amount, such as that of targets, has it for both.
        """
        table = self.scheme.funds_table
        if table.total is None:
            return ZERO, ZERO
        asked = [name for name in (ADJUSTED, SPENT) if name in table.columns] or [INITIAL]
        given = sorted(self.fact(table.total.fact(name)) for name in asked)
        low, high = given[0], given[-1]
        return (low, high) if low > 0 and high < 100 * low else (ZERO, ZERO)

    @cached_property
    def steady(self) -> bool:
        """Whether the budget at the start does not contradict the whole money, unless one of the two is in 元."""
        table, (_, whole) = self.scheme.funds_table, self.whole
        if table.total is None or INITIAL not in table.columns or not whole:
            return True
        first = self.fact(table.total.fact(INITIAL))
        low, high = sorted((first, whole))
        return low == 0 or high < 100 * low or 3_000 * low <= high <= 30_000 * low

    def kind(self, name: FieldId) -> tuple[Hashable, str]:
        """The table or section in which an amount stands, and its column: who types 元 there does so more than once."""
        fact = self.facts.get(name[1]) if name[0] == "facts" else None
        return ((fact.sheet, fact.section), fact.column_label) if fact is not None else (name[0], name[2])

    def is_flow(self, name: FieldId) -> bool:
        """Whether an amount is certainly money of the year, and not the value of what the department has."""
        fact = self.facts.get(name[1]) if name[0] == "facts" else None
        return fact is None or bool(fact.row_label) or fact.sheet == self.scheme.evaluated.funds_sheet
