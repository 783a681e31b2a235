"""Documents of the whole run made of batches that tests make by code."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import docx
import openpyxl
from lxml import etree

from perfxl.documents.kind import WholeRun
from perfxl.documents.kinds import kinds_named
from perfxl.documents.template import template_of
from perfxl.results.batch import Batch
from perfxl.results.kept_results import LastRun
from tests.review_runs import kept_run
from tests.word_files import DAY

DUE = date(2023, 6, 30)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def record_of(last: LastRun, kind: str) -> Any:
    """What a document of the whole run says."""
    (one,) = kinds_named([kind])
    assert one.of_run is not None
    return one.of_run(WholeRun(last, DAY, DUE))


def document_of(last: LastRun, kind: str, path: Path) -> Path:
    """The document, written with the template that the program brings."""
    (one,) = kinds_named([kind])
    record = record_of(last, kind)
    with path.open("wb") as file:
        template_of(one.draw(), one.template, one.record).fill(record, file, one.title(record), datetime(2023, 5, 4))
    return path


def both_of(batch: Batch, folder: Path) -> tuple[LastRun, Path, Path]:
    """The last run of a batch with both documents on it."""
    folder.mkdir(exist_ok=True)
    last = kept_run(batch, folder / "out")
    return last, document_of(last, "通报", folder / "通报.docx"), document_of(last, "汇总分析", folder / "汇总.docx")


def tables_of(path: Path) -> list[tuple[str, list[list[str]]]]:
    """The tables in order, each with the paragraph before it and its rows without headings."""
    body = docx.Document(str(path)).element.body
    found: list[tuple[str, list[list[str]]]] = []
    title = ""
    for item in body.iterchildren():
        if item.tag == f"{W}p":
            title = _text(item)
        elif item.tag == f"{W}tbl":
            rows = [[_text(cell) for cell in row.iterchildren(f"{W}tc")] for row in item.iterchildren(f"{W}tr")]
            found.append((title, rows[1:]))
    return found


def _text(item: Any) -> str:
    return "\n".join(
        "".join(run.text or "" if run.tag == f"{W}t" else "\n" for run in paragraph.iter(f"{W}t", f"{W}br"))
        for paragraph in (item.iter(f"{W}p") if item.tag != f"{W}p" else [item])
    )


class Drawn(NamedTuple):
    """A chart of a document: what its part caches, and what its workbook holds."""

    title: str
    names: list[str]
    values: dict[str, list[Decimal]]
    book: list[list[Any]]


def charts_of(path: Path) -> list[Drawn]:
    """The charts in the order of the text."""
    found = []
    with zipfile.ZipFile(path) as archive:
        relations = {
            one.get("Id"): one.get("Target")
            for one in etree.fromstring(archive.read("word/_rels/document.xml.rels"))
            if one.get("Type").endswith("/chart")
        }
        main = etree.fromstring(archive.read("word/document.xml"))
        for place in main.iter(f"{C}chart"):
            target = str(relations[place.get(f"{R}id")])
            tree = etree.fromstring(archive.read(f"word/{target}"))
            (own,) = etree.fromstring(archive.read(f"word/charts/_rels/{target.rpartition('/')[2]}.rels"))
            data = archive.read(f"word/{own.get('Target').removeprefix('../')}")
            book = openpyxl.load_workbook(io.BytesIO(data))
            title = "".join(one.text for one in tree.find(f"{C}chart/{C}title").iter(f"{A}t"))
            values = {
                one.findtext(f"{C}tx//{C}v"): [Decimal(v.text) for v in one.find(f"{C}val").iter(f"{C}v")]
                for one in tree.iter(f"{C}ser")
            }
            names = [v.text for v in next(tree.iter(f"{C}cat")).iter(f"{C}v")]
            found.append(Drawn(title, names, values, [list(row) for row in book.active.values]))
    return found
