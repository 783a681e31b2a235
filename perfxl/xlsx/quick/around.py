"""What stands around the rows of a sheet: written once in a process for all sheets that are set up alike.

XlsxWriter asks some thirty times what a sheet has and writes tag by tag. Sheets of one kind differ in their rows, their
merged cells, how far they reach, and what stands above their pages; all else follows from their attributes.
"""

from __future__ import annotations

from collections.abc import Hashable
from io import StringIO
from operator import itemgetter
from typing import Any

from xlsxwriter.worksheet import Worksheet

from perfxl.caches import kept
from perfxl.xlsx.quick.kept import MARK, keep

_ELSEWHERE = {
    "name", "str_table", "worksheet_meta", "workbook_add_format", "embedded_images", "fh", "default_url_format",
    "default_date_format", "table", "row_sizes", "row_size_changed", "merge", "comments", "comments_list", "col_info",
    "vml_shape_id", "vml_data_id", "dim_rowmin", "dim_rowmax", "dim_colmin", "dim_colmax", "prev_col_offset",
    "prev_row_offset", "charts", "drawing", "drawing_links", "external_drawing_links", "external_vml_links",
    "external_comment_links", "filter_cells", "autofilter_area", "print_area_range", "repeat_row_range",
    "repeat_col_range", "tab_color", "ignored_errors",
}  # fmt: skip
"""What belongs to a sheet in its workbook, stands in other parts, or is written sheet by sheet or looked at below."""
_OF_PAGE = {"header"}
"""What is written sheet by sheet where a page is set up."""
_SHEET = {name: value for name, value in vars(Worksheet()).items() if name not in _ELSEWHERE}
_MANY = [name for name, value in _SHEET.items() if isinstance(value, (dict, list))]
_ONE = [name for name in _SHEET if name not in _MANY]
_many = itemgetter(*_MANY)
_one, _one_but_page = itemgetter(*_ONE), itemgetter(*[name for name in _ONE if name not in _OF_PAGE])
KEPT = 300
_around = kept()


def write_around(sheet: Any) -> bool:
    """Writes a sheet to its file, its own rows among what is kept.

    False where it cannot be told from its attributes what stands around them; then nothing is written.
    """
    key = _key(sheet) if sheet.measured() else None
    if key is None:
        return False
    pieces: list[str] | None = _around.get(key)
    if pieces is None:
        target, sheet.fh, sheet.marked = sheet.fh, StringIO(), True
        Worksheet._assemble_xml_file(sheet)
        pieces = sheet.fh.getvalue().split(MARK)
        sheet.fh, sheet.marked = target, False
        keep(_around, key, pieces, KEPT)
    own = (sheet.write_size, sheet._write_rows, sheet._write_merge_cells, sheet._write_print_options)
    sheet.fh.write(pieces[0])
    # A page that is not set up has no mark: it stands in the last piece.
    for piece, write in zip(pieces[1:], own, strict=False):
        write()
        sheet.fh.write(piece)
    return True


def _key(sheet: Any) -> Hashable | None:
    """All that it depends on; None where there are links, or formats of the workbook, whose numbers are its own."""
    state = vars(sheet)
    if state["hyperlinks"] or state["external_hyper_links"]:
        return None
    if any(rule["format"] is not None for rules in state["cond_formats"].values() for rule in rules):
        return None
    columns: Hashable = state["columns"]
    if not columns and (infos := state["col_info"]):
        if any(info.column_format for info in infos.values()):
            return None
        columns = str(infos)
    many = tuple([(name, str(value)) for name, value in zip(_MANY, _many(state), strict=True) if value])
    page = bool(state["page_setup"])
    one = _one_but_page(state) if page else _one(state)
    shown = (str(state["tab_color"]), str(state["ignored_errors"]), bool(state["drawing"]))
    return type(sheet), one, page, many, columns, shown, tuple(state.get("_rules", ()))
