"""屡查屡犯: what departments repeat, the gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfxl.results.cells import Page
from perfxl.results.context import Context, category_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.summary_sheet import ListSheet
from perfxl.scoring.result import DepartmentResult
from perfxl.years.result import Repeat, Repeated

LOOKS = {Repeated.CLAIMED: "bad", Repeated.FINDING: "weak", Repeated.LOWERED: "weak", Repeated.LOST: "fair"}
OWN = "历年问题"
Line = tuple[DepartmentResult, Repeat]


def repeats_table(plan: SummaryPlan) -> Table[Line]:
    """The columns and rows of the sheet, department by department in the order of the ranking."""
    years = plan.years
    lines = [
        (item, repeat)
        for item in plan.departments
        for repeat in (years.departments[item.file].repeats if years is not None else ())
    ]
    return Table(SHEET.name_in(plan), _columns(plan), lines)


def write_repeats(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many lines for one."""
    table = repeats_table(plan)
    counts = Counter(repeat.kind for _, repeat in table.items)
    told = "，".join(f"{kind.value} {counts[kind]} 条" for kind in Repeated if counts[kind])
    note = f"共 {len(table.items)} 条{'：' + told if told else ''}。“连续年数”含本年；提示级的问题不列。"
    table.write(pages, plan.title(SHEET.name), note, frozen=1, empty="没有发现屡查屡犯。")


def own_columns(last: int, year: int) -> list[Column[Repeat]]:
    """The columns on what is repeated. last: the year last gone."""
    return [
        Column("kind", "情形", 17, lambda item: f"box center {LOOKS[item.kind]}", lambda item, _: item.kind.value),
        Column("what", "内容", 28, "box text wrap", lambda item, _: item.what),
        Column("then", f"{last} 年", 28, "box text wrap", lambda item, _: item.then),
        Column("now", f"{year} 年", 23, "box text wrap", lambda item, _: item.now),
        Column("years", "连续\n年数", 6, "box center whole", lambda item, _: item.years),
        Column("place", "本年位置", 14, "box text wrap small", lambda item, _: item.place),
    ]


def write_own_repeats(page: Page, context: Context, department: DepartmentResult) -> None:
    """历年问题 of a department's own workbook."""
    own, years = context.years_of(department), context.years
    assert own is not None and years is not None
    table = Table(OWN, own_columns(years.heads[0].year, years.year), own.repeats)
    last, count = years.heads[0].year, len(own.repeats)
    note = f"{department.title}　　与 {last} 年度相比仍然存在的问题 {count} 条。“连续年数”含本年。"
    table.write([page], OWN, note)


def has_repeats(context: Context, department: DepartmentResult) -> bool:
    """Whether a department repeats anything."""
    own = context.years_of(department)
    return own is not None and bool(own.repeats)


def _columns(plan: SummaryPlan) -> list[Column[Line]]:
    years, words = plan.years, plan.words
    assert years is not None
    unit = Column[Line]("unit", words.unit, 20, "box text wrap", lambda line, _: line[0].name)
    return [
        Column("name", words.title, plan.name_width(20), "box text wrap", lambda line, _: plan.name(line[0])),
        *([unit] if plan.projects else []),
        Column("category", words.category, 9, "box center", lambda line, _: category_of(line[0])),
        *(_of_line(column) for column in own_columns(years.heads[0].year, years.year)),
    ]


def _of_line(column: Column[Repeat]) -> Column[Line]:
    look = column.look
    return Column(
        column.key, column.heading, column.width, look if isinstance(look, str) else lambda line: look(line[1]),
        lambda line, row: column.value(line[1], row),
    )  # fmt: skip


SHEET = ListSheet("屡查屡犯", 54, repeats_table, write_repeats, present=lambda batch: bool(batch.years))
