"""The whole batch from its files: which workbook of a department counts, who shares a code, who ranks where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from perfxl.checks.batch import shared_code, shared_name
from perfxl.checks.finding import Finding
from perfxl.intake.discover import Found
from perfxl.ranking import rank_departments
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.run.chunk import Scored
from perfxl.scheme import scheme_sha256
from perfxl.scheme.model import Scheme


def reduce_batch(scheme: Scheme, aside: Iterable[Found], scored: list[Scored], started: datetime) -> Batch:
    """Every file with its status, every department once, ranked."""
    files = [_ignored(found) for found in aside]
    supersede(scored)
    _compare_codes(scored)
    counted = [item for item in scored if item.record.status is not Status.SUPERSEDED]
    results = []
    for item in counted:
        if item.result is not None:
            item.result.status = item.record.status.value
            results.append(item.result)
    files += [item.record for item in scored]
    findings = [finding for item in sorted(counted, key=lambda item: item.record.path) for finding in item.findings]
    return Batch(
        scheme=scheme,
        scheme_sha256=scheme_sha256(scheme),
        files=sorted(files, key=lambda record: record.path),
        departments=rank_departments(results),
        findings=findings,
        started=started,
    )


def _ignored(found: Found) -> FileRecord:
    try:
        size = found.path.stat().st_size
    except OSError:
        size = 0
    return FileRecord(found.shown, "", size, Status.IGNORED, "", found.aside)


def supersede(scored: list[Scored]) -> None:
    """Of several workbooks of one department the newest counts: by the date of the cover, then of the file."""
    groups: dict[tuple[str, str], list[Scored]] = {}
    for item in scored:
        if item.result is not None and (item.result.code or item.result.name):
            groups.setdefault((item.result.code, item.result.name), []).append(item)
    for group in groups.values():
        if len(group) == 1:
            continue
        *older, newest = sorted(group, key=lambda item: (item.filled_on, item.modified, item.record.path))
        for item in older:
            same = item.record.sha256 == newest.record.sha256
            how = "内容完全相同" if same else _why_older(item, newest)
            reason = f"同一单位另有“{newest.record.path}”，{how}，以后者为准"
            item.record = replace(item.record, status=Status.SUPERSEDED, reason=reason)


def _why_older(item: Scored, newest: Scored) -> str:
    if item.filled_on != newest.filled_on:
        return f"填报日期 {newest.filled_on} 更新"
    return "填报日期相同而文件修改时间更新" if item.modified != newest.modified else "填报日期和修改时间都相同"


def _compare_codes(scored: list[Scored]) -> None:
    counted = [item for item in scored if item.result is not None and item.record.status is not Status.SUPERSEDED]
    by_code: dict[str, list[Scored]] = {}
    by_name: dict[str, list[Scored]] = {}
    for item in counted:
        assert item.result is not None
        if item.result.code:
            by_code.setdefault(item.result.code, []).append(item)
        if item.result.name:
            by_name.setdefault(item.result.name, []).append(item)
    for code, group in by_code.items():
        for item in group if len(group) > 1 else ():
            assert item.result is not None
            others = sorted({other.record.department for other in group if other is not item})
            _add_error(item, shared_code(item.record.path, item.result.name, code, others))
    for name, group in by_name.items():
        codes = {item.result.code for item in group if item.result}
        for item in group if len(codes) > 1 else ():
            assert item.result is not None
            item.findings.append(
                shared_name(item.record.path, name, item.result.code, sorted(codes - {item.result.code}))
            )


def _add_error(item: Scored, finding: Finding) -> None:
    item.findings.append(finding)
    count = sum(found.severity == "error" for found in item.findings)
    item.record = replace(item.record, status=Status.RETURNED, reason=f"有 {count} 处错误，见“问题清单”")
