"""Writing cells: every value goes in by its type, user text is never a formula or a link.

Formulas are written with their value, so that a viewer that doesn't calculate shows the right number.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from perfxl.deflate import COMPACT
from perfxl.results.name_cells import NameCells
from perfxl.results.styles import BAR, FONT, SIZE, SMALL, Styles
from perfxl.results.text_height import text_lines
from perfxl.xlsx.flow import block_breaks, page_points, scale_of
from perfxl.xlsx.paper import MANY, SPARE, least_scale, room
from perfxl.xlsx.texts import clean
from perfxl.xlsx.writer import new_workbook

LINKED_ROWS = 2_000  # of a longer list only the first row of each department leads to it, for a file that opens quickly
LINKS = 65_530  # on one sheet; Excel drops them all where there are more
WAITING = 100_000  # characters of finished rows, or of links, that need no file
UNSET_HEIGHT = 15.0  # points of a row whose height nobody sets
PIXEL = 0.75  # points; rows are written in whole ones
MARGIN, TOP, BOTTOM = 0.35, 0.5, 0.6  # inches: left and right, above, below


class Formula(NamedTuple):
    """A formula without user text, with the value that it comes to; None shows as blank.

    array: an array formula (Ctrl+Shift+Enter), for what Excel 2010 has no plain function for.
    """

    text: str
    value: Decimal | float | str | None
    array: bool = False


class Link(NamedTuple):
    """A link to `internal:'sheet'!A1` or `external:folder/file.xlsx`, shown as `text`."""

    target: str
    text: str


class Name(NamedTuple):
    """The name of a department, which leads to `target` as a `Link` does, empty where it has no sheet nor workbook."""

    text: str
    target: str


Cell = str | Decimal | int | Formula | Link | Name | None


def display_text(value: Cell) -> str:
    """The text of a cell that holds text; empty for numbers and formulas."""
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, (Link, Name)) else ""


class Page:
    """One worksheet being written. Rows and columns count from 0, as XlsxWriter counts them.

    columns: the widths of its columns. header: what stands above every printed page, in the words of
    `perfxl.xlsx.paper.header_text`; set it before `print_setup`.
    """

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book = book
        self.sheet = sheet
        self._styles = book.styles
        self._heights: dict[int, float] = {}
        self.columns: list[float] = []
        self._links = self._names = 0
        self._most_names, self._sparse, self._last_target = LINKS, False, ""
        self.header = ""

    def put(self, row: int, column: int, value: Cell, look: str) -> None:
        """Writes one cell by the type of its value; None and empty text are a blank with its look."""
        style, sheet = self._styles[look], self.sheet
        kind = type(value)
        # The most frequent first: this is the innermost loop of a run.
        if kind is str and value:
            sheet.text(row, column, value, style)
        elif value is None or kind is str:
            sheet.blank(row, column, style)
        elif kind is Decimal or (kind is not Formula and isinstance(value, (Decimal, int, float))):
            sheet.number(row, column, value, style)
        elif isinstance(value, Formula):
            result = "" if value.value is None else value.value
            if isinstance(result, str):
                # It may be a department's name, by a reference to the cell that has it.
                result = clean(result)
            write = sheet.array_formula if value.array else sheet.formula
            write(row, column, value.text.removeprefix("="), style, result)
        elif isinstance(value, Link):
            self._link(row, column, value, style)
        elif isinstance(value, Name):
            self._name(row, column, column, value, look)
        else:
            self.put(row, column, str(value), look)

    def _link(self, row: int, column: int, link: Link, style: str) -> None:
        if self._links < LINKS:
            self._links += 1
            self.sheet.write_url(row, column, link.target, style, clean(link.text))
        else:
            self.sheet.text(row, column, link.text, style)

    def _name(self, row: int, column: int, last_column: int, name: Name, look: str) -> None:
        """A plain text with a link, so that it is found, sorted and copied as what it is.

        LibreOffice does not wrap the text of a link, but what a formula comes to: a name of several lines is taken from
        the one cell of the workbook that holds it.
        """
        repeated = self._sparse and name.target == self._last_target
        if not name.target or repeated or self._names >= self._most_names or self._links >= LINKS:
            self.put(row, column, name.text, look)
            return
        self._names += 1
        self._last_target = name.target
        # The look's own colour counts: a returned department stays grey.
        look = f"link {look}"
        self._link(row, column, Link(name.target, name.text), self._styles[look])
        size = SMALL if "small" in look else SIZE
        if text_lines(name.text, sum(self.columns[column : last_column + 1]), size) > 1:
            self.put(row, column, Formula(f"={self.book.name_cell(name.text)}", name.text), look)

    def expect_names(self, rows: int, others: int) -> None:
        """Says that names come in so many rows, and how many other links there are on the sheet.

        Of many rows only the first of each department is linked. Excel takes so many links on a sheet; a quarter of
        them is left to names in any case.
        """
        self._most_names = max(LINKS - others, LINKS // 4)
        self._sparse = rows > min(LINKED_ROWS, self._most_names)

    def row(self, row: int, column: int, values: list[Cell], look: str) -> None:
        """Writes cells side by side in one look."""
        self.cells(row, column, values, [look] * len(values))

    def cells(self, row: int, column: int, values: Sequence[Cell], looks: Sequence[str]) -> None:
        """Writes cells side by side, each by the type of its value and in its look."""
        styles = self._styles
        for place in self.sheet.cells(row, column, values, [styles[look] for look in looks]):
            self.put(row, place, values[place - column], looks[place - column])

    def merged(self, row: int, column: int, last_row: int, last_column: int, value: Cell, look: str) -> None:
        """Writes one value over a rectangle; a rectangle of one cell is that cell."""
        if row != last_row or column != last_column:
            self.sheet.merge_cells(row, column, last_row, last_column, self._styles[look])
        if isinstance(value, Name):
            self._name(row, column, last_column, value, look)
        else:
            self.put(row, column, value, look)

    def linked(
        self, row: int, column: int, last_row: int, last_column: int, target: str, value: Formula, look: str
    ) -> None:
        """A formula over a rectangle that leads somewhere. It is wrapped everywhere, the text of a link is not."""
        if (row, column) != (last_row, last_column):
            self.sheet.merge_cells(row, column, last_row, last_column, self._styles[look])
        self._link(row, column, Link(target, str(value.value)), self._styles[look])
        self.put(row, column, value, look)

    def widths(self, widths: list[float]) -> None:
        """Column widths from the first column on, in characters."""
        self.columns = widths
        self.sheet.widths(tuple(widths))

    def height(self, row: int, points: float) -> None:
        """The height of one row."""
        self._heights[row] = points
        self.sheet.height(row, points)

    def heights(self, rows: int) -> list[float]:
        """The heights of the first rows in points, so far as nothing more is to come for them."""
        return [self._heights.get(row, UNSET_HEIGHT) for row in range(rows)]

    def at_least(self, row: int, points: float) -> None:
        """Makes a row higher where it is lower than this."""
        if points > self._heights.get(row, 0):
            self.height(row, points)

    def bars(self, cells: str, top: float) -> None:
        """Bars behind the numbers of a range, from 0 to `top`."""
        # Solid: a gradient fades out just where the bar ends.
        bar = {"type": "data_bar", "bar_color": BAR, "bar_solid": True, "bar_border_color": BAR}
        scale = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": top}
        self.sheet.conditional_format(cells, bar | scale)

    def finish(self, row: int) -> None:
        """Nothing more comes for a row: see `perfxl.xlsx.quick.long_sheet`."""
        self.sheet.finish(row)
        self._heights.pop(row, None)

    def print_setup(
        self,
        *,
        landscape: bool = False,
        pages_high: int = 0,
        repeat: tuple[int, int] | None = None,
        area: tuple[int, int] | None = None,
        beside: int | None = None,
        parts: Sequence[int] = (),
        flowing: int | None = None,
    ) -> None:
        """A4, one page wide, `pages_high` pages high (0 = as many as needed).

        repeat: first and last row on every page. area: the last row and column that are printed. beside: the sheet is
        wider than a page and goes on beside, at the smallest scale that can be read, with so many first columns again.
        parts: the first rows of what is not to be cut by the end of a page. flowing: the first row of what may be cut
        below them.
        """
        scale = least_scale(SMALL) if beside is not None else 0
        if parts:
            # Programs pass over breaks where a sheet is fitted to a page's width.
            fixed = int(100 * SPARE * scale_of(self.columns, landscape=landscape, margins=2 * MARGIN))
            whole = page_points(landscape=landscape, above=TOP + BOTTOM, scale=fixed / 100)
            kept = flowing or (area[0] if area else max(self._heights)) + 1
            rows = [PIXEL * (height // PIXEL) for height in self.heights(kept)]
            if breaks := block_breaks(rows, parts, whole):
                scale = fixed
                self.sheet.set_h_pagebreaks(breaks)
        self.sheet.set_up_page(_set_up_page, landscape, pages_high, beside is not None, scale, header=self.header)
        if repeat:
            self.sheet.repeat_rows(*repeat)
        if beside:
            self.sheet.repeat_columns(0, beside - 1)
        if area:
            self.sheet.print_area(0, 0, *area)


def page_room(columns: int, *, landscape: bool = True) -> float:
    """The widths that so many columns may have in all, for their small text to be read on one page of A4."""
    return room(columns, landscape=landscape, margins=2 * MARGIN, size=SMALL)


def _set_up_page(sheet: Any, landscape: bool, pages_high: int, beside: bool, scale: int, header: str) -> None:
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    if scale:
        sheet.set_print_scale(scale)
    if beside:
        sheet.print_across()
    elif not scale:
        sheet.fit_to_pages(1, pages_high or MANY)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=TOP, bottom=BOTTOM)
    sheet.center_horizontally()
    if header:
        sheet.set_header(header, {"margin": 0.25})
    sheet.set_footer(f'&C&"{FONT},Regular"&9第 &P 页，共 &N 页', {"margin": 0.25})
    sheet.hide_gridlines(2)


class Book:
    """One workbook: its pages, styles and properties. Use as a context manager; leaving it writes the file.

    created: stands in the properties; with it the same contents give the same bytes. level: QUICK or COMPACT.
    """

    def __init__(self, path: Path, title: str, author: str, created: datetime, level: int = COMPACT) -> None:
        self.path = path
        self.workbook = new_workbook(
            path,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FONT, "font_size": SIZE},
            },
            level,
        )
        self.workbook.set_properties({"title": clean(title), "author": clean(author), "created": created})
        self.workbook.set_size(1800, 1200)
        self.styles = Styles(self.workbook)
        self._files = ExitStack()
        self._first: Page | None = None
        self._names: NameCells | None = None

    def name_cell(self, name: str) -> str:
        """The cell that holds a name as a text, for a formula on any sheet.

        Raises ValueError where no sheet with widths of columns has come before, other than long ones and forms.
        """
        if self._names is None:
            if self._first is None or not self._first.columns:
                raise ValueError("a name needs a first sheet, beside which it has its cell")
            self._names = NameCells(self._first.sheet, self._first.columns, self.styles["box"])
        return self._names.cell(name)

    def page(self, name: str) -> Page:
        """Adds a sheet; the name must be one that Excel takes (`perfxl.results.names`)."""
        page = Page(self, self.workbook.add_page(name))
        self._first = self._first or page
        return page

    def form_page(self, name: str) -> Page:
        """Adds a sheet to be filled: rows fit what is typed."""
        return Page(self, self.workbook.add_form(name))

    def long_page(self, name: str) -> Page:
        """Adds a sheet of any number of rows, which are to be finished (`Page.finish`)."""
        return Page(self, self.workbook.add_long_page(name, self.waiting))

    def waiting(self) -> IO[str]:
        """An empty text file for what waits until the workbook is written, in memory as long as it is small."""
        folder = str(self.path.parent)
        return self._files.enter_context(SpooledTemporaryFile(WAITING, "w+", encoding="utf-8", newline="", dir=folder))

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self._files:
            if kind is None:
                if self._names:
                    self._names.write()
                self.workbook.close()
            # The first page knows its book.
            self._first = self._names = None
