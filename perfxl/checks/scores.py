"""Checks of the self scores: against their points, against the rules, and of the reasons given."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from perfxl.checks.catalogue import check
from perfxl.checks.doubt import unread_indicators
from perfxl.checks.finding import Severity
from perfxl.checks.frames import column, filled, hits, numbers, shared, spending_rate_indicator
from perfxl.decimals import divide, percent, two_places
from perfxl.intake.tables import Tables
from perfxl.rules.kpi import Kpi

NOT_DONE = (
    "未完成", "未能", "没有完成", "没完成", "未达", "未按", "未及时", "不到位", "缺漏", "缺失", "不足", "滞后", "延期",
    "未开展", "未制定", "未公开", "扣减", "扣分",
)  # fmt: skip
"""Words of a reason that say something was not done."""


@check(
    "E401", Severity.ERROR, "自评得分高于分值",
    message="{label} {value} 高于分值 {points}", advice="请填写不高于分值的得分", expected="不高于 {points}",
)  # fmt: skip
def own_above_points(tables: Tables) -> pd.DataFrame:
    """A self score above the indicator's points."""
    scores = numbers(tables.scores, "self")
    return hits(scores[scores["self"] > scores["points"]][["file", "key", "points"]], "scores", field="self")


@check(
    "E402", Severity.ERROR, "扣分没有原因",
    message="{name}的自评得分 {own} 低于分值 {points}，没有写扣分原因", advice="请在“扣分原因”中说明扣了什么分、为什么",
)  # fmt: skip
def deduction_without_reason(tables: Tables) -> pd.DataFrame:
    """A self score below the points without a word why."""
    scores = numbers(tables.scores, "self")
    low = scores[(scores["self"] < scores["points"]) & scores["reason"].isna()]
    named = low.assign(own=low["self"], name=low["key"] + " " + low["name"])
    return hits(named[["file", "key", "name", "own", "points"]], "scores", field="reason")


@check(
    "W403", Severity.WARNING, "自评得分高于计算得分",
    message="{label} {value}，按规则计算为 {computed}，按较低的计算得分计", advice="请核对自评得分和有关数据",
    expected="{computed}",
)  # fmt: skip
def own_above_computed(tables: Tables) -> pd.DataFrame:
    """The self score is higher than the rule gives by more than the scheme's margin."""
    scores = _with_computed(tables)
    margin = tables.scheme.thresholds.self_over
    # Above the points it has an error of its own.
    over = scores[(scores["self"] - scores["computed"] > margin) & (scores["self"] <= scores["points"])]
    shown = over["computed"].map(two_places)
    return hits(over.assign(computed=shown)[["file", "key", "computed"]], "scores", field="self")


@check(
    "I404", Severity.INFO, "自评得分低于计算得分",
    message="{label} {value}，按规则计算为 {computed}，按自评得分计", advice="酌情扣减的请保留扣分原因；算错的请更正",
    expected="{computed}",
)  # fmt: skip
def own_below_computed(tables: Tables) -> pd.DataFrame:
    """The department deducts more than the rule does, which it may."""
    scores = _with_computed(tables)
    margin = tables.scheme.thresholds.self_over
    under = scores[scores["computed"] - scores["self"] > margin]
    shown = under["computed"].map(two_places)
    return hits(under.assign(computed=shown)[["file", "key", "computed"]], "scores", field="self")


@check(
    "W405", Severity.WARNING, "满分而有扣分说明",
    message="{name}得满分 {own}，扣分原因却写着“{value}”", advice="请核对：没有扣分就不写原因，有问题就据实扣分",
)  # fmt: skip
def full_marks_with_reason(tables: Tables) -> pd.DataFrame:
    """Full marks beside a reason that says something was not done."""
    scores = filled(numbers(tables.scores, "self"), "reason")
    full = scores[scores["self"] == scores["points"]]
    says = [any(word in str(reason) for word in NOT_DONE) for reason in full["reason"]]
    full = full[pd.Series(says, index=full.index, dtype=bool)]
    named = full.assign(own=full["self"], name=full["key"] + " " + full["name"])
    return hits(named[["file", "key", "name", "own"]], "scores", field="reason")


@check(
    "W406", Severity.WARNING, "指标完成与支出率不匹配",
    message="绩效指标得分率 {kpi_rate} 与支出率得分率 {spending_rate} 相差 {gap} 个百分点，超过 {limit} 个百分点",
    advice="请核对指标值是否合理、支出是否及时",
)  # fmt: skip
def completion_far_from_spending(tables: Tables) -> pd.DataFrame:
    """Score rate of the KPI indicators and of the spending rate are further apart than the scheme's points."""
    scheme, limit = tables.scheme, tables.scheme.thresholds.completion_gap
    kpis = [item for item in scheme.indicators if isinstance(item.rule, Kpi)]
    spending = spending_rate_indicator(scheme)
    rows: list[dict[str, object]] = []
    if not kpis or spending is None:
        return pd.DataFrame(columns=["file", "table", "key", "field"])
    for file, computed in _computed(tables).items():
        parts = [computed[item.code] for item in (*kpis, spending)]
        known = [score for score in parts if score is not None]
        # Without an adjusted budget there is no rate, and a finding of its own.
        whole = tables.inputs[file].total(getattr(spending.rule, "denominator", ()))
        if len(known) < len(parts) or not whole:
            continue
        kpi_rate = divide(sum(known[:-1], Decimal(0)), sum((item.points for item in kpis), Decimal(0)))
        spending_rate = divide(known[-1], spending.points)
        gap = abs(kpi_rate - spending_rate) * 100
        if gap > limit:
            rows.append(
                {"file": file, "key": spending.code, "kpi_rate": percent(kpi_rate), "gap": two_places(gap),
                 "spending_rate": percent(spending_rate), "limit": limit}
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["file", "key", "kpi_rate", "spending_rate", "gap", "limit"])
    return hits(frame, "scores", field="self")


def _computed(tables: Tables) -> Mapping[str, Mapping[str, Decimal | None]]:
    """Computed score by file and indicator code; None where an input could not be read."""
    unread = unread_indicators(tables)
    return {
        file: {code: None if code in unread.get(file, ()) else outcome.score for code, outcome in outcomes.items()}
        for file, outcomes in tables.outcomes.items()
    }


@shared
def _with_computed(tables: Tables) -> pd.DataFrame:
    scores = numbers(tables.scores, "self")
    computed = _computed(tables)
    values = [computed[file].get(code) for file, code in zip(scores["file"], scores["key"], strict=True)]
    return filled(scores.assign(computed=column(scores, values)), "computed")
