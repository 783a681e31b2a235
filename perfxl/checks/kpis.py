"""Checks of the KPI table: weights, targets, levels, self scores, completion."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from perfxl.checks.catalogue import check
from perfxl.checks.doubt import files_with_unread_levels, unread_cells
from perfxl.checks.finding import Severity
from perfxl.checks.frames import column, filled, hits, kept, mapped, no_hits, numbers, shared, total
from perfxl.decimals import CENT, divide, half_up, percent
from perfxl.intake.tables import Tables
from perfxl.layout import finding_words as words
from perfxl.rules.kpi import Kpi
from perfxl.rules.kpi_method import AT_LEAST, EQUAL, KpiRow, Weight
from perfxl.submission.numbers import fold


@shared
def _indicators(tables: Tables) -> pd.DataFrame:
    """One row per file and KPI indicator, with its rows' count, given weights and self scores.

    A file in which a row could belong to any of them has no rows here.
    """
    owned = filled(tables.kpis, "indicator")
    unsure = files_with_unread_levels(tables)
    files = [file for file in tables.submissions if file not in unsure]
    rows = []
    for indicator in tables.scheme.indicators:
        if not isinstance(indicator.rule, Kpi):
            continue
        groups = dict(list(owned[owned["indicator"] == indicator.code].groupby("file", sort=False)))
        for file in files:
            group = groups.get(file)
            first = "1" if group is None else group["key"].iloc[0]
            rows.append(
                {
                    "file": file,
                    "indicator": indicator.code,
                    "levels": "、".join(indicator.rule.levels),
                    "points": indicator.points,
                    "key": first,
                    "count": 0 if group is None else len(group),
                    "weights": [] if group is None else [w for w in group["weight"] if w is not None],
                    "own": [] if group is None else [s for s in group["self_score"] if s is not None],
                }
            )
    columns = ["file", "indicator", "levels", "points", "key", "count", "weights", "own"]
    return pd.DataFrame(rows, columns=columns)


@check(
    words.NO_KPIS.code, Severity.ERROR, words.NO_KPIS.title,
    message="绩效指标表里没有“{levels}”类的指标，{indicator} 无法计算", advice=words.NO_KPIS.advice,
)  # fmt: skip
def no_rows(tables: Tables) -> pd.DataFrame:
    """An indicator without a single KPI."""
    found = _indicators(tables)
    missing_table = [
        file for file, submission in tables.submissions.items() if "绩效指标" in submission.located.missing_sheets
    ]
    empty = found[(found["count"] == 0) & ~found["file"].isin(missing_table)]
    # The first row only shows where the table is: what stands there is not to blame.
    return hits(empty.assign(value="")[["file", "key", "levels", "indicator", "value"]], "kpis", field="level1")


@check(
    words.WEIGHTS_DO_NOT_TOTAL.code, Severity.ERROR, words.WEIGHTS_DO_NOT_TOTAL.title,
    message="“{levels}”类指标的权重合计为 {sum}，应为 {points}", advice=words.WEIGHTS_DO_NOT_TOTAL.advice,
    expected="{points}",
)  # fmt: skip
def weights_do_not_total(tables: Tables) -> pd.DataFrame:
    """All weights of an indicator are given, and their sum is not its points."""
    found = _indicators(tables)
    found = found[found["weights"].map(len).eq(found["count"]) & (found["count"] > 0)]
    found = found.assign(sum=mapped(found, total, "weights"))
    wrong = found[found["sum"] != found["points"]]
    return hits(wrong[["file", "key", "levels", "sum", "points"]], "kpis", field="weight")


@check(
    words.WEIGHTS_PARTLY_BLANK.code, Severity.ERROR, words.WEIGHTS_PARTLY_BLANK.title,
    message="“{levels}”类有 {count} 项指标，只有 {given} 项填了权重",
    advice=words.WEIGHTS_PARTLY_BLANK.advice,
)  # fmt: skip
def weights_partly_blank(tables: Tables) -> pd.DataFrame:
    """Some weights of an indicator are given and others not."""
    found = _indicators(tables)
    found = found.assign(given=found["weights"].map(len))
    partly = found[(found["given"] > 0) & (found["given"] < found["count"])]
    owned = filled(tables.kpis, "indicator")
    # A weight that is there and cannot be read has a finding of its own.
    unread = unread_cells(tables)
    troubled = {
        (file, code)
        for file, key, code in zip(owned["file"], owned["key"], owned["indicator"], strict=True)
        if (file, "kpis", key, "weight") in unread
    }
    partly = kept(partly, (pair not in troubled for pair in zip(partly["file"], partly["indicator"], strict=True)))
    first_blank = owned[owned["weight"].isna()].groupby(["file", "indicator"], sort=False)["key"].first()
    keys = column(partly, (first_blank[file, code] for file, code in zip(partly["file"], partly["indicator"],
                                                                          strict=True)))  # fmt: skip
    return hits(partly.assign(key=keys)[["file", "key", "levels", "count", "given", "points"]], "kpis", field="weight")


@check(
    words.NEGATIVE_TARGET.code, Severity.ERROR, words.NEGATIVE_TARGET.title,
    message="{label}是 {value}，不能为负", advice=words.NEGATIVE_TARGET.advice, expected="不小于 0",
)  # fmt: skip
def negative_target(tables: Tables) -> pd.DataFrame:
    """A target below 0."""
    kpis = numbers(tables.kpis, "target")
    return hits(kpis[kpis["target"] < 0][["file", "key"]], "kpis", field="target")


@check(
    words.ABOVE_WEIGHT.code, Severity.ERROR, words.ABOVE_WEIGHT.title,
    message="{label} {value} 高于权重 {weight}", advice=words.ABOVE_WEIGHT.advice, expected="不高于 {weight}",
)  # fmt: skip
def own_above_weight(tables: Tables) -> pd.DataFrame:
    """A KPI's self score above its weight."""
    kpis = numbers(tables.kpis, "self_score", "weight")
    return hits(kpis[kpis["self_score"] > kpis["weight"]][["file", "key", "weight"]], "kpis", field="self_score")


