"""总览 of monitoring: files, money, lights, grades forecast, categories and who lags."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perfxl.monitoring.lights import Light
from perfxl.monitoring.states import as_decimal
from perfxl.results.cells import Cell, Formula, Link, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.plan import OVERVIEW, SummaryPlan
from perfxl.results.sheets.monitor_categories import write_progress, write_spending
from perfxl.results.sheets.monitor_departments import SHEET as DEPARTMENTS
from perfxl.results.sheets.monitor_departments import TAKEN, count_of, departments_table, sum_of
from perfxl.results.sheets.monitor_kpis import RANKED, kpis_table
from perfxl.results.sheets.monitor_lights import SHEET as LIGHTS
from perfxl.results.sheets.monitor_take_back import SHEET as TAKE_BACK
from perfxl.results.sheets.overview import COLUMNS, section, tile, write_counts
from perfxl.results.sheets.overview_lists import ROW, WIDTH
from perfxl.results.sheets.overview_matters import on_files, on_money, write_matters
from perfxl.results.statistics import mean, rate
from perfxl.results.styles import ACCENT, SECOND, SMALL, TONE_NAMES, TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.watch import LOOKS, SHOWN, Watched, slowest
from perfxl.scheme.model import Stage

MATTERS = 10  # row of what is to be done, from 0
CHART_ROWS, LEFT, RIGHT = 9, 7, 8
MOST = 8


def write_overview(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    page.widths([WIDTH] * COLUMNS)
    header = plan.scheme.header
    page.merged(0, 0, 0, COLUMNS - 1, f"{header.title}总览", "title center")
    page.height(0, 32)
    started = plan.batch.started.strftime("%Y-%m-%d %H:%M")
    about = f"{header.bureau}　　评分方案：{header.id} {header.version}　　期间：{plan.scheme.period}"
    about += f"　　生成时间：{started}"
    page.merged(1, 0, 1, COLUMNS - 1, about, "note center")
    page.height(2, 6)
    section(page, 3, 0, COLUMNS, "报送和执行情况")
    write_counts(page, plan)
    _money(page, plan)
    # Beside its heading there is no room for it.
    page.merged(9, 0, 9, COLUMNS - 1, f"灯的界线：{plan.watch.bounds.words}。", "note center")
    page.height(9, 20)
    row = write_matters(page, MATTERS, [*on_files(plan), *on_money(plan)]) + 1
    parts = [row]
    for write in (_lagging, _lights_and_grades, write_spending, write_progress):
        row = write(page, plan, row) + 1
        parts.append(row)
    for note in () if plan.short else plan.batch.notes:
        page.merged(row, 0, row, COLUMNS - 1, note, "note wrap")
        page.height(row, row_height(text_lines(note, COLUMNS * WIDTH, SMALL), SMALL))
        row += 1
    # Long names take a second page rather than make all of it too small.
    page.print_setup(area=(row, COLUMNS - 1), parts=parts)


def _money(page: Page, plan: SummaryPlan) -> None:
    """Tiles: the time gone and the money."""
    watch, whole, link = plan.watch, plan.watch.whole, DEPARTMENTS.link(plan, "A1")
    tile(page, 7, 0, "时间进度", Formula(f"={watch.share_formula}", as_decimal(watch.share)), "rate")
    if plan.scheme.funds_table:
        has = bool(watch.ranked)
        budget, spent = (Formula(f"=ROUND({sum_of(plan, key)},6)", getattr(whole, key)) for key in ("budget", "spent"))
        tile(page, 7, 1, "预算数（万元）", budget if has else None, "money shrink", link)
        tile(page, 7, 2, "执行数（万元）", spent if has else None, "money shrink", link)
        known = whole.rate is not None
        tile(page, 7, 3, "执行率", Formula("=E9/C9", whole.rate) if known else None, "rate", link)
        tile(page, 7, 4, f"支出进度 {whole.light.label}", Formula("=G9/A9", whole.pace) if known else None, "rate",
             link)  # fmt: skip
        tile(page, 7, 5, "预计执行率", Formula(f"=({sum_of(plan, 'expected')})/C9", rate(whole.expected, whole.budget))
             if known else None, "rate", link)  # fmt: skip
    taken = Formula(f"=ROUND({sum_of(plan, 'taken')},6)", whole.taken_back) if watch.ranked else None
    tile(page, 7, 6, "建议调减（万元）", taken, "money shrink", TAKE_BACK.link(plan, "A1"))


def _lights_and_grades(page: Page, plan: SummaryPlan, row: int) -> int:
    """How lights and grades are spread, side by side; returns the row below."""
    return max(_lights(page, plan, row), _grades(page, plan, row))


def _lights(page: Page, plan: SummaryPlan, top: int) -> int:
    """Left: how many of each light; a chart of the KPIs below; returns the row below."""
    section(page, top, 0, LEFT, "亮灯情况")
    head, first = top + 1, top + 2
    one = plan.words.one
    heads: list[Cell] = ["灯", f"{one}\n支出", f"{one}\n指标", f"{one}\n综合", "指标当前", "全年预计"]
    page.merged(head, 0, head, 1, heads[0], "head")
    page.row(head, 2, heads[1:], "head")
    page.height(head, 30)
    rows = plan.watch.ranked
    for place, light in enumerate(SHOWN):
        row = first + place
        page.height(row, ROW)
        page.merged(row, 0, row, 1, light.label, f"box center bold {LOOKS[light]}")
        values: list[Cell] = [
            _count(plan, "funds", light, rows, lambda item: item.state.funds) if plan.scheme.funds_table else None,
            _count(plan, "kpi_light", light, rows, lambda item: item.state.kpis) if plan.scheme.has_kpis else None,
            _count(plan, "whole", light, rows, lambda item: item.state.whole),
            _kpis(plan, "light", light, sum(item.counts[light] for item in rows)),
            _kpis(plan, "expected_light", light, sum(item.expected[light] for item in rows)),
        ]
        page.row(row, 2, values, "box center whole")
    last = first + len(SHOWN)
    if plan.scheme.has_kpis and rows:
        size = (LEFT * pixels_wide(WIDTH), pixels_high(ROW) * CHART_ROWS)
        series = [
            Series((head, 5), (first, last - 1), 0, 5, ACCENT, "#,##0"),
            Series((head, 6), (first, last - 1), 0, 6, SECOND, "#,##0"),
        ]
        draw(page, "column", "指标亮灯个数", series, (last, 0), size, number="#,##0")
    for row in range(last, last + CHART_ROWS):
        page.height(row, ROW)
    return last + CHART_ROWS


def _count(
    plan: SummaryPlan, key: str, light: Light, rows: Sequence[Watched], of: Callable[[Watched], Light]
) -> Formula:
    return Formula(f"={count_of(plan, key, light)}", sum(of(row) is light for row in rows))


def _kpis(plan: SummaryPlan, key: str, light: Light, value: int) -> Cell:
    if not plan.scheme.has_kpis:
        return None
    formula = kpis_table(plan).added(f'COUNTIFS({{}},"{light.label}",{{}},"{RANKED}")', key, "counts")
    return Formula(f"={formula}", value)


def _grades(page: Page, plan: SummaryPlan, top: int) -> int:
    """Right: the grades that are forecast, a chart below; returns the row below."""
    section(page, top, RIGHT, COLUMNS - RIGHT, "预测等级")
    head, first = top + 1, top + 2
    for place, words in enumerate(("预测等级\n（全年）", f"{plan.words.one}数", "平均\n预测得分")):
        page.merged(head, RIGHT + 2 * place, head, RIGHT + 2 * place + 1, words, "head")
    names, rows = plan.grades.names, plan.watch.ranked
    ((grades, totals, states),) = departments_table(plan).ranges("grade", "total", "state")
    for place, name in enumerate(names):
        row = first + place
        page.height(row, ROW)
        own = [item.department.total for item in rows if item.department.grade == name]
        page.merged(row, RIGHT, row, RIGHT + 1, name, f"box center bold {TONE_NAMES[plan.grades.tones[name]]}")
        cell = f"$I{row + 1}"
        count = Formula(f'=COUNTIFS({grades},"="&{cell},{states},"{TAKEN}")', len(own))
        page.merged(row, RIGHT + 2, row, RIGHT + 3, count, "box center whole")
        average = Formula(f'=IFERROR(AVERAGEIFS({totals},{grades},"="&{cell},{states},"{TAKEN}"),"")', mean(own))
        page.merged(row, RIGHT + 4, row, RIGHT + 5, average, "box score")
    last = first + len(names)
    if rows:
        size = ((COLUMNS - RIGHT) * pixels_wide(WIDTH), pixels_high(ROW) * CHART_ROWS)
        colours = tuple(TONES[plan.grades.tones[name]][1] for name in names)
        series = Series(None, (first, last - 1), RIGHT, RIGHT + 2, label="#,##0", colours=colours)
        draw(page, "column", f"预测等级的{plan.words.one}数", [series], (last, RIGHT), size, number="#,##0")
    for row in range(last, last + CHART_ROWS):
        page.height(row, ROW)
    return last + CHART_ROWS


def _lagging(page: Page, plan: SummaryPlan, row: int) -> int:
    """Those that stand worst: with a red or yellow light as a whole, the slowest first; returns the row below."""
    rows = [item for item in plan.watch.ranked if item.state.whole.warns]
    rows.sort(key=lambda item: (item.state.whole is not Light.RED, slowest(item), item.department.code))
    shown = rows[:MOST]
    words = (
        f"需要关注的{plan.words.one}（综合红灯、黄灯 {len(rows)} 个{f'，列出 {MOST} 个' if len(rows) > MOST else ''}）"
    )
    section(page, row, 0, COLUMNS, words)
    row += 1
    page.merged(row, 0, row, 4, plan.words.title, "head")
    heads: list[Cell] = [
        "综合",
        "支出灯",
        "支出\n进度",
        "指标灯",
        "指标\n进度",
        "红灯\n指标",
        "黄灯\n指标",
        "预测\n得分",
        "预测\n等级",
    ]
    page.row(row, 5, heads, "head")
    page.height(row, 30)
    for item in shown:
        row += 1
        department, state = item.department, item.state
        page.height(row, max(ROW, row_height(text_lines(department.title, 5 * WIDTH))))
        page.merged(row, 0, row, 4, plan.name(department), "box text wrap")
        pace = item.total.pace if item.total else None
        for place, (value, look) in enumerate((
            (state.whole.label, f"box center bold {LOOKS[state.whole]}"),
            (state.funds.label, f"box center bold {LOOKS[state.funds]}"),
            (pace, "box share"),
            (state.kpis.label, f"box center bold {LOOKS[state.kpis]}"),
            (state.kpi_rate, "box share"),
            (item.counts[Light.RED], "box center whole"),
            (item.counts[Light.YELLOW], "box center whole"),
            (department.total, "box score"),
            (department.grade, "box center"),
        ), 5):  # fmt: skip
            page.put(row, place, value, look)
    if len(rows) > len(shown):
        row += 1
        words = f"其余 {len(rows) - len(shown)} 个见“{LIGHTS.name_in(plan)}”"
        page.merged(row, 0, row, COLUMNS - 1, Link(LIGHTS.link(plan, "A1"), words), "box text link")
        page.height(row, ROW)
    if not shown:
        row += 1
        page.merged(row, 0, row, COLUMNS - 1, "没有。", "box text")
    return row + 1


SHEET = SingleSheet(OVERVIEW, 10, write_overview, long=False, stages=(Stage.MONITORING,))
