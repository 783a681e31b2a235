"""The whole batch from its files: which workbook of a department counts, what the lists say, who ranks where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from perfxl.checks.finding import Finding
from perfxl.checks.listing import all_checks
from perfxl.intake.discover import Found
from perfxl.lists.exemptions import FILE_NAME, Exemption, accept, without_effect
from perfxl.lists.roster import Roster
from perfxl.ranking import rank_departments
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.run.chunk import Scored, verdict
from perfxl.run.identity import apply_roster, compare_identities, supersede
from perfxl.scheme import scheme_sha256
from perfxl.scheme.model import Scheme


@dataclass(frozen=True)
class Lists:
    """What the bureau keeps beside the workbooks. source: where the exemptions come from, for messages."""

    roster: Roster | None = None
    exemptions: Sequence[Exemption] = ()
    source: str = FILE_NAME


def reduce_batch(
    scheme: Scheme, aside: Iterable[Found], scored: list[Scored], started: datetime, lists: Lists | None = None
) -> Batch:
    """Every file with its status, every department once, ranked."""
    lists = lists or Lists()
    supersede(scored)
    counted = [item for item in scored if item.record.status is not Status.SUPERSEDED]
    # Before the roster puts its names in place: a department with another's code must be seen as that.
    compare_identities(counted)
    absent = apply_roster(counted, lists.roster) if lists.roster else []
    notices = _accept(counted, lists, started)
    for item in counted:
        _settle(item)
    findings = [finding for item in sorted(counted, key=lambda item: item.record.path) for finding in item.findings]
    files = [*(_ignored(found) for found in aside), *(item.record for item in scored)]
    return Batch(
        scheme=scheme,
        scheme_sha256=scheme_sha256(scheme),
        files=[*sorted(files, key=lambda record: record.path), *absent],
        departments=rank_departments([item.result for item in counted if item.result is not None]),
        findings=[*findings, *notices],
        started=started,
    )


def _ignored(found: Found) -> FileRecord:
    try:
        size = found.path.stat().st_size
    except OSError:
        size = 0
    return FileRecord(found.shown, "", size, Status.IGNORED, "", found.aside)


def _accept(counted: Sequence[Scored], lists: Lists, started: datetime) -> list[Finding]:
    """Marks the accepted findings; what of the list had no effect comes back as findings of its own."""
    today = started.date()
    current = [item for item in lists.exemptions if item.until is None or item.until >= today]
    used: set[Exemption] = set()
    for item in counted:
        if item.result is None:
            continue
        for number, finding in enumerate(item.findings):
            for exemption in current:
                if exemption.covers(finding, item.result.code, item.result.name):
                    item.findings[number] = accept(finding, exemption)
                    used.add(exemption)
                    break
    known = {check.code for check in all_checks()}
    return without_effect(lists.exemptions, used, known, today, lists.source)


def _settle(item: Scored) -> None:
    """Status and reason of a file from the findings that are left."""
    if item.result is None:
        return
    status, reason = verdict(item.findings)
    item.record = replace(item.record, status=status, department=item.result.name, reason=reason)
    item.result.status = status.value
