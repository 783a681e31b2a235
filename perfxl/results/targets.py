"""What a round of targets came to: of every department what it asks for, what is doubtful, and what the bureau says.

The list 绩效目标核定表 is made of it, and what the bureau has said of the very same workbook stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path

from perfxl.checks.finding import Finding, Severity
from perfxl.decimals import ZERO
from perfxl.lists.approved_writer import write_approved
from perfxl.official.approved import PASSED, RETURNED, ApprovedKpi, ApprovedRecord, ApprovedTargets
from perfxl.results.batch import Batch, Status
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.scheme.funds import INITIAL
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, KpiResult

OPEN = "待审核"
PARTLY = "部分通过"
DECISIONS = (PASSED, PARTLY, RETURNED, OPEN)
NOT_SENT, FAULTY, FIRST = "本次没有收到文件，沿用上次", "重新报送的有错误，沿用上次", "首次报送"
_SHOWN = 4


@dataclass(frozen=True)
class DepartmentTargets:
    """What a department, or project, asks for. decision: what the bureau says of the workbook as it came (待审核 where
    it has not looked at it). planned: 万元, None where there is no such number. levels: KPIs by first level. numbers:
    how many KPIs are compared as numbers. record: its lines in the list, None where the workbook has errors of its own.
    """

    result: DepartmentResult
    decision: str
    state: str
    words: str
    planned: Decimal | None
    levels: Mapping[str, int]
    numbers: int
    errors: int
    warnings: int
    problems: str
    record: ApprovedRecord | None

    @property
    def count(self) -> int:
        """How many KPIs there are."""
        return sum(self.levels.values())


@dataclass(frozen=True)
class TargetLine:
    """A KPI of a department with what is doubtful about it."""

    result: DepartmentResult
    kpi: KpiResult
    last: str
    basis: str
    problems: str
    severity: Severity | None
    opinion: str


class TargetLines(Collection[TargetLine]):
    """The KPIs of all departments, read anew each time: of a province they are too many to hold."""

    def __init__(self, batch: Batch, departments: Sequence[DepartmentTargets]) -> None:
        self._batch, self._departments = batch, departments
        self._count = sum(item.count for item in departments)

    def __len__(self) -> int:
        return self._count

    def __contains__(self, item: object) -> bool:
        return any(item == one for one in self)

    def __iter__(self) -> Iterator[TargetLine]:
        findings = findings_by_file(self._batch)
        schemes = {scheme.id: scheme for scheme in self._batch.all_schemes}
        for item in self._departments:
            full, own = self._batch.full_result(item.result), findings.get(item.result.file, ())
            scheme = schemes[item.result.scheme]
            said = {one.name: one.opinion or item.record.opinion for one in item.record.kpis} if item.record else {}
            for number, kpi in enumerate(full.kpis, 1):
                about = row_findings(own, number)
                yield TargetLine(
                    full, kpi, own_column(scheme, kpi, "last"), own_column(scheme, kpi, "basis"),
                    "；".join(dict.fromkeys(one.title for one in about)),
                    min((one.severity for one in about), key=_ORDER.__getitem__, default=None),
                    said.get(kpi.name, "") or OPEN,
                )  # fmt: skip


_ORDER = {severity: number for number, severity in enumerate(Severity)}


def findings_by_file(batch: Batch) -> Mapping[str, Sequence[Finding]]:
    """The findings on each file."""
    if batch.details is not None:
        return batch.details
    found: dict[str, list[Finding]] = {}
    for finding in batch.findings:
        found.setdefault(finding.file, []).append(finding)
    return found


def own_column(scheme: Scheme, kpi: KpiResult, key: str) -> str:
    """What stands in a column of the stage, empty where there is no such column."""
    keys = [column.key for column in scheme.own_kpi_columns]
    return kpi.own[keys.index(key)] if key in keys and len(kpi.own) == len(keys) else ""


def row_findings(findings: Sequence[Finding], number: int) -> list[Finding]:
    """The findings on a row of the KPI table."""
    row = str(number)
    return [one for one in findings if any(table == "kpis" and key == row for table, key, _ in one.fields)]


def targets_of(batch: Batch) -> list[DepartmentTargets]:
    """What each department of a batch asks for, in its order."""
    findings = findings_by_file(batch)
    digests = {record.path: record.sha256 for record in batch.files}
    schemes = {scheme.id: scheme for scheme in batch.all_schemes}
    return [
        _department(batch, schemes[item.scheme], item, findings.get(item.file, ()), digests.get(item.file, ""))
        for item in batch.departments
    ]


def _department(
    batch: Batch, scheme: Scheme, item: DepartmentResult, findings: Sequence[Finding], sha256: str
) -> DepartmentTargets:
    full = batch.full_result(item)
    before = batch.approved.record_of(scheme.id, item.code, item.name, item.project) if batch.approved else None
    record, state = _record(scheme, full, findings, sha256, before)
    said = before if before is not None and before.sha256 == sha256 else None
    titles = Counter(one.title for one in findings if one.severity is not Severity.INFO)
    problems = "、".join(f"{title} {count} 处" for title, count in titles.most_common(_SHOWN))
    words = {symbol.symbol for symbol in scheme.symbols if symbol.direction == QUALITATIVE}
    total = next((line for line in full.funds if line.is_total), None)
    return DepartmentTargets(
        result=item,
        decision=decision_of(said),
        state=state,
        words=said.words if said else "",
        planned=total.amounts.get(INITIAL) if total is not None else None,
        levels=Counter(kpi.level1 for kpi in full.kpis),
        numbers=sum(kpi.symbol not in words for kpi in full.kpis),
        errors=sum(one.severity is Severity.ERROR for one in findings),
        warnings=sum(one.severity is Severity.WARNING for one in findings),
        problems=problems + ("等" if len(titles) > _SHOWN else ""),
        record=record,
    )


def decision_of(record: ApprovedRecord | None) -> str:
    """What the bureau says of a department's targets, in one word."""
    if record is None:
        return OPEN
    said = {item.opinion or record.opinion for item in record.kpis} or {record.opinion}
    if record.opinion == RETURNED or said == {RETURNED}:
        return RETURNED
    if said == {PASSED}:
        return PASSED
    return PARTLY if said & {PASSED, RETURNED} else OPEN


