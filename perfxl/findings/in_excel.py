"""How conditions are written in Excel: what each asks of a cell, and the same computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Cell = Callable[[str], str]
"""The Excel reference of a field by its name; a number may stand for a field that every row has the same."""
Value = Callable[[str], Any]
"""What a field of one row holds: a Decimal, a text or None."""


def blank(where: str) -> str:
    """An Excel condition: nothing visible stands in the cell."""
    return f"LEN(TRIM({where}))=0"


def is_blank(value: object) -> bool:
    """`blank`, computed."""
    return value is None or (isinstance(value, str) and not value.strip(" "))


def any_of(where: str, texts: Sequence[str]) -> str:
    """An Excel condition: a cell holds one of some texts."""
    tests = [f'{where}="{text}"' for text in texts]
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def where_numbers(cells: Sequence[str], condition: str) -> str:
    """An Excel condition that is asked only where all cells hold numbers, so that it can calculate with them."""
    return f"IF(COUNT({','.join(cells)})={len(cells)},{condition},FALSE)"
