"""The geometry of a template sheet: blocks of rows under a row of column keys.

In the sheet, column A (hidden) holds the key of each row, and above each block a hidden row holds the keys of its
columns, with `@` and the block's key in column A. Below an open table, `@end` stands in column A. Rows and columns
count from 0, as XlsxWriter does; `Place.cell` is what a person sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from perfxl.layout.fields import FieldSpec
from perfxl.references import column_letters, quoted_sheet

KEY_COLUMN = 0
MARK = "@"
END_MARK = "@end"
Role = Literal["label", "input", "formula"]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a sheet."""

    sheet: str
    row: int
    col: int

    @property
    def cell(self) -> str:
        """`D7`."""
        return f"{column_letters(self.col)}{self.row + 1}"

    @property
    def ref(self) -> str:
        """`'收支情况'!$D$7`, usable in a formula on any sheet."""
        return f"{quoted_sheet(self.sheet)}!${column_letters(self.col)}${self.row + 1}"


@dataclass(frozen=True)
class Column:
    """A column of a block. labels and formulas are the writer's; inputs are what the department fills."""

    key: str
    label: str
    width: float
    role: Role
    col: int


@dataclass(frozen=True)
class Line:
    """A row of a block. labels: text by column key. specs: the field in each input column, by column key."""

    key: str
    row: int
    labels: Mapping[str, str]
    specs: Mapping[str, FieldSpec]


@dataclass(frozen=True)
class Block:
    """A table or form in a sheet.

    table: the table its fields belong to (`identity`, `facts`, `kpis`, `tasks`, `scores`). prefix: what stands before
    the row key in `FieldId` keys of this block. open: rows are filled one after the other and may be inserted.
    wide_to: last column over which a long text is merged, where wider than its own. facts: the key of the fact in a row
    and column, where the keys of row and column do not make it up.
    """

    key: str
    table: str
    sheet: str
    title: str
    title_row: int
    key_row: int
    head_row: int
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    open: bool = False
    wide_to: int | None = None
    facts: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def filled(self) -> bool:
        """Whether a department fills anything here; derived facts alone are only shown."""
        return self.open or any(line.specs for line in self.lines)

    @property
    def first_row(self) -> int:
        """Row of the first line."""
        return self.head_row + 1

    @property
    def last_row(self) -> int:
        """Row of the last line."""
        return self.head_row + len(self.lines)

    @property
    def next_row(self) -> int:
        """The first row below the block, where `@end` or a total stands."""
        return self.last_row + 1

    def column(self, key: str) -> Column:
        """The column of that key."""
        return self._column_by_key[key]

    @cached_property
    def _column_by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}

    def inputs(self) -> tuple[Column, ...]:
        """The columns that the department fills."""
        return tuple(column for column in self.columns if column.role == "input")

    def place(self, line: Line, key: str) -> Place:
        """The cell of a line in the column of that key."""
        return Place(self.sheet, line.row, self.column(key).col)

    def range_ref(self, key: str) -> str:
        """All cells of a column, as an absolute reference."""
        letters = column_letters(self.column(key).col)
        return f"{quoted_sheet(self.sheet)}!${letters}${self.first_row + 1}:${letters}${self.last_row + 1}"
