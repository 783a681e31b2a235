"""问题清单: every finding on every file, to be filtered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from perfxl.checks.finding import Finding, Severity
from perfxl.results.cells import Name, Page
from perfxl.results.copies import copy_link
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.summary_sheet import EVERY_STAGE, ListSheet
from perfxl.results.words import FINDINGS

LOOKS = {Severity.ERROR: "bad", Severity.WARNING: "weak", Severity.INFO: "fair"}
BEGINNING = 20
"""So many characters are shown of a long text that stands whole in the same line."""


def findings_table(plan: SummaryPlan) -> Table[Finding]:
    """The columns and rows of the sheet: errors, warnings, infos, each in the order of the batch."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), _BySeverity(whole.batch.findings))


class _BySeverity(Collection[Finding]):
    """Findings by their severity: those of a large batch are read once for each, and never are all in memory."""

    def __init__(self, findings: Collection[Finding]) -> None:
        self._findings = findings

    def __iter__(self) -> Iterator[Finding]:
        for severity in Severity:
            yield from (finding for finding in self._findings if finding.severity is severity)

    def __len__(self) -> int:
        return len(self._findings)

    def __contains__(self, finding: object) -> bool:
        return finding in self._findings


def write_findings(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many findings for one."""
    findings = plan.batch.findings
    counts = plan.tally.severities
    note = f"共 {len(findings)} 条：" + "，".join(f"{level.label} {counts[level]} 条" for level in Severity)
    note += "。有“错误”的填报退回修改，“警告”和“提示”供复核。"
    if plan.batch.copies:
        note += f"“退回件”一列链接到退回修改文件夹中该{plan.words.one}工作簿的单元格。"
    findings_table(plan).write(pages, plan.title(SHEET.name), note, frozen=1, empty="没有发现问题。", heading_height=22)


def _columns(plan: SummaryPlan) -> list[Column[Finding]]:
    batch, units, words = plan.batch, plan.names_of_units, plan.words
    unit = Column[Finding]("unit", words.unit, 18, "box text wrap", lambda item, _: units.get(item.file))
    back = [
        Column[Finding](
            "copy",
            "退回件",
            7,
            _copy_look(plan),
            lambda item, _: copy_link(batch, plan.scheme_of(item.file), item),
            links=True,
        )
    ]
    scheme = Column[Finding]("scheme", SCHEME, 12, "box text wrap small", lambda item, _: plan.short_of(item.file))
    return [
        Column("department", words.title, plan.name_width(18), "box text wrap", lambda item, _: _named(plan, item)),
        *([unit] if plan.projects else []),
        Column("file", "文件", 16, "box text wrap small", lambda item, _: item.file),
        *([scheme] if plan.shorts else []),
        Column("severity", "级别", 6, lambda item: "box center " + LOOKS[item.severity], lambda i, _: i.severity.label),
        Column("code", "代码", 6, "box center", lambda item, _: item.code),
        Column("title", "问题", 16, "box text wrap", lambda item, _: item.title),
        Column("sheet", "工作表", 9, "box center wrap", lambda item, _: item.sheet),
        Column("cell", "单元格", 8, "box center wrap", lambda item, _: item.cell),
        *(back if batch.copies else []),
        Column("value", "填报内容", 12, "box text wrap small", lambda item, _: _written(item)),
        Column("expected", "应为", 12, "box text wrap small", lambda item, _: item.expected),
        Column("message", "说明", 38, "box text wrap small", lambda item, _: item.message),
        Column("advice", "处理意见", 32, "box text wrap small", lambda item, _: item.advice),
    ]


def _named(plan: SummaryPlan, item: Finding) -> Name:
    return Name(item.department, plan.places.find(item.file, item.department))


def _written(item: Finding) -> str:
    """What the cell holds; the beginning of a long text that the message beside it quotes whole."""
    quoted = len(item.value) > BEGINNING and item.value in item.message
    return f"{item.value[:BEGINNING]}……" if quoted else item.value


def _copy_look(plan: SummaryPlan) -> Callable[[Finding], str]:
    return lambda item: "box link center" if item.file in plan.batch.copies else "box"


SHEET = ListSheet(FINDINGS, 60, findings_table, write_findings, common=True, stages=EVERY_STAGE)
