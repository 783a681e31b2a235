"""Everything one run came to, as the result writers take it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from perfxl.checks.finding import Finding
from perfxl.official.approved import ApprovedTargets
from perfxl.records import Record
from perfxl.register.model import Line
from perfxl.register.owed import Owed
from perfxl.register.waiting import WaitingLines
from perfxl.results.earlier_periods import EarlierPeriod
from perfxl.review.record import AgreedRecord, ReviewRecord
from perfxl.scheme import scheme_sha256
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore
from perfxl.status import Status
from perfxl.submission.earlier import EarlierFinding
from perfxl.submission.objection import Objection
from perfxl.years.result import SchemeYears

if TYPE_CHECKING:
    from perfxl.results.targets import DepartmentTargets

__all__ = ["Answered", "Batch", "DetailsByFile", "FileRecord", "FindingsByFile", "Status"]

COPY_OF_REPORT = "自评报告，与"
"""How the reason of a report begins that has the same bytes as another one."""


@dataclass(frozen=True, slots=True)
class FileRecord(Record):
    """One file of the input folder, a department of the roster that sent none (status `missing`, no path), or a list
    of the bureau's that was used (status `list`, with the path where it stands).

    path: below the folder, with `/`. sha256: empty where not read. code, category: from the roster, where missing.
    scheme: the code of the scheme that it was read by, or is missing for; empty where that is not known.
    """

    path: str
    sha256: str
    bytes: int
    status: Status
    department: str
    reason: str
    code: str = ""
    category: str = ""
    scheme: str = ""

    @property
    def counted_as(self) -> Status:
        """The status under which the file is counted: a copy of a report is no workbook that was sent twice."""
        copied = self.status is Status.DUPLICATE and self.reason.startswith(COPY_OF_REPORT)
        return Status.REPORT if copied else self.status

    @property
    def named(self) -> str:
        """The file by its path, with the department that it is of, as far as that is known."""
        return f"{self.path}（{self.department}）" if self.department else self.path


class Answered(NamedTuple):
    """A finding of the round before on a copy that was mended, and what has become of it (已修改, 未修改, 已豁免)."""

    result: DepartmentResult
    earlier: EarlierFinding
    state: str


class FindingsByFile(Collection[Finding]):
    """The findings of a large batch, read anew each time."""

    @abstractmethod
    def of(self, files: Iterable[str]) -> Collection[Finding]:
        """Those on some files only."""


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

    departments: ranked ones first by rank, then the returned ones; two with one rank by code; those of
    several schemes one scheme after the other. copies: names of the copies to mend, below 退回修改, by the
    department's file. years: the years before beside this one, by the code of each scheme; empty where none
    are known. details: where the departments stand here without their texts, KPIs and tasks, and findings are
    read anew each time. schemes: all of the run, `scheme` first; empty where there is that one only. joint:
    whether all are ranked among each other too (合并排名). register: its lines (往来登记), of a large batch on disk
    and gone when the run is over. owed: who is to be urged (催报清单). answered: findings of the round before.
    rostered: whether it is known who is to send. reviews: every score that a reviewer filled in; agreed:
    whose other indicators were left as they are. objections: of departments to their results. approved: the
    bureau's list of targets, where the run used one. targets: of a round of targets what each department asks
    for. periods: what was monitored earlier in the year, in their order.
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
    years: Mapping[str, SchemeYears] = field(default_factory=dict)
    details: DetailsByFile | None = None
    schemes: tuple[Scheme, ...] = ()
    joint: bool = False
    rostered: bool = True
    register: Collection[Line] = ()
    owed: Sequence[Owed] = ()
    answered: Sequence[Answered] = ()
    reviews: Sequence[ReviewRecord] = ()
    agreed: Sequence[AgreedRecord] = ()
    objections: Sequence[Objection] = ()
    approved: ApprovedTargets | None = None
    targets: Sequence[DepartmentTargets] = ()
    periods: Sequence[EarlierPeriod] = ()

    @property
    def reviewed(self) -> bool:
        """Whether there is any review."""
        return bool(self.reviews or self.agreed)

    @property
    def all_schemes(self) -> tuple[Scheme, ...]:
        """The schemes of the run, at least one."""
        return self.schemes or (self.scheme,)

    def of(self, scheme: Scheme) -> Batch:
        """The batch as it would be with one of its schemes only: its departments, files and findings.

        What is not known to be of any scheme is left out. A view: notes, copies and details are those of the batch.
        """
        if len(self.all_schemes) == 1:
            return self
        departments = [item for item in self.departments if item.scheme == scheme.id]
        files = [record for record in self.files if record.scheme == scheme.id]
        paths = {record.path for record in files if record.path}
        if isinstance(self.findings, FindingsByFile):
            findings = self.findings.of(paths)
        else:
            findings = [finding for finding in self.findings if finding.file in paths]
        if isinstance(self.register, WaitingLines):
            register: Collection[Line] = self.register.of(scheme.id)
        else:
            register = [line for line in self.register if line.scheme == scheme.id]
        return replace(
            self,
            scheme=scheme,
            scheme_sha256=self.scheme_sha256 if scheme == self.scheme else scheme_sha256(scheme),
            files=files,
            departments=departments,
            findings=findings,
            schemes=(),
            register=register,
            owed=[one for one in self.owed if one.scheme == scheme.id],
            answered=[one for one in self.answered if one.result.scheme == scheme.id],
            reviews=[one for one in self.reviews if one.scheme == scheme.id],
            agreed=[one for one in self.agreed if one.scheme == scheme.id],
            objections=[one for one in self.objections if one.scheme == scheme.id],
            targets=[one for one in self.targets if one.result.scheme == scheme.id],
        )

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
        """The departments that were scored and ranked, best first, those of several schemes scheme by scheme."""
        return [department for department in self.departments if department.ranked]
