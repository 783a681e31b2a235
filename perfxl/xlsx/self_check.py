"""A small workbook by both writers: where a part differs, the quick one is not to be trusted with this XlsxWriter."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from perfxl.xlsx.plain import PlainWorkbook
from perfxl.xlsx.quick.workbook import FastWorkbook

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SHEET = "图 1"  # of a name that all write in quotes
_HINTS = re.compile(r' spans="[^"]*"')  # how far a row reaches, which nobody needs


def differing_parts() -> list[str]:
    """The names of the parts in which the two workbooks differ."""
    quick, plain = _parts(FastWorkbook), _parts(PlainWorkbook)
    return [name for name in quick | plain if quick.get(name) != plain.get(name)]


def _parts(kind: Any) -> dict[str, str]:
    stream = BytesIO()
    workbook = kind(stream, {**_OPTIONS, "default_format_properties": {"font_name": "微软雅黑", "font_size": 10}})
    workbook.set_properties({"title": "自检", "created": datetime(2000, 1, 1)})
    plain, money = workbook.style(_look, "General"), workbook.style(_look, "#,##0.00_ ")
    # In a form both writers share the texts, so that the parts can be compared as they are.
    form, page = workbook.add_form("表"), workbook.add_page(_SHEET)
    form.set_column(0, 0, 30)
    for row in range(6):
        form.set_row(row, 55.5 + row)
    form.write_string(0, 0, "甲 & <乙>", plain)
    form.write_formula(1, 0, '=IF(1>2,"大","")', plain, "")
    form.merge_range(2, 0, 2, 3, "", money)
    form.data_validation(2, 0, 2, 0, {"validate": "list", "source": "=$A$1:$A$2"})
    form.write_blank(5, 0, None, plain)
    form.write_comment(5, 0, "批注", {"x_scale": 2})
    page.widths((30, 9))
    page.set_up_page(_set_up)
    for row in range(9):
        page.height(row, 40 + row)
        page.number(row, 1, row / 8, money)
    page.blank(0, 0, plain)
    page.formula(9, 1, "SUM(B1:B9)", money, 4.5)
    page.conditional_format("B1:B9", {"type": "data_bar", "bar_color": "#9DBBD9"})
    chart = workbook.new_chart(_SHEET, "bar", "self check", _set_up_chart)
    page.insert_chart(7, 1, chart, {"object_position": 1, "description": "图"})
    workbook.define_name("合计", f"='{_SHEET}'!$B$10")
    workbook.close()
    with ZipFile(stream) as parts:
        return {name: _HINTS.sub("", parts.read(name).decode("utf-8")) for name in parts.namelist()}


def _look(number_format: str) -> dict[str, Any]:
    return {"font_name": "微软雅黑", "font_size": 10, "num_format": number_format, "border": 1}


def _set_up(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _set_up_chart(chart: Any, sheet: str) -> None:
    chart.add_series({"values": [sheet, 0, 1, 8, 1]})
    chart.set_title({"name": "图"})
