"""What sentences of reports claim: precision before recall, measured over a corpus."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.reports.claims import Claim
from perfxl.reports.figures import MONEY, PERCENT, counted, figure_of, money_of
from perfxl.reports.find import claims, claims_of
from perfxl.reports.names import Names, names_of
from perfxl.reports.sentences import plain_of, sentence_of, sentences
from perfxl.reports.text import Block
from perfxl.scheme.model import Scheme
from perfxl.text import chinese_number
from tests.report_sentences import CLAIMS, NO_CLAIMS


@pytest.fixture
def names(case: dict[str, Any], scheme: Scheme) -> Names:
    document = case["submission"]
    kpis = [(row["name"], row["unit"] or "") for row in document["kpis"]]
    return names_of(scheme, document["department"]["name"], [row["name"] for row in document["tasks"]], kpis)


def told(claim: Claim) -> tuple[str, str, str, Any]:
    """A claim as the corpus tells it; numbers by their value."""
    return (claim.kind.value, claim.subject, claim.column, claim.figure.value if claim.figure else claim.word)


def expected(claim: tuple[str, str, str, str]) -> tuple[str, str, str, Any]:
    *head, value = claim
    return (*head, Decimal(value) if value[0].isdigit() else value)  # type: ignore[return-value]


def measured(names: Names) -> tuple[list[str], list[str], int]:
    """What was found and is no claim, what was not found, how many claims there are."""
    wrong: list[str] = []
    missed: list[str] = []
    for text, claimed in CLAIMS:
        found, wanted = [told(one) for one in claims_of(sentence_of(text), names)], [expected(one) for one in claimed]
        wrong += [f"{text} {one}" for one in found if one not in wanted]
        missed += [f"{text} {one}" for one in wanted if one not in found]
    for text in NO_CLAIMS:
        wrong += [f"{text} {told(one)}" for one in claims_of(sentence_of(text), names)]
    return wrong, missed, sum(len(claimed) for _, claimed in CLAIMS)


def test_nothing_is_claimed_that_is_not_said(names: Names) -> None:
    assert measured(names)[0] == []
    assert len(NO_CLAIMS) >= len(CLAIMS)


def test_what_is_said_is_found(names: Names) -> None:
    _, missed, count = measured(names)
    assert len(missed) <= count * 0.03, missed


def test_the_corpus_is_as_the_page_tells(names: Names) -> None:
    from docs.make_report_page import TARGET, drawn

    wrong, missed, count = measured(names)
    assert TARGET.read_text("utf-8") == drawn(len(wrong), len(missed), count)


@given(number=st.integers(0, 999))
def test_chinese_numerals_come_back(number: int) -> None:
    assert counted(chinese_number(number)) == number
    assert counted(str(number)) == number


@given(cents=st.integers(0, 10**9))
def test_money_is_the_same_however_it_is_written(cents: int) -> None:
    amount = Decimal(cents) / 100
    yuan = Decimal(cents) * 100
    for text in (f"{amount:.2f}万元", f"{amount:,.2f} 万元", f"{yuan:,}元", f"{yuan} 元", f"{amount / 10000:.6f}亿元"):
        match = MONEY.search(plain_of(text)[0])
        assert match is not None and money_of(match).value == amount, text


@given(rate=st.integers(0, 20_000), shown=st.integers(0, 4))
def test_rounding_is_no_contradiction(rate: int, shown: int) -> None:
    exact = Decimal(rate) / 100
    rounded = (
        Decimal(f"{exact:.{shown}f}") if shown >= 2 else exact.quantize(Decimal(1).scaleb(-shown), "ROUND_HALF_UP")
    )
    match = PERCENT.search(f"{rounded}%")
    assert match is not None
    figure = figure_of(match)
    assert figure.agrees(exact)
    assert not figure.agrees(exact + 2)


def test_what_is_said_with_about_need_not_be_exact() -> None:
    for text, exact in (
        ("约3.6万元", "3.62"),
        ("近5000万元", "4968"),
        ("超过100万元", "103.5"),
        ("3.6万元左右", "3.55"),
    ):
        match = MONEY.search(text)
        assert match is not None and money_of(match).agrees(Decimal(exact)), text
        assert not money_of(match).agrees(Decimal(exact) * 2), text


def test_a_quote_is_short_and_holds_what_is_claimed(names: Names) -> None:
    long = "我部门对照职能开展工作，" * 20 + "部门整体支出绩效自评得分 96.45分，" + "并不断改进，" * 20
    found = [one for one in claims(list(sentences([Block(long)])), names) if one.kind.value == "总分"]
    assert len(found) == 1
    assert "自评得分 96.45分" in found[0].quote
    assert len(found[0].quote) <= 100
