"""总览: the batch on one A4 page, for the head of the bureau."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfxl.decimals import ZERO, percent
from perfxl.results.batch import Status
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.plan import FIRST_GRADE, OVERVIEW, SummaryPlan
from perfxl.results.sheets.files import files_table, status_count
from perfxl.results.sheets.overview_lists import ROW, WIDTH, write_lists
from perfxl.results.statistics import mean, median, rate
from perfxl.results.styles import TONE_NAMES, tone
from perfxl.results.summary_sheet import SingleSheet

COLUMNS = 14
CHART_END = FIRST_GRADE + 18  # the row below the charts, as Excel counts it


def write_overview(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    page.widths([WIDTH] * COLUMNS)
    header = plan.batch.scheme.header
    page.merged(0, 0, 0, COLUMNS - 1, f"{header.title}结果总览", "title center")
    page.height(0, 32)
    started = plan.batch.started.strftime("%Y-%m-%d %H:%M")
    about = f"{header.bureau}　　评分方案：{header.id} {header.version}　　生成时间：{started}"
    page.merged(1, 0, 1, COLUMNS - 1, about, "note center")
    page.height(2, 6)
    for row in range(3, CHART_END + 40):
        page.height(row, ROW)
    section(page, 3, 0, COLUMNS, "报送和得分情况")
    _counts(page, plan)
    _figures(page, plan)
    page.height(9, 8)
    _grades(page, plan)
    _levels(page, plan)
    last = write_lists(page, plan, CHART_END)
    page.print_setup(pages_high=1, area=(last, COLUMNS - 1))


def section(page: Page, row: int, column: int, columns: int, text: str) -> None:
    """A heading with a line below, over so many columns."""
    page.row(row, column, [text] + [None] * (columns - 1), "section")


def _tile(page: Page, row: int, place: int, label: str, value: Cell, look: str) -> None:
    column = 2 * place
    page.merged(row, column, row, column + 1, label, "box center muted band small")
    page.merged(row + 1, column, row + 1, column + 1, value, f"box center big {look}")
    page.height(row + 1, 27)


def _counts(page: Page, plan: SummaryPlan) -> None:
    table = files_table(plan)
    counts = dict.fromkeys(Status, 0)
    for record in plan.batch.files:
        counts[record.status] += 1

    def counted(status: Status) -> Formula:
        return Formula(f"={status_count(table, status)}", counts[status])

    received = (Status.SCORED, Status.RETURNED, Status.REJECTED, Status.SUPERSEDED)
    total = Formula("=SUM(C6,E6,G6,I6)", sum(counts[status] for status in received))
    _tile(page, 4, 0, "收到填报", total, "whole")
    for place, status in enumerate((*received, Status.IGNORED, Status.MISSING), 1):
        _tile(page, 4, place, status.label, counted(status), "whole")


def _figures(page: Page, plan: SummaryPlan) -> None:
    totals = plan.totals
    cells = plan.ranked_range(plan.total_column)
    figures: list[tuple[str, str, Decimal | None]] = [
        ("平均分", "AVERAGE", mean(totals)),
        ("中位数", "MEDIAN", median(totals)),
        ("最高分", "MAX", max(totals, default=None)),
        ("最低分", "MIN", min(totals, default=None)),
    ]
    for place, (label, function, value) in enumerate(figures):
        figure = Formula(f"={function}({cells})", value) if totals else None
        _tile(page, 7, place, label, figure, "score")
    adjusted = sum((item.adjusted or ZERO for item in plan.ranked), ZERO)
    spent = sum((item.spent or ZERO for item in plan.ranked), ZERO)
    sums = (
        ("调整预算数（万元）", plan.adjusted_column, adjusted),
        ("支出数（万元）", plan.spent_column, spent),
    )
    for place, (label, column, value) in enumerate(sums, 4):
        figure = Formula(f"=ROUND(SUM({plan.ranked_range(column)}),6)", value) if totals else None
        _tile(page, 7, place, label, figure, "whole shrink")
    overall = rate(spent, adjusted)
    _tile(page, 7, 6, "支出率", None if overall is None else Formula("=K9/I9", overall), "rate")


def _grades(page: Page, plan: SummaryPlan) -> None:
    """Left: the grades with their bounds and counts, a chart below; 排名 looks the grades up here."""
    section(page, FIRST_GRADE - 3, 0, 6, "等级分布")
    heading = FIRST_GRADE - 2
    _wide(page, heading, ["等级", "分数线", "部门数"], 0, lambda _: "head")
    bands = plan.batch.scheme.grade_bands
    totals = plan.ranked_range(plan.total_column)
    counts = [sum(item.grade == band.name for item in plan.ranked) for band in bands]
    for place, band in enumerate(bands):
        row = heading + 1 + place
        above = f"-SUM($E${FIRST_GRADE}:$E{row})" if place else ""
        count = Formula(f'=COUNTIF({totals},">="&$C{row + 1}){above}', counts[place]) if plan.ranked else None
        looks = (f"box center bold {TONE_NAMES[tone(place, len(bands))]}", "box center points", "box center whole")
        _wide(page, row, [band.name, band.floor, count], 0, looks.__getitem__)
    end = heading + len(bands)
    row = end + 1
    total = Formula(f"=SUM($E${FIRST_GRADE}:$E${end + 1})", len(plan.ranked)) if plan.ranked else None
    _wide(page, row, ["合计", None, total], 0, lambda _: "box center bold band whole")
    if plan.ranked:
        height = pixels_high(ROW) * (CHART_END - 2 - row)
        series = Series(None, (heading + 1, end), 0, 4, label="0")
        size = (6 * pixels_wide(WIDTH), height)
        alt = "，".join(f"{band.name} {number} 个" for band, number in zip(bands, counts, strict=True))
        draw(page, "column", "各等级部门数", [series], (row + 1, 0), size, number="0", alt=alt)


def _levels(page: Page, plan: SummaryPlan) -> None:
    """Right: mean scores of the second-level indicators, a chart below."""
    left = 7
    heading = FIRST_GRADE - 2
    section(page, heading - 1, left, 7, "二级指标平均得分")
    page.merged(heading, left, heading, left + 2, "二级指标", "head")
    page.row(heading, left + 3, ["分值", "平均分", "得分率"], "head")
    page.put(heading, left + 6, "最低得分", "head")
    levels = plan.batch.scheme.second_levels
    words = []
    for place, level in enumerate(levels):
        row = heading + 1 + place
        page.merged(row, left, row, left + 2, level.name, "box text")
        page.put(row, left + 3, level.points, "box center points")
        if not plan.ranked:
            page.row(row, left + 4, [None, None, None], "box")
            continue
        codes = [item.code for item in plan.indicators if item.level2 == level.name]
        means = "+".join(f"AVERAGE({plan.ranked_range(plan.indicator_column(code))})" for code in codes) or "0"
        scores = [sum(values, ZERO) for values in zip(*(plan.scores[code] for code in codes), strict=True)]
        average = mean(scores)
        page.put(row, left + 4, Formula(f"={means}", average), "box score")
        page.put(row, left + 5, Formula(f"=L{row + 1}/K{row + 1}", rate(average, level.points)), "box share bold")
        words.append(f"{level.name} {percent(rate(average, level.points) or ZERO, 1)}")
        columns = "+".join(plan.ranked_range(plan.indicator_column(code)) for code in codes) or "0"
        lowest = Formula(f"=ROUND(MIN({columns}),2)", min(scores, default=None), array=True)
        page.put(row, left + 6, lowest, "box score")
    end = heading + len(levels)
    if plan.ranked:
        height = pixels_high(ROW) * (CHART_END - 2 - end)
        series = Series(None, (heading + 1, end), left, left + 5)
        size = (7 * pixels_wide(WIDTH), height)
        draw(page, "column", "二级指标平均得分率", [series], (end + 1, left), size, top=1, alt="，".join(words))


def _wide(page: Page, row: int, values: list[Cell], column: int, look: Callable[[int], str]) -> None:
    """Values side by side, each over two columns."""
    for place, value in enumerate(values):
        start = column + 2 * place
        page.merged(row, start, row, start + 1, value, look(place))


SHEET = SingleSheet(OVERVIEW, 10, write_overview, long=False)
