"""Checks of the KPI rows of an indicator together, and of what only a run asks of a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from perfxl.checks.catalogue import check, check_of
from perfxl.checks.finding import Severity
from perfxl.checks.shared import scored_kpis
from perfxl.checks.table_rows import Hit, hit, shared, total
from perfxl.checks.unread import files_with_unread_levels, unread_cells
from perfxl.findings.kpis import (
    NO_KPIS,
    WEIGHTS_DO_NOT_TOTAL,
    WEIGHTS_PARTLY_BLANK,
    band_points,
    band_words,
    bands_of,
)
from perfxl.findings.scores import KPI_OWN_TOTAL, OWN_SUMS_APART, OWN_SUMS_DIFFER
from perfxl.intake.submission_tables import Tables
from perfxl.layout.sheets import KPIS
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.scheme.model import Indicator


@dataclass
class KpiGroup:
    """The KPI rows of one indicator in one file: their keys, weights and self scores."""

    file: str
    indicator: Indicator
    levels: str
    keys: list[str] = field(default_factory=list)
    weights: list[Decimal | None] = field(default_factory=list)
    self_scores: list[Decimal | None] = field(default_factory=list)


@shared
def kpi_groups(tables: Tables) -> list[KpiGroup]:
    """One group per KPI indicator and file. A file in which a row could belong to any of them has none."""
    if not tables.scheme.kpi_indicators or not tables.layout.has("kpis"):
        return []
    unsure = files_with_unread_levels(tables)
    groups = {
        (file, item.code): KpiGroup(file, item, "、".join(item.rule.kpi_levels))
        for item in tables.scheme.kpi_indicators
        for file, submission in tables.submissions.items()
        if file not in unsure and submission.applies("scores", item.code)
    }
    for file, code, key, weight, self_score in tables.kpis.rows("indicator", "key", "weight", "self_score"):
        if group := groups.get((file, code)):
            group.keys.append(key)
            group.weights.append(weight)
            group.self_scores.append(self_score)
    return list(groups.values())


@check_of(NO_KPIS)
def no_rows(tables: Tables) -> Iterator[Hit]:
    """An indicator without a single KPI."""
    for group in kpi_groups(tables):
        if group.keys or KPIS in tables.submissions[group.file].located.missing_sheets:
            continue
        # The first row only shows where the table is: what stands there is not to blame.
        yield hit(
            group.file, "kpis", "1", "level1",
            levels=group.levels, indicator=group.indicator.code, value="",
        )  # fmt: skip


@check_of(WEIGHTS_DO_NOT_TOTAL)
def weights_do_not_total(tables: Tables) -> Iterator[Hit]:
    """All weights of an indicator are given, and their sum is not its points."""
    for group in kpi_groups(tables):
        given, points = _given(group.weights), group.indicator.points
        if group.keys and len(given) == len(group.keys) and total(given) != points:
            yield hit(group.file, "kpis", group.keys[0], "weight", levels=group.levels, sum=total(given), points=points)


def _given(values: list[Decimal | None]) -> list[Decimal]:
    return [value for value in values if value is not None]


@check_of(WEIGHTS_PARTLY_BLANK)
def weights_partly_blank(tables: Tables) -> Iterator[Hit]:
    """Some weights of an indicator are given and others not."""
    unread = unread_cells(tables)
    for group in kpi_groups(tables):
        given = _given(group.weights)
        if not 0 < len(given) < len(group.keys):
            continue
        # A weight that is there and cannot be read has a finding of its self_score.
        if any((group.file, "kpis", key, "weight") in unread for key in group.keys):
            continue
        first_blank = group.keys[group.weights.index(None)]
        yield hit(
            group.file, "kpis", first_blank, "weight",
            levels=group.levels, count=len(group.keys), given=len(given), points=group.indicator.points,
        )  # fmt: skip


@check_of(OWN_SUMS_DIFFER)
def own_sums_differ(tables: Tables) -> Iterator[Hit]:
    """The self scores of an indicator's KPIs do not add to its self score."""
    for group in kpi_groups(tables):
        code, parts = group.indicator.code, _given(group.self_scores)
        self_score = tables.submissions[group.file].value("scores", code, "self")
        complete = parts and len(parts) == len(group.keys)
        added = total(parts) if complete else None
        reason = tables.submissions[group.file].value("scores", code, "reason")
        if OWN_SUMS_APART.holds({"self": self_score, "reason": reason, KPI_OWN_TOTAL: added}.get):
            yield hit(
                group.file,
                "scores",
                code,
                "self",
                indicator=code,
                levels=group.levels,
                sum=added,
                self_score=self_score,
            )


@check(
    "I311", Severity.INFO, "没有写佐证材料",
    message="{label}没有填写", advice="请写明佐证材料的名称，备查",
)  # fmt: skip
def no_evidence(tables: Tables) -> Iterator[Hit]:
    """A KPI without named evidence."""
    kpis = tables.kpis
    if "evidence" not in kpis:
        return
    for file, key in kpis.kept([value is None for value in kpis["evidence"]]).rows("key"):
        # Of a KPI that was left out altogether that is told.
        if key not in tables.submissions[file].absent:
            yield hit(file, "kpis", key, "evidence")


@check(
    "I315", Severity.INFO, "按定性结果的上限计分",
    message="{label}没有填写，“{result}”（{band}）按上限 {most} 分计", advice="可以在区间内自评得分；无异议的不用填写",
)  # fmt: skip
def band_without_self_score(tables: Tables) -> Iterator[Hit]:
    """A qualitative result with a band whose row has no self score: it is scored at the top.

    A stage of the year that asks for no self score of KPIs has nothing to say of one.
    """
    bands, asked = bands_of(tables.scheme), {column.key for column in tables.scheme.table_columns("kpis")}
    if not bands or "self_score" not in asked:
        return
    scored, method, unread = scored_kpis(tables), tables.scheme.kpi_method, unread_cells(tables)
    for file, key, symbol, actual, own in tables.kpis.rows("key", "symbol", "actual", "self_score"):
        weight, score = scored.get((file, key), (None, None))
        if own is not None or actual not in bands or method.symbols.get(symbol) != QUALITATIVE:
            continue
        # Where a self score must be there, its want is an error.
        if weight is not None and score is not None and (file, "kpis", key, "self_score") not in unread:
            most = band_points(weight, *bands[actual])[1]
            yield hit(file, "kpis", key, "self_score", result=actual, band=band_words(*bands[actual]), most=most)
