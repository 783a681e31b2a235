"""指标分析: KPIs by kind, how many of each light, now and at the end of the year, counted over 指标灯色."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.decimals import ZERO, divide
from perfxl.monitoring.lights import Light
from perfxl.references import literal
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.monitor_kpis import RANKED, kpis_table
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.watch import LOOKS, SHOWN, LevelCount
from perfxl.scheme.model import Stage

WIDTHS = (16.0, 20.0, 9.0, *([9.0] * 4), 10.0, *([9.0] * 4), 10.0)
FIRST = 4  # row of the first kind, from 0
CHART_ROWS, ROW = 16, 18.0
RED_SHARE = 7  # column of the share of red and yellow ones now


def write_levels(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    levels = plan.watch.levels
    page.widths(list(WIDTHS))
    page.put(0, 0, plan.title(SHEET.name), "title")
    page.height(0, 28)
    note = f"各类指标的灯，只计参加统计的{plan.words.one}（退回修改的不计）。红黄占比 = 红灯、黄灯数 ÷ 指标数。"
    page.put(1, 0, note, "note")
    page.merged(2, 0, 3, 0, "一级指标", "head")
    page.merged(2, 1, 3, 1, "二级指标", "head")
    page.merged(2, 2, 3, 2, "指标数", "head")
    page.merged(2, 3, 2, 7, "当前", "head")
    page.merged(2, 8, 2, 12, "全年预计", "head")
    heads: list[Cell] = [*(light.label for light in SHOWN), "红黄占比"]
    page.row(3, 3, heads * 2, "head")
    for place, level in enumerate(levels):
        _level(page, FIRST + place, plan, level)
    last = FIRST + len(levels)
    _sums(page, last, levels)
    page.sheet.freeze_panes(FIRST, 2)
    if levels:
        size = (sum(map(pixels_wide, WIDTHS)), pixels_high(ROW) * CHART_ROWS)
        series = Series(None, (FIRST, last - 1), 1, RED_SHARE)
        draw(page, "column", "各类指标红灯、黄灯占比（当前）", [series], (last + 2, 0), size, top=1)
    page.print_setup(landscape=True, pages_high=1)


def _level(page: Page, row: int, plan: SummaryPlan, level: LevelCount) -> None:
    page.row(row, 0, [level.level1, level.level2], "box text wrap")
    table = kpis_table(plan)
    same = f'"{RANKED}"'
    kind = f"{{}},{_text(level.level1)},{{}},{_text(level.level2)},{{}},{same}"
    counted = table.added(f"COUNTIFS({kind})", "level1", "level2", "counts")
    page.put(row, 2, Formula(f"={counted}", sum(level.counts.values())), "box center whole")
    for start, column, counts in ((3, "light", level.counts), (8, "expected_light", level.expected)):
        for place, light in enumerate(SHOWN):
            formula = table.added(
                f'COUNTIFS({kind},{{}},"{light.label}")', "level1", "level2", "counts", column
            )  # fmt: skip
            page.put(row, start + place, Formula(f"={formula}", counts[light]), f"box center {LOOKS[light]}")
        _share(page, row, start, counts)


def _share(page: Page, row: int, start: int, counts: dict[Light, int]) -> None:
    excel, first = row + 1, chr(ord("A") + start)
    second = chr(ord("A") + start + 1)
    bad, all_ = counts[Light.RED] + counts[Light.YELLOW], sum(counts.values())
    share = divide(ZERO + bad, ZERO + all_) if all_ else None
    page.put(
        row,
        start + 4,
        Formula(f'=IF(C{excel}>0,({first}{excel}+{second}{excel})/C{excel},"")', share),
        "box share bold",
    )


def _sums(page: Page, row: int, levels: Sequence[LevelCount]) -> None:
    look = "box center points bold band"
    page.row(row, 0, ["合计", None], "box bold band center")
    whole = sum(sum(level.counts.values()) for level in levels)
    bottom = max(row, FIRST + 1)
    page.put(row, 2, Formula(f"=SUM(C{FIRST + 1}:C{bottom})", whole) if levels else 0, look)
    for start, name in ((3, "counts"), (8, "expected")):
        sums = {light: sum(getattr(level, name)[light] for level in levels) for light in Light}
        for place, light in enumerate(SHOWN):
            letter = chr(ord("A") + start + place)
            value = Formula(f"=SUM({letter}{FIRST + 1}:{letter}{bottom})", sums[light]) if levels else 0
            page.put(row, start + place, value, look)
        _share(page, row, start, sums)


def _text(value: str) -> str:
    """A condition of COUNTIFS that takes a text as it is, with braces doubled for `Table.added`."""
    escaped = "".join(f"~{sign}" if sign in "*?~" else sign for sign in value)
    return literal(f"={escaped}").replace("{", "{{").replace("}", "}}")


SHEET = SingleSheet(
    "指标分析", 34, write_levels, long=False, stages=(Stage.MONITORING,), wanted=lambda scheme: scheme.has_kpis
)  # fmt: skip
