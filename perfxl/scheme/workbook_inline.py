"""The settings of rules that stand on the lines of the indicators (format 2 of the scheme workbook)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from perfxl.errors import Fault
from perfxl.rules import Rule
from perfxl.scheme.raw_scheme import Cell, RawTable, Row
from perfxl.scheme.rule_settings import rule_kind
from perfxl.scheme.workbook_layout import (
    ITEM,
    ITEM_POINTS,
    content_heading,
    listed_setting,
    most_parameters,
    parameters,
)
from perfxl.text import is_blank


def is_inline(table: RawTable) -> bool:
    """Whether the sheet has the columns of the settings."""
    return any(ITEM in row.cells or content_heading(1) in row.cells for row in table.rows)


def without_inline(table: RawTable) -> RawTable:
    """The indicators alone: without the cells of settings, and without the lines on which settings go on."""
    names = table.table.by_name
    rows = [replace(row, cells={name: cell for name, cell in row.cells.items() if name in names}) for row in table.rows]
    return replace(table, rows=tuple(row for row in rows if _is_own(row)))


def _is_own(row: Row) -> bool:
    return any(not is_blank(cell.value) for cell in row.cells.values())


def inline_settings(table: RawTable) -> tuple[list[Row], list[Fault]]:
    """The rows of the settings table that the lines of the indicators come to, with their places."""
    reader = _Reader()
    names = table.table.by_name
    for row in table.rows:
        own = {name: cell for name, cell in row.cells.items() if name in names}
        if _is_own(Row(row.place, own)):
            reader.begin(row)
        reader.read(row)
    return reader.rows, reader.faults


@dataclass
class _Reader:
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    begun: bool = False
    code: Cell | None = None
    rule: type[Rule] | None = None

    def begin(self, row: Row) -> None:
        """The line of an indicator: what follows belongs to it."""
        code, kind = row.cells.get("code"), row.cells.get("kind")
        self.begun = True
        self.code = code if code is not None and not is_blank(code.value) else None
        self.rule = rule_kind(str(kind.value)) if kind is not None and not is_blank(kind.value) else None

    def read(self, row: Row) -> None:
        """The settings of a line."""
        filled = [
            (number, cell)
            for number in range(1, most_parameters() + 1)
            if (cell := row.cells.get(content_heading(number))) is not None and not is_blank(cell.value)
        ]
        listed = [row.cells.get(ITEM), row.cells.get(ITEM_POINTS)]
        has_listed = any(cell is not None and not is_blank(cell.value) for cell in listed)
        if not self.begun and (filled or has_listed):
            what = "这一行的参数不属于任何指标"
            self.faults.append(Fault(row.place, what, "请移到指标所在行或它的下面，或删去"))
        # A blank code and an unknown kind are told as what they are.
        if self.code is None or self.rule is None:
            return
        names = parameters(self.rule)
        for number, cell in filled:
            if number <= len(names):
                self.add(row, names[number - 1], cell, None)
            else:
                allowed = f"只有 {len(names)} 个参数" if names else "没有参数"
                what = f"指标 {self.code.value} 的规则：“{self.rule.title}”{allowed}，这一格用不上"
                self.faults.append(Fault(cell.place, what, "请删去；参数的名称见左边一格，或“规则说明”表"))
        if has_listed:
            self.listed(row, *listed)

    def listed(self, row: Row, item: Cell | None, points: Cell | None) -> None:
        """What has points of its own."""
        assert self.rule is not None and self.code is not None
        name = listed_setting(self.rule)
        if name is None:
            what = f"指标 {self.code.value} 的规则：“{self.rule.title}”没有明细"
            place = next(cell.place for cell in (item, points) if cell is not None and not is_blank(cell.value))
            self.faults.append(Fault(place, what, "请删去明细内容和明细分值，或换规则类型"))
        elif item is not None:
            self.add(row, name, item, points)

    def add(self, row: Row, name: str, value: Cell, points: Cell | None) -> None:
        """A row of the settings table."""
        assert self.code is not None
        cells = {"indicator": self.code, "setting": Cell(name, value.place), "value": value}
        if points is not None and not is_blank(points.value):
            cells["points"] = points
        elif points is not None:
            cells["points"] = Cell(None, points.place)
        self.rows.append(Row(value.place, cells))


def numbered(rule: type[Rule]) -> Iterator[tuple[int, str]]:
    """The parameters of a rule kind with the numbers of their columns."""
    return ((number, name) for number, name in enumerate(parameters(rule), 1))
