"""Cells side by side, written one by one: for sheets without a quicker way."""

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
