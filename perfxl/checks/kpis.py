"""Checks of the KPI table: weights, targets, levels, self scores, completion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from perfxl.checks.catalogue import check
from perfxl.checks.doubt import files_with_unread_levels, unread_cells
from perfxl.checks.finding import Severity
from perfxl.checks.frames import Hit, hit, kept, numbers, rows, shared, total
from perfxl.decimals import CENT, divide, half_up, percent
from perfxl.intake.tables import Tables
from perfxl.layout import finding_words as words
from perfxl.rules.kpi_method import AT_LEAST, EQUAL, KpiRow, Weight
from perfxl.scheme.model import Indicator
from perfxl.text import fold


@dataclass
class _Group:
    """The KPI rows of one indicator in one file: their keys, weights and self scores."""

    file: str
    indicator: Indicator
    levels: str
    keys: list[str] = field(default_factory=list)
    weights: list[Decimal | None] = field(default_factory=list)
    own: list[Decimal | None] = field(default_factory=list)


@shared
def _groups(tables: Tables) -> list[_Group]:
    """One group per KPI indicator and file. A file in which a row could belong to any of them has none."""
    unsure = files_with_unread_levels(tables)
    groups = {
        (file, item.code): _Group(file, item, "、".join(item.rule.kpi_levels))
        for item in tables.scheme.kpi_indicators
        for file in tables.submissions
        if file not in unsure
    }
    for file, code, key, weight, own in rows(tables.kpis, "indicator", "key", "weight", "self_score"):
        if group := groups.get((file, code)):
            group.keys.append(key)
            group.weights.append(weight)
            group.own.append(own)
    return list(groups.values())


@check(
    words.NO_KPIS.code, Severity.ERROR, words.NO_KPIS.title,
    message="绩效指标表里没有“{levels}”类的指标，{indicator} 无法计算", advice=words.NO_KPIS.advice,
)  # fmt: skip
def no_rows(tables: Tables) -> Iterator[Hit]:
    """An indicator without a single KPI."""
    for group in _groups(tables):
        if group.keys or "绩效指标" in tables.submissions[group.file].located.missing_sheets:
            continue
        # The first row only shows where the table is: what stands there is not to blame.
        yield hit(
            group.file, "kpis", "1", "level1",
            levels=group.levels, indicator=group.indicator.code, value="",
        )  # fmt: skip


@check(
    words.WEIGHTS_DO_NOT_TOTAL.code, Severity.ERROR, words.WEIGHTS_DO_NOT_TOTAL.title,
    message="“{levels}”类指标的权重合计为 {sum}，应为 {points}", advice=words.WEIGHTS_DO_NOT_TOTAL.advice,
    expected="{points}",
)  # fmt: skip
def weights_do_not_total(tables: Tables) -> Iterator[Hit]:
    """All weights of an indicator are given, and their sum is not its points."""
    for group in _groups(tables):
        given, points = _given(group.weights), group.indicator.points
        if group.keys and len(given) == len(group.keys) and total(given) != points:
            yield hit(group.file, "kpis", group.keys[0], "weight", levels=group.levels, sum=total(given), points=points)


def _given(values: list[Decimal | None]) -> list[Decimal]:
    return [value for value in values if value is not None]


@check(
    words.WEIGHTS_PARTLY_BLANK.code, Severity.ERROR, words.WEIGHTS_PARTLY_BLANK.title,
    message="“{levels}”类有 {count} 项指标，只有 {given} 项填了权重",
    advice=words.WEIGHTS_PARTLY_BLANK.advice,
)  # fmt: skip
def weights_partly_blank(tables: Tables) -> Iterator[Hit]:
    """Some weights of an indicator are given and others not."""
    unread = unread_cells(tables)
    for group in _groups(tables):
        given = _given(group.weights)
        if not 0 < len(given) < len(group.keys):
            continue
        # A weight that is there and cannot be read has a finding of its own.
        if any((group.file, "kpis", key, "weight") in unread for key in group.keys):
            continue
        first_blank = group.keys[group.weights.index(None)]
        yield hit(
            group.file, "kpis", first_blank, "weight",
            levels=group.levels, count=len(group.keys), given=len(given), points=group.indicator.points,
        )  # fmt: skip


@check(
    words.NEGATIVE_TARGET.code, Severity.ERROR, words.NEGATIVE_TARGET.title,
    message="{label}是 {value}，不能为负", advice=words.NEGATIVE_TARGET.advice, expected="不小于 0",
)  # fmt: skip
def negative_target(tables: Tables) -> Iterator[Hit]:
    """A target below 0."""
    kpis = numbers(tables, "kpis", "target")
    for file, key in rows(kpis[kpis["target"] < 0], "key"):
        yield hit(file, "kpis", key, "target")


@check(
    words.ABOVE_WEIGHT.code, Severity.ERROR, words.ABOVE_WEIGHT.title,
    message="{label} {value} 高于权重 {weight}", advice=words.ABOVE_WEIGHT.advice, expected="不高于 {weight}",
)  # fmt: skip
def own_above_weight(tables: Tables) -> Iterator[Hit]:
    """A KPI's self score above its weight."""
    kpis = numbers(tables, "kpis", "self_score", "weight")
    for file, key, weight in rows(kpis[kpis["self_score"] > kpis["weight"]], "key", "weight"):
        yield hit(file, "kpis", key, "self_score", weight=weight)


