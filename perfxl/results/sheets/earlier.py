"""修改情况: each finding of the round before, whether it is gone, and what the department answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfxl.register.answers import ACCEPTED, MENDED, NOT_MENDED, STATES, with_states
from perfxl.results.batch import Answered
from perfxl.results.cells import Page
from perfxl.results.context import Context
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.sheets.findings import LOOKS as SEVERITY_LOOKS
from perfxl.results.summary_sheet import EVERY_STAGE, ListSheet
from perfxl.scoring.result import DepartmentResult

EARLIER = "修改情况"
LOOKS = {MENDED: "good", NOT_MENDED: "bad", ACCEPTED: "fair"}
_SEVERITIES = {severity.label: look for severity, look in SEVERITY_LOOKS.items()}


def answered_table(plan: SummaryPlan) -> Table[Answered]:
    """The columns and rows of the sheet, department by department."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), whole.batch.answered)


def write_answered(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    note = f"退回修改后重新报送的，上一次的问题改了没有：{_counted(plan.batch.answered)}。"
    answered_table(plan).write(pages, plan.title(SHEET.name), note, frozen=1, heading_height=22)


def write_earlier(page: Page, context: Context, department: DepartmentResult) -> None:
    """修改情况 of a department's own workbook."""
    states = with_states(department.earlier, context.findings_of(department))
    items = [Answered(department, earlier, state) for earlier, state in states]
    note = f"{department.title}　　上一次退回时的问题 {len(items)} 条：{_counted(items)}。"
    Table(EARLIER, OWN_COLUMNS, items).write([page], EARLIER, note, heading_height=22)


def _counted(items: Sequence[Answered]) -> str:
    counts = Counter(item.state for item in items)
    return "，".join(f"{state} {counts[state]} 条" for state in STATES if counts[state] or state != ACCEPTED)


def _place(item: Answered) -> str:
    return "!".join(part for part in (item.earlier.sheet, item.earlier.cell) if part)


def _severity_look(item: Answered) -> str:
    return f"box center {_SEVERITIES.get(item.earlier.severity, '')}".strip()


OWN_COLUMNS: list[Column[Answered]] = [
    Column("severity", "级别", 6, _severity_look, lambda item, _: item.earlier.severity),
    Column("code", "代码", 6.5, "box center", lambda item, _: item.earlier.code),
    Column("place", "位置", 14, "box center wrap", lambda item, _: _place(item)),
    Column("title", "上一次的问题", 20, "box text wrap", lambda item, _: item.earlier.title),
    Column("message", "说明", 44, "box text wrap small", lambda item, _: item.earlier.message),
    Column("state", "修改结果", 10, lambda item: f"box center bold {LOOKS[item.state]}", lambda item, _: item.state),
    Column("answer", "部门答复", 32, "box text wrap", lambda item, _: item.earlier.answer),
]  # fmt: skip


def _columns(plan: SummaryPlan) -> list[Column[Answered]]:
    scheme = Column[Answered](
        "scheme", SCHEME, 12, "box text wrap small", lambda item, _: plan.short_of(item.result.file)
    )
    return [
        Column(
            "department", plan.words.title, plan.name_width(18), "box text wrap", lambda item, _: plan.name(item.result)
        ),
        Column("file", "文件", 18, "box text wrap small", lambda item, _: item.result.file),
        *([scheme] if plan.shorts else []),
        *OWN_COLUMNS,
    ]


SHEET = ListSheet(
    EARLIER,
    76,
    answered_table,
    write_answered,
    common=True,
    stages=EVERY_STAGE,
    present=lambda batch: bool(batch.answered),
)
