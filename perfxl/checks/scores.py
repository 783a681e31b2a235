"""Checks of the self scores: against their points, against the rules, and of the reasons given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pandas as pd

from perfxl.checks.catalogue import check
from perfxl.checks.doubt import unread_indicators
from perfxl.checks.finding import Severity
from perfxl.checks.frames import Hit, filled, hit, numbers, rows, shared
from perfxl.decimals import divide, percent, two_places
from perfxl.intake.tables import Tables
from perfxl.layout import finding_words as words


@check(
    words.ABOVE_POINTS.code, Severity.ERROR, words.ABOVE_POINTS.title,
    message="{label} {value} 高于分值 {points}", advice=words.ABOVE_POINTS.advice, expected="不高于 {points}",
)  # fmt: skip
def own_above_points(tables: Tables) -> Iterator[Hit]:
    """A self score above the indicator's points."""
    scores = numbers(tables, "scores", "self")
    for file, key, points in rows(scores[scores["self"] > scores["points"]], "key", "points"):
        yield hit(file, "scores", key, "self", points=points)


@check(
    words.WITHOUT_REASON.code, Severity.ERROR, words.WITHOUT_REASON.title,
    message="{name}的自评得分 {own} 低于分值 {points}，没有写扣分原因", advice=words.WITHOUT_REASON.advice,
)  # fmt: skip
def deduction_without_reason(tables: Tables) -> Iterator[Hit]:
    """A self score below the points without a word why."""
    scores = numbers(tables, "scores", "self")
    low = scores[(scores["self"] < scores["points"]) & scores["reason"].isna()]
    for file, key, name, own, points in rows(low, "key", "name", "self", "points"):
        yield hit(file, "scores", key, "reason", name=f"{key} {name}", own=own, points=points)


@check(
    words.ABOVE_COMPUTED.code, Severity.WARNING, words.ABOVE_COMPUTED.title,
    message="{label} {value}，按规则计算为 {computed}，按较低的计算得分计", advice=words.ABOVE_COMPUTED.advice,
    expected="{computed}",
)  # fmt: skip
def own_above_computed(tables: Tables) -> Iterator[Hit]:
    """The self score is higher than the rule gives by more than the scheme's margin."""
    scores = _with_computed(tables)
    margin = tables.scheme.thresholds.self_over
    # Above the points it has an error of its own.
    over = scores[(scores["self"] - scores["computed"] > margin) & (scores["self"] <= scores["points"])]
    return _beside_computed(over)


@check(
    "I404", Severity.INFO, "自评得分低于计算得分",
    message="{label} {value}，按规则计算为 {computed}，按自评得分计", advice="酌情扣减的请保留扣分原因；算错的请更正",
    expected="{computed}",
)  # fmt: skip
def own_below_computed(tables: Tables) -> Iterator[Hit]:
    """The department deducts more than the rule does, which it may."""
    scores = _with_computed(tables)
    margin = tables.scheme.thresholds.self_over
    under = scores[scores["computed"] - scores["self"] > margin]
    return _beside_computed(under)


def _beside_computed(scores: pd.DataFrame) -> Iterator[Hit]:
    for file, key, computed in rows(scores, "key", "computed"):
        yield hit(file, "scores", key, "self", computed=two_places(computed))


@check(
    words.FULL_MARKS_WITH_REASON.code, Severity.WARNING, words.FULL_MARKS_WITH_REASON.title,
    message="{name}得满分 {own}，扣分原因却写着“{value}”", advice=words.FULL_MARKS_WITH_REASON.advice,
)  # fmt: skip
def full_marks_with_reason(tables: Tables) -> Iterator[Hit]:
    """Full marks beside a reason that says something was not done."""
    scores = filled(numbers(tables, "scores", "self"), "reason")
    full = scores[scores["self"] == scores["points"]]
    for file, key, name, own, reason in rows(full, "key", "name", "self", "reason"):
        if any(word in str(reason) for word in words.NOT_DONE):
            yield hit(file, "scores", key, "reason", name=f"{key} {name}", own=own)


@check(
    words.COMPLETION_FAR_FROM_SPENDING.code, Severity.WARNING, words.COMPLETION_FAR_FROM_SPENDING.title,
    message="绩效指标得分率 {kpi_rate} 与支出率得分率 {spending_rate} 相差 {gap} 个百分点，超过 {limit} 个百分点",
    advice=words.COMPLETION_FAR_FROM_SPENDING.advice,
)  # fmt: skip
def completion_far_from_spending(tables: Tables) -> Iterator[Hit]:
    """Score rate of the KPI indicators and of the spending rate are further apart than the scheme's points."""
    scheme, limit = tables.scheme, tables.scheme.thresholds.completion_gap
    kpis, spending = scheme.kpi_indicators, scheme.spending_indicator
    if not kpis or spending is None or spending.rule.quotient is None:
        return
    for file, computed in _computed(tables).items():
        parts = [computed[item.code] for item in (*kpis, spending)]
        known = [score for score in parts if score is not None]
        # Without an adjusted budget there is no rate, and a finding of its own.
        whole = tables.inputs[file].total(spending.rule.quotient.denominator)
        if len(known) < len(parts) or not whole:
            continue
        kpi_rate = divide(sum(known[:-1], Decimal(0)), sum((item.points for item in kpis), Decimal(0)))
        spending_rate = divide(known[-1], spending.points)
        gap = abs(kpi_rate - spending_rate) * 100
        if gap > limit:
            yield hit(
                file, "scores", spending.code, "self", kpi_rate=percent(kpi_rate),
                spending_rate=percent(spending_rate), gap=two_places(gap), limit=limit,
            )  # fmt: skip


@shared
def _computed(tables: Tables) -> Mapping[str, Mapping[str, Decimal | None]]:
    """Computed score by file and indicator code; None where an input could not be read."""
    unread = unread_indicators(tables)
    return {
        file: {code: None if code in unread.get(file, ()) else outcome.score for code, outcome in outcomes.items()}
        for file, outcomes in tables.outcomes.items()
    }


@shared
def _with_computed(tables: Tables) -> pd.DataFrame:
    """Self scores whose indicators have a computed score, with that."""
    scores = numbers(tables, "scores", "self")
    computed = _computed(tables)
    values = [computed[file].get(code) for file, code in rows(scores, "key")]
    return filled(scores.assign(computed=pd.Series(values, index=scores.index, dtype=object)), "computed")
