"""排名: who stands where. Every number refers to 得分矩阵 by absolute references, so sorting breaks nothing."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.decimals import ZERO, half_up
from perfxl.results.cells import Cell, Formula, Link, Page
from perfxl.results.context import DEPARTMENT_FOLDER, category_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.names import quoted
from perfxl.results.plan import GRADE_FLOOR, GRADE_NAME, SummaryPlan
from perfxl.results.styles import TONES, tone
from perfxl.results.summary_sheet import SingleSheet
from perfxl.scoring import DepartmentResult, first_level, level_scores

PROVISIONAL = "退回修改"
SCORED = "已评分"
FIRST = 4
_NAME_COLUMN = "D"


def ranking_table(plan: SummaryPlan) -> Table[DepartmentResult]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name, _columns(plan), plan.departments, first=FIRST)


def ranked_at(place: int) -> str:
    """The target of a link to the department at a place of the plan's order, the first at 0."""
    return SHEET.link(f"{_NAME_COLUMN}{FIRST + place}")


def write_ranking(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    table = ranking_table(plan)
    returned = len(plan.departments) - len(plan.ranked)
    note = f"参加排名 {len(plan.ranked)} 个部门，同分同名次（1、2、2、4）。"
    if returned:
        note += f"退回修改 {returned} 个部门，只列暂定分，不参加排名。"
    note += "“较自评”是按自评总分的名次与现名次相比，↑ 为上升"
    note += "；“较上年”是与上年名次相比。" if plan.batch.previous else "。"
    table.write([page], f"{plan.batch.scheme.year}年度部门整体支出绩效评价{SHEET.name}", note, frozen=4)
    _marks(page, plan, table)
    page.print_setup(landscape=True, repeat=(2, 2))


def _columns(plan: SummaryPlan) -> list[Column[DepartmentResult]]:
    totals, owns = plan.ranked_range(plan.total_column), plan.ranked_range(plan.own_column)
    categories = plan.ranked_range("C")
    names, floors = plan.grade_range(GRADE_NAME), plan.grade_range(GRADE_FLOOR)

    def rank(item: DepartmentResult, row: int) -> Cell:
        return Formula(f"=RANK($F{row},{totals})", item.rank) if item.ranked else "—"

    def category_rank(item: DepartmentResult, row: int) -> Cell:
        if not item.ranked:
            return "—"
        return Formula(f'=COUNTIFS({categories},"="&$E{row},{totals},">"&$F{row})+1', item.category_rank)

    def sheet(item: DepartmentResult, _: int) -> Cell:
        return Link(f"internal:{quoted(plan.sheets[item.file])}!A1", "查看")

    def grade(item: DepartmentResult, row: int) -> Cell:
        return Formula(f'=INDEX({names},COUNTIF({floors},">"&$F{row})+1)', item.grade)

    def level_column(number: int, level: str) -> Column[DepartmentResult]:
        def value(item: DepartmentResult, _: int) -> Cell:
            sums = level_scores(plan.batch.scheme, item.scores, first_level)
            return Formula(f"={plan.level_sum(item, level)}", sums.get(level, ZERO))

        return Column(f"level{number}", level, 9, _look("score"), value)

    def own(item: DepartmentResult, _: int) -> Cell:
        return Formula(f"={plan.matrix_cell(item, plan.own_column)}", item.self_total)

    def moved(item: DepartmentResult, row: int) -> Cell:
        if item.rank is None:
            return None
        return Formula(f"=RANK($H{row},{owns})-$A{row}", plan.own_ranks[item.file] - item.rank)

    def since(item: DepartmentResult, row: int) -> Cell:
        previous = plan.batch.previous.get(item.code)
        if item.rank is None or previous is None:
            return None
        return Formula(f"={previous}-$A{row}", previous - item.rank)

    def spending(item: DepartmentResult, _: int) -> Cell:
        value = item.spending_rate
        return None if value is None else Formula(f"={plan.matrix_cell(item, plan.rate_column)}", value)

    def difference(item: DepartmentResult, row: int) -> Cell:
        return Formula(f"=ROUND($F{row}-$H{row},2)", half_up(item.difference))

    def workbook(item: DepartmentResult, _: int) -> Cell:
        return Link(f"external:{DEPARTMENT_FOLDER}/{plan.context.file_name(item)}", "打开")

    def total(item: DepartmentResult, _: int) -> Cell:
        return Formula(f"={plan.matrix_cell(item, plan.total_column)}", item.total)

    changes = [Column("moved", "较自评", 7, "box places", moved)]
    if plan.batch.previous:
        changes.append(Column("since", "较上年", 7, "box places", since))
    levels = [level_column(number, level.name) for number, level in enumerate(plan.batch.scheme.first_levels)]
    return [
        Column("rank", "名次", 6, _look("center"), rank),
        Column("category_rank", "类内\n名次", 6, _look("center"), category_rank),
        Column("code", "部门代码", 12, _look("center"), lambda item, _: item.code),
        Column("name", "部门名称", 26, _look("text wrap"), lambda item, _: item.name),
        Column("category", "部门类别", 10, _look("center"), lambda item, _: category_of(item)),
        Column("total", "总分", 9, _look("score bold"), total),
        Column("grade", "等级", 6, _look("center"), grade),
        Column("own", "自评分", 8, _look("score"), own),
        Column("difference", "认定减\n自评", 8, _look("signed"), difference),
        *changes,
        *levels,
        Column("spending", "支出率", 9, _look("rate"), spending),
        Column("near", "临界", 6, _look("center"), lambda item, _: "临界" if item.near_threshold else None),
        Column("findings", "问题数", 6, _look("center"), lambda item, _: plan.context.count_of(item)),
        Column("state", "状态", 10, _look("center"), lambda item, _: SCORED if item.ranked else PROVISIONAL),
        *([Column("sheet", "结果页", 7, "box link center", sheet)] if plan.department_sheets else []),
        *([Column("workbook", "工作簿", 7, "box link center", workbook)] if plan.department_books else []),
    ]


def _look(traits: str) -> Callable[[DepartmentResult], str]:
    return lambda item: f"box {traits}" if item.ranked else f"box {traits} muted"


def _marks(page: Page, plan: SummaryPlan, table: Table[DepartmentResult]) -> None:
    """Bars for the totals; tones for grades, near thresholds and returned workbooks, beside their words."""
    if not table.items:
        return
    book = page.book.workbook
    page.bars(table.local("total"), 100)
    bands = plan.batch.scheme.grade_bands
    marks = [("grade", band.name, tone(place, len(bands))) for place, band in enumerate(bands)]
    for key, word, number in [*marks, ("near", "临界", 2), ("state", PROVISIONAL, 3)]:
        fill, ink = TONES[number]
        page.sheet.conditional_format(
            table.local(key),
            {
                "type": "cell",
                "criteria": "==",
                "value": '"' + word.replace('"', '""') + '"',
                "format": book.add_format({"bg_color": fill, "font_color": ink}),
            },
        )


SHEET = SingleSheet("排名", 20, write_ranking)
