"""The result sheet of a department as it was written, for the other workbook that it stands in too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FormCells:
    """The cells of a department's result, and where what lies over them belongs. Rows count from 0.

    cells: as the sheet gave them. levels: the heading and the last row of the second-level indicators. findings: the
    row where the findings begin and how many points stand above it. rows, points: of the whole. rates: the score rates,
    in words.
    """

    cells: Any
    levels: tuple[int, int]
    findings: tuple[int, float]
    rows: int
    points: float
    rates: str
