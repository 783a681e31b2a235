"""How Excel names cells: `D7`, column letters and the row as a person counts it."""

from __future__ import annotations

import re

Position = tuple[int, int]
"""Row and column, counted from 0."""
_A1 = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")


def column_letters(col: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def position(ref: bytes) -> Position | None:
    """`b"D7"` → (6, 3); None for what is no cell reference."""
    match = _A1.fullmatch(ref.strip())
    if match is None:
        return None
    col = 0
    for letter in match[1].upper():
        col = col * 26 + letter - 64
    return int(match[2]) - 1, col - 1
