"""往来登记: every file that ever came, when it came, when it was returned and is due again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfxl.register.model import FILE_NAME, Line
from perfxl.register.workbook import DIGEST
from perfxl.results.batch import Batch
from perfxl.results.cells import Cell, Name, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.sheets.files import LOOKS as STATUS_LOOKS
from perfxl.results.summary_sheet import EVERY_STAGE, ListSheet

LOOKS = {status.label: look for status, look in STATUS_LOOKS.items()}


def has_register(batch: Batch) -> bool:
    """Whether a batch is of a run that keeps a register; one without files has none."""
    return bool(batch.register)


def register_table(plan: SummaryPlan) -> Table[Line]:
    """The columns and rows of the sheet, in the order of the batch."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), whole.batch.register)


def write_register(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many lines for one."""
    lines = plan.batch.register
    counts = Counter(bool(line.returned) for line in lines)
    note = f"共 {len(lines)} 个文件，退回过 {counts[True]} 个。"
    note += f"收到日期、退回日期和备注在“{FILE_NAME}”里填写或更正，下次运行采用。"
    register_table(plan).write(pages, plan.title(SHEET.name), note, frozen=2, empty="没有文件。")


def _status_look(item: Line) -> str:
    return f"box center wrap small {LOOKS.get(item.status, '')}".strip()


def number(text: str) -> Cell:
    """A count as a number, blank where there is none."""
    return int(text) if text.isdecimal() and len(text) < 9 else text or None


def _unit(plan: SummaryPlan, item: Line) -> Name:
    """The department; of a project the unit, which has no result of its own."""
    return Name(item.name, "" if item.project else _place(plan, item))


def _project(plan: SummaryPlan, item: Line) -> Name:
    return Name(item.project, _place(plan, item) if item.project else "")


def _place(plan: SummaryPlan, item: Line) -> str:
    return plan.places.called(item.project or item.name, scheme=item.scheme, code=item.code, unit=item.name)


def _columns(plan: SummaryPlan) -> list[Column[Line]]:
    shorts, words = plan.shorts, plan.words
    scheme = Column[Line]("scheme", SCHEME, 14, "box text wrap small", lambda i, _: shorts.get(i.scheme, UNKNOWN))
    project = Column[Line]("project", "项目", 18, "box text wrap", lambda item, _: _project(plan, item))
    day = "box center small"
    return [
        Column("code", words.code, 11, "box center wrap small", lambda item, _: item.code),
        Column("department", words.unit, plan.name_width(22), "box text wrap", lambda item, _: _unit(plan, item)),
        *([project] if plan.projects else []),
        Column("file", "文件", 28, "box text wrap small", lambda item, _: item.file),
        *([scheme] if shorts else []),
        Column("status", "状态", 11, _status_look, lambda item, _: item.status),
        Column("errors", "错误数", 6, "box center", lambda item, _: number(item.errors)),
        Column("number", "第几次\n报送", 6.5, "box center", lambda item, _: number(item.number)),
        Column("seen", "首次见到", 11, day, lambda item, _: item.seen),
        Column("received", "收到日期", 11, day, lambda item, _: item.received),
        Column("returned", "退回日期", 11, day, lambda item, _: item.returned),
        Column("due", "重报期限", 11, day, lambda item, _: item.due),
        Column("excused", "不计\n退回", 6, "box center", lambda item, _: item.excused),
        Column("remark", "备注", 20, "box text wrap small", lambda item, _: item.remark),
        Column("sha256", "SHA-256\n前 12 位", 15, "box text small shrink", lambda item, _: item.sha256[:DIGEST]),
    ]  # fmt: skip


SHEET = ListSheet("往来登记", 72, register_table, write_register, common=True, stages=EVERY_STAGE, present=has_register)
