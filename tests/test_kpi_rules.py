"""One KPI row by its symbol, the indicator over its rows, and the options of the scheme."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from perfxl.rules import Inputs, KpiMethod, KpiRow
from perfxl.rules.kpi import Kpi
from perfxl.rules.kpi_method import Band

SYMBOLS = {"≥": "at_least", ">": "at_least", "=": "equal", "≤": "at_most", "<": "at_most", "定性": "qualitative"}
SHARES = {
    label: Band(Decimal(share), Decimal(share))
    for label, share in {"达成预期": "1", "基本达成": "0.8", "部分达成且有一定效果": "0.6", "未达成": "0"}.items()
}
METHOD = KpiMethod(SYMBOLS, SHARES)
FLOOR = KpiMethod(SYMBOLS, SHARES, floor=Decimal("0.6"))
PENALTY = KpiMethod(SYMBOLS, SHARES, penalty_from=Decimal("0.3"), penalty=Decimal(2))
OUTPUT = Kpi(levels=("产出指标",))


def value(text: str | None) -> Decimal | str | None:
    """A number where the text is one."""
    return text if text is None or text in SHARES or not text.lstrip("-").replace(".", "").isdigit() else Decimal(text)


def row(
    symbol: str | None = "≥",
    target: str | None = "10",
    actual: str | None = "10",
    weight: str | None = None,
    *,
    level1: str = "产出指标",
    name: str | None = "活动场次",
) -> KpiRow:
    return KpiRow(level1, name, symbol, value(target), value(actual), None if weight is None else Decimal(weight))


def score(kpi: KpiRow, weight: str = "4", method: KpiMethod = METHOD) -> str:
    return str(method.score(kpi, Decimal(weight)).score)


@pytest.mark.parametrize("symbol", ["≥", ">"])
@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("35", "35", "4.00"),
        ("35", "99", "4.00"),
        ("35", "30", "3.43"),
        ("35", "0", "0.00"),
        ("35", "-1", "0.00"),
        ("0", "5", "4.00"),
        ("0", "0", "4.00"),
        ("0", "-3", "4.00"),
        ("0.5", "0.25", "2.00"),
        # Exact halves: 4 × 1 ÷ 800 = 0.005 and 4 × 401 ÷ 800 = 2.005.
        ("800", "1", "0.01"),
        ("800", "401", "2.01"),
        ("800", "400.9999", "2.00"),
    ],
)
def test_at_least(symbol: str, target: str, actual: str, expected: str) -> None:
    assert score(row(symbol, target, actual)) == expected


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("10", "10", "4.00"),
        ("10", "12", "4.00"),
        ("10", "9", "3.60"),
        ("10", "-9", "0.00"),
        ("0", "0", "4.00"),
        ("0", "-1", "4.00"),
        ("0", "0.01", "0.00"),
    ],
)
def test_equal(target: str, actual: str, expected: str) -> None:
    assert score(row("=", target, actual)) == expected


@pytest.mark.parametrize("symbol", ["≤", "<"])
@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("10", "10", "4.00"),
        ("10", "3", "4.00"),
        ("10", "-3", "4.00"),
        ("10", "12", "3.20"),
        ("10", "19.99", "0.00"),
        ("10", "19.98", "0.01"),
        ("10", "20", "0.00"),
        ("10", "50", "0.00"),
        ("0", "0", "4.00"),
        ("0", "-1", "4.00"),
        ("0", "0.01", "0.00"),
        # (1 − 399 ÷ 800) × 4 = 2.005.
        ("800", "1199", "2.01"),
    ],
)
def test_at_most(symbol: str, target: str, actual: str, expected: str) -> None:
    assert score(row(symbol, target, actual)) == expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [("达成预期", "5.00"), ("基本达成", "4.00"), ("部分达成且有一定效果", "3.00"), ("未达成", "0.00")],
)
def test_qualitative(result: str, expected: str) -> None:
    assert score(row("定性", "按时完成", result), "5") == expected


def test_a_qualitative_target_may_be_anything() -> None:
    assert score(row("定性", None, "基本达成")) == "3.20"
    assert score(row("定性", "90", "基本达成")) == "3.20"


@pytest.mark.parametrize(
    ("kpi", "missing"),
    [
        (row(symbol=None), ("symbol",)),
        (row(symbol="≈"), ("symbol",)),
        (row(target=None), ("target",)),
        (row(target="按时"), ("target",)),
        (row(target="-1"), ("target",)),
        (row(actual=None), ("actual",)),
        (row(actual="达成预期"), ("actual",)),
        (row(target=None, actual=None), ("target", "actual")),
        (row("定性", "达成预期", None), ("actual",)),
        (row("定性", "达成预期", "95"), ("actual",)),
        (row("定性", "达成预期", "很好"), ("actual",)),
    ],
)
def test_a_row_that_cannot_be_scored_says_why(kpi: KpiRow, missing: tuple[str, ...]) -> None:
    result = METHOD.score(kpi, Decimal(4))
    assert (result.completion, result.score, result.missing) == (None, None, missing)
    assert METHOD.working(kpi, Decimal(4)) == "资料不全，无法计分"


def test_a_row_without_weight_still_has_its_completion() -> None:
    result = METHOD.score(row(actual="5"), None)
    assert (result.completion, result.score, result.missing) == (Decimal("0.5"), None, ("weight",))


def test_completion_is_not_capped() -> None:
    assert METHOD.score(row(actual="13"), Decimal(4)).completion == Decimal("1.3")


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        (row("≥", "10", "6"), "2.40"),
        (row("≥", "10", "5.9999"), "0.00"),
        # 0.6 of 3 is 1.8 only in exact arithmetic.
        (row("≥", "3", "1.8"), "2.40"),
        (row("≤", "10", "14"), "2.40"),
        (row("≤", "10", "14.0001"), "0.00"),
        (row("定性", "好", "部分达成且有一定效果"), "2.40"),
        (row("定性", "好", "未达成"), "0.00"),
    ],
)
def test_completion_below_the_floor_scores_nothing(kpi: KpiRow, expected: str) -> None:
    assert score(kpi, method=FLOOR) == expected


@pytest.mark.parametrize(
    ("kpi", "weight", "expected"),
    [
        (row("≥", "10", "12.9999"), "4", "4.00"),
        (row("≥", "10", "13"), "4", "2.00"),
        (row(">", "10", "99"), "4", "2.00"),
        (row("=", "10", "13"), "4", "2.00"),
        (row("≥", "10", "13"), "1.5", "0.00"),
        (row("≤", "10", "0"), "4", "4.00"),
        (row("≥", "0", "99"), "4", "4.00"),
        (row("=", "0", "-5"), "4", "4.00"),
        (row("定性", "好", "达成预期"), "4", "4.00"),
        # 1.3 of 0.7 is 0.91 only in exact arithmetic.
        (row("≥", "0.7", "0.91"), "4", "2.00"),
    ],
)
def test_going_far_over_the_target_costs_points(kpi: KpiRow, weight: str, expected: str) -> None:
    assert score(kpi, weight, PENALTY) == expected


@pytest.mark.parametrize(
    ("kpi", "method", "words"),
    [
        (row("≥", "35", "30"), METHOD, "30 ÷ 35 × 4 = 3.43"),
        (row("≥", "35", "36"), METHOD, "36 ≥ 35，得权重 4 = 4.00"),
        (row("≥", "35", "-2"), METHOD, "-2 对目标 35，完成率 0%，得分 = 0.00"),
        (row("≥", "0", "-2"), METHOD, "目标为 0，得权重 4 = 4.00"),
        (row("=", "0", "-2"), METHOD, "-2 ≤ 0，得权重 4 = 4.00"),
        (row("=", "0", "2"), METHOD, "2 对目标 0，完成率 0%，得分 = 0.00"),
        (row("≤", "10", "12"), METHOD, "（1 −（12 − 10）÷ 10）× 4 = 3.20"),
        (row("<", "10", "9.5"), METHOD, "9.5 ≤ 10，得权重 4 = 4.00"),
        (row("≤", "10", "20"), METHOD, "20 对目标 10，完成率 0%，得分 = 0.00"),
        (row("定性", "好", "基本达成"), METHOD, "基本达成 80% × 4 = 3.20"),
        (row("≥", "10", "5"), FLOOR, "完成率 50.00% 低于 60%，得分 = 0.00"),
        (row("≥", "100", "59.999"), FLOOR, "完成率 59.999% 低于 60%，得分 = 0.00"),
        (row("≥", "10", "13"), PENALTY, "13 ≥ 10，得权重 4 − 2（超目标扣分） = 2.00"),
    ],
)
def test_the_working_of_a_row(kpi: KpiRow, method: KpiMethod, words: str) -> None:
    assert method.working(kpi, Decimal(4)) == words


def test_the_working_of_an_equal_share() -> None:
    assert METHOD.working(row("≥", "7", "6"), Decimal("6.67")) == "6 ÷ 7 × 6.67 = 5.72"


def indicator(*kpis: KpiRow, **options: Any) -> tuple[str | None, str]:
    """Score and explanation of the indicator of 20 points for outputs."""
    given = Inputs(facts={}, kpis=kpis, method=KpiMethod(SYMBOLS, SHARES, **options))
    outcome = OUTPUT.score(Decimal(20), given)
    return None if outcome.score is None else str(outcome.score), OUTPUT.explain(Decimal(20), given)


def test_rows_are_rounded_one_by_one_and_summed() -> None:
    kpis = [row("≥", "800", "1", "4"), row("≥", "800", "3", "4"), row("≥", "10", "10", "12")]
    assert indicator(*kpis) == ("12.03", "3 项指标 0.01 + 0.02 + 12.00 = 12.03")


def test_equal_weights_where_all_are_blank() -> None:
    assert indicator(row(), row(actual="5")) == ("15.00", "2 项指标 10.00 + 5.00 = 15.00")


def test_equal_weights_are_shared_out_to_the_cent_and_add_to_the_points() -> None:
    assert indicator(row(), row(), row()) == ("20.00", "3 项指标 6.67 + 6.66 + 6.67 = 20.00")
    assert indicator(*[row()] * 6) == ("20.00", "6 项指标 3.33 + 3.34 + 3.33 + 3.33 + 3.34 + 3.33 = 20.00")


def test_scores_over_the_points_are_held_to_them() -> None:
    assert indicator(row(weight="15"), row(weight="6")) == ("20.00", "2 项指标 15.00 + 6.00（最高 20） = 20.00")


def test_one_row() -> None:
    assert indicator(row(actual="9")) == ("18.00", "1 项指标得分 = 18.00")


def test_rows_of_other_levels_do_not_count() -> None:
    assert indicator(row(), row(actual="0", level1="效益指标"))[0] == "20.00"


def test_several_levels_share_one_indicator() -> None:
    kpis = [row(actual="5", level1="效益指标"), row(level1="满意度指标"), row(actual="0")]
    rule = Kpi(levels=("效益指标", "满意度指标"))
    assert rule.score(Decimal(20), Inputs(facts={}, kpis=kpis, method=METHOD)).score == 15


def test_a_blank_weight_beside_others_leaves_no_score() -> None:
    assert indicator(row(weight="20"), row()) == (None, "缺少“活动场次”的权重，按 0 分计")


def test_a_missing_value_leaves_no_score() -> None:
    kpis = [row(weight="10"), row(actual=None, target=None, weight="10", name=None)]
    assert indicator(*kpis) == (None, "缺少“未命名指标”的年度指标值、“未命名指标”的实际完成值，按 0 分计")


def test_no_rows_leave_no_score() -> None:
    assert indicator() == (None, "缺少产出指标，按 0 分计")


def test_options_reach_the_indicator() -> None:
    assert indicator(row(actual="5"), row(), floor=Decimal("0.6"))[0] == "10.00"
    assert indicator(row(actual="13"), row(), penalty_from=Decimal("0.3"), penalty=Decimal(2))[0] == "18.00"
