"""What 总览 says of the whole: the most common deductions and the most common findings."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from perfxl.checks.finding import Severity
from perfxl.decimals import ZERO
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.deductions import deductions_table
from perfxl.results.sheets.findings import LOOKS, findings_table
from perfxl.results.styles import SMALL
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.words import outside_name

COMMON = 5
RIGHT = 7
WIDTH = 6.9


def write_deductions(page: Page, plan: SummaryPlan, row: int) -> int:
    """Left: the indicators on which most departments lost points; returns the row below."""
    _section(page, row, 0, 6, "最常见的扣分")
    row += 1
    page.put(row, 0, "代码", "head")
    page.merged(row, 1, row, 3, "三级指标", "head")
    page.row(row, 4, [f"{plan.words.one}数", "共扣分"], "head")
    table = deductions_table(plan)
    counts: Counter[str] = Counter()
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for department in plan.ranked:
        for score in department.scores:
            if (lost := score.lost) > 0 and score.code in plan.scheme.indicator_by_code:
                counts[score.code] += 1
                sums[score.code] += lost
    order = sorted(counts, key=lambda code: (-counts[code], -sums[code], code))
    for code in order[:COMMON]:
        row += 1
        own = f"$A{row + 1}"
        count = table.added(f'COUNTIFS({{}},{own},{{}},">0")', "code", "rank")
        points = table.added(f'SUMIFS({{}},{{}},{own},{{}},">0")', "lost", "code", "rank")
        page.put(row, 0, code, "box center")
        _name(page, row, 1, outside_name(plan.scheme.indicator_by_code[code]))
        page.put(row, 4, Formula(f"={count}", counts[code]), "box center whole")
        page.put(row, 5, Formula(f"=ROUND({points},2)", sums[code]), "box score bold")
    if not order:
        row += 1
        page.merged(row, 0, row, 5, "没有扣分。", "box text muted")
    return row + 1


def write_findings(page: Page, plan: SummaryPlan, row: int) -> int:
    """Right: the findings that occur most, errors and warnings before what is only info; returns the row below."""
    _section(page, row, RIGHT, 7, "最常见的问题")
    row += 1
    page.put(row, RIGHT, "代码", "head")
    page.merged(row, RIGHT + 1, row, RIGHT + 3, "问题", "head")
    page.row(row, RIGHT + 4, ["级别", "次数", "文件数"], "head")
    first, counts, files = plan.tally.first, plan.tally.counts, plan.tally.files
    order = plan.tally.of_forms
    order.sort(key=lambda code: (first[code].severity is Severity.INFO, -counts[code], code))
    table = findings_table(plan)
    for code in order[:COMMON]:
        row += 1
        own, severity = f"$H{row + 1}", first[code].severity
        page.put(row, RIGHT, code, "box center")
        _name(page, row, RIGHT + 1, first[code].title)
        page.put(row, RIGHT + 4, severity.label, f"box center {LOOKS[severity]}")
        count = table.added(f"COUNTIF({{}},{own})", "code")
        if plan.short:
            count = table.added(f"COUNTIFS({{}},{own},{{}},{plan.own_rows})", "code", "scheme")
        page.put(row, RIGHT + 5, Formula(f"={count}", counts[code]), "box center whole")
        page.put(row, RIGHT + 6, files[code], "box center whole")
    if not order:
        row += 1
        page.merged(row, RIGHT, row, RIGHT + 6, "没有发现问题。", "box text muted")
    return row + 1


def _name(page: Page, row: int, column: int, text: str) -> None:
    """A name over three columns, on as many lines as it takes."""
    page.merged(row, column, row, column + 2, text, "box text wrap small")
    page.at_least(row, _height(text, 3))


def _height(text: str, columns: int) -> float:
    return row_height(text_lines(text, columns * WIDTH, SMALL), SMALL)


def _section(page: Page, row: int, column: int, columns: int, text: str) -> None:
    cells: list[Cell] = [text, *([None] * (columns - 1))]
    page.row(row, column, cells, "section")
