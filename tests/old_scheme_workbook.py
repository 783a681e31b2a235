"""The scheme workbook of the version before (format 1), cell by cell: the rules' settings on a sheet of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from perfxl.rules import rule_kinds
from perfxl.scheme.model import Scheme
from perfxl.scheme.raw_scheme import TABLES, Table, scheme_rows
from perfxl.scheme.shown import shown_value

Book = dict[str, list[list[Any]]]


def old_workbook(scheme: Scheme) -> Book:
    """Its cells by sheet: a note, the headings, the rows."""
    book: Book = {"说明": [["评分方案"]]}
    for table in TABLES:
        rows = [_shown(scheme, table, row) for row in scheme_rows(scheme, table)]
        if table.vertical:
            lines = [[column.spec.heading, rows[0][column.name], column.spec.note] for column in table.columns]
            book[table.sheet] = [[table.note, "", ""], ["项目", "内容", "说明"], *lines]
            continue
        width = len(table.columns) + (table.key == "settings")
        headings: list[Any] = [column.spec.heading for column in table.columns]
        listed = [[row[column.name] for column in table.columns] for row in rows]
        if table.key == "settings":
            headings.append("说明（自动）")
            listed = [[*row, "自动显示的名称"] for row in listed]
        book[table.sheet] = [[table.note] + [""] * (width - 1), headings, *listed]
        if table.key == "settings":
            book["规则说明"] = [["供查阅"]]
    return book


def _shown(scheme: Scheme, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    shown = {column.name: shown_value(column, row[column.name]) for column in table.columns}
    if table.key == "indicators":
        shown["kind"] = rule_kinds()[row["kind"]].title
    elif table.key == "settings":
        shown["setting"] = scheme.indicator_by_code[row["indicator"]].rule.settings()[row["setting"]].label
    elif table.key == "caps" and row["value"] not in ("是", "否"):
        shown["value"] = Decimal(row["value"])
    return {
        name: float(value) if isinstance(value, Decimal) else "" if value is None else value
        for name, value in shown.items()
    }
