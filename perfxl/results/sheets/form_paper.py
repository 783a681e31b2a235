"""How a department's result fills its pages: how many there are, and no last one with next to nothing on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from perfxl.results.cells import BOTTOM, TALLEST, TOP
from perfxl.results.sheets.form_rows import Form
from perfxl.results.styles import SMALL
from perfxl.xlsx.paper import A4, least_scale

ROOM = 0.98 * (A4[1] - 72 * (TOP + BOTTOM)) * 100 / least_scale(SMALL)
"""Points of rows on a page at the smallest scale that can be read, and a little to spare."""
ONE, LAST = 0.9, 0.4
"""How full a single page should be, and the last one of several."""
STRETCHES = (1.08, 1.16, 1.24, 1.32, 1.4)


def fill_pages(form: Form, table: int) -> int:
    """How many pages the sheet takes; rows become higher where the last would be nearly empty. table: the headings."""
    pages, fill = _pages(form.heights, table)
    best: Sequence[float] = form.heights
    flowing = frozenset(form.flowing)
    for factor in STRETCHES:
        if fill >= (ONE if pages == 1 else LAST):
            break
        heights = _stretched(form.heights, flowing, factor)
        count, filled = _pages(heights, table)
        if count > pages:
            break
        best, fill = heights, filled
    if best is not form.heights:
        for row in form.flowing:
            form.higher(row, best[row])
    return pages


def _pages(heights: Sequence[float], table: int) -> tuple[int, float]:
    """How many pages rows take, none cut by the end of one, and how full the last is. table: see `fill_pages`."""
    pages, used = 1, 0.0
    for row, height in enumerate(heights):
        if used + height > ROOM:
            # The headings stand on each page behind their own.
            pages, used = pages + 1, heights[table] if row > table else 0.0
        used += height
    return pages, used / ROOM


def _stretched(heights: Sequence[float], flowing: Collection[int], factor: float) -> list[float]:
    return [min(height * factor, TALLEST) if row in flowing else height for row, height in enumerate(heights)]
