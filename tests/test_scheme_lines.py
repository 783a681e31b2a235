"""The scheme workbook of format 2: an indicator on one line with its settings beside it, facts by their names."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from perfxl.rules import rule_kinds
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.faults import build_scheme
from perfxl.scheme.model import Fact, Scheme
from perfxl.scheme.new_scheme import starter
from perfxl.scheme.workbook_file import read_workbook, scheme_workbook
from perfxl.scheme.workbook_layout import content_heading, listed_setting, most_parameters, parameters
from perfxl.scheme.workbook_names import MARK, fact_names
from tests.scheme_files import Book, book_scheme, exported, exported_now, faults_of, form, only, toml_scheme

SHEET = "三级指标"


def at(book: Book, heading: str, sheet: str = SHEET) -> int:
    """The column of a heading."""
    return [str(cell).replace("\n", "") for cell in book[sheet][1]].index(heading)


def line(book: Book, code: str) -> int:
    """The row of an indicator, from 0."""
    return [row[at(book, "指标代码")] for row in book[SHEET]].index(code)


def shown(book: Book, code: str, number: int = 0) -> dict[str, Any]:
    """What stands on the line of an indicator, or on one below it, by heading."""
    row = book[SHEET][line(book, code) + number]
    headings = [str(cell).replace("\n", "") for cell in book[SHEET][1]]
    return {heading: value for heading, value in zip(headings, row, strict=True) if value != ""}


def write(book: Book, code: str, heading: str, value: object, below: int = 0) -> str:
    """Writes a cell on the line of an indicator, or below it; its place."""
    row, column = line(book, code) + below, at(book, heading)
    book[SHEET][row][column] = value
    return f"工作表“{SHEET}”单元格 {get_column_letter(column + 1)}{row + 1}"


# --- what the export shows


def test_settings_stand_beside_their_indicator() -> None:
    book = exported_now()
    row = shown(book, "B21")
    assert row["一级指标（自动）"] and row["规则类型"] == "偏离扣分"
    assert (row["参数1名称（自动）"], row["参数1"]) == ("分子", load_scheme().fact_labels["budget_added"])
    assert (row["参数2名称（自动）"], row["参数2"]) == ("分母", "合计年初预算数")
    assert (row["参数5名称（自动）"], row["参数5"]) == ("允许幅度", 0.1)
    assert "参数3" not in row and row["参数3名称（自动）"] == "数值"
    judged = shown(exported_now(toml_scheme(form("gongxing-2013"))), "X11")
    assert not [heading for heading in judged if heading.startswith(("参数", "明细"))]


def test_what_has_several_contents_goes_on_below() -> None:
    book = exported_now(starter())
    assert (shown(book, "A21")["明细名称（自动）"], shown(book, "A21")["明细内容"]) == (
        "核对项",
        "已制定预算和财务管理制度",
    )
    for number, content in enumerate(("制度合法、合规、完整", "制度得到有效执行"), 1):
        below = shown(book, "A21", number)
        assert below["明细内容"] == content
        assert below["明细分值"] == 2
        assert "指标代码" not in below
    assert shown(book, "B11")["参数1"] == "产出指标" and shown(book, "B11", 1)["参数1"] == "效益指标"
    assert shown(book, "A22")["明细内容"] == "资金使用一般问题数"
    assert shown(book, "A22")["参数1名称（自动）"] == "一票否决"


def test_every_setting_of_every_rule_kind_has_its_place() -> None:
    for rule in rule_kinds().values():
        listed = listed_setting(rule)
        assert len(parameters(rule)) <= most_parameters()
        assert {*parameters(rule), *([listed] if listed else [])} == set(rule.settings())


@pytest.mark.parametrize("code", builtin_ids())
def test_no_key_is_shown_where_a_name_will_do(code: str) -> None:
    scheme = load_scheme(code)
    names = fact_names(scheme)
    assert len(set(names.values())) == len(names)
    keys = [key for key, name in names.items() if name == key and scheme.fact_labels[key] != key]
    assert not keys
    assert MARK in exported_now(scheme)


def test_sums_are_shown_and_fit() -> None:
    book = exported_now()
    levels = {row[0]: row for row in book["一二级指标"][2:] if row[0]}
    assert levels["履职效能"][at(book, "下级合计（自动）", "一二级指标")] == levels["履职效能"][1] == 50
    assert "计分的一级合计 100" in book["一二级指标"][0]
    notes = [row[at(book, "分值核对（自动）")] for row in book[SHEET][2:]]
    assert [note for note in notes if note][:1] == ["合计 50"] or notes[0].startswith("合计")
    assert not any("应为" in str(note) for note in notes)


def test_the_preview_shows_levels_standards_and_facts() -> None:
    scheme = starter()
    rows = exported_now(scheme)["预览"]
    assert rows[0][0] == scheme.header.title
    text = "\n".join("|".join(map(str, row)) for row in rows)
    for item in scheme.indicators:
        assert f"{item.name}|{float(item.points)}|{item.standard}" in text
    assert "投入和管理|预算执行|预算执行率" in text and "|内部管理|管理制度健全性" in text
    assert "支出率低于 90% 的说明" in text
    assert "收支表（工作表“收支情况”，万元），各列：年初预算数、调整预算数、支出数" in text
    assert "\n|满意度|服务对象满意度|%|由问卷" in text


def test_the_note_of_the_scheme_stands_on_the_first_sheet() -> None:
    scheme = load_scheme("gongxing-2013")
    words = [row[0] for row in exported_now(scheme)["说明"]]
    assert all(part in words for part in scheme.header.note.split("\n"))


def test_hidden_sheets_are_hidden_and_drop_downs_follow_the_kind() -> None:
    book = openpyxl.load_workbook(io.BytesIO(scheme_workbook(starter())))
    assert {sheet.title for sheet in book.worksheets if sheet.sheet_state == "hidden"} == {"_lists", MARK}
    rules = [rule for rule in book[SHEET].data_validations.dataValidation if "_lists" in str(rule.formula1)]
    assert len(rules) == most_parameters() + 1
    assert all(str(rule.formula1).startswith("OFFSET('_lists'!") and len(str(rule.formula1)) < 255 for rule in rules)
    assert not any(rule.showErrorMessage for rule in rules)


# --- what is read


@pytest.mark.parametrize("code", builtin_ids())
def test_both_formats_give_the_scheme(code: str) -> None:
    scheme = load_scheme(code)
    assert book_scheme(exported(scheme)) == book_scheme(exported_now(scheme)) == scheme


def test_both_ways_in_one_workbook() -> None:
    """Settings beside the indicators, and more of them on the sheet of the format before."""
    book = exported_now(starter())
    write(book, "B21", "参数5", "")
    book["评分规则"] = [["指标代码", "参数", "内容", "分值"], ["B21", "目标比例", 0.9, ""]]
    assert book_scheme(book) == starter()


def test_facts_are_named_by_label_key_and_both() -> None:
    for written in ("服务对象满意度", " 服务对象 满意度 ", "满意度", "服务对象满意度〔满意度〕", "随便什么〔满意度〕"):
        book = exported_now(starter())
        write(book, "B21", "参数3", written)
        assert book_scheme(book) == starter(), written


def test_several_facts_in_one_cell() -> None:
    book = exported_now(starter())
    write(book, "A11", "参数1", "基本支出支出数、项目支出支出数")
    rule = book_scheme(book).indicator_by_code["A11"].rule
    assert rule.facts() == ("funds.基本支出.spent", "funds.项目支出.spent", "funds.合计.adjusted")


def test_a_name_may_have_the_sign_between_names() -> None:
    scheme = starter()
    facts = tuple(
        replace(fact, label=f"制度、办法、{fact.label}") if fact.type == "money" else fact for fact in scheme.facts
    )
    odd = replace(scheme, facts=facts)
    assert book_scheme(exported_now(odd)) == odd
    book = exported_now(odd)
    write(book, "A13", "参数1", "制度、办法、“三公经费”支出数、合计支出数")
    rule = book_scheme(book).indicator_by_code["A13"].rule
    assert rule.facts() == ("三公经费支出数", "funds.合计.spent", "三公经费预算数")
    book["计算事项"][2][at(book, "分子", "计算事项")] = "合计支出数、-制度、办法、“三公经费”支出数"
    assert book_scheme(book).derived[0].numerator == ("funds.合计.spent", "-三公经费支出数")


@pytest.mark.parametrize("told_apart", ["both", "last"])
def test_names_with_their_keys_stand_in_a_list(told_apart: str) -> None:
    """What stands before the key of the last name is no label of it where it has names of its own."""
    scheme = starter()
    spent, planned = scheme.fact_by_key["三公经费支出数"], scheme.fact_by_key["三公经费预算数"]
    twins = [replace(planned, key="另一预算", section="其他")]
    if told_apart == "both":
        twins.append(replace(spent, key="另一支出", section="其他"))
    changed = replace(scheme.derived[0], numerator=(spent.key, f"-{planned.key}"))
    odd = replace(scheme, facts=(*scheme.facts, *twins), derived=(changed, *scheme.derived[1:]))
    book = exported_now(odd)
    written = book["计算事项"][2][at(book, "分子", "计算事项")]
    assert written.endswith("“三公经费”预算数〔三公经费预算数〕") and "、-" in written
    assert book_scheme(book) == odd


def test_names_that_make_up_a_longer_one_are_told_apart() -> None:
    scheme = starter()
    spent, planned = scheme.fact_by_key["三公经费支出数"], scheme.fact_by_key["三公经费预算数"]
    longer = replace(spent, key="两项", label=f"{spent.label}、{planned.label}", section="其他")
    changed = replace(scheme.derived[0], numerator=(spent.key, planned.key))
    odd = replace(scheme, facts=(*scheme.facts, longer), derived=(changed, *scheme.derived[1:]))
    assert book_scheme(exported_now(odd)) == odd


def test_two_facts_of_one_name_must_be_told_apart() -> None:
    scheme = starter()
    twin = replace(scheme.fact_by_key["满意度"], key="另一个", section="其他")
    twins = replace(scheme, facts=(*scheme.facts, twin))
    book = exported_now(twins)
    assert shown(book, "B21")["参数3"] == "服务对象满意度〔满意度〕"
    assert book_scheme(book) == twins
    place = write(book, "B21", "参数3", "服务对象满意度")
    only(faults_of(book), place, "叫“服务对象满意度”的事项有 2 个", "“服务对象满意度〔另一个〕”")


def relabel(book: Book, old: str, new: str) -> list[Any]:
    row = next(row for row in book["填报事项"] if row[0] == old)
    row[0] = new
    return row


def test_a_relabelled_fact_keeps_its_key() -> None:
    book = exported_now(starter())
    relabel(book, "服务对象满意度", "群众满意度")
    scheme = book_scheme(book)
    assert scheme.fact_by_key["满意度"].label == "群众满意度"
    assert scheme.indicator_by_code["B21"].rule == starter().indicator_by_code["B21"].rule


def test_a_fact_without_a_key_gets_one_from_its_name() -> None:
    book = exported_now(starter())
    key = at(book, "事项代码", "填报事项")
    new = ["获得表彰（市级）次数", "个数", "管理情况", "其他", "是"]
    book["填报事项"] += [new + [""] * (len(book["填报事项"][1]) - len(new)) for _ in range(2)]
    book["填报事项"][-1][0] = "2023年投诉数"
    next(row for row in book["填报事项"] if row[0] == "服务对象满意度")[key] = ""
    scheme = book_scheme(book)
    assert [fact.key for fact in scheme.facts[-2:]] == ["获得表彰市级次数", "事项2023年投诉数"]
    # What had a key before has it again.
    assert "满意度" in scheme.fact_by_key


def test_derived_facts_caps_and_parts_are_named_too() -> None:
    scheme = toml_scheme(form("district"))
    book = exported_now(scheme)
    row = next(row for row in book["计算事项"][2:] if "-" in str(row[at(book, "分子", "计算事项")]))
    assert "funds." not in str(row)
    caps = [row[0] for row in book["封顶和否决"][2:]]
    assert not any(str(name).startswith("funds.") for name in caps)
    assert book_scheme(book) == scheme


def insert(book: Book, code: str, **values: object) -> None:
    """A copy of an indicator's line below it, with these cells changed."""
    row = list(book[SHEET][line(book, code)])
    for heading, value in values.items():
        row[at(book, heading)] = value
    book[SHEET].insert(line(book, code) + 1, row)


