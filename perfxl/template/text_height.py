"""How high a row must be for wrapped text: spreadsheet programs do not tell, and merged cells never fit themselves.

Widths are in column units (one digit of the body font); a Chinese character takes two.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from perfxl.caches import cached
from perfxl.xlsx.flow import cut_text

LINE_HEIGHT = 16.5
"""Points a line of 10-point 微软雅黑 takes."""
PADDING = 5.5
HIGHEST = 409.0
"""The highest row that Excel knows, in points."""
MOST_LINES = int((HIGHEST - PADDING) / LINE_HEIGHT)
"""Lines of the highest row."""
_FIRST_WIDE = "\u2000"
"""From here on nearly every character that such forms hold is as wide as a Chinese one in a Chinese font."""


def units(text: str) -> int:
    """Width of a text on one line, in column units."""
    return len(text) + sum(character >= _FIRST_WIDE for character in text)


@cached(maxsize=5_000)
def lines(text: str, width: float) -> int:
    """Lines that a text takes when wrapped at that width."""
    # Margins, indent and words that do not break take some of each line.
    usable = max(width - 2.5, 2.0)
    if "\n" not in text and 2 * len(text) <= usable:
        return 1
    return sum(max(1, ceil(units(part) / usable)) for part in text.split("\n"))


def row_height(cells: Iterable[tuple[str, float]], least: float = LINE_HEIGHT + PADDING) -> float:
    """Height in points of a row of texts with their widths."""
    most = max((lines(text, width) for text, width in cells if text), default=1)
    return min(max(most * LINE_HEIGHT + PADDING, least), HIGHEST)


def fits(text: str, width: float) -> bool:
    """Whether the highest row shows all of a text at this width."""
    return lines(text, width) <= MOST_LINES


def pieces(text: str, width: float, most: int = MOST_LINES) -> list[str]:
    """The text cut for rows of so many lines, a piece for each row that it takes; nearly every text takes one."""
    if lines(text, width) <= most:
        return [text]
    # A line less for what is broken between words.
    return cut_text(text, max(width - 2.5, 2.0), most - 1, units)
