"""How words are compared, and which word was probably meant."""

from __future__ import annotations

import pytest

from perfxl.scheme.words import hint, near_miss
from perfxl.text import fold_all, is_blank, trimmed


@pytest.mark.parametrize(
    ("written", "same"),
    [("分 值", "分值"), ("　分值\u200b", "分值"), ("ＡＢ１", "ab1"), ("之差（关注）", "之差(关注)"), ("Kpi", "KPI")],
)
def test_folded_words_are_the_same(written: str, same: str) -> None:
    assert fold_all(written) == fold_all(same)
    assert fold_all("分值") != fold_all("分子")


def test_blanks() -> None:
    for value in (None, "", " ", "\u3000\u00a0\u200b\ufeff\n"):
        assert is_blank(value)
    for value in (0, False, "0", "无", "."):
        assert not is_blank(value)
    assert trimmed("\u3000 甲 乙\r\n丙\u200b\n") == "甲 乙\n丙"


def test_near_miss() -> None:
    assert near_miss("contract_total", ["contracts_total", "procurement_total"]) == "contracts_total"
    assert near_miss("等极", ["等级", "档数", "下限"]) == "等级"
    assert near_miss("分毋", ["分子", "分母"]) is None, "two words are equally near"
    assert near_miss("甲", ["乙"]) is None
    assert near_miss("完全不同", ["等级"]) is None
    assert near_miss("完全不同", []) is None


def test_hint() -> None:
    assert hint("等极", ["等级"], "请核对") == "是否应为“等级”？请改正"
    assert hint("完全不同", ["等级"], "请核对") == "请核对"
