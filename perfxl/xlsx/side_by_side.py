"""Cells and areas one after the other: for sheets without a way to write several at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any


def write_one_by_one(sheet: Any, row: int, column: int, values: Sequence[Any], styles: Sequence[Any]) -> list[int]:
    """Writes texts, exact numbers and empty cells (None, empty text); the columns of all others, which are left."""
    others = []
    for place, (value, style) in enumerate(zip(values, styles, strict=True), column):
        kind = type(value)
        if kind is str and value:
            sheet.text(row, place, value, style)
        elif value is None or kind is str:
            sheet.blank(row, place, style)
        elif kind is Decimal:
            sheet.number(row, place, value, style)
        else:
            others.append(place)
    return others


def several_areas(sheet: Any, areas: Sequence[tuple[int, int, int, int]]) -> str:
    """What is printed of an XlsxWriter sheet, as its workbook names it."""
    refs = []
    for area in areas:
        sheet.print_area(*area)
        refs.append(sheet.print_area_range)
    return ",".join(refs)
