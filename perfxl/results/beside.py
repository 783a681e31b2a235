"""Where a sheet that is wider than a page is divided, its first columns on every page, and its title above them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from perfxl.results.cells import MARGIN, Page
from perfxl.results.styles import SMALL, TITLE
from perfxl.results.text_height import row_height, text_lines
from perfxl.xlsx.across import page_breaks as breaks_across

NAMES = 30.0
"""How wide the columns are that stand on every page, so that a title stands above them in few lines."""


def named_columns(widths: Sequence[float], names: int) -> int:
    """How many first columns stand on every page. names: how many do in any case."""
    wide = next((count for count, end in enumerate(accumulate(widths), 1) if count >= names and end >= NAMES), names)
    # The last are what goes on beside.
    return min(wide, max(names, len(widths) // 3))


def groups_behind(groups: Sequence[int], columns: int) -> list[int]:
    """The groups that are left behind so many first columns, of which a group may have some."""
    left, found = columns, []
    for group in groups:
        taken = min(left, group)
        left -= taken
        found += [group - taken] if group > taken else []
    return found


def write_head(page: Page, title: str, note: str, repeated: int, end: int) -> None:
    """Title and note in the first rows, whole on every page and cut on none.

    repeated: how many columns stand on every page, 0 where all fit on one. end: the column before which the first page,
    or the note, ends.
    """
    if repeated:
        # What runs over the columns that stand on every page would be cut off on all pages but the first.
        page.merged(0, 0, 0, repeated - 1, title, "title wrap")
        page.height(0, max(28, row_height(text_lines(title, sum(page.columns[:repeated]), TITLE), TITLE)))
    else:
        page.put(0, 0, title, "title")
        page.height(0, 28)
    # Beside those columns: half of it would stand there again.
    page.merged(1, repeated, 1, end - 1, note, "note wrap left")
    page.height(1, max(18, row_height(text_lines(note, sum(page.columns[repeated:end]), SMALL), SMALL)))


def page_breaks(widths: Sequence[float], repeated: int, groups: Sequence[int]) -> list[int]:
    """The columns before which a page of a result workbook ends: see `perfxl.xlsx.across`."""
    return breaks_across(widths, repeated, groups, margins=2 * MARGIN, size=SMALL)
