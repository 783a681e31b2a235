"""What lies above the cells of a sheet: pictures, charts and text boxes, as far as they can be read."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from perfxl.references import column_letters
from perfxl.workbook.hardened_xml import Attributes, local, read_xml
from perfxl.workbook.limits import RefusalError
from perfxl.workbook.parts import Parts

MOST, LONGEST = 1_000, 2_000
LARGEST = 4_000_000
"""Bytes of a part with drawings that is read: copied web pages leave thousands of shapes that nobody sees."""
_MOST_DIGITS = 8
_ANCHORS = frozenset({"oneCellAnchor", "twoCellAnchor", "absoluteAnchor"})
_PICTURE, _FRAME = "pic", "graphicFrame"


class TextBox(NamedTuple):
    """A shape with words in it. cell: above which it begins, `D7`."""

    cell: str
    text: str


class Drawings(NamedTuple):
    """What lies above the cells of a sheet. others: charts, diagrams and tables of other programs."""

    boxes: tuple[TextBox, ...] = ()
    pictures: int = 0
    others: int = 0
    many: bool = False


def read_drawings(parts: Parts, sheet: str) -> Drawings:
    """The drawings on a sheet, by the name of its part. No workbook is refused for its drawings."""
    reader, many = _Reader(), False
    try:
        for relation in parts.relations(sheet).values():
            if relation.kind == "drawing" and relation.target:
                xml = parts.read(relation.target)
                many |= len(xml) > LARGEST
                if len(xml) <= LARGEST:
                    read_xml(xml, reader.start, reader.end, reader.letters)
    except RefusalError:
        pass
    return Drawings(tuple(reader.boxes), reader.pictures, reader.others, many)


class _Reader:
    def __init__(self) -> None:
        self.boxes: list[TextBox] = []
        self.pictures = self.others = 0
        self._path: list[str] = []
        # How many of a name are open: a path may be as long as somebody likes.
        self._open = Counter[str]()
        self._spot = {"row": 0, "col": 0}
        self._digits = ""
        self._text = ""

    def start(self, element: str, _: Attributes) -> None:
        name = local(element)
        # Another program's copy of the same shape stands beside it.
        inside = self._open["Fallback"]
        self._path.append(name)
        self._open[name] += 1
        if name in _ANCHORS:
            self._spot = {"row": 0, "col": 0}
        elif inside:
            return
        elif name == _PICTURE:
            self.pictures += 1
        elif name == _FRAME:
            self.others += 1
        elif name == "sp":
            self._text = ""
        elif name in self._spot:
            self._digits = ""
        elif name in ("p", "br") and self._text and len(self._text) < LONGEST:
            self._text += "\n"

    def letters(self, text: str) -> None:
        name = self._path[-1] if self._path else ""
        if name == "t" and self._open["sp"] and not self._open["Fallback"] and len(self._text) < LONGEST:
            self._text += text[:LONGEST]
        elif name in self._spot and self._open["from"] and len(self._digits) < _MOST_DIGITS:
            self._digits += text[:_MOST_DIGITS]

    def end(self, _: str) -> None:
        name = self._path.pop()
        self._open[name] -= 1
        if name in self._spot and self._open["from"]:
            digits = self._digits.strip()
            self._spot[name] = (
                int(digits) if digits.isascii() and digits.isdigit() and len(digits) < _MOST_DIGITS else 0
            )
        elif name == "sp" and not self._open["Fallback"] and len(self.boxes) < MOST and self._text.strip():
            cell = f"{column_letters(min(self._spot['col'], 16_383))}{self._spot['row'] + 1}"
            self.boxes.append(TextBox(cell, self._text.strip()[:LONGEST]))
