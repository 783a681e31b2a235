"""A worksheet at a fraction of XlsxWriter's own price.

A run writes a workbook for each department, so the time per cell counts. A cell becomes XML as soon as it is written,
without XlsxWriter's checks of the arguments, and a sheet's rows are put together as one text. What comes out is what
XlsxWriter writes (`tests/test_xlsx.py` compares the two).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from decimal import Decimal
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from perfxl.caches import cached
from perfxl.xlsx.numbers import Number, number_text, result_text, zero_text
from perfxl.xlsx.quick.around import write_around
from perfxl.xlsx.quick.kept import MARK
from perfxl.xlsx.quick.page_setup import page_of, write_page_setup
from perfxl.xlsx.quick.places import STARTS, columns_of, height_of, letters, merged
from perfxl.xlsx.texts import SHORT, escaped, in_attribute, short_element, text_element, text_in, unescaped

_BLANK_SHEET = vars(Worksheet())
_COLLECTIONS = [(name, value) for name, value in _BLANK_SHEET.items() if isinstance(value, (dict, list))]
_VALUE_END = len("</v></c>")
TEXT = ' t="str"'
"""Of a formula that gives a text."""


class SheetCells(NamedTuple):
    """The cells of a sheet with their merged ranges and the heights of their rows."""

    table: dict[int, dict[int, str]]
    merge: list[str]
    merged_columns: dict[int, int]
    row_sizes: dict[int, tuple[int, bool]]
    row_attributes: dict[int, str]

    def copied(self) -> SheetCells:
        """The same, to be written to."""
        table = {row: cells.copy() for row, cells in self.table.items()}
        others = (self.merge.copy(), self.merged_columns.copy(), self.row_sizes.copy(), self.row_attributes.copy())
        return SheetCells(table, *others)


class FastSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose cells are written by their type. Rows and columns count from 0; each cell has a style.

    Cells come in any order; of several in one place the last counts. `table` holds their XML by row and column. Texts
    stand in the cells themselves: the texts of a whole workbook need not be in memory, nor be looked up one by one.
    """

    table: dict[int, dict[int, str]]
    takes_set_column = False
    marked = False
    """Whether marks are written where its own rows and the like stand: see `perfxl.xlsx.quick.around`."""

    def __init__(self) -> None:
        # A copy of a blank sheet, as `Worksheet` makes it, takes a fifth of the time.
        self.__dict__ = _BLANK_SHEET | {name: value.copy() for name, value in _COLLECTIONS}
        self.columns = self.page_setup = ""
        self.page_settings: tuple[Any, ...] = ()
        self.row_attributes: dict[int, str] = {}
        self.merged_columns: dict[int, int] = {}  # by row, a bit for each column
        self._behind: dict[int, tuple[int, Sequence[str], str]] = {}

    def text(self, row: int, column: int, text: str, style: str) -> None:
        """Writes a text, what a cell cannot hold replaced (`perfxl.xlsx.texts.clean`)."""
        shown = short_element(text) if len(text) <= SHORT else text_element(text)
        self.table[row][column] = f'{STARTS[column]}{row + 1}{style} t="inlineStr"><is>{shown}</is></c>'

    def cells(self, row: int, column: int, values: Sequence[Any], styles: Sequence[str]) -> list[int]:
        """Writes texts, exact numbers and empty cells (None, empty text) side by side; the places of all others."""
        cells, excel, others = self.table[row], row + 1, []
        for value, style in zip(values, styles, strict=True):
            kind = type(value)
            if kind is str and value:
                shown = short_element(value) if len(value) <= SHORT else text_element(value)
                cells[column] = f'{STARTS[column]}{excel}{style} t="inlineStr"><is>{shown}</is></c>'
            elif value is None or kind is str:
                cells[column] = f"{STARTS[column]}{excel}{style}/>"
            elif kind is Decimal:
                text = number_text(value) if value else zero_text(value)
                cells[column] = f"{STARTS[column]}{excel}{style}><v>{text}</v></c>"
            else:
                others.append(column)
            column += 1
        return others

    def number(self, row: int, column: int, number: Number, style: str) -> None:
        """Writes a number. Raises ValueError for NaN and infinities, which no cell holds."""
        text = number_text(number) if number else zero_text(number)
        self.table[row][column] = f"{STARTS[column]}{row + 1}{style}><v>{text}</v></c>"

    def blank(self, row: int, column: int, style: str) -> None:
        """Writes an empty cell with its format."""
        self.table[row][column] = f"{STARTS[column]}{row + 1}{style}/>"

    def formula(
        self, row: int, column: int, formula: str, style: str, value: Number | str, array: str = "", element: str = ""
    ) -> None:
        """Writes a formula, without the `=`, that uses no function newer than Excel 2010, with its value.

        array: attributes of an array formula. element: the formula as it stands in the cell, where that is known.
        """
        element = element or f"<f{array}>{_formula(formula)}</f>"
        self.table[row][column] = f"{STARTS[column]}{row + 1}{style}{result(value, element)}"

    def array_formula(self, row: int, column: int, formula: str, style: str, value: Number | str) -> None:
        """The same as an array formula of one cell."""
        self.formula(row, column, formula, style, value, f' t="array" ref="{letters(column)}{row + 1}"')

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # XlsxWriter looks for newer functions with thirty patterns a formula. Nothing here uses any, so that Excel 2010
        # and WPS calculate it (tests look). Conditions come here.
        return formula.removeprefix("=")

    def height(self, row: int, points: float) -> None:
        """The height of a row; of several the last counts."""
        self.row_sizes[row], told = height_of(points)
        if self.default_row_height != self.original_row_height or self.row_sizes[row][0] != self.default_row_height:
            self.row_attributes[row] = told
        else:
            self.row_attributes[row] = ""

    def widths(self, widths: tuple[float, ...]) -> None:
        """The widths of the columns from the first on, in characters, one of 0 is hidden; instead of `set_column`."""
        self.col_info, self.columns = columns_of(widths)
        self.col_size_changed = True

    def set_up_page(self, set_up: Callable[..., None], *settings: Any, header: str | None = None) -> None:
        """Calls `set_up(sheet, *settings)` for paper, margins and footer, once in a process for all sheets.

        header: what stands above each page, the last argument where it is given.
        """
        attributes, self.page_setup, self.page_settings = page_of(set_up, settings, header)
        self.__dict__.update(attributes)

    def merge_cells(self, row: int, column: int, last_row: int, last_column: int, style: str) -> None:
        """Merges a rectangle and gives it its format. Raises ValueError where it meets another."""
        taken, table = self.merged_columns, self.table
        mask, place, rows = merged(row, column, last_row, last_column, style)
        for each, cells in rows:
            before = taken.get(each, 0)
            if before & mask:
                overlap = before & mask
                met = f"{letters((overlap & -overlap).bit_length() - 1)}{each + 1}"
                raise ValueError(f"{self.name}: merged cells overlap at {met}")
            taken[each] = before | mask
            table[each].update(cells)
        self.merge.append(place)

    def _write_string(self, row: int, col: int, string: str, cell_format: str) -> int:
        # The text of a link comes here, with its style.
        self.text(row, col, string, cell_format)
        return 0

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> list[Any]:
        rows = range(row_start, row_end + 1)
        return [self._value(self.table[row].get(col)) for row in rows for col in range(col_start, col_end + 1)]

    def _value(self, cell: str | None) -> str | None:
        """What a chart keeps of a cell: None of a cell that is not there, nothing of an empty one."""
        if cell is None:
            return None
        head, inline, rest = cell.partition("<is><t")
        if inline:
            return text_in(rest.partition(">")[2].removesuffix("</t></is></c>"))
        head, mark, value = cell.partition("<v>")
        value = value[:-_VALUE_END]
        if head.endswith(("</f>", "/>")):
            value = unescaped(value)
        elif mark:
            value = value.lower()  # the exponent, as a chart has it
        return value

    def _escape_attributes(self, attribute: Any) -> Any:
        # XlsxWriter tries numbers too, and catches what that raises.
        return in_attribute(attribute) if isinstance(attribute, str) else attribute

    def written(self) -> SheetCells:
        """All its cells, for a sheet of another workbook with the same formats; no more may be written to it."""
        return SheetCells(self.table, self.merge, self.merged_columns, self.row_sizes, self.row_attributes)

    def take(self, cells: SheetCells) -> None:
        """Gives a new sheet the cells of another."""
        table, self.merge, self.merged_columns, self.row_sizes, self.row_attributes = cells.copied()
        self.table.update(table)

    def texts_behind(self, row: int, column: int, texts: Sequence[str], style: str) -> None:
        """Texts side by side, right of all else in a row: they become cells when the row is written."""
        self._behind[row] = (column, texts, style)

    def used(self) -> tuple[Set[int], Set[int]]:
        """The rows and columns with cells or heights of their own."""
        rows = self.row_sizes.keys() | {row for row, cells in self.table.items() if cells} | self._behind.keys()
        behind = (range(column, column + len(texts)) for column, texts, _ in self._behind.values())
        return rows, set().union(*self.table.values(), *behind)

    def measured(self) -> bool:
        """Finds out how far the sheet reaches; False where it has no cells."""
        rows, columns = self.used()
        if columns:
            self.dim_rowmin, self.dim_rowmax = min(rows), max(rows)
            self.dim_colmin, self.dim_colmax = min(columns), max(columns)
        return bool(columns)

    def _assemble_xml_file(self) -> None:
        if not write_around(self):
            super()._assemble_xml_file()

    def _write_dimension(self) -> None:
        if self.marked:
            self.fh.write(MARK)
        else:
            self.measured()
            self.write_size()

    def write_size(self) -> None:
        """Writes how far the sheet reaches."""
        super()._write_dimension()

    def _write_cols(self) -> None:
        self.fh.write(self.columns)

    def _write_print_options(self) -> None:
        if self.page_setup:
            self.fh.write(MARK if self.marked else self.page_setup)
        else:
            write_page_setup(self)

    def _write_page_margins(self) -> None:
        """Written before, as are page set-up and header."""

    _write_page_setup = _write_header_footer = _write_page_margins

    def finish(self, row: int) -> None:
        """Nothing more comes for a row. Here it stays as it is."""

    def _write_rows(self) -> None:
        if self.marked:
            self.fh.write(MARK)
            return
        rows = sorted(self.table.keys() | self.row_sizes.keys() | self._behind.keys())
        for some in ([row] for row in rows) if self._behind else (rows,):
            self.fh.write(self.rows_xml(some))
        # A large workbook holds each sheet once, and the writer of links finds no cells of a kind that it cannot read.
        self.table = {}

    def rows_xml(self, rows: Iterable[int]) -> str:
        """The XML of some rows."""
        table, attributes = self.table, self.row_attributes
        parts: list[str] = []
        for row in rows:
            own = attributes.get(row, "")
            cells = table.get(row)
            if row in self._behind:
                column, texts, style = self._behind[row]
                self.cells(row, column, texts, [style] * len(texts))
                cells = table.pop(row)
            if cells:
                parts.append(f'<row r="{row + 1}"{own}>')
                order = sorted(cells)
                # Most rows are written from left to right.
                parts += cells.values() if order == [*cells] else [cells[column] for column in order]
                parts.append("</row>")
            else:
                parts.append(f'<row r="{row + 1}"{own}/>')
        return "".join(parts)

    def _write_merge_cells(self) -> None:
        if self.marked:
            self.fh.write(MARK)
        elif self.merge:
            cells = '"/><mergeCell ref="'.join(self.merge)
            self.fh.write(f'<mergeCells count="{len(self.merge)}"><mergeCell ref="{cells}"/></mergeCells>')


def result(value: Number | str, element: str) -> str:
    """What stands behind the style of a cell with a formula. element: the formula."""
    if isinstance(value, str):
        # An empty text is a text too: without the mark a reader would take it for a number that is missing.
        return f"{TEXT}>{element}<v>{escaped(value)}</v></c>"
    return f">{element}<v>{result_text(value) if value else float(value)}</v></c>"


@cached(maxsize=1000)
def _formula(text: str) -> str:
    """A formula as XML has it; the same stand in many workbooks."""
    return escaped(text)
