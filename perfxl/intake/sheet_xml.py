"""The XML of one sheet: what would harm is refused, what the parser does not tell is found, what it need not read goes.

calamine dies of a sheet with two far corners and shows an error value as blank. It reads the XML twice, for the rows
and then up to the merged ranges, with all formulas, of which nothing is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfxl.intake.container import RESEND
from perfxl.intake.limits import Limits, RefusalError

Position = tuple[int, int]
_NAME = rb"(?:[^\s<>/:=\"']+:)?"
_CELL = re.compile(rb"<" + _NAME + rb"c(?=[\s>/])([^>]*?)(/?)>")
_REF = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_ROW_OR_CELL = re.compile(rb"<" + _NAME + rb"(row|c)(?=[\s>/])([^>]*?)(/?)>")
# A cell that is not written as Excel, WPS and LibreOffice write one of the template's own cells.
_ODD_CELL = re.compile(rb'<c(?![A-Za-z])(?! r="[A-Z]\d{1,4}")')
_PREFIXED_CELL = re.compile(rb":c[\s>/]")
# A formula with a result: a text, which may be empty, or what can be seen. Others stay and are looked at.
_ANY_FORMULA = rb"(?=[ />])[^<>/]*(?:/>|>[^<]*</f>)"
_CALCULATED = re.compile(rb'<f(?:(?<= t="str"><f)' + _ANY_FORMULA + rb"|" + _ANY_FORMULA + rb"(?=<v>[^<]))")
_ERROR = re.compile(rb"""\bt\s*=\s*["']\s*e\s*["']""")
# A formula whose result is an empty text has been calculated.
_TEXT = re.compile(rb"""\bt\s*=\s*["']\s*str\s*["']""")
_UNCALCULATED = re.compile(
    rb"<" + _NAME + rb"c(?=\s)([^>]*)>\s*<" + _NAME + rb"f(?:[^>]*/>|[^>]*>[^<]*</" + _NAME + rb"f>)\s*"
    rb"(?:<" + _NAME + rb"v\s*/>\s*|<" + _NAME + rb"v>\s*</" + _NAME + rb"v>\s*)?</" + _NAME + rb"c>"
)
_WITHOUT_RESULT = (b"</f></c>", b"</f><v></v></c>", b"</f><v/></c>", b"</f><v /></c>", b"/></c>")
_LINKED = re.compile(rb"<" + _NAME + rb"c(?=\s)([^>]*)>\s*<" + _NAME + rb"f[^>]*>[^<]*\[\d+\][^<]*</")
_A1 = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")
_DATA, _DATA_END = b"<sheetData>", b"</sheetData>"
_MERGES = re.compile(rb'<mergeCells[^<>]*>(?:<mergeCell ref="[A-Z]+\d+:[A-Z]+\d+" ?/>)*</mergeCells>')
_NO_MERGES = b"<mergeCells></mergeCells>"


@dataclass(slots=True)
class SheetLook:
    """What the look found, as (row, column) counted from 0. xml: what to give the parser, None for the XML as it was.

    errors: cells with an error value. uncalculated: formulas without a result. linked: cells with a formula into
    another workbook. strings: the most cells that may refer to a shared text.
    """

    errors: list[Position]
    uncalculated: list[Position]
    linked: list[Position]
    strings: int
    xml: bytes | None = None


def look_at_sheet(part: bytes, sheet: str, limits: Limits) -> SheetLook:
    """What the XML of a sheet says. Raises RefusalError for far cells and for a DTD."""
    xml = utf8(part)
    linked = list(_matching(_LINKED, xml)) if b"[" in xml else []
    reduced = _reduced(xml) if xml is part else None
    if reduced is not None:
        short, uncalculated = reduced
        errors = list(_cells_with_error(short)) if b'"e"' in short else []
        return SheetLook(errors, uncalculated, linked, _shared_texts(short), short)
    # Anything unusual gets the slower, patient look.
    refuse_dtd(xml)
    unusual = _is_unusual(xml)
    if unusual:
        _refuse_far_cells(xml, sheet, limits)
    errors = list(_cells_with_error(xml)) if b'"e"' in xml or (unusual and _ERROR.search(xml)) else []
    uncalculated = []
    if b"<f" in xml or b":f" in xml:
        uncalculated = list(_matching(_UNCALCULATED, xml, unless=_TEXT) if unusual else _without_result(xml))
    return SheetLook(errors, uncalculated, linked, _shared_texts(xml))


def _shared_texts(xml: bytes) -> int:
    """The most cells that may refer to a shared text."""
    return xml.count(b'"s"') + (xml.count(b"'s'") if b"'" in xml else 0)


def _reduced(xml: bytes) -> tuple[bytes, list[Position]] | None:
    """The rows without calculated formulas, behind the merged ranges, and the formulas without a result.

    None where the sheet is not written as Excel, WPS, LibreOffice and XlsxWriter do; no cell of another is far away.
    """
    start, end = xml.find(_DATA), xml.rfind(_DATA_END)
    merges = _merges(xml[end:])
    if start < 0 or end < start or merges is None:
        return None
    head, rows = xml[:start], _CALCULATED.sub(b"", xml[start:end])
    if _DATA_END in rows:
        return None
    # One letter is found much more quickly than two.
    if b"<!" in head or _is_unusual(head) or (b"!" in rows and b"<!" in rows) or _is_unusual(rows):
        return None
    uncalculated = _without_result(rows) if b"f" in rows and b"<f" in rows else ()
    return b"".join((head, merges, rows, _DATA_END, b"</worksheet>")), list(uncalculated)


def _merges(tail: bytes) -> bytes | None:
    """The merged ranges, which stand behind the rows; None where they are written in an unusual way."""
    if b"mergeCell" not in tail:
        return _NO_MERGES
    match = _MERGES.search(tail)
    return match[0] if match else None


def refuse_far_cells(xml: bytes, part: str, limits: Limits) -> None:
    """Raises RefusalError for a part with a far cell, whether it is known for a sheet or not."""
    if _ODD_CELL.search(xml) or _PREFIXED_CELL.search(xml):
        _refuse_far_cells(xml, part, limits)


def _is_unusual(xml: bytes) -> bool:
    return (b":" in xml and b":c" in xml) or _ODD_CELL.search(xml) is not None


def utf8(xml: bytes) -> bytes:
    """The XML in UTF-8, so that a look for ASCII marks is not fooled by another encoding."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return xml.decode("utf-16", "replace").encode()
    if xml[:4] in (b"<\0?\0", b"<\0\0\0") or xml[1:2] == b"\0":
        return xml.decode("utf-16-le", "replace").encode()
    if xml[:1] == b"\0":
        return xml.decode("utf-16-be", "replace").encode()
    return xml


def refuse_dtd(xml: bytes) -> None:
    """Raises RefusalError for XML that declares its own entities."""
    if b"!" not in xml:
        return
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise RefusalError("文件内部含有不允许的 XML 声明（DTD），可能有害", RESEND, "F105")


def too_far(sheet: str, cell: str, limits: Limits) -> RefusalError:
    """A filled cell far from the template, which would fill the memory with blanks."""
    return RefusalError(
        f"工作表“{sheet}”的单元格 {cell} 远在模板范围之外（上限 {limits.rows} 行、{limits.columns} 列）",
        "请删除该单元格所在的行和列（选中后右键删除，不是清除内容），保存后重新报送",
        "F106",
    )


def _refuse_far_cells(xml: bytes, sheet: str, limits: Limits) -> None:
    """calamine keeps the whole rectangle up to the farthest filled cell in memory.

    A row or cell that does not say where it stands is the next one.
    """
    row = col = -1
    for match in _ROW_OR_CELL.finditer(xml):
        is_row, attributes, empty = match[1] == b"row", match[2], match[3]
        ref = _REF.search(attributes)
        if is_row:
            row, col = (_whole(ref[1]) - 1 if ref else row + 1), -1
            continue
        place = (row, col + 1) if ref is None else position(ref[1])
        if place is not None:
            row, col = place
            if row < limits.rows and col < limits.columns:
                continue
        # A cell that is formatted and holds nothing is not kept.
        if empty or xml[match.end() : match.end() + 40].lstrip().startswith(b"</"):
            continue
        raise too_far(sheet, ref[1].decode("ascii", "replace") if ref else f"第 {row + 1} 行", limits)


def _whole(text: bytes) -> int:
    """A row number; beyond every limit where it is none."""
    digits = text.strip()
    return int(digits) if digits.isdigit() and len(digits) < 10 else 10**9


def _cells_with_error(xml: bytes) -> Iterator[tuple[int, int]]:
    for match in _CELL.finditer(xml):
        if _ERROR.search(match[1]) and (ref := _REF.search(match[1])) and (place := position(ref[1])):
            yield place


def _without_result(xml: bytes) -> Iterator[Position]:
    """`_UNCALCULATED` for the usual way of writing."""
    for mark in _WITHOUT_RESULT:
        *cells, _ = xml.split(mark)
        for before in cells:
            formula = mark != b"/></c>" or before.startswith(b"<f", max(before.rfind(b"<"), 0))
            if formula and (place := _last_cell(before)):
                yield place


def _last_cell(before: bytes) -> Position | None:
    """The place of the last cell that begins in the XML, None where its result is a text."""
    start = before.rfind(b"<c ")
    attributes = before[start:].partition(b">")[0]
    ref = _REF.search(attributes) if start >= 0 and b't="str"' not in attributes else None
    return position(ref[1]) if ref else None


def _matching(
    pattern: re.Pattern[bytes], xml: bytes, unless: re.Pattern[bytes] | None = None
) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(xml):
        if unless is not None and unless.search(match[1]):
            continue
        ref = _REF.search(match[1])
        if ref and (place := position(ref[1])):
            yield place


def position(ref: bytes) -> tuple[int, int] | None:
    """`b"D7"` → (6, 3); None for what is no cell reference."""
    match = _A1.fullmatch(ref.strip())
    if match is None:
        return None
    col = 0
    for letter in match[1].upper():
        col = col * 26 + letter - 64
    return int(match[2]) - 1, col - 1
