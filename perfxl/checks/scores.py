"""Checks of the self scores that only a run makes, or that look at several scores together."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.catalogue import check, check_of
from perfxl.checks.finding import Severity
from perfxl.checks.shared import computed_scores
from perfxl.checks.table_rows import Hit, hit, numbers, rows
from perfxl.decimals import percent, two_places
from perfxl.findings.scores import COMPLETION_FAR_FROM_SPENDING, completion_far_from_spending, score_rates
from perfxl.intake.submission_tables import Tables


@check(
    "I404", Severity.INFO, "自评得分低于计算得分",
    message="{label} {value}，按规则计算为 {computed}，按自评得分计", advice="酌情扣减的请保留扣分原因；算错的请更正",
    expected="{computed}",
)  # fmt: skip
def own_below_computed(tables: Tables) -> Iterator[Hit]:
    """The department deducts more than the rule does, which it may."""
    margin, scores = tables.scheme.thresholds.self_over, computed_scores(tables)
    for file, key, self_score in rows(numbers(tables, "scores", "self"), "key", "self"):
        computed = scores[file].get(key)
        if computed is not None and computed - self_score > margin:
            yield hit(file, "scores", key, "self", computed=two_places(computed))


@check_of(COMPLETION_FAR_FROM_SPENDING)
def far_from_spending(tables: Tables) -> Iterator[Hit]:
    """The shared condition, asked of the computed scores of each file."""
    limit = tables.scheme.thresholds.completion_gap
    for case in completion_far_from_spending(tables.layout):
        for file, computed in computed_scores(tables).items():
            of = {**tables.inputs[file].facts, **computed}.get
            if case.condition.holds(of):
                kpi_rate, rate = score_rates(tables.layout, of)
                yield hit(
                    file, "scores", case.row, "self", kpi_rate=percent(kpi_rate), spending_rate=percent(rate),
                    gap=two_places(abs(kpi_rate - rate) * 100), limit=limit,
                )  # fmt: skip
