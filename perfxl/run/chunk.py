"""What is done with a chunk of files, by one worker: intake, checks, scoring. Needs nothing of other chunks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import PurePosixPath

from perfxl.checks.catalogue import check_submissions
from perfxl.checks.files import FILE_TITLES, LIST_IN_INPUT
from perfxl.checks.finding import Finding, Severity
from perfxl.checks.yuan import money_of
from perfxl.intake.found import Found, read_found
from perfxl.intake.known_lists import instead
from perfxl.intake.named_scheme import OTHER_STAGE
from perfxl.intake.objections import ResultBookError
from perfxl.intake.submission import Intake, take_in
from perfxl.intake.submission_tables import Tables, tables_of
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import MENDS
from perfxl.official import Authority, apply
from perfxl.processes import Lost, LostError, Pool, Tell, call
from perfxl.register.answers import earlier_findings
from perfxl.register.authority import RegisterAuthority
from perfxl.results.batch import FileRecord, Status
from perfxl.results.words import FINDINGS
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.model import Stage
from perfxl.scoring import DepartmentResult, score_submission
from perfxl.scoring.monitor import monitor_submission
from perfxl.submission.besides import Besides
from perfxl.submission.objection import Objection
from perfxl.workbook.limits import Limits, RefusalError

Own = tuple[str, str, str, str]
"""Code and name of a department, name and code of a project, as a workbook says them."""
NOBODY: Own = ("", "", "", "")
_SECONDS_FOR_BYTES = 10.0


@dataclass(slots=True)
class Scored:
    """One file after intake, checks and scoring.

    filled_on: date of the cover, empty where blank. modified: of the file, in nanoseconds. contents: what stands in the
    fields, to be written into a copy to mend; besides: what else the workbook holds. own: who it says it is from,
    before the lists say who it is. objections: where it is a department's result workbook that came back.
    """

    record: FileRecord
    result: DepartmentResult | None = None
    findings: list[Finding] = field(default_factory=list)
    filled_on: str = ""
    modified: int = 0
    contents: dict[FieldId, Decimal | str] = field(default_factory=dict)
    besides: Besides | None = None
    own: Own = NOBODY
    objections: tuple[Objection, ...] = ()


def process_chunk(
    files: Sequence[Found],
    schemes: Schemes,
    limits: Limits,
    tell: Tell = lambda _: None,
    authorities: Sequence[Authority] = (),
) -> list[Scored]:
    """Reads, checks and scores a chunk of files, in their order, each by the scheme that it names.

    authorities: the bureau's lists, whose values count in place of the departments' own.
    tell: which file begins. Only to be called in a process that may be lost, see `process_apart`.
    """
    layouts = [layout_of(scheme) for scheme in as_schemes(schemes)]
    register = next((item for item in authorities if isinstance(item, RegisterAuthority)), None)
    intakes = []
    for number, found in enumerate(files):
        tell(number)
        intake = take_in(found, layouts, limits)
        apply(intake, authorities)
        intakes.append(intake)
    tell(len(files))
    by_layout: dict[int, Tables] = {}
    findings: dict[str, list[Finding]] = {}
    for layout in layouts:
        own = [intake for intake in intakes if intake.submission is not None and intake.submission.layout is layout]
        if own:
            tables = by_layout[id(layout)] = tables_of(own, layout)
            for finding in check_submissions(tables):
                findings.setdefault(finding.file, []).append(finding)
    scored = []
    for number, intake in enumerate(intakes):
        tell(number)
        if intake.submission is None:
            scored.append(_refused(intake))
            continue
        scheme = intake.submission.layout.scheme
        tables, found_here = by_layout[id(intake.submission.layout)], findings.get(intake.path, [])
        status, reason = verdict(count_errors(found_here))
        make = monitor_submission if scheme.stage is Stage.MONITORING else score_submission
        result = make(
            intake.submission,
            scheme,
            tables.inputs[intake.path],
            tables.outcomes[intake.path],
            file=intake.path,
            status=status,
        )
        result.money = money_of(intake.submission, found_here)
        result.mends = intake.submission.meta.get(MENDS, "")
        result.earlier = earlier_findings(intake, register)
        record = FileRecord(intake.path, intake.sha256, intake.bytes, status, result.title, reason, scheme=scheme.id)
        filled_on = intake.submission.text("department.filled_on")
        contents, said = intake.submission.contents(), (result.code, result.name, result.project, result.project_code)
        besides = intake.submission.besides
        scored.append(Scored(record, result, found_here, filled_on, intake.modified, contents, besides, said))
    return scored


def count_errors(findings: Iterable[Finding]) -> int:
    """How many findings are errors."""
    return sum(finding.severity is Severity.ERROR for finding in findings)


def verdict(errors: int) -> tuple[Status, str]:
    """Status of a file that was read, and the reason where it is returned, by the number of its errors."""
    return (Status.RETURNED, f"有 {errors} 处错误，见“{FINDINGS}”") if errors else (Status.SCORED, "")


def _refused(intake: Intake) -> Scored:
    assert intake.refusal is not None
    if isinstance(intake.refusal, ResultBookError):
        record = FileRecord(intake.path, intake.sha256, intake.bytes, Status.IGNORED, "", intake.refusal.reason)
        objections = tuple([replace(item, file=intake.path) for item in intake.refusal.objections])
        return Scored(record, modified=intake.modified, objections=objections)
    scored = _rejected(intake.path, intake.sha256, intake.bytes, intake.refusal)
    scored.modified = intake.modified
    return scored


def process_one(found: Found, schemes: Schemes, limits: Limits) -> Scored:
    """One file, as `process_chunk`."""
    return process_chunk([found], schemes, limits)[0]


def process_apart(
    pool: Pool, files: Sequence[Found], schemes: Schemes, limits: Limits, authorities: Sequence[Authority] = ()
) -> list[Scored]:
    """Reads, checks and scores files in the processes of a pool, in their order; a guilty one comes back as lost."""
    places = {found: number for number, found in enumerate(files)}
    done: list[tuple[int, Scored]] = []
    process = partial(_process, schemes=schemes, limits=limits, authorities=authorities)
    for items, answer in pool.map(process, [files], limits.seconds):
        scored = [lost_file(items[0], answer)] if isinstance(answer, Lost) else answer
        done += zip((places[found] for found in items), scored, strict=True)
    return [scored for _, scored in sorted(done, key=lambda pair: pair[0])]


def _process(
    files: Sequence[Found], tell: Tell, *, schemes: Schemes, limits: Limits, authorities: Sequence[Authority]
) -> list[Scored]:
    return process_chunk(files, schemes, limits, tell, authorities)


def lost_file(found: Found, lost: Lost) -> Scored:
    """What is left of a file that ended or held the process that read it."""
    try:
        # Even its bytes may stand in an archive that cannot be opened.
        sha256, size, modified = call(_about, found, seconds=_SECONDS_FOR_BYTES)
    except LostError:
        sha256, size, modified = "", 0, 0
    refusal = instead(PurePosixPath(found.shown).name, RefusalError(lost.why, "请用空白模板重新填写后报送", "F108"))
    scored = _rejected(found.shown, sha256, size, refusal)
    scored.modified = modified
    return scored


def _about(found: Found) -> tuple[str, int, int]:
    """SHA-256, size and time of a file."""
    try:
        data, modified = read_found(found, Limits())
    except (OSError, RefusalError):
        return "", 0, 0
    return hashlib.sha256(data).hexdigest(), len(data), modified


def _rejected(path: str, sha256: str, size: int, refusal: RefusalError) -> Scored:
    told = {LIST_IN_INPUT: Status.LIST, OTHER_STAGE: Status.OTHER_STAGE}.get(refusal.code)
    status, severity = (told, Severity.WARNING) if told else (Status.REJECTED, Severity.ERROR)
    record = FileRecord(path, sha256, size, status, "", refusal.reason)
    title = FILE_TITLES.get(refusal.code, "文件无法受理")
    finding = Finding(refusal.code, severity, title, path, "", "", "", "", "", refusal.what, refusal.advice)
    return Scored(record, None, [finding])
