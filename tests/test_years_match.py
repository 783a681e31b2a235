"""Who was whom, and what was what, in two years: by code, by name, by the roster; nothing by guess."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.years.match import BOTH, BY_CODE, BY_NAME, FORMER, match_departments, match_indicators, match_kpis
from perfxl.years.model import YearDepartment, YearIndicator, YearKpi
from tests.year_cases import department


def pairs(
    current: list[YearDepartment], before: list[YearDepartment], formers: list[list[str]] | None = None
) -> list[tuple[list[str], tuple[str, ...]]]:
    found = match_departments(current, before, formers or [[] for _ in current])
    return [([item.name for item in one.before], one.basis) for one in found]


def test_by_code_and_name_then_code_then_name() -> None:
    current = [
        department("001", "甲局"),
        department("002", "新乙局"),
        department("903", "丙局"),
        department("4", "丁局"),
    ]
    before = [department("3", "丙局"), department("002", "乙局"), department("1", "甲局"), department("5", "戊局")]
    assert pairs(current, before) == [
        (["甲局"], (BOTH,)), (["乙局"], (BY_CODE,)), (["丙局"], (BY_NAME,)), ([], ()),
    ]  # fmt: skip


def test_the_code_goes_before_the_name_and_both_before_the_code() -> None:
    # The code of 甲局 of this year belonged to 乙局, whose name went to another code.
    assert pairs([department("1", "甲局")], [department("1", "乙局"), department("2", "甲局")]) == [
        (["乙局"], (BY_CODE,))
    ]
    current = [department("1", "甲局"), department("2", "乙局")]
    before = [department("9", "甲局"), department("1", "丙局"), department("2", "乙局")]
    assert pairs(current, before) == [(["丙局"], (BY_CODE,)), (["乙局"], (BOTH,))]


def test_what_two_share_tells_nobody() -> None:
    before = [department("1", "甲局"), department("2", "甲局")]
    assert pairs([department("3", "甲局")], before) == [([], ())]
    assert pairs([department("3", "乙局"), department("3", "丙局")], [department("3", "丁局")]) == [([], ()), ([], ())]


def test_renamed_merged_and_split_by_the_roster() -> None:
    before = [department("1", "甲局"), department("2", "乙局"), department("3", "丙局"), department("4", "丁局")]
    # 甲局 took in 乙局; the new one was 丙局 and 丁局, the latter named by its code.
    current = [department("1", "甲局"), department("9", "新局")]
    assert pairs(current, before, [["乙局"], ["丙局", "004"]]) == [
        (["甲局", "乙局"], (BOTH, FORMER)), (["丙局", "丁局"], (FORMER,)),
    ]  # fmt: skip
    # 甲局 goes on, and a part of it is one of its own.
    assert pairs([department("1", "甲局"), department("8", "分局")], before[:1], [[], ["甲局"]]) == [
        (["甲局"], (BOTH,)), (["甲局"], (FORMER,)),
    ]  # fmt: skip
    # One that was renamed and took in another keeps its code.
    assert pairs([department("1", "甲乙局")], before[:2], [["乙局"]]) == [(["乙局", "甲局"], (FORMER, BY_CODE))]
    # Whom the roster gives to one is nobody else's by code alone.
    assert pairs([department("1", "戊局"), department("7", "己局")], before[:1], [[], ["甲局"]]) == [
        ([], ()), (["甲局"], (FORMER,)),
    ]  # fmt: skip


def project(unit: str, name: str, code: str = "", unit_code: str = "") -> YearDepartment:
    return department(unit_code, unit, project=name, project_code=code)


def test_projects_within_their_units() -> None:
    before = [project("甲局", "道路", "P1", "1"), project("乙局", "道路", "", "2"), project("甲局", "桥梁", "", "1")]
    current = [
        project("甲局", "道路", "P1", "1"), project("新乙局", "道路", "", "2"), project("新甲局", "桥梁", "", "9"),
        project("甲局", "隧道", "", "1"),
    ]  # fmt: skip
    found = match_departments(current, before, [[], [], ["甲局"], []])
    assert [[item.title for item in one.before] for one in found] == [["道路"], ["道路"], ["桥梁"], []]
    assert found[1].before[0].name == "乙局"
    # The former name of the project itself.
    (one,) = match_departments([project("甲局", "大桥", "", "1")], before, [["桥梁"]])
    assert [item.title for item in one.before] == ["桥梁"]


def oracle(current: list[YearDepartment], before: list[YearDepartment]) -> list[int | None]:
    """Written apart, over all pairs: what a clerk with two lists would do, without a roster."""
    found: list[int | None] = [None] * len(current)
    rules = (
        lambda a, b: a.code and a.name and a.code == b.code and a.name == b.name,
        lambda a, b: a.code and a.code == b.code,
        lambda a, b: a.name and a.name == b.name,
    )
    for rule in rules:
        free = [place for place in range(len(current)) if found[place] is None]
        left = [place for place in range(len(before)) if place not in found]
        hits = [(own, its) for own in free for its in left if rule(current[own], before[its])]
        for own, its in hits:
            if sum(a == own for a, _ in hits) == 1 and sum(b == its for _, b in hits) == 1:
                found[own] = its
    return found


codes = st.sampled_from(["1", "2", "3", "4", "5"])
names = st.sampled_from(["甲", "乙", "丙", "丁", "戊"])
sides = st.lists(st.builds(department, codes, names), max_size=7)


@given(sides, sides)
def test_as_the_oracle_has_it(current: list[YearDepartment], before: list[YearDepartment]) -> None:
    found = match_departments(current, before, [[] for _ in current])
    places = [next((n for n, item in enumerate(before) if one.before and item is one.before[0]), None) for one in found]
    assert places == oracle(current, before)
    taken = [id(item) for one in found for item in one.before]
    assert len(taken) == len(set(taken))


def indicator(code: str, name: str, points: str = "5") -> YearIndicator:
    return YearIndicator(code, name, "管理", Decimal(points))


def test_indicators_by_code_then_name_and_renumbered_ones_by_name() -> None:
    before = [indicator("A1", "产出"), indicator("A2", "效益"), indicator("A3", "满意度"), indicator("B1", "预算")]
    current = [
        indicator("A1", "产出"), indicator("A2", "新增的"), indicator("A3", "效益"), indicator("A4", "满意度"),
        indicator("B1", "预算编制"), indicator("C1", "成本"),
    ]  # fmt: skip
    assert match_indicators(current, before) == {"A1": "A1", "A3": "A2", "A4": "A3", "B1": "B1"}


def test_indicators_without_names_by_code_alone() -> None:
    assert match_indicators([indicator("A1", "产出"), indicator("A9", "效益")], [indicator("A1", "")]) == {"A1": "A1"}


def kpi(name: str, level: str = "数量指标") -> YearKpi:
    return YearKpi(level, name, "≥", "1", "个", "1", None)


def test_kpis_by_name_and_like_ones_by_their_level() -> None:
    current = [kpi("培训 场次"), kpi("合格率"), kpi("合格率", "质量指标"), kpi("新的")]
    before = [kpi("合格率", "质量指标"), kpi("培训场次"), kpi("旧的"), kpi("合格率", "时效指标")]
    assert [(own.name, its.level2) for own, its in match_kpis(current, before)] == [
        ("培训 场次", "数量指标"), ("合格率", "质量指标"),
    ]  # fmt: skip


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_blank_names_and_codes_match_nothing(blank: str) -> None:
    assert pairs([department(blank, blank)], [department(blank, blank)]) == [([], ())]
