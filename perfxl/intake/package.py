"""Looks into a workbook's package before a parser does: what would harm, and what the parser does not tell.

The parser is given a package of the parts that were looked at, and of no others.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from perfxl.intake.container import OLE, RESEND, check_shell, check_sizes, damaged, inflate, ole_kind, opened, zip_kind
from perfxl.intake.limits import Limits, RefusalError
from perfxl.intake.sheet_xml import look_at_sheet, refuse_dtd, refuse_far_cells, too_far, utf8
from perfxl.xlsx.archive import Archive, store

CellPlace = tuple[str, int, int]
_ODS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MOST_SHEETS = 200
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


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


def inspect(data: bytes, limits: Limits) -> tuple[Package, io.BytesIO]:
    """The kind of a workbook and what its XML says; and the workbook for the parser, which must be given no other.

    Raises RefusalError for what must not reach a parser.
    """
    check_shell(data, limits)
    if data.startswith(OLE):
        return Package(ole_kind(data)), io.BytesIO(data)
    with opened(data) as archive:
        check_sizes(archive, len(data), limits)
        package = Package(zip_kind(archive))
        try:
            if package.kind in ("xlsx", "xlsm"):
                return package, _look_at_xlsx(archive, package, limits)
            if package.kind == "ods":
                _look_at_ods(archive, limits)
        except ElementTree.ParseError as error:
            raise damaged() from error
    return package, io.BytesIO(data)


def _look_at_xlsx(archive: zipfile.ZipFile, package: Package, limits: Limits) -> io.BytesIO:
    names = archive.namelist()
    workbook = utf8(inflate(archive, _WORKBOOK))
    package.strict = b"purl.oclc.org/ooxml" in workbook
    titles: dict[str, list[str]] = {}
    if _RELATIONS in names:
        relations = utf8(inflate(archive, _RELATIONS))
        for title, name in dict(_sheet_parts(workbook, relations)).items():
            titles.setdefault(name, []).append(title)
    readable = io.BytesIO()
    stored = Archive(readable)
    longest = strings = 0
    for name in names:
        part = inflate(archive, name)
        if name in titles:
            look = look_at_sheet(part, titles[name][0], limits)
            part = part if look.xml is None else look.xml
            strings += look.strings * len(titles[name])
            for title in titles[name]:
                package.errors.update((title, *place) for place in look.errors)
                package.uncalculated.update((title, *place) for place in look.uncalculated)
                package.linked.update((title, *place) for place in look.linked)
        else:
            longest = max(longest, _look_at_part(utf8(part), name, limits))
        stored.add(store(name, part))
    if strings * longest > limits.inflated_bytes:
        # Each cell gets a copy of its text.
        words = f"文字展开后可达 {strings * longest / 1e6:.0f} MB，超过上限 {limits.inflated_mb} MB（展开大小）"
        raise RefusalError(words, RESEND, "F105")
    stored.close()
    readable.seek(0)
    return readable


def _look_at_part(xml: bytes, name: str, limits: Limits) -> int:
    """The bytes of the longest shared text in a part that is no known sheet, 0 where it holds none."""
    refuse_dtd(xml)
    if name.lower().endswith("sharedstrings.xml"):
        return max(map(len, xml.split(b"</si>")), default=0)
    # A parser may take any part for a sheet, whatever its name and ending.
    refuse_far_cells(xml, name, limits)
    return 0


def _sheet_parts(workbook: bytes, relations: bytes) -> Iterator[tuple[str, str]]:
    """Sheet name and part of every worksheet."""
    # Two small parts, looked through for a DTD before they are parsed.
    refuse_dtd(relations)
    refuse_dtd(workbook)
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in ElementTree.fromstring(_without_encoding(relations)).iter()
        if item.tag.endswith("}Relationship")
    }
    count = 0
    for element in ElementTree.fromstring(_without_encoding(workbook)).iter():
        if not element.tag.endswith("}sheet"):
            continue
        count += 1
        if count > _MOST_SHEETS:
            raise RefusalError(f"工作表超过 {_MOST_SHEETS} 个", RESEND, "F105")
        relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
        target = targets.get(relation, "").lstrip("/")
        # One that is not there is the parser's to tell.
        yield element.get("name", ""), target if target.startswith("xl/") else f"xl/{target}"


def _without_encoding(xml: bytes) -> bytes:
    """Without the declaration, which may name the encoding that the bytes had before."""
    text = xml.lstrip(b"\xef\xbb\xbf \r\n\t")
    return text[text.index(b"?>") + 2 :] if text.startswith(b"<?xml") and b"?>" in text else text


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
