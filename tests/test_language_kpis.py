"""KPI rows by hand: weights shared out to the cent, the lower score row by row, negative targets, bands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.small_schemes import answer, indicator, kpi, score_of, scored, small

OUTPUT = indicator("甲", 20, "kpi", settings={"levels": ["产出"]})
BANDS = [
    {"label": "达成", "share": 1, "low": Decimal("0.8")},
    {"label": "部分达成", "share": Decimal("0.8"), "low": Decimal("0.6")},
    {"label": "未达成", "share": Decimal("0.6"), "low": 0},
    {"label": "完全一致", "share": 1},
]


@pytest.mark.parametrize(
    ("count", "weights"),
    [
        (1, "20"),
        (3, "6.67 6.66 6.67"),
        (6, "3.33 3.34 3.33 3.33 3.34 3.33"),
        (7, "2.86 2.85 2.86 2.86 2.86 2.85 2.86"),
        (8, "2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.5"),
    ],
)
def test_blank_weights_share_the_points_out_to_the_cent(count: int, weights: str, tmp_path: Path) -> None:
    table = small(OUTPUT)
    result = scored(table, answer(table, kpis=[kpi("≥", "10", "10")] * count), tmp_path)
    assert [row.weight for row in result.kpis] == [Decimal(weight) for weight in weights.split()]
    assert score_of("甲", result) == ("20.00", "20.00")


def test_points_of_half_a_cent_a_row_are_shared_out_too(tmp_path: Path) -> None:
    """0.05 in two rows: 0.025 ends at 0.03, so 0.03 and 0.02."""
    table = small(indicator("甲", "0.05", "kpi", settings={"levels": ["产出"]}))
    result = scored(table, answer(table, kpis=[kpi("≥", "10", "10")] * 2), tmp_path)
    assert [str(row.computed) for row in result.kpis] == ["0.03", "0.02"]
    assert score_of("甲", result) == ("0.05", "0.05")


def test_a_kind_row_is_not_hidden_by_a_strict_one(tmp_path: Path) -> None:
    """The example of the issue: 7.5 claimed where 5.6 is computed, 1.9 deducted elsewhere: 96.00 and not 97.60."""
    table = small(indicator("甲", 40, "kpi", settings={"levels": ["产出"]}))
    rows = [
        kpi("≥", "100", "70", weight="8", self_score="7.5"),
        kpi("≥", "10", "10", weight="12", self_score="10.4"),
        kpi("≥", "10", "10", weight="20", self_score="20"),
    ]
    result = scored(table, answer(table, own={"甲": "37.9"}, kpis=rows), tmp_path)
    assert [(str(row.computed), str(row.counted)) for row in result.kpis] == [
        ("5.60", "5.60"), ("12.00", "10.4"), ("20.00", "20"),
    ]  # fmt: skip
    assert score_of("甲", result) == ("37.60", "36.00")
    assert str(result.total) == "96.00"


@pytest.mark.parametrize(
    ("own", "rows", "accepted"),
    [
        # The lowest of the self score and what counts of the rows.
        ("20", ("8", "12"), "20.00"),
        ("19", ("8", "12"), "19.00"),
        ("20", ("8", "10.5"), "18.50"),
        ("20", (None, "10.5"), "18.50"),
        ("20", (None, None), "20.00"),
        # Self scores of three places: 7.995 + 12 are 19.995, half a cent up.
        ("20", ("7.995", "12"), "20.00"),
        ("20", ("7.994", "12"), "19.99"),
    ],
)
def test_what_counts_of_the_rows_and_of_their_indicator(
    own: str, rows: tuple[str | None, str | None], accepted: str, tmp_path: Path
) -> None:
    table = small(OUTPUT)
    kpis = [kpi("≥", "10", "10", weight=weight, self_score=row) for weight, row in zip(("8", "12"), rows, strict=True)]
    result = scored(table, answer(table, own={"甲": own}, kpis=kpis), tmp_path)
    assert score_of("甲", result) == ("20.00", accepted)


@pytest.mark.parametrize(
    ("symbol", "target", "actual", "score"),
    [
        ("≤", "-5", "-5", "20.00"),
        ("≤", "-5", "-7", "20.00"),
        ("≤", "-5", "-4", "16.00"),
        ("≤", "-5", "0", "0.00"),
        ("≤", "-5", "-0.01", "0.04"),
        ("≤", "-5", "3", "0.00"),
        ("≥", "-5", "-5", "20.00"),
        ("≥", "-5", "2", "20.00"),
        ("≥", "-5", "-6", "16.00"),
        ("≥", "-5", "-10", "0.00"),
        ("≥", "-5", "-99", "0.00"),
        ("=", "-5", "-5", "20.00"),
        ("=", "-5", "-4", "16.00"),
        ("=", "-5", "-8", "20.00"),
        ("=", "-5", "0", "0.00"),
        ("=", "-5", "4", "0.00"),
        # (1 − 399 ÷ 800) × 20 = 10.025, half a cent up.
        ("≤", "-800", "-401", "10.03"),
    ],
)
def test_negative_targets(symbol: str, target: str, actual: str, score: str, tmp_path: Path) -> None:
    table = small(OUTPUT)
    result = scored(table, answer(table, kpis=[kpi(symbol, target, actual)]), tmp_path)
    assert score_of("甲", result) == (score, score)


def test_negative_targets_may_be_refused(tmp_path: Path) -> None:
    table = small(OUTPUT, options={"negative_targets": False})
    result = scored(table, answer(table, kpis=[kpi("≤", "-5", "-7")]), tmp_path)
    assert score_of("甲", result) == (None, "0.00")


@pytest.mark.parametrize(
    ("actual", "own", "computed", "counted"),
    [
        ("达成", "18", "18.00", "18"),
        ("达成", "16", "16.00", "16"),
        ("达成", "15.99", "16.00", "15.99"),
        ("达成", "20", "20.00", "20"),
        ("达成", None, "20.00", "20.00"),
        ("部分达成", "16", "16.00", "16"),
        ("部分达成", "19", "16.00", "16.00"),
        ("部分达成", "12", "12.00", "12"),
        ("未达成", "0", "0.00", "0"),
        ("未达成", None, "12.00", "12.00"),
        ("完全一致", "7", "20.00", "7"),
    ],
)
def test_a_self_score_counts_within_the_band_of_its_result(
    actual: str, own: str | None, computed: str, counted: str, tmp_path: Path
) -> None:
    table = small(OUTPUT, shares=BANDS)
    result = scored(table, answer(table, kpis=[kpi("定性", "好", actual, weight="20", self_score=own)]), tmp_path)
    (row,) = result.kpis
    assert (str(row.computed), str(row.counted)) == (computed, counted)


@pytest.mark.parametrize(("own", "computed"), [("12", "12.00"), ("11.99", "0.00"), (None, "16.00")])
def test_the_floor_looks_at_the_share_that_was_earned(own: str | None, computed: str, tmp_path: Path) -> None:
    """部分达成 60–80% with a floor of 60%; below the band the band's end counts, and that is on the floor."""
    shares = [{"label": "部分达成", "share": Decimal("0.8"), "low": Decimal("0.5")}]
    table = small(OUTPUT, shares=shares, options={"floor_on": True, "floor": Decimal("0.6")})
    result = scored(table, answer(table, kpis=[kpi("定性", "好", "部分达成", weight="20", self_score=own)]), tmp_path)
    assert [str(row.computed) for row in result.kpis] == [computed]


def test_kpis_may_be_a_bonus(tmp_path: Path) -> None:
    bonus = indicator("乙", 4, "kpi", level="加分二级", settings={"levels": ["产出"]})
    table = small(bonus, bonus=4, options={"over_full": True})
    rows = [kpi("≥", "10", "5", weight="4", self_score="4")]
    result = scored(table, answer(table, own={"乙": "3"}, kpis=rows), tmp_path)
    assert score_of("乙", result) == ("2.00", "2.00")
    assert str(result.total) == "102.00"
