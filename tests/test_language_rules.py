"""Rules over facts and derived facts by hand: bounds closed and open, both sides of a target, steps, percentages."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.small_schemes import answer, derived, fact, indicator, score_of, scored, small

Table = dict[str, Any]

FACTS = [fact("甲数", negative=True), fact("乙数"), fact("比率", "percent", negative=True), fact("次数", "count")]
FACTS += [fact("人数", "count"), fact("数值", "number", negative=True), fact("违规", "yes_no", required=False)]
BLANK = {"甲数": "0", "乙数": "1", "比率": "0", "次数": "0", "人数": "1", "数值": "0"}
CHANGE = derived("变动率", ["甲数", "-乙数"], ["乙数"])
DIFFERENCE = derived("调整率", ["甲数", "-乙数"], ["乙数"], absolute=True)
COST = derived("人均", ["甲数"], ["人数"], percent=False, factor=10000, unit="元/人")


def computed(kind: str, settings: Table, facts: Table, folder: Path, points: str = "10") -> str | None:
    """The computed score of an indicator with these settings."""
    rows = [CHANGE, DIFFERENCE, COST, derived("余额", ["甲数", "-乙数"], percent=False)]
    rows.append(derived("两倍变动", ["变动率"], ["比率"]))
    table = small(indicator("甲", points, kind, settings=settings), facts=FACTS, derived=rows)
    return score_of("甲", scored(table, answer(table, BLANK | facts), folder))[0]


def tier(*rows: tuple[str, str]) -> list[list[Decimal]]:
    return [[Decimal(bound), Decimal(worth)] for bound, worth in rows]


RISING = {"tiers": tier(("0.9", "10"), ("0.6", "5"))}
FALLING = {"toward": "越低越好", "tiers": tier(("0", "10"), ("0.1", "6"), ("0.2", "2"))}


@pytest.mark.parametrize(
    ("settings", "rate", "score"),
    [
        (RISING, "90", "10.00"),
        (RISING, "89.999999", "5.00"),
        (RISING, "59.999999", "0.00"),
        (RISING | {"closed": "不含本数"}, "90", "5.00"),
        (RISING | {"closed": "不含本数"}, "90.000001", "10.00"),
        (RISING | {"closed": "不含本数"}, "60", "0.00"),
        (FALLING, "0", "10.00"),
        (FALLING, "-3", "10.00"),
        (FALLING, "0.000001", "6.00"),
        (FALLING, "10", "6.00"),
        (FALLING, "10.000001", "2.00"),
        (FALLING, "20", "2.00"),
        (FALLING, "20.000001", "0.00"),
        (FALLING | {"closed": "不含本数"}, "10", "2.00"),
        (FALLING | {"closed": "不含本数"}, "20", "0.00"),
        (FALLING | {"closed": "不含本数"}, "-0.000001", "10.00"),
    ],
)
def test_tiers_rise_or_fall_with_their_bounds_in_or_out(settings: Table, rate: str, score: str, tmp_path: Path) -> None:
    """The same of a percentage that is typed and of facts over facts."""
    assert computed("tiers", settings | {"value": "比率"}, {"比率": rate}, tmp_path) == score
    over = settings | {"numerator": ["甲数"], "denominator": ["乙数"]}
    assert computed("tiers", over, {"甲数": str(Decimal(rate)), "乙数": "100"}, tmp_path) == score


BUDGET = {"numerator": ["甲数"], "denominator": ["乙数"], "per_point": Decimal("0.5")}
BOTH = BUDGET | {"target": 1, "side": "两边", "free": Decimal("0.05")}


@pytest.mark.parametrize(
    ("settings", "part", "score"),
    [
        # 采购执行率: 5 points on both sides of 100% are free, each further one costs 0.5.
        (BOTH, "100", "10.00"),
        (BOTH, "105", "10.00"),
        (BOTH, "95", "10.00"),
        (BOTH, "106", "9.50"),
        (BOTH, "94", "9.50"),
        (BOTH, "94.5", "9.75"),
        # 0.5 × 0.01 = 0.005: 9.995 is half a cent up.
        (BOTH, "105.01", "10.00"),
        (BOTH, "105.02", "9.99"),
        (BOTH, "130", "0.00"),
        (BOTH | {"step": "不足一个不计"}, "106.99", "9.50"),
        (BOTH | {"step": "不足一个不计"}, "107", "9.00"),
        (BOTH | {"step": "不足一个不计"}, "93.01", "9.50"),
        (BOTH | {"step": "不足一个按一个计"}, "105.000001", "9.50"),
        (BOTH | {"step": "不足一个按一个计"}, "106", "9.50"),
        (BOTH | {"step": "不足一个按一个计"}, "106.000001", "9.00"),
        (BOTH | {"side": "高于"}, "10", "10.00"),
        (BOTH | {"side": "高于"}, "107", "9.00"),
        (BOTH | {"side": "低于"}, "200", "10.00"),
        (BOTH | {"side": "低于"}, "90", "7.50"),
        (BUDGET, "-30", "10.00"),
        (BUDGET, "1", "9.50"),
        (BUDGET | {"side": "两边"}, "-1", "9.50"),
        # A change of −5% is the target; −3% is two points above it.
        (BUDGET | {"target": Decimal("-0.05")}, "-3", "9.00"),
        (BUDGET | {"target": Decimal("-0.05")}, "-7", "10.00"),
    ],
)
def test_deviations_cost_beyond_their_allowance(settings: Table, part: str, score: str, tmp_path: Path) -> None:
    assert computed("deviation", settings, {"甲数": part, "乙数": "100"}, tmp_path) == score


@pytest.mark.parametrize(
    ("settings", "part", "score"),
    [
        (BUDGET, "0", "10.00"),
        (BUDGET, "3", "0.00"),
        (BUDGET, "-3", "10.00"),
        (BUDGET | {"side": "低于"}, "-3", "0.00"),
        (BUDGET | {"side": "两边"}, "-3", "0.00"),
        (BUDGET | {"na": "满分"}, "3", "10.00"),
        ({"value": "变动率", "per_point": 1}, "3", "0.00"),
        ({"value": "调整率", "per_point": 1, "side": "低于"}, "-3", "10.00"),
    ],
)
def test_a_deviation_over_nothing(settings: Table, part: str, score: str, tmp_path: Path) -> None:
    assert computed("deviation", settings, {"甲数": part, "乙数": "0"}, tmp_path) == score


def test_a_deviation_of_what_is_no_rate_counts_units(tmp_path: Path) -> None:
    """120,000 yuan a head, 100,000 free, a point for every 1,000."""
    settings = {"value": "人均", "free": 100000, "per_point": Decimal("0.001")}
    assert computed("deviation", settings, {"甲数": "120", "人数": "10"}, tmp_path, "50") == "30.00"


@pytest.mark.parametrize(
    ("settings", "facts", "score"),
    [
        ({"value": "变动率"}, {"甲数": "150", "乙数": "100"}, "5.00"),
        ({"value": "变动率"}, {"甲数": "50", "乙数": "100"}, "0.00"),
        ({"value": "变动率", "na": "满分"}, {"甲数": "50", "乙数": "0"}, "10.00"),
        ({"value": "变动率"}, {"甲数": "50", "乙数": "0"}, "0.00"),
        ({"value": "调整率"}, {"甲数": "50", "乙数": "100"}, "5.00"),
        ({"value": "人均", "target": 200000}, {"甲数": "30", "人数": "3"}, "5.00"),
        ({"value": "余额", "target": 40}, {"甲数": "30", "乙数": "10"}, "5.00"),
        ({"value": "比率"}, {"比率": "95.5"}, "9.55"),
        ({"value": "比率", "target": Decimal("0.95")}, {"比率": "95.5"}, "10.00"),
        ({"value": "数值", "target": 8}, {"数值": "2"}, "2.50"),
        # A derived fact of a derived fact: 50% over 200%.
        ({"value": "两倍变动"}, {"甲数": "150", "乙数": "100", "比率": "200"}, "2.50"),
        ({"value": "两倍变动", "na": "满分"}, {"甲数": "150", "乙数": "0", "比率": "200"}, "10.00"),
        ({"value": "两倍变动"}, {"甲数": "150", "乙数": "0", "比率": "200"}, "0.00"),
        # 1 ÷ 3 of a percentage point has no end: 0.985 ÷ 3 × 3 = 0.985, half a cent up.
        ({"numerator": ["甲数"], "denominator": ["人数"]}, {"甲数": "0.2955", "人数": "3"}, "0.99"),
    ],
)
def test_ratios_of_derived_facts_and_percentages(settings: Table, facts: Table, score: str, tmp_path: Path) -> None:
    assert computed("ratio", settings, facts, tmp_path) == score


@pytest.mark.parametrize(
    ("settings", "facts", "score"),
    [
        ({"value": ["比率"], "fixed": 1, "side": "不高于"}, {"比率": "100"}, "10.00"),
        ({"value": ["比率"], "fixed": 1, "side": "不高于"}, {"比率": "100.000001"}, "0.00"),
        ({"value": ["变动率"], "fixed": 0, "side": "不高于"}, {"甲数": "99", "乙数": "100"}, "10.00"),
        ({"value": ["变动率"], "fixed": 0, "side": "不高于"}, {"甲数": "100.000001", "乙数": "100"}, "0.00"),
        ({"value": ["变动率"], "fixed": Decimal("-0.05"), "side": "不高于"}, {"甲数": "95", "乙数": "100"}, "10.00"),
        ({"value": ["变动率"], "fixed": 0, "side": "不高于"}, {"甲数": "1", "乙数": "0"}, "0.00"),
        ({"value": ["变动率"], "fixed": 0, "side": "不高于", "na": "满分"}, {"甲数": "1", "乙数": "0"}, "10.00"),
        ({"value": ["余额"], "bound": ["数值"], "side": "不低于"}, {"甲数": "8", "乙数": "3", "数值": "5"}, "10.00"),
        ({"value": ["余额"], "bound": ["数值"], "side": "不低于"}, {"甲数": "8", "乙数": "3", "数值": "5.1"}, "0.00"),
        ({"value": ["次数"], "fixed": 0, "side": "不高于", "na": "满分"}, {"次数": "1"}, "0.00"),
        ({"value": ["次数"], "bound": ["数值"], "side": "不低于", "na": "满分"}, {"次数": "0", "数值": "0"}, "10.00"),
    ],
)
def test_limits_of_facts_and_of_numbers(settings: Table, facts: Table, score: str, tmp_path: Path) -> None:
    assert computed("limit", settings, facts, tmp_path) == score


@pytest.mark.parametrize(
    ("facts", "score"),
    [({}, "0.00"), ({"次数": "1"}, "1.50"), ({"次数": "2", "人数": "2"}, "3.60"), ({"次数": "9"}, "5.00")],
)
def test_additions_count_up_to_the_points(facts: Table, score: str, tmp_path: Path) -> None:
    settings = {"items": [["次数", Decimal("1.5")], ["人数", Decimal("0.3")]]}
    assert computed("additions", settings, {"人数": "0"} | facts, tmp_path, "5") == score


@pytest.mark.parametrize("missing", ["甲数", "乙数"])
def test_a_derived_fact_without_one_of_its_facts_leaves_no_score(missing: str, tmp_path: Path) -> None:
    assert computed("ratio", {"value": "变动率"}, {missing: None}, tmp_path) is None
    assert computed("ratio", {"value": "两倍变动"}, {missing: None}, tmp_path) is None
