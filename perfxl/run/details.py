"""What only the writers of workbooks need of a department waits on disk, so that the whole batch stays small.

A worker packs a department's full result; the run appends it to one file in the staging folder and keeps a slim result
for ranking and summary. The worker that writes the department's workbook reads it from there.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from perfxl.scoring.result import DepartmentResult

FILE_NAME = ".details"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a department's full result lies in the file of details."""

    offset: int
    size: int


def pack(result: DepartmentResult) -> tuple[DepartmentResult, bytes]:
    """The slim result and the full one as bytes. The slim one explains only the scores that lost points."""
    scores = tuple(score if score.lost else replace(score, explanation="") for score in result.scores)
    slim = replace(result, scores=scores, kpis=(), tasks=(), narrative={})
    return slim, pickle.dumps(result, pickle.HIGHEST_PROTOCOL)


class Details:
    """The file of details of a run, written by the run alone. Removed with the staging folder or by `close`."""

    def __init__(self, staging: Path) -> None:
        self.path = staging / FILE_NAME
        self.spots: dict[str, Spot] = {}
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seal()
        self.path.unlink(missing_ok=True)

    def add(self, file: str, packed: bytes) -> None:
        """Keeps the full result of a department's file. Raises OSError where the disk is full."""
        if self._file is None:
            self._file = self.path.open("wb")
        self.spots[file] = Spot(self._file.tell(), len(packed))
        self._file.write(packed)

    def seal(self) -> None:
        """All is written; from now on it is read, by any process."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def of(self, departments: Sequence[DepartmentResult]) -> Mapping[str, Spot]:
        """The spots of these departments."""
        return {item.file: self.spots[item.file] for item in departments if item.file in self.spots}


def unpack(path: Path, departments: Sequence[DepartmentResult], spots: Mapping[str, Spot]) -> list[DepartmentResult]:
    """The full results, with what reduce and ranking have made of the slim ones. Without a spot one is full already."""
    if not spots:
        return list(departments)
    full = []
    with path.open("rb") as file:
        for slim in departments:
            spot = spots.get(slim.file)
            if spot is None:
                full.append(slim)
                continue
            file.seek(spot.offset)
            # The bytes are our own worker's, written moments ago into a folder of this run.
            result: DepartmentResult = pickle.loads(file.read(spot.size))
            full.append(
                replace(
                    result, code=slim.code, name=slim.name, category=slim.category, status=slim.status, rank=slim.rank,
                    category_rank=slim.category_rank,
                )
            )  # fmt: skip
    return full
