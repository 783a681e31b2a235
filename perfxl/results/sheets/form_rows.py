"""The sheet of a department's result while its rows are written, and the widths of its columns."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from perfxl.caches import cached
from perfxl.results.cells import Page
from perfxl.results.context import Context, points_anyway
from perfxl.results.styles import SMALL
from perfxl.results.text_height import TALLEST, pieces, row_height, text_lines
from perfxl.scoring.result import DepartmentResult

WIDTHS = (7.2, 8.3, 19.0, 4.6, 6.3, 6.3, 6.3, 6.3, 6.3, 29.4)
"""What is read at 7 points on a page of A4: see `perfxl.results.cells.page_room`."""
LAST = len(WIDTHS) - 1
OWN, COMPUTED, REVIEW, SCORE, LOST = 4, 5, 6, 7, 8
ROW = 18.0


class Form:
    """The cells of one sheet being written, top to bottom. `row` counts from 0.

    rows: where each indicator stands, by code, and sums: the last row of the sums, as far as they are written. heights:
    in points, of each row; flowing: rows that may become higher to fill the page.
    """

    def __init__(self, page: Page, context: Context, department: DepartmentResult) -> None:
        self.page = page
        self.context = context
        self.department = department
        self.row = 0
        self.rows: dict[str, int] = {}
        self.sums = 0
        self.heights: list[float] = []
        self.flowing: list[int] = []
        self._later: list[Callable[[], None]] = []

    @cached_property
    def full_anyway(self) -> Decimal:
        """The points that the department has of indicators that do not apply."""
        return points_anyway(self.context.scheme, self.department)

    def score_cell(self, code: str) -> str:
        """The cell of an indicator's accepted score."""
        return f"H{self.rows[code] + 1}"

    def runs(self, indicators: Iterable[tuple[str, Hashable]]) -> Iterator[tuple[Hashable, int, int]]:
        """Neighbours that share what stands beside their codes: this, and their first and last row as Excel counts."""
        for shared, group in groupby(indicators, key=itemgetter(1)):
            codes = [code for code, _ in group]
            yield shared, self.rows[codes[0]] + 1, self.rows[codes[-1]] + 1

    def later(self, write: Callable[[], None]) -> None:
        """Writes what refers to rows further down once all are known."""
        self._later.append(write)

    def finish(self) -> None:
        """Writes what was put off."""
        later, self._later = self._later, []
        for write in later:
            write()

    def next(self, height: float = ROW, *, flows: bool = False) -> None:
        """Sets the height of the row that was written and goes on to the next. flows: it may become higher."""
        self.page.height(self.row, height)
        self.heights.append(height)
        if flows:
            self.flowing.append(self.row)
        self.row += 1

    def higher(self, row: int, height: float) -> None:
        """Gives a row that was left behind another height."""
        self.heights[row] = min(height, TALLEST)
        self.page.height(row, self.heights[row])

    def texts(self, column: int, last: int, text: str) -> list[str]:
        """A small wrapped text over some columns, cut where the tallest row ends."""
        return pieces(text, _width(column, last), SMALL)

    def height_of(self, column: int, last: int, text: str, size: float = SMALL) -> float:
        """How high a row must be for a wrapped text over some columns."""
        return row_height(text_lines(text, _width(column, last), size), size)


@cached(maxsize=100)
def _width(column: int, last: int) -> float:
    """The width of some columns together."""
    return sum(WIDTHS[column : last + 1])
