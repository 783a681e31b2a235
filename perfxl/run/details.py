"""What need not stay in memory waits on disk, so that a run over a whole province stays small.

A worker packs the full result, the findings and the contents of a workbook; the run appends them to one file in its
staging folder and keeps an `Entry` for each workbook. Whoever needs more of it reads it from there, in any process.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

from perfxl.checks.finding import Finding
from perfxl.decimals import same
from perfxl.layout.fields import FieldId
from perfxl.results import batch
from perfxl.results.batch import FileRecord
from perfxl.results.context import total_funds
from perfxl.run.chunk import Scored, count_errors
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore

FILE_NAME = ".details"
Contents = Mapping[FieldId, Decimal | str]


@dataclass(slots=True)
class Entry:
    """One file of a run and what the whole batch needs of it.

    result: without texts, KPIs, tasks and single funds rows; None where the file could not be read. filled_on,
    modified: see `Scored`. errors, count: of its findings. added: findings that only the whole batch brings, until
    they are put into the details too.
    """

    record: FileRecord
    result: DepartmentResult | None
    filled_on: str
    modified: int
    errors: int
    count: int
    added: tuple[Finding, ...] = ()


class Packed(NamedTuple):
    """A file as it comes from a worker: its entry, and as bytes the full result, the findings and the contents."""

    entry: Entry
    result: bytes
    findings: bytes
    contents: bytes


class Spot(NamedTuple):
    """Where the details of a file lie: result and contents side by side, the findings there or further back."""

    start: int
    result: int
    contents: int
    findings_start: int
    findings: int


def pack(scored: Scored, scheme: Scheme) -> Packed:
    """The entry of a file, and as bytes what goes to disk."""
    entry = Entry(
        scored.record,
        _slim(scored.result, scheme) if scored.result else None,
        scored.filled_on,
        scored.modified,
        count_errors(scored.findings),
        len(scored.findings),
    )
    return Packed(entry, _dumped(scored.result), _dumped(scored.findings), _dumped(scored.contents))


def _slim(result: DepartmentResult, scheme: Scheme) -> DepartmentResult:
    total = total_funds(scheme, result)
    return replace(
        result,
        scores=tuple(replace(score, reason=None, explanation="") for score in result.scores),
        funds=(replace(total, initial=None, rate=None),) if total else (),
        spending_rate=None,
        kpis=(),
        tasks=(),
        narrative={},
        contact="",
        phone="",
    )


def _dumped(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL) if value else b""


class Details:
    """The file of details of a run, written by the run alone. Removed with the staging folder or on leaving."""

    def __init__(self, staging: Path) -> None:
        self.path = staging / FILE_NAME
        self._spots: dict[str, Spot] = {}
        self._file: BinaryIO | None = None
        self._shared: dict[IndicatorScore, IndicatorScore] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        self.path.unlink(missing_ok=True)

    def add(self, packed: Packed) -> Entry:
        """Keeps what a worker packed; the entry that stays. Raises OSError where the disk is full."""
        entry = packed.entry
        start = self._append(packed.result + packed.contents + packed.findings)
        behind = start + len(packed.result) + len(packed.contents)
        spot = Spot(start, len(packed.result), len(packed.contents), behind, len(packed.findings))
        self._spots[entry.record.path] = spot
        if entry.result is not None:
            self._share(entry.result)
        return entry

    def rewrite(self, entry: Entry, findings: Sequence[Finding]) -> None:
        """Puts other findings in place of those of a file. Raises OSError where the disk is full."""
        data, path = _dumped(findings), entry.record.path
        spot = self._spots[path]
        self._spots[path] = spot._replace(findings_start=self._append(data), findings=len(data))
        entry.errors, entry.count = count_errors(findings), len(findings)

    @property
    def stored(self) -> Stored:
        """What is kept up to now, to be read."""
        if self._file is not None:
            self._file.flush()
        return Stored(self.path, self._spots)

    def _append(self, data: bytes) -> int:
        if self._file is None:
            self._file = self.path.open("wb")
        start = self._file.tell()
        self._file.write(data)
        return start

    def _share(self, result: DepartmentResult) -> None:
        """Most scores and names are alike in thousands of departments: one object serves for all."""
        shared = self._shared
        result.scores = tuple(shared.setdefault(score, score) for score in result.scores)
        result.total, result.self_total = same(result.total), same(result.self_total)
        result.category, result.grade = sys.intern(result.category), sys.intern(result.grade)
        result.self_grade, result.status = sys.intern(result.self_grade), sys.intern(result.status)
        for levels in (result.first_level, result.second_level):
            for level in list(levels):
                levels[sys.intern(level)] = same(levels.pop(level))


@dataclass(frozen=True)
class Stored(batch.Details):
    """The details as any process reads them: by the path of a file its findings, full result and contents."""

    path: Path
    spots: Mapping[str, Spot]

    def only(self, files: Iterable[str]) -> Stored:
        """The share of some files, small enough to be sent to another process."""
        return Stored(self.path, {file: self.spots[file] for file in files})

    def __getitem__(self, file: str) -> Sequence[Finding]:
        spot = self.spots[file]
        return self._read(spot.findings_start, spot.findings) or ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.spots)

    def __len__(self) -> int:
        return len(self.spots)

    def result(self, slim: DepartmentResult) -> DepartmentResult:
        """The full result, with what the lists and the ranking have made of the slim one."""
        spot = self.spots[slim.file]
        full: DepartmentResult = self._read(spot.start, spot.result)
        full.code, full.name, full.category, full.status = slim.code, slim.name, slim.category, slim.status
        full.rank, full.category_rank = slim.rank, slim.category_rank
        return full

    def contents(self, file: str) -> Contents:
        """What stands in the fields of a workbook, to be written into a fresh template."""
        spot = self.spots[file]
        return self._read(spot.start + spot.result, spot.contents) or {}

    def _read(self, start: int, size: int) -> Any:
        if not size:
            return None
        with self.path.open("rb") as file:
            file.seek(start)
            data = file.read(size)
        # The bytes are our own worker's, written moments ago into a folder of this run.
        return pickle.loads(data)


@dataclass(frozen=True)
class StoredFindings(Collection[Finding]):
    """All findings of a large batch, read again each time: file by file, those on no file of this run behind."""

    stored: Stored
    files: Sequence[str]
    count: int
    behind: Sequence[Finding]

    def __iter__(self) -> Iterator[Finding]:
        for file in self.files:
            yield from self.stored[file]
        yield from self.behind

    def __len__(self) -> int:
        return self.count + len(self.behind)

    def __contains__(self, finding: object) -> bool:
        return any(one == finding for one in self)
