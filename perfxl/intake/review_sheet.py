"""审核意见 of a copy that was sent back mended: the findings on it, and what the department answered."""

from __future__ import annotations

from perfxl.layout.grid import MARK
from perfxl.submission.earlier import EarlierFinding
from perfxl.submission.values import as_written
from perfxl.text import is_blank, without_invisible
from perfxl.workbook.sheet_cells import Raw, Rows

FIRST = 1
"""The column of the first heading; the others follow."""
SEVERITY, SHEET, CELL, PROBLEM, ANSWER, KEY = 1, 2, 3, 4, 6, 7
"""Where the rest stands, counted from that column."""
LONGEST_ANSWER = 1_000
"""More than a person reads in a list."""
MOST_LINES = 5_000


def review_lines(rows: Rows) -> tuple[EarlierFinding, ...]:
    """The lines of the sheet that still have their hidden key, in their order."""
    found = []
    for row in rows[:MOST_LINES]:
        texts = [_text(cell) for cell in row[FIRST : FIRST + KEY + 1]]
        if len(texts) <= KEY or not texts[KEY].startswith(MARK):
            continue
        code, _, field = texts[KEY].removeprefix(MARK).partition("|")
        title, _, message = texts[PROBLEM].removeprefix(code).strip().partition("：")
        found.append(
            EarlierFinding(
                code, field, texts[SEVERITY], title, message, texts[SHEET], texts[CELL], texts[ANSWER][:LONGEST_ANSWER]
            )
        )
    return tuple(found)


def _text(cell: Raw) -> str:
    return "" if cell is None or is_blank(cell) else without_invisible(as_written(cell)).strip()
