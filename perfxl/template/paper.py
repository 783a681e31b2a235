"""The widths at which a sheet of the template is read on paper, and which way the paper lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.layout import Block
from perfxl.layout.grid import Column
from perfxl.template.styles import BODY_SIZE
from perfxl.xlsx.paper import fitted, room

MARGIN, ABOVE, BELOW = 0.4, 0.65, 0.6
"""Inches left and right, above and below."""
MONEY, NUMBER, TEXT = 13.0, 8.0, 8.0
"""How narrow columns may become that hold amounts, other numbers, texts."""
SHARE = 0.5
"""Of its width a column of texts keeps at least so much: beyond that the sheet goes on beside."""


@dataclass(frozen=True)
class Paper:
    """How a sheet is printed. widths: by column. beside: whether it goes on beside, being wider than a page."""

    widths: Mapping[int, float]
    landscape: bool
    beside: bool


def paper_of(blocks: tuple[Block, ...], *, landscape: bool) -> Paper:
    """The paper of a sheet: its columns as wide as a block asks for, or as narrow as the page needs.

    What is too wide for an upright page lies on its side; what is too wide for that as well goes on beside.
    """
    widths: dict[int, float] = {}
    least: dict[int, float] = {}
    for block in blocks:
        for column in block.columns:
            wanted = float(column.width)
            widths[column.col] = max(widths.get(column.col, 0.0), wanted)
            least[column.col] = max(least.get(column.col, 0.0), min(wanted, _least(block, column)))
    for lying in (landscape, True):
        space = room(len(widths), landscape=lying, margins=2 * MARGIN, size=BODY_SIZE)
        found = fitted(tuple(widths.values()), tuple(least.values()), space)
        if sum(found) <= space:
            return Paper(dict(zip(widths, found, strict=True)), lying, beside=False)
    return Paper(widths, landscape=True, beside=True)


def _least(block: Block, column: Column) -> float:
    types = {line.specs[column.key].type for line in block.lines if column.key in line.specs}
    if "money" in types:
        return MONEY
    if types and all(line.specs[column.key].numeric for line in block.lines if column.key in line.specs):
        return NUMBER
    if column.role == "formula" and column.key != "note":
        return NUMBER
    return max(TEXT, SHARE * column.width)
