"""Makes the workbooks that are measured: a few hundred that differ in everything, and copies of them.

Filling a workbook takes longer than scoring it. So a limited number is filled by `fill_template` from documents that
differ in every value, once, into a cache folder; the others are copies in which only the department's code and name
are changed. A copy keeps every compressed part as it is and gets a shared string table of its own.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import perfxl
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.template.fill import fill_template
from tests.documents import make_document

Document = dict[str, Any]
STRINGS = "xl/sharedStrings.xml"
DISTINCT, DISTINCT_QUICK = 200, 40


@dataclass(frozen=True)
class Kind:
    """A kind of workbook. name: of its cache folder. change: what is done to a random document to get it."""

    name: str
    change: Callable[[Document], Document] = lambda document: document


@dataclass(frozen=True)
class Master:
    """A filled workbook without its string table, and the two texts in it that are the department's own."""

    rest: bytes
    strings: bytes
    code: str
    name: str

    def copy(self, number: int) -> bytes:
        """The same workbook sent by another department."""
        code, name = f"441{number:07d}", f"{self.name.rstrip('0123456789')}{number}"
        strings = self.strings
        for old, new in ((self.code, code), (self.name, name)):
            strings = strings.replace(f"<t>{old}</t>".encode(), f"<t>{new}</t>".encode())
        stream = io.BytesIO()
        stream.write(self.rest)
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(STRINGS, strings)
        return stream.getvalue()


@cache
def scheme() -> Scheme:
    """The scheme of all measurements: the built-in one."""
    return load_scheme(DEFAULT)


@cache
def scheme_table() -> dict[str, Any]:
    """The same scheme as the plain table of its file."""
    path = Path(perfxl.__file__).parent / "scheme" / "builtin" / f"{DEFAULT}.toml"
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)


def cache_folder() -> Path:
    """Where filled workbooks are kept. Its name tells the code that they were made by, so none is out of date."""
    source = hashlib.sha256()
    package = Path(perfxl.__file__).parent
    for part in ("layout", "template", "scheme", "rules", "submission"):
        for path in sorted((package / part).rglob("*")):
            if path.suffix in (".py", ".toml"):
                source.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"perfxl-benchmarks-{source.hexdigest()[:12]}"


def masters(kind: Kind, distinct: int, own: Scheme | None = None) -> Iterator[Master]:
    """So many filled workbooks that differ in every value. own: a scheme with the rows of the usual one."""
    folder = cache_folder() / kind.name
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(distinct):
        document = kind.change(make_document(seed, scheme_table()))
        path = folder / f"{seed}.xlsx"
        if not path.exists():
            unfinished = path.with_suffix(".part")
            fill_template(document, own or scheme(), unfinished, path.name)
            unfinished.replace(path)
        yield _master(path.read_bytes(), document["department"])


def _master(data: bytes, department: dict[str, str]) -> Master:
    rest = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(rest, "w", zipfile.ZIP_DEFLATED) as target:
        strings = source.read(STRINGS)
        for item in source.infolist():
            if item.filename != STRINGS:
                target.writestr(item, source.read(item))
    master = Master(rest.getvalue(), strings, department["code"], department["name"])
    for text in (master.code, master.name):
        if f"<t>{text}</t>".encode() not in strings:
            raise ValueError(f"the filled workbook has no text of its own for {text!r}")
    return master


def make_folder(folder: Path, count: int, kind: Kind, distinct: int) -> Path:
    """Fills a folder with workbooks of `count` different departments."""
    folder.mkdir(parents=True)
    made = list(masters(kind, min(count, distinct)))
    for number in range(count):
        path = folder / f"{number:05d}.xlsx"
        path.write_bytes(made[number % len(made)].copy(number))
    return folder
