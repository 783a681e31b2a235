"""The XML of one sheet in the usual writing, recognised whole and taken apart.

Excel, WPS, LibreOffice, XlsxWriter and openpyxl write a cell in one way only, and a sheet that consists of such cells
says the same to every reader. Any other is read by expat and written anew in that way (`perfxl.workbook.sheet_anew`).
All patterns take linear time: no part of one can be matched in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from perfxl.caches import cached
from perfxl.patterns import pattern_of
from perfxl.references import Position, position
from perfxl.workbook.limits import Limits, RefusalError

Part = tuple[bytes, ...]
LARGE = 4_000_000  # bytes
"""Rows of more are not taken apart all at once."""
_SMALL, _KNOWN = 50_000, 64
"""What stands around the rows is remembered where it has fewer bytes, so many times."""
_DATA, _DATA_END, _ROW = b"<sheetData>", b"</sheetData>", b'<row r="'
_NAMED = rb'(?: [A-Za-z0-9_:]++="[^"<>]*+")*+'
_HEAD = pattern_of(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml(?: version=[\"']1\.0[\"'])(?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])? ?\?>)?\s*+"
    rb'<worksheet xmlns="http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)'
    rb'/main"' + _NAMED + rb">"
    rb"(?:</?(?:sheetPr|tabColor|outlinePr|pageSetUpPr|dimension|sheetViews|sheetView|pane|selection|sheetFormatPr|cols"
    rb"|col)" + _NAMED + rb" ?/?>)*+"
)
_TAIL = pattern_of(
    rb"(?:<(?:sheetCalcPr|sheetProtection|autoFilter)" + _NAMED + rb" ?/>|<autoFilter" + _NAMED + rb">"
    rb"(?:</?(?:filterColumn|filters|filter|customFilters|customFilter|top10)" + _NAMED + rb" ?/?>)*+</autoFilter>)*+"
    rb'(<mergeCells(?: count="\d++")?>(?:<mergeCell ref="[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}" ?/>)++</mergeCells>)?+'
)
_BEHIND_F = rb'(?: [a-z0-9]++="[^"<>]*+")*+(?:/>|>[^<]*+</f>)'
# What may be left out is written as a choice of it or nothing: where the first letter tells which, that takes a third
# less time than `?+`.
_FORMULA = rb"(?:<f" + _BEHIND_F + rb"|)"
NUMBER = rb"(?:-|)\d++(?:\.\d*+|)(?:[eE](?:[+-]|)\d{1,4}|)"
_RESULT = _FORMULA + rb"(?:<v>(?:" + NUMBER + rb"|)</v>|<v ?/>|)</c>"
_PAGE_HEAD, _TOLD_APART = b"<oddHeader>", re.compile(rb"sheetData|mergeCell")
_CELL = (
    rb'<c r="[A-Z]{1,2}+\1"(?: s="\d++"|)(?:/>|>' + _RESULT + rb'| (?:/>|t="(?:'
    rb's"><v>\d{1,7}</v></c>|'
    rb'n">' + _RESULT + rb"|"
    rb'str">' + _FORMULA + rb"(?:<v>[^<]*+</v>|<v ?/>|)</c>|"
    rb'inlineStr">(?:<is><t(?: xml:space="preserve"|)>[^<]*+</t></is>|)</c>|'
    rb'b">' + _FORMULA + rb"<v>[01]</v></c>|"
    rb'e">' + _FORMULA + rb"<v>#[^<]{1,20}+</v></c>)))"
)
ROWS = pattern_of(
    rb'(?:<row r="([1-9]\d{0,5})"'
    rb"(?: (?:spans|ht|customHeight|hidden|s|customFormat|outlineLevel|collapsed|thickTop|thickBot|ph"
    rb'|[a-z0-9]++:dyDescent)="[^"<>]*+")*+(?:/>|>(?:' + _CELL + rb")*+</row>))*+"
)
# Column, row, style, type, `<f` of a formula, `<v>` with the result where there is one, and a text of the cell's own.
FILLED = pattern_of(
    rb'<c r="([A-Z]{1,2}+)(\d++)"(?: s="(\d++)"|)(?: t="([a-zA-Z]++)"|)>(?:(<f)' + _BEHIND_F + rb"|)"
    rb'(?:(<v>[^<]*+)</v>|(<v) ?/>|<is><t(?: xml:space="preserve"|)>([^<]*+)</t></is>|)</c>'
)
_COL = re.compile(rb"<col ([^<>]*+)>")
_HIDDEN_COL = re.compile(rb' (?:hidden="(?:1|true)"|width="0(?:\.0+)?")')
_BOUNDS = re.compile(rb'min="(\d{1,5})" max="(\d{1,5})"')
_ZERO = re.compile(rb'0(?:\.0+)?"')
_MERGED = re.compile(rb'"([A-Z]+\d+):([A-Z]+\d+)"')


@dataclass(slots=True)
class UsualSheet:
    """A sheet taken apart, positions counted from 0.

    cells: of every cell that holds something its column, row, style, type, `<f` where it has a formula, `<v>` with
    the result, `<v` where that is an empty element, and inline text, as they stand; empty where there is none.
    formulas: the rows with the texts of all formulas, empty where there are none. hidden_rows: rows that are not seen.
    hidden_columns: first and last of each range of such columns. merged: first and last cell of each merged range.
    """

    cells: Iterable[Part]
    formulas: bytes
    hidden_rows: set[int]
    hidden_columns: list[tuple[int, int]]
    merged: list[tuple[Position, Position]]


def take_apart(part: bytes) -> UsualSheet | None:
    """The sheet in the XML, None where it is not in the usual writing."""
    divided = rows_in(part)
    if divided is None or not ROWS.fullmatch(divided[1]):
        return None
    frame, rows = divided
    return as_sheet(frame, rows, _cells(rows))


def rows_in(part: bytes) -> tuple[Frame, bytes] | None:
    """What stands around the rows of a sheet and the rows, not recognised yet; None where the first is not usual."""
    start, end = part.find(_DATA), part.rfind(_DATA_END)
    if start < 0 and end < 0 and (at := part.find(b"<sheetData/>")) >= 0:
        start, end, rows = at, at, b""
    elif start < 0 or end < start:
        return None
    else:
        rows = part[start + len(_DATA) : end]
    frame = _frame_of(part[:start], part[end + len(_DATA_END) :])
    return None if frame is None else (frame, rows)


def as_sheet(frame: Frame, rows: bytes, cells: Iterable[Part]) -> UsualSheet:
    """A sheet whose rows are in the usual writing."""
    hidden = _rows_with(rows, b' hidden="', (b"1", b"t"))
    if b' ht="0' in rows:
        hidden |= _rows_with(rows, b' ht="', (b"0",))
    with_formulas = rows if b"<f" in rows else b""
    return UsualSheet(cells, with_formulas, hidden, list(frame.hidden_columns), list(frame.merged))


class Frame(NamedTuple):
    """What stands around the rows of a sheet: see `UsualSheet`."""

    hidden_columns: Sequence[tuple[int, int]]
    merged: Sequence[tuple[Position, Position]]


def _frame_of(head: bytes, tail: bytes) -> Frame | None:
    """What stands before and behind the rows, None where it is not in the usual writing."""
    if len(head) + len(tail) >= _SMALL:
        return _read_frame(head, tail)
    # The head of a page names who fills the workbook; what of the tail is told without its text is told with it.
    start = tail.find(_PAGE_HEAD) + len(_PAGE_HEAD)
    end = tail.find(b"<", start)
    if start >= len(_PAGE_HEAD) and end >= 0 and not _TOLD_APART.search(tail, start, end):
        tail = tail[:start] + tail[end:]
    return _known_frame(head, tail)


def _read_frame(head: bytes, tail: bytes) -> Frame | None:
    if not _HEAD.fullmatch(head) or not _is_usual_tail(tail):
        return None
    merges = _TAIL.match(tail)
    if merges is None or (merges[1] is None and b"mergeCell" in tail):
        return None
    if b"MustUnderstand" in head or b"ProcessContent" in head:
        return None
    return Frame(list(_hidden_columns(head)), _merged(merges[1] or b""))


_known_frame = cached(maxsize=_KNOWN)(_read_frame)
"""All workbooks that one program saved have the same but for the place where its user was."""


def _cells(rows: bytes) -> Iterable[Part]:
    if len(rows) < LARGE:
        return FILLED.findall(rows)
    # Taken apart all at once, a large sheet would need twenty times its size.
    return (match.groups(b"") for match in FILLED.finditer(rows))


def _rows_with(rows: bytes, attribute: bytes, values: tuple[bytes, ...]) -> set[int]:
    """The rows with an attribute that begins with one of the values; of a height only one of nothing."""
    found = set()
    number, above, at = 0, 0, rows.find(attribute)
    while at >= 0:
        # From one to the next, so that a sheet full of them takes no longer; two may stand in one row.
        start = rows.rfind(_ROW, above, at)
        if start >= 0:
            number = start + len(_ROW)
        above, behind = at, at + len(attribute)
        if rows.startswith(values, behind) and (rows[behind : behind + 1] != b"0" or _ZERO.match(rows, behind)):
            found.add(int(rows[number : rows.index(b'"', number)]) - 1)
        at = rows.find(attribute, behind)
    return found


def _hidden_columns(head: bytes) -> Iterator[tuple[int, int]]:
    for attributes in _COL.findall(head):
        if _HIDDEN_COL.search(attributes) and (bounds := _BOUNDS.search(attributes)):
            yield int(bounds[1]) - 1, int(bounds[2]) - 1


def _merged(merges: bytes) -> list[tuple[Position, Position]]:
    corners = ((position(first), position(last)) for first, last in _MERGED.findall(merges))
    return [(first, last) for first, last in corners if first is not None and last is not None]


def _is_usual_tail(tail: bytes) -> bool:
    """Whether nothing behind the rows can be taken for rows, and nothing in it for something else than it is."""
    text = tail.rstrip()
    return (
        text.endswith(b"</worksheet>")
        and text.count(b"</worksheet") == 1
        and b"sheetData" not in text
        and b"<!" not in text
        and b"<?" not in text
    )


def too_far(sheet: str, cell: str, limits: Limits) -> RefusalError:
    """A filled cell far from the template, which would fill the memory with blanks."""
    return RefusalError(
        f"工作表“{sheet}”的单元格 {cell} 远在模板范围之外（上限 {limits.rows} 行、{limits.columns} 列）",
        "请删除该单元格所在的行和列（选中后右键删除，不是清除内容），保存后重新报送",
        "F106",
    )
