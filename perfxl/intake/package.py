"""Looks into a file before a parser does: what kind it is, whether it is safe to open, where its cells have errors.

calamine dies of a sheet with two far corners and shows an error value as blank (traps.md), so the XML is looked at
first.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from perfxl.intake.limits import Limits, RefusalError

ZIP, OLE, PDF = b"PK", b"\xd0\xcf\x11\xe0", b"%PDF"
RESEND = "请用财政部门下发的模板填写，另存为 .xlsx 后重新报送"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CELL = re.compile(rb"""<(?:\w+:)?c(?=[\s>/])([^>]*?)(/?)>""")
_REF = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_FAR = re.compile(rb"""\br\s*=\s*["']\s*(?:[A-Za-z]{2,}\d|[A-Za-z]+\d{5}|[^"']*&)""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']\s*e\s*["']""")
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c(?=\s)([^>]*)>\s*<(?:\w+:)?f(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>\s*)?</(?:\w+:)?c>"""
)
_A1 = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")


@dataclass(slots=True)
class Package:
    """What the look found. kind: xlsx, xlsm, xlsb, ods or xls. Cells are (sheet name, row, column) counted from 0."""

    kind: str
    errors: set[tuple[str, int, int]] = field(default_factory=set)
    uncalculated: set[tuple[str, int, int]] = field(default_factory=set)
    links: list[str] = field(default_factory=list)


def inspect(data: bytes, limits: Limits) -> Package:
    """The kind of a workbook and what its XML says. Raises RefusalError for what must not reach a parser."""
    if not data.strip(b"\0 \r\n\t"):
        raise RefusalError("文件是空的，没有任何内容", "请核对是否保存成功，" + RESEND, "F101")
    if len(data) > limits.file_bytes:
        raise RefusalError(
            f"文件有 {len(data) / 1e6:.1f} MB，超过上限 {limits.file_bytes / 1e6:.0f} MB",
            "请删去图片和无关工作表后重新保存",
            "F105",
        )
    if data.startswith(OLE):
        return _inspect_ole(data)
    if data.startswith(ZIP):
        return _inspect_zip(data, limits)
    if data.startswith(PDF):
        raise RefusalError("这是 PDF 文件，不是 Excel 工作簿", RESEND, "F103")
    raise RefusalError("不是 Excel 工作簿，或文件已损坏", RESEND, "F103")


def _inspect_ole(data: bytes) -> Package:
    def named(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if named("EncryptedPackage"):
        raise RefusalError(
            "工作簿设有打开密码，无法读取",
            "请在 Excel“文件 > 信息 > 保护工作簿 > 用密码进行加密”中清空密码，保存后重新报送",
            "F102",
        )
    if named("WordDocument"):
        raise RefusalError("这是 Word 文档，不是 Excel 工作簿", RESEND, "F103")
    if named("Workbook") or named("Book"):
        return Package("xls")
    raise RefusalError("不是 Excel 工作簿，或文件已损坏", RESEND, "F103")


def _inspect_zip(data: bytes, limits: Limits) -> Package:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive, len(data), limits)
            names = set(archive.namelist())
            kind = _zip_kind(archive, names)
            package = Package(kind)
            if kind in ("xlsx", "xlsm"):
                _look_at_sheets(archive, names, package, limits)
            elif kind == "ods":
                _refuse_dtd(archive.read("content.xml"))
            return package
    except RefusalError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
            KeyError, struct.error, ElementTree.ParseError) as error:  # fmt: skip
        raise RefusalError(
            "文件已损坏（可能没有传完或没有正常保存），打不开",
            "请在 Excel 中打开原文件，另存为 .xlsx 后重新报送",
            "F104",
        ) from error


def _check_sizes(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    parts = archive.infolist()
    inflated = sum(part.file_size for part in parts)
    if len(parts) > limits.parts:
        raise RefusalError(f"压缩包内有 {len(parts)} 个部件，超过上限 {limits.parts} 个", RESEND, "F105")
    if inflated > limits.inflated_bytes or (inflated > 10_000_000 and inflated > size * limits.ratio):
        raise RefusalError(
            f"展开后有 {inflated / 1e6:.0f} MB，是文件的 {inflated // max(size, 1)} 倍，超过上限"
            f"（{limits.inflated_bytes / 1e6:.0f} MB 或 {limits.ratio} 倍），可能不是正常的工作簿",
            RESEND,
            "F105",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise RefusalError("压缩内容设有密码，无法读取", "请取消密码后重新报送", "F102")


def _zip_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:200]:
        return "ods"
    for part, what in (("word/document.xml", "Word 文档"), ("ppt/presentation.xml", "PowerPoint 演示文稿")):
        if part in names:
            raise RefusalError(f"这是 {what}，不是 Excel 工作簿", RESEND, "F103")
    if "[Content_Types].xml" in names:
        raise RefusalError("工作簿缺少主要部件，文件已损坏", RESEND, "F104")
    raise RefusalError("这是压缩包，不是 Excel 工作簿", "请解压后把其中的工作簿放入文件夹", "F103")


def _look_at_sheets(archive: zipfile.ZipFile, names: set[str], package: Package, limits: Limits) -> None:
    for name in names:
        if name.endswith((".xml", ".rels", ".vml")) and name.startswith(("xl/", "_rels/", "[Content")):
            if name.startswith("xl/worksheets/") and not name.startswith("xl/worksheets/_rels"):
                continue
            _refuse_dtd(archive.read(name))
    package.links.extend(sorted(name for name in names if name.startswith("xl/externalLinks/externalLink")))
    for sheet, part in _sheet_parts(archive, names):
        xml = utf8(archive.read(part))
        _refuse_dtd(xml)
        if _FAR.search(xml):
            _refuse_far_cells(xml, sheet, limits)
        if _ERROR.search(xml):
            package.errors.update((sheet, *place) for place in _cells_matching(xml, _ERROR))
        if b"<f" in xml or b":f" in xml:
            for match in _UNCALCULATED.finditer(xml):
                ref = _REF.search(match[1])
                if ref and (place := position(ref[1])):
                    package.uncalculated.add((sheet, *place))


def _sheet_parts(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Sheet name and part of every worksheet."""
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations.iter(_RELATION)}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not element.tag.endswith("}sheet"):
            continue
        relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
        target = targets.get(relation, "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            yield element.get("name", ""), part


def utf8(xml: bytes) -> bytes:
    """The XML in UTF-8, so that a look for ASCII marks is not fooled by another encoding."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return xml.decode("utf-16", "replace").encode()
    if xml[:4] in (b"<\0?\0", b"<\0\0\0"):
        return xml.decode("utf-16-le", "replace").encode()
    if xml[:4] in (b"\0<\0?", b"\0\0\0<"):
        return xml.decode("utf-16-be", "replace").encode()
    return xml


def _refuse_dtd(xml: bytes) -> None:
    head = utf8(xml)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise RefusalError("文件内部含有不允许的 XML 声明（DTD），可能有害", RESEND, "F105")


def _refuse_far_cells(xml: bytes, sheet: str, limits: Limits) -> None:
    """calamine keeps the whole rectangle up to the farthest filled cell in memory."""
    for match in _CELL.finditer(xml):
        if match[2]:
            continue
        ref = _REF.search(match[1])
        if ref is None:
            continue
        place = position(ref[1])
        if place is None or place[0] >= limits.rows or place[1] >= limits.columns:
            cell = ref[1].decode("ascii", "replace")
            raise RefusalError(
                f"工作表“{sheet}”的单元格 {cell} 远在模板范围之外（上限 {limits.rows} 行、{limits.columns} 列）",
                f"请删除该单元格所在的行和列（选中第 {limits.rows} 行以后的所有行，右键删除），保存后重新报送",
                "F106",
            )


def _cells_matching(xml: bytes, attribute: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    for match in _CELL.finditer(xml):
        if attribute.search(match[1]) and (ref := _REF.search(match[1])) and (place := position(ref[1])):
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
