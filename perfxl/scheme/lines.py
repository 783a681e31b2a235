"""A scheme's tables while they are being checked: converted values with their places, and the faults found.

A value that does not fit its column is a fault at once and then left out, so that the checks between tables
(`check_names`, `check_points`, `rule_settings`) speak only of what they can be sure of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from perfxl.errors import Fault
from perfxl.scheme.convert import UnfitError, convert, terms
from perfxl.scheme.raw_scheme import MALFORMED, TABLES, Column, RawScheme, RawTable, Row
from perfxl.text import is_blank

# A rule setting may be left blank where its kind says what blank means.
_MAY_BE_BLANK = {("settings", "value")}
# Columns of terms that may have a minus.
_SIGNED = {("derived", "numerator"), ("derived", "denominator")}


@dataclass(frozen=True)
class Line:
    """One record: its values by column key, without those that do not fit."""

    row: Row
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """The value, or None where it does not fit."""
        return self.values.get(name)

    def place(self, name: str) -> str:
        """Where the value stands."""
        return self.row.place_of(name)


class Draft:
    """All tables of a scheme as lines, and the faults so far."""

    def __init__(self, raw: RawScheme) -> None:
        self.raw = raw
        self.faults = list(raw.faults)
        self._lines = {
            table.key: [self._line(raw.tables[table.key], row) for row in raw.tables[table.key].rows]
            for table in TABLES
        }

    def fault(self, place: str, what: str, advice: str) -> None:
        """Add a fault."""
        self.faults.append(Fault(place, what, advice))

    def lines(self, key: str) -> list[Line]:
        """The lines of a table."""
        return self._lines[key]

    def record(self, key: str) -> Line:
        """The one line of a vertical table; without values where the table could not be read."""
        return next(iter(self._lines[key]), Line(Row("", {}), {}))

    def place(self, key: str) -> str:
        """Where a table begins."""
        return self.raw.tables[key].place

    def label(self, key: str, name: str) -> str:
        """A column as the person who edits the file knows it."""
        return self.raw.label(key, name)

    def sure(self, key: str, *names: str) -> bool:
        """Whether every line of the table has the values, so that what is not there is really missing."""
        return self.raw.tables[key].whole and all(name in line.values for line in self.lines(key) for name in names)

    def valued(self, key: str, *names: str) -> Iterator[Line]:
        """The lines of a table that have all the values."""
        return (line for line in self.lines(key) if all(name in line.values for name in names))

    def _line(self, raw: RawTable, row: Row) -> Line:
        values: dict[str, Any] = {}
        for column in raw.table.columns:
            cell = row.cells.get(column.name)
            if (cell is None and not raw.whole) or (cell is not None and cell.value is MALFORMED):
                continue
            if cell is None or is_blank(cell.value):
                if not column.required:
                    values[column.name] = column.default
                elif (raw.table.key, column.name) in _MAY_BE_BLANK:
                    values[column.name] = ""
                else:
                    self._blank(raw.table.key, column, row)
                continue
            try:
                value = convert(column.spec, cell.value)
                values[column.name] = terms(value) if (raw.table.key, column.name) in _SIGNED else value
            except UnfitError as error:
                self.fault(cell.place, f"{self.label(raw.table.key, column.name)}：{error.what}", error.advice)
        return Line(row, values)

    def _blank(self, key: str, column: Column, row: Row) -> None:
        advice = f"请填写：{column.spec.note}"
        self.fault(row.place_of(column.name), f"没有填写{self.label(key, column.name)}", advice)
