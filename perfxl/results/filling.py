"""Rows of a sheet of a department's workbook made higher where its last page would be nearly empty."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from perfxl.results.cells import BOTTOM, MARGIN, TOP, Page
from perfxl.results.styles import SMALL
from perfxl.results.text_height import TALLEST
from perfxl.xlsx.flow import page_points, pages_of, scale_of, stretch, stretched
from perfxl.xlsx.paper import least_scale

BEYOND = 1.03
"""What programs may need beyond what was worked out."""
ENOUGH = 0.12
"""How full the last page must become for rows to be made higher."""


def stretch_of(
    heights: Sequence[float], widths: Sequence[float], flowing: Collection[int], head: int | None = None
) -> float:
    """By what to multiply the heights of the rows that flow, on paper that lies on its side.

    heights: of all rows, in points. widths: of the columns. head: the row that stands on every page.
    """
    _, room = _on_paper(widths)
    return stretch(heights, flowing, room, len(heights) if head is None else head, tallest=TALLEST)


def fill_last_page(page: Page, rows: int, flowing: Collection[int]) -> int:
    """Sees to it that the last page of a sheet is not nearly empty; how many pages it may take, 0 for any number.

    What is just too high for a page is printed a bit smaller, as far as it can be read. Else the rows that flow become
    higher, where that is enough. rows: how many there are.
    """
    heights, widths = page.heights(rows), page.columns
    scale, room = _on_paper(widths)
    whole = sum(heights)
    if room < whole and 100 * scale * room >= whole * BEYOND * least_scale(SMALL):
        return 1
    factor = stretch_of(heights, widths, flowing)
    _, fill = pages_of(stretched(heights, flowing, factor, TALLEST), room, rows)
    for row in flowing if factor > 1 and fill >= ENOUGH else ():
        page.height(row, min(heights[row] * factor, TALLEST))
    return 0


def _on_paper(widths: Sequence[float]) -> tuple[float, float]:
    """The scale at which the columns are printed, and the points of rows on a page at it."""
    scale = scale_of(widths, landscape=True, margins=2 * MARGIN)
    return scale, page_points(landscape=True, above=TOP + BOTTOM, scale=scale)
