"""Whether a review workbook that stands there already may be written over: only where nothing was filled in."""

from __future__ import annotations

from pathlib import Path

from perfxl.errors import UsageError
from perfxl.files import read_regular
from perfxl.layout.list_marks import LIST_SHEET, Kind, mark_in
from perfxl.processes import LostError, call
from perfxl.review.layout import AGREED, DAY, END, HEAD_BLOCK, INPUTS, TABLE_BLOCK
from perfxl.text import is_blank
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.rows import Grid, read_rows


def may_be_replaced(path: Path) -> bool:
    """Whether it is a review workbook in which no cell is filled; what cannot be read is left as it is."""
    try:
        return call(_is_blank_review, path)
    except (LostError, UsageError, OSError):
        return False


def _is_blank_review(path: Path) -> bool:
    """Done in a process that may be lost."""
    limits = Limits()
    try:
        sheets = read_rows(read_regular(path, limits.file_bytes + 1), limits)
    except (OSError, RefusalError):
        return False
    mark = mark_in(sheets.get(LIST_SHEET, []))
    return mark is not None and mark.kind is Kind.REVIEW and not any(map(_is_filled, sheets.values()))


def _is_filled(rows: Grid) -> bool:
    """Whether any cell to fill has contents; the reviewer's name is there from the beginning."""
    wanted: list[int] = []
    headings = -1
    for number, row in enumerate(rows):
        key = row[0] if row else None
        if key in (HEAD_BLOCK, TABLE_BLOCK):
            names = (DAY, AGREED) if key == HEAD_BLOCK else INPUTS
            wanted, headings = [col for col, name in enumerate(row) if name in names], number + 1
        elif key == END:
            wanted = []
        elif number != headings and any(not is_blank(row[col]) for col in wanted):
            # In a row without its key too: who lost that has filled in something all the same.
            return True
    return False
