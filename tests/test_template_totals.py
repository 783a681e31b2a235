"""Below the self scores and on the first sheet: 加分 and 扣分, caps and vetoes, grades of categories, quotas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perfxl.layout.sheets import COVER, SCORES
from perfxl.scheme.model import Scheme
from tests.books import process
from tests.template_books import Shown, Values, category, facts, own_scores
from tests.template_schemes import crowded, district, minimal

FULL = own_scores(P1="20", P2="10", P3="6", P4="4", Q1="50", Q2="10")
PLAIN = own_scores(S1="0", S2="0", S3="0")
# All that rules need but KPIs, so that each indicator of a rule has its points; S1 and S2 none.
DATA = facts(
    funds__total__adjusted="100", funds__total__spent="100", carry_now="10", carry_before="10", purchase_rate="100",
    village_open="是", national="0", city="0", audit_problems="0", fraud="否",
)  # fmt: skip
KPI: Values = {
    ("kpis", "1", key): value
    for key, value in (("level1", "产出指标"), ("name", "产出"), ("symbol", "≥"))
} | {("kpis", "1", key): DATA["facts", "carry_now", "value"] for key in ("target", "actual")}  # fmt: skip


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return district()


def numbers(row: list[Any]) -> list[Any]:
    """Computed, self and accepted of a row below the table."""
    return [row[7], row[8], row[10]]


def test_what_lies_outside_the_hundred_has_rows_of_its_own(scheme: Scheme, tmp_path: Path) -> None:
    values = DATA | KPI | FULL | own_scores(S1="5", S2="2", S3="1") | facts(national="1", city="1", audit_problems="3")
    shown = Shown(tmp_path / "outside.xlsx", scheme, values)
    assert numbers(shown.row(SCORES, "计分指标合计")) == [90, 100, 100]
    assert numbers(shown.row(SCORES, "加：加分项（最多加 5 分）")) == [4, 5, 4]
    # Of a deduction the higher one counts: 3 by the rule and 1 that the department adds.
    assert numbers(shown.row(SCORES, "减：扣分项（最多扣 8 分）")) == [3, 3, 4]
    # 90 + 4 − 3; 100 + 5 − 3 and 100 + 4 − 4, no more than 100.
    assert numbers(shown.row(SCORES, "总分（最高 100）")) == [91, 100, 100]


def test_first_levels_outside_are_held_to_their_points(tmp_path: Path) -> None:
    held = district(
        ("points = 8\nnature", "points = 4\nnature"),
        ('parent = "扣分项"\npoints = 8', 'parent = "扣分项"\npoints = 4'),
        ('name = "其他扣分"\npoints = 3', 'name = "其他扣分"\npoints = 1'),
        ('name = "审计发现问题"\npoints = 5', 'name = "审计发现问题"\npoints = 3'),
    )  # fmt: skip
    values = DATA | KPI | FULL | own_scores(S1="0", S2="3", S3="1")
    shown = Shown(tmp_path / "held.xlsx", held, values)
    assert numbers(shown.row(SCORES, "减：扣分项（最多扣 4 分）"))[1] == 4
    assert shown.named("自评总分") == 96


def test_a_total_may_exceed_the_hundred_where_the_scheme_says_so(tmp_path: Path) -> None:
    over = district(("kpi_rows = 12", "kpi_rows = 12\nover_full = true"))
    values = DATA | KPI | FULL | own_scores(S1="5", S2="0", S3="0") | facts(national="1", city="2")
    shown = Shown(tmp_path / "over.xlsx", over, values)
    assert [shown.named(name) for name in ("自评总分", "认定总分")] == [105, 105]
    assert numbers(shown.row(SCORES, "总分（可超过 100）"))[1] == 105


def test_a_plain_scheme_has_one_row_for_its_total(tmp_path: Path) -> None:
    shown = Shown(tmp_path / "plain.xlsx", minimal(), own_scores(A1="88"))
    assert shown.row(SCORES, "合计")[5] == 100
    below = [row[1] for row in shown.book[SCORES].iter_rows(min_row=7, values_only=True) if row[1]]
    assert below[:2] == ["合计", "等级"] and str(below[2]).startswith("填报人：") and len(below) == 3
    assert shown.named("认定等级") == "合格"


RATE, FRAUD = "支出率低于 60%，总分最高 79 分。", "弄虚作假，一票否决：“弄虚作假”为“是”，等级最高为“差”。"
AUDIT = "审计发现问题数不低于 3 个，总分最高 89 分，等级最高为“良”。"


@pytest.mark.parametrize(
    ("change", "total", "grade", "words"),
    [
        ({}, 100, "优", ""),
        (facts(funds__total__spent="60"), 92, "优", ""),
        (facts(funds__total__spent="59.99"), 79, "中", RATE),
        (facts(fraud="是"), 100, "差", FRAUD),
        (facts(audit_problems="3"), 89, "良", AUDIT),
        (facts(audit_problems="3", fraud="是", funds__total__spent="10"), 79, "差", RATE + FRAUD + AUDIT),
    ],
)
def test_caps_and_vetoes_hold_and_are_told(
    scheme: Scheme, tmp_path: Path, change: Values, total: float, grade: str, words: str
) -> None:
    shown = Shown(tmp_path / "held.xlsx", scheme, DATA | KPI | FULL | PLAIN | change)
    assert (shown.named("认定总分"), shown.named("认定等级")) == (total, grade)
    assert (shown.named("封顶和否决") or "") == words
    assert shown.row(SCORES, "封顶和否决后")[10] == total
    assert shown.row(COVER, "封顶和否决")[2] == (words or "没有触发")
    # What the department gives itself is not held down.
    assert shown.named("自评等级") == "优"


def test_a_veto_takes_the_place_of_the_way_to_the_next_grade(scheme: Scheme, tmp_path: Path) -> None:
    shown = Shown(tmp_path / "veto.xlsx", scheme, DATA | KPI | FULL | PLAIN | facts(fraud="是"))
    assert shown.named("距下一等级") == "自评已是最高等级“优”；认定受否决条件限制"
    assert shown.row(COVER, "认定总分")[5] == "差，受否决条件限制"


@pytest.mark.parametrize(
    ("name", "grade", "scale"),
    [
        ("部门", "良", "优 ≥ 90，良 ≥ 80，中 ≥ 60，其余为差"),
        ("镇街", "优", "优 ≥ 85，良 ≥ 75，中 ≥ 60，其余为差"),
        ("", "良", "优 ≥ 90，良 ≥ 80，中 ≥ 60，其余为差"),
    ],
)
def test_each_category_has_its_grades(scheme: Scheme, tmp_path: Path, name: str, grade: str, scale: str) -> None:
    values = own_scores(P1="20", P2="10", P3="6", P4="4", Q1="36", Q2="10") | PLAIN | (category(name) if name else {})
    shown = Shown(tmp_path / "grades.xlsx", scheme, values)
    # Of a department P3 does not apply: 80 of 94 points are 85.11.
    assert (shown.named("自评总分"), shown.named("自评等级")) == (85.11 if name == "部门" else 86, grade)
    assert shown.row(SCORES, "等级")[6] == f"{scale}；“优”最多占每类的 30%，以排名为准"


def test_a_grade_with_a_quota_says_that_the_ranking_decides(scheme: Scheme, tmp_path: Path) -> None:
    best = Shown(tmp_path / "best.xlsx", scheme, DATA | KPI | FULL | PLAIN)
    assert best.row(COVER, "认定总分")[5] == "优（以排名为准），已是最高等级“优”"
    good = Shown(tmp_path / "good.xlsx", scheme, DATA | KPI | FULL | PLAIN | own_scores(Q1="35"))
    assert good.row(COVER, "认定总分")[5] == "良，距“优”还差 5.00 分"


def test_many_grades_of_many_categories_are_told_too(tmp_path: Path) -> None:
    shown = Shown(tmp_path / "many.xlsx", crowded(), FULL | PLAIN | category("类别'11'"))
    assert shown.named("自评等级") == "优（11）"
    assert shown.named("距下一等级").startswith("自评已是最高等级“优（11）”；认定距“中”还差 ")
    assert shown.row(COVER, "自评总分")[5] == "优（11），已是最高等级“优（11）”"


def test_points_outside_that_do_not_apply_count_for_nobody(tmp_path: Path) -> None:
    """Though a department types them, in the template as in the run."""
    towns = district(('name = "表彰奖励"', 'name = "表彰奖励"\ncategories = ["镇街"]'))
    values = DATA | KPI | FULL | PLAIN | own_scores(P1="10", S1="5") | category("部门")
    shown = Shown(tmp_path / "outside.xlsx", towns, values)
    result = process(tmp_path / "outside.xlsx", towns).result
    assert result is not None
    # 84 of 94 points: P3 does not apply either.
    assert shown.named("自评总分") == float(result.self_total) == 89.36
