"""Where things stand on the sheet of a department in a review workbook."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.references import column_letters
from perfxl.results.held import held_sentences
from perfxl.review_books.paper import Paper
from perfxl.review_books.source import Subject

REVIEW = "（复核）"
"""Stands behind the name of a department in the title of its sheet."""
TITLE, NOTE, HEAD_KEYS, HEAD, VALUES, MORE = range(6)
"""The rows above the table, from 0: of keys, headings and values for the department as a whole, and one more."""
AGREED_AT, PERSON_AT, DAY_AT = "explanation", "why", "basis"
"""The columns of the table above which these are filled in."""


class Grid:
    """The sheet of a department while it is written. Rows and columns count from 0.

    key: the department's in the keys of rows. col: the columns by their keys. rows: of the indicators by their codes.
    held: sentences on what holds its total or grade down.
    """

    def __init__(self, paper: Paper, subject: Subject, key: str) -> None:
        self.paper, self.subject, self.key = paper, subject, key
        self.columns = subject.columns
        self.col = {column.key: number for number, column in enumerate(self.columns, 1)}
        self.held = held_sentences(subject.scheme, subject.department)
        self.table_keys = MORE + 1 + len(self.held)
        self.head_row = self.table_keys + 1
        self.first = self.head_row + 1
        self.last = self.first + len(subject.indicators) - 1
        self.rows = {item.code: row for row, item in enumerate(subject.indicators, self.first)}

    def ref(self, key: str, row: int) -> str:
        """A cell in the column of that key, `K12`."""
        return f"{column_letters(self.col[key])}{row + 1}"

    def absolute(self, key: str, row: int) -> str:
        """The same, `$K$12`."""
        return f"${column_letters(self.col[key])}${row + 1}"

    def column(self, key: str) -> str:
        """A column over all indicators, as an absolute reference."""
        letter = column_letters(self.col[key])
        return f"${letter}${self.first + 1}:${letter}${self.last + 1}"

    def cells(self, key: str) -> Callable[[str], str]:
        """The cell of an indicator in the column of that key, by its code."""
        return lambda code: self.ref(key, self.rows[code])