@check(
    words.LEVEL2_ELSEWHERE.code, Severity.WARNING, words.LEVEL2_ELSEWHERE.title,
    message="{label}“{value}”不属于“{level1}”", advice=words.LEVEL2_ELSEWHERE.advice,
)  # fmt: skip
def level2_elsewhere(tables: Tables) -> Iterator[Hit]:
    """A second-level kind that belongs to another first level."""
    pairs = {(level.level1, level.level2) for level in tables.scheme.kpi_levels}
    for file, key, level1, level2 in rows(tables.kpis, "key", "level1", "level2"):
        if level1 is not None and level2 is not None and (level1, level2) not in pairs:
            yield hit(file, "kpis", key, "level2", level1=level1)


@check(
    words.TARGET_ZERO.code, Severity.WARNING, words.TARGET_ZERO.title,
    message="{label}为 0，任何结果都算完成，目标没有意义", advice=words.TARGET_ZERO.advice,
)  # fmt: skip
def target_zero(tables: Tables) -> Iterator[Hit]:
    """A target of 0 that must be reached says nothing."""
    kpis = _toward(tables, AT_LEAST)
    for file, key in rows(kpis[kpis["target"] == 0], "key"):
        yield hit(file, "kpis", key, "target")


@check(
    words.OVER_TARGET.code, Severity.WARNING, words.OVER_TARGET.title,
    message="{label} {value}，完成率 {rate}，超过 {limit}", advice=words.OVER_TARGET.advice,
)  # fmt: skip
def over_target(tables: Tables) -> Iterator[Hit]:
    """A completion far above 100%. What should be small or is judged in words has no completion above 100%."""
    limit = tables.scheme.thresholds.over_target
    kpis = _toward(tables, AT_LEAST, EQUAL)
    for file, key, target, actual in rows(kpis, "key", "target", "actual"):
        if target > 0 and (completion := divide(actual, target)) > limit:
            yield hit(file, "kpis", key, "actual", rate=percent(completion), limit=percent(limit, 0))


def _toward(tables: Tables, *directions: str) -> pd.DataFrame:
    symbols = {symbol.symbol for symbol in tables.scheme.symbols if symbol.direction in directions}
    kpis = numbers(tables, "kpis", "target", "actual")
    return kept(kpis, (symbol in symbols for symbol in kpis["symbol"]))


