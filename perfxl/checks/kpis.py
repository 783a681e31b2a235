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
    "E301", Severity.ERROR, "没有绩效指标",
    message="绩效指标表里没有“{levels}”类的指标，{indicator} 无法计算", advice="请补充该类指标",
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
    "E302", Severity.ERROR, "权重合计不等于分值",
    message="“{levels}”类指标的权重合计为 {sum}，应为 {points}", advice="请调整权重，或把该类权重全部留空（等权）",
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
    "E303", Severity.ERROR, "权重没有填全",
    message="“{levels}”类有 {count} 项指标，只有 {given} 项填了权重",
    advice="请把权重填全（合计 {points}），或全部留空（等权）",
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
    "E304", Severity.ERROR, "年度指标值为负",
    message="{label}是 {value}，不能为负", advice="请核对后填写不小于 0 的指标值", expected="不小于 0",
)  # fmt: skip
def negative_target(tables: Tables) -> pd.DataFrame:
    """A target below 0."""
    kpis = numbers(tables.kpis, "target")
    return hits(kpis[kpis["target"] < 0][["file", "key"]], "kpis", field="target")


@check(
    "E305", Severity.ERROR, "指标自评得分高于权重",
    message="{label} {value} 高于权重 {weight}", advice="请核对自评得分和权重", expected="不高于 {weight}",
)  # fmt: skip
def own_above_weight(tables: Tables) -> pd.DataFrame:
    """A KPI's self score above its weight."""
    kpis = numbers(tables.kpis, "self_score", "weight")
    return hits(kpis[kpis["self_score"] > kpis["weight"]][["file", "key", "weight"]], "kpis", field="self_score")


@check(
    "W306", Severity.WARNING, "二级指标与一级指标不配",
    message="{label}“{value}”不属于“{level1}”", advice="请从下拉列表中选择该一级指标下的二级指标",
)  # fmt: skip
def level2_elsewhere(tables: Tables) -> pd.DataFrame:
    """A second-level kind that belongs to another first level."""
    kpis = filled(tables.kpis, "level1", "level2")
    pairs = {(level.level1, level.level2) for level in tables.scheme.kpi_levels}
    fits = mapped(kpis, lambda one, two: (one, two) in pairs, "level1", "level2")
    return hits(kpis[~fits.astype(bool)][["file", "key", "level1"]], "kpis", field="level2")


@check(
    "W307", Severity.WARNING, "目标值为零",
    message="{label}为 0，任何结果都算完成，目标没有意义", advice="请核对年度指标值",
)  # fmt: skip
def target_zero(tables: Tables) -> pd.DataFrame:
    """A target of 0 that must be reached says nothing."""
    kpis = _toward(tables, AT_LEAST)
    return hits(kpis[kpis["target"] == 0][["file", "key"]], "kpis", field="target")


@check(
    "W308", Severity.WARNING, "疑似目标设置偏低",
    message="{label} {value}，完成率 {rate}，超过 {limit}", advice="请核对年度指标值是否偏低，下年合理设置",
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
    "W309", Severity.WARNING, "指标扣分没有原因",
    message="{label} {value} 低于权重 {weight}，没有写扣分原因", advice="请在该行“扣分原因”中说明",
)  # fmt: skip
def own_below_without_reason(tables: Tables) -> pd.DataFrame:
    """A KPI's self score below its weight without a word why."""
    kpis = numbers(tables.kpis, "self_score", "weight")
    low = kpis[(kpis["self_score"] < kpis["weight"]) & kpis["reason"].isna()]
    return hits(low[["file", "key", "weight"]], "kpis", field="self_score")


@check(
    "W310", Severity.WARNING, "指标自评合计与自评得分不一致",
    message="“{levels}”类指标自评得分合计 {sum}，与 {indicator} 的自评得分 {own} 不一致",
    advice="请核对；如在整体上另行扣分，请在扣分原因中说明",
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
    "W312", Severity.WARNING, "指标自评得分高于计算得分",
    message="{label} {value}，按公式计算为 {computed}", advice="请核对实际完成值和自评得分", expected="{computed}",
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
    "W313", Severity.WARNING, "疑似百分比格式",
    message="{label}是 {value}，另一处是 {other}，单位是“%”，两处写法可能不同（95 与 95%）",
    advice="单位是 % 时请只写数字，例如 95，并把单元格格式改为“常规”",
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
