"""The lower half of 总览: the categories with their budgets, best and last, and what is common."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.decimals import ZERO, percent
from perfxl.results.cells import Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.plan import Figure, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.sheets.matter import department
from perfxl.results.sheets.overview_common import write_deductions, write_findings
from perfxl.results.sheets.ranking import grade_cell
from perfxl.results.statistics import mean, rate
from perfxl.results.styles import SMALL
from perfxl.results.text_height import row_height, text_lines
from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scoring.result import DepartmentResult

SHOWN = 8
WIDTH = 6.9
ROW = 17.5
RIGHT = 7  # the first column of the right half
CHART_ROWS = 5
TABLE, RATE = 8, 7  # columns of the table of the categories with their money, and the column of the rates


def write_lists(page: Page, plan: SummaryPlan, row: int) -> tuple[int, list[int]]:
    """Writes from this row on; returns the last row, and where each part begins. Rows count from 0."""
    # With the empty row above: the frame of the chart stands on the upper edge of its first row.
    parts = [row - 1]
    # The categories are short enough for the room that the charts above leave on their page; ranks seldom are.
    row = _categories(page, plan, row) + 1
    parts.append(row)
    first, last = best_and_last(plan)
    _section(page, row, 0, 6, f"前 {len(first)} 名")
    left = _places(page, plan, row + 1, 0, first)
    best = plan.grades.names[0] if plan.grades.names else ""
    _section(page, row, RIGHT, 7, f"后 {len(last)} 名（由低到高）" if last else "后列")
    if last:
        right = _places(page, plan, row + 1, RIGHT, last)
    else:
        words = "没有其他名次" if len(plan.ranked) <= len(first) or not best else f"没有低于“{best}”的其他名次"
        page.merged(row + 1, RIGHT, row + 1, RIGHT + 6, f"{words}。", "box text muted")
        right = row + 2
    row = max(left, right) + 1
    parts.append(row)
    left, right = write_deductions(page, plan, row), write_findings(page, plan, row)
    row = max(left, right) + 1
    for note in () if plan.short else plan.batch.notes:
        page.merged(row, 0, row, 13, note, "note wrap")
        page.height(row, row_height(text_lines(note, 14 * WIDTH, SMALL), SMALL))
        row += 1
    return row - 1, parts


def best_and_last(plan: SummaryPlan) -> tuple[list[DepartmentResult], list[DepartmentResult]]:
    """The first of the ranked ones, and the last, lowest first. Nobody stands in both.

    Where there are few each takes half. Among the last is nobody of the best grade (where there are several), and
    nobody who shares the rank of one of the first.
    """
    ranked = plan.ranked
    first = ranked[: min(SHOWN, (len(ranked) + 1) // 2)]
    behind = first[-1].rank or 0 if first else 0
    rest = [item for item in ranked[len(first) :] if (item.rank or 0) > behind and not _is_best(plan, item)]
    return first, rest[-SHOWN:][::-1]


def _is_best(plan: SummaryPlan, item: DepartmentResult) -> bool:
    bands = plan.scheme.bands_of(item.category)
    return len(bands) > 1 and item.grade == bands[0].name


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
        named = department(plan, item)
        page.put(row, column, Formula(f"=RANK({own},{totals})", item.rank), "box center")
        assert named.content is not None
        page.linked(row, column + 1, row, last - 2, named.target, named.content, "box text wrap link")
        total = Formula(f"={plan.matrix_cell(item, plan.total_column)}", item.total)
        page.put(row, last - 1, total, "box score bold")
        page.put(row, last, grade_cell(plan, item, own), "box center")
    return row + 1


def _categories(page: Page, plan: SummaryPlan, row: int) -> int:
    """Mean, budget and spending of each category, with a chart of the rates beside; returns the row below."""
    one, money = plan.words.one, plan.has_money
    _section(page, row, 0, TABLE if money else 6, f"各类{one}的得分和支出（万元）" if money else f"各类{one}的得分")
    row += 1
    page.merged(row, 0, row, 1, plan.words.category, "head")
    page.put(row, 2, "平均分", "head")
    if money:
        columns = plan.scheme.funds_table.columns
        page.merged(row, 3, row, 4, columns[ADJUSTED], "head")
        page.merged(row, 5, row, 6, columns[SPENT], "head")
        page.put(row, RATE, "支出率", "head")
    else:
        page.put(row, 3, f"{one}数", "head")
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
        if not money:
            page.put(row, 3, Formula(f"=COUNTIF({own})", len(members)), "box center whole")
            continue
        share = _money(page, plan, row, category, own)
        words.append(f"{category} {UNKNOWN if share is None else percent(share, 1)}")
    if not (plan.categories and money):
        return row + 1
    end = max(row, top + CHART_ROWS)
    series = [Series((top, RATE), (top + 1, row), 0, RATE)]
    size = ((14 - TABLE - 1) * pixels_wide(WIDTH), pixels_high(ROW) * (end - top + 2))
    draw(page, "column", f"各类{one}支出率", series, (top - 1, TABLE + 1), size, alt="；".join(words))
    return end + 1


def _money(page: Page, plan: SummaryPlan, row: int, category: str, own: str) -> Decimal | None:
    """Budget, spending and rate of a category; returns the rate."""
    members = [item for item in plan.members[category] if item.summed]
    known = any(item.adjusted is not None for item in members)
    sums = [
        sum((getattr(item, figure) or ZERO for item in members), ZERO) for figure in (Figure.ADJUSTED, Figure.SPENT)
    ]
    for column, figure, value in zip((3, 5), (Figure.ADJUSTED, Figure.SPENT), sums, strict=True):
        cells = plan.figures[figure]
        added = plan.summed(f"SUMIF({own},{plan.ranked_range(cells)})", cells, category)
        shown = Formula(f"=ROUND({added},6)", value) if known else UNKNOWN
        page.merged(row, column, row, column + 1, shown, "box money shrink" if known else "box center muted")
    share = rate(sums[1], sums[0])
    shown = UNKNOWN if share is None else Formula(f"=F{row + 1}/D{row + 1}", share)
    page.put(row, RATE, shown, "box center muted" if share is None else "box share bold")
    return share
