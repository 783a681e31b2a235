"""Looks into a workbook's XML before a parser does: what would harm, and what the parser does not tell.

calamine dies of a sheet with two far corners and shows an error value as blank (traps.md).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from perfxl.intake.container import RESEND, check_shell, damaged, inflate, opened
from perfxl.intake.limits import Limits, RefusalError

CellPlace = tuple[str, int, int]
_NAME = rb"(?:[^\s<>/:=\"']+:)?"
_CELL = re.compile(rb"<" + _NAME + rb"c(?=[\s>/])([^>]*?)(/?)>")
_REF = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_ROW_OR_CELL = re.compile(rb"<" + _NAME + rb"(row|c)(?=[\s>/])([^>]*?)(/?)>")
# A cell that is not written as Excel, WPS and LibreOffice write one of the template's own cells.
_ODD_CELL = re.compile(rb'<c(?![A-Za-z])(?! r="[A-Z]\d{1,4}")')
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
_ODS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MOST_SHEETS = 200


@dataclass(slots=True)
class Package:
    """What the look found. kind: xlsx, xlsm, xlsb, ods or xls. Cells are (sheet name, row, column) counted from 0.

    errors: cells with an error value. uncalculated: formulas without a result. linked: cells with a formula into
    another workbook. strict: Strict Open XML.
    """

    kind: str
    errors: set[CellPlace] = field(default_factory=set)
    uncalculated: set[CellPlace] = field(default_factory=set)
    linked: set[CellPlace] = field(default_factory=set)
    strict: bool = False


def inspect(data: bytes, limits: Limits) -> Package:
    """The kind of a workbook and what its XML says. Raises RefusalError for what must not reach a parser."""
    package = Package(check_shell(data, limits))
    if package.kind in ("xls", "xlsb"):
        return package
    with opened(data) as archive:
        try:
            if package.kind == "ods":
                _look_at_ods(archive, limits)
            else:
                _look_at_xlsx(archive, package, limits)
        except ElementTree.ParseError as error:
            raise damaged() from error
    return package


def _look_at_xlsx(archive: zipfile.ZipFile, package: Package, limits: Limits) -> None:
    names = set(archive.namelist())
    sheets = dict(_sheet_parts(archive, names))
    longest = strings = 0
    for name in names - set(sheets.values()):
        # A parser may take any part for a sheet, whatever its name and ending.
        xml = utf8(inflate(archive, name))
        refuse_dtd(xml)
        if name.lower().endswith("sharedstrings.xml"):
            longest = max(map(len, xml.split(b"</si>")), default=0)
        elif b"<c" in xml or b":c" in xml:
            _look_for_far_cells(xml, name, limits)
    package.strict = b"purl.oclc.org/ooxml" in utf8(inflate(archive, "xl/workbook.xml"))
    for sheet, part in sheets.items():
        xml = utf8(inflate(archive, part))
        refuse_dtd(xml)
        _look_at_sheet(xml, sheet, package, limits)
        strings += xml.count(b'"s"') + xml.count(b"'s'")
    if strings * longest > limits.inflated_bytes:
        # Each cell gets a copy of its text.
        words = f"文字展开后可达 {strings * longest / 1e6:.0f} MB，超过上限 {limits.inflated_mb} MB（展开大小）"
        raise RefusalError(words, RESEND, "F105")


def _look_at_sheet(xml: bytes, sheet: str, package: Package, limits: Limits) -> None:
    # Anything unusual gets the slower, patient look.
    unusual = _look_for_far_cells(xml, sheet, limits)
    if b'"e"' in xml or (unusual and _ERROR.search(xml)):
        package.errors.update((sheet, *place) for place in _cells_with_error(xml))
    if b"<f" not in xml and b":f" not in xml:
        return
    without = _matching(_UNCALCULATED, xml, unless=_TEXT) if unusual else _without_result(xml)
    package.uncalculated.update((sheet, *place) for place in without)
    if b"[" in xml:
        package.linked.update((sheet, *place) for place in _matching(_LINKED, xml))


def _look_for_far_cells(xml: bytes, sheet: str, limits: Limits) -> bool:
    """Whether cells are written in an unusual way, which may hide their place. Raises RefusalError for far ones."""
    unusual = _ODD_CELL.search(xml) is not None or b":c" in xml
    if unusual:
        _refuse_far_cells(xml, sheet, limits)
    return unusual


def _sheet_parts(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Sheet name and part of every worksheet."""
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    # Two small parts, looked through for a DTD before they are parsed.
    relations_xml, workbook_xml = (
        utf8(inflate(archive, name)) for name in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml")
    )
    refuse_dtd(relations_xml)
    refuse_dtd(workbook_xml)
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in ElementTree.fromstring(_without_encoding(relations_xml)).iter()
        if item.tag.endswith("}Relationship")
    }
    count = 0
    for element in ElementTree.fromstring(_without_encoding(workbook_xml)).iter():
        if not element.tag.endswith("}sheet"):
            continue
        count += 1
        if count > _MOST_SHEETS:
            raise RefusalError(f"工作表超过 {_MOST_SHEETS} 个", RESEND, "F105")
        relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
        target = targets.get(relation, "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            yield element.get("name", ""), part


def utf8(xml: bytes) -> bytes:
    """The XML in UTF-8, so that a look for ASCII marks is not fooled by another encoding."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return xml.decode("utf-16", "replace").encode()
    if xml[:4] in (b"<\0?\0", b"<\0\0\0") or xml[1:2] == b"\0":
        return xml.decode("utf-16-le", "replace").encode()
    if xml[:1] == b"\0":
        return xml.decode("utf-16-be", "replace").encode()
    return xml


def _without_encoding(xml: bytes) -> bytes:
    """Without the declaration, which may name the encoding that the bytes had before."""
    text = xml.lstrip(b"\xef\xbb\xbf \r\n\t")
    return text[text.index(b"?>") + 2 :] if text.startswith(b"<?xml") and b"?>" in text else text


def refuse_dtd(xml: bytes) -> None:
    """Raises RefusalError for XML that declares its own entities."""
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


def _without_result(xml: bytes) -> Iterator[tuple[int, int]]:
    """`_UNCALCULATED` for the usual way of writing."""
    for mark in _WITHOUT_RESULT:
        at, before = xml.find(mark), 0
        while at >= 0:
            # Not farther back than the end of the cell before, or a file made for it takes for ever.
            start = xml.rfind(b"<c ", before, at)
            formula = mark != b"/></c>" or xml.startswith(b"<f", xml.rfind(b"<", before, at))
            attributes = xml[start : xml.find(b">", start)]
            if formula and start >= 0 and b't="str"' not in attributes:
                ref = _REF.search(attributes)
                if ref and (place := position(ref[1])):
                    yield place
            before, at = at, xml.find(mark, at + 1)


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


def _look_at_ods(archive: zipfile.ZipFile, limits: Limits) -> None:
    """A repeated cell or row counts as often as it says, so a few bytes can mean millions of cells."""
    xml = utf8(inflate(archive, "content.xml"))
    refuse_dtd(xml)
    root = ElementTree.fromstring(_without_encoding(xml))
    for table in root.iter(f"{_ODS}table"):
        name, row = table.get(f"{_ODS}name", ""), 0
        for line in table.iter(f"{_ODS}table-row"):
            col, filled = 0, False
            for cell in line:
                times = _times(cell, "columns")
                if len(cell) or any(key.endswith("}value-type") for key in cell.attrib):
                    filled = True
                    if col + times > limits.columns:
                        raise too_far(name, f"第 {row + 1} 行第 {col + times} 列", limits)
                col += times
            row += _times(line, "rows")
            if filled and row > limits.rows:
                raise too_far(name, f"第 {row} 行", limits)


def _times(element: ElementTree.Element, what: str) -> int:
    text = element.get(f"{_ODS}number-{what}-repeated", "1")
    return int(text) if text.isdigit() else 1
