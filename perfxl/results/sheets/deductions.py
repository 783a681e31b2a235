"""扣分明细: every point that was lost, with the calculation and the department's own reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import half_up
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.reviewed import review_words
from perfxl.results.summary_sheet import ListSheet
from perfxl.results.words import outside_name
from perfxl.scheme.model import PENALTY, Indicator
from perfxl.scoring.result import DepartmentResult, IndicatorScore

_SCORE = 6.5


@dataclass(frozen=True, slots=True)
class Deduction:
    """One indicator on which a department lost points."""

    department: DepartmentResult
    indicator: Indicator
    score: IndicatorScore


@dataclass(frozen=True)
class Deductions(Collection[Deduction]):
    """All of a batch: departments in the order of the ranking, indicators in the order of the scheme."""

    plan: SummaryPlan

    def __iter__(self) -> Iterator[Deduction]:
        indicators = self.plan.scheme.indicator_by_code
        for department in self.plan.departments:
            for score in self.plan.batch.scores_of(department):
                if score.lost > 0 and score.code in indicators:
                    yield Deduction(department, indicators[score.code], score)

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        """How many there are; it is asked for wherever ranges and sums stand."""
        indicators = self.plan.scheme.indicator_by_code
        return sum(
            score.lost > 0 and score.code in indicators
            for department in self.plan.departments
            for score in department.scores
        )

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)


def deductions_table(plan: SummaryPlan) -> Table[Deduction]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name_in(plan), _columns(plan), Deductions(plan), fitting=True)


def write_deductions(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many deductions for one."""
    table = deductions_table(plan)
    note = f"共 {len(table.items)} 条，单位：分。退回修改的{plan.words.one}为暂定扣分。"
    if plan.scheme.nature_indicators(PENALTY):
        note += "扣分项的“认定”即所扣的分。"
    table.write(pages, plan.title(SHEET.name), note, frozen=2, empty="没有扣分。")


def _columns(plan: SummaryPlan) -> list[Column[Deduction]]:
    words = plan.words
    # Small: a page should hold many rows, be names as long as they are.
    text = "box text wrap small"
    unit = Column[Deduction]("unit", words.unit, 16, text, lambda item, _: item.department.name, least=10)
    before: list[Column[Deduction]] = [
        Column("rank", "名次", 5.5, "box center", lambda item, _: item.department.rank or "退回"),
        Column("department", words.title, 20, text, lambda item, _: plan.name(item.department), least=12, names=True),
        *([unit] if plan.projects else []),
        Column("code", "代码", 5.5, "box center", lambda item, _: item.indicator.code, names=True),
        Column("indicator", "三级指标", 20, text, lambda item, _: outside_name(item.indicator), least=11, names=True),
    ]
    points, score = (xl_col_to_name(len(before) + offset) for offset in (0, 4))

    def lost(item: Deduction, row: int) -> Cell:
        """What is missing of the points; of 扣分 the score itself is what goes off."""
        formula = f"=${score}{row}" if item.score.nature == PENALTY else f"=ROUND(${points}{row}-${score}{row},2)"
        return Formula(formula, half_up(item.score.lost))

    return [
        *before,
        Column("points", "分值", _SCORE, "box score", lambda item, _: item.score.points),
        Column("own", "自评", _SCORE, "box score", lambda item, _: item.score.self_score),
        Column("computed", "计算", _SCORE, "box score", lambda item, _: item.score.computed),
        Column("review", "复核", _SCORE, "box score", lambda item, _: item.score.review),
        Column("score", "认定", 7, "box score bold", lambda item, _: item.score.score),
        Column("lost", "扣分", 8, "box score bold", lost, summed=True),
        Column("explanation", "计算说明", 42, text, lambda item, _: item.score.explanation, least=16),
        Column("reason", f"扣分原因（{words.one}或复核填写）", 36, text, _reasons, least=17),
    ]


def _reasons(item: Deduction, _: int) -> Cell:
    return "\n".join(filter(None, (item.score.reason, review_words(item.score)))) or None


SHEET = ListSheet("扣分明细", 40, deductions_table, write_deductions)
