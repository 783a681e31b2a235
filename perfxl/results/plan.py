"""Where things stand in the summary, so that a formula on one sheet can point to another.

得分矩阵 holds every score once and is never sorted: all other sheets refer to it with absolute references, so that
sorting and filtering them breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from perfxl.results.context import category_of, points_anyway
from perfxl.results.grades import GradeTable
from perfxl.results.names import quoted
from perfxl.results.plan_of_batch import PlanOfBatch
from perfxl.scheme.model import BASE, Indicator
from perfxl.scoring.result import DepartmentResult

MATRIX = "得分矩阵"
OVERVIEW = "总览"
SCHEME = "评分方案"
FIRST_DEPARTMENT = 7  # the matrix's first department, as Excel counts rows
POINTS_ROW = 6
FIRST_GRADE = 14  # the overview's best grade, where nothing is to be done
GRADE_NAME, GRADE_FLOOR = "A", "C"


class Figure(StrEnum):
    """What stands behind the indicators in the matrix, from left to right, as far as the scheme has it.

    BEFORE: the total without any review. UNIT: the number of a project's unit on 单位汇总.
    """

    TOTAL = "total"
    BEFORE = "before"
    OWN = "own"
    ADJUSTED = "adjusted"
    SPENT = "spent"
    RATE = "rate"
    UNIT = "unit"


class SummaryPlan(PlanOfBatch):
    """The places of one summary. Column methods give letters, range methods give absolute references."""

    # The columns of the matrix.

    @property
    def first_indicator(self) -> int:
        """The matrix column of the first indicator, from 0, behind rank, names and category."""
        return 4 if self.projects else 3

    @property
    def title_column(self) -> str:
        """The matrix column of the names."""
        return "B"

    @property
    def category_column(self) -> str:
        """The matrix column of the categories."""
        return _letter(self.first_indicator - 1)

    @cached_property
    def _columns(self) -> dict[str, str]:
        return {item.code: _letter(number) for number, item in enumerate(self.indicators, self.first_indicator)}

    def indicator_column(self, code: str) -> str:
        """The matrix column of an indicator."""
        return self._columns[code]

    @cached_property
    def figures(self) -> dict[Figure, str]:
        """The matrix columns behind the indicators: those that the scheme has."""
        scheme = self.scheme
        there = {
            Figure.TOTAL: True,
            Figure.BEFORE: self.batch.reviewed,
            Figure.OWN: True,
            Figure.ADJUSTED: bool(scheme.funds_table),
            Figure.SPENT: bool(scheme.funds_table),
            Figure.RATE: scheme.spending_rate is not None,
            Figure.UNIT: self.projects,
        }
        first = self.first_indicator + len(self.indicators)
        return {figure: _letter(first + place) for place, figure in enumerate(key for key, has in there.items() if has)}

    @property
    def total_column(self) -> str:
        """The matrix column of the totals."""
        return self.figures[Figure.TOTAL]

    @property
    def own_column(self) -> str:
        """The matrix column of the self totals."""
        return self.figures[Figure.OWN]

    @property
    def has_money(self) -> bool:
        """Whether budgets and spending stand in the matrix."""
        return Figure.ADJUSTED in self.figures

    @property
    def rate_of_columns(self) -> bool:
        """Whether the spending rate is what stands in the matrix as spent over what stands there as budget."""
        return self.has_money and not self.scheme.evaluated.spending_rate

    @cached_property
    def rate_label(self) -> str:
        """What the spending rate is called."""
        named = self.scheme.evaluated.spending_rate
        return self.scheme.fact_labels[named] if named else "支出率"

    # The rows of the matrix.

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

    @cached_property
    def _matrix(self) -> str:
        return quoted(self.named(MATRIX))

    def matrix_range(self, column: str, first: int, last: int) -> str:
        """Some rows of a matrix column, for any sheet."""
        return f"{self._matrix}!${column}${first}:${column}${last}"

    def ranked_range(self, column: str) -> str:
        """A matrix column over the ranked departments, for any sheet."""
        return self.matrix_range(column, FIRST_DEPARTMENT, self.last_ranked)

    def all_range(self, column: str) -> str:
        """A matrix column over all departments, for any sheet."""
        return self.matrix_range(column, FIRST_DEPARTMENT, self.last_department)

    def matrix_cell(self, department: DepartmentResult, column: str) -> str:
        """A matrix cell of a department, for any sheet."""
        return f"{self._matrix}!${column}${self.matrix_rows[department.file]}"

    def summed(self, formula: str, column: str, category: str | None = None) -> str:
        """A sum over a matrix column of the ranked departments without those in doubt. category: those of it alone."""
        of = [item for item in self.doubted if category in (None, category_of(item))]
        return "".join((formula, *(f"-N({self.matrix_cell(item, column)})" for item in of)))

    def score_cell(self, department: DepartmentResult, code: str) -> str:
        """The matrix cell of a department's score, for any sheet."""
        return self.matrix_cell(department, self.indicator_column(code))

    def runs(self, indicators: Iterable[Indicator]) -> list[tuple[str, str]]:
        """The first and the last matrix column of indicators that stand side by side."""
        runs: list[tuple[int, int]] = []
        places = {item.code: number for number, item in enumerate(self.indicators, self.first_indicator)}
        for place in sorted(places[item.code] for item in indicators):
            if runs and runs[-1][1] == place - 1:
                runs[-1] = (runs[-1][0], place)
            else:
                runs.append((place, place))
        return [(_letter(first), _letter(last)) for first, last in runs]

    @cached_property
    def _level_runs(self) -> dict[str, list[tuple[str, str]]]:
        levels = dict.fromkeys(item.level1 for item in self.indicators)
        return {name: self.runs(item for item in self.indicators if item.level1 == name) for name in levels}

    @cached_property
    def base_runs(self) -> list[tuple[str, str]]:
        """The matrix columns of the indicators that make up the points."""
        return self.runs(self.scheme.nature_indicators(BASE))

    def level_ranges(self, department: DepartmentResult, level: str) -> str:
        """A department's scores under a first-level indicator, neighbours as one range, for any sheet."""
        row = self.matrix_rows[department.file]
        return ",".join(
            f"{self._matrix}!${first}${row}:${last}${row}" for first, last in self._level_runs.get(level, [])
        )

    def full_anyway(self, department: DepartmentResult, level: str = "") -> Decimal:
        """The points that a department has of indicators that do not apply, under a first-level indicator or at all."""
        return points_anyway(self.scheme, department, level)

    # Grades.

    @property
    def may_hold(self) -> bool:
        """Whether caps, vetoes or quotas may hold a total or a grade down."""
        return bool(self.scheme.limits or self.scheme.quotas)

    @cached_property
    def grades(self) -> GradeTable:
        """The grades in force."""
        return GradeTable(self.scheme)

    def grade_range(self, column: str) -> str:
        """The overview's table of grades, best first, for any sheet."""
        first = self.first_grade
        return f"{quoted(self.named(OVERVIEW))}!${column}${first}:${column}${first + len(self.grades.names) - 1}"

    @property
    def first_grade(self) -> int:
        """The overview's row of the best grade, as Excel counts it."""
        return FIRST_GRADE + self.above


def _letter(column: int) -> str:
    return str(xl_col_to_name(column))
