"""How a department's result fills its pages: how many there are, and no last one with next to nothing on it."""

from __future__ import annotations

from perfxl.results.cells import BOTTOM, TOP
from perfxl.results.sheets.form_rows import Form
from perfxl.results.styles import SMALL
from perfxl.results.text_height import TALLEST
from perfxl.xlsx.flow import page_points, pages_of, stretch, stretched
from perfxl.xlsx.paper import least_scale

ROOM = page_points(landscape=False, above=TOP + BOTTOM, scale=least_scale(SMALL) / 100)
"""Points of rows on a page at the smallest scale that can be read."""
ONE = 0.9
"""How full a single page should be."""


def fill_pages(form: Form, table: int) -> int:
    """How many pages the sheet takes; rows become higher where the last would be nearly empty. table: the headings."""
    flowing = frozenset(form.flowing)
    factor = stretch(form.heights, flowing, ROOM, table, tallest=TALLEST, one=ONE)
    if factor > 1:
        best = stretched(form.heights, flowing, factor, TALLEST)
        for row in form.flowing:
            form.higher(row, best[row])
    return pages_of(form.heights, ROOM, table)[0]
