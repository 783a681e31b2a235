"""What one year came to, as comparisons take it: the same records for this year and for those before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from perfxl.checks.finding import Finding, Severity
from perfxl.decimals import ZERO
from perfxl.records import Record
from perfxl.scheme.model import BASE, BONUS, PENALTY, Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status


@dataclass(frozen=True, slots=True)
class YearIndicator(Record):
    """A third-level indicator of a year. name, level2: empty where the results of that year do not tell them."""

    code: str
    name: str
    level2: str
    points: Decimal
    nature: str = BASE


@dataclass(frozen=True)
class YearScheme:
    """A scheme as a year used it. grades: name and floor of each, best first; empty where not told.

    project: whether projects are evaluated.
    """

    id: str
    title: str
    project: bool
    grades: tuple[tuple[str, Decimal], ...]
    indicators: tuple[YearIndicator, ...]

    @property
    def points(self) -> Decimal:
        """The full points, 100 as a rule."""
        return sum((item.points for item in self.indicators if item.nature == BASE), ZERO)

    @cached_property
    def by_code(self) -> dict[str, YearIndicator]:
        """The indicators by their codes."""
        return {item.code: item for item in self.indicators}


@dataclass(frozen=True, slots=True)
class YearScore(Record):
    """An accepted score and its points."""

    code: str
    points: Decimal
    score: Decimal
    applies: bool = True
    nature: str = BASE

    @property
    def lost(self) -> Decimal:
        """Points lost, or deducted."""
        if not self.applies or self.nature == BONUS:
            return ZERO
        return self.score if self.nature == PENALTY else max(self.points - self.score, ZERO)


@dataclass(frozen=True, slots=True)
class YearKpi(Record):
    """A KPI with target and result as texts. direction: at_least, equal, at_most or qualitative; empty where not told.

    key: of its row; place: of the target, `绩效指标!F12`.
    """

    level2: str
    name: str
    symbol: str
    target: str
    unit: str
    actual: str
    completion: Decimal | None
    direction: str = ""
    key: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class YearFinding(Record):
    """A finding as far as years are compared. place: `管理效率!D17`."""

    code: str
    severity: str
    title: str
    place: str = ""

    @property
    def weighs(self) -> bool:
        """Whether it is more than a hint."""
        return self.severity in (Severity.ERROR.value, Severity.WARNING.value)


@dataclass(frozen=True, slots=True)
class YearDepartment(Record):
    """One that was evaluated. adjusted, spent: 万元. rate: of spending, 1 = 100%. scored: whether it was accepted.

    kpis: None where the results of that year do not have them. rectified: whether it said that the findings of the
    year before are mended; None where it did not say. total, grade: provisional where not scored, None where it sent
    nothing.
    """

    scheme: str
    code: str
    name: str
    project: str
    project_code: str
    status: str
    rank: int | None
    total: Decimal | None
    grade: str
    scores: tuple[YearScore, ...]
    adjusted: Decimal | None = None
    spent: Decimal | None = None
    rate: Decimal | None = None
    kpis: tuple[YearKpi, ...] | None = None
    findings: tuple[YearFinding, ...] = ()
    rectified: bool | None = None

    @property
    def title(self) -> str:
        """The project, or else the department."""
        return self.project or self.name

    @property
    def scored(self) -> bool:
        """Whether its result holds."""
        return self.status == Status.SCORED.value


@dataclass(frozen=True)
class Year:
    """What a year came to. source: where it was read from. lacking: what its results do not tell, in words."""

    year: int
    source: str
    schemes: tuple[YearScheme, ...]
    departments: tuple[YearDepartment, ...]
    lacking: tuple[str, ...] = field(default=())

    def scheme_of(self, department: YearDepartment) -> YearScheme:
        """The scheme that a department was scored by."""
        return self._by_id.get(department.scheme, self.schemes[0])

    @cached_property
    def _by_id(self) -> dict[str, YearScheme]:
        return {scheme.id: scheme for scheme in self.schemes}


def year_scheme(scheme: Scheme) -> YearScheme:
    """A scheme as comparisons take it."""
    return YearScheme(
        scheme.id,
        scheme.header.title,
        scheme.evaluated.is_project,
        tuple((band.name, band.floor) for band in scheme.grade_bands),
        tuple(YearIndicator(item.code, item.name, item.level2, item.points, item.nature) for item in scheme.indicators),
    )


def year_department(item: DepartmentResult, findings: Iterable[Finding], scheme: Scheme) -> YearDepartment:
    """A result in full, of a scheme, as comparisons take it."""
    directions = {symbol.symbol: symbol.direction for symbol in scheme.symbols}
    return YearDepartment(
        item.scheme, item.code, item.name, item.project, item.project_code, item.status.value, item.rank, item.total,
        item.grade,
        _scores(item),
        item.adjusted, item.spent, item.spending_rate,
        tuple(
            [
                YearKpi(
                    kpi.level2, kpi.name, kpi.symbol, kpi.target, kpi.unit, kpi.actual, kpi.completion,
                    directions.get(kpi.symbol, ""), kpi.key, kpi.place,
                )
                for kpi in item.kpis
            ]
        ),
        tuple([YearFinding(one.code, one.severity.value, one.title, place_of(one)) for one in findings]),
        next((claim.done for claim in item.claims), None),
    )  # fmt: skip


def settled(record: YearDepartment, item: DepartmentResult) -> YearDepartment:
    """A record with what a batch has made of its result since: status, place, total, grade."""
    return replace(
        record, code=item.code, name=item.name, status=item.status.value, rank=item.rank, total=item.total,
        grade=item.grade, scores=_scores(item),
    )  # fmt: skip


def _scores(item: DepartmentResult) -> tuple[YearScore, ...]:
    return tuple([YearScore(one.code, one.points, one.score, one.applies, one.nature) for one in item.scores])


def place_of(finding: Finding) -> str:
    """`管理效率!D17`."""
    return "!".join(part for part in (finding.sheet, finding.cell) if part)
