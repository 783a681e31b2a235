"""总览 of monitoring with several schemes: a line for each."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.decimals import percent
from perfxl.monitoring.lights import Light
from perfxl.results.batch import Status
from perfxl.results.cells import Cell, Formula, Name, Page
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.several import SchemePlan
from perfxl.results.sheets.files import files_table, status_count
from perfxl.results.sheets.matter import NAMES_SHOWN, Matter, department
from perfxl.results.sheets.monitor_departments import SHEET as DEPARTMENTS
from perfxl.results.sheets.monitor_departments import count_of
from perfxl.results.sheets.monitor_lights import SHEET as LIGHTS
from perfxl.results.sheets.overview import section
from perfxl.results.sheets.overview_matters import Grid, on_files, write_matters
from perfxl.results.styles import SMALL
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.watch import LOOKS, SHOWN, Watched, slowest

STATES = (Status.SCORED, Status.RETURNED, Status.REJECTED, Status.MISSING)
WIDTHS = (14.0, 24.0, *([7.0] * len(STATES)), 11.0, 11.0, 8.0, 8.0, 7.0, *([5.5] * len(SHOWN)), 11.0)
GRID = Grid(2, 3, 8, len(WIDTHS) - 1, WIDTHS)


def write_monitored_schemes(page: Page, whole: SummaryPlan, parts: Sequence[SchemePlan]) -> None:
    """Writes the sheet."""
    page.widths(list(WIDTHS))
    page.put(0, 0, f"{whole.scheme.year}年度绩效运行监控（{whole.scheme.period}）总览", "title")
    page.height(0, 30)
    started = whole.batch.started.strftime("%Y-%m-%d %H:%M")
    page.put(1, 0, f"{whole.scheme.header.bureau}　　{SCHEME} {len(parts)} 个　　生成时间：{started}", "note")
    section(page, 2, 0, len(WIDTHS), f"各{SCHEME}的报送、执行和亮灯情况（万元）")
    heads: list[Cell] = [
        SCHEME, "方案名称", *(status.label_where(scored=False) for status in STATES),
        "预算数", "执行数", "执行率", "支出进度", "支出灯",
        *(f"{light.label}\n指标" for light in SHOWN), "建议调减",
    ]  # fmt: skip
    page.row(3, 0, heads, "head")
    page.height(3, 34)
    row = 3
    for part in parts:
        row += 1
        page.row(row, 0, [Name(part.plan.short, DEPARTMENTS.link(part.plan, "A1")), part.scheme.header.title],
                 "box text wrap")  # fmt: skip
        table = files_table(part.plan)
        for place, status in enumerate(STATES, 2):
            count = sum(record.status is status for record in part.plan.batch.files)
            known = count or status is not Status.MISSING or whole.batch.rostered
            shown = Formula(f"={status_count(part.plan, table, status)}", count) if known else UNKNOWN
            page.put(row, place, shown, "box center whole")
        group = part.plan.watch.whole
        place = 2 + len(STATES)
        page.row(row, place, [group.budget, group.spent], "box money shrink")
        page.row(row, place + 2, [group.rate, group.pace], "box rate")
        page.put(row, place + 4, group.light.label, f"box center bold {LOOKS[group.light]}")
        page.row(row, place + 5, [group.counts[light] for light in SHOWN], "box center whole")
        page.put(row, place + 5 + len(SHOWN), group.taken_back, "box money shrink")
        lines = max(text_lines(part.plan.short, WIDTHS[0]), text_lines(part.scheme.header.title, WIDTHS[1]))
        page.height(row, max(22.0, row_height(lines)))
    row = write_matters(page, row + 2, [*on_files(whole), *_red(parts)], GRID)
    for note in whole.batch.notes:
        page.merged(row, 0, row, len(WIDTHS) - 1, note, "note wrap")
        page.height(row, row_height(text_lines(note, sum(WIDTHS), SMALL), SMALL))
        row += 1
    page.print_setup(landscape=True, area=(row, len(WIDTHS) - 1))


def _red(parts: Sequence[SchemePlan]) -> list[Matter]:
    """Who has a red light as a whole, the slowest of each scheme first."""
    found = []
    for part in parts:
        rows = [item for item in part.plan.watch.ranked if item.state.whole is Light.RED]
        rows.sort(key=slowest)
        if rows:
            named = [department(part.plan, item.department, _how_far(item)) for item in rows[:NAMES_SHOWN]]
            sheet, target = LIGHTS.name_in(part.plan), LIGHTS.link(part.plan, "A1")
            label = f"综合{Light.RED.label}（{part.plan.short}）"
            formula = f"={count_of(part.plan, 'whole', Light.RED)}"
            found.append(Matter(label, formula, len(rows), sheet, target, named, urgent=True))
    return found


def _how_far(item: Watched) -> str:
    rate = slowest(item)
    return "" if rate > 1 else f"进度 {percent(rate, 1)}"
