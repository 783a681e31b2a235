"""收件清单: every file of the input folder and what became of it, and the departments that sent nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from perfxl.decimals import divide, half_up
from perfxl.intake.known_lists import FROM_OUTSIDE, NOT_USED
from perfxl.results.batch import COPY_OF_REPORT, FileRecord, Status
from perfxl.results.cells import Cell, Name, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.summary_sheet import EVERY_STAGE, ListSheet
from perfxl.results.words import NO_ROSTER

OUTSIDE = "财政名单没有采用"
LOOKS = {
    Status.SCORED: "good",
    Status.RETURNED: "bad",
    Status.REJECTED: "bad",
    Status.SUPERSEDED: "muted",
    Status.DUPLICATE: "muted",
    Status.ARCHIVE: "muted",
    Status.REPORT: "good",
    Status.OTHER_STAGE: "muted",
    Status.IGNORED: "muted",
    Status.MISSING: "weak",
}


def files_table(plan: SummaryPlan) -> Table[FileRecord]:
    """The columns and rows of the sheet, in the order of the batch."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), whole.batch.files)


def status_count(plan: SummaryPlan, table: Table[FileRecord], status: Status) -> str:
    """How many files of the plan's scheme are counted under a status, as a formula without its `=`."""
    own = [("scheme", plan.own_rows)] if plan.short else []
    return counted_files(table, status, plan.status_label(status), own)


def counted_files(table: Table[FileRecord], status: Status, label: str, own: Sequence[tuple[str, str]] = ()) -> str:
    """How many files are counted under a status, see `FileRecord.counted_as`, as a formula without its `=`.

    label: its word. own: columns and criteria, as formulas write them, by which to count some of the files only.
    """

    def count(label: str, *more: tuple[str, str]) -> str:
        pairs = [("status", f'"{label}"'), *more, *own]
        criteria = ",".join(f"{{}},{criterion}" for _, criterion in pairs)
        return table.added(f"COUNTIF{'S' if len(pairs) > 1 else ''}({criteria})", *(column for column, _ in pairs))

    if status is Status.DUPLICATE:
        return count(label, ("reason", f'"<>{COPY_OF_REPORT}*"'))
    if status is Status.REPORT:
        copies = count(Status.DUPLICATE.label, ("reason", f'"{COPY_OF_REPORT}*"'))
        return f"{count(label)}+{copies}"
    return count(label)


def lists_from_outside(plan: SummaryPlan) -> list[FileRecord]:
    """The lists that stood among the workbooks, and so were not used."""
    return [item for item in plan.batch.files if _from_outside(item)]


def count_from_outside(table: Table[FileRecord]) -> str:
    """How many of these there are, as a formula without its `=`."""
    return table.added(f'COUNTIFS({{}},"{Status.LIST.label}",{{}},"{FROM_OUTSIDE}*")', "status", "reason")


def _from_outside(item: FileRecord) -> bool:
    return item.status is Status.LIST and item.reason.startswith(FROM_OUTSIDE)


def _look(item: FileRecord) -> str:
    unused = item.status is Status.LIST and item.reason.startswith(NOT_USED)
    # Not read, or of nobody.
    strange = item.status is Status.REPORT and not item.department
    return "weak" if unused or strange or _from_outside(item) else LOOKS.get(item.status, "good")


def write_files(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many files for one."""
    records = plan.batch.files
    counts = Counter(record.status for record in records)
    words = [f"{plan.status_label(status)} {counts[status]}" for status in Status if counts[status]]
    if not plan.batch.rostered:
        words.append(f"{Status.MISSING.label} {NO_ROSTER}")
    if lines := plan.lists.batch.register:
        returned = sum(line.counts_as_return for line in lines)
        words.append(f"往来登记共 {len(lines)} 行、退回 {returned} 行，判断按时、退回以它为准")
    files_table(plan).write(
        pages,
        plan.title(SHEET.name),
        "，".join(words) + "。" if records else "",
        frozen=2,
        empty="没有文件。",
        heading_height=22,
    )


def _size(item: FileRecord, _: int) -> Cell:
    unknown = not item.bytes and not item.sha256 and item.status not in (Status.IGNORED, Status.ARCHIVE)
    if item.status is Status.MISSING or unknown:
        return UNKNOWN
    return half_up(divide(Decimal(item.bytes), Decimal(1024)), Decimal("0.1"))


def _named(plan: SummaryPlan, item: FileRecord) -> Name:
    return Name(item.department, plan.places.find(item.path, item.department, scheme=item.scheme))


def _columns(plan: SummaryPlan) -> list[Column[FileRecord]]:
    units, words = plan.names_of_units, plan.words
    unit = Column[FileRecord]("unit", words.unit, 28, "box text wrap", lambda item, _: units.get(item.path))
    shorts = plan.shorts
    scheme = Column[FileRecord]("scheme", SCHEME, 20, "box text wrap", lambda i, _: shorts.get(i.scheme, UNKNOWN))
    return [
        Column("number", "序号", 6, "box center", lambda item, row: row - 3),
        Column("path", "文件", 44, "box text wrap", lambda item, _: item.path),
        Column("size", "大小（KB）", 11, "box size", _size),
        Column(
            "status",
            "状态",
            18,
            lambda item: "box center " + _look(item),
            lambda item, _: plan.status_label(item.status),
        ),
        *([scheme] if shorts else []),
        Column("department", words.title, 28, "box text wrap", lambda item, _: _named(plan, item)),
        *([unit] if plan.projects else []),
        Column("reason", "原因", 50, "box text wrap small", lambda item, _: item.reason),
    ]


SHEET = ListSheet("收件清单", 70, files_table, write_files, common=True, stages=EVERY_STAGE)
