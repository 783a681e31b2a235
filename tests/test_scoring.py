"""From a filled workbook to its result: the lower of two scores, totals, caps, grades, each at its bound."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult
from perfxl.scoring.levels import first_level, level_scores, second_level
from tests.books import Document, Edit, edited, filled, process, put
from tests.template_books import unusual
from tests.test_oracle import full_marks


@pytest.fixture
def full(case: dict[str, Any], scheme_table: dict[str, Any]) -> Document:
    """A document that earns 100."""
    return full_marks(case, scheme_table)


def result_of(document: Document, scheme: Scheme, folder: Path, *edits: Edit) -> DepartmentResult:
    """What a run makes of a workbook that is filled from a document."""
    result = process(filled(edited(document, *edits), scheme, folder / "one.xlsx"), scheme).result
    assert result is not None
    return result


def with_options(scheme: Scheme, **options: Any) -> Scheme:
    return replace(scheme, options=replace(scheme.options, **options))


def losing(lost: str) -> tuple[Edit, ...]:
    """Self scores that are so much below full marks, taken from the two largest indicators and a third."""
    rest, edits = Decimal(lost), []
    for code, points in (("A01", 20), ("A02", 20), ("A03", 10)):
        part = min(rest, Decimal(points))
        edits.append(put(f"scores.{code}.self", str(points - part)))
        rest -= part
    return tuple(edits)


def spending(spent: str, adjusted: str | None = "100") -> tuple[Edit, ...]:
    return put("funds.total.adjusted", adjusted), put("funds.total.spent", spent)


# Totals, grades and nearness


@pytest.mark.parametrize(
    ("lost", "grade", "near"),
    [
        ("0", "优", False),
        ("9.49", "优", False),
        ("9.50", "优", True),
        ("10", "优", True),
        ("10.01", "良", True),
        ("10.50", "良", True),
        ("10.51", "良", False),
        ("19.49", "良", False),
        ("19.50", "良", True),
        ("20", "良", True),
        ("20.01", "中", True),
        ("20.51", "中", False),
        ("39.50", "中", True),
        ("40", "中", True),
        ("40.01", "差", True),
        ("40.51", "差", False),
    ],
)
def test_grades_are_closed_below_and_their_margins_on_both_sides(
    lost: str, grade: str, near: bool, full: Document, scheme: Scheme, tmp_path: Path
) -> None:
    result = result_of(full, scheme, tmp_path, *losing(lost))
    assert (result.total, result.grade, result.near_threshold) == (100 - Decimal(lost), grade, near)
    assert (result.self_total, result.self_grade) == (result.total, result.grade)
    assert result.capped_from is None


def test_the_lowest_grade_has_no_bound_to_be_near(full: Document, scheme: Scheme, tmp_path: Path) -> None:
    nothing = [put(f"scores.{code}.self", None) for code in full["scores"]]
    result = result_of(full, scheme, tmp_path, *nothing)
    assert (str(result.total), result.grade, result.near_threshold) == ("0.00", "差", False)
    assert str(result.self_total) == "0.00"


@pytest.mark.parametrize(
    ("lost", "grade"), [("10", "优"), ("20", "良"), ("30", "中"), ("30.01", "低"), ("40.01", "差")]
)
def test_five_grades(lost: str, grade: str, full: Document, scheme: Scheme, tmp_path: Path) -> None:
    assert result_of(full, with_options(scheme, five_grades=True), tmp_path, *losing(lost)).grade == grade


# Caps


@pytest.mark.parametrize(
    ("spent", "total", "uncapped"),
    [
        ("80", "98.00", None),
        ("79.9999", "89.00", "98.00"),
        ("70", "89.00", "97.00"),
        ("69.9999", "79.00", "97.00"),
        ("60", "79.00", "96.00"),
        ("59.9999", "69.00", "96.00"),
        ("50", "69.00", "95.00"),
        ("49.9999", "59.00", "95.00"),
        ("0", "59.00", "90.00"),
    ],
)
def test_a_low_spending_rate_caps_the_total_from_its_bound_on(
    spent: str, total: str, uncapped: str | None, full: Document, scheme: Scheme, tmp_path: Path
) -> None:
    result = result_of(full, with_options(scheme, caps_on=True), tmp_path, *spending(spent))
    assert str(result.total) == total
    assert result.capped_from == (None if uncapped is None else Decimal(uncapped))


def test_grade_and_nearness_are_those_of_the_capped_total(full: Document, scheme: Scheme, tmp_path: Path) -> None:
    result = result_of(full, with_options(scheme, caps_on=True), tmp_path, *spending("60"))
    assert (result.grade, result.near_threshold) == ("中", False)
    assert result.self_total == 100 and result.self_grade == "优", "the department's own total is not capped"


@pytest.mark.parametrize(("lost", "total", "uncapped"), [("8.99", "89.00", "89.01"), ("9", "89.00", None)])
def test_a_total_at_the_cap_is_not_capped(
    lost: str, total: str, uncapped: str | None, full: Document, scheme: Scheme, tmp_path: Path
) -> None:
    edits = *spending("79.9999"), put("scores.A01.self", str(20 - Decimal(lost)))
    result = result_of(full, with_options(scheme, caps_on=True), tmp_path, *edits)
    assert str(result.total) == total
    assert result.capped_from == (None if uncapped is None else Decimal(uncapped))


@pytest.mark.parametrize("edits", [spending("10", None), spending("10", "0")], ids=["blank", "zero"])
def test_without_a_rate_nothing_is_capped(
    edits: tuple[Edit, ...], full: Document, scheme: Scheme, tmp_path: Path
) -> None:
    result = result_of(full, with_options(scheme, caps_on=True), tmp_path, *edits)
    assert result.spending_rate is None
    assert str(result.total) == "90.00", "A03 cannot be computed and counts nothing"


def test_a_scheme_caps_only_where_it_says_so(full: Document, scheme: Scheme, tmp_path: Path) -> None:
    result = result_of(full, scheme, tmp_path, *spending("10"))
    assert (str(result.total), result.capped_from) == ("91.00", None)


def test_of_all_caps_that_hold_the_lowest_counts(full: Document, scheme: Scheme, tmp_path: Path) -> None:
    """Whatever the order in which the scheme lists them."""
    turned = replace(with_options(scheme, caps_on=True), caps=scheme.caps[::-1])
    assert str(result_of(full, turned, tmp_path, *spending("65")).total) == "79.00"
    few = replace(with_options(scheme, caps_on=True), caps=scheme.caps[:2])
    assert str(result_of(full, few, tmp_path, *spending("10")).total) == "79.00"


# One indicator


def score_of(code: str, result: DepartmentResult) -> tuple[str | None, str]:
    """Computed and accepted score of an indicator."""
    score = next(score for score in result.scores if score.code == code)
    return None if score.computed is None else str(score.computed), str(score.score)


@pytest.mark.parametrize(
    ("own", "accepted"),
    [("2", "2.00"), ("1.99", "1.99"), ("0", "0.00"), ("2.5", "2.00"), ("9", "2.00"), (None, "0.00"), ("1.005", "1.01")],
)
def test_a_self_score_counts_up_to_the_points(
    own: str | None, accepted: str, full: Document, scheme: Scheme, tmp_path: Path
) -> None:
    """Whether a rule computes the indicator too (B71) or nothing but the self score is there (B72, judged)."""
    edits = put("scores.B71.self", own), put("scores.B72.self", own)
    result = result_of(full, unusual(scheme), tmp_path, *edits)
    assert score_of("B71", result) == ("2.00", accepted)
    assert score_of("B72", result) == (None, accepted)


@pytest.mark.parametrize(
    ("own", "signed", "computed", "accepted"),
    [
        ("3", "2", "1.50", "1.50"),
        ("1.25", "2", "1.50", "1.25"),
        ("1.5", "2", "1.50", "1.50"),
        ("3", "0", "0.00", "0.00"),
        ("3", None, None, "0.00"),
        (None, "4", "3.00", "0.00"),
    ],
)
def test_the_lower_of_self_and_computed_score_counts(
    own: str | None, signed: str | None, computed: str | None, accepted: str,
    full: Document, scheme: Scheme, tmp_path: Path,
) -> None:  # fmt: skip
    edits = put("scores.B54.self", own), put("facts.contracts_signed_30d", signed)
    assert score_of("B54", result_of(full, scheme, tmp_path, *edits)) == (computed, accepted)


def test_kpi_rows_stand_as_in_the_workbook_those_that_count_for_nothing_too(
    full: Document, scheme: Scheme, tmp_path: Path
) -> None:
    edits = put("kpis.1.level1", None), put("kpis.0.actual", "28")
    rows = result_of(full, scheme, tmp_path, *edits).kpis
    assert [row.name for row in rows] == [row["name"] for row in full["kpis"]]
    assert [row.completion for row in rows[:3]] == [Decimal("0.8"), 1, 1]
    assert [None if row.computed is None else str(row.computed) for row in rows[:3]] == ["3.20", None, "4.00"]
    assert [row.weight for row in rows[:3]] == [4, None, 4]
    assert rows[7].target == rows[7].actual == "达成预期"


def test_a_grade_may_begin_at_one_point(full: Document, scheme: Scheme, tmp_path: Path) -> None:
    """Any bound above 0 can be near."""
    grades = tuple(replace(grade, floor=Decimal(1)) if grade.name == "中" else grade for grade in scheme.grades)
    nothing = [put(f"scores.{code}.self", None) for code in full["scores"]]
    result = result_of(full, replace(scheme, grades=grades), tmp_path, *nothing, put("scores.B52.self", "0.6"))
    assert (str(result.total), result.grade, result.near_threshold) == ("0.60", "差", True)


def test_levels_are_the_sums_of_their_indicators(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> None:
    result = result_of(case["submission"], scheme, tmp_path)
    assert {name: str(score) for name, score in level_scores(scheme, result.scores, second_level).items()} == case[
        "expected"
    ]["second_level"]
    assert {name: str(score) for name, score in level_scores(scheme, result.scores, first_level).items()} == {
        "履职效能": "48.95",
        "管理效率": "47.50",
    }
    assert str(result.total) == case["expected"]["total"] == str(sum(score.score for score in result.scores))
    assert str(result.score_of("A03")) == "9.95" and result.score_of("nothing") == 0
    assert [str(score.lost) for score in result.scores if score.code in ("A02", "A03")] == ["1.00", "0.05"]
    assert str(result.difference) == "0.00" and not result.ranked
    reasons = {score.code: score.reason for score in result.scores}
    assert reasons["B11"] is None and reasons["A02"] == case["submission"]["scores"]["A02"]["reason"]


def test_rates_are_exact_and_none_without_both_amounts(full: Document, scheme: Scheme, tmp_path: Path) -> None:
    edits = (
        *spending("100", "300"), put("funds.basic.spent", None), put("funds.project.adjusted", "0"),
        put("tasks.0.budget", "3"), put("tasks.0.spent", "2"),
    )  # fmt: skip
    result = result_of(full, scheme, tmp_path, *edits)
    third = Decimal(1) / Decimal(3)
    rate = result.spending_rate
    assert rate is not None and abs(rate - third) < Decimal("1e-27") and rate != third
    assert [round(task.rate, 6) for task in result.tasks if task.rate] == [Decimal("0.666667")]


def test_the_rate_of_a_budget_below_one(full: Document, scheme: Scheme, tmp_path: Path) -> None:
    edits = put("tasks.0.budget", "0.5"), put("tasks.0.spent", "0.1"), put("funds.basic.adjusted", "1")
    result = result_of(full, scheme, tmp_path, *edits, put("funds.basic.spent", "0.5"))
    assert [task.rate for task in result.tasks] == [Decimal("0.2")]
    assert (result.funds[1].adjusted, result.funds[1].spent) == (1, Decimal("0.5"))
