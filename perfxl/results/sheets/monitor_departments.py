"""部门情况: a line for each department: money, KPIs, lights, forecast, and the period before beside them."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.monitoring.lights import Light
from perfxl.results.cells import Cell, Formula, Link, Page
from perfxl.results.context import category_of
from perfxl.results.earlier_periods import EarlierPeriod
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.ranking import PROVISIONAL
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.watch import LOOKS, SHOWN, Watched
from perfxl.scheme.model import Stage
from perfxl.status import Status

FIRST = 4
TAKEN = Status.SCORED.label_where(scored=False)
"""Of a department that counts: before the end of the year nobody is scored."""
DOUBTED = "金额存疑"
"""Of a department whose money seems to be in 元: it stands in no sum."""


def departments_table(plan: SummaryPlan) -> Table[Watched]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name_in(plan), _columns(plan), plan.watch.rows, first=FIRST)


def watched_at(plan: SummaryPlan, place: int) -> str:
    """The target of a link to the department at a place of the plan's order, the first at 0."""
    return SHEET.link(plan, f"B{FIRST + place}")


def write_departments(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    watch = plan.watch
    returned = sum(not row.department.ranked for row in watch.rows)
    doubted = sum(row.department.ranked and not row.department.summed for row in watch.rows)
    note = f"共 {plan.words.count(len(watch.rows))}，时间进度 {watch.share.numerator}/{watch.share.denominator}。"
    note += (
        "支出进度 = 执行率 ÷ 时间进度；指标进度为各指标进度（最高按 100%）的加权平均；综合为两灯中较重的。单位：万元。"
    )
    note += f"退回修改 {returned} 个为暂定，不计入汇总。" if returned else ""
    note += f"{DOUBTED} {doubted} 个（疑似按“元”填报），不计入汇总。" if doubted else ""
    table = departments_table(plan)
    money = [place for place, column in enumerate(table.columns) if column.key in ("budget", "expected_rate")]
    # What is told of money stands on one page.
    groups = [1] * (money[0] - 2) + [money[1] - money[0] + 1] if money else []
    table.write([page], plan.title(SHEET.name), note, frozen=2, groups=groups)


def light_look(light: Callable[[Watched], Light]) -> Callable[[Watched], str]:
    """The look of a cell with a light."""
    return lambda item: f"box center bold {LOOKS[light(item)]}"


def _columns(plan: SummaryPlan) -> list[Column[Watched]]:
    watch, words, batch = plan.watch, plan.words, plan.batch
    bounds, share = watch.bounds, watch.share_formula

    def rate(item: Watched, row: int) -> Cell:
        if item.total is None or item.total.rate is None:
            return None
        return Formula(f"={table.cell('spent', row)}/{table.cell('budget', row)}", item.total.rate)

    def pace(item: Watched, row: int) -> Cell:
        if item.total is None or item.total.pace is None:
            return None
        return Formula(f"={table.cell('rate', row)}/{share}", item.total.pace)

    def expected_rate(item: Watched, row: int) -> Cell:
        if item.total is None or item.total.expected_rate is None:
            return None
        return Formula(f"={table.cell('expected', row)}/{table.cell('budget', row)}", item.total.expected_rate)

    def light_of(key: str, light: Callable[[Watched], Light]) -> Callable[[Watched, int], Cell]:
        return lambda item, row: Formula(f"={bounds.formula(table.cell(key, row))}", light(item).label)

    def count(light: Light) -> Column[Watched]:
        return Column(
            f"count_{light.value}", light.label, 5.5,
            lambda item: f"box center {LOOKS[light] if item.counts[light] else ''}".strip(),
            lambda item, _: item.counts[light] or None,
        )  # fmt: skip

    earlier = [_before(number, period) for number, period in enumerate(batch.periods)]
    money: list[Column[Watched]] = [
        Column("budget", plan.scheme.funds_table.columns.get("adjusted", "预算数"), 12, "box money",
               lambda item, _: item.total.budget if item.total else None),
        Column("spent", plan.scheme.funds_table.columns.get("spent", "执行数"), 12, "box money",
               lambda item, _: item.total.spent if item.total else None),
        Column("rate", "执行率", 9, "box rate", rate),
        Column("pace", "支出进度", 9, "box rate", pace),
        Column("funds", "支出灯", 7, light_look(lambda item: item.state.funds),
               light_of("pace", lambda item: item.state.funds)),
        Column("expected", plan.scheme.funds_table.columns.get("expected", "全年预计"), 12, "box money",
               lambda item, _: item.total.expected if item.total else None),
        Column("expected_rate", "预计\n执行率", 9, "box rate", expected_rate),
    ]  # fmt: skip
    kpis: list[Column[Watched]] = [
        Column("kpis", "指标数", 6, "box center", lambda item, _: item.kpis),
        *map(count, SHOWN),
        Column("kpi_rate", "指标进度", 9, "box rate", lambda item, _: item.state.kpi_rate),
        Column("kpi_light", "指标灯", 7, light_look(lambda item: item.state.kpis),
               light_of("kpi_rate", lambda item: item.state.kpis)),
    ]  # fmt: skip
    unit = Column[Watched]("unit", words.unit, 20, "box text wrap", lambda item, _: item.department.name)
    columns: list[Column[Watched]] = [
        Column("number", "序号", 5, "box center", lambda item, row: row - FIRST + 1),
        Column("department", words.title, 25, "box text wrap", lambda item, _: plan.name(item.department)),
        *([unit] if plan.projects else []),
        Column("category", words.category, 10, "box center wrap", lambda item, _: category_of(item.department)),
        *(money if plan.scheme.funds_table else []),
        *(kpis if plan.scheme.has_kpis else []),
        Column("whole", "综合", 7, light_look(lambda item: item.state.whole), lambda item, _: item.state.whole.label),
        Column("total", "预测\n得分", 8, "box score bold", lambda item, _: item.department.total),
        Column("grade", "预测\n等级", 6.5, "box center", lambda item, _: item.department.grade),
        Column("taken", "建议\n调减", 10, "box money", lambda item, _: item.taken_back or None, summed=True),
        *earlier,
        Column("state", "状态", 9, _state_look, lambda item, _: _state(item)),
        *([_to("sheet", "结果页", _sheet(plan))] if plan.department_sheets else []),
        *([_to("workbook", "工作簿", _workbook(plan))] if plan.department_books else []),
    ]  # fmt: skip
    table = Table[Watched]("", columns, (), first=FIRST)
    return columns


def _before(number: int, period: EarlierPeriod) -> Column[Watched]:
    """How a department stood in an earlier period."""
    return Column(
        f"before{number}", f"{period.period}\n综合", 7, light_look(lambda item: period.light_of(item.department)),
        lambda item, _: period.light_of(item.department).label,
    )  # fmt: skip


def _state(item: Watched) -> str:
    if not item.department.ranked:
        return PROVISIONAL
    return TAKEN if item.department.summed else DOUBTED


def _state_look(item: Watched) -> str:
    return "box center" if _state(item) == TAKEN else "box center bad"


def _to(key: str, heading: str, value: Callable[[Watched, int], Cell]) -> Column[Watched]:
    return Column(key, heading, 7, "box link center", value, links=True)


def _sheet(plan: SummaryPlan) -> Callable[[Watched, int], Cell]:
    return lambda item, _: Link(plan.place(item.department), "查看")


def _workbook(plan: SummaryPlan) -> Callable[[Watched, int], Cell]:
    return lambda item, _: Link(f"external:{plan.context.book_path(item.department)}", "打开")


def sum_of(plan: SummaryPlan, key: str) -> str:
    """A column added up over the ranked departments, as a formula without its `=`."""
    table = departments_table(plan)
    return table.added(f'SUMIFS({{}},{{}},"{TAKEN}")', key, "state")


def count_of(plan: SummaryPlan, key: str, light: Light) -> str:
    """How many ranked departments have a light in a column, as a formula without its `=`."""
    table = departments_table(plan)
    return table.added(f'COUNTIFS({{}},"{light.label}",{{}},"{TAKEN}")', key, "state")


SHEET = SingleSheet("部门情况", 30, write_departments, stages=(Stage.MONITORING,))
