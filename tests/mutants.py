"""Mutants of good workbooks, made with their structure in mind: the same mutant for the same number each time.

A draft is a workbook whose parts are trees that can be changed one by one, and which then is written in any way that
packages and XML allow. `tests.mutants_same` changes nothing that a person sees, `tests.mutants_changed` one input.
"""

from __future__ import annotations

import io
import posixpath
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from perfxl.layout.fields import FieldId
from perfxl.scheme.model import Scheme
from perfxl.submission.document import leaves
from tests.books import Document, by_hand, cell_of, filled
from tests.findings import clean_document, sheet_part
from tests.folders import parts_of
from tests.strategies import make_document
from tests.xml_trees import ENCODINGS, WAYS, Node, Writer, parse, usual_document

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK, RELATIONS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
TEXTS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
SHEETS = ("填报说明", "基本信息", "收支情况", "绩效指标", "重点任务", "管理效率", "自评得分", "_meta")
SEEDS = (3, 5)


@dataclass
class Base:
    """A good workbook: the document in it, its parts, the part of each sheet and the cell of each field."""

    name: str
    document: Document
    parts: dict[str, bytes]
    sheets: dict[str, str]
    places: dict[FieldId, tuple[str, str]]
    trees: dict[str, Node] = field(default_factory=dict)

    def tree(self, part: str) -> Node:
        """The tree of a part; not to be changed."""
        if part not in self.trees:
            self.trees[part] = parse(self.parts[part])
        return self.trees[part]


def make_bases(scheme: Scheme, table: dict[str, Any], folder: Path) -> list[Base]:
    """The published case as perfxl and as openpyxl write it, and documents drawn at random."""
    documents = {"case": clean_document(), "openpyxl": clean_document()}
    documents |= {f"seed {seed}": make_document(seed, table) for seed in SEEDS}
    found = []
    for name, document in documents.items():
        path = filled(document, scheme, folder / f"{name}.xlsx")
        if name == "openpyxl":
            by_hand(path, lambda book: None)
        sheets = {title: sheet_part(path, title) for title in SHEETS}
        places = {}
        for leaf, _ in leaves(document):
            title, cell = cell_of(scheme, leaf)
            places[leaf] = sheets[title], cell
        parts = parts_of(path)
        if TEXTS not in parts:
            _add_texts(parts)
        found.append(Base(name, document, parts, sheets, places))
    return found


def _add_texts(parts: dict[str, bytes]) -> None:
    """An empty table of shared texts."""
    parts[TEXTS] = f'<sst xmlns="{MAIN}"></sst>'.encode()
    relation = f'<Relationship Id="texts" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", relation.encode())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/{TEXTS}" ContentType="{kind}"/></Types>'
    parts[TYPES] = parts[TYPES].replace(b"</Types>", override.encode())


