"""Sheets of the plain writer: a method for each type of cell, which calls XlsxWriter's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.utility import xl_rowcol_to_cell

from perfxl.text import CELL_TEXT
from perfxl.xlsx.numbers import Number
from perfxl.xlsx.side_by_side import several_areas, write_one_by_one
from perfxl.xlsx.texts import clean, escaped

_Call = tuple[str, tuple[Any, ...]]


class PlainSheet:
    """A worksheet whose cells are written by their type. Rows and columns count from 0; each cell has a style.

    All else is done by XlsxWriter's own methods, which stay at hand. kept: whether the cells may be asked for
    (`written`). fitting: rows that fit what is typed. texts: the cells of formulas whose value is a text. sharing:
    whether formulas that are the same but for their row are written once.
    """

    def __init__(self, sheet: Any, formats: list[Any], *, kept: bool = False) -> None:
        self._sheet, self._formats = sheet, formats
        self._calls: list[_Call] | None = [] if kept else None
        self.fitting: set[int] = set()
        self.texts: set[str] = set()
        self.sharing = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._sheet, name)

    def _keep(self, name: str, *values: Any) -> None:
        if self._calls is not None:
            self._calls.append((name, values))

    def text(self, row: int, column: int, text: str, style: int) -> None:
        """Writes a text, what a cell cannot hold replaced (`perfxl.xlsx.texts.clean`)."""
        self._keep("text", row, column, text, style)
        self._sheet.write_string(row, column, _as_text(clean(text)), self._formats[style])

    def texts_behind(self, row: int, column: int, texts: Sequence[str], style: Any) -> None:
        """Texts side by side, right of all else in a row."""
        self.cells(row, column, texts, [style] * len(texts))

    def cells(self, row: int, column: int, values: Sequence[Any], styles: Sequence[int]) -> list[int]:
        """Writes texts, exact numbers and empty cells (None, empty text) side by side; the places of all others."""
        return write_one_by_one(self, row, column, values, styles)

    def number(self, row: int, column: int, number: Number, style: int | None) -> None:
        """Writes a number. Raises ValueError for NaN and infinities, which no cell holds."""
        if not math.isfinite(number):
            raise ValueError(f"a cell cannot hold {number}")
        self._keep("number", row, column, number, style)
        self._sheet.write_number(row, column, float(number), self._format(style))

    def blank(self, row: int, column: int, style: int) -> None:
        """Writes an empty cell with its format."""
        self._keep("blank", row, column, style)
        self._sheet.write_blank(row, column, None, self._formats[style])

    def formula(self, row: int, column: int, formula: str, style: int | None, value: Number | str) -> None:
        """Writes a formula, without the `=`, that uses no function newer than Excel 2010, with its value."""
        self._keep("formula", row, column, formula, style, value)
        self._sheet.write_formula(row, column, f"={formula}", self._format(style), self._value(row, column, value))

    def array_formula(self, row: int, column: int, formula: str, style: int, value: Number | str) -> None:
        """The same as an array formula of one cell."""
        self._keep("array_formula", row, column, formula, style, value)
        shown = self._value(row, column, value)
        self._sheet.write_array_formula(row, column, row, column, f"={formula}", self._formats[style], shown)

    def _format(self, style: int | None) -> Any:
        return None if style is None else self._formats[style]

    def _value(self, row: int, column: int, value: Number | str) -> float | str:
        cell = xl_rowcol_to_cell(row, column)
        if isinstance(value, str):
            self.texts.add(cell)
            return value
        self.texts.discard(cell)
        return float(value)

    def write_url(self, row: int, column: int, url: str, style: int, text: str) -> None:
        """Writes a link to `internal:…` or `external:…`; one that Excel does not take is a text."""
        if self._sheet.write_url(row, column, url, self._formats[style], _as_text(text)) != 0:
            self.text(row, column, text, style)

    def height(self, row: int, points: float) -> None:
        """The height of a row; of several the last counts."""
        self._keep("height", row, points)
        self._sheet.set_row(row, points)

    def widths(self, widths: tuple[float, ...]) -> None:
        """The widths of the columns from the first on, in characters; one of 0 is hidden."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width or 8, None, {"hidden": not width})

    def set_up_page(self, set_up: Callable[..., None], *settings: Any, header: str | None = None) -> None:
        """Calls `set_up(sheet, *settings)` for paper, margins and footer. header: the last argument where given."""
        set_up(self._sheet, *settings, *(() if header is None else (header,)))

    def merge_cells(self, row: int, column: int, last_row: int, last_column: int, style: int) -> None:
        """Merges a rectangle and gives it its format. Raises ValueError where it meets another."""
        self._keep("merge_cells", row, column, last_row, last_column, style)
        try:
            self._sheet.merge_range(row, column, last_row, last_column, "", self._formats[style])
        except OverlappingRange as error:
            raise ValueError(f"{self._sheet.get_name()}: merged cells overlap: {error}") from error

    def finish(self, row: int) -> None:
        """Nothing more comes for a row. Here it stays as it is."""

    def written(self) -> list[_Call]:
        """All its cells, for a sheet of another workbook with the same formats; no more may be written to it."""
        return self._calls or []

    def take(self, cells: list[_Call]) -> None:
        """Gives a new sheet the cells of another."""
        for name, values in cells:
            getattr(self, name)(*values)


