"""The sheet of a department's result while its rows are written, and the widths of its columns."""

from __future__ import annotations

from perfxl.results.cells import Page
from perfxl.results.context import Context
from perfxl.scoring.result import DepartmentResult

WIDTHS = (8.0, 10.0, 40.0, 6.0, 7.6, 7.6, 7.6, 7.6, 7.6, 62.0)
LAST = len(WIDTHS) - 1
ROW = 18.0


class Form:
    """The cells of one sheet being written, top to bottom. `row` counts from 0."""

    def __init__(self, page: Page, context: Context, department: DepartmentResult) -> None:
        self.page = page
        self.context = context
        self.department = department
        self.row = 0
        self.points = 0.0

    def next(self, height: float = ROW) -> None:
        """Sets the height of the row that was written and goes on to the next."""
        self.page.height(self.row, height)
        self.points += height
        self.row += 1
