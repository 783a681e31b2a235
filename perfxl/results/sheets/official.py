"""财政核定数 of a department's own workbook: what the bureau says beside what the department wrote."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from perfxl.results.cells import Cell, Page
from perfxl.results.context import Context
from perfxl.results.list_sheets import Column, Table
from perfxl.scoring.result import DepartmentResult, OfficialResult

OFFICIAL = "财政核定数"


def write_official(page: Page, context: Context, department: DepartmentResult) -> None:
    """Writes the sheet; only to be called where there is something to show."""
    table = Table(OFFICIAL, COLUMNS, department.official)
    differing = sum(item.differs for item in department.official)
    note = f"{department.title}　　共 {len(department.official)} 项，{differing} 项与填报不同；得分按核定数计算。"
    table.write([page], "财政核定数和填报数", note, heading_height=22)


def _number(text: str) -> Cell:
    """A number as a number, whatever else as text."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text


def _look(item: OfficialResult) -> str:
    return "box money" if item.unit == "万元" else "box points right wrap" if item.unit else "box center wrap"


COLUMNS: list[Column[OfficialResult]] = [
    Column("number", "序号", 6, "box center", lambda item, row: row - 3),
    Column("label", "事项", 34, "box text wrap", lambda item, _: item.label),
    Column("unit", "单位", 8, "box center wrap", lambda item, _: item.unit),
    Column("written", "填报数", 16, _look, lambda item, _: _number(item.written or "未填报")),
    Column("official", "核定数", 16, lambda item: f"{_look(item)} bold", lambda item, _: _number(item.official)),
    Column(
        "differs", "是否不同", 9, lambda item: "box center weak" if item.differs else "box center",
        lambda item, _: "不同" if item.differs else "",
    ),
    Column("source", "来源", 12, "box center wrap", lambda item, _: item.source),
    Column("basis", "依据", 32, "box text wrap small", lambda item, _: item.basis),
    Column("person", "核定人", 10, "box center wrap", lambda item, _: item.person),
    Column("day", "日期", 12, "box center", lambda item, _: item.day),
]  # fmt: skip
