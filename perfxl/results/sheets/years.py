"""年度对比: each department beside what it was in the years before."""

from __future__ import annotations

from perfxl.results.cells import Page
from perfxl.results.list_sheets import Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.years_columns import FIRST, YEARS, YearColumns
from perfxl.results.styles import TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.scoring.result import DepartmentResult


def write_years(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    years, one = plan.years, plan.words.one
    assert years is not None
    table = Table[DepartmentResult](SHEET.name_in(plan), YearColumns(plan).all(), plan.departments, first=FIRST)
    note = (
        f"可比名次只在两年都有名次、且一对一对应的{one}中重新排；由几个{one}合并的，以前年度的总分按算术平均、金额按合计，不比名次。"
        "“指标完成”是完成率已知的绩效指标中完成的比例。"
    )
    table.write([page], plan.title(SHEET.name), note, frozen=1, empty=f"没有{one}。")
    for number in range(len(years.heads)) if table.items else ():
        for sign, tone in ((">0", 0), ("<0", 3)):
            fill, ink = TONES[tone]
            form = page.book.workbook.add_format({"bg_color": fill, "font_color": ink})
            for key in (f"delta{number}", f"moved{number}"):
                rule = {"type": "cell", "criteria": sign[0], "value": 0, "format": form}
                page.sheet.conditional_format(table.local(key), rule)


SHEET = SingleSheet(YEARS, 52, write_years, present=lambda batch: bool(batch.years))
