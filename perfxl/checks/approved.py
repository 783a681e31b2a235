"""Checks against the targets that the bureau has passed, and what it says of those that are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit, hit_on_file
from perfxl.decimals import plain
from perfxl.findings.reasons import gives_reason
from perfxl.intake.submission_tables import Tables
from perfxl.layout.sheets import KPIS
from perfxl.official.approved import RETURNED, ApprovedRecord
from perfxl.submission.identity import name_key


@check(
    "E336",
    Severity.ERROR,
    "财政退回绩效目标",
    message="{what}被财政部门退回{why}{who}",
    advice="请按意见修改后重新报送",
)
def returned(tables: Tables) -> Iterator[Hit]:
    """What the bureau returned of the very workbook that it looked at."""
    for file, submission in tables.submissions.items():
        record = submission.opinion
        if not isinstance(record, ApprovedRecord):
            continue
        who = f"（{'；'.join(part for part in (record.person, record.day) if part)}）" if record.person else ""
        if record.opinion == RETURNED:
            yield hit_on_file(
                file, sheet=submission.cells.titles.get(KPIS, KPIS), what="绩效目标", why=_why(record.words), who=who
            )
        names = {name_key(item.name): item for item in record.returned}
        for row in submission.rows("kpis"):
            name = submission.value("kpis", row, "name")
            item = names.get(name_key(name)) if isinstance(name, str) else None
            if item is not None:
                yield hit(file, "kpis", row, "target", what=f"“{item.name}”", why=_why(item.words), who=who)


def _why(words: str) -> str:
    return f"：{words}" if words else ""


@check(
    "W337",
    Severity.WARNING,
    "核定的指标没有填报",
    message="核定目标中的“{name}”（{level}，年度指标值 {target}{unit}）没有填报，按 0 分计",
    advice="请补上这项指标；名称改了的，请改回核定的名称",
)
def absent(tables: Tables) -> Iterator[Hit]:
    """A KPI that the bureau approved is gone from the table."""
    for file, submission in tables.submissions.items():
        for row in submission.absent:
            of = {key: submission.value("kpis", row, key) for key in ("name", "level1", "target", "unit")}
            target = of["target"]
            yield hit(
                file, "kpis", row, "name", value="", name=of["name"] or "", level=of["level1"] or "",
                target=target if isinstance(target, str) else "" if target is None else plain(target),
                unit=f" {of['unit']}" if of["unit"] else "",
            )  # fmt: skip


@check(
    "W338",
    Severity.WARNING,
    "增加了没有核定的指标",
    message="“{value}”不在核定目标中，不计分",
    advice="请核对指标名称，与核定的一致；确需增加的，请财政部门在绩效目标核定表中增加",
)
def added(tables: Tables) -> Iterator[Hit]:
    """A KPI that nobody approved, of a kind of which there are approved ones."""
    for file, submission in tables.submissions.items():
        for row in submission.added:
            yield hit(file, "kpis", row, "name")


@check(
    "W340",
    Severity.WARNING,
    "绩效目标没有核定",
    message="{what}没有经财政部门核定（{why}），按填报的目标计算",
    advice="请与财政部门核对；财政部门核定后，按核定的目标计算",
)
def unapproved(tables: Tables) -> Iterator[Hit]:
    """The bureau approves targets, and these it has not: whoever sets targets at the end reaches them all."""
    for file, submission in tables.submissions.items():
        for row, why in submission.unapproved.items():
            if row:
                yield hit(file, "kpis", row, "target", what=f"“{submission.value('kpis', row, 'name')}”", why=why)
            else:
                title = submission.cells.titles.get(KPIS, KPIS)
                yield hit_on_file(file, sheet=title, what="绩效目标", why=why)


@check(
    "I339",
    Severity.INFO,
    "申请调整绩效目标",
    message="{label}：申请由 {target} 调整为 {value}，理由：{reason}",
    advice="财政部门同意的，请在绩效目标核定表中改，不改的仍按原目标",
)
def requests(tables: Tables) -> Iterator[Hit]:
    """Another target is asked for, with a reason (W335: without one); only the bureau's list makes it count."""
    if "request_target" not in tables.kpis:
        return
    for file, submission in tables.submissions.items():
        for row in submission.rows("kpis"):
            wanted = submission.value("kpis", row, "request_target")
            if wanted is None or wanted == "":
                continue
            target, reason = (submission.value("kpis", row, key) for key in ("target", "request_reason"))
            if not gives_reason(reason):
                continue
            yield hit(
                file, "kpis", row, "request_target",
                target="（没有填写）" if target is None else target,
                reason=reason,
            )  # fmt: skip
