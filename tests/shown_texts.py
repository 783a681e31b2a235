"""Every text that a person sees in a workbook or a Word document that perfxl made, without what departments wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl

from perfxl.template.writer import FORMER_NAME
from tests.pages import ROOT

_POINTS = re.compile(r"[\n；。]|[一二三四五六七八九十]是|(?:^|(?<=\n))\d+[.、．]")
Text = tuple[str, str]
"""Where a text stands, and the text."""


def texts_of_book(path: Path) -> Iterator[Text]:
    """Names of sheets, cells, notes, prompts of validations, headers on paper, defined names."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        yield path.name, sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    yield f"{path.name} {sheet.title}!{cell.coordinate}", cell.value
                if cell.comment is not None:
                    yield f"{path.name} {sheet.title}!{cell.coordinate}", cell.comment.text
        for rule in sheet.data_validations.dataValidation:
            yield f"{path.name} {sheet.title} {rule.sqref}", f"{rule.promptTitle} {rule.prompt} {rule.error}"
        yield path.name, f"{sheet.oddHeader.left.text} {sheet.oddHeader.center.text} {sheet.oddFooter.center.text}"
    for name in book.defined_names:
        if name != FORMER_NAME:
            yield path.name, name


def texts_of_document(path: Path) -> Iterator[Text]:
    """Paragraphs, tables within tables too, headers and footers of a Word document."""
    document = docx.Document(str(path))
    parts: list[Any] = [document]
    for section in document.sections:
        parts += [section.header, section.footer, section.first_page_header, section.first_page_footer]
    while parts:
        part = parts.pop()
        for number, paragraph in enumerate(part.paragraphs, 1):
            yield f"{path.name} 第 {number} 段", paragraph.text
        for table in part.tables:
            parts += [cell for row in table.rows for cell in row.cells]


def texts_in(folders: Iterable[Path]) -> Iterator[Text]:
    """Every text of every workbook and Word document in folders, but for what the departments of the examples wrote."""
    written = departments_texts()
    for folder in folders:
        for path in sorted(folder.rglob("*.*")):
            found = {".xlsx": texts_of_book, ".docx": texts_of_document}.get(path.suffix)
            for place, text in found(path) if found else ():
                left = text
                for own in written if len(text) > 3 else ():
                    left = left.replace(own, "")
                yield place, left


def departments_texts() -> list[str]:
    """What the departments of the examples wrote themselves, in words of their own, longest first."""
    texts: set[str] = set()

    def gather(item: Any) -> None:
        if isinstance(item, str):
            # Documents number the points of a narrative anew.
            texts.update(part for part in (item.strip(), *_POINTS.split(item)) if len(part) > 3)
        elif isinstance(item, dict | list):
            for inner in item.values() if isinstance(item, dict) else item:
                gather(inner)

    for folder in ("documents", "year"):
        for path in sorted((ROOT / "examples" / folder).rglob("*.json")):
            gather(json.loads(path.read_text("utf-8")))
    return sorted(texts, key=len, reverse=True)
