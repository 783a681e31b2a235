"""What waits on disk, as any process reads it: by the path of a file its findings, full result and contents."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, NamedTuple, Self

from perfxl.checks.finding import Finding
from perfxl.layout.fields import FieldId
from perfxl.results.batch import DetailsByFile, FindingsByFile
from perfxl.run.stated import Texts, full_result, full_scores
from perfxl.scoring.result import DepartmentResult, IndicatorScore
from perfxl.submission.besides import Besides

Contents = Mapping[FieldId, Decimal | str]


class Spot(NamedTuple):
    """Where the details of a file lie: scores, rest and contents side by side, the findings there or further back.

    found: how many findings there are.
    """

    start: int
    scores: int
    rest: int
    contents: int
    findings_start: int
    findings: int
    found: int


SPOT = Struct("<QIIIQII")  # a quarter of what a tuple takes


class Reader:
    """Reads pieces of a file that stays open until it is closed; in another process it is opened anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[type[Reader], tuple[Path]]:
        return Reader, (self._path,)

    def read(self, start: int, size: int) -> bytes:
        """So many bytes from a place on."""
        if self._file is None:
            self._file = self._path.open("rb")
        self._file.seek(start)
        return self._file.read(size)

    def close(self) -> None:
        """Lets go of the file, which Windows could not remove otherwise."""
        if self._file is not None:
            self._file.close()
            self._file = None


@dataclass(frozen=True)
class DetailsReader(DetailsByFile):
    """The details as any process reads them: by the path of a file its findings, full result and contents."""

    reader: Reader
    spots: Mapping[str, bytes]

    def only(self, files: Iterable[str]) -> DetailsReader:
        """The share of some files, small enough to be sent to another process."""
        return DetailsReader(self.reader, {file: self.spots[file] for file in files})

    def __getitem__(self, file: str) -> Sequence[Finding]:
        spot = self._spot(file)
        return self._read(spot.findings_start, spot.findings) or ()

    def _spot(self, file: str) -> Spot:
        return Spot(*SPOT.unpack(self.spots[file]))

    def __iter__(self) -> Iterator[str]:
        return iter(self.spots)

    def __len__(self) -> int:
        return len(self.spots)

    def count(self, file: str) -> int:
        """How many findings there are on a file."""
        return self._spot(file).found if file in self.spots else 0

    def scores(self, department: DepartmentResult) -> tuple[IndicatorScore, ...]:
        """The scores as they are now, with the reasons and explanations that wait here."""
        return full_scores(department, self._texts(department))

    def result(self, department: DepartmentResult) -> DepartmentResult:
        """The full result: as the batch has made it up to now, with what the workbook states."""
        spot = self._spot(department.file)
        return full_result(department, self._read(spot.start + spot.scores, spot.rest), self._texts(department))

    def _texts(self, department: DepartmentResult) -> Texts:
        spot = self._spot(department.file)
        return self._read(spot.start, spot.scores) or {}

    def contents(self, file: str) -> tuple[Contents, Besides | None]:
        """What stands in the fields of a workbook, to be written into a fresh template, and what else it holds."""
        spot = self._spot(file)
        return self._read(spot.start + spot.scores + spot.rest, spot.contents) or ({}, None)

    def _read(self, start: int, size: int) -> Any:
        if not size:
            return None
        # The bytes are our own worker's, written moments ago into a folder of this run.
        return pickle.loads(self.reader.read(start, size))


@dataclass(frozen=True)
class StoredFindings(FindingsByFile):
    """All findings of a large batch, read again each time: file by file, those on no file of this run behind."""

    stored: DetailsReader
    files: Sequence[str]
    count: int
    behind: Sequence[Finding]

    def of(self, files: Iterable[str]) -> StoredFindings:
        """Those on some files only."""
        wanted = set(files)
        own = [file for file in self.files if file in wanted]
        return StoredFindings(self.stored, own, sum(map(self.stored.count, own)), ())

    def __iter__(self) -> Iterator[Finding]:
        for file in self.files:
            yield from self.stored[file]
        yield from self.behind

    def __len__(self) -> int:
        return self.count + len(self.behind)

    def __contains__(self, finding: object) -> bool:
        return any(one == finding for one in self)