def _record(
    scheme: Scheme, full: DepartmentResult, findings: Sequence[Finding], sha256: str, before: ApprovedRecord | None
) -> tuple[ApprovedRecord | None, str]:
    """The lines of a department in the list, and how it came in."""
    if before is not None and before.sha256 == sha256:
        return before, "与上次审核的是同一份文件" if decision_of(before) != OPEN else FIRST
    if full.status is not Status.SCORED:
        return before, FAULTY if before is not None else "有错误，退回修改"
    state = FIRST
    if before is not None and decision_of(before) != OPEN:
        state = f"重新报送，上次{decision_of(before)}" + (f"：{before.words}" if before.words else "")
    kpis = tuple(
        ApprovedKpi(
            kpi.level1, kpi.level2, kpi.name, kpi.symbol, _number(kpi.target), kpi.unit, kpi.weight,
            own_column(scheme, kpi, "last"), own_column(scheme, kpi, "basis"),
            "；".join(dict.fromkeys(one.title for one in row_findings(findings, number))),
        )
        for number, kpi in enumerate(full.kpis, 1)
    )  # fmt: skip
    made = ApprovedRecord(
        scheme.id, full.code, full.name, full.project, full.category, sha256=sha256, file=full.file, kpis=kpis
    )
    return made, state


def _number(text: str) -> Decimal | str | None:
    with suppress(InvalidOperation):
        number = Decimal(text)
        return number if number.is_finite() else text
    return text or None


def approved_list(batch: Batch, departments: Sequence[DepartmentTargets], path: Path) -> Callable[[], int]:
    """The call that writes 绩效目标核定表: the departments of the batch, and those that the list knew before.

    Any process may do it, for of thousands it takes more memory than all else. It gives how many workbooks of
    departments that makes, and raises OSError.
    """
    found = sorted(
        (item for item in departments if item.record is not None),
        key=lambda item: (item.result.scheme, item.result.code, item.result.title),
    )
    records = [item.record for item in found if item.record is not None]
    told = {item.record: (item.problems, item.state) for item in found if item.record is not None}
    if batch.approved is not None:
        met = {
            number
            for item in departments
            for number in batch.approved.knows(
                item.result.scheme, item.result.code, item.result.name, item.result.project
            )
        }
        left = [record for number, record in enumerate(batch.approved.all()) if number not in met]
        records += left
        told |= dict.fromkeys(left, ("", NOT_SENT))
    return partial(_write_list, path, batch.all_schemes, records, told)


def _write_list(
    path: Path,
    schemes: Sequence[Scheme],
    records: Sequence[ApprovedRecord],
    told: Mapping[ApprovedRecord, tuple[str, str]],
) -> int:
    write_approved(path, schemes, records, told)
    return 0


def same_said(first: ApprovedTargets | None, second: ApprovedTargets | None) -> bool:
    """Whether two lists say the same of every target: neither has anything of the bureau's that the other lacks."""
    return _said(first) == _said(second)


def _said(values: ApprovedTargets | None) -> set[ApprovedRecord]:
    """What the bureau has said or put right, without what a run writes beside it."""
    if values is None:
        return set()
    plain = (
        replace(
            record,
            place="",
            file="",
            category="",
            kpis=tuple(kpi._replace(place="", problems="", last="", basis="") for kpi in record.kpis),
        )
        for record in values.all()
    )
    return {record for record in plain if decision_of(record) != OPEN}


def planned_total(departments: Sequence[DepartmentTargets]) -> Decimal:
    """The money planned by all, 万元."""
    return sum((item.planned or ZERO for item in departments), ZERO)
