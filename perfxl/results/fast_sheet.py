"""A worksheet and formats at a third of XlsxWriter's own price: all that knows its inner workings stands here.

A run writes a workbook for each department, so the time per cell counts. Cells go into XlsxWriter's table without its
checks of the arguments, a sheet's rows are put together as one text, and a format is made once in a process and copied
into each workbook. What comes out is what XlsxWriter writes (`tests/test_results_fast_sheet.py` compares the two).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import (
    CellArrayFormulaTuple,
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    RowInfo,
    Worksheet,
)

_MARKUP = re.compile("[&<>]")
_LIKE_ESCAPES = re.compile("_(x[0-9a-fA-F]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES_KEPT = 100  # of some 10 KB each; departments in the same state have the same
_styles: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
_letters = cache(xl_col_to_name)


class FastSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose cells are written by their type. Rows and columns count from 0; each cell has a format."""

    def text(self, row: int, column: int, text: str, form: Format) -> None:
        """Writes a text that a cell can hold (`perfxl.results.cells.clean`)."""
        self.table[row][column] = CellStringTuple(self.str_table._get_shared_string_index(text), form)

    def number(self, row: int, column: int, number: float, form: Format) -> None:
        """Writes a number. Raises ValueError for NaN and infinities, which no cell holds."""
        if number - number != 0:
            raise ValueError(f"a cell cannot hold {number}")
        self.table[row][column] = CellNumberTuple(number, form)

    def blank(self, row: int, column: int, form: Format) -> None:
        """Writes an empty cell with its format."""
        self.table[row][column] = CellBlankTuple(form)

    def formula(self, row: int, column: int, formula: str, form: Format, value: float | str) -> None:
        """Writes a formula, without the `=`, that uses no function newer than Excel 2010, with its value."""
        self.table[row][column] = CellFormulaTuple(formula, form, value)

    def array_formula(self, row: int, column: int, formula: str, form: Format, value: float | str) -> None:
        """The same as an array formula of one cell."""
        place = f"{_letters(column)}{row + 1}"
        self.table[row][column] = CellArrayFormulaTuple(formula, form, value, place, "static")

    def height(self, row: int, points: float) -> None:
        """The height of a row; of several the last counts."""
        pixels = int(points * 4 / 3 + 0.5)
        self.row_info[row] = RowInfo(height=pixels)
        self.row_sizes[row] = [pixels, False]  # for what lies over the cells

    def merge_cells(self, row: int, column: int, last_row: int, last_column: int, form: Format) -> None:
        """Merges a rectangle and gives it its format. Raises ValueError where it meets another."""
        taken, blank = self.merged_cells, CellBlankTuple(form)
        for each_row in range(row, last_row + 1):
            cells = self.table[each_row]
            for each_column in range(column, last_column + 1):
                if (each_row, each_column) in taken:
                    raise ValueError(f"{self.name}: merged cells overlap at {_letters(each_column)}{each_row + 1}")
                taken[each_row, each_column] = True
                cells[each_column] = blank
        self.merge.append([row, column, last_row, last_column])

    def _write_dimension(self) -> None:
        rows = self.row_info.keys() | {row for row, cells in self.table.items() if cells}
        if any(self.table.values()):
            columns = {column for cells in self.table.values() for column in cells}
            self.dim_rowmin, self.dim_rowmax = min(rows), max(rows)
            self.dim_colmin, self.dim_colmax = min(columns), max(columns)
        super()._write_dimension()

    def _write_rows(self) -> None:
        parts: list[str] = []
        styles: dict[Any, str] = {}
        for row in sorted(self.table.keys() | self.row_info.keys()):
            number = str(row + 1)
            start = f'<row r="{number}"{self._row_height(row)}'
            cells = self.table.get(row)
            if not cells:
                parts.append(f"{start}/>")
                continue
            parts.append(f"{start}>")
            for column in sorted(cells):
                cell = cells[column]
                form = cell.format
                style = styles.get(form)
                if style is None:
                    style = styles[form] = f'" s="{form._get_xf_index()}"'
                parts.append(f'<c r="{_letters(column)}{number}{style}{_content(cell)}')
            parts.append("</row>")
        self.fh.write("".join(parts))

    def _row_height(self, row: int) -> str:
        info = self.row_info.get(row)
        if info is None or info.height == self.original_row_height == self.default_row_height:
            return ""
        return f' ht="{info.height * 0.75:.16g}" customHeight="1"'


def _content(cell: Any) -> str:
    """What stands behind the style of a `<c>` element, its end included."""
    kind = type(cell)
    if kind is CellStringTuple:
        return f' t="s"><v>{cell.string}</v></c>'
    if kind is CellBlankTuple:
        return "/>"
    if kind is CellNumberTuple:
        return f"><v>{cell.number:.16G}</v></c>"
    value, formula = cell.value, escaped(cell.formula)
    attribute = ' t="str"' if isinstance(value, str) and value else ""
    shown = escaped(value) if isinstance(value, str) else value
    array = f' t="array" ref="{cell.range}"' if kind is CellArrayFormulaTuple else ""
    return f"{attribute}><f{array}>{formula}</f><v>{shown}</v></c>"


def escaped(text: str) -> str:
    """Text as XML has it between tags."""
    if _MARKUP.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


class FastWorkbook(Workbook):  # type: ignore[misc]
    """A workbook whose texts are written at once, and its styles only where no earlier one had the same formats."""

    def _get_packager(self) -> Packager:
        return _FastPackager()

    def _prepare_format_properties(self) -> None:
        self._prepare_formats()
        self.styles_key = (
            tuple(form._get_format_key() for form in self.xf_formats),
            tuple(form._get_format_key() for form in self.dxf_formats),
        )
        if self.styles_key not in _styles:
            super()._prepare_format_properties()


class _FastPackager(Packager):  # type: ignore[misc]
    def _write_styles_file(self) -> None:
        key = self.workbook.styles_key
        if key in _styles:
            self._filename("xl/styles.xml").write(_styles[key])
            return
        super()._write_styles_file()
        if len(_styles) >= STYLES_KEPT:
            _styles.clear()
        _styles[key] = self.filenames[-1][0].getvalue()

    def _write_shared_strings_file(self) -> None:
        table = self.workbook.str_table
        if not table.count:
            return
        parts = [
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<sst xmlns="{_MAIN}" count="{table.count}" uniqueCount="{table.unique_count}">'
        ]
        for text in table.string_array:
            shown = escaped(_LIKE_ESCAPES.sub(r"_x005F_\1", text) if "_x" in text else text)
            # A blank at either end is lost without the attribute.
            keep = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
            parts.append(f"<si><t{keep}>{shown}</t></si>")
        parts.append("</sst>")
        self._filename("xl/sharedStrings.xml").write("".join(parts))


def prototype(properties: dict[str, Any]) -> Format:
    """A format of no workbook, to be copied into many."""
    form = Format(properties)
    form._get_format_key()
    return form


def copy_format(form: Format, workbook: Any) -> Format:
    """A format for a workbook, as `add_format` would make it of the same properties."""
    copied = Format.__new__(Format)
    copied.__dict__.update(form.__dict__)
    copied.xf_format_indices = workbook.xf_format_indices
    copied.dxf_format_indices = workbook.dxf_format_indices
    workbook.formats.append(copied)
    return copied
