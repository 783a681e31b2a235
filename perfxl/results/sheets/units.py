"""单位汇总: the units whose projects were evaluated, each with the mean of its projects, weighted by money."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from perfxl.outcome import grade_formula
from perfxl.ranking.units import UnitResult
from perfxl.references import literal
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import Figure, SummaryPlan
from perfxl.results.styles import TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.scheme.funds import ADJUSTED


def write_units(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    table, words = _table(plan), plan.words
    note = f"只统计参加排名的{words.one}。"
    if plan.has_money:
        budget = plan.scheme.funds_table.columns[ADJUSTED]
        note += f"平均分按{budget}加权；{plan.words.unit}的{budget}都没有填或为 0 的，取算术平均。"
    note += "名次同分同名次（1、2、2、4）。"
    table.write([page], plan.title(SHEET.name), note, frozen=4, empty=f"没有参加排名的{words.one}。")
    if table.items:
        page.bars(table.local("mean"), 100)
        for band in plan.scheme.grade_bands:
            fill, ink = TONES[plan.grades.tones[band.name]]
            form = page.book.workbook.add_format({"bg_color": fill, "font_color": ink})
            rule = {"type": "cell", "criteria": "==", "value": literal(band.name), "format": form}
            page.sheet.conditional_format(table.local("grade"), rule)


def _table(plan: SummaryPlan) -> Table[UnitResult]:
    scheme = plan.scheme
    numbers, totals = plan.ranked_range(plan.figures[Figure.UNIT]), plan.ranked_range(plan.total_column)
    budgets = plan.ranked_range(plan.figures[Figure.ADJUSTED]) if plan.has_money else ""
    places = {unit.files: place for place, unit in enumerate(plan.units, 1)}
    letters: dict[str, str] = {}

    def own(key: str, row: int) -> str:
        return f"${letters[key]}{row}"

    def mean(item: UnitResult, row: int) -> Cell:
        number = own("number", row)
        plain = f"AVERAGEIF({numbers},{number},{totals})"
        if budgets:
            whole = f"SUMIF({numbers},{number},{budgets})"
            plain = f"IF({whole}>0,SUMPRODUCT(({numbers}={number})*{budgets}*{totals})/{whole},{plain})"
        # The inner rounding takes away the noise of binary floats, so that exact halves go up.
        return Formula(f"=ROUND(ROUND({plain},9),2)", item.weighted_total)

    def rank(item: UnitResult, row: int) -> Cell:
        letter = letters["mean"]
        return Formula(f"=RANK({own('mean', row)},${letter}${first}:${letter}${last})", item.rank)

    def projects(item: UnitResult, row: int) -> Cell:
        return Formula(f"=COUNTIF({numbers},{own('number', row)})", item.projects)

    def budget(item: UnitResult, row: int) -> Cell:
        return Formula(f"=ROUND(SUMIF({numbers},{own('number', row)},{budgets}),6)", item.budget)

    def grade(item: UnitResult, row: int) -> Cell:
        return Formula(f"={grade_formula(own('mean', row), scheme.grade_bands)}", item.grade)

    money = f"{scheme.funds_table.columns.get(ADJUSTED, '')}\n（万元）"
    columns = [
        Column("rank", "名次", 7, "box center", rank),
        Column("number", "单位\n序号", 7, "box center", lambda item, _: places[item.files]),
        Column("code", scheme.evaluated.code_title, 16, "box center", lambda item, _: item.code),
        Column("name", plan.words.unit, 40, "box text wrap", lambda item, _: item.name),
        Column("projects", f"{plan.words.one}数", 9, "box center whole", projects),
        *([Column("budget", money, 16, "box money", budget)] if budgets else []),
        Column("mean", "平均分", 11, "box score bold", mean),
        Column("grade", "等级", 8, "box center", grade),
    ]
    letters.update({column.key: str(xl_col_to_name(place)) for place, column in enumerate(columns)})
    table = Table(SHEET.name_in(plan), columns, plan.units)
    first, last = table.first, table.last
    return table


SHEET = SingleSheet("单位汇总", 25, write_units, wanted=lambda scheme: scheme.evaluated.is_project)
