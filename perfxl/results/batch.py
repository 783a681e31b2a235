"""Everything one run came to, as the result writers take it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from perfxl.checks.finding import Finding
from perfxl.records import Record
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore
from perfxl.status import Status

__all__ = ["Batch", "DetailsByFile", "FileRecord", "Status"]


@dataclass(frozen=True, slots=True)
class FileRecord(Record):
    """One file of the input folder, or a department of the roster that sent none (status `missing`, no path).

    path: below the folder, with `/`. sha256: empty where not read. code, category: from the roster, where missing.
    """

    path: str
    sha256: str
    bytes: int
    status: Status
    department: str
    reason: str
    code: str = ""
    category: str = ""


class DetailsByFile(Mapping[str, Sequence[Finding]]):
    """What a large batch does not hold in memory: the findings by file, and the rest of a department's result."""

    @abstractmethod
    def count(self, file: str) -> int:
        """How many findings there are on a file."""

    @abstractmethod
    def scores(self, department: DepartmentResult) -> tuple[IndicatorScore, ...]:
        """A department's scores with their reasons and explanations."""

    @abstractmethod
    def result(self, department: DepartmentResult) -> DepartmentResult:
        """A department's result with its reasons and explanations, funds, KPIs and tasks."""


@dataclass(slots=True)
class Batch:
    """A run (批次): every file, every department in the order of the ranking, every finding, file by file.

    departments: ranked ones first by rank, then the returned ones; two with one rank by code. copies: names of the
    copies to mend, below 退回修改, by the department's file. previous: last year's ranks by department code. details:
    where the departments stand here without their texts, KPIs and tasks, and findings are read anew each time.
    """

    scheme: Scheme
    scheme_sha256: str
    files: list[FileRecord]
    departments: list[DepartmentResult]
    findings: Collection[Finding]
    started: datetime
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    copies: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, int] = field(default_factory=dict)
    details: DetailsByFile | None = None

    def full_result(self, department: DepartmentResult) -> DepartmentResult:
        """The department's result with all that belongs to it."""
        return self.details.result(department) if self.details else department

    def scores_of(self, department: DepartmentResult) -> tuple[IndicatorScore, ...]:
        """The department's scores with their reasons and explanations."""
        return self.details.scores(department) if self.details else department.scores

    def take_in_details(self) -> None:
        """From now on the batch holds everything itself."""
        self.departments = [self.full_result(department) for department in self.departments]
        self.findings = list(self.findings)
        self.details = None

    @property
    def ranked(self) -> list[DepartmentResult]:
        """The departments that were scored and ranked, best first."""
        return [department for department in self.departments if department.ranked]
