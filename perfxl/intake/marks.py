"""The marks of blocks in the sheets of a workbook: a block that was copied brings its mark along."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from perfxl.layout import Layout
from perfxl.layout.grid import MARK
from perfxl.text import fold
from perfxl.workbook.sheet_cells import Raw, Rows

_BELOW = 3
"""Rows that the template may fill below a block: totals, grades, notes."""


class Mark(NamedTuple):
    """Where the mark of a block stands."""

    block: str
    row: int
    col: int


def marks_in(rows: Rows, layout: Layout) -> list[Mark]:
    """Every mark of a block of the template in a sheet, whatever its column."""
    return [mark for number, row in enumerate(rows) for mark in _in_row(row, number, 0, layout)]


def marks_among(rows: Rows, layout: Layout, sheet: str, key_col: int, key_rows: Collection[int]) -> list[Mark]:
    """The marks in a sheet of the template: in the column of keys, in key rows, and where the template has no cell."""
    height, width = layout.once(_extent, sheet)
    found: list[Mark] = []
    for number, row in enumerate(rows):
        whole = number >= height or number in key_rows
        if not whole and 0 <= key_col < len(row):
            found += _in_row(row[key_col : key_col + 1], number, key_col, layout)
        first = 0 if whole else max(width, key_col + 1)
        if first < len(row):
            found += _in_row(row[first:], number, first, layout)
    return found


def is_larger(rows: Rows, layout: Layout, sheet: str) -> bool:
    """Whether a sheet has cells where the template has none."""
    height, width = layout.once(_extent, sheet)
    return len(rows) > height or any(len(row) > width for row in rows[:1])


def _extent(layout: Layout, sheet: str) -> tuple[int, int]:
    """Rows and columns that the template fills."""
    blocks = layout.sheet_blocks(sheet)
    width = max(max(block.columns[-1].col, block.wide_to or 0) for block in blocks)
    return max(block.next_row for block in blocks) + _BELOW, width + 1


def _block_marks(layout: Layout) -> frozenset[str]:
    return frozenset(MARK + block.key for block in layout.blocks)


def _in_row(cells: Sequence[Raw], row: int, first: int, layout: Layout) -> list[Mark]:
    known = layout.once(_block_marks)
    return [
        Mark(text.removeprefix(MARK), row, col)
        for col, cell in enumerate(cells, first)
        if isinstance(cell, str) and MARK in cell[:3] and (text := fold(cell)) in known
    ]
