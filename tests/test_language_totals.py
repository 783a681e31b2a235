"""From scores to total and grade by hand: bonus and penalty, what does not apply, caps and vetoes, blanks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.small_schemes import GRADES, REST, answer, derived, fact, indicator, score_of, scored, small

Table = dict[str, Any]

PRAISE = indicator("表彰", 3, "additions", level="加分二级", settings={"items": [["表彰数", 1]]})
IDEA = indicator("创新", 3, "judged", level="加分二级")
LATE = indicator("逾期", 6, "additions", level="扣分二级", settings={"items": [["逾期数", 2]]})
COUNTS = [fact("表彰数", "count"), fact("逾期数", "count")]


# Outside the hundred


@pytest.mark.parametrize(
    ("facts", "own", "bonus", "penalty", "total", "uncapped"),
    [
        # Of a bonus the lower counts, of a deduction the higher, each first level up to its maximum.
        ({"表彰数": "2", "逾期数": "0"}, {"表彰": "2", REST: "90"}, "2.00", "0.00", "92.00", "92.00"),
        ({"表彰数": "2", "逾期数": "0"}, {"表彰": "1", REST: "90"}, "1.00", "0.00", "91.00", "91.00"),
        ({"表彰数": "1", "逾期数": "0"}, {"表彰": "2", REST: "90"}, "1.00", "0.00", "91.00", "91.00"),
        ({"表彰数": "9", "逾期数": "0"}, {"表彰": "3", "创新": "3", REST: "90"}, "5.00", "0.00", "95.00", "95.00"),
        ({"表彰数": "0", "逾期数": "1"}, {"逾期": "2", REST: "90"}, "0.00", "2.00", "88.00", "88.00"),
        ({"表彰数": "0", "逾期数": "1"}, {"逾期": "0", REST: "90"}, "0.00", "2.00", "88.00", "88.00"),
        ({"表彰数": "0", "逾期数": "1"}, {"逾期": "3.5", REST: "90"}, "0.00", "3.50", "86.50", "86.50"),
        ({"表彰数": "0", "逾期数": "9"}, {"逾期": "6", REST: "90"}, "0.00", "4.00", "86.00", "86.00"),
        ({"表彰数": "0", "逾期数": "9"}, {"逾期": "6", REST: "3"}, "0.00", "4.00", "0.00", "0.00"),
        # A penalty comes off what the bonus has brought, before the total is held to the hundred.
        ({"表彰数": "3", "逾期数": "1"}, {"表彰": "3", "创新": "2"}, "5.00", "2.00", "100.00", "103.00"),
        ({"表彰数": "3", "逾期数": "9"}, {"表彰": "3"}, "3.00", "4.00", "99.00", "99.00"),
    ],
)
def test_bonus_and_penalty(
    facts: Table, own: Table, bonus: str, penalty: str, total: str, uncapped: str, tmp_path: Path
) -> None:
    for over, expected in ((False, total), (True, uncapped)):
        table = small(PRAISE, IDEA, LATE, facts=COUNTS, bonus=5, penalty=4, options={"over_full": over})
        result = scored(table, answer(table, facts, own), tmp_path)
        assert (str(result.bonus), str(result.penalty), str(result.total)) == (bonus, penalty, expected)


# What does not apply


def only(code: str, points: Any, **more: Any) -> Table:
    """An indicator of departments and not of towns."""
    return indicator(code, points, "judged", categories=["部门"], **more)


@pytest.mark.parametrize(
    ("na", "category", "own", "base", "total"),
    [
        ("满分", "部门", "4", "94.00", "94.00"),
        ("满分", "镇街", "4", "100.00", "100.00"),
        ("折算", "部门", "4", "94.00", "94.00"),
        # 87 of 90 points are 96.666…
        ("折算", "镇街", None, "96.67", "96.67"),
    ],
)
def test_an_indicator_that_is_not_for_a_category(
    na: str, category: str, own: str | None, base: str, total: str, tmp_path: Path
) -> None:
    table = small(only("甲", 10, na=na))
    marks = {"甲": own, REST: "87" if na == "折算" and category == "镇街" else "90"}
    result = scored(table, answer(table, None, marks, category=category), tmp_path)
    assert (str(result.base), str(result.total)) == (base, total)
    assert [score.applies for score in result.scores] == [category == "部门", True]


@pytest.mark.parametrize(
    ("own", "total"),
    [
        # 8 of 12 left out: 44 of 88 are 50.
        ({"甲": None, "乙": "2", REST: "42"}, "50.00"),
        # 0.88 ÷ 88 is a hundredth: 87.50 of 88 are 99.4318…
        ({"甲": None, "乙": "2", REST: "85.50"}, "99.43"),
        # 44.11 of 88 are exactly 50.125: half a cent up.
        ({"甲": None, "乙": "2", REST: "42.11"}, "50.13"),
    ],
)
def test_the_others_are_scaled_to_the_hundred_and_rounded_once(own: Table, total: str, tmp_path: Path) -> None:
    table = small(only("甲", 12, na="折算"), indicator("乙", 2, "judged"))
    result = scored(table, answer(table, None, own, category="镇街"), tmp_path)
    assert (str(result.total), result.applied_points) == (total, 88)


def test_full_marks_and_scaling_side_by_side(tmp_path: Path) -> None:
    """10 points full, 20 left out: 10 + 50 of 80 are 75."""
    table = small(only("甲", 10), only("乙", 20, na="折算"))
    result = scored(table, answer(table, None, {"甲": None, "乙": None, REST: "50"}, category="镇街"), tmp_path)
    assert str(result.total) == "75.00"
    assert [str(score.lost) for score in result.scores] == ["0", "0", "20.00"]


@pytest.mark.parametrize(("na", "total"), [("满分", "95.00"), ("折算", "94.44")])
def test_a_department_may_declare_what_does_not_concern_it(na: str, total: str, tmp_path: Path) -> None:
    table = small(indicator("甲", 10, "judged", declared=True, na=na))
    result = scored(table, answer(table, None, {"甲": "不适用", REST: "85"}), tmp_path)
    assert str(result.total) == total


def test_only_where_the_scheme_allows_it(tmp_path: Path) -> None:
    table = small(indicator("甲", 10, "judged"))
    result = scored(table, answer(table, None, {"甲": "不适用", REST: "85"}), tmp_path)
    assert str(result.total) == "85.00" and result.status != "scored"


def test_bonus_and_penalty_are_not_scaled_and_never_full(tmp_path: Path) -> None:
    bonus = indicator("乙", 3, "judged", level="加分二级", categories=["部门"])
    table = small(only("甲", 20, na="折算"), bonus, LATE, facts=COUNTS, bonus=3, penalty=4)
    own = {"甲": None, "乙": None, "逾期": "2", REST: "40"}
    result = scored(table, answer(table, {"表彰数": "0", "逾期数": "1"}, own, category="镇街"), tmp_path)
    assert (str(result.base), str(result.bonus), str(result.total)) == ("50.00", "0.00", "48.00")


def test_facts_are_asked_only_of_those_whom_they_concern(tmp_path: Path) -> None:
    facts = [fact("次数", "count", categories=["部门"])]
    rule = indicator("甲", 10, "deductions", categories=["部门"], settings={"items": [["次数", 1]]})
    table = small(rule, facts=facts)
    result = scored(table, answer(table, {"次数": None}, {"甲": None}, category="镇街"), tmp_path)
    assert (str(result.total), result.status) == ("100.00", "scored")
    result = scored(table, answer(table, {"次数": None}), tmp_path)
    assert (str(result.total), result.status) == ("90.00", "returned")


# Caps and vetoes


SPENDING = [fact("支出", negative=True), fact("预算"), fact("违规数", "count"), fact("弄虚作假", "yes_no")]
RATE = derived("支出率", ["支出"], ["预算"])
CLEAN = {"支出": "95", "预算": "100", "违规数": "0", "弄虚作假": "否"}
CAPS = [
    {"sign": "<", "value": "0.8", "cap": 89},
    {"sign": "<", "value": "0.6", "cap": Decimal("79.5"), "grade": "中"},
    {"fact": "违规数", "sign": ">", "value": "0", "grade": "中", "words": "重大违规"},
    {"fact": "弄虚作假", "sign": "=", "value": "是", "grade": "差", "words": "一票否决"},
    {"fact": "支出率", "sign": ">", "value": "1", "cap": 95},
]


def capped(**options: Any) -> Table:
    """A scheme with these caps, whose spending rate is a derived fact."""
    rule = indicator("甲", 10, "ratio", settings={"value": "支出率"})
    evaluated = {"spending_rate": "支出率"}
    return small(rule, facts=SPENDING, derived=[RATE], caps=CAPS, evaluated=evaluated, options=options)


@pytest.mark.parametrize(
    ("facts", "total", "grade", "limits"),
    [
        ({}, "99.50", "优", ()),
        ({"支出": "80"}, "98.00", "优", ()),
        ({"支出": "79.999999"}, "89.00", "良", (0,)),
        ({"支出": "60"}, "89.00", "良", (0,)),
        ({"支出": "59"}, "79.50", "中", (0, 1)),
        ({"支出": "100"}, "100.00", "优", ()),
        ({"支出": "101"}, "95.00", "优", (4,)),
        ({"违规数": "1"}, "99.50", "中", (2,)),
        ({"违规数": "1", "支出": "70"}, "89.00", "中", (0, 2)),
        ({"弄虚作假": "是"}, "99.50", "差", (3,)),
        ({"弄虚作假": "是", "违规数": "2"}, "99.50", "差", (2, 3)),
        # What cannot be told holds nothing down.
        ({"预算": "0"}, "90.00", "优", ()),
        ({"弄虚作假": None}, "99.50", "优", ()),
    ],
)
def test_caps_and_vetoes(facts: Table, total: str, grade: str, limits: tuple[int, ...], tmp_path: Path) -> None:
    table = capped(caps_on=True)
    result = scored(table, answer(table, CLEAN | facts), tmp_path)
    assert (str(result.total), result.grade, result.limits) == (total, grade, limits)
    by_total = "优" if Decimal(total) >= 90 else "良" if Decimal(total) >= 80 else "中"
    assert result.grade_from == ("" if by_total == grade else by_total)
    assert len(result.limit_words) == len(limits)


@pytest.mark.parametrize(("sign", "holding"), [("<", "B"), ("≤", "BA"), (">", "C"), ("≥", "AC"), ("=", "A")])
def test_the_signs_of_conditions(sign: str, holding: str, tmp_path: Path) -> None:
    """A percentage at, below and above 80%, and the derived fact that is a tenth of it at, below and above 8%."""
    facts, tenth = [fact("比率", "percent")], derived("一成", ["比率"], factor=Decimal("0.1"))
    for key, value in (("比率", "0.8"), ("一成", "0.08")):
        caps = [{"fact": key, "sign": sign, "value": value, "cap": 50}]
        table = small(facts=facts, derived=[tenth], caps=caps, options={"caps_on": True})
        for name, typed in (("A", "80"), ("B", "79.999999"), ("C", "80.000001")):
            result = scored(table, answer(table, {"比率": typed}), tmp_path)
            assert (result.total == 50) is (name in holding), (key, typed)


def test_the_table_is_off_where_the_option_is(tmp_path: Path) -> None:
    table = capped()
    result = scored(table, answer(table, CLEAN | {"支出": "50", "弄虚作假": "是"}), tmp_path)
    assert (str(result.total), result.grade, result.limits) == ("95.00", "优", ())


def test_nobody_gets_out_of_a_veto_by_declaring_its_indicator_not_applicable(tmp_path: Path) -> None:
    rule = indicator("甲", 10, "deductions", declared=True, settings={"items": [["违规数", 1]]})
    caps = [{"fact": "违规数", "sign": ">", "value": "0", "grade": "中"}]
    table = small(rule, facts=[fact("违规数", "count")], caps=caps, options={"caps_on": True})
    result = scored(table, answer(table, {"违规数": "1"}, {"甲": "不适用"}), tmp_path)
    assert (str(result.total), result.grade, result.grade_from) == ("100.00", "中", "优")


def test_a_cap_and_the_margin_of_a_grade(tmp_path: Path) -> None:
    """临界 is of the total as it counts: capped at 89.50 it is half a point below 优."""
    caps = [{"fact": "次数", "sign": "≥", "value": "1", "cap": Decimal("89.5")}]
    table = small(facts=[fact("次数", "count")], caps=caps, options={"caps_on": True})
    for times, near in (("0", False), ("1", True)):
        assert scored(table, answer(table, {"次数": times}), tmp_path).near_threshold is near


# Grades by category


TOWNS = [
    {"set": "四档", "name": name, "floor": floor, "category": "镇街"}
    for name, floor in zip("优良中差", (85, 75, 60, 0), strict=True)
]


@pytest.mark.parametrize(
    ("total", "department", "town"),
    [
        ("90", "优", "优"),
        ("89.99", "良", "优"),
        ("85", "良", "优"),
        ("84.99", "良", "良"),
        ("79", "中", "良"),
        ("60", "中", "中"),
    ],
)
def test_grades_by_category(total: str, department: str, town: str, tmp_path: Path) -> None:
    table = small(grades=[*GRADES, *TOWNS])
    for category, grade in (("部门", department), ("镇街", town)):
        result = scored(table, answer(table, None, {REST: total}, category=category), tmp_path)
        assert (result.grade, result.self_grade) == (grade, grade)


# Blank self scores


@pytest.mark.parametrize(
    ("blank", "own", "accepted", "self_total"),
    [
        ("必填", None, "0.00", "90.00"),
        ("必填", "4", "4.00", "94.00"),
        ("按计算得分", None, "5.00", "95.00"),
        ("按计算得分", "4", "4.00", "94.00"),
        ("按计算得分", "8", "5.00", "98.00"),
    ],
)
def test_blank_self_scores(blank: str, own: str | None, accepted: str, self_total: str, tmp_path: Path) -> None:
    rule = indicator("甲", 10, "ratio", settings={"numerator": ["甲数"], "denominator": ["乙数"]})
    table = small(rule, facts=[fact("甲数"), fact("乙数")], options={"blank_self": blank})
    result = scored(table, answer(table, {"甲数": "1", "乙数": "2"}, {"甲": own}), tmp_path)
    assert score_of("甲", result) == ("5.00", accepted)
    assert str(result.self_total) == self_total


def test_a_blank_penalty_is_what_the_rule_deducts(tmp_path: Path) -> None:
    table = small(LATE, facts=COUNTS, penalty=6, options={"blank_self": "按计算得分"})
    result = scored(table, answer(table, {"表彰数": "0", "逾期数": "2"}, {"逾期": None}), tmp_path)
    assert (str(result.total), str(result.self_total)) == ("96.00", "96.00")


def test_a_judged_indicator_has_nothing_to_be_left_to(tmp_path: Path) -> None:
    """It would count 0 without a word: its self score is asked for all the same."""
    table = small(options={"blank_self": "按计算得分"})
    result = scored(table, answer(table, None, {REST: None}), tmp_path)
    assert (str(result.total), result.status) == ("0.00", "returned")
