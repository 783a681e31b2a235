"""Workbooks that begin as another one was written: what is the same in both is neither written nor packed again.

A stamp is what a workbook was when its sheets were written, before it was packed. A workbook that begins as it has its
formats, its texts and its sheets; only rows that are written to are put together anew, the others are taken as they
were packed. What comes out is what the same calls write on new sheets, but for the numbers of formats and texts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Set
from io import StringIO
from typing import Any

from xlsxwriter.worksheet import Worksheet

from perfxl.deflate import COMPACT
from perfxl.xlsx.archive import Member, Piece, joined, piece
from perfxl.xlsx.quick.fitting_sheet import PLAIN, FittingSheet
from perfxl.xlsx.quick.formats import take_formats
from perfxl.xlsx.quick.kept import MARK, keep
from perfxl.xlsx.quick.places import between_tags
from perfxl.xlsx.quick.shared_texts import items, texts_head
from perfxl.xlsx.quick.sheet import TEXT, result

TOGETHER = 30
"""Rows that are packed as one: more pack smaller, fewer are packed again for one that is written to."""
AROUND_KEPT = 50
NAMES_KEPT = 300
_COLLECTIONS = (dict, list, set)
_OWN = (
    "name", "index", "str_table", "worksheet_meta", "workbook_add_format", "embedded_images", "fh",
    "default_url_format", "default_date_format", "base", "table", "row_sizes", "row_attributes", "comments",
    "comments_list", "vml_shape_id", "vml_data_id", "external_vml_links", "external_comment_links",
    "row_size_changed", "rel_count", "header", "dim_rowmin", "dim_rowmax", "dim_colmin", "dim_colmax",
    "prev_col_offset", "prev_row_offset", "formulas",
)  # fmt: skip
"""What belongs to a sheet in its workbook, or stands in other parts than what is around its rows."""


_HEIGHTS = ("row_sizes", "row_attributes")
_NEW = vars(FittingSheet())


class SheetStamp:
    """A sheet as it was written once."""

    def __init__(self, sheet: FittingSheet) -> None:
        self.shared = sheet.share_formulas()
        self.first_of = {shared.number: cell for cell, shared in self.shared.items() if shared.is_first}
        self.state = vars(sheet)
        self.compared = [(name, value) for name, value in self.state.items() if name not in _OWN]
        # In its workbook a sheet has links and comments of its own; heights are those of the stamp.
        self.begun = _NEW | dict(self.compared) | {name: self.state[name] for name in _HEIGHTS}
        self.collections = [(name, value) for name, value in self.begun.items() if isinstance(value, _COLLECTIONS)]
        rows, self.columns = sheet.used()
        self.rows = sorted(rows)
        self.table = {row: dict(sorted(cells.items())) for row, cells in sheet.table.items()}
        self.texts = {row: sheet.rows_xml((row,)) for row in self.rows}
        groups = [self.rows[start : start + TOGETHER] for start in range(0, len(self.rows), TOGETHER)]
        self.groups = [(dict.fromkeys(group), self._packed(group)) for group in groups]
        self.around: dict[Any, list[Piece]] = {}
        self._formulas_in: dict[tuple[int, int], tuple[str, str] | None] = {}

    def formula_in(self, row: int, col: int) -> tuple[str, str] | None:
        """The beginning of a cell with a formula, up to its type, and the formula; None of any other cell."""
        place = row, col
        if place not in self._formulas_in:
            head, end, rest = self.table.get(row, {}).get(col, "").partition("><f")
            self._formulas_in[place] = (head.removesuffix(TEXT), f"<f{rest.rpartition('<v>')[0]}") if end else None
        return self._formulas_in[place]

    def _packed(self, rows: Iterable[int]) -> Piece:
        return piece("".join(self.texts[row] for row in rows), COMPACT)


class Stamp:
    """A workbook as it was written once; nothing is written to it afterwards."""

    def __init__(self, workbook: Any) -> None:
        workbook.fileclosed = True  # what XlsxWriter would pack when it is forgotten
        self.sheets = {sheet.name: SheetStamp(sheet) for sheet in workbook.worksheets_objs}
        self.formats = workbook.formats
        self.numbers, self.numbers_in_conditions = workbook.xf_format_indices, workbook.dxf_format_indices
        self.names = workbook.defined_names
        self.texts, self.count = workbook.str_table.string_table, workbook.str_table.count
        self._prepared_names: dict[Hashable, tuple[list[Any], list[Any]]] = {}
        self.styles_keys: dict[bool, Hashable] = {}
        self._packed_texts = piece("".join(items(self.texts)), COMPACT)

    def begin(self, workbook: Any) -> None:
        """Gives a new workbook formats, defined names and texts; its sheets are asked for by their names."""
        take_formats(self.formats, self.numbers, self.numbers_in_conditions, workbook)
        workbook.defined_names = self.names.copy()
        table = workbook.str_table
        table.string_table, table.count, table.unique_count = self.texts.copy(), self.count, len(self.texts)

    def prepare_names(self, workbook: Any, prepare: Callable[[], None]) -> None:
        """Gives a workbook that began as this one its names, those of its sheets among them. prepare: finds them."""
        areas = tuple(
            (sheet.name, sheet.autofilter_area, sheet.print_area_range, sheet.repeat_col_range, sheet.repeat_row_range)
            for sheet in workbook.worksheets_objs
        )
        if workbook.defined_names != self.names:
            prepare()  # it has defined more
            return
        if areas not in self._prepared_names:
            prepare()
            keep(self._prepared_names, areas, (workbook.defined_names, workbook.named_ranges), NAMES_KEPT)
        workbook.defined_names, workbook.named_ranges = self._prepared_names[areas]

    def shared_texts(self, name: str, table: Any, level: int) -> Member:
        """The part that holds the texts of a workbook that began as this one."""
        # Those that are new come last.
        new = list(table.string_table)[len(self.texts) :]
        head = piece(texts_head(table), level)
        return joined(name, (head, self._packed_texts, piece(f"{''.join(items(new))}</sst>", level)))


class _Rows(dict[int, dict[int, str]]):
    """The cells of the rows that are written to, each a copy of those of the stamp."""

    def __init__(self, base: dict[int, dict[int, str]]) -> None:
        self._base = base

    def __missing__(self, row: int) -> dict[int, str]:
        cells = self[row] = dict(self._base.get(row, ()))
        return cells


class StampedSheet(FittingSheet):
    """A sheet that begins as it stands in a stamp, with all that is set up there.

    It may be written to cell by cell; of what is merged there the format may change, and the text.
    """

    header: str
    # What stands around its rows is packed once for all.
    _assemble_xml_file = Worksheet._assemble_xml_file

    def __init__(self, base: SheetStamp) -> None:
        self.__dict__ = base.begun | {name: value.copy() for name, value in base.collections}
        self.base = base
        self.table = _Rows(base.table)

    def height(self, row: int, points: float) -> None:
        """The height of a row."""
        super().height(row, points)
        self.table[row]

    def write_formula(self, row: int, col: int, formula: str, style: str | None = None, value: Any = 0) -> int:
        """A formula, which is shared as it is in the stamp."""
        plain, shared = formula.removeprefix("="), self.base.shared.get((row, col))
        element = shared.element if shared is not None and shared.formula == plain else ""
        self.formula(row, col, plain, style or PLAIN, value, element=element)
        return 0

    def write_result(self, row: int, col: int, value: float | str) -> bool:
        """What a formula of the stamp comes to now; False where there is none."""
        formula = self.base.formula_in(row, col)
        if formula is None:
            return False
        self.table[row][col] = f"{formula[0]}{result(value, formula[1])}"
        return True

    def _unshare(self) -> None:
        """Writes those formulas in full that would be lost with what stood in the first of their cells."""
        own = self.table
        gone = [
            number
            for number, (row, col) in self.base.first_of.items()
            if row in own and self.base.shared[row, col].element not in own[row].get(col, "")
        ]
        for (row, col), shared in self.base.shared.items() if gone else ():
            if shared.number in gone and (cell := own[row].get(col)) is not None:
                own[row][col] = cell.replace(shared.element, shared.plain)

    def merge_cells(self, row: int, column: int, last_row: int, last_column: int, style: str) -> None:
        """Gives merged cells of the stamp their format."""
        for each in range(row, last_row + 1):
            for one in range(column, last_column + 1):
                self.blank(each, one, style)

    def used(self) -> tuple[Set[int], Set[int]]:
        """The rows and columns with cells or heights of their own."""
        base, own = self.base, self.table
        rows: Set[int] = base.texts.keys()
        if not own.keys() <= rows:
            rows = rows | own.keys()
        # A row has at least the cells of the stamp, so that one with as many has no others.
        wider = [cells for row, cells in own.items() if len(cells) != len(base.table.get(row, ()))]
        return rows, set(base.columns).union(*wider) if wider else base.columns

    def packed(self, name: str, level: int) -> Member:
        """The sheet as a part of its workbook."""
        self._unshare()
        key = self._differences()
        if key not in self.base.around:
            keep(self.base.around, key, self._pack_around(), AROUND_KEPT)
        head, *tail = self.base.around[key]
        rows = self._pieces(level) if self.table else (packed for _, packed in self.base.groups)
        # What stands at the head of each page names who fills the workbook.
        between = (piece(between_tags(self.header), level),) if len(tail) > 1 else ()
        return joined(name, (head, *rows, tail[0], *between, *tail[1:]))

    def _differences(self) -> tuple[str, ...]:
        """What around the rows differs from the stamp."""
        rows, columns = self.used()
        own = vars(self)
        changed = [
            f"{name}={_shown(own[name])}"
            for name, value in self.base.compared
            if own[name] is not value and own[name] != value
        ]
        return (*changed, f"{min(rows, default=0)} {max(rows, default=0)} {min(columns, default=0)} "
                f"{max(columns, default=0)}")  # fmt: skip

    def _pack_around(self) -> list[Piece]:
        """What stands before the rows, behind them, and behind the head of the page where there is one."""
        own, self.fh = self.header, StringIO()
        self.header = own and MARK
        self._assemble_xml_file()
        self.header = own
        return [piece(text, COMPACT) for text in self.fh.getvalue().split(MARK)]

    def _write_rows(self) -> None:
        self.fh.write(MARK)

    def _pieces(self, level: int) -> Iterator[Piece]:
        """The rows: as they were packed, or packed anew where any of a group is written to."""
        base, own = self.base, self.table
        if not own.keys() <= base.texts.keys():
            rows = sorted(own.keys() | base.texts.keys())
            yield piece("".join(self.rows_xml((row,)) if row in own else base.texts[row] for row in rows), level)
            return
        waiting: list[str] = []
        for group, packed in base.groups:
            if own.keys().isdisjoint(group):
                if waiting:
                    yield piece("".join(waiting), level)
                    waiting = []
                yield packed
            else:
                waiting += [self._row(row) if row in own else base.texts[row] for row in group]
        if waiting:
            yield piece("".join(waiting), level)

    def _row(self, row: int) -> str:
        """A row that is written to."""
        cells = self.table[row]
        if not cells or len(cells) != len(self.base.table.get(row, ())):
            return self.rows_xml((row,))
        # Its cells are those of the stamp, in their order.
        return f'<row r="{row + 1}"{self.row_attributes.get(row, "")}>{"".join(cells.values())}</row>'


def _shown(value: Any) -> str:
    """A value in full: XlsxWriter's own objects say only where they are."""
    return str(vars(value)) if hasattr(value, "__dict__") else repr(value)
