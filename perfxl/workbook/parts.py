"""The parts of a workbook's package, found as Excel finds them: through relations, whatever letters or dots they use.

What merely lies under a usual name does not count. Where more than one part could be meant, nothing is guessed.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import unquote

from perfxl.caches import cached
from perfxl.workbook.container import RESEND, damaged, inflate
from perfxl.workbook.hardened_xml import Attributes, is_main, local, read_xml, truth
from perfxl.workbook.limits import RefusalError

_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_MOST_SHEETS = 200
_SMALL, _KNOWN = 50_000, 64
"""Parts of fewer bytes are remembered, so many of a kind."""
VISIBLE, HIDDEN = "visible", "hidden"
_STATES = frozenset({VISIBLE, HIDDEN, "veryHidden"})


@dataclass(slots=True)
class Sheet:
    """A sheet of the workbook in its order. part: its name in the archive; empty for one that holds no cells."""

    title: str
    state: str
    part: str


@dataclass(slots=True)
class Book:
    """What a workbook's main part says. texts, styles: names of the parts, empty where there is none.

    since_1904: whether dates count from 1904. strict: Strict Open XML.
    """

    sheets: list[Sheet]
    texts: str = ""
    styles: str = ""
    since_1904: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str
    external: bool


@dataclass(slots=True)
class Parts:
    """The parts of an archive by name, in whatever letters they are asked for."""

    archive: zipfile.ZipFile
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.archive.namelist():
            folded = _folded(name)
            if folded in self.names:
                # Which of two parts Excel takes cannot be known.
                raise damaged()
            self.names[folded] = name

    def find(self, name: str) -> str:
        """The part's own name, empty where there is none."""
        return self.names.get(_folded(name), "")

    def read(self, name: str) -> bytes:
        """The content of a part. Raises RefusalError where it is damaged or not there."""
        if not name:
            raise damaged()
        return inflate(self.archive, name)

    def relations(self, part: str) -> Mapping[str, _Relation]:
        """The relations of a part (of the package for an empty name) by their id."""
        folder, name = posixpath.split(part)
        own = self.find(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, _Relation] = {}
        for key, kind, target, external in _of_known(_relationships, self.read(own)) if own else ():
            place = "" if external else self.names.get(_folded_target(folder, target), "")
            found[key] = _Relation(kind, place, external)
        return found


Read = TypeVar("Read")


def _of_known(reader: Callable[[bytes], Read], xml: bytes) -> Read:
    """What a reader makes of a small part, which is the same in all workbooks that one program saved."""
    return reader(xml) if len(xml) < _SMALL else reader.__wrapped__(xml)  # type: ignore[attr-defined]


@cached(maxsize=_KNOWN)
def _relationships(xml: bytes) -> tuple[tuple[str, str, str, bool], ...]:
    """Id, kind and target of each relation, and whether it leads out of the package."""
    found: dict[str, tuple[str, str, str, bool]] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element != _RELATIONSHIP:
            return
        key = attributes.get("Id", "")
        if key in found:
            raise damaged()
        kind = attributes.get("Type", "").rpartition("/")[2]
        found[key] = key, kind, attributes.get("Target", ""), attributes.get("TargetMode", "") == "External"

    read_xml(xml, start)
    return tuple(found.values())


@cached(maxsize=1_024)
def _folded(name: str) -> str:
    # A part may lie in the archive under the name by which relations call it, `a%20b.xml`, or its plain one.
    return posixpath.normpath(unquote(name).replace("\\", "/")).lstrip("/").lower()


@cached(maxsize=1_024)
def _folded_target(folder: str, target: str) -> str:
    """The folded name of the part that a relation of a part in a folder leads to."""
    return _folded(posixpath.normpath(posixpath.join("/", folder, target)))


def main_part(parts: Parts) -> str:
    """The part that the package names as its document; empty where it names none."""
    targets = {item.target for item in parts.relations("").values() if item.kind == "officeDocument"}
    return targets.pop() if len(targets) == 1 else ""


def read_book(parts: Parts, main: str) -> Book:
    """Sheets and parts of a workbook. Raises RefusalError where they cannot be told for certain."""
    relations = parts.relations(main)
    strict, since_1904, sheets = _of_known(_workbook, parts.read(main))
    book = Book([_sheet(*about, relations) for about in sheets], since_1904=since_1904, strict=strict)
    _refuse_twice(book.sheets)
    for item in relations.values():
        if item.kind in ("sharedStrings", "styles"):
            other = book.texts if item.kind == "sharedStrings" else book.styles
            if other not in ("", item.target):
                raise damaged()
        if item.kind == "sharedStrings":
            book.texts = item.target
        elif item.kind == "styles":
            book.styles = item.target
    return book


@cached(maxsize=_KNOWN)
def _workbook(xml: bytes) -> tuple[bool, bool, tuple[tuple[str, str, str | None], ...]]:
    """Whether a workbook is Strict Open XML and counts from 1904; name, state and relation of each sheet."""
    strict = since_1904 = False
    sheets: list[tuple[str, str, str | None]] = []
    path: list[str] = []

    def start(element: str, attributes: Attributes) -> None:
        nonlocal strict, since_1904
        path.append(element)
        name = local(element)
        if len(path) == 1:
            if not is_main(element) or name != "workbook":
                raise RefusalError("工作簿缺少主要部件，文件已损坏", RESEND, "F104")
            strict = "purl.oclc.org" in element
        elif len(path) == 2 and is_main(element) and name == "workbookPr":
            since_1904 = truth(attributes.get("date1904"))
        elif len(path) == 3 and is_main(element) and name == "sheet" and local(path[1]) == "sheets":
            keys = [value for key, value in attributes.items() if key.endswith("/relationships id")]
            relation = keys[0] if len(keys) == 1 else None
            sheets.append((attributes.get("name", ""), attributes.get("state", VISIBLE), relation))
            if len(sheets) > _MOST_SHEETS:
                raise RefusalError(f"工作表超过 {_MOST_SHEETS} 个", RESEND, "F105")
        elif name == "AlternateContent" and len(path) > 1 and local(path[1]) == "sheets":
            raise damaged()

    def end(_: str) -> None:
        path.pop()

    read_xml(xml, start, end)
    return strict, since_1904, tuple(sheets)


def _sheet(title: str, state: str, key: str | None, relations: Mapping[str, _Relation]) -> Sheet:
    relation = None if key is None else relations.get(key)
    if relation is None or relation.external or state not in _STATES:
        raise damaged()
    holds_cells = relation.kind == "worksheet"
    if holds_cells and not relation.target:
        raise damaged()
    return Sheet(title, state, relation.target if holds_cells else "")


def _refuse_twice(sheets: list[Sheet]) -> None:
    """Excel takes no two sheets of one name, and none of two sheets with one part."""
    titles = [sheet.title.lower() for sheet in sheets]
    places = [sheet.part for sheet in sheets if sheet.part]
    if len(set(titles)) < len(titles) or len(set(places)) < len(places):
        raise damaged()
