"""The whole batch from its files: which workbook of a department counts, what the lists say, who ranks where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from perfxl.checks.finding import Finding
from perfxl.checks.listing import all_checks
from perfxl.intake.discover import Found
from perfxl.lists.exemptions import FILE_NAME, ByDepartment, Exemption, accept, without_effect
from perfxl.lists.roster import Roster
from perfxl.official import ApprovedTargets, Authority
from perfxl.outcome import apply_quotas, finish
from perfxl.ranking import rank_departments, rank_jointly
from perfxl.register.same import Lines
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.review.layout import ReviewBook
from perfxl.run.chunk import verdict
from perfxl.run.details import DetailsFile, Entry
from perfxl.run.details_reader import StoredFindings
from perfxl.run.duplicates import set_duplicates_aside
from perfxl.run.identity import apply_roster, call_by_roster, compare_identities
from perfxl.run.money import compare_money, one_of_each, without_doubt
from perfxl.run.newest import supersede
from perfxl.run.official import of_nobody
from perfxl.run.reporting import Reporting
from perfxl.run.reviewing import in_order, keep_before, review
from perfxl.run.used import Applied, UsedList
from perfxl.run.yearly import Yearly
from perfxl.scheme import scheme_sha256
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import scored_by
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.objection import Objection


@dataclass(frozen=True)
class Lists:
    """What the bureau keeps beside the workbooks. source: where the exemptions come from, for messages.

    authorities: those of its lists whose values count in place of the departments' own, the first before the others.
    used: all that apply, for the list of files. reviews: the review workbooks; review_findings: on what of them cannot
    be read.
    """

    roster: Roster | None = None
    exemptions: Sequence[Exemption] = ()
    source: str = FILE_NAME
    authorities: Sequence[Authority] = ()
    used: Sequence[UsedList] = ()
    reviews: Sequence[ReviewBook] = ()
    review_findings: Sequence[Finding] = ()


def reduce_batch(
    schemes: Schemes,
    aside: Iterable[Found],
    entries: Sequence[Entry],
    details: DetailsFile,
    started: datetime,
    lists: Lists | None = None,
    *,
    joint: bool = False,
    lines: Lines | None = None,
    reports: Reporting | None = None,
    yearly: Yearly | None = None,
) -> Batch:
    """Every file with its status, every department once, ranked. Findings and full results stay in the details.

    Each scheme has its departments, its roster and its ranking to itself. joint: whether all are ranked together too.
    lines: of the register, as earlier runs left them. reports: those that came with the workbooks.
    yearly: the years before.
    """
    lists, schemes = lists or Lists(), as_schemes(schemes)
    entries = sorted(entries, key=lambda item: item.record.path)
    absent: list[FileRecord] = []
    set_duplicates_aside(entries)
    for scheme in schemes:
        own = [item for item in entries if item.result is not None and item.result.scheme == scheme.id]
        own = [item for item in own if item.record.status is not Status.DUPLICATE]
        if lists.roster is not None:
            call_by_roster(own, lists.roster, scheme)
        supersede(own, started.date(), scheme.year, lines, within=not scheme.asks_scores)
        current = [item for item in own if item.record.status is not Status.SUPERSEDED]
        # Before the roster puts its names in place: a department with another's code must be seen as that.
        compare_identities(current, scheme)
        if lists.roster is not None:
            absent += apply_roster(current, lists.roster, scheme)
        compare_money(current, scheme)
    used: set[Exemption] = set()
    unclear: set[Exemption] = set()
    accepted = partial(_current, ByDepartment(lists.exemptions), started.date())
    by_id = {scheme.id: scheme for scheme in schemes}
    counted = [item for item in entries if item.record.status not in (Status.SUPERSEDED, Status.DUPLICATE)]
    reviewed = review(by_id, lists.reviews, counted, details)
    if reports is not None:
        reports.hold(counted, [record.department for record in absent])
    if yearly is not None:
        yearly.hold(schemes, counted, details, accepted)
    for item in counted:
        if item.result is not None:
            # The lists may have changed what totals and grades hang on.
            own_scheme = scored_by(by_id[item.result.scheme])
            item.result.take(finish(own_scheme, item.result.scores, item.result.limits, item.result.category))
        _settle(item, details, accepted, used, unclear)
    known = {check.code for check in all_checks()}
    notices = without_effect(lists.exemptions, used, unclear, known, started.date(), lists.source)
    results = [item.result for item in counted if item.result is not None]
    applied = Applied(counted, frozenset(used), notices, reviewed)
    own_lists = [item.record(applied) for item in lists.used]
    notices += of_nobody(lists.authorities, results, lists.roster, schemes)
    if lists.roster is not None:
        _name_by_roster(entries, lists.roster, by_id)
    files = [*(_ignored(found) for found in aside), *(item.record for item in entries)]
    files += reports.records if reports is not None else []
    count = sum(item.count for item in counted)
    behind = [*notices, *lists.review_findings, *reviewed.findings, *(reports.findings if reports is not None else ())]
    departments = [item for scheme in schemes for item in _ranked(scheme, results)]
    if reviewed.records or reviewed.agreed:
        for scheme in schemes:
            keep_before(scheme, [item for item in departments if item.scheme == scheme.id], _ranked)
    years = {}
    if yearly is not None:
        for scheme in schemes:
            own_departments = [item for item in departments if item.scheme == scheme.id]
            years[scheme.id] = yearly.compared(scheme, own_departments)
    if joint:
        rank_jointly(departments)
    return Batch(
        scheme=schemes[0],
        scheme_sha256=scheme_sha256(schemes[0]),
        files=[*_archives(sorted(files, key=lambda record: record.path)), *own_lists, *absent],
        departments=departments,
        findings=StoredFindings(details.stored, [item.record.path for item in counted if item.count], count, behind),
        started=started,
        details=details.stored,
        schemes=schemes,
        joint=joint,
        years=years,
        rostered=lists.roster is not None,
        reviews=in_order(reviewed, departments),
        agreed=reviewed.agreed,
        objections=_objections(entries),
        approved=next((item for item in lists.authorities if isinstance(item, ApprovedTargets)), None),
    )


def _objections(entries: Iterable[Entry]) -> list[Objection]:
    """The objections in the order of their files; one that came twice, as in a copy of its workbook, once."""
    found: dict[Objection, Objection] = {}
    for item in entries:
        for one in item.objections:
            found.setdefault(replace(one, file="", sheet="", cell="", started=""), one)
    return list(found.values())


def _ranked(scheme: Scheme, results: Sequence[DepartmentResult]) -> list[DepartmentResult]:
    """The departments of a scheme with their ranks and with the grades that its quotas leave them."""
    departments = rank_departments([item for item in results if item.scheme == scheme.id])
    scheme = scored_by(scheme)
    if scheme.quotas:
        apply_quotas(scheme, [item for item in departments if item.ranked])
    return departments


def _ignored(found: Found) -> FileRecord:
    status = Status.ARCHIVE if found.archive else Status.IGNORED
    return FileRecord(found.shown, "", found.bytes, status, "", found.ignored_because)


def _name_by_roster(entries: Sequence[Entry], roster: Roster, schemes: Mapping[str, Scheme]) -> None:
    """What does not count bears the name of the roster too, where a code and a name are not of two departments."""
    for item in entries:
        result = item.result
        if result is None or item.record.status not in (Status.SUPERSEDED, Status.DUPLICATE):
            continue
        own = roster.of(schemes[result.scheme])
        units = {found.name for found in (own.of_code(result.code), own.of_name(result.name)) if found is not None}
        if len(units) == 1 and not result.project:
            item.record = replace(item.record, department=units.pop())


def _archives(files: Sequence[FileRecord]) -> list[FileRecord]:
    """The files, where each archive tells what became of those in it."""
    inside: dict[str, Counter[Status]] = {item.path: Counter() for item in files if item.status is Status.ARCHIVE}
    if not inside:
        return list(files)
    for item in files:
        # What is in an archive is shown below it.
        for cut in (at for at, sign in enumerate(item.path) if sign == "/"):
            if (counts := inside.get(item.path[:cut])) is not None:
                counts[item.status] += 1
                break
    return [_told(item, inside[item.path]) if item.path in inside else item for item in files]


def _told(archive: FileRecord, counts: Counter[Status]) -> FileRecord:
    if not counts:
        return archive
    words = "、".join(f"{status.label} {counts[status]}" for status in Status if counts[status])
    return replace(archive, reason=f"{archive.reason}：{words}")


def _current(exemptions: ByDepartment, today: date, result: DepartmentResult) -> list[Exemption]:
    """The exemptions that hold for a department."""
    return exemptions.of(result.code, result.name, result.project, today)


def _settle(
    item: Entry,
    details: DetailsFile,
    accepted: Callable[[DepartmentResult], list[Exemption]],
    used: set[Exemption],
    unclear: set[Exemption],
) -> None:
    """The findings of a file with what the batch adds and the lists accept; its status and reason by what is left."""
    result = item.result
    if result is None:
        return
    current = accepted(result)
    if item.added or current or item.renamed:
        findings = one_of_each([*details.stored[item.record.path], *item.added])
        if item.renamed:
            findings = [replace(finding, department=result.title) for finding in findings]
        for one in [one for one in current if one.ambiguous(findings)]:
            unclear.add(one)
            current.remove(one)
        for number, finding in enumerate(findings):
            exemption = next((one for one in current if one.covers(finding)), None)
            if exemption is not None:
                findings[number] = accept(finding, exemption)
                used.add(exemption)
                without_doubt(result, finding)
        details.rewrite(item, findings)
        item.added = ()
    status, reason = verdict(item.errors)
    item.record = replace(item.record, status=status, department=result.title, reason=reason)
    result.status = status
