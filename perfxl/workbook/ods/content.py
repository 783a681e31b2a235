"""An OpenDocument spreadsheet, written anew as a plain .xlsx.

Rows and cells that are repeated count as often as they say, so a few bytes can mean millions of cells: what holds
something far from the template is refused before it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfxl.workbook.hardened_xml import Attributes
from perfxl.workbook.limits import Limits
from perfxl.workbook.ods.names import OFFICE, TABLE, read_part
from perfxl.workbook.ods.styles import CellStyle, Styles
from perfxl.workbook.ods.text import CellText
from perfxl.workbook.ods.values import value_of
from perfxl.workbook.plain_book import NO_STYLE, NOTHING, PlainBook, PlainSheet, Value
from perfxl.workbook.plain_styles import Style
from perfxl.workbook.sheet_xml import too_far

_SPREADSHEET, _SHEET = f"{OFFICE}spreadsheet", f"{TABLE}table"
_STYLES, _AUTOMATIC_STYLES = f"{OFFICE}styles", f"{OFFICE}automatic-styles"
_ROW, _COLUMN = f"{TABLE}table-row", f"{TABLE}table-column"
_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_GROUPS = (f"{TABLE}table-row-group", f"{TABLE}table-column-group")
_WRAPPERS = (f"{TABLE}table-rows", f"{TABLE}table-header-rows", f"{TABLE}table-columns", f"{TABLE}table-header-columns")
_HIDDEN = ("collapse", "filter")
# LibreOffice keeps what it knows of another workbook as a sheet of this name.
_CACHE_NAME = re.compile(r"'.*'#\$.*", re.DOTALL)
_BEYOND = 10**9


def ods_as_xlsx(content_xml: bytes, styles_xml: bytes | None, limits: Limits) -> dict[str, bytes]:
    """The parts of an .xlsx with what the content of an .ods says. styles_xml: its part of common styles.

    Raises RefusalError for what is damaged, has a DTD, cells beyond the limits, or more text or sheets than they allow.
    """
    styles = Styles()
    if styles_xml is not None:
        read_part(styles_xml, _CommonStyles(styles))
    content = _Content(styles, PlainBook(limits))
    read_part(content_xml, content)
    return content.book.parts()


class _CommonStyles:
    """Passes on what stands in `office:styles`."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        if self._inside:
            self._styles.start(name, attributes)
        self._inside = self._inside or name == _STYLES

    def end(self, name: str) -> None:
        self._inside = self._inside and name != _STYLES
        if self._inside:
            self._styles.end(name)

    def text(self, text: str) -> None:
        if self._inside:
            self._styles.text(text)


Written = tuple[int, int, Value, Style]
"""First column, times, value, format."""


@dataclass(slots=True)
class _Row:
    hidden: bool
    times: int
    default: str
    col: int = 0
    cells: list[Written] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Cell:
    attributes: Attributes
    times: int
    style: CellStyle
    text: CellText


