"""Where a sheet that is wider than a page is divided, its first columns on every page, and its title above them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from perfxl.results.cells import MARGIN, Page
from perfxl.results.styles import SMALL, TITLE
from perfxl.results.text_height import row_height, text_lines
from perfxl.xlsx.paper import points_wide, printable

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


def page_breaks(
    widths: Sequence[float], repeated: int, groups: Sequence[int], *, margins: float = 2 * MARGIN, size: float = SMALL
) -> list[int]:
    """The columns before which a page ends; none where all fit on one.

    widths: of all columns. repeated: how many stand on every page. groups: how many columns each of the others has
    that belong together; one that is wider than a page is divided itself. margins: left and right, in inches. size: of
    the smallest text, in points. Pages are about equally wide.
    """
    first, room = points_wide(widths[:repeated]), printable(landscape=True, margins=margins, size=size)
    starts = [repeated, *accumulate(groups, initial=repeated)]
    breaks = _breaks(widths, starts, first, room)
    # As narrow as the same number of pages goes, so that the last is no stub.
    for share in (0.6, 0.7, 0.8, 0.9):
        narrower = _breaks(widths, starts, first, first + share * (room - first))
        # No group is divided for it.
        if len(narrower) == len(breaks) and set(narrower) - set(starts) <= set(breaks):
            return narrower
    return breaks


def _breaks(widths: Sequence[float], starts: Sequence[int], first: float, room: float) -> list[int]:
    found: list[int] = []
    used = first
    for start, end in pairwise(starts):
        group = points_wide(widths[start:end])
        if used > first and used + group > room:
            found.append(start)
            used = first
        for column in range(start, end):
            own = points_wide(widths[column : column + 1])
            if used > first and used + own > room:
                found.append(column)
                used = first
            used += own
    return found
