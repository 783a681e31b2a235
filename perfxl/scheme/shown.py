"""Values of a scheme as a clerk sees them: in the scheme workbook, and where two schemes are compared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from perfxl.scheme.convert import NO, YES
from perfxl.scheme.raw_scheme import Column


def shown_value(column: Column, value: Any) -> str | Decimal | None:
    """A value as the workbook shows it: 是 or 否, words for codes, 顿号 between texts."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, tuple):
        return "、".join(value)
    if column.spec.words and value in column.spec.choices:
        return column.spec.words[column.spec.choices.index(value)]
    return value if isinstance(value, Decimal) or value is None else str(value)