class _Content:
    """Reads content.xml: styles first, then sheet by sheet, row by row."""

    def __init__(self, styles: Styles, book: PlainBook) -> None:
        self.book = book
        self._styles = styles
        self._limits = book.limits
        self._parent: list[str] = []
        self._in_styles = False
        self._skipped = 0
        self._sheet: PlainSheet | None = None
        self._row: _Row | None = None
        self._cell: _Cell | None = None
        self._next_row = 0
        self._column_styles: list[str] = []
        self._next_column = 0
        self._hidden_groups: list[bool] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if self._skipped:
            self._skipped += 1
        elif self._in_styles:
            self._styles.start(name, attributes)
        elif self._cell is not None:
            if not self._cell.text.start(name, attributes):
                self._skipped = 1
        elif self._sheet is not None:
            if not self._start_in_sheet(name, attributes):
                self._skipped = 1
        elif name == _AUTOMATIC_STYLES:
            self._in_styles = True
        elif name == _SHEET and self._parent[-1:] == [_SPREADSHEET] and not self._start_sheet(attributes):
            self._skipped = 1
        if self._sheet is None and not self._skipped and not self._in_styles:
            self._parent.append(name)

    def _start_sheet(self, attributes: Attributes) -> bool:
        name = attributes.get(f"{TABLE}name", "")
        if _CACHE_NAME.fullmatch(name):
            return False
        self._sheet = self.book.sheet(name)
        if not self._styles.is_displayed(attributes.get(f"{TABLE}style-name", "")):
            self._sheet.state = "hidden"
        self._next_row = self._next_column = 0
        self._column_styles, self._hidden_groups = [], []
        return True

    def _start_in_sheet(self, name: str, attributes: Attributes) -> bool:
        if self._row is not None:
            if name not in _CELLS:
                return False
            self._start_cell(self._row, attributes)
        elif name == _ROW:
            hidden = attributes.get(f"{TABLE}visibility") in _HIDDEN or any(self._hidden_groups)
            times = _times(attributes, "rows-repeated")
            self._row = _Row(hidden, times, attributes.get(f"{TABLE}default-cell-style-name", ""))
        elif name == _COLUMN:
            self._add_columns(attributes)
        elif name in _GROUPS:
            self._hidden_groups.append(attributes.get(f"{TABLE}display") == "false")
        else:
            return name in _WRAPPERS
        return True

    def _add_columns(self, attributes: Attributes) -> None:
        assert self._sheet is not None
        first = self._next_column
        self._next_column = min(first + _times(attributes, "columns-repeated"), self._limits.columns)
        style = attributes.get(f"{TABLE}default-cell-style-name", "")
        self._column_styles += [style] * (self._next_column - first)
        if attributes.get(f"{TABLE}visibility") in _HIDDEN or any(self._hidden_groups):
            self._sheet.hidden_columns.update(range(first, self._next_column))

    def _start_cell(self, row: _Row, attributes: Attributes) -> None:
        assert self._sheet is not None
        name = attributes.get(f"{TABLE}style-name") or row.default
        if not name and row.col < len(self._column_styles):
            name = self._column_styles[row.col]
        style = self._styles.cell(name)
        text = CellText(self._styles, style.look, self._sheet.name, self._next_row, row.col)
        self._cell = _Cell(attributes, _times(attributes, "columns-repeated"), style, text)

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif self._in_styles:
            if name == _AUTOMATIC_STYLES:
                self._in_styles = False
            else:
                self._styles.end(name)
        elif self._cell is not None and self._row is not None:
            if not self._cell.text.end(name):
                self._end_cell(self._cell, self._row)
                self._cell = None
        elif self._row is not None:
            self._end_row(self._row)
            self._row = None
        elif self._sheet is not None:
            if name == _SHEET:
                self._sheet = None
            elif name in _GROUPS:
                self._hidden_groups.pop()
        elif self._parent:
            self._parent.pop()

    def text(self, text: str) -> None:
        if self._skipped:
            return
        if self._in_styles:
            self._styles.text(text)
        elif self._cell is not None:
            self._cell.text.add(text)

    def _end_cell(self, cell: _Cell, row: _Row) -> None:
        assert self._sheet is not None
        runs = cell.text.runs()
        # Most cells are blank.
        said = runs is not None or f"{OFFICE}value-type" in cell.attributes or f"{TABLE}formula" in cell.attributes
        value, style = value_of(cell.attributes, cell.style, self._styles, runs) if said else (NOTHING, NO_STYLE)
        if value:
            if row.col + cell.times > self._limits.columns:
                where = f"第 {self._next_row + 1} 行第 {row.col + cell.times} 列"
                raise too_far(self._sheet.name, where, self._limits)
            row.cells.append((row.col, cell.times, value, style))
        right = _times(cell.attributes, "columns-spanned")
        down = _times(cell.attributes, "rows-spanned")
        if (right > 1 or down > 1) and cell.times == 1:
            row.merged.append((row.col, right, down))
        row.col = min(row.col + cell.times, _BEYOND)

    def _end_row(self, row: _Row) -> None:
        assert self._sheet is not None
        first = self._next_row
        self._next_row = min(first + row.times, _BEYOND)
        if row.cells and self._next_row > self._limits.rows:
            raise too_far(self._sheet.name, f"第 {self._next_row} 行", self._limits)
        if row.cells:
            cells = [(col + at, value, style) for col, times, value, style in row.cells for at in range(times)]
            self._sheet.row(first, cells, times=row.times, hidden=row.hidden)
        if row.merged:
            for number in range(first, min(self._next_row, self._limits.rows)):
                for col, right, down in row.merged:
                    self._sheet.merge(number, col, number + down - 1, col + right - 1)


def _times(attributes: Attributes, what: str) -> int:
    """A count; 1 where none is said, beyond every limit where it is absurd."""
    text = attributes.get(f"{TABLE}number-{what}")
    if text is None:
        return 1
    text = text.strip()
    if not (text.isascii() and text.isdecimal()):
        return 1
    return max(int(text), 1) if len(text) < 10 else _BEYOND