@dataclass
class Draft:
    """A workbook in the making. names: other names of parts. ways: how a part is written, with rate and encoding."""

    base: Base
    rng: random.Random
    parts: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, Node] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ways: dict[str, Writer] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = dict(self.base.parts)

    def tree(self, part: str) -> Node:
        """The tree of a part, to be changed."""
        if part not in self.trees:
            self.trees[part] = self.base.tree(part).copy()
        return self.trees[part]

    def sheet(self) -> str:
        """The part of a sheet that is read, small ones more often."""
        title = self.rng.choices(SHEETS[1:], (5, 5, 2, 5, 4, 3, 1))[0]
        return self.base.sheets[title]

    def cells(self, part: str) -> Iterator[Node]:
        """The cells of a sheet."""
        for row in self.tree(part).node("sheetData").nodes("row"):
            yield from row.nodes("c")

    def cell(self, part: str, ref: str) -> Node:
        """A cell; one is made where there is none."""
        number = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for row in self.tree(part).node("sheetData").nodes("row"):
            if row.attributes["r"] == number:
                for cell in row.nodes("c"):
                    if cell.attributes["r"] == ref:
                        return cell
        raise KeyError(ref)

    def rewrite(self, part: str, *ways: str, rate: float, encoding: str = "utf-8") -> None:
        """Has a part written in other ways."""
        self.ways[part] = Writer(self.rng, ways, rate, encoding)
        self.tree(part)

    def add_style(self, **attributes: str) -> str:
        """A further cell format like the first; its number."""
        formats = self.tree(STYLES).node("cellXfs")
        plain = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0"}
        formats.children.append(Node("xf", plain | attributes))
        formats.attributes["count"] = str(len(formats.children))
        return str(len(formats.children) - 1)

    def add_format(self, code: str) -> str:
        """A number format; the number of a cell format that has it."""
        styles = self.tree(STYLES)
        formats = styles.nodes("numFmts")
        if not formats:
            styles.children.insert(0, Node("numFmts", {"count": "0"}))
            formats = styles.nodes("numFmts")
        number = str(300 + len(formats[0].children))
        formats[0].children.append(Node("numFmt", {"numFmtId": number, "formatCode": code}))
        return self.add_style(numFmtId=number, applyNumberFormat="1")

    def add_font(self, *inside: Node) -> str:
        """A font; the number of a cell format that has it."""
        fonts = self.tree(STYLES).node("fonts")
        fonts.children.append(Node("font", {}, [*inside, Node("sz", {"val": "10"})]))
        return self.add_style(fontId=str(len(fonts.children) - 1))

    def add_text(self, *inside: Node | str) -> str:
        """A shared text; its number."""
        texts = self.tree(TEXTS)
        children = list(inside)
        if children and isinstance(children[0], str):
            children = [Node("t", {"xml:space": "preserve"}, children)]
        texts.children.append(Node("si", {}, children))
        return str(len(texts.children) - 1)

    def rename(self, part: str, name: str) -> None:
        """Gives a part another name, and tells those that point to it."""
        old, main = self.names.get(part, part), self.names.get(BOOK, BOOK)
        self.names[part] = name
        for override in self.tree(TYPES).nodes("Override"):
            if override.attributes["PartName"].lower() == f"/{old}".lower():
                override.attributes["PartName"] = f"/{name}"
        holder, folder = ("_rels/.rels", "") if part == BOOK else (RELATIONS, posixpath.dirname(main))
        for relation in self.tree(holder).nodes("Relationship"):
            if self._leads_to(relation.attributes["Target"], posixpath.dirname(old) if part == BOOK else folder, old):
                relation.attributes["Target"] = self.target(name, folder)
        if part == BOOK:
            folder, last = posixpath.split(name)
            self.names[RELATIONS] = posixpath.join(folder, "_rels", f"{last}.rels")
            for relation in self.tree(RELATIONS).nodes("Relationship"):
                target = relation.attributes["Target"]
                where = posixpath.normpath(posixpath.join("/", posixpath.dirname(old), target))
                relation.attributes["Target"] = self.target(where[1:], folder)

    @staticmethod
    def _leads_to(target: str, folder: str, part: str) -> bool:
        return f"/{part}" in (posixpath.normpath(posixpath.join("/", folder, target)), posixpath.join("/", target))

    def target(self, name: str, folder: str) -> str:
        """One way of pointing to a part from a folder."""
        near = posixpath.relpath(f"/{name}", f"/{folder}")
        up = "../" * (len(folder.split("/")) if folder else 0)
        target = self.rng.choice((near, f"/{name}", f"./{near}", up + name, f"x/../{near}"))
        return quote(target, safe="/.") if " " in name or ("%" not in name and self.rng.random() < 0.2) else target

    def data(self, part: str) -> bytes:
        """What a part is written as."""
        if part in self.ways:
            return self.ways[part].document(self.trees[part])
        if part in self.trees:
            return usual_document(self.trees[part])
        return self.parts[part]

    def written(self) -> bytes:
        """The whole package, its parts in any order, packed or not, dated and commented."""
        files = {self.names.get(part, part): self.data(part) for part in self.parts}
        rng = self.rng
        names = list(files)
        rng.shuffle(names)
        plain = rng.random() < 0.5
        stream: Any = io.BytesIO()
        with zipfile.ZipFile(_OneWay(stream) if rng.random() < 0.3 else stream, "w", compresslevel=1) as archive:
            for name in names:
                item = zipfile.ZipInfo(name)
                # To pack all of a part takes longer than to read it.
                packed = rng.random() < 0.2
                item.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
                if not plain:
                    item.date_time = (rng.randint(1980, 2100), rng.randint(1, 12), 28, 23, 59, 58)
                    item.create_system = rng.choice((0, 3, 10))
                    item.comment = rng.choice((b"", b"x" * 20))
                    item.extra = rng.choice((b"", b"\x99\x99\x04\0abcd"))
                    item.internal_attr = rng.choice((0, 1))
                archive.writestr(item, files[name])
            if not plain:
                archive.comment = rng.choice((b"", b"PK\x05\x06 comment"[4:], b"x" * 300))
        return bytes(stream.getvalue())


class _OneWay:
    """A stream that cannot go back, so that sizes stand behind the parts."""

    def __init__(self, stream: io.BytesIO) -> None:
        self.write, self.flush = stream.write, stream.flush


def some_ways(draft: Draft) -> None:
    """Some parts are written in other ways, several at once."""
    rng = draft.rng
    wanted = [draft.sheet(), rng.choice((TEXTS, STYLES, BOOK, RELATIONS, "_rels/.rels", TYPES))]
    for part in rng.sample(wanted, rng.choice((1, 1, 2))):
        ways = rng.sample(WAYS, rng.choice((1, 1, 2, 4, len(WAYS))))
        draft.rewrite(part, *ways, rate=rng.choice((0.005, 0.05, 0.3)), encoding=rng.choice(ENCODINGS))
        draft.done.append(f"{part} by {' '.join(sorted(ways))} in {draft.ways[part].encoding}")
