"""How Excel writes cells and texts in formulas: `D7`, column letters and the row as a person counts it; `"text"`."""

from __future__ import annotations

import re

Position = tuple[int, int]
"""Row and column, counted from 0."""
LONGEST_TEXT = 255
"""Characters (UTF-16 units) that a text in a formula may have."""
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


def quoted_sheet(name: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + name.replace("'", "''") + "'"


def literal(text: str) -> str:
    """A text as it stands in a formula: quotes doubled, in pieces where it is longer than Excel takes (`"a"&"b"`)."""
    # A quote is written as two, and a character beyond U+FFFF counts as two.
    step = LONGEST_TEXT // 2 if '"' in text or max(text, default="") > "\uffff" else LONGEST_TEXT
    pieces = [text[start : start + step] for start in range(0, len(text), step)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
