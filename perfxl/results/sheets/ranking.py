"""排名: who stands where. Every number refers to 得分矩阵 by absolute references, so sorting breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO, half_up, plain
from perfxl.outcome import grade_formula, outside_formula
from perfxl.references import literal
from perfxl.results.cells import Cell, Formula, Link, Page
from perfxl.results.context import category_of
from perfxl.results.held import what_held
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import FIRST_DEPARTMENT, GRADE_FLOOR, GRADE_NAME, Figure, SummaryPlan
from perfxl.results.sheets.years_columns import YEARS, moved_since
from perfxl.results.styles import TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.words import tell_nature
from perfxl.review.record import Reviewed
from perfxl.scheme.model import BASE, Level
from perfxl.scoring import DepartmentResult, first_level, level_scores

PROVISIONAL = "退回修改"
SCORED = "已评分"
REVIEW_LOOKS = {Reviewed.WHOLE.value: "good", Reviewed.PARTLY.value: "weak", Reviewed.NOT.value: "muted"}
FIRST = 4
_NAME_COLUMN = "D"


def ranking_table(plan: SummaryPlan) -> Table[DepartmentResult]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name_in(plan), _Columns(plan).all(), plan.departments, first=FIRST)


def ranked_at(plan: SummaryPlan, place: int) -> str:
    """The target of a link to the department at a place of the plan's order, the first at 0."""
    return SHEET.link(plan, f"{_NAME_COLUMN}{FIRST + place}")


def place_link(plan: SummaryPlan, item: DepartmentResult) -> str:
    """The target of a link to a department in this sheet."""
    return ranked_at(plan, plan.matrix_rows[item.file] - FIRST_DEPARTMENT)


def grade_cell(plan: SummaryPlan, item: DepartmentResult, total: str) -> Cell:
    """A department's grade by the cell of its total; where a veto or a quota lowered it, the grade itself."""
    if plan.grades.by_total:
        names, floors = plan.grade_range(GRADE_NAME), plan.grade_range(GRADE_FLOOR)
        return Formula(f'=INDEX({names},COUNTIF({floors},">"&{total})+1)', item.grade)
    if item.grade_from:
        return item.grade
    return Formula(f"={grade_formula(total, plan.scheme.bands_of(item.category))}", item.grade)


