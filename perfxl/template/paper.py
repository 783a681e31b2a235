"""The widths at which a sheet of the template is read on paper, which way the paper lies, and what is on each page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perfxl.layout import Block
from perfxl.layout.grid import Column
from perfxl.template.styles import BODY_SIZE
from perfxl.xlsx.flow import scale_of
from perfxl.xlsx.paper import A4, BESIDE, DIGIT, SPARE, fitted, least_scale, room
from perfxl.xlsx.side_pages import divided

MARGIN, ABOVE, BELOW = 0.4, 0.65, 0.6
"""Inches left and right, above and below."""
MONEY, NUMBER, TEXT = 13.0, 8.0, 8.0
"""How narrow columns may become that hold amounts, other numbers, texts."""
SHARE = 0.5
"""Of its width a column of texts keeps at least so much: beyond that the sheet goes on beside."""


FULL = SPARE * (A4[0] - 144 * MARGIN)
"""Points across an upright page. What is narrower is printed no larger, so its columns are widened instead."""
Span = tuple[int, int]
"""The first column and the last."""


@dataclass(frozen=True)
class Paper:
    """How a sheet is printed. widths: by column. names_to: the last column that names a row.

    parts: the columns on each of the pages beside each other; all but the first begin with the names again.
    """

    widths: Mapping[int, float]
    landscape: bool
    names_to: int
    parts: tuple[Span, ...]

    @property
    def beside(self) -> bool:
        """Whether it goes on beside, being wider than a page."""
        return len(self.parts) > 1

    @property
    def first_page(self) -> int:
        """The last column on the first page."""
        return self.parts[0][1]

    def end_of_page(self, col: int) -> int:
        """The last column on the page that a column is on."""
        return next((last for first, last in self.parts if first <= col <= last), self.parts[-1][1])

    @property
    def scale(self) -> float:
        """The scale at which it is printed."""
        least = least_scale(BODY_SIZE) / 100
        if self.beside:
            return least
        # A whole percentage, as Excel keeps it.
        whole = scale_of(list(self.widths.values()), landscape=self.landscape, margins=2 * MARGIN)
        return max(int(100 * SPARE * whole) / 100, least)


def paper_of(blocks: tuple[Block, ...], *, landscape: bool) -> Paper:
    """The paper of a sheet: its columns as wide as a block asks for, or as narrow as the page needs.

    What is too wide for an upright page lies on its side; what is too wide for that as well goes on beside, on as few
    pages as it takes.
    """
    widths: dict[int, float] = {}
    least: dict[int, float] = {}
    names_to = 1
    for block in blocks:
        for column in block.columns:
            wanted = float(column.width)
            widths[column.col] = max(widths.get(column.col, 0.0), wanted)
            least[column.col] = max(least.get(column.col, 0.0), min(wanted, _least(block, column)))
            if column.key == "name":
                names_to = column.col
    last = max(widths)
    for lying in (landscape, True):
        space = room(len(widths), landscape=lying, margins=2 * MARGIN, size=BODY_SIZE)
        found = fitted(tuple(widths.values()), tuple(least.values()), space)
        if sum(found) <= space:
            wide = dict(zip(widths, found, strict=True))
            return Paper(wide if lying else _widened(wide), lying, names_to, ((1, last),))
    found, ends = divided(tuple(widths.values()), tuple(least.values()), names_to, _room, _by_itself(blocks))
    starts = (1, *(end + 1 for end in ends))
    return Paper(dict(zip(widths, found, strict=True)), True, names_to, tuple(zip(starts, (*ends, last), strict=True)))


def _room(columns: int) -> float:
    return room(columns, landscape=True, margins=2 * MARGIN, size=BODY_SIZE)


def _by_itself(blocks: Sequence[Block]) -> int:
    """How many of the last columns make no page of their own: what only tells what is wrong with those before."""
    columns = blocks[0].columns
    return next((number for number, column in enumerate(reversed(columns)) if column.role != "formula"), len(columns))


def _widened(widths: Mapping[int, float]) -> Mapping[int, float]:
    """Columns that fill the width of an upright page, each by as much wider."""
    more = (FULL - len(widths) * BESIDE) / DIGIT - sum(widths.values())
    return {col: int(10 * (width + more / len(widths))) / 10 for col, width in widths.items()} if more > 0 else widths


def _least(block: Block, column: Column) -> float:
    types = {line.specs[column.key].type for line in block.lines if column.key in line.specs}
    if "money" in types:
        return MONEY
    if types and all(line.specs[column.key].numeric for line in block.lines if column.key in line.specs):
        return NUMBER
    if column.role == "formula" and column.key != "note":
        return NUMBER
    return max(TEXT, SHARE * column.width)
