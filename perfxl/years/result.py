"""What a comparison comes to, as sheets show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from perfxl.records import Record


class Repeated(StrEnum):
    """In what a department repeats itself, the gravest first."""

    CLAIMED = "称已整改，问题仍在"
    FINDING = "同一问题再次出现"
    LOWERED = "目标低于上年完成"
    LOST = "同一指标连续扣分"


@dataclass(frozen=True, slots=True)
class Repeat(Record):
    """One thing that is as it was. what: the finding, indicator or KPI; then, now: both years in words.

    years: in how many years running, this one included. place: where it stands this year, `绩效指标!F12`.
    """

    kind: Repeated
    what: str
    then: str
    now: str
    years: int = 2
    place: str = ""


@dataclass(frozen=True, slots=True)
class Figures(Record):
    """What a department came to in a year, this one or one before.

    total: on the scale of this year's points; None where it was not scored. done, known: KPIs that were reached, of
    those with a known completion; None where that is not told. levels: score rates (1 = 100%) by this year's
    second-level indicators; rates: by this year's codes.
    """

    total: Decimal | None
    grade: str
    adjusted: Decimal | None
    spent: Decimal | None
    rate: Decimal | None
    done: int | None
    known: int | None
    levels: Mapping[str, Decimal]
    rates: Mapping[str, Decimal]

    @property
    def kpi_rate(self) -> Decimal | None:
        """The share of KPIs that were reached, as far as known."""
        return Decimal(self.done) / self.known if self.done is not None and self.known else None


@dataclass(frozen=True, slots=True)
class Then(Record):
    """What a department was in a year before. titles: of all that it was; basis: by what that is known.

    state: why there is no total, empty where there is one. rank: as it was then, None of several merged.
    comparable: whether it stood in both rankings as one and the same; then place_then and place_now are its places
    among all of which that is so.
    """

    titles: tuple[str, ...]
    basis: str
    state: str
    figures: Figures
    rank: int | None = None
    comparable: bool = False
    place_then: int | None = None
    place_now: int | None = None

    @property
    def moved(self) -> int | None:
        """Places won since then, below 0 where lost."""
        return None if self.place_then is None or self.place_now is None else self.place_then - self.place_now


@dataclass(frozen=True, slots=True)
class DepartmentYears(Record):
    """A department over the years. thens: what it was, the year last gone first, None where it was not there."""

    now: Figures
    thens: tuple[Then | None, ...]
    repeats: tuple[Repeat, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorThen(Record):
    """How an indicator did in a year before. points: None where it was not there. code: as it was.

    then, now: mean score rates of those that were scored in both years; count: how many; fell: of these, where it fell.
    """

    code: str = ""
    points: Decimal | None = None
    then: Decimal | None = None
    now: Decimal | None = None
    count: int = 0
    fell: int = 0
    rose: int = 0


@dataclass(frozen=True, slots=True)
class YearHead(Record):
    """A year before. source: where its results were read. notes: what is to be known of the comparison, in sentences.

    matched: how many of this year were there; comparable: how many stand in both rankings; gone: who was there then
    and is nobody this year.
    """

    year: int
    source: str
    matched: int
    comparable: int
    gone: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SchemeYears:
    """A scheme's departments over the years. heads: the years before, that last gone first.

    departments: by file. indicators: by code, for each year before.
    """

    year: int
    heads: tuple[YearHead, ...]
    departments: Mapping[str, DepartmentYears] = field(default_factory=dict)
    indicators: Mapping[str, Sequence[IndicatorThen]] = field(default_factory=dict)

    def only(self, files: Sequence[str]) -> SchemeYears:
        """The share of some departments."""
        return replace(self, departments={file: self.departments[file] for file in files if file in self.departments})
