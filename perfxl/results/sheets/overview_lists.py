"""The lower half of 总览: best and last, the categories with their budgets, and what the other lists bring."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.decimals import ZERO, half_up
from perfxl.results.cells import Cell, Formula, Link, Page, row_height, text_lines
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.names import quoted
from perfxl.results.plan import Figure, SummaryPlan
from perfxl.results.sheets.overview_matters import write_decisions, write_deductions, write_findings
from perfxl.results.sheets.ranking import grade_cell
from perfxl.results.statistics import mean, rate
from perfxl.results.styles import ACCENT, SECOND, SMALL
from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scoring.result import DepartmentResult

SHOWN = 8
WIDTH = 6.9
ROW = 17.5
RIGHT = 7  # the first column of the right half
CHART_ROWS = 6


def write_lists(page: Page, plan: SummaryPlan, row: int) -> int:
    """Writes from this row on; returns the last row. Rows count from 0."""
    shown = min(SHOWN, len(plan.ranked))
    _section(page, row, 0, 6, f"前 {shown} 名")
    left = _places(page, plan, row + 1, 0, plan.ranked[:shown])
    _section(page, row, RIGHT, 7, f"后 {shown} 名")
    right = _places(page, plan, row + 1, RIGHT, plan.ranked[-shown:] if shown else [])
    row = _categories(page, plan, max(left, right) + 1)
    left, right = write_deductions(page, plan, row + 1), write_findings(page, plan, row + 1)
    row = write_decisions(page, plan, max(left, right) + 1)
    for note in () if plan.short else plan.batch.notes:
        page.merged(row, 0, row, 13, note, "note wrap")
        page.height(row, row_height(text_lines(note, 14 * WIDTH, SMALL), SMALL))
        row += 1
    return row - 1


def _section(page: Page, row: int, column: int, columns: int, text: str) -> None:
    page.row(row, column, [text] + [None] * (columns - 1), "section")


def _places(page: Page, plan: SummaryPlan, row: int, column: int, departments: Sequence[DepartmentResult]) -> int:
    """Rank, name, total and grade of some departments; returns the row below."""
    last = column + 6 - (column == 0)
    page.put(row, column, "名次", "head")
    page.merged(row, column + 1, row, last - 2, plan.words.title, "head")
    page.row(row, last - 1, ["总分", "等级"], "head")
    totals = plan.ranked_range(plan.total_column)
    letter = chr(ord("A") + last - 1)
    for item in departments:
        row += 1
        own = f"${letter}${row + 1}"
        lines = text_lines(item.title, (last - column - 2) * WIDTH)
        page.at_least(row, row_height(lines) if lines > 1 else 0)
        name: Cell = item.title
        # LibreOffice doesn't wrap a link.
        if plan.department_sheets and lines == 1:
            name = Link(f"internal:{quoted(plan.sheets[item.file])}!A1", item.title)
        page.put(row, column, Formula(f"=RANK({own},{totals})", item.rank), "box center")
        look = "box text link" if isinstance(name, Link) else "box text wrap"
        page.merged(row, column + 1, row, last - 2, name, look)
        total = Formula(f"={plan.matrix_cell(item, plan.total_column)}", item.total)
        page.put(row, last - 1, total, "box score bold")
        page.put(row, last, grade_cell(plan, item, own), "box center")
    return row + 1


def _categories(page: Page, plan: SummaryPlan, row: int) -> int:
    """Mean, budget and spending of each category, with a chart beside them; returns the row below."""
    one, columns = plan.words.one, plan.scheme.funds_table.columns
    _section(page, row, 0, 6, f"各类{one}的得分和支出（万元）" if plan.has_money else f"各类{one}的得分")
    row += 1
    page.merged(row, 0, row, 1, plan.words.category, "head")
    page.row(row, 2, ["平均分", *(_money_headings(plan) if plan.has_money else [f"{one}数"])], "head")
    categories = plan.ranked_range(plan.category_column)
    totals = plan.ranked_range(plan.total_column)
    top = row
    words = []
    for category in plan.categories:
        row += 1
        own = f'{categories},"="&$A{row + 1}'
        members = plan.members[category]
        average = mean([item.total for item in members])
        page.merged(row, 0, row, 1, category, "box text wrap small")
        page.at_least(row, row_height(text_lines(category, 2 * WIDTH, SMALL), SMALL))
        page.put(row, 2, Formula(f"=AVERAGEIF({own},{totals})", average), "box score bold")
        if not plan.has_money:
            page.put(row, 3, Formula(f"=COUNTIF({own})", len(members)), "box center whole")
            continue
        budget = sum((item.adjusted or ZERO for item in members if item.summed), ZERO)
        paid = sum((item.spent or ZERO for item in members if item.summed), ZERO)
        for place, figure, value in ((3, Figure.ADJUSTED, budget), (4, Figure.SPENT, paid)):
            column = plan.figures[figure]
            added = plan.summed(f"SUMIF({own},{plan.ranked_range(column)})", column, category)
            page.put(row, place, Formula(f"=ROUND({added},6)", value), "box whole small shrink")
        share = rate(paid, budget)
        page.put(row, 5, None if share is None else Formula(f"=E{row + 1}/D{row + 1}", share), "box share bold")
        words.append(f"{category} {half_up(paid):,} ÷ {half_up(budget):,}")
    end = max(row, top + CHART_ROWS) if plan.has_money else row
    if plan.categories and plan.has_money:
        series = [
            Series((top, 3), (top + 1, row), 0, 3, SECOND, None),
            Series((top, 4), (top + 1, row), 0, 4, ACCENT, None),
        ]
        height = pixels_high(ROW) * (end - top + 2)
        adjusted, spent = columns[ADJUSTED], columns[SPENT]
        alt = f"{spent} ÷ {adjusted}：" + "；".join(words)
        size = (7 * pixels_wide(WIDTH), height)
        title = f"各类{one}{adjusted}和{spent}（万元）"
        draw(page, "column", title, series, (top - 1, RIGHT), size, number="#,##0", alt=alt)
    return end + 1


def _money_headings(plan: SummaryPlan) -> list[Cell]:
    columns = plan.scheme.funds_table.columns
    # A narrow column: the last sign of 调整预算数 goes.
    adjusted = columns[ADJUSTED].removesuffix("数")
    return [adjusted, columns[SPENT], "支出率"]
