"""各类部门 on 总览 of monitoring: what each category has spent, and how its KPIs and its forecast stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.references import column_letters
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.context import category_of
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.monitor_departments import TAKEN, departments_table
from perfxl.results.sheets.overview import COLUMNS, section
from perfxl.results.sheets.overview_lists import ROW, WIDTH
from perfxl.results.statistics import mean, rate
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.watch import LOOKS, SHOWN, Group

NAME = 3
"""Columns over which the name of a category stands."""


@dataclass(frozen=True)
class _Row:
    """A row of a table: a category, or all. among: the departments that count in it, as conditions of COUNTIFS."""

    plan: SummaryPlan
    group: Group
    excel: int
    among: str
    totals: Sequence[Decimal]

    def added(self, key: str, value: Decimal | int) -> Formula:
        return Formula(f"=ROUND(SUMIFS({self._range(key)},{self.among}),6)", value)

    def averaged(self, key: str, value: Decimal | None) -> Formula:
        return Formula(f'=IFERROR(AVERAGEIFS({self._range(key)},{self.among}),"")', value)

    def _range(self, key: str) -> str:
        return departments_table(self.plan).ranges(key)[0][0]


@dataclass(frozen=True)
class _Column:
    """A column of a table. span: how many of the sheet's it takes. value: of a row, given all columns' letters."""

    key: str
    heading: str
    span: int
    look: Callable[[Group], str]
    value: Callable[[_Row, dict[str, str]], Cell]


def write_spending(page: Page, plan: SummaryPlan, row: int) -> int:
    """What has been spent: a line a category and one for all; returns the row below."""
    if not plan.scheme.funds_table:
        return row - 1
    columns = [
        _count(plan),
        _Column("budget", "预算数", 2, _always("money"), lambda line, _: line.added("budget", line.group.budget)),
        _Column("spent", "执行数", 2, _always("money"), lambda line, _: line.added("spent", line.group.spent)),
        _Column("rate", "执行率", 1, _always("share"), lambda line, at: _share(line, at, "spent", line.group.rate)),
        _Column("pace", "支出\n进度", 1, _always("share"), _pace),
        _Column("light", "支出灯", 1, lambda group: f"center bold {LOOKS[group.light]}", _light("pace", "light")),
        _Column("expected", "预计\n执行率", 1, _always("share"), _expected),
        _taken(),
    ]
    return _table(page, plan, row, f"各类{plan.words.one}的支出（万元）", columns)


def write_progress(page: Page, plan: SummaryPlan, row: int) -> int:
    """How KPIs and forecast stand: a line a category and one for all; returns the row below."""
    columns = [_count(plan)]
    if plan.scheme.has_kpis:
        columns += [
            _Column("kpi_rate", "指标\n进度", 1, _always("share"),
                    lambda line, _: line.averaged("kpi_rate", line.group.kpi_rate)),
            _Column("kpi_light", "指标灯", 1, lambda group: f"center bold {LOOKS[group.kpi_light]}",
                    _light("kpi_rate", "kpi_light")),
            *(
                _Column(f"count_{light.value}", f"{light.label}\n指标", 1, _always("center whole"),
                        lambda line, _, light=light:  # type: ignore[misc]
                        line.added(f"count_{light.value}", line.group.counts[light]))
                for light in SHOWN
            ),
        ]  # fmt: skip
    columns.append(
        _Column("total", "平均预测得分", 2, _always("score"), lambda line, _: line.averaged("total", mean(line.totals)))
    )
    if not plan.scheme.funds_table:
        columns.append(_taken())
    title = "指标和预测" if plan.scheme.has_kpis else "预测得分"
    return _table(page, plan, row, f"各类{plan.words.one}的{title}", columns)


def _always(look: str) -> Callable[[Group], str]:
    return lambda _: look


def _count(plan: SummaryPlan) -> _Column:
    return _Column(
        "count", f"{plan.words.one}数", 1, _always("center whole"),
        lambda line, _: Formula(f"=COUNTIFS({line.among})", line.group.departments),
    )  # fmt: skip


def _taken() -> _Column:
    return _Column(
        "taken", "建议调减", 2, _always("money"), lambda line, _: line.added("taken", line.group.taken_back)
    )  # fmt: skip


def _share(line: _Row, at: dict[str, str], key: str, value: Decimal | None) -> Formula:
    budget = f"{at['budget']}{line.excel}"
    return Formula(f'=IF(N({budget})>0,{at[key]}{line.excel}/{budget},"")', value)


def _pace(line: _Row, at: dict[str, str]) -> Formula:
    share = f"{at['rate']}{line.excel}"
    formula = f'=IF(ISNUMBER({share}),{share}/{line.plan.watch.share_formula},"")'
    return Formula(formula, line.group.pace)


def _expected(line: _Row, at: dict[str, str]) -> Formula:
    budget, group = f"{at['budget']}{line.excel}", line.group
    expected = line.added("expected", group.expected).text.removeprefix("=")
    return Formula(f'=IF(N({budget})>0,{expected}/{budget},"")', rate(group.expected, group.budget))


def _light(of: str, name: str) -> Callable[[_Row, dict[str, str]], Cell]:
    def light(line: _Row, at: dict[str, str]) -> Cell:
        return Formula(f"={line.plan.watch.bounds.formula(f'${at[of]}{line.excel}')}", getattr(line.group, name).label)

    return light


def _table(page: Page, plan: SummaryPlan, row: int, title: str, columns: Sequence[_Column]) -> int:
    section(page, row, 0, COLUMNS, title)
    row += 1
    page.merged(row, 0, row, NAME - 1, plan.words.category, "head")
    starts, at = [], NAME
    for column in columns:
        page.merged(row, at, row, at + column.span - 1, column.heading, "head")
        starts.append(at)
        at += column.span
    page.height(row, 30)
    where = {column.key: column_letters(start) for column, start in zip(columns, starts, strict=True)}
    for group, last in _groups(plan):
        row += 1
        page.height(row, max(ROW, row_height(text_lines(group.name, NAME * WIDTH))))
        page.merged(row, 0, row, NAME - 1, group.name, "box bold band center" if last else "box text wrap")
        line = _line(plan, group, row + 1, last=last)
        for column, start in zip(columns, starts, strict=True):
            look = f"box {column.look(group)}"
            page.merged(row, start, row, start + column.span - 1, column.value(line, where), look)
    return row + 1


def _groups(plan: SummaryPlan) -> Iterator[tuple[Group, bool]]:
    """The categories, and all together where they are several."""
    groups = plan.watch.categories
    yield from ((group, False) for group in groups)
    if len(groups) != 1:
        yield plan.watch.whole, True


def _line(plan: SummaryPlan, group: Group, excel: int, *, last: bool) -> _Row:
    ((category, state),) = departments_table(plan).ranges("category", "state")
    own = "" if last else f',{category},"="&$A{excel}'
    rows = [item for item in plan.watch.ranked if last or category_of(item.department) == group.name]
    return _Row(plan, group, excel, f'{state},"{TAKEN}"{own}', [item.department.total for item in rows])
