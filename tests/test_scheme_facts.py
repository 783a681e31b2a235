"""Faults of facts and derived facts: keys, sheets, tables, parts, signed sums, and what a scheme may say of them."""

from __future__ import annotations

import pytest

from perfxl.scheme.check_facts import FIXED_SHEETS
from tests.scheme_files import BUILTIN, Book, book_faults, edited, form, line_of, only, toml_faults, toml_scheme

FACT = '[[facts]]\nkey = "{key}"\nlabel = "甲"\ntype = "{type}"\nsheet = "{sheet}"\nsection = "其他"\n'
DERIVED = (
    '[[derived]]\nkey = "{key}"\nlabel = "乙"\nsheet = "管理效率"\nsection = "其他"\nnumerator = [{part}]\n'
    "denominator = [{whole}]\n"
)


def fact(key: str = "extra", kind: str = "count", sheet: str = "管理效率") -> str:
    return FACT.format(key=key, type=kind, sheet=sheet)


def derived(key: str = "rate", part: str = '"contracts_filed"', whole: str = '"contracts_total"') -> str:
    return DERIVED.format(key=key, part=part, whole=whole)


def told(added: str, part: str, *words: str) -> None:
    """One fault, on the line of the added text that begins with the part."""
    text = BUILTIN + "\n" + added
    number = text.count("\n", 0, len(BUILTIN) + 1 + added.index(part)) + 1
    only(toml_faults(text), f"x.toml 第 {number} 行", *words)


# --- keys


@pytest.mark.parametrize("key", ["年末结转结余", "三公.预算数", "x_1.甲乙2", "Ä"])
def test_keys_may_be_chinese(key: str) -> None:
    assert toml_scheme(BUILTIN + fact(key) + derived(f"率.{key}", f'"{key}"')).facts[-1].key == key


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("1甲", "以汉字或字母开头"),
        ("_a", "以汉字或字母开头"),
        ("a-b", "只能用"),
        ("a b", "只能用"),
        ("a..b", "只能用"),
        ("a.", "只能用"),
        ("ａｂ", "请改为半角：“ab”"),
        ("a\u200bb", "看不见的字符"),
        ("甲" * 101, "最多 100 个"),
    ],
)
def test_keys_that_are_none(key: str, words: str) -> None:
    told(fact(key), "key", words)
    told(derived(key), "key", words)


def test_facts_derived_facts_and_the_funds_table_share_their_keys() -> None:
    told(fact("Contracts_Total"), "key", "事项代码“Contracts_Total”重复", "已有")
    told(derived("contracts_total"), "key", "事项代码“contracts_total”重复", "已有")
    told(derived("funds.total.rate"), "key", "只属于收支表")
    text = BUILTIN + "\n" + derived() + derived()
    number = text.count("\n", 0, text.rindex('key = "rate"')) + 1
    only(toml_faults(text), f"x.toml 第 {number} 行", "事项代码“rate”重复")


def test_a_declared_fact_may_not_take_a_key_of_the_funds_table() -> None:
    text = edited(('key = "budget_added"', 'key = "funds.basic.spent"'), ('["budget_added"]', '["funds.basic.spent"]'))
    only(toml_faults(text), line_of(text, 'key = "funds.basic.spent"'), "收支表已有")


@pytest.mark.parametrize("key", ["funds.extra", "funds.total.other", "funds.total.spent.later"])
def test_no_other_fact_may_look_like_one_of_the_funds_table(key: str) -> None:
    text = edited(('key = "budget_added"', f'key = "{key}"'), ('["budget_added"]', f'["{key}"]'))
    only(toml_faults(text), line_of(text, f'key = "{key}"'), "只属于收支表")


# --- the funds table


def test_a_row_of_the_funds_table_has_no_dot_in_its_key() -> None:
    text = edited(('key = "basic"', 'key = "basic.wages"'))
    only(toml_faults(text), line_of(text, 'key = "basic.wages"'), "不能是“basic.wages”")


def test_funds_need_a_total_and_parts() -> None:
    first = line_of(BUILTIN, '[[funds]]\nkey = "total"')
    only(toml_faults(edited(('role = "合计"', 'role = "分项"'))), first, "没有“合计”行")
    start = BUILTIN.index('[[funds]]\nkey = "basic"')
    text = BUILTIN[:start] + BUILTIN[BUILTIN.index("# 部门填报的事实") :]
    only(toml_faults(text), first, "没有“分项”行")


