"""Checks of the self scores that only a run makes, or that look at several scores together."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.catalogue import check, check_of
from perfxl.checks.finding import Severity
from perfxl.checks.shared import computed_scores
from perfxl.checks.table_rows import Hit, hit, numbers
from perfxl.decimals import percent, two_places
from perfxl.findings.named import rate_label
from perfxl.findings.scores import (
    COMPLETION_FAR_FROM_SPENDING,
    are_far_apart,
    completion_far_from_spending,
    kpi_score_rate,
    rates_apart,
)
from perfxl.intake.submission_tables import Tables
from perfxl.scheme.model import PENALTY


@check(
    "I404", Severity.INFO, "自评得分低于计算得分",
    message="{label} {value}，按规则计算为 {computed}，按自评得分计", advice="酌情扣减的请保留扣分原因；算错的请更正",
    expected="{computed}",
)  # fmt: skip
def own_below_computed(tables: Tables) -> Iterator[Hit]:
    """The department deducts more than the rule does, which it may."""
    margin, scores, indicators = tables.scheme.thresholds.self_over, computed_scores(tables), tables.scheme.indicators
    outside = {item.code for item in indicators if item.nature == PENALTY}
    judged = {item.code: item for item in tables.scheme.kpi_indicators}
    for file, key, self_score in numbers(tables, "scores", "self").rows("key", "self"):
        computed = scores[file].get(key)
        if computed is None or computed - self_score <= margin or key in outside:
            continue
        if key in judged and self_score > (judged[key].rule.kpi_counted(judged[key].points, tables.inputs[file]) or 0):
            # Still more than what counts of its rows together.
            continue
        yield hit(file, "scores", key, "self", computed=two_places(computed))


@check_of(COMPLETION_FAR_FROM_SPENDING)
def far_from_spending(tables: Tables) -> Iterator[Hit]:
    """The shared condition, asked of the computed scores of each file."""
    scheme, quotient = tables.scheme, tables.scheme.spending_rate
    if quotient is None or not scheme.asks_scores:
        return
    for case in completion_far_from_spending(tables.layout):
        for file, computed in computed_scores(tables).items():
            applying = tables.submissions[file].applying
            if applying is not None:
                computed = {code: score for code, score in computed.items() if code in applying.codes}  # noqa: PLW2901
            kpi_rate, rate = kpi_score_rate(scheme, computed.get), quotient.value(tables.inputs[file])
            if kpi_rate is not None and rate is not None and are_far_apart(scheme, kpi_rate, rate):
                yield hit(
                    file, "scores", case.row, "self", kpi_rate=percent(kpi_rate), spending_rate=percent(rate),
                    gap=two_places(rates_apart(kpi_rate, rate)), limit=scheme.thresholds.completion_gap,
                    rate_label=rate_label(scheme),
                )  # fmt: skip
