"""What a watch says, one line a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from perfxl.checks.finding import Finding, Severity
from perfxl.folders import PREVIOUS_FOLDER
from perfxl.results.batch import Batch, FileRecord
from perfxl.results.names import MANIFEST
from perfxl.run.chunk import Scored
from perfxl.status import Status
from perfxl.watching.whole import Wholeness

MOST_MESSAGE = 40
"""Characters of a message: a line should fit on a screen."""


def checked(scored: Scored) -> str:
    """What came of a file that was checked by itself."""
    record, result = scored.record, scored.result
    head = f"{record.named} {record.status.label}"
    if result is None:
        return f"{head}：{record.reason}" if record.reason else head
    errors = [item for item in scored.findings if item.severity is Severity.ERROR]
    warnings = sum(item.severity is Severity.WARNING for item in scored.findings)
    if errors:
        such_as = "，" if len(errors) == 1 else "，如 "
        return f"{head}：{len(errors)} 处错误{such_as}{_place(errors[0])}"
    grade = f" {result.grade}" if result.grade else ""
    return f"{head}：得分 {result.total}{grade}{f'，{warnings} 处警告' if warnings else ''}"


def _place(finding: Finding) -> str:
    place = "!".join(filter(None, (finding.sheet, finding.cell)))
    message = finding.message if len(finding.message) <= MOST_MESSAGE else f"{finding.message[:MOST_MESSAGE]}…"
    # Most messages say the place themselves.
    return message if not place or finding.cell in message else f"{place} {message}"


def of_record(record: FileRecord) -> str:
    """What became of a file in a run, or of one that is not checked by itself."""
    return f"{record.named} {record.status.label}{f'：{record.reason}' if record.reason else ''}"


def renamed(old: str, new: str, records: Sequence[FileRecord]) -> str:
    """A file has another name."""
    department = records[0].department if len(records) == 1 else ""
    return f"{old} 已改名为 {new}{f'（{department}）' if department else ''}"


def removed(path: str, records: Sequence[FileRecord]) -> str:
    """A file is gone."""
    department = records[0].department if len(records) == 1 else ""
    return f"{path}{f'（{department}）' if department else ''} 已移走"


def waited_for(path: str, state: Wholeness) -> str:
    """A file cannot be read yet."""
    if state is Wholeness.LOCKED:
        return f"{path} 正被其他程序打开，关闭后检查"
    return f"{path} 还没有传完，传完后检查"


def renewed(batch: Batch, summary: Path) -> str:
    """The results are new."""
    return f"汇总已更新：{counts(batch)}。{summary}"


def counts(batch: Batch) -> str:
    """How many files came to what."""
    shown = [status for status in Status if status not in (Status.LIST, Status.IGNORED, Status.ARCHIVE)]
    found = {status: sum(record.status is status for record in batch.files) for status in shown}
    return "，".join(f"{status.label} {count}" for status, count in found.items() if count) or "没有填报工作簿"


def listed(paths: Iterable[Path]) -> str:
    """Some of the bureau's files have changed."""
    # Of results of a year before the bureau knows the folder, and not the file by which they are known.
    names = sorted({PREVIOUS_FOLDER if path.name == MANIFEST else path.name for path in paths})
    if names == [PREVIOUS_FOLDER]:
        return f"{PREVIOUS_FOLDER}有改动"
    return f"名单、方案或往来登记有改动：{'、'.join(names)}"
