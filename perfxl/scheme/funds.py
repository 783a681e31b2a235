"""The funds table (收支表) of a scheme: its rows and columns, and the keys of its facts, put together nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from perfxl.rules.quotient import Quotient
from perfxl.scheme.columns import column

INITIAL, ADJUSTED, SPENT = "initial", "adjusted", "spent"
"""Keys of the columns that have a meaning: the budget at the start, the one in force, what was spent."""
STANDARD_COLUMNS = {INITIAL: "年初预算数", ADJUSTED: "调整预算数", SPENT: "支出数"}
"""Headings by column key where a scheme names no columns of its own."""
TOTAL, PART = "合计", "分项"
COLUMN_SOURCES = ("部门", "财政")
"""Who says what stands in a column: the department, or the bureau."""
PREFIX = "funds."
"""Facts whose keys begin so belong to the funds table, and no other fact's key may."""


def fund_key(row: str, column: str) -> str:
    """The key of the fact in a row and column of the funds table, `funds.total.spent`."""
    return f"{PREFIX}{row}.{column}"


def is_fund_key(key: str) -> bool:
    """Whether a fact belongs to the funds table."""
    return key.startswith(PREFIX)


def fund_cell(key: str) -> tuple[str, str] | None:
    """Row and column of a fact of the funds table, None where the fact is no such one."""
    if not is_fund_key(key):
        return None
    row, _, name = key.removeprefix(PREFIX).partition(".")
    return row, name


@dataclass(frozen=True)
class FundsRow:
    """A row of the funds table. The total row is the sum of the parts."""

    key: str = column("键", "text", "英文代码，例如 total")
    label: str = column("名称", "text", "例如 合计、基本支出", width=18)
    role: str = column("性质", "choice", "合计 或 分项", choices=(TOTAL, PART))
    initial_required: bool = column("年初数必填", "yes_no", "否 = 年初预算数可以留空", default=True)
    bureau: tuple[str, ...] = column(
        "由财政提供的列",
        "texts",
        "本行哪些列由财政部门核定，不用部门填：列的键（initial、adjusted、spent 等），用顿号分开",
        width=24,
        default=(),
        added=True,
    )

    @property
    def is_total(self) -> bool:
        """Whether it is the total of the parts."""
        return self.role == TOTAL

    @property
    def line(self) -> str:
        """The key of the row in the template, `funds.total`."""
        return f"{PREFIX}{self.key}"

    def fact(self, column: str) -> str:
        """The key of the fact in a column, `funds.total.spent`."""
        return fund_key(self.key, column)

    def requires(self, column: str) -> bool:
        """Whether a column must be filled here."""
        return self.initial_required or column != INITIAL

    @property
    def rate(self) -> Quotient:
        """What was spent of the adjusted budget."""
        return Quotient((self.fact(SPENT),), (self.fact(ADJUSTED),))


@dataclass(frozen=True)
class FundsColumn:
    """A column of the funds table. Columns of other keys than the three with a meaning are only shown."""

    key: str = column("键", "text", "initial 年初预算、adjusted 全年（调整）预算、spent 支出，或自己起的代码", width=16)
    label: str = column("名称", "text", "例如 年初预算数、全年执行数", width=18)
    source: str = column(
        "来源",
        "choice",
        "财政 = 整列由财政部门核定，不用部门填",
        choices=COLUMN_SOURCES,
        default=COLUMN_SOURCES[0],
        added=True,
    )


@dataclass(frozen=True)
class FundsTable:
    """Rows and columns of the funds table. A scheme that holds has no rows, or one total and a part at least.

    columns: headings by column key, in the order of the template.
    """

    rows: tuple[FundsRow, ...]
    columns: Mapping[str, str] = field(default_factory=lambda: dict(STANDARD_COLUMNS))

    def __bool__(self) -> bool:
        """Whether the scheme has a funds table."""
        return bool(self.rows)

    @cached_property
    def total(self) -> FundsRow | None:
        """The total row, None where there is no funds table."""
        return next((row for row in self.rows if row.is_total), None)

    @cached_property
    def parts(self) -> tuple[FundsRow, ...]:
        """The rows that add up to the total."""
        return tuple(row for row in self.rows if not row.is_total)

    def has(self, *columns: str) -> bool:
        """Whether the table has rows and all of these columns."""
        return bool(self.rows) and all(name in self.columns for name in columns)

    def total_first(self) -> Iterator[FundsRow]:
        """The total, then the parts."""
        if self.total is not None:
            yield self.total
        yield from self.parts
