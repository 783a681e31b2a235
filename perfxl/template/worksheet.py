"""XlsxWriter's worksheet, with rows that fit what is typed into them, and quicker."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellStringTuple, Worksheet

from perfxl.layout.grid import column_letters


class FittingSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet whose rows have a height and yet fit themselves when someone types more.

    XlsxWriter marks every height as set by hand, and such a row never grows again: what a department types would be
    cut off on paper. Without the mark the height holds until the row is edited, as in a file that Excel saved.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fitting: set[int] = set()

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]] | None = None) -> None:
        given = attributes or []
        if tag == "row" and given[0][1] - 1 in self.fitting:
            given = [attribute for attribute in given if attribute[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, given)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # XlsxWriter looks for newer functions with thirty patterns a formula, half of the time of a workbook. The
        # template has none of them, so that Excel 2010 and WPS calculate it (a test looks). Conditions come here.
        return formula.removeprefix("=")

    # Rows and columns are numbers here, never "A1": the undecorated methods do.
    write_number = Worksheet._write_number
    write_blank = Worksheet._write_blank

    def write_string(self, row: int, col: int, string: str, style: Any = None) -> int:
        """A text that stays one. XlsxWriter takes `<r>…</r>` for ready-made XML, so such a text is made just that."""
        if string.startswith("<r>") and string.endswith("</r>"):
            string = f'<r><t xml:space="preserve">{escape(string)}</t></r>'
        written: int = self._write_string(row, col, string, style)
        return written

    def write_formula(self, row: int, col: int, formula: str, style: Any = None, value: Any = 0) -> int:
        """A formula without array braces or newer functions, with its value."""
        self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), style, value)
        return 0

    def _check_dimensions(self, *_: Any, **__: Any) -> int:
        # Every place comes from the layout and is within the sheet; how far they reach is told in the end.
        return 0

    def _write_dimension(self) -> None:
        rows = [row for row, cells in self.table.items() if cells]
        if rows:
            columns = [col for row in rows for col in self.table[row]]
            self.dim_rowmin, self.dim_rowmax = min(rows), max(rows)
            self.dim_colmin, self.dim_colmax = min(columns), max(columns)
        super()._write_dimension()

    def _calculate_spans(self) -> None:
        # The range of columns that each row uses is a hint that no program needs.
        self.row_spans: dict[int, str] = {}

    def _escape_attributes(self, attribute: Any) -> Any:
        # XlsxWriter tries numbers too, and catches what that raises.
        return super()._escape_attributes(attribute) if isinstance(attribute, str) else attribute

    def _write_rows(self) -> None:
        self._calculate_spans()
        rows = {row for row, cells in self.table.items() if cells} | set(self.row_info) | set(self.comments)
        styles: dict[Any, str] = {None: '"'}
        for row in sorted(rows):
            info, cells = self.row_info.get(row), self.table.get(row)
            if not cells:
                self._write_empty_row(row, None, info)
                continue
            self._write_row(row, None, info)
            number = str(row + 1)
            parts: list[str] = []
            for col in sorted(cells):
                cell = cells[col]
                style = styles.get(cell.format)
                if style is None:
                    style = styles[cell.format] = f'" s="{cell.format._get_xf_index()}"'
                parts.append(f'<c r="{_letters(col)}{number}{style}{_content(cell)}')
            self.fh.write("".join(parts))
            self._xml_end_tag("row")


def _content(cell: Any) -> str:
    """What stands behind the style of a cell, its end included; the template has no other kinds."""
    # The innermost loop. XlsxWriter looks through each attribute for characters to escape; these have none. Cells take
    # no format from their row or column: the template gives those none.
    kind = type(cell)
    if kind is CellBlankTuple:
        return "/>"
    if kind is CellStringTuple:
        return f' t="s"><v>{cell.string}</v></c>'
    if kind is not CellFormulaTuple:
        return f"><v>{cell.number:.16G}</v></c>"
    if isinstance(cell.value, str):
        # An empty text is a text: without the mark a reader would take it for a number that is missing.
        return f' t="str"><f>{_escaped(cell.formula)}</f><v>{_escaped(cell.value)}</v></c>'
    return f"><f>{_escaped(cell.formula)}</f><v>{cell.value}</v></c>"


_letters = lru_cache(maxsize=None)(column_letters)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
