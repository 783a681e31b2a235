"""Schemes of the first format say what they said: TOML and workbook, renamed rules, caps by spending rate, defaults."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from perfxl.rules.deviation import Deviation
from perfxl.scheme import dump_toml, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.raw_scheme import TABLES
from perfxl.scheme.upgrade import OLD_SHEETS
from tests.scheme_files import (
    FORMS,
    Book,
    book_scheme,
    edited,
    exported,
    faults_of,
    line_of,
    only,
    replaced,
    toml_faults,
    toml_scheme,
)

FIRST = (FORMS / "guangzhou-2022-first.toml").read_text("utf-8")
"""The built-in scheme as the first version had it."""
CAPS = FIRST[FIRST.index("[[caps]]") : FIRST.index("# 部门自述")]


def first_book() -> Book:
    """The workbook that the first version exported: none of the sheets and columns that came later."""
    book = exported()
    for table in TABLES:
        if table.added:
            del book[table.sheet]
            continue
        added = {column.spec.heading for column in table.columns if column.spec.added}
        rows = book[table.sheet]
        if table.vertical:
            book[table.sheet] = [row for row in rows if row[0] not in added]
        else:
            keep = [at for at, heading in enumerate(rows[1]) if heading not in added]
            book[table.sheet] = [[row[at] for at in keep] for row in rows]
    del book["封顶和否决"]
    book["支出率封顶"] = [
        ["说明", ""],
        ["支出率下限", "总分最高"],
        [0.8, 100],
        [0.7, 89],
        [0.6, 79],
        [0.5, 69],
        [0, 59],
    ]
    for row in book["三级指标"]:
        if row[0] == "B21":
            row[4] = "超幅扣分"
    names = {"分子": "追加额", "分母": "基数", "每个百分点扣分": "每超一个百分点扣分"}
    for row in book["评分规则"]:
        if row[0] == "B21":
            row[1] = names.get(row[1], row[1])
    return book


def as_now(scheme: Scheme) -> Scheme:
    """The scheme with what only the present file says.

    The title of the results, the note, reasons of reviewers, and what the register knows.
    """
    now = load_scheme()
    header = replace(scheme.header, results=now.header.results, note=now.header.note)
    facts = tuple(replace(fact, source=now.fact_by_key[fact.key].source) for fact in scheme.facts)
    return replace(scheme, header=header, review_reasons=now.review_reasons, facts=facts)


def test_the_first_toml_is_the_built_in_scheme() -> None:
    assert as_now(toml_scheme(FIRST)) == load_scheme()


def test_the_first_workbook_is_the_built_in_scheme() -> None:
    old = book_scheme(first_book())
    assert as_now(old) == load_scheme()
    assert not old.notices


def test_a_renamed_rule_keeps_its_settings() -> None:
    rule = toml_scheme(FIRST).indicator_by_code["B21"].rule
    assert rule == Deviation(
        numerator=("budget_added",),
        denominator=("funds.total.initial",),
        free=Decimal("0.1"),
        per_point=Decimal("0.2"),
    )
    assert toml_scheme(FIRST).indicator_by_code["B21"].kind == "deviation"
    assert 'kind = "deviation"' in dump_toml(toml_scheme(FIRST))
    text = replaced(FIRST, ("settings.free = 0.1", "settings.free = -0.1"))
    only(toml_faults(text), line_of(text, "settings.free = -0.1"), "允许幅度不能为负")


def test_targets_below_zero_stay_refused_in_an_old_file_only() -> None:
    assert not toml_scheme(FIRST).options.negative_targets
    assert not book_scheme(first_book()).options.negative_targets
    assert toml_scheme(edited(("negative_targets = false\n", ""))).options.negative_targets
    new = replaced(FIRST, ("[options]", '[evaluated]\nkind = "department"\n\n[options]'))
    assert toml_scheme(new).options.negative_targets


def caps(*rows: tuple[object, object]) -> str:
    return FIRST.replace(CAPS, "".join(f"[[caps]]\nrate = {rate}\ncap = {most}\n\n" for rate, most in rows))


def shown(text: str) -> list[tuple[str, str, str]]:
    return [(cap.sign, cap.value, str(cap.cap)) for cap in toml_scheme(text).caps]


def test_a_cap_holds_below_the_next_bound() -> None:
    bands = (0, 59), (0.5, 69), (0.8, 100)
    assert shown(caps(*bands)) == [("<", "0.8", "69"), ("<", "0.5", "59")]
    assert shown(caps(*reversed(bands))) == [("<", "0.8", "69"), ("<", "0.5", "59")]
    assert shown(caps((0, 59), (0.5, 95))) == [("≥", "0.5", "95"), ("<", "0.5", "59")]
    assert shown(caps((0, 95))) == [("≥", "0", "95")]
    assert shown(caps((0, 100))) == []


def test_old_and_new_caps_may_stand_together() -> None:
    text = caps((0, 59), (0.5, 100)) + '\n[[caps]]\nfact = "inventory_done"\nsign = "="\nvalue = "否"\ngrade = "中"\n'
    assert [cap.fact for cap in toml_scheme(text).caps] == ["", "inventory_done"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rate = 0.8", "rate = 80", "不大于 1"),
        ("rate = 0.8", 'rate = "八成"', "“八成”不是数字"),
        ("rate = 0.8", 'rate = " "', "没有填写“支出率下限”（rate）"),
        ("rate = 0.5", "rate = 0.6", "“0.6”重复"),
        ("rate = 0\n", "rate = 0.1\n", "最低一档的支出率下限应为 0"),
        ("rate = 0.8", 'rate = 0.8\nsign = "<"', "不能与“事项”“条件”“数值”同写一行"),
        ("cap = 89", "cap = 101", "不大于 100"),
    ],
)
def test_what_was_wrong_is_told_at_its_line(old: str, new: str, words: str) -> None:
    text = replaced(FIRST, (old, new))
    before, after = FIRST.splitlines(), text.splitlines()
    number = next(number for number, lines in enumerate(zip(before, after, strict=False), 1) if lines[0] != lines[1])
    only(toml_faults(text), f"x.toml 第 {number - ('同写' in words)} 行", words)


def test_faults_of_an_old_workbook_name_its_own_sheet_and_cell() -> None:
    def change(sheet: str, row: int, at: int, value: object) -> Book:
        book = first_book()
        book[sheet][row][at] = value
        return book

    only(faults_of(change("支出率封顶", 3, 0, 70)), "工作表“支出率封顶”单元格 A4", "“支出率下限”不能是 70")
    only(faults_of(change("支出率封顶", 3, 1, "八十九")), "工作表“支出率封顶”单元格 B4", "“总分最高”：“八十九”不是数字")
    only(faults_of(change("支出率封顶", 1, 0, "支出率")), "工作表“支出率封顶”单元格 A2", "同时缺少“支出率下限”")


def test_a_renamed_sheet_of_the_first_format_is_still_found() -> None:
    book = first_book()
    assert OLD_SHEETS["caps"] in book
    book["支出率封顶 "] = book.pop("支出率封顶")
    assert as_now(book_scheme(book)) == load_scheme()


# --- sheets and columns that may be missing


def test_new_sheets_and_columns_may_be_missing_one_by_one() -> None:
    for table in TABLES:
        for column in table.columns:
            if not (column.spec.added and not table.added):
                continue
            book = exported()
            rows = book[table.sheet]
            if table.vertical:
                book[table.sheet] = [row for row in rows if row[0] != column.spec.heading]
            else:
                at = rows[1].index(column.spec.heading)
                book[table.sheet] = [[*row[:at], *row[at + 1 :]] for row in rows]
            scheme = book_scheme(book)
            assert scheme.indicators == load_scheme().indicators, column.name


def test_a_missing_new_sheet_is_noticed_beside_others() -> None:
    book = exported()
    del book["等级名额"]
    assert [str(notice) for notice in book_scheme(book).notices] == [
        "x.xlsx：没有工作表“等级名额”，按没有内容处理。如果是误删或改了名，请恢复。"
    ]
    book["等级的名额"] = [["等级"]]
    only(faults_of(book), "x.xlsx", "缺少工作表“等级名额”", "“等级的名额”就是这张表")


def test_old_caps_that_fall_with_the_rate_are_refused() -> None:
    """Conditions one below the other hold all at once: they could not say it."""
    fault = only(toml_faults(replaced(FIRST, ("rate = 0\ncap = 59", "rate = 0\ncap = 95"))), "x.toml 第 1070 行")
    assert "0.5 起的总分最高" in fault.what
