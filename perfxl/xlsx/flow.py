"""How rows fill pages: on paper nothing ends with a page that has next to nothing on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from perfxl.xlsx.paper import A4, points_wide

LAST = 0.4
"""How full the last page of several should be."""
NEARLY_EMPTY = 0.25
"""How full a last page is that gets rows from the page before."""
STRETCHES = (1.08, 1.16, 1.24, 1.32, 1.4)
COUNTED_ON = 0.98
"""What of a page is counted on: programs differ in how high rows are."""
_EVEN = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def page_points(*, landscape: bool, above: float, scale: float) -> float:
    """Points of rows on a page, and a little to spare. above: margins above and below, in inches. scale: below 1."""
    return COUNTED_ON * (A4[not landscape] - 72 * above) / scale


def scale_of(widths: Sequence[float], *, landscape: bool, margins: float) -> float:
    """The scale at which columns are printed on one page's width, 1 at most. margins: left and right, in inches."""
    return min(1.0, (A4[landscape] - 72 * margins) / points_wide(widths))


def pages_of(heights: Sequence[float], room: float, head: int) -> tuple[int, float]:
    """How many pages rows take, none cut by the end of one, and how full the last is.

    room: points on a page. head: the row that stands on each page behind its own.
    """
    ends = page_ends(heights, room, head)
    last = ends[-1] if ends else 0
    again = heights[head] if ends and last > head else 0.0
    return len(ends) + 1, (again + sum(heights[last:])) / room


def page_ends(heights: Sequence[float], room: float, head: int) -> list[int]:
    """The rows with which all pages but the first begin; see `pages_of`."""
    ends, used = [], 0.0
    for row, height in enumerate(heights):
        if used + height > room:
            ends.append(row)
            used = heights[head] if row > head else 0.0
        used += height
    return ends


def last_page_filled(heights: Sequence[float], room: float, head: int, table: int) -> list[int]:
    """Where the last page would be nearly empty, or begin behind the last row of the table: the row before which a page
    ends instead, so that enough of the rows before are on it. See `pages_of`."""
    ends = page_ends(heights, room, head)
    _, filled = pages_of(heights, room, head)
    if not ends or (filled >= NEARLY_EMPTY and ends[-1] <= table):
        return []
    first = ends[-2] if len(ends) > 1 else head + 1
    row, used = len(heights), heights[head]
    while row - 1 > first and used + heights[row - 1] <= room and (used < LAST * room or row > table):
        row -= 1
        used += heights[row]
    return [row] if row < ends[-1] else []


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


def balanced_breaks(heights: Sequence[float], starts: Sequence[int], room: float) -> list[int]:
    """`block_breaks`, with as many pages that are about equally full: there is room left for what is typed."""
    breaks = block_breaks(heights, starts, room)
    for share in _EVEN:
        fuller = block_breaks(heights, starts, share * room)
        if len(fuller) == len(breaks) and _fits(heights, fuller, share * room):
            return fuller
    return breaks


def _fits(heights: Sequence[float], breaks: Sequence[int], room: float) -> bool:
    return all(sum(heights[start:end]) <= room for start, end in pairwise([0, *breaks, len(heights)]))


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
