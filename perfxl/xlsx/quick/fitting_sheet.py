"""The quick worksheet for the template: rows fit what is typed into them, texts are shared, typing follows rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from perfxl.caches import cached, kept
from perfxl.text import CELL_TEXT
from perfxl.xlsx.quick.kept import keep
from perfxl.xlsx.quick.places import STARTS, letters
from perfxl.xlsx.quick.sheet import FastSheet, SheetCells
from perfxl.xlsx.shared_formulas import Cell, Shared, shared_formulas
from perfxl.xlsx.side_by_side import several_areas, write_one_by_one
from perfxl.xlsx.texts import escaped

PLAIN = '"'
"""The style of a cell that has none."""
_DAY_ONE = date(1899, 12, 30)  # Excel's day 0, for every day after February 1900
_RULES_KEPT = 1000
_KINDS_KEPT = 10


class _Same(NamedTuple):
    """What sheets of a kind have in common, with the texts of a workbook that has no others yet.

    owner: what it follows from. uses: how many cells have one of the texts. columns: `col_info` as XML.
    """

    owner: object
    cells: SheetCells
    texts: dict[str, int]
    uses: int
    col_info: dict[int, Any]
    columns: str


_same = kept()


class FittingSheet(FastSheet):
    """A worksheet whose rows have a height and yet fit themselves when someone types more.

    XlsxWriter marks every height as set by hand, and such a row never grows again: what a department types would be
    cut off on paper. Without the mark the height holds until the row is edited, as in a file that Excel saved.

    Methods are XlsxWriter's, with rows and columns as numbers and styles as a cell refers to them. Texts are shared by
    the cells of the workbook, as in every file that a department sends. sharing: formulas that are the same but for
    their row are written once.
    """

    sharing = False

    def __init__(self) -> None:
        super().__init__()
        self._rules: list[str] = []
        self.formulas: dict[Cell, str] = {}

    def write_same(self, kind: str, owner: object, write: Callable[[], None]) -> None:
        """Writes to a new sheet what many sheets of a kind have: the same for one owner, once in a process.

        write: writes to this sheet cells, heights, merged cells and widths, with styles that all workbooks share.
        """
        texts = self.str_table
        if texts.count:
            write()  # texts have other numbers here
            return
        same: _Same | None = _same.get(kind)
        if same is None or same.owner is not owner:
            write()
            sheet = Worksheet()
            sheet.col_info, sheet.fh = self.col_info, StringIO()
            sheet._write_cols()
            cells, col_info = self.written().copied(), self.col_info.copy()
            same = _Same(owner, cells, texts.string_table.copy(), texts.count, col_info, sheet.fh.getvalue())
            keep(_same, kind, same, _KINDS_KEPT)
        else:
            self.take(same.cells)
            texts.string_table, texts.count, texts.unique_count = same.texts.copy(), same.uses, len(same.texts)
            self.col_info, self.col_size_changed = same.col_info.copy(), True
        self.columns = same.columns

    def set_row(self, row: int, height: float | None = None, _: Any = None, options: Any = None, /) -> int:
        """The height of a row, or that it is hidden."""
        if height is not None:
            self.height(row, height)
        if options:
            self.row_sizes[row] = (self.default_row_height, True)
            self.row_attributes[row] = ' hidden="1"'
        return 0

    def print_areas(self, areas: Sequence[tuple[int, int, int, int]]) -> None:
        """What is printed, each area on pages of its own: first row and column, last row and column."""
        self.print_area_range = several_areas(self, areas)

    def fit(self, row: int) -> None:
        """Lets a row grow and shrink with what is typed."""
        self.row_attributes[row] = _without_mark(self.row_attributes[row])

    def write_string(self, row: int, col: int, string: str, style: str | None = None) -> int:
        """A text that stays one; -2 where it is too long for a cell."""
        if len(string) > CELL_TEXT:
            return -2
        self.text(row, col, string, style or PLAIN)
        return 0

    def text(self, row: int, column: int, text: str, style: str) -> None:
        """Writes a text, which stays what it is. Raises ValueError where a cell cannot hold it."""
        if len(text) > CELL_TEXT:
            raise ValueError(f"a cell takes {CELL_TEXT} characters at most")
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a text for ready-made XML, so it is made just that.
            text = f"<r><t>{escaped(text)}</t></r>"
        index = self.str_table._get_shared_string_index(text)
        self.table[row][column] = f'{STARTS[column]}{row + 1}{style} t="s"><v>{index}</v></c>'

    def cells(self, row: int, column: int, values: Sequence[Any], styles: Sequence[str]) -> list[int]:
        """Writes texts, exact numbers and empty cells (None, empty text) side by side; the places of all others."""
        return write_one_by_one(self, row, column, values, styles)

    def write_blank(self, row: int, col: int, _: None, style: str) -> int:
        """An empty cell."""
        self.blank(row, col, style)
        return 0

    def write_number(self, row: int, col: int, number: float | Decimal, style: str | None = None) -> int:
        """A number."""
        self.number(row, col, number, style or PLAIN)
        return 0

    def write_datetime(self, row: int, col: int, day: date, style: str) -> int:
        """A day after February 1900."""
        self.number(row, col, (day - _DAY_ONE).days, style)
        return 0

    def write_formula(self, row: int, col: int, formula: str, style: str | None = None, value: Any = 0) -> int:
        """A formula without array braces or newer functions, with its value."""
        plain = formula.removeprefix("=")
        self.formula(row, col, plain, style or PLAIN, value)
        self.formulas[row, col] = plain
        return 0

    def share_formulas(self) -> dict[Cell, Shared]:
        """Writes formulas that are the same once; which ones. No more may be written to the sheet."""
        if not self.sharing:
            return {}
        table = self.table
        standing = {
            (row, col): formula
            for (row, col), formula in self.formulas.items()
            if f"><f>{escaped(formula)}</f>" in table[row].get(col, "")
        }
        found = shared_formulas(standing)
        for (row, col), shared in found.items():
            table[row][col] = table[row][col].replace(shared.plain, shared.element)
        return found

    def _write_rows(self) -> None:
        self.share_formulas()
        super()._write_rows()

    def merge_range(self, row: int, col: int, last_row: int, last_col: int, _: str, style: str) -> int:
        """A merged range of cells, to be written into."""
        self.merge_cells(row, col, last_row, last_col, style)
        return 0

    def data_validation(self, row: int, col: int, last_row: int, last_col: int, options: dict[str, Any]) -> int:
        """What may be typed into a range of cells."""
        head, tail = _rule(tuple(options.items()))
        cells = f"{letters(col)}{row + 1}"
        if (row, col) != (last_row, last_col):
            cells += f":{letters(last_col)}{last_row + 1}"
        self._rules.append(head + cells + tail)
        return 0

    def _write_data_validations(self) -> None:
        if self._rules:
            self.fh.write(f'<dataValidations count="{len(self._rules)}">{"".join(self._rules)}</dataValidations>')

    takes_set_column = True

    def set_column(self, *arguments: Any) -> int:
        """Width and look of columns."""
        self.columns = ""
        return int(super().set_column(*arguments))

    def _write_cols(self) -> None:
        if self.columns:
            self.fh.write(self.columns)
        else:
            Worksheet._write_cols(self)


@cached(maxsize=1_000)
def _without_mark(attributes: str) -> str:
    return attributes.replace(' customHeight="1"', "")


@cached(maxsize=_RULES_KEPT)
def _rule(options: tuple[tuple[str, Any], ...]) -> tuple[str, str]:
    """A rule as XlsxWriter writes it, before and behind the cells that it is for."""
    sheet = Worksheet()
    if sheet.data_validation(0, 0, 0, 0, dict(options)) != 0:
        raise ValueError(f"no rule for what is typed: {dict(options)}")
    sheet.fh = StringIO()
    (rule,) = sheet.validations
    sheet._write_data_validation(rule)
    head, tail = sheet.fh.getvalue().split('"A1"', 1)
    return f'{head}"', f'"{tail}'
