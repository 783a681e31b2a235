"""How a list lies on paper: widths at which it is read, and where one that is too wide for a page is divided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from perfxl.lists.columns import Heading
from perfxl.template.styles import BODY_SIZE
from perfxl.xlsx.across import page_breaks
from perfxl.xlsx.paper import fitted, room

MARGIN = 0.4
"""Inches left and right of a page."""
SHARE, NARROWEST = 0.6, 8.0
"""Columns of texts may become so much narrower, and no narrower than that, for a list to be read on one page."""
_FIXED_TYPES = frozenset(("date", "code"))


def on_paper(columns: Sequence[Heading]) -> tuple[Sequence[Heading], bool]:
    """The columns as wide as they are read on a page of A4; whether they are too many for one, and as they were."""
    shown = [column for column in columns if not column.hidden]
    space = room(len(shown), landscape=True, margins=2 * MARGIN, size=BODY_SIZE)
    least = [
        column.width if column.type in _FIXED_TYPES else min(column.width, max(NARROWEST, SHARE * column.width))
        for column in shown
    ]
    widths = fitted([column.width for column in shown], least, space)
    if sum(widths) > space:
        return columns, True
    narrowed = iter(widths)
    return [column if column.hidden else replace(column, width=next(narrowed)) for column in columns], False


def printed_widths(columns: Sequence[Heading]) -> list[float]:
    """The widths of the columns, hidden ones of none."""
    return [0.0 if column.hidden else column.width for column in columns]


def breaks_of(columns: Sequence[Heading], names: int) -> list[int]:
    """The columns before which a page ends; those under one heading stay together.

    names: how many first columns stand on every page.
    """
    groups = [len(list(same)) for _, same in groupby(columns[names:], key=lambda column: column.group or column.key)]
    return page_breaks(printed_widths(columns), names, groups, margins=2 * MARGIN, size=BODY_SIZE)
