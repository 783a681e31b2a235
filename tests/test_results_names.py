"""Names of files and sheets: what Windows and Excel take, unique whatever the case."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.results.names import file_names, quoted, sheet_names, template_name
from tests.sample_batch import FIXED_SHEETS

RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)
NAMES = st.lists(st.text(max_size=60), max_size=12)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("区科学技术协会", "区科学技术协会"),
        ("区水务局/河长办", "区水务局／河长办"),
        ('a<b>c:d"e\\f|g?h*i', "a＜b＞c：d＂e＼f｜g？h＊i"),
        ("占比 50% #1", "占比 50％ ＃1"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("结尾有点. .", "结尾有点"),
        ("~$打开", "$打开"),
        ("换\n行\t和　空格", "换 行 和 空格"),
        ("半个字\ud83d", "半个字"),
        ("", "_"),
        ("=1+1", "=1+1"),
    ],
)
def test_file_name(name: str, file: str) -> None:
    assert file_names([name]) == [file]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2022年度部门整体支出绩效自评", "2022年度部门整体支出绩效自评填报模板.xlsx"),
        ('2023/24 年度? <自评> *"|:', "2023／24 年度？ ＜自评＞ ＊＂｜：填报模板.xlsx"),
        ("字" * 300, "字" * 66 + "填报模板.xlsx"),
    ],
)
def test_a_templates_file_is_named_after_any_title(title: str, name: str) -> None:
    assert template_name(title) == name


def test_like_file_names_are_numbered_whatever_the_case() -> None:
    assert file_names(["abc", "ABC", "abc", "abc(2)"]) == ["abc", "ABC(2)", "abc(3)", "abc(2)(2)"]


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("[甲]/乙*丙?", "［甲］／乙＊丙？"),
        ("'区档案局'", "区档案局"),
        ("History", "History(2)"),
        ("排名", "排名(2)"),
        ("", "_"),
        ("字" * 40, "字" * 31),
        ("😀" * 20, "😀" * 15),
    ],
)
def test_sheet_name(name: str, sheet: str) -> None:
    assert sheet_names([name], FIXED_SHEETS) == [sheet]


def test_sheet_names_alike_in_the_first_31_characters() -> None:
    names = ["字" * 35 + "甲", "字" * 35 + "乙"]
    assert sheet_names(names) == ["字" * 31, "字" * 28 + "(2)"]


def test_quoted_doubles_the_apostrophe() -> None:
    assert quoted("a'b") == "'a''b'"


def test_ten_thousand_like_names_are_quick_and_unique() -> None:
    assert len({name.casefold() for name in sheet_names(["区教育局"] * 10_000)}) == 10_000


@given(NAMES)
@pytest.mark.slow
def test_any_text_gives_legal_file_names(names: list[str]) -> None:
    files = file_names(names)
    assert len({name.casefold() for name in files}) == len(names)
    for name in files:
        assert 0 < utf16(name) <= 80
        assert len(name.encode()) <= 200
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert name == name.strip(" .")
        assert not RESERVED.match(name)


@given(NAMES)
@pytest.mark.slow
def test_any_text_gives_legal_sheet_names(names: list[str]) -> None:
    sheets = sheet_names(names, FIXED_SHEETS)
    taken = {name.casefold() for name in (*FIXED_SHEETS, "History")}
    assert len({name.casefold() for name in sheets} | taken) == len(names) + len(taken)
    for name in sheets:
        assert 0 < utf16(name) <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
