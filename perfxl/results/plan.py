"""Where things stand in the summary, so that a formula on one sheet can point to another.

得分矩阵 holds every score once and is never sorted: all other sheets refer to it with absolute references, so that
sorting and filtering them breaks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO
from perfxl.results.batch import Batch
from perfxl.results.context import Context, category_of
from perfxl.results.names import continued, sheet_names
from perfxl.results.tally import Tally, tally_of
from perfxl.scheme.model import Indicator
from perfxl.scoring.result import DepartmentResult

MATRIX = "得分矩阵"
OVERVIEW = "总览"
FIRST_DEPARTMENT = 7  # the matrix's first department, as Excel counts rows
POINTS_ROW = 6
FIRST_INDICATOR = 3  # 0-based column, behind 名次, 部门, 类别
FIRST_GRADE = 13  # the overview's best grade
GRADE_NAME, GRADE_FLOOR = "A", "C"
MOST_PARTS = 20  # sheets over which a list may go on, whose names no department gets


@dataclass(frozen=True)
class SummaryPlan:
    """The places of one summary. Column methods give letters, range methods give absolute references.

    fixed_sheets: the names of the sheets on the batch, which no department gets.
    """

    batch: Batch
    context: Context
    fixed_sheets: Sequence[str]
    department_sheets: bool
    department_books: bool = True

    @cached_property
    def tally(self) -> Tally:
        """What the findings come to."""
        return tally_of(self.batch.findings)

    @cached_property
    def departments(self) -> list[DepartmentResult]:
        """Ranked ones first, the returned ones behind: the order of all sheets."""
        return [*self.ranked, *(item for item in self.batch.departments if not item.ranked)]

    @cached_property
    def ranked(self) -> list[DepartmentResult]:
        """The ranked ones, best first."""
        return self.batch.ranked

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators in the order of the matrix."""
        return self.batch.scheme.indicators

    @cached_property
    def _columns(self) -> dict[str, str]:
        first = FIRST_INDICATOR
        return {item.code: xl_col_to_name(first + number) for number, item in enumerate(self.indicators)}

    def indicator_column(self, code: str) -> str:
        """The matrix column of an indicator."""
        return self._columns[code]

    def _behind(self, offset: int) -> str:
        return str(xl_col_to_name(FIRST_INDICATOR + len(self.indicators) + offset))

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The name of each department's sheet, by its file; none where departments have no sheets."""
        if not self.department_sheets:
            return {}
        taken = [name for sheet in self.fixed_sheets for name in continued(sheet, MOST_PARTS)]
        names = sheet_names([item.name for item in self.batch.departments], taken)
        return dict(zip((item.file for item in self.batch.departments), names, strict=True))

    @cached_property
    def categories(self) -> list[str]:
        """The categories with ranked departments, in the order of the scheme, others behind."""
        found = dict.fromkeys(map(category_of, self.ranked))
        known = [item.name for item in self.batch.scheme.categories if item.name in found]
        return [*known, *(name for name in found if name not in known)]

    @cached_property
    def members(self) -> dict[str, list[DepartmentResult]]:
        """The ranked departments of each category."""
        groups: dict[str, list[DepartmentResult]] = {category: [] for category in self.categories}
        for item in self.ranked:
            groups[category_of(item)].append(item)
        return groups

    @cached_property
    def scores(self) -> dict[str, list[Decimal]]:
        """The ranked departments' scores by indicator, in the order of the ranking."""
        columns: dict[str, list[Decimal]] = {item.code: [] for item in self.indicators}
        for item in self.ranked:
            own = {score.code: score.score for score in item.scores}
            for code, column in columns.items():
                column.append(own.get(code, ZERO))
        return columns

    @cached_property
    def own_ranks(self) -> dict[str, int]:
        """Where each ranked department would stand by the totals that all gave themselves, by its file."""
        places: dict[Decimal, int] = {}
        for place, total in enumerate(sorted((item.self_total for item in self.ranked), reverse=True), 1):
            places.setdefault(total, place)
        return {item.file: places[item.self_total] for item in self.ranked}

    @property
    def totals(self) -> list[Decimal]:
        """The ranked departments' totals."""
        return [item.total for item in self.ranked]

    @property
    def total_column(self) -> str:
        """The matrix column of the totals."""
        return self._behind(0)

    @property
    def own_column(self) -> str:
        """The matrix column of the self totals."""
        return self._behind(1)

    @property
    def adjusted_column(self) -> str:
        """The matrix column of the adjusted budgets."""
        return self._behind(2)

    @property
    def spent_column(self) -> str:
        """The matrix column of the spending."""
        return self._behind(3)

    @property
    def rate_column(self) -> str:
        """The matrix column of the spending rates."""
        return self._behind(4)

    @property
    def last_ranked(self) -> int:
        """The matrix row of the last ranked department."""
        return FIRST_DEPARTMENT + len(self.ranked) - 1

    @property
    def last_department(self) -> int:
        """The matrix row of the last department."""
        return FIRST_DEPARTMENT + len(self.departments) - 1

    @property
    def mean_row(self) -> int:
        """The matrix row of the means over all ranked departments; the mean rates stand below."""
        return max(self.last_department, FIRST_DEPARTMENT) + 1

    @cached_property
    def matrix_rows(self) -> dict[str, int]:
        """The matrix row of each department, by its file."""
        return {item.file: row for row, item in enumerate(self.departments, FIRST_DEPARTMENT)}

    def ranked_range(self, column: str) -> str:
        """A matrix column over the ranked departments, for any sheet."""
        return f"'{MATRIX}'!${column}${FIRST_DEPARTMENT}:${column}${self.last_ranked}"

    def all_range(self, column: str) -> str:
        """A matrix column over all departments, for any sheet."""
        return f"'{MATRIX}'!${column}${FIRST_DEPARTMENT}:${column}${self.last_department}"

    def matrix_cell(self, department: DepartmentResult, column: str) -> str:
        """A matrix cell of a department, for any sheet."""
        return f"'{MATRIX}'!${column}${self.matrix_rows[department.file]}"

    @cached_property
    def _level_runs(self) -> dict[str, list[tuple[str, str]]]:
        runs: dict[str, list[tuple[str, str]]] = {}
        previous = ""
        for item in self.indicators:
            column = self.indicator_column(item.code)
            found = runs.setdefault(item.level1, [])
            if item.level1 == previous:
                found[-1] = (found[-1][0], column)
            else:
                found.append((column, column))
            previous = item.level1
        return runs

    def level_sum(self, department: DepartmentResult, level: str) -> str:
        """The sum of a department's scores under a first-level indicator, neighbours as one range."""
        row = self.matrix_rows[department.file]
        ranges = [f"'{MATRIX}'!${first}${row}:${last}${row}" for first, last in self._level_runs.get(level, [])]
        return f"ROUND(SUM({','.join(ranges)}),2)" if ranges else "0"

    def grade_range(self, column: str) -> str:
        """The overview's table of grades, best first, for any sheet."""
        last = FIRST_GRADE + len(self.batch.scheme.grade_bands) - 1
        return f"'{OVERVIEW}'!${column}${FIRST_GRADE}:${column}${last}"