@check(
    words.KPI_WITHOUT_REASON.code, Severity.WARNING, words.KPI_WITHOUT_REASON.title,
    message="{label} {value} 低于权重 {weight}，没有写扣分原因", advice=words.KPI_WITHOUT_REASON.advice,
)  # fmt: skip
def own_below_without_reason(tables: Tables) -> Iterator[Hit]:
    """A KPI's self score below its weight without a word why."""
    kpis = numbers(tables, "kpis", "self_score", "weight")
    low = kpis[(kpis["self_score"] < kpis["weight"]) & kpis["reason"].isna()]
    for file, key, weight in rows(low, "key", "weight"):
        yield hit(file, "kpis", key, "self_score", weight=weight)


@check(
    words.OWN_SUMS_DIFFER.code, Severity.WARNING, words.OWN_SUMS_DIFFER.title,
    message="“{levels}”类指标自评得分合计 {sum}，与 {indicator} 的自评得分 {own} 不一致",
    advice=words.OWN_SUMS_DIFFER.advice,
)  # fmt: skip
def own_sums_differ(tables: Tables) -> Iterator[Hit]:
    """The self scores of an indicator's KPIs do not add to its self score."""
    for group in _groups(tables):
        code, parts = group.indicator.code, _given(group.own)
        own = tables.submissions[group.file].value("scores", code, "self")
        if not parts or len(parts) < len(group.keys) or not isinstance(own, Decimal):
            continue
        # Equal shares of the points rarely add to the cent.
        if abs(half_up(total(parts)) - own) > CENT:
            yield hit(
                group.file, "scores", code, "self", indicator=code, levels=group.levels, sum=total(parts), own=own
            )


@check(
    "I311", Severity.INFO, "没有写佐证材料",
    message="{label}没有填写", advice="请写明佐证材料的名称，备查",
)  # fmt: skip
def no_evidence(tables: Tables) -> Iterator[Hit]:
    """A KPI without named evidence."""
    kpis = tables.kpis
    for file, key in rows(kpis[kpis["evidence"].isna()], "key"):
        yield hit(file, "kpis", key, "evidence")


@check(
    words.KPI_ABOVE_COMPUTED.code, Severity.WARNING, words.KPI_ABOVE_COMPUTED.title,
    message="{label} {value}，按公式计算为 {computed}", advice=words.KPI_ABOVE_COMPUTED.advice, expected="{computed}",
)  # fmt: skip
def own_above_computed(tables: Tables) -> Iterator[Hit]:
    """A KPI's self score above what the formula gives for its weight."""
    method, margin = tables.scheme.kpi_method, tables.scheme.thresholds.self_over
    kpis = numbers(tables, "kpis", "self_score", "weight")
    # Above the weight it has an error of its own.
    kpis = kpis[kpis["self_score"] <= kpis["weight"]]
    columns = "key", "self_score", "symbol", "target", "actual", "weight"
    for file, key, own, symbol, target, actual, weight in rows(kpis, *columns):
        computed = method.score(KpiRow(None, None, symbol, target, actual, weight), Weight(weight)).score
        if computed is not None and own - computed > margin:
            yield hit(file, "kpis", key, "self_score", computed=computed)


@check(
    words.PERCENT_FORMATS.code, Severity.WARNING, words.PERCENT_FORMATS.title,
    message="{label}是 {value}，另一处是 {other}，单位是“%”，两处写法可能不同（95 与 95%）",
    advice=words.PERCENT_FORMATS.advice,
)  # fmt: skip
def percent_formats(tables: Tables) -> Iterator[Hit]:
    """Excel turns a typed 95% into 0.95: target and actual value of a percentage are then a hundred times apart."""
    kpis = numbers(tables, "kpis", "target", "actual")
    for column, other in (("target", "actual"), ("actual", "target")):
        small = kpis[(kpis[column] > 0) & (kpis[column] <= 1) & (kpis[other] > 10)]
        for file, key, unit, beside in rows(small, "key", "unit", other):
            if unit is not None and "%" in fold(str(unit)):
                yield hit(file, "kpis", key, column, other=beside)
