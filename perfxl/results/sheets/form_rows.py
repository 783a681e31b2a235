"""The sheet of a department's result while its rows are written, and the widths of its columns."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property

from perfxl.results.cells import Page
from perfxl.results.context import Context, points_anyway
from perfxl.scoring.result import DepartmentResult

WIDTHS = (8.0, 10.0, 40.0, 6.0, 7.6, 7.6, 7.6, 7.6, 7.6, 62.0)
LAST = len(WIDTHS) - 1
OWN, COMPUTED, REVIEW, SCORE, LOST = 4, 5, 6, 7, 8
ROW = 18.0


class Form:
    """The cells of one sheet being written, top to bottom. `row` counts from 0."""

    def __init__(self, page: Page, context: Context, department: DepartmentResult) -> None:
        self.page = page
        self.context = context
        self.department = department
        self.row = 0
        self.points = 0.0

    @cached_property
    def full_anyway(self) -> Decimal:
        """The points that the department has of indicators that do not apply."""
        return points_anyway(self.context.scheme, self.department)

    def score_cell(self, table_first: int) -> Callable[[str], str]:
        """The cell of an indicator's accepted score by its code. table_first: the first row of their table."""
        rows = {item.code: row for row, item in enumerate(self.context.scheme.indicators, table_first + 1)}
        return lambda code: f"H{rows[code]}"

    def next(self, height: float = ROW) -> None:
        """Sets the height of the row that was written and goes on to the next."""
        self.page.height(self.row, height)
        self.points += height
        self.row += 1