class PlainForm(PlainSheet):
    """A sheet to be filled by hand: rows fit what is typed into them, typing follows rules.

    Methods are XlsxWriter's, with rows and columns as numbers and styles of this writer.
    """

    def set_row(self, row: int, height: float | None = None, _: Any = None, options: Any = None, /) -> int:
        """The height of a row, or that it is hidden."""
        return int(self._sheet.set_row(row, height, None, options))

    def write_same(self, kind: str, owner: object, write: Callable[[], None]) -> None:
        """Writes to a new sheet what many sheets of a kind have: the same for one owner."""
        write()

    def print_areas(self, areas: Sequence[tuple[int, int, int, int]]) -> None:
        """What is printed, each area on pages of its own: first row and column, last row and column."""
        self._sheet.print_area_range = several_areas(self._sheet, areas)

    def fit(self, row: int) -> None:
        """Lets a row grow and shrink with what is typed."""
        self.fitting.add(row)

    def write_string(self, row: int, col: int, string: str, style: int | None = None) -> int:
        """A text that stays one; -2 where it is too long for a cell."""
        if len(string) > CELL_TEXT:
            return -2
        return int(self._sheet.write_string(row, col, _as_text(string), self._format(style)))

    def write_blank(self, row: int, col: int, _: None, style: int) -> int:
        """An empty cell."""
        return int(self._sheet.write_blank(row, col, None, self._formats[style]))

    def write_number(self, row: int, col: int, number: float | Decimal, style: int | None = None) -> int:
        """A number."""
        self.number(row, col, number, style)
        return 0

    def write_datetime(self, row: int, col: int, day: date, style: int) -> int:
        """A day after February 1900."""
        return int(self._sheet.write_datetime(row, col, day, self._formats[style]))

    def write_formula(self, row: int, col: int, formula: str, style: int | None = None, value: Any = 0) -> int:
        """A formula without array braces or newer functions, with its value."""
        self.formula(row, col, formula.removeprefix("="), style, value)
        return 0

    def merge_range(self, row: int, col: int, last_row: int, last_col: int, _: str, style: int) -> int:
        """A merged range of cells, to be written into."""
        self.merge_cells(row, col, last_row, last_col, style)
        return 0

    def data_validation(self, row: int, col: int, last_row: int, last_col: int, options: dict[str, Any]) -> int:
        """What may be typed into a range of cells."""
        if self._sheet.data_validation(row, col, last_row, last_col, dict(options)) != 0:
            raise ValueError(f"no rule for what is typed: {options}")
        return 0


def _as_text(text: str) -> str:
    """A text for XlsxWriter, which would take one in `<r>` and `</r>` for ready-made XML, so it is made just that."""
    if text.startswith("<r>") and text.endswith("</r>"):
        return f"<r><t>{escaped(text)}</t></r>"
    return text
