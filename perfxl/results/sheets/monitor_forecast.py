"""得分预测: what the scheme makes of the expected values, by second-level indicator, with what is only assumed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from perfxl.decimals import ZERO, half_up, plain
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.context import category_of
from perfxl.results.held import what_held
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.monitor_departments import TAKEN
from perfxl.results.sheets.ranking import PROVISIONAL
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.watch import Watched
from perfxl.scheme.model import BASE, Level, Scheme, Stage
from perfxl.scheme.stages import annual

FIRST = 4


def forecast_table(plan: SummaryPlan) -> Table[Watched]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name_in(plan), _columns(plan), plan.watch.rows, first=FIRST)


def write_forecast(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    note = (
        "按全年预计数和方案的评分规则预测。监控不填报的指标按满分预测（灰字），“已知部分”只算能预测的指标，折算为满分。"
    )
    forecast_table(plan).write([page], plan.title(SHEET.name), note, frozen=2)


def assumed_words(scheme: Scheme, rows: Iterable[Watched]) -> str:
    """Which indicators are assumed to have full points by everybody; empty where there are none."""
    forecasts = [row.state.forecast for row in rows if row.state.forecast is not None]
    if not forecasts:
        return ""
    common = set(forecasts[0].assumed).intersection(*(item.assumed for item in forecasts))
    own = [item for item in scheme.nature_indicators(BASE) if item.code in common]
    points = sum((item.points for item in own), ZERO)
    return f"按满分预测的：{'、'.join(item.code for item in own)}（共 {plain(points)} 分）。" if own else ""


def _columns(plan: SummaryPlan) -> list[Column[Watched]]:
    scheme = annual(plan.scheme)
    full = plain(scheme.full_points)

    def scaled(item: Watched, row: int) -> Cell:
        forecast = item.state.forecast
        if forecast is None or forecast.known_total is None:
            return None
        score, points = table.cell("known", row), table.cell("known_points", row)
        return Formula(f"=ROUND(ROUND({score}/{points}*{full},9),2)", forecast.known_total)

    def known(item: Watched, _: int) -> Cell:
        return item.state.forecast.known_score if item.state.forecast else None

    def known_points(item: Watched, _: int) -> Cell:
        return item.state.forecast.known_points if item.state.forecast else None

    def assumed(item: Watched, _: int) -> Cell:
        return assumed_points(scheme, item)

    columns: list[Column[Watched]] = [
        Column("number", "序号", 5, "box center", lambda item, row: row - FIRST + 1),
        Column("department", plan.words.title, 25, "box text wrap", lambda item, _: plan.name(item.department)),
        Column("category", plan.words.category, 10, "box center wrap", lambda item, _: category_of(item.department)),
        Column("rank", "预测\n名次", 6, "box center", lambda item, _: item.department.rank or "—"),
        Column("total", "预测\n得分", 8, "box score bold", lambda item, _: item.department.total),
        Column("grade", "预测\n等级", 6.5, "box center bold", lambda item, _: item.department.grade),
        Column("known", "已知部分\n得分", 9, "box score", known),
        Column("known_points", "已知部分\n分值", 9, "box score", known_points),
        Column("known_total", f"已知部分\n折算 {full}", 10, "box score bold", scaled),
        Column("assumed", "按满分\n预测的分值", 10, "box score muted", assumed),
        *[_level(scheme, number, level) for number, level in enumerate(scheme.base_levels)],
        Column("held", "封顶、否决", 14, "box center wrap small", lambda item, _: _held(scheme, item)),
        *[_before(number, plan) for number in range(len(plan.batch.periods))],
        Column("state", "状态", 9, "box center", lambda i, _: TAKEN if i.department.ranked else PROVISIONAL),
    ]
    table = Table[Watched]("", columns, (), first=FIRST)
    return columns


def assumed_points(scheme: Scheme, item: Watched) -> Decimal:
    """The points within the hundred that a department is only assumed to get."""
    codes = set(item.state.forecast.assumed) if item.state.forecast else set()
    return half_up(sum((one.points for one in scheme.nature_indicators(BASE) if one.code in codes), ZERO))


def _level(scheme: Scheme, number: int, level: Level) -> Column[Watched]:
    own = frozenset(item.code for item in scheme.indicators if item.level2 == level.name)

    def value(item: Watched, _: int) -> Cell:
        found = [score.score for score in item.department.scores if score.code in own]
        return sum(found, ZERO) if found else None

    def look(item: Watched) -> str:
        codes = set(item.state.forecast.assumed) if item.state.forecast else set()
        return "box score muted" if own <= codes else "box score"

    heading = f"{level.name}\n（{plain(level.points)}）"
    return Column(f"level{number}", heading, max(9.0, 2.2 * len(level.name)), look, value)


def _held(scheme: Scheme, item: Watched) -> Cell:
    return "、".join(what_held(scheme, item.department)) or None


def _before(number: int, plan: SummaryPlan) -> Column[Watched]:
    period = plan.batch.periods[number]

    def value(item: Watched, _: int) -> Cell:
        text = period.total_of(item.department)
        return Decimal(text) if text.replace(".", "", 1).isdecimal() and text.isascii() else None

    return Column(f"before{number}", f"{period.period}\n预测", 9, "box score muted", value)


SHEET = SingleSheet("得分预测", 36, write_forecast, stages=(Stage.MONITORING,))
