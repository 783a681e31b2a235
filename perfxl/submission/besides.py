"""What a workbook holds beside the fields of the template: sheets of its own, comments, texts beside the tables."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from perfxl.layout.grid import MARK

COMMENT, BOX, BESIDE, ASIDE, OVER = "批注", "文本框", "表外文字", "表中附加行", "改写公式"
"""The kinds of notes: on a cell, in a shape above the cells, beside or below a table, a row within an open table that
is none of it, in the place of a formula of the template."""

NOTE_KEY = f"{MARK}note"
"""In the hidden column of a line that lists a note, by which it is known when the copy comes back."""
KEY, NUMBER, SHEET, CELL, KIND, TEXT = range(6)
"""The columns of such a line."""


class Note(NamedTuple):
    """A text that a department put beside the fields. cell: where it stands in its workbook, `H12`.

    spot: the row and column of that place in the template, counted from 0, as far as rows were inserted above it; None
    of what the template itself never has.
    """

    sheet: str
    cell: str
    kind: str
    text: str
    spot: tuple[int, int] | None = None


class OwnSheet(NamedTuple):
    """A sheet that a department added. cells: row and column from 0, and what is seen there; never a formula."""

    title: str
    cells: tuple[tuple[int, int, Decimal | str], ...]


class Besides(NamedTuple):
    """All of it. left_out: in words, what is not among it, being too much or hidden."""

    notes: tuple[Note, ...] = ()
    sheets: tuple[OwnSheet, ...] = ()
    left_out: tuple[str, ...] = ()