def test_a_line_is_copied_for_another_indicator() -> None:
    book = exported_now(starter())
    write(book, "B21", "分值", 6)
    insert(book, "B21", 指标代码="B22", 三级指标="投诉处理", 分值=4, 参数3="预算调整率", 参数5=0.5)
    made = book_scheme(book).indicator_by_code["B22"]
    assert (made.points, made.rule.facts()) == (Decimal(4), ("预算调整率",))


# --- what is told


def unknown_fact(book: Book) -> str:
    return write(book, "B21", "参数3", "服务对象满意")


def one_parameter_too_many(book: Book) -> str:
    return write(book, "B21", "参数7", 1)


def listed_without_a_list(book: Book) -> str:
    return write(book, "B21", "明细内容", "满意度")


def points_are_missing(book: Book) -> str:
    return write(book, "A21", "明细分值", "", below=1)


def content_is_missing(book: Book) -> str:
    return write(book, "A21", "明细内容", "", below=1)


def a_text_for_a_number(book: Book) -> str:
    return write(book, "B21", "参数5", "九成")


def not_a_choice(book: Book) -> str:
    return write(book, "A13", "参数2", "不大于")


def twice(book: Book) -> str:
    return write(book, "A12", "参数5", 0.2, below=0) and insert_below(book, "A12", "参数5", 0.3)


