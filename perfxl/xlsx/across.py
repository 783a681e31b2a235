"""Where a sheet that is wider than a page of A4 on its side is divided: between groups of columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from perfxl.xlsx.paper import points_wide, printable


def page_breaks(
    widths: Sequence[float], repeated: int, groups: Sequence[int], *, margins: float, size: float
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
