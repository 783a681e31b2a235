"""What 总览 says of reviews: how many there are, what they changed, whose self score lies far above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from perfxl.decimals import plain, two_places
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.matter import NAMES_SHOWN, Matter, department
from perfxl.results.sheets.ranking import ranking_table
from perfxl.results.sheets.review_analysis import REPORT, WATCH, flag_of, flag_range, reviewed_departments
from perfxl.results.sheets.review_analysis import SHEET as ANALYSIS
from perfxl.results.statistics import mean
from perfxl.review.record import Effect, Reviewed
from perfxl.scoring.result import DepartmentResult


def on_reviews(plan: SummaryPlan) -> list[Matter]:
    """Lines of what is to be looked at."""
    ((states,),) = ranking_table(plan).ranges("review")
    counts = Counter(item.review_status for item in plan.departments)
    whole = counts[Reviewed.WHOLE.value]
    bounds = plan.scheme.thresholds
    sheet = ANALYSIS.name_in(plan), ANALYSIS.link(plan, "A1")
    formula = f'=COUNTIF({states},"{Reviewed.WHOLE}")'
    lines = [Matter("已复核", formula, whole, *sheet, said=_progress(plan, counts))]
    for word, bound in ((WATCH, bounds.review_watch), (REPORT, bounds.review_report)):
        found = [item for item in reviewed_departments(plan) if flag_of(plan, item) == word]
        label = f"高于复核 {plain(bound)} 分，{word}"
        named = [department(plan, item, _over(item)) for item in found[:NAMES_SHOWN]]
        lines.append(Matter(label, f'=COUNTIF({flag_range(plan)},"{word}")', len(found), *sheet, named))
    return lines


def _over(item: DepartmentResult) -> str:
    return f"高 {two_places(item.self_total - item.total)}"


def progress(plan: SummaryPlan) -> str:
    """A sentence on how far the reviews are and what they changed."""
    counts = Counter(item.review_status for item in plan.departments)
    return f"{Reviewed.WHOLE} {counts[Reviewed.WHOLE.value]} 个，{_progress(plan, counts)}"


def _progress(plan: SummaryPlan, counts: Counter[str]) -> str:
    rest = "，".join(f"{state} {counts[state.value]} 个" for state in (Reviewed.PARTLY, Reviewed.NOT))
    before, after = (_mean(plan, value) for value in (_before, _after))
    words = f"{rest}；参加排名的平均分由 {before} 变为 {after}"
    idle = Counter(item.effect for item in plan.batch.reviews)
    for effect in (Effect.WAITS, Effect.NONE):
        if idle[effect]:
            words += f"；{effect} {idle[effect]} 条，见“复核记录”"
    return words


def _before(item: DepartmentResult) -> Decimal | None:
    return item.total_before


def _after(item: DepartmentResult) -> Decimal | None:
    return item.total


def _mean(plan: SummaryPlan, value: Callable[[DepartmentResult], Decimal | None]) -> str:
    known = [number for item in plan.ranked if (number := value(item)) is not None]
    found = mean(known)
    return "—" if found is None else two_places(found)
