"""How rows fill pages: on paper nothing ends with a page that has next to nothing on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from perfxl.xlsx.paper import A4, points_wide

LAST = 0.4
"""How full the last page of several should be."""
STRETCHES = (1.08, 1.16, 1.24, 1.32, 1.4)
_SPARE = 0.98
_EVEN = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def page_points(*, landscape: bool, above: float, scale: float) -> float:
    """Points of rows on a page, and a little to spare. above: margins above and below, in inches. scale: below 1."""
    return _SPARE * (A4[not landscape] - 72 * above) / scale


def scale_of(widths: Sequence[float], *, landscape: bool, margins: float) -> float:
    """The scale at which columns are printed on one page's width, 1 at most. margins: left and right, in inches."""
    return min(1.0, (A4[landscape] - 72 * margins) / points_wide(widths))


def pages_of(heights: Sequence[float], room: float, head: int) -> tuple[int, float]:
    """How many pages rows take, none cut by the end of one, and how full the last is.

    room: points on a page. head: the row that stands on each page behind its own.
    """
    pages, used = 1, 0.0
    for row, height in enumerate(heights):
        if used + height > room:
            pages, used = pages + 1, heights[head] if row > head else 0.0
        used += height
    return pages, used / room


def block_breaks(heights: Sequence[float], starts: Sequence[int], room: float) -> list[int]:
    """The rows before which a page ends, so that no block is cut that fits on a page.

    starts: the first rows of the blocks; what is above the first of them is a block too. Blocks end where the next
    begins, the last with the rows.
    """
    found: list[int] = []
    used = 0.0
    edges = sorted({0, *starts, len(heights)})
    for start, end in pairwise(edges):
        height = sum(heights[start:end])
        if used and used + height > room:
            found.append(start)
            used = 0.0
        # What does not fit on one page ends somewhere on another.
        used = (used + height) % room if height > room else used + height
    return found


def even_breaks(heights: Sequence[float], starts: Sequence[int], room: float) -> list[int]:
    """The same, with pages about equally full: the last is none with next to nothing on it."""
    whole = block_breaks(heights, starts, room)
    for share in _EVEN:
        even = block_breaks(heights, starts, max(sum(heights) / (len(whole) + 1), share * room))
        if len(even) == len(whole):
            return even
    return whole


def stretch(
    heights: Sequence[float], flowing: Collection[int], room: float, head: int, *, tallest: float, one: float = 0.0
) -> float:
    """By what to multiply the heights of the rows that flow, so that the last page is not nearly empty.

    one: how full a single page should be. Never so much that it takes another page. See `pages_of`.
    """
    pages, fill = pages_of(heights, room, head)
    best = 1.0
    for factor in STRETCHES:
        if fill >= (one if pages == 1 else LAST):
            break
        count, filled = pages_of(stretched(heights, flowing, factor, tallest), room, head)
        if count > pages:
            break
        best, fill = factor, filled
    return best


def stretched(heights: Sequence[float], flowing: Collection[int], factor: float, tallest: float) -> list[float]:
    """The heights, those of rows that flow multiplied."""
    return [min(height * factor, tallest) if row in flowing else height for row, height in enumerate(heights)]


def cut_text(text: str, room: float, most: int, wide: Callable[[str], float]) -> list[str]:
    """A text cut so that each piece takes at most so many lines; nothing of it is lost but line breaks at the cuts.

    room: the width of a line. wide: the width of a sign, in the same measure.
    """
    found = []
    start, lines, used = 0, 1, 0.0
    for at, sign in enumerate(text):
        width = 0.0 if sign == "\n" else wide(sign)
        if sign == "\n" or used + width > room:
            lines, used = lines + 1, 0.0
            if lines > most:
                found.append(text[start:at].strip("\n"))
                start, lines = at, 1
        used += width
    return [*found, text[start:].strip("\n")]
