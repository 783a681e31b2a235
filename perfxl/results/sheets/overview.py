"""总览: the batch for the head of the bureau: what came, what is to be done, how it went."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfxl.decimals import ZERO, percent
from perfxl.results.batch import Status
from perfxl.results.cells import Cell, Formula, Link, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.level_means import level_means
from perfxl.results.plan import OVERVIEW, Figure, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.sheets.files import SHEET as FILES
from perfxl.results.sheets.files import files_table, status_count
from perfxl.results.sheets.findings import SHEET as FINDINGS
from perfxl.results.sheets.matrix import SHEET as MATRIX_SHEET
from perfxl.results.sheets.overview_lists import ROW, WIDTH, write_lists
from perfxl.results.sheets.overview_matters import IN_YUAN, matters, write_matters
from perfxl.results.sheets.owed import SHEET as OWED
from perfxl.results.sheets.ranking import SCORED, ranking_table
from perfxl.results.sheets.ranking import SHEET as RANKING
from perfxl.results.statistics import mean, median, rate
from perfxl.results.styles import SMALL, TONE_NAMES, TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.words import NO_ROSTER
from perfxl.scheme.funds import ADJUSTED, SPENT

COLUMNS = 14
MATTERS = 10  # the first row of what is to be done
CHARTS = 17  # rows of the tables of grades and levels with the charts below them
LEAST_CHART = 8


def write_overview(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    page.widths([WIDTH] * COLUMNS)
    header = plan.scheme.header
    page.merged(0, 0, 0, COLUMNS - 1, header.results_titled("总览"), "title center")
    page.height(0, 32)
    started = plan.batch.started.strftime("%Y-%m-%d %H:%M")
    about = f"{header.bureau}　　评分方案：{header.id} {header.version}　　生成时间：{started}"
    page.merged(1, 0, 1, COLUMNS - 1, about, "note center")
    page.height(2, 6)
    end = _chart_end(plan)
    for row in range(3, end + 40):
        page.height(row, ROW)
    section(page, 3, 0, COLUMNS, "报送和得分情况")
    write_counts(page, plan)
    page.height(6, 6)
    page.height(9, 8)
    _figures(page, plan)
    write_matters(page, MATTERS, matters(plan))
    _grades(page, plan, end)
    _levels(page, plan, end)
    last, parts = write_lists(page, plan, end)
    # On paper no chart and no short list stands in two halves.
    page.print_setup(area=(last, COLUMNS - 1), parts=[plan.first_grade - 3, *parts])


def _chart_end(plan: SummaryPlan) -> int:
    """The row below the charts, as Excel counts it."""
    levels = len(plan.scheme.base_levels)
    # A bar for each level takes nearly a row.
    rows = max(levels + max(LEAST_CHART, levels + 1), len(plan.grades.names) + 1 + LEAST_CHART)
    return plan.first_grade + max(CHARTS, rows)


def section(page: Page, row: int, column: int, columns: int, text: str) -> None:
    """A heading with a line below, over so many columns."""
    page.row(row, column, [text] + [None] * (columns - 1), "section")


def tile(page: Page, row: int, place: int, label: str, value: Cell, look: str, target: str = "") -> None:
    """A figure below its label, two columns wide, which leads to where the figure comes from."""
    column = 2 * place
    # The text of a link is not wrapped everywhere; the figure leads there too.
    head = Link(target, label) if target and text_lines(label, 2 * WIDTH, SMALL) == 1 else label
    colour = "link" if isinstance(head, Link) else "muted wrap"
    page.merged(row, column, row, column + 1, head, f"box center band small {colour}")
    if value is None or (isinstance(value, Formula) and value.value is None):
        value, look = UNKNOWN, "muted"
    page.at_least(row, row_height(text_lines(label, 2 * WIDTH, SMALL), SMALL))
    if target and isinstance(value, Formula):
        page.linked(row + 1, column, row + 1, column + 1, target, value, f"box center big {look}")
    else:
        page.merged(row + 1, column, row + 1, column + 1, value, f"box center big {look}")
    page.height(row + 1, 27)


def write_counts(page: Page, plan: SummaryPlan) -> None:
    """Tiles: how many files of each status."""
    table = files_table(plan)
    counts = dict.fromkeys(Status, 0)
    for record in plan.batch.files:
        counts[record.counted_as] += 1

    def counted(status: Status) -> Formula:
        return Formula(f"={status_count(plan, table, status)}", counts[status])

    def both(*statuses: Status) -> Formula:
        formulas = "+".join(status_count(plan, table, status) for status in statuses)
        return Formula(f"={formulas}", sum(counts[status] for status in statuses))

    main = (Status.SCORED, Status.RETURNED, Status.REJECTED)
    older, others = (Status.SUPERSEDED, Status.DUPLICATE), [Status.IGNORED, Status.ARCHIVE, Status.REPORT]
    rest = "报告等其他文件" if counts[Status.REPORT] else "已忽略、压缩包"
    if counts[Status.OTHER_STAGE]:
        # A folder that serves the whole year holds workbooks of other stages too.
        others, rest = [Status.OTHER_STAGE, *others], "其他阶段、其他文件"
    total = Formula("=SUM(C6,E6,G6,I6)", sum(counts[status] for status in (*main, *older)))
    files = FILES.link(plan, "A1")
    targets = {Status.RETURNED: FINDINGS.link(plan, "A1")}
    if plan.scheme.asks_scores:
        targets[Status.SCORED] = RANKING.link(plan, "A1")
    tile(page, 4, 0, "收到填报", total, "whole", files)
    for place, status in enumerate(main, 1):
        alert = "whole alert" if counts[status] and status is not Status.SCORED else "whole"
        tile(page, 4, place, plan.status_label(status), counted(status), alert, targets.get(status, files))
    tile(page, 4, 4, "被替代或重复", both(*older), "whole", files)
    tile(page, 4, 5, rest, both(*others), "whole", files)
    if plan.batch.rostered:
        alert = "whole alert" if counts[Status.MISSING] else "whole"
        owed = OWED.link(plan, "A1") if OWED.present(plan.lists.batch) else files
        tile(page, 4, 6, Status.MISSING.label, counted(Status.MISSING), alert, owed)
    else:
        page.merged(4, 12, 4, 13, Status.MISSING.label, "box center muted band small")
        page.merged(5, 12, 5, 13, NO_ROSTER, "box center muted wrap small")


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
        tile(page, 7, place, label, figure, "score", RANKING.link(plan, "A1"))
    if plan.has_money:
        _money(page, plan)


def _money(page: Page, plan: SummaryPlan) -> None:
    columns = plan.scheme.funds_table.columns
    counted = [item for item in plan.ranked if item.summed]
    adjusted = sum((item.adjusted or ZERO for item in counted), ZERO)
    spent = sum((item.spent or ZERO for item in counted), ZERO)
    sums = (
        (f"{columns[ADJUSTED]}（万元）", Figure.ADJUSTED, adjusted),
        (f"{columns[SPENT]}（万元）", Figure.SPENT, spent),
    )
    for place, (label, figure, value) in enumerate(sums, 4):
        column = plan.figures[figure]
        added = plan.summed(f"SUM({plan.ranked_range(column)})", column)
        shown = Formula(f"=ROUND({added},6)", value) if plan.ranked else None
        known = any(getattr(item, figure) is not None for item in counted)
        tile(page, 7, place, label, shown if known else None, "money shrink", MATRIX_SHEET.link(plan, "A1"))
    overall = rate(spent, adjusted)
    # The scheme may call something else the spending rate.
    label = "支出率" if plan.rate_of_columns else f"{columns[SPENT]} ÷ {columns[ADJUSTED]}"
    rated = None if overall is None else Formula("=K9/I9", overall)
    tile(page, 7, 6, label, rated, "rate", MATRIX_SHEET.link(plan, "A1"))
    if plan.doubted:
        note = f"资金合计没有计入“{IN_YUAN}”的 {plan.words.count(len(plan.doubted))}，见下面的名单。"
        page.merged(9, 0, 9, COLUMNS - 1, note, "note wrap small")
        page.height(9, row_height(text_lines(note, COLUMNS * WIDTH, SMALL), SMALL))


def _grades(page: Page, plan: SummaryPlan, chart_end: int) -> None:
    """Left: the grades with their bounds and counts, a chart below; 排名 may look the grades up here."""
    section(page, plan.first_grade - 3, 0, 6, "等级分布")
    heading = plan.first_grade - 2
    _wide(page, heading, ["等级", "分数线", f"{plan.words.one}数"], 0, lambda _: "head")
    grades = plan.grades.names
    ((of_grade, of_state),) = ranking_table(plan).ranges("grade", "state")
    counts = [sum(item.grade == grade for item in plan.ranked) for grade in grades]
    for place, grade in enumerate(grades):
        row = heading + 1 + place
        floor = plan.grades.floor(grade)
        words = f'=COUNTIFS({of_grade},"="&$A{row + 1},{of_state},"{SCORED}")'
        count = Formula(words, counts[place]) if plan.ranked else None
        floor_look = "box center points" + (" wrap small" if isinstance(floor, str) else "")
        looks = (f"box center bold {TONE_NAMES[plan.grades.tones[grade]]}", floor_look, "box center whole")
        _wide(page, row, [grade, floor, count], 0, looks.__getitem__)
        if isinstance(floor, str):
            page.at_least(row, row_height(text_lines(floor, 2 * WIDTH, SMALL), SMALL))
    end = heading + len(grades)
    row = end + 1
    total = Formula(f"=SUM($E${plan.first_grade}:$E${end + 1})", len(plan.ranked)) if plan.ranked else None
    _wide(page, row, ["合计", None, total], 0, lambda _: "box center bold band whole")
    if plan.ranked:
        height = pixels_high(ROW) * (chart_end - 2 - row)
        colours = tuple(TONES[plan.grades.tones[grade]][1] for grade in grades)
        series = Series(None, (heading + 1, end), 0, 4, label="#,##0", colours=colours)
        size = (6 * pixels_wide(WIDTH), height)
        alt = "，".join(f"{grade} {number} 个" for grade, number in zip(grades, counts, strict=True))
        title = f"各等级{plan.words.one}数"
        draw(page, "column", title, [series], (row + 1, 0), size, number="#,##0", alt=alt)


def _levels(page: Page, plan: SummaryPlan, chart_end: int) -> None:
    """Right: mean scores of the second-level indicators, a chart below."""
    left = 7
    heading = plan.first_grade - 2
    section(page, heading - 1, left, 7, "二级指标平均得分")
    page.merged(heading, left, heading, left + 2, "二级指标", "head")
    page.row(heading, left + 3, ["分值", "平均分", "得分率"], "head")
    page.put(heading, left + 6, "最低得分", "head")
    levels = plan.scheme.base_levels
    words = []
    for place, level in enumerate(levels):
        row = heading + 1 + place
        page.merged(row, left, row, left + 2, level.name, "box text")
        page.put(row, left + 3, level.points, "box center points")
        means = level_means(plan, level) if plan.ranked else None
        if means is None:
            page.row(row, left + 4, [None, None, None], "box")
            continue
        share = rate(means.average, level.points)
        page.put(row, left + 4, Formula(f"={means.formula}", means.average), "box score")
        page.put(row, left + 5, Formula(f"=L{row + 1}/K{row + 1}", share), "box share bold")
        words.append(f"{level.name} {percent(share or ZERO, 1)}")
        page.put(row, left + 6, Formula(f"={means.lowest_formula}", means.lowest, array=True), "box score")
    end = heading + len(levels)
    if plan.ranked:
        height = pixels_high(ROW) * (chart_end - 2 - end)
        series = Series(None, (heading + 1, end), left, left + 5)
        size = (7 * pixels_wide(WIDTH), height)
        # Bars: names below columns run together on paper.
        draw(page, "bar", "二级指标平均得分率", [series], (end + 1, left), size, top=1, alt="，".join(words))


def _wide(page: Page, row: int, values: list[Cell], column: int, look: Callable[[int], str]) -> None:
    """Values side by side, each over two columns."""
    for place, value in enumerate(values):
        start = column + 2 * place
        page.merged(row, start, row, start + 1, value, look(place))


SHEET = SingleSheet(OVERVIEW, 10, write_overview, long=False)
