"""监控结果: how one department stands: lights, money, KPIs, tasks, the forecast and what is to be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.decimals import ZERO, amount, plain, two_places
from perfxl.monitoring.lights import Bounds, Light
from perfxl.monitoring.records import KpiState, MoneyState, Monitored, TaskState
from perfxl.results.cells import Cell, Formula, Link, Page
from perfxl.results.context import Context, category_of
from perfxl.results.held import held_sentences
from perfxl.results.in_full import LongText, beginning, write_in_full
from perfxl.results.list_sheets import LAST_ROW
from perfxl.results.styles import SMALL
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.watch import LOOKS
from perfxl.scheme.model import BASE, Indicator, Level, Scheme
from perfxl.scheme.stages import annual, period_share
from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status

SHEET_NAME = "监控结果"
WIDTHS = (9.5, 21.5, 10.5, 10.5, 10.5, 8.5, 8.5, 6.5, 8.5, 6.5, 9.5, 8.5, 13.0, 13.5)
LAST = len(WIDTHS) - 1
NAMES = 2  # columns of names
SAID = {10: "完成可能性", 11: "偏差原因", 12: "原因说明", 13: "改进措施"}
LIGHT, EXPECTED_LIGHT = 7, 9
"""Columns that all tables share: rate and pace before the light, the expected rate before the other."""


def write_monitoring(page: Page, context: Context, department: DepartmentResult, back: str = "") -> None:
    """Writes the sheet. back: where a link back to the summary leads, empty where there is none."""
    scheme, state = context.scheme, department.monitored or Monitored()
    page.widths(list(WIDTHS))
    page.merged(0, 0, 0, LAST, scheme.header.title, "title center")
    page.height(0, 30)
    share = period_share(scheme)
    about = f"{department.title}　　{category_of(department)}　　期间：{state.period}"
    about += f"　　时间进度：{share.numerator}/{share.denominator}"
    about += "" if department.status is Status.SCORED else "　　退回修改，以下为暂定"
    page.merged(1, 0, 1, LAST, about, "note center")
    if back:
        page.put(2, 0, Link(back, "返回部门情况"), "link")
    sheet = _Sheet(page, scheme, state, department)
    row = sheet.whole(3)
    row = sheet.money(row) if scheme.funds_table else row
    row = sheet.kpis(row) if scheme.has_kpis else row
    row = sheet.tasks(row) if state.tasks else row
    row = sheet.take_back(row) if state.take_back else row
    row = sheet.forecast(row)
    row = sheet.in_full(row)
    page.print_setup(landscape=True, area=(row, LAST))


class _Sheet:
    """The sheet while it is written. Methods write a part from a row on and return the row below."""

    def __init__(self, page: Page, scheme: Scheme, state: Monitored, department: DepartmentResult) -> None:
        self._page, self._scheme, self._state, self._department = page, scheme, state, department
        self._bounds, share = Bounds.of(scheme), period_share(scheme)
        self._share = f"({share.numerator}/{share.denominator})"
        self._long: list[LongText] = []

    def _section(self, row: int, text: str) -> int:
        self._page.row(row, 0, [text] + [None] * LAST, "section")
        self._page.height(row, 24)
        return row + 1

    def whole(self, row: int) -> int:
        """The lights and the forecast in one line."""
        state, department, page = self._state, self._department, self._page
        forecast = state.forecast
        known = forecast.known_total if forecast else None
        total = state.total
        parts: list[tuple[str, Cell, str]] = [
            ("综合", state.whole.label, f"bold {LOOKS[state.whole]}"),
            ("支出灯", state.funds.label, f"bold {LOOKS[state.funds]}"),
            ("支出进度", total.pace if total else None, "rate"),
            ("指标灯", state.kpis.label, f"bold {LOOKS[state.kpis]}"),
            ("指标进度", state.kpi_rate, "rate"),
            ("预测得分", department.total, "score bold"),
            ("预测等级", department.grade, "bold"),
            ("已知部分折算", known, "score"),
            ("建议调减（万元）", state.taken_back or None, "money shrink"),
        ]
        spans = ((0, 0), (1, 1), (2, 3), (4, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 13))
        for (label, value, look), (first, last) in zip(parts, spans, strict=True):
            page.merged(row, first, row, last, label, "box center muted band small")
            page.merged(row + 1, first, row + 1, last, value, f"box center {look}")
        page.height(row + 1, 24)
        page.merged(row + 2, 0, row + 2, LAST, f"灯的界线：{self._bounds.words}。", "note")
        return row + 3

    def money(self, row: int) -> int:
        """The funds table."""
        page, columns = self._page, self._scheme.funds_table.columns
        row = self._section(row, f"{self._scheme.evaluated.funds_title}（万元）")
        page.merged(row, 0, row, 1, "支出类别", "head")
        heads: list[Cell] = [
            columns.get("initial", "—"), columns.get("adjusted", "预算数"), columns.get("spent", "执行数"), "执行率",
            "支出进度", "灯", "预计\n执行率", "预计灯", columns.get("expected", "全年预计"),
        ]  # fmt: skip
        page.row(row, 2, heads, "head")
        page.height(row, 32)
        for item in self._state.money:
            row += 1
            page.height(row, 20)
            page.merged(row, 0, row, 1, item.label, "box text bold" if item.is_total else "box text")
            page.row(row, 2, [item.initial, item.budget, item.spent], "box money shrink")
            self._rates(row, item, budget="D", spent="E", expected="K")
            page.put(row, 10, item.expected, "box money shrink")
        return row + 2

    def _rates(self, row: int, item: MoneyState, *, budget: str, spent: str, expected: str) -> None:
        """Rate, pace, expected rate and both lights of money in a row, each worked out of cells of the row."""
        page, excel = self._page, row + 1
        page.put(row, 5, _known(f"={spent}{excel}/{budget}{excel}", item.rate), "box rate")
        page.put(row, 6, _known(f"=F{excel}/{self._share}", item.pace), "box rate bold")
        self._light(row, LIGHT, "G", item.light)
        page.put(row, 8, _known(f"={expected}{excel}/{budget}{excel}", item.expected_rate), "box rate")
        self._light(row, EXPECTED_LIGHT, "I", item.expected_light)

    def _light(self, row: int, column: int, rate: str, light: Light) -> None:
        formula = Formula(f"={self._bounds.formula(f'{rate}{row + 1}')}", light.label)
        self._page.put(row, column, formula, f"box center bold {LOOKS[light]}")

    def kpis(self, row: int) -> int:
        """The KPIs."""
        page, states = self._page, self._state.kpi_states
        counts = "，".join(f"{light.label} {count}" for light, count in self._state.counts.items() if count)
        row = self._section(row, f"绩效指标（{len(states)} 项{f'：{counts}' if counts else ''}）")
        heads: list[Cell] = [
            "二级指标", "三级指标", "年度指标值", f"{self._state.period}\n完成值", "全年预计\n完成值", "完成率", "进度",
            "灯", "预计\n完成率", "预计灯", *SAID.values(),
        ]  # fmt: skip
        page.row(row, 0, heads, "head")
        page.height(row, 32)
        for item in states:
            row += 1
            self._kpi(row, item)
        return row + 2

    def _kpi(self, row: int, item: KpiState) -> None:
        page, excel = self._page, row + 1
        small = "box center wrap small"
        texts = [item.level2, item.name, item.aim, item.done, item.expected]
        for place, text in enumerate(texts):
            page.put(row, place, text, "box text wrap small" if place == 1 else small)
        page.put(row, 5, item.rate, "box rate")
        pace = f"=F{excel}/{self._share}" if item.timed else f"=F{excel}"
        page.put(row, 6, _known(pace, item.pace), "box rate bold")
        self._light(row, LIGHT, "G", item.light)
        page.put(row, 8, item.expected_rate, "box rate")
        self._light(row, EXPECTED_LIGHT, "I", item.expected_light)
        self._said(row, item, dict(enumerate(texts)))

    def _said(self, row: int, item: KpiState | TaskState, before: dict[int, str]) -> None:
        """What the department says of chances, causes and measures; the height of the row."""
        page = self._page
        said = {10: item.chance, 11: item.cause, 12: item.reason, 13: item.measures}
        texts = {place: beginning(text, WIDTHS[place], SMALL) for place, text in said.items()}
        name = item.money.label if isinstance(item, TaskState) else item.name
        self._long += [LongText(f"{name}\n{SAID[place]}", said[place]) for place in said if texts[place] != said[place]]
        for place, text in texts.items():
            page.put(row, place, text, "box center wrap small" if place < 12 else "box text wrap small")
        lines = max(text_lines(text, WIDTHS[place], SMALL) for place, text in (before | texts).items())
        page.height(row, max(20.0, row_height(lines, SMALL)))

    def tasks(self, row: int) -> int:
        """The key tasks with their money."""
        page, tasks = self._page, self._state.tasks
        row = self._section(row, f"重点任务（{len(tasks)} 项，万元）")
        page.merged(row, 0, row, 1, "任务和完成情况", "head")
        heads: list[Cell] = [
            "预算", f"{self._state.period}\n支出", "全年预计\n支出", "支出率", "支出进度", "灯", "预计\n支出率",
            "预计灯", *SAID.values(),
        ]  # fmt: skip
        page.row(row, 2, heads, "head")
        page.height(row, 32)
        for item in tasks:
            row += 1
            money = item.money
            done = [f"{label}：{text}" for label, text in (("完成", item.result), ("全年预计", item.expected)) if text]
            text = "\n".join([money.label, *done])
            page.merged(row, 0, row, 1, text, "box text wrap small")
            page.row(row, 2, [money.budget, money.spent, money.expected], "box money shrink")
            self._rates(row, money, budget="C", spent="D", expected="E")
            self._said(row, item, {})
            page.at_least(row, row_height(text_lines(text, WIDTHS[0] + WIDTHS[1], SMALL), SMALL))
        return row + 2

    def take_back(self, row: int) -> int:
        """What is to be taken back, a line each."""
        row = self._section(row, "调减建议（万元）")
        for item in self._state.take_back:
            scope = f"{'其中：' if item.within else ''}{item.task}" if item.task else "整体"
            text = f"{scope}：建议调减 {amount(item.amount)}。{item.why}。"
            self._page.merged(row, 0, row, LAST, text, "box text wrap")
            self._page.height(row, row_height(text_lines(text, sum(WIDTHS))))
            row += 1
        return row + 1

    def forecast(self, row: int) -> int:
        """The forecast by second-level indicator, and what of it is only assumed."""
        page, scheme, department = self._page, annual(self._scheme), self._department
        row = self._section(row, "全年得分预测")
        page.merged(row, 0, row, 1, "二级指标", "head")
        page.row(row, 2, ["分值", "预测得分"], "head")
        page.merged(row, 4, row, LAST, "怎样预测", "head")
        page.height(row, 20)
        first = row + 1
        for level in scheme.base_levels:
            row += 1
            self._level(row, scheme, level)
        row += 1
        page.merged(row, 0, row, 1, "合计", "box bold band center")
        base = sum((score.score for score in department.scores if _is_base(scheme, score.code)), ZERO)
        points = sum((level.points for level in scheme.base_levels), ZERO)
        page.put(row, 2, Formula(f"=SUM(C{first + 1}:C{row})", points), "box score bold band")
        page.put(row, 3, Formula(f"=ROUND(SUM(D{first + 1}:D{row}),2)", base), "box score bold band")
        page.merged(row, 4, row, LAST, self._total_words(), "box band text")
        for words in held_sentences(scheme, department):
            row += 1
            page.merged(row, 0, row, LAST, words, "box text wrap")
        return row

    def in_full(self, row: int) -> int:
        """Below all tables, what no row of theirs is high enough for; the last row."""
        return write_in_full(self._page, self._long, row + 1, NAMES, LAST, LAST_ROW - 1) - 1

    def _total_words(self) -> str:
        department, forecast = self._department, self._state.forecast
        words = f"预测得分 {two_places(department.total)}，等级“{department.grade}”"
        if forecast is not None and forecast.known_total is not None:
            known = f"{two_places(forecast.known_score)} ÷ {plain(forecast.known_points)} 分"
            words += f"；只算能预测的指标：{known}，折算为 {two_places(forecast.known_total)} 分"
        return words

    def _level(self, row: int, scheme: Scheme, level: Level) -> None:
        page = self._page
        own = [item for item in scheme.indicators if item.level2 == level.name]
        codes = {item.code for item in own}
        assumed = set(self._state.forecast.assumed) if self._state.forecast else set()
        score = sum((one.score for one in self._department.scores if one.code in codes), ZERO)
        page.merged(row, 0, row, 1, level.name, "box text")
        page.put(row, 2, level.points, "box score")
        page.put(row, 3, score, "box score muted" if codes <= assumed else "box score bold")
        explained = {one.code: one.explanation for one in self._department.scores}
        text = "；".join(_explained(own, assumed, explained))
        page.merged(row, 4, row, LAST, text, "box text wrap small")
        page.height(row, max(20.0, row_height(text_lines(text, sum(WIDTHS[4:]), SMALL), SMALL)))


def _explained(own: Sequence[Indicator], assumed: set[str], explained: dict[str, str]) -> list[str]:
    """How the indicators of a level are forecast; those that are assumed all together."""
    words = [f"{item.code} {explained.get(item.code, '')}" for item in own if item.code not in assumed]
    full = [item for item in own if item.code in assumed]
    if full:
        points = sum((item.points for item in full), ZERO)
        words.append(f"{'、'.join(item.code for item in full)} 监控不填报，按满分 {plain(points)} 分预测")
    return words


def _is_base(scheme: Scheme, code: str) -> bool:
    return scheme.indicator_by_code[code].nature == BASE


def _known(formula: str, value: Decimal | None) -> Cell:
    return None if value is None else Formula(formula, value)
