"""Faults of what follows from a total (grades, caps, vetoes, quotas) and of what applies to whom."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.scheme.model import Cap
from tests.scheme_files import BUILTIN, edited, form, line_of, only, toml_faults, toml_scheme

CAPS = BUILTIN[BUILTIN.index("[[caps]]") : BUILTIN.index("# 部门自述")]
TOWNS = '[[grades]]\nset = "四档"\nname = "{}"\nfloor = {}\ncategory = "镇街"\n'


def grade(name: str, floor: int) -> str:
    return TOWNS.format(name, floor)


def told(added: str, part: str, *words: str, text: str = BUILTIN) -> None:
    """One fault, on the line of the added text that begins with the part."""
    whole = text + "\n" + added
    number = whole.count("\n", 0, len(text) + 1 + added.index(part)) + 1
    only(toml_faults(whole), f"x.toml 第 {number} 行", *words)


# --- grades


def test_grades_must_reach_from_zero_in_the_chosen_set() -> None:
    five = BUILTIN[BUILTIN.index('[[grades]]\nset = "五档"') : BUILTIN.index("# 支出率封顶")]
    without = BUILTIN.replace(five, "")
    assert not toml_scheme(without).options.five_grades
    text = without.replace("five_grades = false", "five_grades = true")
    only(toml_faults(text), line_of(text, "five_grades = true"), "等级表没有五档")
    text = edited(
        ('name = "低"\nfloor = 60\n\n[[grades]]\nset = "五档"\nname = "差"\nfloor = 0', 'name = "低"\nfloor = 60')
    )
    assert [fault.what for fault in toml_faults(text)] == ["五档等级最低的“低”下限是 60"]
    text = edited(('name = "低"\nfloor = 60', 'name = "中"\nfloor = 70'))
    assert len(toml_faults(text)) == 2, "name and floor are both there already"


def test_grades_of_a_category_reach_from_zero_too() -> None:
    scheme = toml_scheme(BUILTIN + grade("优", 85) + grade("差", 0))
    assert [band.floor for band in scheme.bands_of("镇街")] == [85, 0]
    assert [band.floor for band in scheme.bands_of("事业单位")] == [90, 80, 60, 0]
    told(grade("优", 85) + grade("良", 75), "floor = 75", "“镇街”的四档等级最低的“良”下限是 75")
    faults = toml_faults(BUILTIN + grade("优", 85) + grade("优", 0))
    assert [fault.what[:13] for fault in faults] == ["等级“镇街 四档 优”重复"]
    told(grade("优", 0).replace("镇街", "乡镇"), "category", "没有部门类别“乡镇”")


def test_every_category_needs_grades() -> None:
    towns_only = BUILTIN.replace('set = "四档"\n', 'set = "四档"\ncategory = "镇街"\n')
    first = line_of(towns_only, 'set = "四档"\ncategory = "镇街"\nname = "优"', 1)
    only(toml_faults(towns_only), first, "没有各类通用的一套")


# --- caps


def cap(fact: str, sign: str, value: str, effect: str = 'grade = "中"') -> str:
    return f'[[caps]]\nfact = "{fact}"\nsign = "{sign}"\nvalue = "{value}"\n{effect}\n'


def test_caps_are_needed_where_they_are_on() -> None:
    without = BUILTIN.replace(CAPS, "")
    assert toml_scheme(without).caps == ()
    text = without.replace("caps_on = false", "caps_on = true")
    only(toml_faults(text), line_of(text, "caps_on = true"), "没有内容")


def test_conditions_on_numbers_and_answers() -> None:
    text = BUILTIN + cap("inventory_done", "=", " 否 ") + cap("contracts_total", "≥", "２０", "cap = 80.5")
    assert toml_scheme(text).caps[-2:] == (
        Cap(fact="inventory_done", sign="=", value="否", grade="中"),
        Cap(fact="contracts_total", sign="≥", value="20", cap=Decimal("80.5")),
    )
    for sign in "<≤>≥=":
        assert toml_scheme(BUILTIN + cap("funds.total.spent", sign, "-0.50")).caps[-1].value == "-0.5"


@pytest.mark.parametrize(
    ("added", "part", "words"),
    [
        (cap("inventory", "=", "否"), "fact", "没有事项代码“inventory”"),
        (cap("inventory_don", "=", "否"), "fact", "是否应为“inventory_done”"),
        (cap("inventory_done", "<", "否"), "sign", "条件不能用“<”"),
        (cap("inventory_done", "=", "没有"), "value", "请填“是”或“否”"),
        (cap("low_rate_reason", "=", "x"), "fact", "类型是文字"),
        (cap("contracts_total", "≥", "是"), "value", "“是”不是数字"),
        (cap("contracts_total", "≥", "70%"), "value", "10% 写 0.1"),
        (cap("contracts_total", "≠", "1"), "sign", "应为"),
        (cap("contracts_total", "≥", "1", ""), "[[caps]]", "至少填一项"),
        (cap("contracts_total", "≥", "1", 'grade = "良好"'), "grade", "不是四档等级中的一档"),
        (cap("contracts_total", "≥", "1", 'grade = "低"'), "grade", "不是四档等级中的一档"),
        (cap("contracts_total", "≥", "1", "cap = 100.5"), "cap", "不大于 100"),
    ],
)
def test_conditions_that_do_not_hold(added: str, part: str, words: str) -> None:
    text = BUILTIN + "\n" + added
    start = len(BUILTIN) + 1
    number = text.count("\n", 0, start + (added.index(part) if part == "[[caps]]" else added.index(part + " ="))) + 1
    only(toml_faults(text), f"x.toml 第 {number} 行", words)


def test_a_veto_knows_the_grades_of_every_category() -> None:
    veto = cap("inventory_done", "=", "否")
    told(grade("优", 85) + grade("差", 0) + veto, 'grade = "中"', "等级“中”在“镇街”的等级中没有")
    assert toml_scheme(BUILTIN + grade("优", 85) + grade("中", 60) + grade("差", 0) + veto)


def test_a_cap_by_the_spending_rate_needs_one() -> None:
    funds = BUILTIN[BUILTIN.index("[[funds]]") : BUILTIN.index("# 部门填报的事实")]
    faults = toml_faults(BUILTIN.replace(funds, ""))
    assert sum("方案没有支出率" in fault.what for fault in faults) == 4


# --- quotas


def quota(name: str = "优", share: str = "0.3") -> str:
    return f'[[quotas]]\ngrade = "{name}"\nshare = {share}\n'


def test_quotas() -> None:
    assert toml_scheme(BUILTIN + quota() + quota("良", "0.5")).quotas[1].grade == "良"
    told(quota("优秀"), "grade", "“优秀”不是四档等级中的一档")
    told(quota(share="1"), "share", "小于 1")
    told(quota(share="0"), "share", "大于 0")
    told(quota("差"), "grade", "最低的等级“差”不能有名额")
    assert [fault.what[:14] for fault in toml_faults(BUILTIN + quota() + quota())] == ["名额的等级“每类 优”重复，"]
    both = quota() + quota() + 'scope = "全部"\n'
    assert len(toml_scheme(BUILTIN + both).quotas) == 2, "of each category, and of all"


# --- bands


def test_a_band_is_not_upside_down() -> None:
    text = edited(("share = 0.8", "share = 0.8\nlow = 0.85"))
    only(toml_faults(text), line_of(text, "low = 0.85"), "下限 0.85 大于得分比例 0.8")
    text = edited(("share = 0.8", "share = 0.8\nlow = -0.1"))
    only(toml_faults(text), line_of(text, "low = -0.1"), "不小于 0")
    assert toml_scheme(edited(("share = 0.8", "share = 0.8\nlow = 0.8"))).shares[1].lowest


# --- categories


def test_categories_that_are_none() -> None:
    text = edited(('code = "B63"', 'code = "B63"\ncategories = ["镇街", "事业单为"]'))
    only(toml_faults(text), line_of(text, "categories = "), "没有部门类别“事业单为”", "是否应为“事业单位”")
    text = edited(('code = "B63"', 'code = "B63"\ncategories = ["镇街", "镇街"]'))
    only(toml_faults(text), line_of(text, "categories = "), "写了两次")
    text = edited(('key = "inventory_done"', 'key = "inventory_done"\ncategories = ["镇 街"]'))
    assert any("没有部门类别“镇 街”" in fault.what for fault in toml_faults(text))


def test_nobody_is_scored_by_facts_that_he_is_not_asked_for() -> None:
    text = edited(('key = "inventory_done"', 'key = "inventory_done"\ncategories = ["镇街"]'))
    fault = only(toml_faults(text), line_of(text, 'categories = ["镇街"]'), "指标 B63")
    assert "“党政机关”、“群团机关”、“事业单位”" in fault.what
    both = ('code = "B63"', 'code = "B63"\ncategories = ["镇街"]')
    assert toml_scheme(edited(both, ('key = "inventory_done"', 'key = "inventory_done"\ncategories = ["镇街"]')))


def test_facts_behind_derived_ones_count_too() -> None:
    text = form("district", ('key = "年末结转结余"', 'key = "年末结转结余"\ncategories = ["镇街"]'))
    only(toml_faults(text), line_of(text, 'key = "年末结转结余"', 1), "指标 B14")


def test_everybody_has_something_to_score() -> None:
    restricted = BUILTIN.replace(
        "[[indicators]]\n", '[[indicators]]\ncategories = ["党政机关", "群团机关", "事业单位"]\n'
    )
    only(toml_faults(restricted), line_of(restricted, 'name = "镇街"'), "“镇街”没有一个总是适用的计分指标")
    declared = BUILTIN.replace("[[indicators]]\n", "[[indicators]]\ndeclared = true\n")
    assert len(toml_faults(declared)) == 4
    first = declared.replace("[[indicators]]\ndeclared = true\n", "[[indicators]]\n", 1)
    assert toml_scheme(first).restricted


# --- the evaluated


def test_the_words_of_the_identity_are_different() -> None:
    text = form("xiangmu-2020", ('project_label = "项目名称"', 'project_label = "实施 单位"'))
    only(toml_faults(text), line_of(text, 'project_label = "实施 单位"'), "名称“实施 单位”重复")
    department = form("xiangmu-2020", ('kind = "project"', 'kind = "department"'))
    text = department.replace('project_label = "项目名称"', 'project_label = "实施单位"')
    assert not toml_scheme(text).evaluated.is_project
