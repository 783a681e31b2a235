"""Rows of the KPI table: what counts of each, weights that are shared out, and results that are bands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.layout.sheets import KPIS
from perfxl.scheme.model import Scheme
from tests.libreoffice import needs_libreoffice, recalculate
from tests.template_books import Shown, Values, differing, formula_faults, own_scores, random_values, write
from tests.template_schemes import crowded, district, many_kinds

ROW: dict[str, Decimal | str] = {
    "level1": "产出指标", "level2": "数量指标", "name": "讲座", "symbol": "≥", "target": Decimal(10),
    "actual": Decimal(9), "weight": Decimal(25), "self_score": Decimal(22), "reason": "少一场",
}  # fmt: skip


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return district()


def rows(*changes: dict[str, Decimal | str | None]) -> Values:
    """KPI rows, each the same but for some cells; None leaves a cell blank."""
    values: Values = {}
    for ordinal, change in enumerate(changes, 1):
        for column, value in (ROW | change).items():
            if value is not None:
                values["kpis", str(ordinal), column] = value
    return values


def column(shown: Shown, key: str, count: int) -> list[Any]:
    return [shown.line("kpis", f"k{ordinal:03d}", key) for ordinal in range(1, count + 1)]


def test_a_kind_row_is_not_hidden_by_a_strict_one(scheme: Scheme, tmp_path: Path) -> None:
    # Computed 22.5 each. One row claims 25, the other 20: what counts is 22.5 + 20.
    values = rows({"self_score": Decimal(25)}, {"self_score": Decimal(20)}) | own_scores(Q1="45")
    shown = Shown(tmp_path / "kind.xlsx", scheme, values)
    assert column(shown, "computed", 2) == [22.5, 22.5]
    assert column(shown, "counted", 2) == [22.5, 20]
    assert (shown.score("Q1", "computed"), shown.score("Q1", "accepted")) == (45, 42.5)
    summary = shown.row(KPIS, "Q1 产出指标完成情况（产出指标）")
    assert [value for value in summary if isinstance(value, int | float)][-2:] == [45, 42.5]


def test_without_a_self_score_the_computed_one_counts_and_never_less_than_nothing(
    scheme: Scheme, tmp_path: Path
) -> None:
    values = rows({"self_score": None}, {"self_score": Decimal(-3)}, {"self_score": "约 20"}, {"actual": None})
    shown = Shown(tmp_path / "blank.xlsx", scheme, values)
    assert column(shown, "counted", 5) == [22.5, 0, 22.5, None, None]


@pytest.mark.parametrize(("count", "last"), [(1, [50]), (3, [16.67, 16.66, 16.67]), (6, [8.33, 8.34, 8.33] * 2)])
def test_blank_weights_share_the_points_out_to_the_cent(
    scheme: Scheme, tmp_path: Path, count: int, last: list[float]
) -> None:
    values = rows(*[{"weight": None, "actual": Decimal(10), "self_score": None}] * count)
    shown = Shown(tmp_path / "shared.xlsx", scheme, values)
    assert column(shown, "counted_weight", count) == last
    assert shown.row(KPIS, "Q1 产出指标完成情况（产出指标）").count(50) >= 3


@pytest.mark.parametrize(
    ("own", "score", "counted"), [("24", 24, 24), ("25", 25, 25), ("19", 20, 19), ("1", 20, 1), (None, 25, 25)]
)
def test_within_a_band_the_own_score_decides(
    scheme: Scheme, tmp_path: Path, own: str | None, score: float, counted: float
) -> None:
    change: dict[str, Decimal | str | None] = {"symbol": "定性", "target": "达标", "actual": "达成预期"}
    values = rows(change | {"self_score": None if own is None else Decimal(own)})
    shown = Shown(tmp_path / "band.xlsx", scheme, values)
    assert (shown.line("kpis", "k001", "computed"), shown.line("kpis", "k001", "counted")) == (score, counted)


def test_there_may_be_more_results_than_formulas_nest(tmp_path: Path) -> None:
    change: dict[str, Decimal | str | None] = {"symbol": "定性", "actual": "第 69 档结果", "self_score": None}
    shown = Shown(tmp_path / "many.xlsx", crowded(), rows(change))
    assert shown.line("kpis", "k001", "completion") == pytest.approx(0.21)


def test_targets_below_zero_are_ordinary_where_the_scheme_says_so(scheme: Scheme, tmp_path: Path) -> None:
    change: dict[str, Decimal | str | None] = {"symbol": "≤", "target": Decimal(-5), "actual": Decimal(-3)}
    shown = Shown(tmp_path / "negative.xlsx", scheme, rows(change))
    assert shown.line("kpis", "k001", "completion") == pytest.approx(0.6)
    refusing = district(("kpi_rows = 12", "kpi_rows = 12\nnegative_targets = false"))
    assert Shown(tmp_path / "refused.xlsx", refusing, rows(change)).line("kpis", "k001", "completion") is None


def test_there_may_be_more_indicators_than_a_formula_chooses_from(tmp_path: Path) -> None:
    """Then weights are looked up; equal ones are shared out among the rows of the own indicator all the same."""
    many = many_kinds()
    kinds: list[dict[str, Decimal | str | None]] = [
        {"level1": f"类别{number}", "weight": None, "actual": Decimal(10), "self_score": None}
        for number in (3, 7, 3, 39, 3)
    ]
    book = write(tmp_path / "many.xlsx", many, rows(*kinds))
    assert formula_faults(book) == []
    shown = Shown(tmp_path / "many.xlsx", many, rows(*kinds))
    assert column(shown, "counted_weight", 5) == [0.83, 2.5, 0.84, 2.5, 0.83]
    given = Shown(tmp_path / "given.xlsx", many, rows({"level1": "类别5"}, {"level1": "类别5", "weight": None}))
    assert column(given, "counted_weight", 2) == [25, None]


@pytest.mark.libreoffice
@needs_libreoffice[1]
def test_libreoffice_looks_them_up_too(tmp_path: Path) -> None:
    scheme = many_kinds()
    paths = [tmp_path / f"{seed}.xlsx" for seed in range(4)]
    for seed, path in enumerate(paths):
        write(path, scheme, random_values(scheme, seed))
    again = recalculate(paths, tmp_path / "again")
    assert [fault for pair in zip(paths, again, strict=True) for fault in differing(*pair)] == []
