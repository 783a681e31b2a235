"""指标分析: per indicator how the batch did, the weakest indicators, and each category of departments."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.decimals import ZERO
from perfxl.results.cells import Cell, Formula, Page, row_height, text_lines
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.plan import Plan
from perfxl.results.statistics import deviation, mean, rate
from perfxl.results.styles import SMALL

WIDTHS = (8.0, 34.0, 10.0, 8.0, 8.0, 9.0, 8.0, 8.0, 8.0, 8.0, 8.0, 64.0)
HEADINGS = (
    "代码",
    "三级指标",
    "二级指标",
    "分值",
    "平均分",
    "平均\n得分率",
    "最高分",
    "最低分",
    "标准差",
    "满分\n部门数",
    "零分\n部门数",
    "得分最低的部门",
)
FIRST = 3  # 0-based row of the first indicator
WEAKEST = 10
NAMES_SHOWN = 4


def write_analysis(page: Page, plan: Plan) -> None:
    """Writes the sheet."""
    page.widths(list(WIDTHS))
    page.put(0, 0, f"{plan.batch.scheme.year}年度部门整体支出绩效评价指标分析", "title")
    page.height(0, 28)
    page.put(1, 0, f"只统计参加排名的 {len(plan.ranked)} 个部门。标准差为总体标准差（STDEVP）。", "note")
    page.row(2, 0, list(HEADINGS), "head")
    page.height(2, 32)
    page.sheet.freeze_panes(3, 2)
    row = FIRST
    for indicator in plan.indicators:
        _indicator(page, plan, row, indicator.code)
        row += 1
    if plan.ranked:
        page.sheet.set_h_pagebreaks([row])
        row = _weakest(page, plan, row + 1)
        _categories(page, plan, row + 1)
    page.print_setup(landscape=True)


def _indicator(page: Page, plan: Plan, row: int, code: str) -> None:
    indicator = plan.batch.scheme.indicator_by_code[code]
    scores = plan.scores[code]
    page.put(row, 0, code, "box center")
    page.put(row, 1, indicator.name, "box text wrap")
    page.put(row, 2, indicator.level2, "box center")
    page.put(row, 3, indicator.points, "box center points")
    if not scores:
        page.row(row, 4, [None] * 8, "box")
        return
    cells = plan.ranked_range(plan.indicator_column(code))
    average = mean(scores)
    excel = row + 1
    page.put(row, 4, Formula(f"=AVERAGE({cells})", average), "box score bold")
    page.put(row, 5, Formula(f"=E{excel}/D{excel}", rate(average, indicator.points)), "box share bold")
    page.put(row, 6, Formula(f"=MAX({cells})", max(scores)), "box score")
    page.put(row, 7, Formula(f"=MIN({cells})", min(scores)), "box score")
    page.put(row, 8, Formula(f"=STDEVP({cells})", deviation(scores)), "box score")
    full, zeros = scores.count(indicator.points), scores.count(ZERO)
    page.put(row, 9, Formula(f"=COUNTIF({cells},D{excel})", full), "box center whole")
    page.put(row, 10, Formula(f"=COUNTIF({cells},0)", zeros), "box center whole")
    lowest = _lowest(plan, scores, indicator.points)
    page.put(row, 11, lowest, "box text wrap small")
    page.height(row, row_height(text_lines(lowest, WIDTHS[11], SMALL), SMALL))


def _lowest(plan: Plan, scores: Sequence[Decimal], points: Decimal) -> str:
    low = min(scores)
    if low >= points:
        return "全部满分"
    names = [item.name for item, score in zip(plan.ranked, scores, strict=True) if score == low]
    shown = "、".join(names[:NAMES_SHOWN])
    return shown if len(names) <= NAMES_SHOWN else f"{shown}等 {len(names)} 个"


def _weakest(page: Page, plan: Plan, row: int) -> int:
    """The indicators with the lowest mean score rates, with a chart; returns the row below."""
    rates = {
        item.code: (rate(mean(plan.scores[item.code]), item.points) or ZERO, FIRST + place)
        for place, item in enumerate(plan.indicators)
    }
    codes = sorted(rates, key=lambda code: rates[code])[:WEAKEST]
    _section(page, row, f"平均得分率最低的 {len(codes)} 项指标")
    page.row(row + 1, 0, ["代码", "三级指标", "二级指标", "分值", "平均分", "平均\n得分率"], "head")
    page.height(row + 1, 32)
    first = row + 2
    for offset, code in enumerate(codes):
        value, source = rates[code]
        indicator = plan.batch.scheme.indicator_by_code[code]
        line = first + offset
        page.put(line, 0, code, "box center")
        page.put(line, 1, indicator.name, "box text wrap")
        page.put(line, 2, indicator.level2, "box center")
        page.put(line, 3, Formula(f"=D{source + 1}", indicator.points), "box center points")
        page.put(line, 4, Formula(f"=E{source + 1}", mean(plan.scores[code])), "box score")
        page.put(line, 5, Formula(f"=F{source + 1}", value), "box share bold")
        page.height(line, 22)
    last = first + len(codes) - 1
    series = Series(None, (first, last), 1, 5)
    width, height = sum(map(pixels_wide, WIDTHS[6:])), pixels_high(32) + pixels_high(22) * len(codes)
    draw(page, "bar", "平均得分率", [series], (row + 1, 6), (width, height), top=1)
    return last + 2


def _categories(page: Page, plan: Plan, row: int) -> None:
    """Count, mean, highest, lowest and grades of each category."""
    _section(page, row, "各类部门的得分和等级")
    bands = plan.batch.scheme.grade_bands
    headings: list[Cell] = ["序号", "部门类别", "部门数", "平均分", "最高分", "最低分"]
    page.row(row + 1, 0, [*headings, *(band.name for band in bands)], "head")
    page.height(row + 1, 20)
    page.row(row + 2, 0, ["分数线"] + [None] * 5, "box center muted")
    for place, band in enumerate(bands):
        page.put(row + 2, 6 + place, band.floor, "box center points muted")
    categories, totals = plan.ranked_range("C"), plan.ranked_range(plan.total_column)
    floor_row = row + 3
    for number, category in enumerate(plan.categories, 1):
        line = row + 2 + number
        excel = line + 1
        members = plan.members[category]
        values = [item.total for item in members]
        own = f'{categories},"="&$B{excel}'
        page.put(line, 0, number, "box center")
        page.put(line, 1, category, "box text")
        page.put(line, 2, Formula(f"=COUNTIF({own})", len(members)), "box center whole")
        page.put(line, 3, Formula(f"=AVERAGEIF({own},{totals})", mean(values)), "box score bold")
        for column, function, value in ((4, "MAX", max(values)), (5, "MIN", min(values))):
            formula = f"={function}(IF({categories}=$B{excel},{totals}))"
            page.put(line, column, Formula(formula, value, array=True), "box score")
        for place, band in enumerate(bands):
            letter = chr(ord("G") + place)
            formula = f'=COUNTIFS({own},{totals},">="&{letter}${floor_row})'
            if place:
                formula += f"-SUM($G{excel}:{chr(ord('F') + place)}{excel})"
            count = sum(item.grade == band.name for item in members)
            page.put(line, 6 + place, Formula(formula, count), "box center whole")


def _section(page: Page, row: int, text: str) -> None:
    page.row(row, 0, [text] + [None] * (len(WIDTHS) - 1), "section")
    page.height(row, 20)