def test_funds_need_the_columns_of_the_spending_rate() -> None:
    columns = form("xiangmu-2020")
    assert toml_scheme(columns).funds_table.columns == {
        "initial": "年初预算数",
        "adjusted": "全年预算数",
        "spent": "全年执行数",
    }
    text = form("xiangmu-2020", ('key = "spent"\nlabel = "全年执行数"', 'key = "spend"\nlabel = "全年执行数"'))
    words = [fault.what for fault in toml_faults(text)]
    assert words == ["指标 X01 的规则：没有事项代码“funds.total.spent”", "收支表没有键为“spent”的列"]
    text = form("xiangmu-2020", ('key = "adjusted"\nlabel = "全年预算数"', 'key = "now"\nlabel = "全年预算数"'))
    assert any("没有键为“adjusted”的列" in fault.what for fault in toml_faults(text))
    extra = columns.replace('key = "spent"\n', 'key = "冻结"\nlabel = "冻结数"\n\n[[fund_columns]]\nkey = "spent"\n')
    assert toml_scheme(extra).fact_labels["funds.total.冻结"] == "年度资金总额冻结数"


def test_a_scheme_may_have_no_funds_table() -> None:
    text = form("district")
    start, end = text.index("# 收支表的行"), text.index("# 部门填报的事项")
    faults = toml_faults(text[:start] + text[end:])
    assert {fault.what for fault in faults} == {
        "“分子”（numerator）中没有事项代码“funds.合计.spent”",
        "“分母”（denominator）中没有事项代码“funds.合计.adjusted”",
        "“分子”（numerator）中没有事项代码“funds.合计.adjusted”",
        "“分子”（numerator）中没有事项代码“funds.合计.initial”",
        "“分母”（denominator）中没有事项代码“funds.合计.initial”",
    }


# --- sheets


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("表" * 32, "有 32 个字符，工作表名称最多 31 个"),
        ("😀" * 16, "有 32 个字符"),
        ("a/b", "含有“/”"),
        ("a[1]", "含有“[”"),
        ("甲:乙", "含有“:”"),
        ("'甲", "单引号"),
        ("甲'", "单引号"),
        ("history", "Excel 自己用的"),
        (" 自评 得分", "模板中已有工作表“自评得分”"),
        ("管理 效率", "与“管理效率”"),
    ],
)
def test_sheet_names_that_are_none(name: str, words: str) -> None:
    told(fact(sheet=name), "sheet", words)


@pytest.mark.parametrize("name", FIXED_SHEETS)
def test_sheets_of_the_template_are_taken(name: str) -> None:
    told(fact(sheet=name), "sheet", "请换一个名称")


@pytest.mark.parametrize("name", ["表" * 31, "单位's 数据", "A1", "TRUE", "人员+资产", "🏫 学校", "收支情况"])
def test_other_sheet_names_will_do(name: str) -> None:
    scheme = toml_scheme(BUILTIN + fact(sheet=name))
    assert scheme.fact_sheets[:2] == ("收支情况", "管理效率")
    assert scheme.facts[-1].sheet == name


def test_a_wrong_sheet_is_told_once_and_the_funds_sheet_too() -> None:
    told(fact(sheet="a/b") + fact("other", sheet="a/b"), "sheet", "a/b")
    text = edited(("[options]", '[evaluated]\nfunds_sheet = "绩效指标"\n\n[options]'))
    assert only(toml_faults(text), line_of(text, "funds_sheet"), "“绩效指标”")


def test_more_sheets_than_anybody_fills() -> None:
    facts = "".join(fact(f"k{number}", sheet=f"表{number}") for number in range(19))
    assert "最多 20 张" in toml_faults(BUILTIN + facts)[0].what


# --- tables of facts


def matrix(key: str, row: str, column: str, kind: str = "count") -> str:
    return f'{fact(key, kind)}row_label = "{row}"\ncolumn_label = "{column}"\n\n'


def test_two_facts_of_a_table_in_one_place() -> None:
    rows = matrix("a", "甲", "数") + matrix("b", "乙", "数")
    assert toml_scheme(BUILTIN + rows)
    third = matrix("c", " 甲 ", "数")
    text = BUILTIN + rows + third
    number = text.count("\n", 0, text.rindex("column_label")) + 1
    only(toml_faults(text), f"x.toml 第 {number} 行", "已由“a”", "占用")
    other = matrix("c", "甲", "数").replace('section = "其他"', 'section = "另一张"')
    assert toml_scheme(BUILTIN + rows + other), "in another section it is another place"


