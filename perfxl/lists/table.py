"""A list that a clerk keeps in Excel: a row of headings, found by their text, then one row an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.errors import Fault, ListError, UsageError, system_words
from perfxl.files import read_regular
from perfxl.lists.columns import Heading
from perfxl.processes import told_of
from perfxl.references import column_letters
from perfxl.submission.numbers import date_in
from perfxl.submission.values import as_written
from perfxl.text import fold, without_invisible
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.rows import Grid, read_rows
from perfxl.workbook.sheet_cells import Raw

__all__ = ["Entry", "Heading", "read_list", "write_list"]

BLANK_ROWS = 300
HEADING_ROWS = 10
"""Headings are looked for in the first rows: a title may stand above them."""


@dataclass(frozen=True)
class Entry:
    """One row of a list: texts by key, empty where blank, and the row as a person counts it. cells: places by key."""

    row: int
    values: dict[str, str]
    cells: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.values[key]


def read_list(path: Path, headings: Sequence[Heading], sheet: str | None = None) -> list[Entry] | None:
    """The entries of a list; None where the workbook has no such sheet. sheet: None for the first one.

    Raises UsageError where the file cannot be read, ListError with all its faults where it does not hold.
    """
    rows, title = told_of(path, _rows, path, sheet)
    if rows is None:
        return None
    columns, first = _columns(rows, headings)
    missing = [heading.text for heading in headings if heading.required and heading.key not in columns]
    if missing:
        place = f"工作表“{title}”"
        words = "、".join(missing)
        raise ListError(path.name, [Fault(place, f"缺少标题“{words}”", "请在前几行中写一行标题，一列一个")])
    entries: list[Entry] = []
    faults: list[Fault] = []
    for number in range(first, len(rows)):
        values = {heading.key: _text(rows[number], columns.get(heading.key)) for heading in headings}
        if not any(values.values()):
            continue
        cells = {key: f"工作表“{title}”单元格 {column_letters(at)}{number + 1}" for key, at in columns.items()}
        faults += [
            Fault(cells[heading.key], f"“{heading.text}”没有填写", "请填写，或删去整行")
            for heading in headings
            if heading.required and not values[heading.key]
        ]
        entries.append(Entry(number + 1, values, cells))
    if faults:
        raise ListError(path.name, faults)
    return entries


def _rows(path: Path, sheet: str | None) -> tuple[Grid | None, str]:
    """The rows of a sheet and its name. Done in a process that may be lost."""
    limits = Limits()
    try:
        sheets = read_rows(read_regular(path, limits.file_bytes + 1), limits)
    except OSError as error:
        raise UsageError(f"“{path}”打不开（{system_words(error)}）。请检查路径，并关闭正打开它的程序") from error
    except RefusalError as error:
        raise UsageError(f"“{path}”不能用：{error.what}。请用 Excel 另存为 .xlsx") from error
    title = next((name for name in sheets if sheet is None or fold(name) == sheet), None)
    return (None, "") if title is None else (sheets[title], title)


def _columns(rows: Grid, headings: Sequence[Heading]) -> tuple[dict[str, int], int]:
    """Column numbers by key from the row with most headings, and the row below it."""
    best: dict[str, int] = {}
    first = 0
    for number, row in enumerate(rows[:HEADING_ROWS]):
        texts = {fold(_text(row, col)): col for col in reversed(range(len(row)))}
        found = {
            heading.key: texts[text]
            for heading in headings
            for text in (*heading.others, heading.usual, heading.text)
            if text and text in texts
        }
        if len(found) > len(best):
            best, first = found, number + 1
    return best, first


def _text(row: Sequence[Raw], col: int | None) -> str:
    if col is None or col >= len(row):
        return ""
    day = None if isinstance(row[col], str) else date_in(row[col])
    return day.isoformat() if day else without_invisible(as_written(row[col]))


def write_list(path: Path, title: str, headings: Sequence[Heading], note: str) -> None:
    """A blank list for a clerk to fill: a note, the headings, and rows in text format. Raises OSError."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(
        str(path),
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = workbook.add_worksheet(title)
    font = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
    sheet.write_string(0, 0, note, workbook.add_format({**font, "font_color": "#595959"}))
    head = workbook.add_format({**font, "bold": True, "bg_color": "#D9E5F2", "border": 1, "text_wrap": True})
    body = workbook.add_format({**font, "num_format": "@", "border": 1, "border_color": "#BFBFBF"})
    for col, heading in enumerate(headings):
        sheet.set_column(col, col, heading.width)
        sheet.write_string(1, col, heading.text, head)
        if heading.note:
            sheet.write_comment(1, col, heading.note)
    for row in range(2, BLANK_ROWS + 2):
        for col in range(len(headings)):
            # Text format keeps the zeros in front of a code.
            sheet.write_blank(row, col, None, body)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    workbook.close()
