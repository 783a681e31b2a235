"""二级指标对比: score rates of the second-level indicators over the years, department by department."""

from __future__ import annotations

from collections.abc import Callable

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.context import category_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.years_columns import years_of
from perfxl.results.styles import TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.scoring.result import DepartmentResult

Value = Callable[[DepartmentResult, int], Cell]


def write_levels(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    table = Table[DepartmentResult](SHEET.name_in(plan), _columns(plan), plan.departments)
    note = (
        "得分率 = 得分 ÷ 适用指标的分值；以前年度按当年的分值算，二级指标按名称对应。"
        "增减是本年减上一个年度的得分率（百分点）。"
    )
    # A level stands on one page.
    of_level = len(plan.years.heads) + 2 if plan.years is not None else 2
    names = len(table.columns) - 1 - of_level * len(plan.scheme.base_levels)
    table.write([page], plan.title(SHEET.name), note, frozen=1, empty=f"没有{plan.words.one}。", heading_height=46,
                groups=[names, *[of_level] * len(plan.scheme.base_levels)])  # fmt: skip
    for number in range(len(plan.scheme.base_levels)) if table.items else ():
        for sign, tone in ((">", 0), ("<", 3)):
            fill, ink = TONES[tone]
            form = page.book.workbook.add_format({"bg_color": fill, "font_color": ink})
            rule = {"type": "cell", "criteria": sign, "value": 0, "format": form}
            page.sheet.conditional_format(table.local(f"change{number}"), rule)


def _columns(plan: SummaryPlan) -> list[Column[DepartmentResult]]:
    years, words = plan.years, plan.words
    assert years is not None
    letters: dict[str, str] = {}
    unit = Column[DepartmentResult]("unit", words.unit, 20, "box text wrap", lambda item, _: item.name)
    columns: list[Column[DepartmentResult]] = [
        Column("name", words.title, plan.name_width(24), "box text wrap", lambda item, _: plan.name(item)),
        *([unit] if plan.projects else []),
        Column("category", words.category, 10, "box center", lambda item, _: category_of(item)),
    ]
    # So narrow that what is printed can be read.
    width = 8.4 if len(years.heads) == 1 else 7.2
    for number, level in enumerate(plan.scheme.base_levels):
        columns += [
            Column(
                f"then{number}_{place}",
                f"{level.name}\n{head.year}",
                width,
                "box share",
                _then(plan, level.name, place),
            )
            for place, head in reversed(list(enumerate(years.heads)))
        ]
        columns.append(
            Column(f"now{number}", f"{level.name}\n{years.year}", width, "box share bold", _now(plan, level.name))
        )
        columns.append(
            Column(f"change{number}", "增减", 6.6, "box points100", _change(plan, level.name, number, letters))
        )
    letters.update({column.key: str(xl_col_to_name(place)) for place, column in enumerate(columns)})
    return columns


def _now(plan: SummaryPlan, level: str) -> Value:
    return lambda item, _: years_of(plan, item).now.levels.get(level)


def _then(plan: SummaryPlan, level: str, place: int) -> Value:
    def value(item: DepartmentResult, _: int) -> Cell:
        then = years_of(plan, item).thens[place]
        return None if then is None else then.figures.levels.get(level)

    return value


def _change(plan: SummaryPlan, level: str, number: int, letters: dict[str, str]) -> Value:
    def value(item: DepartmentResult, row: int) -> Cell:
        own = years_of(plan, item)
        then = own.thens[0]
        now, before = own.now.levels.get(level), then.figures.levels.get(level) if then is not None else None
        if now is None or before is None:
            return None
        cells = f"${letters[f'now{number}']}{row}-${letters[f'then{number}_0']}{row}"
        return Formula(f"=ROUND(({cells})*100,6)", round((now - before) * 100, 6) + ZERO)

    return value


SHEET = SingleSheet("二级指标对比", 53, write_levels, present=lambda batch: bool(batch.years))
