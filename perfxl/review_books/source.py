"""What a review workbook is made of, one department after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from perfxl.outcome import DepartmentOutcome, best_place, finish
from perfxl.results.context import points_anyway
from perfxl.review.layout import COLUMNS, ReviewColumn, unreviewed
from perfxl.review.standing import after_review
from perfxl.review_books.previous import Previous
from perfxl.review_books.propose import Choice
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore


@dataclass(frozen=True)
class Filled:
    """What stands in the cells to fill from the beginning: of an earlier round, with the objection to it."""

    score: Decimal | None = None
    reason: str = ""
    basis: str = ""
    objection: str = ""


NOTHING = Filled()
Earlier = Callable[[DepartmentResult, str], Filled]
"""What an earlier round says of a department and the code of an indicator; `NOTHING` where it says nothing."""


@dataclass(frozen=True)
class Source:
    """All that the sheets are made of besides the departments. year, started: of the run. shas: of its files, by path.

    scheme_shas: by scheme code. previous: last year's results, None where they are not at hand.
    """

    started: str
    schemes: tuple[Scheme, ...]
    scheme_shas: Mapping[str, str]
    shas: Mapping[str, str]
    title: str
    previous: Previous | None = None
    earlier: Earlier | None = None

    @property
    def several(self) -> bool:
        """Whether there are several schemes."""
        return len(self.schemes) > 1


class Subject:
    """A department with what follows from its scores, without any review and with what is filled in beforehand."""

    def __init__(self, source: Source, choice: Choice) -> None:
        self.source, self.choice = source, choice
        self.department, self.scheme = choice.candidate.department, choice.candidate.scheme
        self.scores = {score.code: score for score in self.department.scores}
        self.indicators = [item for item in self.scheme.indicators if item.code in self.scores]

    def filled(self, code: str) -> Filled:
        """What stands in the cells of an indicator from the beginning."""
        earlier = self.source.earlier
        return NOTHING if earlier is None else earlier(self.department, code)

    def is_judged(self, score: IndicatorScore) -> bool:
        """Whether a reviewer may score it: whatever applies to the department."""
        return score.applies

    @cached_property
    def judged(self) -> list[IndicatorScore]:
        """The scores that a reviewer may judge."""
        return [score for score in self.department.scores if self.is_judged(score)]

    def shown_instead(self, score: IndicatorScore) -> str:
        """The word that stands in the place of a score that does not apply."""
        return score.word

    def after(self, score: IndicatorScore) -> Decimal:
        """The score with what is filled in beforehand."""
        if not self.is_judged(score):
            return unreviewed(score)
        filled = self.filled(score.code)
        return after_review(filled.score, score.points, unreviewed(score), filled.reason)

    @cached_property
    def before(self) -> DepartmentOutcome:
        """The outcome without any review."""
        return self._outcome(unreviewed)

    @cached_property
    def then(self) -> DepartmentOutcome:
        """The outcome with what is filled in beforehand."""
        return self.before if self.source.earlier is None else self._outcome(self.after)

    def _outcome(self, score_of: Callable[[IndicatorScore], Decimal]) -> DepartmentOutcome:
        item = self.department
        scores = [replace(score, score=score_of(score)) for score in item.scores]
        return finish(self.scheme, scores, item.limits, item.category)

    @property
    def grade(self) -> str:
        """The grade without any review: that of the ranking where there was none."""
        reviewed = any(score.review is not None for score in self.department.scores)
        return self.before.grade if reviewed else self.department.grade

    @cached_property
    def cap(self) -> Decimal | None:
        """The highest total that the caps which hold leave, whatever the scores."""
        caps = [self.scheme.limits[number].cap for number in self.department.limits]
        return min((cap for cap in caps if cap is not None), default=None)

    @cached_property
    def best(self) -> str:
        """The place of the best grade that vetoes leave, from 1; empty where they leave all."""
        bands = self.scheme.bands_of(self.department.category)
        place = best_place(self.department.limits, bands, self.scheme)
        return str(place + 1) if place else ""

    @cached_property
    def full_anyway(self) -> Decimal:
        """The points that it has of indicators that do not apply."""
        return points_anyway(self.scheme, self.department)

    def evidence(self, indicator: Indicator) -> str:
        """The evidence of the KPI rows that an indicator counts."""
        rows = [kpi for kpi in self.department.kpis if kpi.level1 in indicator.rule.kpi_levels and kpi.evidence]
        texts = list(dict.fromkeys(kpi.evidence for kpi in rows))
        more = f"等 {len(texts)} 项，见下表" if len(texts) > 4 else ""
        return "；".join(texts[:4]) + more

    def official(self, indicator: Indicator) -> str:
        """The values of the bureau that the indicator hangs on, beside what the department wrote."""
        keys = set(self.scheme.facts_of[indicator.code])
        return "\n".join(
            f"{item.label}：填报 {item.written or '—'}，核定 {item.official}{item.unit and f' {item.unit}'}"
            for item in self.department.official
            if item.fact in keys
        )

    @cached_property
    def columns(self) -> tuple[ReviewColumn, ...]:
        """The columns of its table: those of which there is anything."""
        there = {
            "previous": self.source.previous is not None,
            "official": bool(self.department.official),
            "objection": any(self.filled(code).objection for code in self.scores),
        }
        return tuple(column for column in COLUMNS if there.get(column.key, True))