def test_texts_do_not_stand_in_tables() -> None:
    told(matrix("a", "甲", "数", "text"), "type", "文字不能成表排列")


# --- parts


def test_parts_are_of_numbers_of_one_type() -> None:
    for kind in ("money", "count", "number", "percent"):
        part = fact("part", kind) + 'part_of = "whole"\n'
        assert toml_scheme(BUILTIN + fact("whole", kind) + part).facts[-1].part_of == "whole"
    told(fact("whole", "money") + fact("part", "percent") + 'part_of = "whole"\n', "part_of", "类型是百分数", "金额")
    told(fact("whole", "yes_no") + fact("part", "yes_no") + 'part_of = "whole"\n', "part_of", "不能与")
    told(derived() + fact("part", "number") + 'part_of = "rate"\n', "part_of", "是计算事项")


# --- derived facts


def test_derived_facts_may_use_earlier_ones_and_any_number() -> None:
    facts = fact("share", "percent") + fact("index", "number")
    first, second = (
        derived("first", '"share", "-index"', '"share"'),
        derived("second", '"first"', '"funds.total.spent"'),
    )
    scheme = toml_scheme(BUILTIN + facts + first + second)
    assert scheme.definitions["second"].keys() == ("first", "funds.total.spent")
    assert scheme.plain_facts(["second"]) == ("share", "index", "funds.total.spent")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('"contract_filed"', "“contracts_filed”"),
        ('"-contract_filed"', "是否应为“-contracts_filed”"),
        ('"－contract_filed"', "是否应为“-contracts_filed”"),
        ('"contracts_filed-contracts_total"', "用顿号分开"),
        ('"inventory_done"', "类型是是/否，不能用来计算"),
        ('"low_rate_reason"', "类型是文字"),
        ('"rate"', "用到了自己"),
        ('"later"', "用到了后面的计算事项“later”"),
        ('"contracts_filed", "-contracts_filed"', "写了不止一次"),
    ],
)
def test_terms_that_do_not_hold(part: str, words: str) -> None:
    told(derived(part=part) + derived("later"), "numerator", words)
    told(derived(whole=part) + derived("later"), "denominator", words)


def test_derived_facts_that_use_each_other() -> None:
    both = derived("a", '"b"') + derived("b", '"a"')
    told(both, "numerator", "用到了后面的计算事项“b”")


@pytest.mark.parametrize("minus", ["-", "－", "−", "- "])
def test_any_minus_subtracts_and_a_plus_adds(minus: str) -> None:
    scheme = toml_scheme(BUILTIN + derived(part=f'"+contracts_total", "{minus}contracts_filed"'))
    assert scheme.derived[0].numerator == ("contracts_total", "-contracts_filed")


def test_a_factor_of_zero() -> None:
    told(derived() + "factor = 0\n", "factor", "不能是 0")


def test_a_subtraction_in_a_rule_is_never_turned_into_an_addition() -> None:
    filed = 'settings.numerator = ["contracts_filed"]'
    text = edited((filed, filed.replace("]", ', "-contracts_total"]')))
    fault = only(toml_faults(text), line_of(text, '"-contracts_total"'), "计算事项")
    assert "是否应为" not in fault.advice


def test_the_minus_survives_the_workbook() -> None:
    def subtract(book: Book) -> None:
        book["计算事项"].append(["rate", "乙", "管理效率", "其他", "contracts_total、-contract_filed"])

    fault = book_faults(subtract)[0]
    assert fault.place == "工作表“计算事项”单元格 E3"
    assert "是否应为“-contracts_filed”" in fault.advice


# --- the spending rate


def test_the_spending_rate_is_a_derived_rate() -> None:
    named = ("[options]", '[evaluated]\nspending_rate = "{}"\n\n[options]')

    def text(key: str, added: str = "") -> str:
        return edited((named[0], named[1].format(key))) + "\n" + added

    scheme = toml_scheme(text("rate", derived()))
    assert scheme.spending_rate == scheme.definitions["rate"]
    for key, added, words in (
        ("rat", derived(), "是否应为“rate”"),
        ("contracts_total", "", "不是计算事项"),
        ("rate", derived() + "percent = false\n", "不是按百分比"),
    ):
        only(toml_faults(text(key, added)), line_of(text(key, added), "spending_rate"), words)
