"""Checks of what departments wrote beside the bureau's own word: official values, the register."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit, hit_on_file
from perfxl.decimals import plain
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import KPIS
from perfxl.official import differs
from perfxl.submission.official import Official
from perfxl.submission.values import as_written
from perfxl.text import is_blank

_BLANK = "没有填写"


@check(
    "W801",
    Severity.WARNING,
    "与财政核定的不同",
    message="{label}{wrote}，{source}为 {official}{who}，已按{source}计算",
    advice="请核对；对财政部门的数据有异议的，请与财政部门联系",
    expected="{official}",
)
def other_than_official(tables: Tables) -> Iterator[Hit]:
    """A field for which the bureau has another value than the department wrote, beyond the scheme's tolerance."""
    for file, submission in tables.submissions.items():
        for name, official in submission.official.items():
            # That a KPI was never approved is told of the whole row.
            added = name[0] == "kpis" and name[1] in submission.added
            if added or not differs(submission, name):
                continue
            cell = submission.written[name]
            own = cell.reading.value
            if own is None:
                blank = is_blank(cell.raw)
                value = "" if blank else as_written(cell.raw)
            else:
                value, blank = own if isinstance(own, str) else plain(own), False
            yield hit(
                file, *name, value=value, wrote=_BLANK if blank else f"填的是“{value}”", source=official.source,
                official=_shown(tables, name, official), who=_who(official),
            )  # fmt: skip


@check(
    "I802",
    Severity.INFO,
    "核定的指标没有找到",
    message="{source}中有指标“{name}”的年度指标值 {official}（{where}），绩效指标表里没有这项指标，没有用上",
    advice="请核对指标名称；名称写法不同的，请改为一致",
)
def targets_of_nobody(tables: Tables) -> Iterator[Hit]:
    """KPI targets of the bureau whose KPI the department's table does not have."""
    for file, submission in tables.submissions.items():
        for name, official in submission.strangers:
            yield hit_on_file(
                file, sheet=submission.cells.titles.get(KPIS, KPIS), name=name, source=official.source,
                official=_shown(tables, ("kpis", name, "target"), official), where=official.place,
            )  # fmt: skip


def _shown(tables: Tables, name: FieldId, official: Official) -> str:
    return tables.scheme.in_words(name[1] if name[0] == "facts" else "", official.value)


def _who(official: Official) -> str:
    """In brackets what is told of it: basis, person, date, and where it stands."""
    told = [part for part in (official.basis, official.person, official.day, official.place) if part]
    return f"（{'；'.join(told)}）" if told else ""
