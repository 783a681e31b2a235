"""Where in a Word document something stands, in the words of who looks at it in Word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EXCERPT = 16


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a part. place: in Chinese. text: all its text. container: what it stands in; row, table
    likewise, None where it stands in none. strays: texts that are no text of the page (codes of fields).
    """

    element: Any
    place: str
    text: str
    container: Any
    row: Any
    table: Any
    strays: str


def paragraphs_of(root: Any, part: str) -> Iterator[Paragraph]:
    """The paragraphs of a part in order. part: what it is called, 正文 or 页脚."""
    numbers: dict[Any, int] = {}
    tables: dict[Any, int] = {}
    for element in root.iter(f"{W}p"):
        parent = element.getparent()
        text = "".join(run.text or "" for run in _own(element, f"{W}t"))
        strays = "".join(run.text or "" for run in _own(element, f"{W}instrText", f"{W}delText", f"{W}delInstrText"))
        cell = next(element.iterancestors(f"{W}tc"), None)
        row = next(element.iterancestors(f"{W}tr"), None)
        table = next(element.iterancestors(f"{W}tbl"), None)
        if cell is None or row is None or table is None:
            numbers[parent] = numbers.get(parent, 0) + 1
            boxed = "文本框" if next(element.iterancestors(f"{W}txbxContent"), None) is not None else ""
            place = f"{part}{boxed}第 {numbers[parent]} 段{_excerpt(text)}"
            yield Paragraph(element, place, text, parent, None, None, strays)
            continue
        tables.setdefault(table, len(tables) + 1)
        line = sum(1 for _ in row.itersiblings(f"{W}tr", preceding=True)) + 1
        column = sum(1 for _ in cell.itersiblings(f"{W}tc", preceding=True)) + 1
        place = f"{part}第 {tables[table]} 个表格第 {line} 行第 {column} 格{_excerpt(text)}"
        yield Paragraph(element, place, text, parent, row, table, strays)


def _own(element: Any, *tags: str) -> Iterator[Any]:
    """What stands in a paragraph itself, and not in a text box within it."""
    for run in element.iter(*tags):
        if next(run.iterancestors(f"{W}p")) is element:
            yield run


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return f"（{text[:_EXCERPT]}{'…' if len(text) > _EXCERPT else ''}）" if text else ""
