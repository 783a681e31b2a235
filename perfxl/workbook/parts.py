"""The parts of a workbook's package, found as Excel finds them: through relations, whatever letters or dots they use.

What merely lies under a usual name does not count. Where more than one part could be meant, nothing is guessed.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from perfxl.workbook.container import RESEND, damaged, inflate
from perfxl.workbook.hardened_xml import Attributes, is_main, local, read_xml, truth
from perfxl.workbook.limits import RefusalError

_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_MOST_SHEETS = 200
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
        found: dict[str, _Relation] = {}
        own = self.find(posixpath.join(folder, "_rels", f"{name}.rels"))
        if not own:
            return found

        def start(element: str, attributes: Attributes) -> None:
            if element != _RELATIONSHIP:
                return
            key, external = attributes.get("Id", ""), attributes.get("TargetMode", "") == "External"
            if key in found:
                raise damaged()
            target = attributes.get("Target", "")
            place = "" if external else self.find(posixpath.normpath(posixpath.join("/", folder, target)))
            found[key] = _Relation(attributes.get("Type", "").rpartition("/")[2], place, external)

        read_xml(self.read(own), start)
        return found


def _folded(name: str) -> str:
    # A part may lie in the archive under the name by which relations call it, `a%20b.xml`, or its plain one.
    return posixpath.normpath(unquote(name).replace("\\", "/")).lstrip("/").lower()


def main_part(parts: Parts) -> str:
    """The part that the package names as its document; empty where it names none."""
    targets = {item.target for item in parts.relations("").values() if item.kind == "officeDocument"}
    return targets.pop() if len(targets) == 1 else ""


def read_book(parts: Parts, main: str) -> Book:
    """Sheets and parts of a workbook. Raises RefusalError where they cannot be told for certain."""
    relations = parts.relations(main)
    book = Book([])
    path: list[str] = []

    def start(element: str, attributes: Attributes) -> None:
        path.append(element)
        name = local(element)
        if len(path) == 1:
            if not is_main(element) or name != "workbook":
                raise RefusalError("工作簿缺少主要部件，文件已损坏", RESEND, "F104")
            book.strict = "purl.oclc.org" in element
        elif len(path) == 2 and is_main(element) and name == "workbookPr":
            book.since_1904 = truth(attributes.get("date1904"))
        elif len(path) == 3 and is_main(element) and name == "sheet" and local(path[1]) == "sheets":
            book.sheets.append(_sheet(attributes, relations))
            if len(book.sheets) > _MOST_SHEETS:
                raise RefusalError(f"工作表超过 {_MOST_SHEETS} 个", RESEND, "F105")
        elif name == "AlternateContent" and len(path) > 1 and local(path[1]) == "sheets":
            raise damaged()

    def end(_: str) -> None:
        path.pop()

    read_xml(parts.read(main), start, end)
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


def _sheet(attributes: Attributes, relations: Mapping[str, _Relation]) -> Sheet:
    keys = [value for key, value in attributes.items() if key.endswith("/relationships id")]
    relation = relations.get(keys[0]) if len(keys) == 1 else None
    state = attributes.get("state", VISIBLE)
    if relation is None or relation.external or state not in _STATES:
        raise damaged()
    holds_cells = relation.kind == "worksheet"
    if holds_cells and not relation.target:
        raise damaged()
    return Sheet(attributes.get("name", ""), state, relation.target if holds_cells else "")


def _refuse_twice(sheets: list[Sheet]) -> None:
    """Excel takes no two sheets of one name, and none of two sheets with one part."""
    titles = [sheet.title.lower() for sheet in sheets]
    places = [sheet.part for sheet in sheets if sheet.part]
    if len(set(titles)) < len(titles) or len(set(places)) < len(places):
        raise damaged()
