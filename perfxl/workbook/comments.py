"""The comments on the cells of a sheet, as far as they can be read: no workbook is refused for its comments."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.workbook.hardened_xml import Attributes, is_main, local, read_xml
from perfxl.workbook.limits import RefusalError
from perfxl.workbook.parts import Parts

MOST, LONGEST = 1_000, 2_000


class Comment(NamedTuple):
    """A comment. cell: `D7`. author: empty where none is named."""

    cell: str
    author: str
    text: str


def read_comments(parts: Parts, sheet: str) -> tuple[Comment, ...]:
    """The comments on a sheet, by the name of its part; of more than a person writes the first."""
    found: list[Comment] = []
    try:
        for relation in parts.relations(sheet).values():
            # Threads have a comment beside them with their text, for programs that do not know threads.
            if relation.kind == "comments" and relation.target:
                found += _comments(parts.read(relation.target))
    except RefusalError:
        return tuple(found)
    return tuple(found[:MOST])


def _comments(xml: bytes) -> list[Comment]:
    reader = _Reader()
    read_xml(xml, reader.start, reader.end, reader.letters)
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: list[Comment] = []
        self._path: list[str] = []
        self._authors: list[str] = []
        self._about: Attributes = {}
        self._text = ""

    def start(self, element: str, attributes: Attributes) -> None:
        name = local(element) if is_main(element) else ""
        self._path.append(name)
        if name in ("comment", "author"):
            self._about, self._text = attributes, ""

    def letters(self, text: str) -> None:
        name = self._path[-1] if self._path else ""
        # What is read aloud beside Chinese signs (`rPh`) is no part of the text.
        if (name == "author" or (name == "t" and "rPh" not in self._path)) and len(self._text) < LONGEST:
            self._text += text

    def end(self, _: str) -> None:
        name = self._path.pop()
        if name == "author":
            self._authors.append(self._text.strip())
        elif name == "comment" and len(self.found) < MOST:
            number = self._about.get("authorId", "")
            own = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else len(self._authors)
            author = self._authors[own] if own < len(self._authors) else ""
            self.found.append(Comment(self._about.get("ref", "")[:12], author, self._text[:LONGEST]))
