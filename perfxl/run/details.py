"""What need not stay in memory waits on disk, so that a run over a whole province stays small.

A worker packs the full result, the findings and the contents of a workbook; the run appends them to one file in its
staging folder and keeps an `Entry` for each workbook. Whoever needs more of it reads it from there, in any process.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from perfxl.checks.finding import Finding
from perfxl.decimals import interned
from perfxl.results.batch import FileRecord
from perfxl.run.chunk import NOBODY, Own, Scored, count_errors
from perfxl.run.details_reader import SPOT, Contents, DetailsReader, Reader
from perfxl.run.stated import shared_scores, slim, stated_rest, stated_scores
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.besides import Besides
from perfxl.submission.objection import Objection

FILE_NAME = ".details"


@dataclass(slots=True)
class Entry:
    """One file of a run and what the whole batch needs of it.

    result: without what waits on disk; None where the file could not be read. filled_on, modified, own, objections: see
    `Scored`. errors, count: of its findings. added: findings that only the whole batch brings, until they are put into
    the details too. renamed: whether the roster has another name for it than was filled in. called: the department's
    name in the roster, empty where that is not known.
    """

    record: FileRecord
    result: DepartmentResult | None
    filled_on: str
    modified: int
    errors: int
    count: int
    own: Own = NOBODY
    objections: tuple[Objection, ...] = ()
    added: tuple[Finding, ...] = ()
    renamed: bool = False
    called: str = ""

    @property
    def unit(self) -> str:
        """What messages call the department: as the roster does, where that is known."""
        return self.called or (self.result.name if self.result is not None else "")

    @property
    def title(self) -> str:
        """What messages call it, or its project where projects are evaluated."""
        return (self.result.project if self.result is not None else "") or self.unit


class Packed(NamedTuple):
    """A file as it comes from a worker: its entry, and as bytes what waits on disk.

    scores, rest: what is stated in the scores, and elsewhere in the result. contents: of the workbook's fields, and
    what else it holds.
    """

    entry: Entry
    scores: bytes
    rest: bytes
    contents: bytes
    findings: bytes


def pack(scored: Scored) -> Packed:
    """The entry of a file, and as bytes what goes to disk."""
    entry = Entry(
        scored.record,
        slim(scored.result) if scored.result else None,
        scored.filled_on,
        scored.modified,
        count_errors(scored.findings),
        len(scored.findings),
        scored.own,
        scored.objections,
    )
    scores = rest = b""
    if scored.result is not None:
        scores, rest = _dumped(stated_scores(scored.result)), _dumped(stated_rest(scored.result))
    return Packed(entry, scores, rest, _dumped(_kept(scored)), _dumped(scored.findings))


def _kept(scored: Scored) -> tuple[Contents, Besides | None] | None:
    return (scored.contents, scored.besides) if scored.contents or scored.besides else None


def _dumped(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL) if value else b""


class DetailsFile:
    """The file of details of a run, written by the run alone. Removed with the staging folder or on leaving."""

    def __init__(self, staging: Path) -> None:
        self.path = staging / FILE_NAME
        self._reader = Reader(self.path)
        self._spots: dict[str, bytes] = {}
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        self._reader.close()
        self.path.unlink(missing_ok=True)

    def add(self, packed: Packed) -> Entry:
        """Keeps what a worker packed; the entry that stays. Raises OSError where the disk is full."""
        entry = packed.entry
        _, *parts = packed
        sizes = list(map(len, parts))
        start = self._append(b"".join(parts))
        findings_start = start + sum(sizes[:3])
        self._spots[entry.record.path] = SPOT.pack(start, *sizes[:3], findings_start, sizes[3], entry.count)
        entry.filled_on = sys.intern(entry.filled_on)
        if entry.result is not None:
            self._share(entry.result)
        return entry

    def rewrite(self, entry: Entry, findings: Sequence[Finding]) -> None:
        """Puts other findings in place of those of a file. Raises OSError where the disk is full."""
        data, path = _dumped(findings), entry.record.path
        start, scores, rest, contents, *_ = SPOT.unpack(self._spots[path])
        entry.errors, entry.count = count_errors(findings), len(findings)
        self._spots[path] = SPOT.pack(start, scores, rest, contents, self._append(data), len(data), entry.count)

    @property
    def stored(self) -> DetailsReader:
        """What is kept up to now, to be read."""
        if self._file is not None:
            self._file.flush()
        return DetailsReader(self._reader, self._spots)

    def _append(self, data: bytes) -> int:
        if self._file is None:
            self._file = self.path.open("wb")
        start = self._file.tell()
        self._file.write(data)
        return start

    def _share(self, result: DepartmentResult) -> None:
        """Most scores and names are alike in thousands of departments: one object serves for all."""
        result.scores = shared_scores(result)
        result.total, result.self_total = interned(result.total), interned(result.self_total)
        result.base, result.bonus, result.penalty = map(interned, (result.base, result.bonus, result.penalty))
        result.category, result.grade = sys.intern(result.category), sys.intern(result.grade)
        result.self_grade, result.scheme = sys.intern(result.self_grade), sys.intern(result.scheme)
