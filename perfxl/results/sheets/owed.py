"""催报清单: who has not sent a workbook, or was returned one and has not sent it again, and how to reach them."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.register.model import FILE_NAME
from perfxl.register.owed import NEVER, Owed, counts
from perfxl.results.cells import Name, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.sheets.register import has_register, number
from perfxl.results.summary_sheet import EVERY_STAGE, ListSheet
from perfxl.results.words import NO_ROSTER


def owed_table(plan: SummaryPlan) -> Table[Owed]:
    """The columns and rows of the sheet, by category."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), whole.batch.owed)


def write_owed(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    batch = plan.batch
    never, returned = counts(batch.owed)
    sent = f"未报送 {never} 个" if batch.rostered or never else f"未报送 {NO_ROSTER}"
    late = sum(one.late > 0 for one in batch.owed)
    note = f"{sent}，退回未重报 {returned} 个，其中已逾期 {late} 个（逾期天数算到 {batch.started:%Y-%m-%d}）。"
    note += f"催报后在“{FILE_NAME}”的“催报”工作表填写次数、日期和备注，下次运行采用。"
    owed_table(plan).write(pages, plan.title(SHEET.name), note, frozen=4, empty="没有需要催报的。")


def _unit(plan: SummaryPlan, item: Owed) -> Name:
    """The department; of a project the unit, which has no result of its own."""
    return Name(item.name, "" if item.project else _place(plan, item))


def _project(plan: SummaryPlan, item: Owed) -> Name:
    return Name(item.project, _place(plan, item) if item.project else "")


def _place(plan: SummaryPlan, item: Owed) -> str:
    return plan.places.called(item.project or item.name, scheme=item.scheme, code=item.code, unit=item.name)


def _columns(plan: SummaryPlan) -> list[Column[Owed]]:
    shorts, words = plan.shorts, plan.words
    scheme = Column[Owed]("scheme", SCHEME, 14, "box text wrap small", lambda i, _: shorts.get(i.scheme, UNKNOWN))
    project = Column[Owed]("project", "项目", 22, "box text wrap", lambda item, _: _project(plan, item))
    state, due = "box center wrap bold ", "box center bold bad"
    return [
        Column("number", "序号", 5, "box center", lambda item, row: row - 3),
        Column("category", words.category, 11, "box center wrap", lambda item, _: item.category or "未分类"),
        Column("code", words.code, 12, "box center wrap small", lambda item, _: item.code),
        Column("department", words.unit, 26, "box text wrap", lambda item, _: _unit(plan, item)),
        *([project] if plan.projects else []),
        *([scheme] if shorts else []),
        Column("state", "情况", 11, lambda i: state + ("bad" if i.state == NEVER else "weak"), lambda i, _: i.state),
        Column("returned", "退回日期", 11, "box center small", lambda item, _: item.returned),
        Column("due", "报送期限", 11, "box center small", lambda item, _: item.due.isoformat() if item.due else None),
        Column("late", "逾期\n天数", 7, lambda i: due if i.late else "box center", lambda i, _: i.late),
        Column("contact", "联系人", 10, "box center wrap", lambda item, _: item.contact),
        Column("phone", "联系电话", 15, "box center wrap small", lambda item, _: item.phone),
        Column("times", "催报\n次数", 6, "box center", lambda item, _: number(item.times)),
        Column("last", "最近\n催报日期", 11, "box center small", lambda item, _: item.last),
        Column("remark", "备注", 24, "box text wrap small", lambda item, _: item.remark),
    ]  # fmt: skip


SHEET = ListSheet(
    "催报清单",
    74,
    owed_table,
    write_owed,
    common=True,
    stages=EVERY_STAGE,
    present=lambda batch: has_register(batch) or bool(batch.owed),
)
