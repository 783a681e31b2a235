"""The looks of a workbook's cells that change what a person reads: number formats, struck and unseen text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from perfxl.caches import cached
from perfxl.workbook.hardened_xml import Attributes, is_main, local, read_xml, truth
from perfxl.workbook.number_format import BUILTIN, BUILTIN_DATES, is_date

_PLAIN = re.compile(r"(?:General|@|0\.00##|#,##0\.00####)", re.IGNORECASE)
"""Formats that show all digits of what is typed: the template's own and Excel's usual one."""
Item = TypeVar("Item")
_DEEPEST, _LONGEST_CODE = 6, 1_000
"""Nothing that is asked for lies deeper; no program writes a longer number format."""
WHITE, BLACK = "FFFFFF", "000000"
_THEME = {"0": WHITE, "1": BLACK}
_INDEXED = {"0": BLACK, "1": WHITE, "8": BLACK, "9": WHITE, "64": BLACK, "65": WHITE}


@dataclass(frozen=True)
class Look:
    """One style of cells. code: its number format. struck: struck out or raised text. unseen: text in the colour of
    its ground."""

    code: str = "General"
    date: bool = False
    struck: bool = False
    unseen: bool = False

    @property
    def odd(self) -> bool:
        """Whether what a person reads may be another thing than what the cell holds."""
        return self.struck or self.unseen or not (self.date or _PLAIN.fullmatch(self.code))


@dataclass(frozen=True)
class Looks:
    """The styles of a workbook, in the order by which its cells name them."""

    looks: tuple[Look, ...] = ()

    @cached_property
    def odd(self) -> Mapping[bytes, Look]:
        """The looks that may show another thing than their cells hold, as cells name them."""
        return {b"%d" % number: look for number, look in enumerate(self.looks) if look.odd}

    @cached_property
    def dates(self) -> frozenset[bytes]:
        """The looks that show a number as a date, as cells name them."""
        return frozenset(b"%d" % number for number, look in enumerate(self.looks) if look.date)


@cached(maxsize=64)
def read_looks(part: bytes) -> Looks:
    """The styles in a part, the same for all workbooks that have it. Raises RefusalError where it is damaged."""
    reader = _Reader()
    read_xml(part, reader.start, reader.end)
    return Looks(tuple(reader.look(attributes) for attributes in reader.xfs))


@dataclass
class _Font:
    struck: bool = False
    colour: str = BLACK


@dataclass
class _Fill:
    pattern: str = "none"
    colour: str = ""


@dataclass
class _Reader:
    path: list[str] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    fonts: list[_Font] = field(default_factory=list)
    fills: list[_Fill] = field(default_factory=list)
    xfs: list[Attributes] = field(default_factory=list)

    def start(self, element: str, attributes: Attributes) -> None:
        self.path.append(local(element) if is_main(element) else "")
        if len(self.path) > _DEEPEST:
            return
        where = "/".join(self.path[1:])
        if where == "numFmts/numFmt":
            self.formats[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "General")[:_LONGEST_CODE]
        elif where == "fonts/font":
            self.fonts.append(_Font())
        elif where == "fonts/font/strike":
            self.fonts[-1].struck |= truth(attributes.get("val", "1"))
        elif where == "fonts/font/vertAlign":
            self.fonts[-1].struck |= attributes.get("val") in ("superscript", "subscript")
        elif where == "fonts/font/color":
            self.fonts[-1].colour = _colour(attributes)
        elif where == "fills/fill":
            self.fills.append(_Fill())
        elif where == "fills/fill/patternFill":
            self.fills[-1].pattern = attributes.get("patternType", "none")
        elif where == "fills/fill/patternFill/fgColor":
            self.fills[-1].colour = _colour(attributes)
        elif where == "cellXfs/xf":
            self.xfs.append(attributes)

    def end(self, _: str) -> None:
        self.path.pop()

    def look(self, attributes: Attributes) -> Look:
        number = _number(attributes.get("numFmtId"))
        code = self.formats.get(number) or BUILTIN.get(number, "General")
        font = _at(self.fonts, attributes.get("fontId"), _Font())
        fill = _at(self.fills, attributes.get("fillId"), _Fill())
        ground = WHITE if fill.pattern == "none" else fill.colour if fill.pattern == "solid" else ""
        date = (number not in self.formats and number in BUILTIN_DATES) or is_date(code)
        return Look(code, date, font.struck, bool(ground) and font.colour == ground)


def _at(items: list[Item], number: str | None, default: Item) -> Item:
    index = _number(number)
    return items[index] if 0 <= index < len(items) else default


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


def _colour(attributes: Attributes) -> str:
    """A colour as six digits, or as what else tells it from others."""
    if "rgb" in attributes:
        return attributes["rgb"][-6:].upper()
    tint = attributes.get("tint", "")
    if "theme" in attributes:
        theme = attributes["theme"]
        return f"theme {theme} {tint}" if tint.strip("-0.") else _THEME.get(theme, f"theme {theme}")
    if "indexed" in attributes:
        return _INDEXED.get(attributes["indexed"], f"indexed {attributes['indexed']}")
    return BLACK
