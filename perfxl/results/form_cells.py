"""The result sheet of a department as it was written, for the other workbook that it stands in too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Trend(NamedTuple):
    """The table of the years: its heading, its last row, how many columns of rates it has, and them in words."""

    top: int
    last: int
    rates: int
    words: str


@dataclass(frozen=True, slots=True)
class FormCells:
    """The cells of a department's result, and where what lies over them belongs. Rows count from 0.

    cells: as the sheet gave them. levels: the heading and the last row of the second-level indicators. table: the row
    with the headings of the indicators. rows: of the whole. pages: how many pages of A4 it takes. rates: the score
    rates, in words. years: where the years stand, None where none are known.
    """

    cells: Any
    levels: tuple[int, int]
    table: int
    rows: int
    pages: int
    rates: str
    years: Trend | None = None
