"""How many lines a text takes in a cell, how high its row is, and where it is cut for the tallest row."""

from __future__ import annotations

from math import ceil

from perfxl.caches import cached
from perfxl.results.styles import SIZE
from perfxl.xlsx.flow import cut_text
from perfxl.xlsx.texts import SHORT

ROW_HEIGHT = 18.0  # points of a row with one line
TALLEST = 400.0  # Excel's limit is 409
REST = "……（此处放不下，全文见表下“说明全文”）"
_WIDE, _NARROW = 1.95, 1.08  # widths of a Chinese and a Latin sign, in digits


def text_lines(text: str, width: float, size: float = SIZE) -> int:
    """How many lines a wrapped text takes in a column of this width (characters of Excel), at a font size in points.

    An estimate on the safe side: Chinese takes two digits' width, as everything of three bytes in UTF-8.
    """
    room = (width - 1.4 if width > 2.4 else 1) * SIZE / size
    if len(text) * _WIDE <= room and "\n" not in text:
        return 1
    return _short_lines(text, room) if len(text) <= SHORT else _lines(text, room)


def _lines(text: str, room: float) -> int:
    lines = 0
    for paragraph in text.split("\n"):
        length = len(paragraph)
        wide = (len(paragraph.encode("utf-8", "replace")) - length) / 2
        units = length * _NARROW + wide * (_WIDE - _NARROW)
        lines += max(1, ceil(units / room))
    return lines


_short_lines = cached(maxsize=1000)(_lines)


def one_line(text: str, size: float = SIZE) -> float:
    """The width of a column in which a text of one paragraph takes one line, by the same estimate."""
    length = len(text)
    wide = (len(text.encode("utf-8", "replace")) - length) / 2
    return 1.5 + (length * _NARROW + wide * (_WIDE - _NARROW)) * size / SIZE


@cached(maxsize=1000)
def row_height(lines: int, size: float = SIZE) -> float:
    """The height in points of a row with so many lines, at most what Excel takes."""
    return min(max(ROW_HEIGHT, 5 + lines * size * 1.5), TALLEST)


def pieces(text: str, width: float, size: float = SIZE, most: int = 0) -> list[str]:
    """The text cut for rows of so many lines, a piece for each row that it takes; nearly every text takes one.

    most: as many as the tallest row has where it is not given.
    """
    most = most or most_lines(size)
    if text_lines(text, width, size) <= most:
        return [text]
    # A line less for what is broken between words.
    room = max(width - 1.4, 1) * SIZE / size
    return cut_text(text, room, most - 1, lambda sign: _WIDE if ord(sign) > 0x7FF else _NARROW)


def shortened(text: str, width: float, size: float = SIZE, most: int = 0) -> str:
    """The text as far as the tallest row shows it, with a word on where the rest stands. most: lines, if fewer."""
    first, *more = pieces(text, width, size, most)
    if not more:
        return first
    # As much of it as the word takes, which may stand on lines of its own.
    room = (text_lines(REST, width, size) + 1) * max(int((width - 1.4) * SIZE / size / _WIDE), 1)
    return first[:-room] + REST


@cached(maxsize=20)
def most_lines(size: float = SIZE) -> int:
    """How many lines the tallest row has."""
    return int((TALLEST - 5) / (size * 1.5))
