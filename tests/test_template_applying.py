"""Indicators and facts that do not apply to every department: what the template asks for, shows and adds up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perfxl.layout import layout_of
from perfxl.layout.sheets import COVER, META, SCORES
from perfxl.outcome import NOT_APPLICABLE
from perfxl.scheme.model import Scheme
from tests.template_books import Shown, Values, category, facts, own_scores, write
from tests.template_schemes import district

ALL = own_scores(P1="20", P2="10", P3="6", P4="4", Q1="50", Q2="10", S1="0", S2="0", S3="0")
OTHERS = "其他事项"


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return district()


def progress(shown: Shown, sheet: str) -> list[Any]:
    """Due, filled, bar and status of a sheet."""
    return shown.row(COVER, sheet)[3:7]


def test_what_does_not_apply_has_full_marks_or_is_left_out(scheme: Scheme, tmp_path: Path) -> None:
    """For a department P3 is scaled for; for a town Q2 gives its points."""
    department = Shown(tmp_path / "d.xlsx", scheme, ALL | category("部门"))
    assert [department.score("P3", column) for column in ("computed", "accepted")] == [NOT_APPLICABLE] * 2
    assert department.score("P3", "note") == "不适用，其余指标折算为 100 分"
    town = Shown(tmp_path / "t.xlsx", scheme, ALL | category("镇街"))
    assert [town.score("Q2", column) for column in ("computed", "accepted")] == [10, 10]
    assert town.score("Q2", "note") == "不适用，按满分计"
    assert town.score("P3", "accepted") is None


def test_totals_are_scaled_by_the_points_that_apply(scheme: Scheme, tmp_path: Path) -> None:
    values = category("部门") | own_scores(P1="18.8", P2="10", P4="4", Q1="50", Q2="8", S1="0", S2="0", S3="0")
    shown = Shown(tmp_path / "scaled.xlsx", scheme, values)
    # 90.8 of 94 points; what is typed for P3 would not count.
    assert shown.row(SCORES, "计分指标合计")[8] == 96.6
    assert shown.row(SCORES, "计分指标合计")[6] == "不适用的 6 分不计，按 94 分折算为 100 分"
    assert shown.named("自评总分") == 96.6
    assert Shown(tmp_path / "typed.xlsx", scheme, values | own_scores(P3="6")).named("自评总分") == 96.6


def test_a_department_may_say_that_an_indicator_does_not_concern_it(scheme: Scheme, tmp_path: Path) -> None:
    values = ALL | category("镇街") | own_scores(P4=NOT_APPLICABLE, S3=NOT_APPLICABLE)
    shown = Shown(tmp_path / "declared.xlsx", scheme, values)
    assert (shown.score("P4", "accepted"), shown.score("P4", "note")) == (4, "不适用，按满分计")
    assert (shown.score("S3", "accepted"), shown.score("S3", "note")) == (NOT_APPLICABLE, "不适用，不计")
    assert shown.named("自评总分") == 100
    # Where it may not be said, it is no number.
    refused = Shown(tmp_path / "refused.xlsx", scheme, ALL | own_scores(P1=NOT_APPLICABLE))
    assert refused.score("P1", "note") == "！不是数字"


def test_the_cell_offers_what_may_be_said(scheme: Scheme, tmp_path: Path) -> None:
    book = write(tmp_path / "offered.xlsx", scheme)
    places = layout_of(scheme).places
    rules = {str(rule.sqref): rule for rule in book[SCORES].data_validations.dataValidation}
    offered, plain = rules[places["scores", "P4", "self"].cell], rules[places["scores", "P1", "self"].cell]
    assert (offered.type, offered.showErrorMessage, plain.type) == ("list", False, "decimal")
    where = offered.formula1.rpartition("!")[2].replace("$", "")
    assert [cell.value for row in book[META][where] for cell in row] == [NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("values", "scores", "others"),
    [
        ({}, 9, 7),
        (category("部门"), 8, 6),
        (category("镇街"), 8, 7),
        (category("镇街") | own_scores(P4=NOT_APPLICABLE), 7, 7),
    ],
)
def test_what_does_not_apply_is_not_missing(
    scheme: Scheme, tmp_path: Path, values: Values, scores: int, others: int
) -> None:
    shown = Shown(tmp_path / "due.xlsx", scheme, values)
    assert (progress(shown, SCORES)[0], progress(shown, OTHERS)[0]) == (scores, others)


def test_facts_of_an_indicator_that_does_not_apply_are_not_missing(scheme: Scheme, tmp_path: Path) -> None:
    sheet = "基础'数据"
    known = facts(carry_now="1", carry_before="1", staff="3")
    asked = Shown(tmp_path / "asked.xlsx", scheme, known)
    assert progress(asked, sheet) == [4, 3, "■■■■■■■□□□ 75%", "还差 1 项"]
    assert f"{sheet}：政府采购执行率" in asked.texts(COVER)
    spared = Shown(tmp_path / "spared.xlsx", scheme, known | own_scores(P4=NOT_APPLICABLE))
    assert progress(spared, sheet) == [3, 3, "■■■■■■■■■■ 100%", "已填全"]
    assert f"{sheet}：政府采购执行率" not in spared.texts(COVER)
    assert spared.line("management1", "purchase_rate", "hint") == "本项不适用，不用填写。"


def test_a_sheet_that_concerns_nobody_here_need_not_be_filled(tmp_path: Path) -> None:
    only = district(
        ('label = "村级财务按季公开"\ntype = "yes_no"\nsheet = "其他事项"',
         'label = "村级财务按季公开"\ntype = "yes_no"\nsheet = "村务"')
    )  # fmt: skip
    assert progress(Shown(tmp_path / "d.xlsx", only, category("部门")), "村务") == [0, 0, "—", "不用填写"]
    assert progress(Shown(tmp_path / "t.xlsx", only, category("镇街")), "村务")[3] == "未填写"
    assert any("“已填全”或“不用填写”" in text for text in Shown(tmp_path / "x.xlsx", only, {}).texts(COVER))


def test_kpis_of_an_indicator_that_does_not_apply_are_not_missing(tmp_path: Path) -> None:
    only = district(("settings.levels", 'categories = ["镇街"]\nsettings.levels'))
    town, department = (
        Shown(tmp_path / f"{name}.xlsx", only, category(name)) for name in ("镇街", "部门")
    )  # fmt: skip
    assert progress(town, "绩效指标")[:2] == [1, 0]
    assert progress(department, "绩效指标")[:2] == [0, 0]
    assert "本项不适用，不用填写。" in department.texts("绩效指标")


def test_a_blank_template_shows_no_totals_though_some_points_are_given(scheme: Scheme, tmp_path: Path) -> None:
    shown = Shown(tmp_path / "blank.xlsx", scheme, category("镇街"))
    assert shown.score("Q2", "accepted") == 10
    assert [shown.named(name) for name in ("自评总分", "认定总分", "自评等级", "认定等级")] == [None] * 4


def test_self_scores_may_be_left_to_the_rules(tmp_path: Path) -> None:
    leaving = district(("kpi_rows = 12", 'kpi_rows = 12\nblank_self = "按计算得分"'))
    values = facts(funds__total__spent="90", funds__total__adjusted="100") | category("镇街")
    shown = Shown(tmp_path / "left.xlsx", leaving, values)
    assert (shown.score("P1", "accepted"), shown.score("P1", "note")) == (18, None)
    # What no rule computes is still asked for.
    assert progress(shown, SCORES)[0] == 1
    # 18 of P1, and the 10 of Q2 that does not apply.
    assert shown.named("自评总分") == shown.named("认定总分") == 28
    typed = Shown(tmp_path / "typed.xlsx", leaving, values | own_scores(P1="17"))
    assert (typed.score("P1", "accepted"), typed.named("自评总分")) == (17, 27)