def insert_below(book: Book, code: str, heading: str, value: object) -> str:
    row: list[Any] = [""] * len(book[SHEET][1])
    row[at(book, heading)] = value
    number = line(book, code) + 1
    book[SHEET].insert(number, row)
    return f"工作表“{SHEET}”单元格 {get_column_letter(at(book, heading) + 1)}{number + 1}"


def before_any_indicator(book: Book) -> str:
    row: list[Any] = [""] * len(book[SHEET][1])
    row[at(book, "参数1")] = "合计支出数"
    book[SHEET].insert(2, row)
    return f"工作表“{SHEET}”第 3 行"


def derived_of_nothing(book: Book) -> str:
    book["计算事项"][2][at(book, "分子", "计算事项")] = "合计调整预算数、-合计年初预算"
    return "工作表“计算事项”单元格 D3"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (unknown_fact, "没有名称或代码为“服务对象满意”的事项。是否应为“服务对象满意度”"),
        (one_parameter_too_many, "“比例计分”只有 5 个参数，这一格用不上"),
        (listed_without_a_list, "“比例计分”没有明细"),
        (points_are_missing, "没有填分值"),
        (content_is_missing, "没有填内容"),
        (a_text_for_a_number, "“九成”不是数字"),
        (not_a_choice, "不能是“不大于”"),
        (twice, "写了不止一次"),
        (before_any_indicator, "不属于任何指标"),
        (derived_of_nothing, "是否应为“-合计年初预算数”"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_fault_is_told_with_its_cell(change: Callable[[Book], str], words: str) -> None:
    book = exported_now(starter())
    place = change(book)
    faults = faults_of(book)
    assert place in [fault.place for fault in faults], "\n".join(map(str, faults))
    assert words in "\n".join(map(str, faults))
    assert len(faults) <= 2


def test_an_unknown_kind_is_told_once() -> None:
    book = exported_now(starter())
    place = write(book, "B21", "规则类型", "比列计分")
    only(faults_of(book), place, "是否应为“比例计分”")


def test_a_blank_code_is_told_once() -> None:
    book = exported_now(starter())
    place = write(book, "B21", "指标代码", "")
    only(faults_of(book), place, "没有填写“指标代码”")


def test_a_label_like_another_key_is_shown_with_its_own() -> None:
    scheme = starter()
    odd = Fact("乙", "满意度", "count", "管理情况", "其他", required=False)
    both = replace(scheme, facts=(*scheme.facts, odd))
    assert fact_names(both)["乙"] == "满意度〔乙〕"
    assert build_scheme(read_workbook(scheme_workbook(both), "x.xlsx")) == both


def test_headings_of_formulas_are_not_read() -> None:
    book = exported_now(starter())
    for heading in ("一级指标（自动）", "分值核对（自动）", f"{content_heading(1)}名称（自动）", "标准（自动）"):
        column = at(book, heading)
        for row in book[SHEET][2:]:
            row[column] = ""
    assert book_scheme(book) == starter()


def test_sheets_that_are_only_shown_may_go() -> None:
    book = exported_now(starter())
    for name in ("预览", "说明", "规则说明", "_lists", MARK):
        del book[name]
    scheme: Scheme = book_scheme(book)
    assert scheme == starter()
