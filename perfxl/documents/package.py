"""The package of a Word template: its parts, rid of what says who wrote it, on which computer and when."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from lxml import etree

from perfxl.documents.insert import Part
from perfxl.documents.text import as_attribute
from perfxl.workbook.container import BAD_ZIP, check_sizes, inflate, opened
from perfxl.workbook.limits import Limits, RefusalError

MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"
_DROPPED = ("/thumbnail", "/custom-properties", "/customXml", "/attachedTemplate", "/stylesWithEffects", "/people")
_RSID = re.compile(rb'\s+w:rsid\w*="[0-9A-Fa-f]*"|<w:rsid\s[^>]*/>')
_SETTINGS = re.compile(rb"<w:rsids>.*?</w:rsids>|<w:attachedTemplate [^>]*/>|<w:docVars>.*?</w:docVars>", re.DOTALL)
_SAVE = "请在 Word 或 WPS 中打开，另存为 .docx"
CORE, APP = "docProps/core.xml", "docProps/app.xml"
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created></cp:coreProperties>'
)
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Office Word</Application></Properties>"
)


@dataclass(frozen=True)
class Package:
    """parts: all of them by name. main: the name of the document. filled: the parts that have text to fill, by what
    they are called.
    """

    parts: dict[str, bytes]
    main: str
    filled: dict[str, str]


def package_of(data: bytes) -> Package:
    """The package in a file's bytes. Raises RefusalError with its own words where it is no Word document."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusalError("这是旧版 .doc 文件，或设有打开密码", _SAVE + "，并取消密码")
    if not data.startswith(b"PK"):
        raise RefusalError("不是 Word 文档", _SAVE)
    limits = Limits()
    try:
        with opened(data) as archive:
            check_sizes(archive, len(data), limits)
            names = [name for name in archive.namelist() if not name.endswith("/")]
            parts = {name: inflate(archive, name) for name in names}
    except RefusalError as refusal:
        raise RefusalError(refusal.reason.partition("。")[0], _SAVE) from refusal
    except BAD_ZIP as error:
        raise RefusalError("文件已损坏", _SAVE) from error
    try:
        return _cleaned(parts)
    except (KeyError, StopIteration, etree.XMLSyntaxError, expat.ExpatError) as error:
        raise RefusalError("不是 Word 文档，或文件已损坏", _SAVE) from error


def parsed(xml: bytes) -> Any:
    """A part as a tree. Raises XMLSyntaxError."""
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def relations_name(part: str) -> str:
    """Where the relationships of a part stand."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _target(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def _cleaned(parts: dict[str, bytes]) -> Package:
    root = parsed(parts[ROOT])
    main = next(_target("", one.get("Target")) for one in root if one.get("Type").endswith("/officeDocument"))
    types = parsed(parts[TYPES])
    kind = next((one.get("ContentType") for one in types if one.get("PartName", "").lstrip("/") == main), "")
    if kind != MAIN_TYPE:
        macros = "macroEnabled" in kind
        raise RefusalError("文档带宏" if macros else "不是 Word 文档", _SAVE + ("（不带宏）" if macros else ""))
    filled = {"正文": main}
    relations = parsed(parts.get(relations_name(main), b"<Relationships/>"))
    for kind, words in (("header", "页眉"), ("footer", "页脚")):
        targets = [one for one in relations if one.get("Type", "").endswith(f"/{kind}")]
        for number, one in enumerate(targets, 1):
            name = words if len(targets) == 1 else f"{words}（{number}）"
            filled[name] = _target(main, one.get("Target"))
    for name in [name for name in parts if name.endswith(".rels")]:
        parts[name] = _without_dropped(parts, name)
    for name in filled.values():
        parts[name] = _RSID.sub(b"", parts[name])
    for name in [name for name in parts if posixpath.basename(name) == "settings.xml"]:
        parts[name] = _SETTINGS.sub(b"", parts[name])
    for name in [name for name in parts if posixpath.basename(name) in ("styles.xml", "numbering.xml")]:
        parts[name] = _RSID.sub(b"", parts[name])
    _own_properties(parts)
    for name, part in parts.items():
        # What is copied as it is must open in Word too: a part cut off would be in every document that is written.
        if name.endswith((".xml", ".rels")) and name != CORE:
            parsed(part)
    return Package(parts, main, filled)


def _without_dropped(parts: dict[str, bytes], name: str) -> bytes:
    """Relationships without those that tell of their writer; what they lead to goes too."""
    tree = parsed(parts[name])
    folder, file = posixpath.split(name)
    source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
    for one in list(tree):
        if one.get("Type", "").endswith(_DROPPED):
            if one.get("TargetMode") != "External":
                gone = _target(source, one.get("Target"))
                parts.pop(gone, None)
                inner = parts.pop(relations_name(gone), None)
                for further in parsed(inner) if inner else ():
                    parts.pop(_target(gone, further.get("Target")), None)
            tree.remove(one)
    return _bytes(tree)


def _own_properties(parts: dict[str, bytes]) -> None:
    """Properties of our own at the usual place, and content types of what is there only."""
    root, types = parsed(parts[ROOT]), parsed(parts[TYPES])
    for one in list(root):
        if one.get("Type", "").endswith(("/core-properties", "/extended-properties")):
            parts.pop(_target("", one.get("Target")), None)
            root.remove(one)
    base = "http://schemas.openxmlformats.org/"
    for number, (kind, target) in enumerate(
        ((f"{base}package/2006/relationships/metadata/core-properties", CORE),
         (f"{base}officeDocument/2006/relationships/extended-properties", APP)), 1,
    ):  # fmt: skip
        etree.SubElement(root, f"{_RELATIONSHIPS}Relationship", Id=f"rIdP{number}", Type=kind, Target=target)
    parts[CORE], parts[APP] = b"", _APP.encode()
    for one in list(types):
        name = one.get("PartName", "").lstrip("/")
        if name and (name not in parts or name in (CORE, APP)):
            types.remove(one)
    for name, kind in (
        (CORE, "application/vnd.openxmlformats-package.core-properties+xml"),
        (APP, "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
    ):
        etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{name}", ContentType=kind)
    endings = {posixpath.splitext(name)[1].lstrip(".").lower() for name in parts}
    for one in list(types):
        if one.tag == f"{_TYPES}Default" and one.get("Extension", "").lower() not in endings:
            types.remove(one)
    parts[ROOT], parts[TYPES] = _bytes(root), _bytes(types)


def core_properties(title: str, when: str) -> str:
    """The properties of a document: its title and when it was made (ISO 8601, UTC), and no person."""
    return _CORE.format(title=as_attribute(title), when=when)


def _bytes(tree: Any) -> bytes:
    data: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def with_parts(package: Package, added: Sequence[Part]) -> dict[str, bytes]:
    """Relationships and content types with further parts."""
    name = relations_name(package.main)
    relations, types = parsed(package.parts[name]), parsed(package.parts[TYPES])
    folder = posixpath.dirname(package.main)
    for part in added:
        target = posixpath.relpath(part.name, folder or ".")
        if part.relation:
            etree.SubElement(relations, f"{_RELATIONSHIPS}Relationship", Id=part.key, Type=part.relation, Target=target)
        if part.kind:
            etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{part.name}", ContentType=part.kind)
    return {name: _bytes(relations), TYPES: _bytes(types)}
