"""All that follows from the scores of a department, worked out at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from perfxl.decimals import ZERO, half_up
from perfxl.outcome.grade import grade_of, is_near_threshold
from perfxl.outcome.total import capped
from perfxl.scheme.model import Scheme


class Scores(Protocol):
    """The scores of one indicator as far as the outcome hangs on them."""

    @property
    def self_score(self) -> Decimal | None:
        """The department's own score."""
        ...

    @property
    def score(self) -> Decimal:
        """The accepted score, two places."""
        ...


@dataclass(frozen=True, slots=True)
class DepartmentOutcome:
    """Totals and grades of a department. total: rounded, after a cap. capped_from: before it, None where it holds
    nothing down. Fields of these names in a department's result take them."""

    total: Decimal
    grade: str
    near_threshold: bool
    capped_from: Decimal | None
    self_total: Decimal
    self_grade: str


def finish(scheme: Scheme, scores: Iterable[Scores], spending_rate: Decimal | None) -> DepartmentOutcome:
    """The outcome of these scores. spending_rate: 1 = 100%, not rounded; None where unknown."""
    listed, bands = list(scores), scheme.grade_bands
    summed = half_up(sum([item.score for item in listed], ZERO))
    self_total = half_up(sum([item.self_score or ZERO for item in listed], ZERO))
    total = half_up(capped(summed, spending_rate, scheme))
    return DepartmentOutcome(
        total=total,
        grade=grade_of(total, bands),
        near_threshold=is_near_threshold(total, scheme),
        capped_from=summed if total < summed else None,
        self_total=self_total,
        self_grade=grade_of(self_total, bands),
    )