def write_ranking(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    table, words = ranking_table(plan), plan.words
    returned = len(plan.departments) - len(plan.ranked)
    note = f"参加排名 {words.count(len(plan.ranked))}，同分同名次（1、2、2、4）。"
    if returned:
        note += f"退回修改 {words.count(returned)}，只列暂定分，不参加排名。"
    note += "“较自评”是按自评总分的名次与现名次相比，↑ 为上升"
    years = plan.years
    note += f"；“较上年”只在两年都有名次的{words.one}中比，见“{YEARS}”。" if years else "。"
    note += "“复核前”是没有复核时的认定总分和等级。" if plan.batch.reviewed else ""
    table.write([page], plan.title(SHEET.name), note, frozen=4)
    _marks(page, plan, table)


class _Columns:
    """The columns, whose formulas refer to cells of the same row."""

    def __init__(self, plan: SummaryPlan) -> None:
        self._plan = plan
        self._letters: dict[str, str] = {}

    def all(self) -> list[Column[DepartmentResult]]:
        """All of them, in order."""
        plan, words = self._plan, self._plan.words
        unit = Column[DepartmentResult]("unit", words.unit, 22, _look("text wrap"), lambda item, _: item.name, least=15)
        held = Column[DepartmentResult]("held", "封顶、\n否决", 11, _look("center wrap"), self._held, least=8)
        rate = Column("spending", plan.rate_label, 9, _look("rate"), self._spending, least=8)
        review = [
            Column("before", "复核前\n总分", 8, _look("score"), self._before),
            Column("grade_before", "复核前\n等级", 6.5, _look("center"), lambda item, _: item.grade_before),
            Column("changed", "复核\n增减", 7.5, _look("signed"), self._changed),
        ]
        reviewed = plan.batch.reviewed
        since = Column("since", "较上年", 7, "box places", self._since)
        columns = [
            Column("rank", "名次", 6, _look("center"), self._rank),
            Column("category_rank", "类内\n名次", 6, _look("center"), self._category_rank),
            Column("code", words.code, 12, _look("center wrap small"), lambda item, _: item.code, least=10),
            Column("name", words.title, 26, _look("text wrap"), lambda item, _: plan.name(item), least=16),
            *([unit] if plan.projects else []),
            Column(
                "category", words.category, 10, _look("center wrap small"), lambda item, _: category_of(item), least=8.5
            ),
            Column("total", "总分", 9, _look("score bold"), self._total, least=8),
            Column("grade", "等级", 6, _look("center"), self._grade),
            *(review if reviewed else []),
            Column("own", "自评分", 8, _look("score"), self._own, least=7),
            Column("difference", "认定减\n自评", 8, _look("signed"), self._difference),
            Column("moved", "较自评", 7, "box places", self._moved),
            *([since] if plan.years else []),
            *[self._level(number, level) for number, level in enumerate(plan.scheme.first_levels)],
            *([rate] if Figure.RATE in plan.figures else []),
            Column("near", "临界", 6, _look("center"), lambda item, _: "临界" if item.near_threshold else None),
            *([held] if plan.may_hold else []),
            Column("findings", "问题数", 6, _look("center"), lambda item, _: plan.context.count_of(item)),
            Column("state", "状态", 10, _look("center"), lambda i, _: SCORED if i.ranked else PROVISIONAL, least=9),
            *([Column("review", "复核状态", 9, _review_look, self._state)] if reviewed else []),
            *([self._to("sheet", "结果页", self._sheet)] if plan.department_sheets else []),
            *([self._to("workbook", "工作簿", self._workbook)] if plan.department_books else []),
        ]
        self._letters = {column.key: xl_col_to_name(place) for place, column in enumerate(columns)}
        return columns

    def _cell(self, key: str, row: int) -> str:
        return f"${self._letters[key]}{row}"

    def _rank(self, item: DepartmentResult, row: int) -> Cell:
        totals = self._plan.ranked_range(self._plan.total_column)
        return Formula(f"=RANK({self._cell('total', row)},{totals})", item.rank) if item.ranked else "—"

    def _category_rank(self, item: DepartmentResult, row: int) -> Cell:
        if not item.ranked:
            return "—"
        plan = self._plan
        own = f'{plan.ranked_range(plan.category_column)},"="&{self._cell("category", row)}'
        better = f'{plan.ranked_range(plan.total_column)},">"&{self._cell("total", row)}'
        return Formula(f"=COUNTIFS({own},{better})+1", item.category_rank)

    def _total(self, item: DepartmentResult, _: int) -> Cell:
        return Formula(f"={self._plan.matrix_cell(item, self._plan.total_column)}", item.total)

    def _grade(self, item: DepartmentResult, row: int) -> Cell:
        return grade_cell(self._plan, item, self._cell("total", row))

    def _before(self, item: DepartmentResult, _: int) -> Cell:
        return Formula(f"={self._plan.matrix_cell(item, self._plan.figures[Figure.BEFORE])}", item.total_before)

    def _changed(self, item: DepartmentResult, row: int) -> Cell:
        value = half_up(item.total - item.total_before) if item.total_before is not None else None
        return Formula(f"=ROUND({self._cell('total', row)}-{self._cell('before', row)},2)", value)

    def _state(self, item: DepartmentResult, _: int) -> Cell:
        return item.review_status

    def _own(self, item: DepartmentResult, _: int) -> Cell:
        return Formula(f"={self._plan.matrix_cell(item, self._plan.own_column)}", item.self_total)

    def _difference(self, item: DepartmentResult, row: int) -> Cell:
        return Formula(f"=ROUND({self._cell('total', row)}-{self._cell('own', row)},2)", half_up(item.difference))

    def _moved(self, item: DepartmentResult, row: int) -> Cell:
        if item.rank is None:
            return None
        owns = self._plan.ranked_range(self._plan.own_column)
        formula = f"=RANK({self._cell('own', row)},{owns})-{self._cell('rank', row)}"
        return Formula(formula, self._plan.own_rank(item) - item.rank)

    def _since(self, item: DepartmentResult, row: int) -> Cell:
        return moved_since(self._plan, item)

    def _level(self, number: int, level: Level) -> Column[DepartmentResult]:
        plan, name = self._plan, level.name

        def value(item: DepartmentResult, _: int) -> Cell:
            found = level_scores(plan.scheme, item.scores, first_level).get(name, ZERO)
            ranges = plan.level_ranges(item, name)
            formula = f"ROUND(SUM({ranges}),2)" if ranges else "0"
            if level.nature != BASE:
                outside = outside_formula(plan.scheme, level, partial(plan.score_cell, item))
                return Formula(f"={outside}", min(found, level.points))
            if full := plan.full_anyway(item, name):
                formula = f"ROUND(SUM({ranges})+{plain(full)},2)"
            return Formula(f"={formula}", found)

        return Column(f"level{number}", tell_nature(name, level.nature, "\n"), 9, _look("score"), value, least=7.5)

    def _spending(self, item: DepartmentResult, _: int) -> Cell:
        value = item.spending_rate
        return (
            None
            if value is None
            else Formula(f"={self._plan.matrix_cell(item, self._plan.figures[Figure.RATE])}", value)
        )

    def _held(self, item: DepartmentResult, _: int) -> Cell:
        return "、".join(what_held(self._plan.scheme, item)) or None

    def _to(self, key: str, heading: str, value: Callable[[DepartmentResult, int], Cell]) -> Column[DepartmentResult]:
        return Column(key, heading, 7, "box link center", value, links=True)

    def _sheet(self, item: DepartmentResult, _: int) -> Cell:
        return Link(self._plan.place(item), "查看")

    def _workbook(self, item: DepartmentResult, _: int) -> Cell:
        return Link(f"external:{self._plan.context.book_path(item)}", "打开")


def _review_look(item: DepartmentResult) -> str:
    return f"box center {REVIEW_LOOKS.get(item.review_status, '')}".strip()


def _look(traits: str) -> Callable[[DepartmentResult], str]:
    return lambda item: f"box {traits}" if item.ranked else f"box {traits} muted"


def _marks(page: Page, plan: SummaryPlan, table: Table[DepartmentResult]) -> None:
    """Bars for the totals; tones for grades, near thresholds and returned workbooks, beside their words."""
    if not table.items:
        return
    book = page.book.workbook
    page.bars(table.local("total"), 100)
    marks = [("grade", name, number) for name, number in plan.grades.tones.items()]
    for key, word, number in [*marks, ("near", "临界", 2), ("state", PROVISIONAL, 3)]:
        fill, ink = TONES[number]
        page.sheet.conditional_format(
            table.local(key),
            {
                "type": "cell",
                "criteria": "==",
                "value": literal(word),
                "format": book.add_format({"bg_color": fill, "font_color": ink}),
            },
        )


SHEET = SingleSheet("排名", 20, write_ranking)
