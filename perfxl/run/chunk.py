"""What is done with a chunk of files, by one worker: intake, checks, scoring. Needs nothing of other chunks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfxl.checks.catalogue import check_submissions
from perfxl.checks.files import FILE_TITLES
from perfxl.checks.finding import Finding, Severity
from perfxl.intake.discover import Found, read_found
from perfxl.intake.limits import Limits, RefusalError
from perfxl.intake.submission import HeavyError, Intake, take_in
from perfxl.intake.tables import tables_of
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.results.batch import FileRecord, Status
from perfxl.run.workers import alone
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult, score_submission


@dataclass(slots=True)
class Scored:
    """One file after intake, checks and scoring.

    filled_on: the date of the cover, empty where blank. modified: of the file, in nanoseconds. contents: what stands in
    the fields, to be written into a copy to mend.
    """

    record: FileRecord
    result: DepartmentResult | None = None
    findings: list[Finding] = field(default_factory=list)
    filled_on: str = ""
    modified: int = 0
    contents: dict[FieldId, Decimal | str] = field(default_factory=dict)


@dataclass(slots=True)
class Chunk:
    """What a chunk of files came to. heavy: those to be read each in a process of its own."""

    scored: list[Scored]
    heavy: list[Found]


def process_chunk(files: Sequence[Found], scheme: Scheme, limits: Limits, *, heavy: bool = False) -> Chunk:
    """Reads, checks and scores a chunk of files, in their order. heavy: whether large workbooks are read here too."""
    layout = layout_of(scheme)
    intakes, put_off = [], []
    for found in files:
        try:
            intakes.append(take_in(found, layout, limits, heavy=heavy))
        except HeavyError:
            put_off.append(found)
    tables = tables_of(intakes, layout)
    findings: dict[str, list[Finding]] = {}
    for finding in check_submissions(tables):
        findings.setdefault(finding.file, []).append(finding)
    scored = []
    for intake in intakes:
        if intake.submission is None:
            scored.append(_refused(intake))
            continue
        own = findings.get(intake.path, [])
        status, reason = verdict(count_errors(own))
        result = score_submission(
            intake.submission,
            scheme,
            tables.inputs[intake.path],
            tables.outcomes[intake.path],
            file=intake.path,
            status=status,
        )
        record = FileRecord(intake.path, intake.sha256, intake.bytes, status, result.name, reason)
        filled_on = intake.submission.text("department.filled_on")
        scored.append(Scored(record, result, own, filled_on, intake.modified, intake.submission.contents()))
    return Chunk(scored, put_off)


def count_errors(findings: Iterable[Finding]) -> int:
    """How many findings are errors."""
    return sum(finding.severity is Severity.ERROR for finding in findings)


def verdict(errors: int) -> tuple[Status, str]:
    """Status of a file that was read, and the reason where it is returned, by the number of its errors."""
    return (Status.RETURNED, f"有 {errors} 处错误，见“问题清单”") if errors else (Status.SCORED, "")


def _refused(intake: Intake) -> Scored:
    assert intake.refusal is not None
    scored = _rejected(intake.path, intake.sha256, intake.bytes, intake.refusal)
    scored.modified = intake.modified
    return scored


def process_alone(found: Found, scheme: Scheme, limits: Limits) -> Scored:
    """One file in a process of its own: should it die or take too long, only this file is lost."""
    try:
        answer = alone(limits.seconds, process_one, found, scheme, limits)
    except TimeoutError:
        words = f"读取超过 {limits.seconds} 秒（秒数）仍未完成，已放弃"
        return _lost(found, RefusalError(words, "文件可能过大或有害，请用空白模板重新填写后报送", "F108"))
    if answer is None:
        words = "读取这个文件时程序异常终止，文件可能已损坏或有害"
        return _lost(found, RefusalError(words, "请用空白模板重新填写后报送", "F108"))
    return answer


def process_one(found: Found, scheme: Scheme, limits: Limits) -> Scored:
    """One file, whatever its size."""
    return process_chunk([found], scheme, limits, heavy=True).scored[0]


def _lost(found: Found, refusal: RefusalError) -> Scored:
    try:
        data, modified = read_found(found, Limits())
    except (OSError, RefusalError):
        data, modified = b"", 0
    scored = _rejected(found.shown, hashlib.sha256(data).hexdigest() if data else "", len(data), refusal)
    scored.modified = modified
    return scored


def _rejected(path: str, sha256: str, size: int, refusal: RefusalError) -> Scored:
    record = FileRecord(path, sha256, size, Status.REJECTED, "", refusal.reason)
    title = FILE_TITLES.get(refusal.code, "文件无法受理")
    finding = Finding(refusal.code, Severity.ERROR, title, path, "", "", "", "", "", refusal.what, refusal.advice)
    return Scored(record, None, [finding])
