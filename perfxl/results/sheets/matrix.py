"""得分矩阵: departments × indicators, the one place where every score stands; all statistics refer to it."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO
from perfxl.outcome import held_formula
from perfxl.results.cells import ROW_HEIGHT, Cell, Formula, Page, row_height, text_lines
from perfxl.results.context import category_of
from perfxl.results.plan import FIRST_DEPARTMENT, FIRST_INDICATOR, MATRIX, POINTS_ROW, SummaryPlan
from perfxl.results.statistics import mean, rate
from perfxl.results.styles import TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.scoring.result import DepartmentResult

HEAT = ((Decimal("0.6"), 3), (Decimal("0.8"), 2), (Decimal("0.95"), 1))
A3 = 8
NAME_WIDTH = 26


def write_matrix(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    _headings(page, plan)
    for row, department in enumerate(plan.departments, FIRST_DEPARTMENT - 1):
        _department(page, plan, department)
        page.finish(row)
    last = _means(page, plan)
    _heat(page, plan, last)
    page.sheet.freeze_panes(FIRST_DEPARTMENT - 1, FIRST_INDICATOR)
    page.print_setup(landscape=True, paper=A3, repeat=(2, POINTS_ROW - 1))


def _headings(page: Page, plan: SummaryPlan) -> None:
    indicators = plan.indicators
    page.widths([6, NAME_WIDTH, 11, *([6.6] * len(indicators)), 8, 8, 13, 13, 9])
    page.put(0, 0, f"{plan.batch.scheme.year}年度部门整体支出绩效评价{MATRIX}", "title")
    page.height(0, 28)
    bounds = "、".join(f"{float(bound):.0%}" for bound, _ in reversed(HEAT))
    page.put(
        1,
        0,
        f"单位：分；资金单位：万元。底色表示得分率由高到低：低于 {bounds} 依次加深，不低于 95% 不着色。"
        "均值只统计参加排名的部门，退回修改的部门为暂定分，列在最后。",
        "note",
    )
    for column, heading in enumerate(("名次", "部门名称", "部门类别")):
        page.merged(2, column, POINTS_ROW - 2, column, heading, "head")
        page.put(POINTS_ROW - 1, column, "分值" if column == 1 else None, "head")
    start = FIRST_INDICATOR
    for level, group in groupby(indicators, key=lambda item: item.level2):
        members = list(group)
        page.merged(2, start, 2, start + len(members) - 1, level, "head")
        start += len(members)
    for offset, indicator in enumerate(indicators):
        column = FIRST_INDICATOR + offset
        page.put(3, column, indicator.code, "head small")
        page.put(4, column, indicator.name, "head small")
        page.put(5, column, indicator.points, "head points")
    behind = FIRST_INDICATOR + len(indicators)
    for offset, heading in enumerate(("总分", "自评总分", "调整预算数", "支出数", "支出率")):
        page.merged(2, behind + offset, 4, behind + offset, heading, "head")
        page.put(5, behind + offset, None, "head")
    first, last = plan.indicator_column(indicators[0].code), plan.indicator_column(indicators[-1].code)
    points = sum((item.points for item in indicators), ZERO)
    page.put(5, behind, Formula(f"=SUM({first}{POINTS_ROW}:{last}{POINTS_ROW})", points), "head points")
    page.height(2, 20)
    page.height(4, 84)


def _department(page: Page, plan: SummaryPlan, department: DepartmentResult) -> None:
    row = plan.matrix_rows[department.file]
    ranked = department.ranked
    look = "box center" if ranked else "box center muted"
    total = f"{plan.total_column}{row}"
    rank: Cell = "退回"
    if ranked:
        rank = Formula(f"=RANK({total},{_here(plan.ranked_range(plan.total_column))})", department.rank)
    page.put(row - 1, 0, rank, look)
    page.put(row - 1, 1, department.name, "box text wrap" if ranked else "box text wrap muted")
    page.put(row - 1, 2, category_of(department), look)
    page.height(row - 1, row_height(text_lines(department.name, NAME_WIDTH)))
    scores = {score.code: score.score for score in department.scores}
    for offset, indicator in enumerate(plan.indicators):
        page.put(row - 1, FIRST_INDICATOR + offset, scores.get(indicator.code, ZERO), "box score")
    first = xl_col_to_name(FIRST_INDICATOR)
    last = plan.indicator_column(plan.indicators[-1].code)
    total = held_formula(f"ROUND(SUM({first}{row}:{last}{row}),2)", department.cap)
    behind = FIRST_INDICATOR + len(plan.indicators)
    page.put(row - 1, behind, Formula(f"={total}", department.total), "box score bold band")
    page.put(row - 1, behind + 1, department.self_total, "box score")
    page.put(row - 1, behind + 2, department.adjusted, "box money")
    page.put(row - 1, behind + 3, department.spent, "box money")
    spending: Cell = None
    if (value := department.spending_rate) is not None:
        spending = Formula(f"={plan.spent_column}{row}/{plan.adjusted_column}{row}", value)
    page.put(row - 1, behind + 4, spending, "box rate")


def _here(reference: str) -> str:
    return reference.split("!", 1)[1]


def _means(page: Page, plan: SummaryPlan) -> int:
    """Means of all and of each category; returns the last row, as Excel counts it."""
    row = plan.mean_row
    if not plan.ranked:
        return row
    columns = [*plan.scores.values(), plan.totals]
    points = [item.points for item in plan.indicators]
    points.append(sum(points, ZERO))
    letters = [xl_col_to_name(FIRST_INDICATOR + offset) for offset in range(len(columns))]
    means = [mean(column) for column in columns]
    page.row(row - 1, 0, ["平均分", "全部参加排名的部门", None], "box center bold band")
    page.row(row, 0, ["得分率", "全部参加排名的部门", None], "box center bold band")
    for offset, letter in enumerate(letters):
        average = Formula(f"=AVERAGE({_here(plan.ranked_range(letter))})", means[offset])
        share = Formula(f"={letter}{row}/{letter}${POINTS_ROW}", rate(means[offset], points[offset]))
        page.put(row - 1, FIRST_INDICATOR + offset, average, "box score bold band")
        page.put(row, FIRST_INDICATOR + offset, share, "box share bold band")
    row += 1
    for line in range(plan.mean_row - 1, row + len(plan.categories)):
        page.height(line, ROW_HEIGHT)
    categories = _here(plan.ranked_range("C"))
    for category in plan.categories:
        row += 1
        places = [place for place, item in enumerate(plan.ranked) if category_of(item) == category]
        page.row(row - 1, 0, ["平均分", f"其中 {len(places)} 个：", category], "box center band")
        for offset, letter in enumerate(letters):
            formula = f'=AVERAGEIF({categories},"="&$C{row},{_here(plan.ranked_range(letter))})'
            value = mean([columns[offset][place] for place in places])
            page.put(row - 1, FIRST_INDICATOR + offset, Formula(formula, value), "box score band")
    return row


def _heat(page: Page, plan: SummaryPlan, last: int) -> None:
    """Fill by score rate, lowest first; one rule covers a whole block."""
    first = xl_col_to_name(FIRST_INDICATOR)
    blocks = ((FIRST_DEPARTMENT, plan.mean_row), (plan.mean_row + 2, last))
    for top, bottom in blocks:
        for bound, tone in HEAT if top <= bottom else ():
            fill, ink = TONES[tone]
            page.sheet.conditional_format(
                top - 1,
                FIRST_INDICATOR,
                bottom - 1,
                FIRST_INDICATOR + len(plan.indicators) - 1,
                {
                    "type": "formula",
                    "criteria": f"=AND(ISNUMBER({first}{top}),{first}{top}<{bound}*{first}${POINTS_ROW})",
                    "format": page.book.workbook.add_format({"bg_color": fill, "font_color": ink}),
                    "stop_if_true": True,
                },
            )


SHEET = SingleSheet(MATRIX, 30, write_matrix)
