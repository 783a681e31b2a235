"""Files that have come, checked by themselves: by the same steps as in a run, in a process that is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.files import open_regular
from perfxl.intake.discover import discover_files
from perfxl.intake.found import Found
from perfxl.processes import Pool
from perfxl.results.batch import FileRecord
from perfxl.run.chunk import Scored, process_apart
from perfxl.run.pipeline import RunOptions
from perfxl.scheme.model import Scheme
from perfxl.status import Status
from perfxl.watching.words import checked, of_record

AT_ONCE = 16
MOST_SAID = 20
"""Lines on the files of one archive."""
WITH_THE_REST = "与工作簿核对的结果随汇总更新"


@dataclass
class Checked:
    """What became of a file, or of those in an archive. sha256: of the bytes that were read; empty for several."""

    sha256: str = ""
    records: list[FileRecord] = field(default_factory=list)
    lines: list[tuple[Status, str]] = field(default_factory=list)

    def add(self, record: FileRecord, line: str) -> None:
        """One more file."""
        self.records.append(record)
        if len(self.lines) < MOST_SAID:
            self.lines.append((record.status, line))
        elif len(self.lines) == MOST_SAID:
            self.lines.append((Status.ARCHIVE, "其余的见汇总"))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, empty where it cannot be read."""
    try:
        with open_regular(path) as file:
            digest = hashlib.sha256()
            while block := file.read(1 << 20):
                digest.update(block)
            return digest.hexdigest()
    except OSError:
        return ""


def check_files(
    pool: Pool, paths: Sequence[Path], folder: Path, schemes: Sequence[Scheme], options: RunOptions
) -> dict[Path, Checked]:
    """Reads, checks and scores files below the folder. What only the whole batch tells is not told here."""
    made = {path: Checked() for path in paths}
    found = discover_files(paths, folder, options.limits)
    to_read = [item for item in found if not item.ignored_because and not item.report]
    for item in found:
        if item.ignored_because or item.report:
            record = _unread(item)
            made[item.path].add(record, of_record(record))
    for item, scored in zip(
        to_read,
        process_apart(pool, to_read, schemes, options.limits, options.lists.authorities) if to_read else (),
        strict=True,
    ):
        _add(made[item.path], item, scored)
    return made


def _add(to: Checked, item: Found, scored: Scored) -> None:
    if not item.member:
        to.sha256 = scored.record.sha256
    to.add(scored.record, checked(scored))


def _unread(item: Found) -> FileRecord:
    if item.report:
        return FileRecord(item.shown, "", 0, Status.REPORT, "", item.refused or WITH_THE_REST)
    status = Status.ARCHIVE if item.archive else Status.IGNORED
    return FileRecord(item.shown, "", 0, status, "", item.ignored_because)
