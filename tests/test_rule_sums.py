"""The sum that a working shows comes to the score that it shows, or the sentence names what keeps it from that."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.rules import KpiMethod, KpiRow
from perfxl.rules.kpi_method import AT_LEAST, AT_MOST, EQUAL
from tests.rule_cases import inputs_of_case, rule_case, rule_of

KINDS = ("ratio", "deviation", "deductions", "additions", "tiers", "limit", "checklist")
NUMBER = r"\d[\d,]*(?:\.\d+)?%?"
BOUND = r"（最低 0）|（最高 [\d.]+）|，超过 .+ 按 [\d.]+ 分计，得分"
SUM = re.compile(rf"((?:[-+−×÷（）()\s甲]|{NUMBER})*)({BOUND})? = (-?{NUMBER})$")
"""A sum, what bounds it, and what it is said to come to. 甲 is the name of whatever has one."""


def holds(sentence: str) -> None:
    """Raises AssertionError where a sentence ends in a sum that is another number, and nothing bounds it."""
    found = SUM.search(sentence)
    assert found, sentence
    shown, bound, result = found.groups()
    if not re.search(r"[+−×÷]", shown):
        return
    inner = re.sub(r"甲\s*", "", shown).strip().translate(str.maketrans("−×÷（）", "-*/()")).replace(",", "")
    inner = re.sub(r"(\d+(?:\.\d+)?)(%?)", lambda one: f"(Fraction('{one[1]}'){'/100' if one[2] else ''})", inner)
    own = eval(inner, {"Fraction": Fraction})
    if bound:
        limit = Fraction(re.findall(r"\d+(?:\.\d+)?", bound)[-1])
        own = max(own, limit) if "最低" in bound else min(own, limit)
    # The last place of a sum that is shown with two places may differ.
    assert abs(own - Fraction(result.replace(",", ""))) <= Fraction(1, 50), sentence


def test_a_sum_that_says_nothing_of_its_cap_is_found() -> None:
    with pytest.raises(AssertionError):
        holds("21 ÷ 18 × 3 = 3.00")
    holds("21 ÷ 18 × 3，超过 100% 按 3 分计，得分 = 3.00")


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9), kind=st.sampled_from(KINDS))
def test_the_sum_of_a_rule_comes_to_its_score(seed: int, kind: str) -> None:
    indicator, scheme, document = rule_case(random.Random(seed), kind)
    rule, inputs = rule_of(kind, indicator["settings"]), inputs_of_case(scheme, document)
    inputs = replace(inputs, labels=dict.fromkeys(inputs.labels, "甲"))
    score = rule.score(indicator["points"], inputs)
    if score.score is not None:
        holds(rule.explain(indicator["points"], inputs, score))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from((AT_LEAST, EQUAL, AT_MOST)), st.decimals("-50", "200", places=2),
    st.decimals("-50", "200", places=2), st.sampled_from(("1", "3", "20")), st.booleans(),
)  # fmt: skip
def test_the_sum_of_a_kpi_comes_to_its_score(
    direction: str, target: Decimal, actual: Decimal, weight: str, negative: bool
) -> None:
    method = KpiMethod({"符": direction}, {}, negative=negative)
    row = KpiRow("产出指标", "甲", "符", target, actual, Decimal(weight))
    score = method.score(row, Decimal(weight))
    if score.score is not None:
        holds(method.working(row, Decimal(weight), score))