@check(
    words.LEVEL2_ELSEWHERE.code, Severity.WARNING, words.LEVEL2_ELSEWHERE.title,
    message="{label}“{value}”不属于“{level1}”", advice=words.LEVEL2_ELSEWHERE.advice,
)  # fmt: skip
def level2_elsewhere(tables: Tables) -> pd.DataFrame:
    """A second-level kind that belongs to another first level."""
    kpis = filled(tables.kpis, "level1", "level2")
    pairs = {(level.level1, level.level2) for level in tables.scheme.kpi_levels}
    fits = mapped(kpis, lambda one, two: (one, two) in pairs, "level1", "level2")
    return hits(kpis[~fits.astype(bool)][["file", "key", "level1"]], "kpis", field="level2")


@check(
    words.TARGET_ZERO.code, Severity.WARNING, words.TARGET_ZERO.title,
    message="{label}为 0，任何结果都算完成，目标没有意义", advice=words.TARGET_ZERO.advice,
)  # fmt: skip
def target_zero(tables: Tables) -> pd.DataFrame:
    """A target of 0 that must be reached says nothing."""
    kpis = _toward(tables, AT_LEAST)
    return hits(kpis[kpis["target"] == 0][["file", "key"]], "kpis", field="target")


@check(
    words.OVER_TARGET.code, Severity.WARNING, words.OVER_TARGET.title,
    message="{label} {value}，完成率 {rate}，超过 {limit}", advice=words.OVER_TARGET.advice,
)  # fmt: skip
def over_target(tables: Tables) -> pd.DataFrame:
    """A completion far above 100%. What should be small or is judged in words has no completion above 100%."""
    limit = tables.scheme.thresholds.over_target
    kpis = _toward(tables, AT_LEAST, EQUAL)
    kpis = kpis[kpis["target"] > 0]
    kpis = kpis.assign(completion=mapped(kpis, divide, "actual", "target"))
    over = kpis[kpis["completion"] > limit]
    rates = over["completion"].map(percent)
    return hits(
        over.assign(rate=rates, limit=percent(limit, 0))[["file", "key", "rate", "limit"]], "kpis", field="actual"
    )


def _toward(tables: Tables, *directions: str) -> pd.DataFrame:
    symbols = [symbol.symbol for symbol in tables.scheme.symbols if symbol.direction in directions]
    kpis = numbers(tables.kpis, "target", "actual")
    return kpis[kpis["symbol"].isin(symbols)]


