"""One home for what is blank, when two writings are one, and how much a cell holds."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.text import CELL_TEXT, as_cell_holds, fold, fold_all, is_blank, trimmed, without_invisible

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0f"
TYPED = st.text(st.sampled_from(" \u3000\u00a0\t\r\n\x85" + INVISIBLE + "Ａaß１（ﬁ㎡度\u0301\ud83d😀"), max_size=9)


def test_blank_is_space_and_what_cannot_be_seen() -> None:
    blank = {letter for letter in map(chr, range(sys.maxunicode + 1)) if is_blank(letter)}
    assert blank == {letter for letter in map(chr, range(sys.maxunicode + 1)) if letter.isspace()} | set(INVISIBLE)
    assert is_blank(None)
    assert is_blank("")
    assert not any(map(is_blank, (0, False, 0.0)))


@given(TYPED)
def test_all_agree_on_what_is_blank(text: str) -> None:
    assert is_blank(text) == (not fold(text)) == (not fold_all(text)) == (not trimmed(text))
    assert is_blank(text) == (not without_invisible(text))


@given(TYPED)
def test_outer_space_never_counts_and_inner_space_in_one_of_the_two(text: str) -> None:
    assert fold(f"\u3000{text}\u200b\n") == fold(text)
    assert fold_all(f" {text} 甲 乙") == fold_all(f"{text}甲乙")
    assert not any(letter.isspace() for letter in fold_all(text))


@pytest.mark.parametrize(
    ("text", "folded", "tight", "ends", "shown"),
    [
        ("　Ａ b\u200b\n", "A b", "ab", "Ａ b", "Ａ b"),
        ("甲\r\n\u00ad乙 ", "甲\r\n乙", "甲乙", "甲\n\u00ad乙", "甲\r\n乙"),
        ("长" * 41 + "（）", "长" * 41 + "()", "长" * 41 + "()", "长" * 41 + "（）", "长" * 41 + "（）"),
    ],
)
def test_each_says_how(text: str, folded: str, tight: str, ends: str, shown: str) -> None:
    assert (fold(text), fold_all(text), trimmed(text), without_invisible(text)) == (folded, tight, ends, shown)
    assert unicodedata.is_normalized("NFKC", fold(text))


def test_what_a_cell_holds() -> None:
    assert as_cell_holds("甲\r\n乙\ud83d\uffff") == "甲\n乙\ufffd\ufffd"
    assert as_cell_holds("字" * CELL_TEXT) == "字" * CELL_TEXT
    assert as_cell_holds("字" * (CELL_TEXT + 1)) == "字" * CELL_TEXT
    assert len(as_cell_holds("😀" * CELL_TEXT).encode("utf-16-le")) // 2 == CELL_TEXT - 1
