"""Formulas that a sheet writes once for many cells: what each of these cells has for its own."""

from __future__ import annotations

import re

from perfxl.patterns import pattern_of
from perfxl.references import Position, column_letters, position
from perfxl.workbook.shared_texts import plain_text

Written = tuple[Position, str]
_FIRST = re.compile(rb'<c r="([A-Z]{1,2}\d+)"[^<>]*+><f([^<>]*+)(?<!/)>([^<]++)</f>')
_NUMBER = re.compile(rb' si="(\d{1,9})"')
_TEXT = pattern_of(r'"(?:[^"]|"")*+"')
_REF = pattern_of(
    r'"(?:[^"]|"")*+"|(?<![\w.$])(?P<fixed_col>\$?)(?P<col>[A-Za-z]{1,3})(?P<fixed_row>\$?)(?P<row>[1-9]\d{0,6}+)(?![\w.(!])'
)
_ROWS, _COLUMNS = 1_048_576, 16_384


def number_of(attributes: bytes) -> bytes | None:
    """The number of the shared formula that an element `<f>` with these attributes takes part in."""
    number = _NUMBER.search(attributes) if b' t="shared"' in attributes else None
    return number[1] if number else None


def written_once(rows: bytes) -> dict[bytes, Written]:
    """The shared formulas of a sheet by their numbers: the cell in which each is written, and its text there.

    Of two under one number none counts: which of them a cell means cannot be known.
    """
    found: dict[bytes, Written | None] = {}
    for ref, attributes, text in _FIRST.findall(rows):
        number, place = number_of(attributes), position(ref)
        if number is not None and place is not None and b' ref="' in attributes:
            found[number] = None if number in found else (place, plain_text(text.decode("utf-8", "replace")))
    return {number: written for number, written in found.items() if written is not None}


def moved(written: Written, place: Position) -> str:
    """A shared formula as it is in one of its cells; empty where that cannot be told.

    Programs differ in what they make of a reference to a sheet, which Excel never shares.
    """
    (row, col), text = written
    if "!" in _TEXT.sub("", text):
        return ""
    rows, cols = place[0] - row, place[1] - col
    out = False

    def shifted(match: re.Match[str]) -> str:
        nonlocal out
        at = position(f"{match['col']}{match['row']}".encode()) if match["col"] else None
        if at is None:
            return match[0]
        to_row = at[0] + (0 if match["fixed_row"] else rows)
        to_col = at[1] + (0 if match["fixed_col"] else cols)
        out = out or not (0 <= to_row < _ROWS and 0 <= to_col < _COLUMNS)
        return f"{match['fixed_col']}{column_letters(max(to_col, 0))}{match['fixed_row']}{to_row + 1}"

    formula = _REF.sub(shifted, text)
    return "" if out else formula