@check(
    words.KPI_WITHOUT_REASON.code, Severity.WARNING, words.KPI_WITHOUT_REASON.title,
    message="{label} {value} 低于权重 {weight}，没有写扣分原因", advice=words.KPI_WITHOUT_REASON.advice,
)  # fmt: skip
def own_below_without_reason(tables: Tables) -> pd.DataFrame:
    """A KPI's self score below its weight without a word why."""
    kpis = numbers(tables.kpis, "self_score", "weight")
    low = kpis[(kpis["self_score"] < kpis["weight"]) & kpis["reason"].isna()]
    return hits(low[["file", "key", "weight"]], "kpis", field="self_score")


@check(
    words.OWN_SUMS_DIFFER.code, Severity.WARNING, words.OWN_SUMS_DIFFER.title,
    message="“{levels}”类指标自评得分合计 {sum}，与 {indicator} 的自评得分 {own} 不一致",
    advice=words.OWN_SUMS_DIFFER.advice,
)  # fmt: skip
def own_sums_differ(tables: Tables) -> pd.DataFrame:
    """The self scores of an indicator's KPIs do not add to its self score."""
    found = _indicators(tables)
    found = found[found["own"].map(len).eq(found["count"]) & (found["count"] > 0)]
    own = tables.scores.set_index(["file", "key"])["self"].to_dict()
    found = found.assign(
        sum=mapped(found, total, "own"),
        own=mapped(found, lambda file, code: own.get((file, code)), "file", "indicator"),
    )
    found = filled(found, "own")
    # Equal shares of the points rarely add to the cent.
    apart = mapped(found, lambda parts, whole: abs(half_up(parts) - whole) > CENT, "sum", "own").astype(bool)
    shown = found[apart][["file", "indicator", "levels", "sum", "own"]]
    return hits(shown.assign(key=shown["indicator"]), "scores", field="self")


@check(
    "I311", Severity.INFO, "没有写佐证材料",
    message="{label}没有填写", advice="请写明佐证材料的名称，备查",
)  # fmt: skip
def no_evidence(tables: Tables) -> pd.DataFrame:
    """A KPI without named evidence."""
    kpis = tables.kpis
    return hits(kpis[kpis["evidence"].isna()][["file", "key"]], "kpis", field="evidence")


@check(
    words.KPI_ABOVE_COMPUTED.code, Severity.WARNING, words.KPI_ABOVE_COMPUTED.title,
    message="{label} {value}，按公式计算为 {computed}", advice=words.KPI_ABOVE_COMPUTED.advice, expected="{computed}",
)  # fmt: skip
def own_above_computed(tables: Tables) -> pd.DataFrame:
    """A KPI's self score above what the formula gives for its weight."""
    scheme = tables.scheme
    kpis = numbers(tables.kpis, "self_score", "weight")
    if kpis.empty:
        return no_hits()

    def computed(symbol: str, target: object, actual: object, weight: Decimal) -> Decimal | None:
        row = KpiRow(None, None, symbol, target, actual, weight)  # type: ignore[arg-type]
        return scheme.kpi_method.score(row, Weight(weight)).score

    kpis = kpis.assign(computed=mapped(kpis, computed, "symbol", "target", "actual", "weight"))
    kpis = filled(kpis, "computed")
    # Above the weight it has an error of its own.
    kpis = kpis[kpis["self_score"] <= kpis["weight"]]
    margin = scheme.thresholds.self_over
    over = mapped(kpis, lambda own, score: own - score > margin, "self_score", "computed").astype(bool)
    return hits(kpis[over][["file", "key", "computed"]], "kpis", field="self_score")


@check(
    words.PERCENT_FORMATS.code, Severity.WARNING, words.PERCENT_FORMATS.title,
    message="{label}是 {value}，另一处是 {other}，单位是“%”，两处写法可能不同（95 与 95%）",
    advice=words.PERCENT_FORMATS.advice,
)  # fmt: skip
def percent_formats(tables: Tables) -> pd.DataFrame:
    """Excel turns a typed 95% into 0.95: target and actual value of a percentage are then a hundred times apart."""
    kpis = numbers(tables.kpis, "target", "actual")
    kpis = kept(kpis, (unit is not None and "%" in fold(str(unit)) for unit in kpis["unit"]))
    found = [no_hits()]
    for field, other in (("target", "actual"), ("actual", "target")):
        small = kpis[(kpis[field] > 0) & (kpis[field] <= 1) & (kpis[other] > 10)]
        found.append(hits(small.assign(other=small[other])[["file", "key", "other"]], "kpis", field=field))
    return pd.concat(found)
