"""All that follows from the scores of a department, worked out at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, half_up
from perfxl.outcome.applicable import full_where_not_applying
from perfxl.outcome.grade import VETO, grade_of, is_near_threshold
from perfxl.outcome.limits import best_place, capped
from perfxl.outcome.total import Scores, sums_of
from perfxl.scheme.model import BY_COMPUTED, Scheme


@dataclass(frozen=True, slots=True)
class DepartmentOutcome:
    """Totals and grades of a department. total: rounded, after a cap. capped_from: before it, None where it holds
    nothing down. base: of the hundred, scaled where indicators do not apply; applied_points: out of how many points it
    was scaled. bonus, penalty: outside the hundred, within their maxima. grade_from: the grade by the total where
    something lowered it, else empty; grade_by: what did. Fields of these names in a department's result take them."""

    total: Decimal
    grade: str
    near_threshold: bool
    capped_from: Decimal | None
    self_total: Decimal
    self_grade: str
    base: Decimal
    bonus: Decimal
    penalty: Decimal
    applied_points: Decimal | None
    grade_from: str
    grade_by: str


def finish(
    scheme: Scheme, scores: Iterable[Scores], limits: Sequence[int] = (), category: str = ""
) -> DepartmentOutcome:
    """The outcome of these scores. limits: the caps and vetoes that hold (`limits_that_hold`)."""
    listed, bands = list(scores), scheme.bands_of(category)
    sums = sums_of(scheme, ((item, item.score) for item in listed))
    own = sums_of(scheme, ((item, _own(scheme, item)) for item in listed))
    total = half_up(capped(sums.total, limits, scheme)) if limits else sums.total
    by_total = grade_of(total, bands)
    grade = grade_of(total, bands, best_place(limits, bands, scheme)) if limits else by_total
    return DepartmentOutcome(
        total=total,
        grade=grade,
        near_threshold=is_near_threshold(total, scheme, category),
        capped_from=sums.total if total < sums.total else None,
        self_total=own.total,
        self_grade=grade_of(own.total, bands),
        base=sums.base,
        bonus=sums.bonus,
        penalty=sums.penalty,
        applied_points=sums.applied_points,
        grade_from=by_total if grade != by_total else "",
        grade_by=VETO if grade != by_total else "",
    )


def _own(scheme: Scheme, item: Scores) -> Decimal:
    """What the department gives itself: its score, that of the rule where it may leave it to that."""
    if item.pending and not item.applies:
        return ZERO
    if not item.applies and full_where_not_applying(scheme.indicator_by_code[item.code]):
        return item.score
    if item.self_score is None and scheme.options.blank_self == BY_COMPUTED:
        # A review says nothing of what the department gave itself.
        return item.score if item.before is None else item.before
    return item.self_score or ZERO
