"""Lights, pace, chances and money to be taken back, against a second calculation by hand or in fractions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.monitoring.chances import Chance, Contradiction, chance_of, contradiction
from perfxl.monitoring.lights import Bounds, Light, gravest
from perfxl.monitoring.pace import Weighed, completion, grows, overall
from perfxl.monitoring.states import Yardstick, kpi_rates, money_state, whole_of
from perfxl.monitoring.takeback import to_take_back, will_miss
from perfxl.results.watch import Warned
from perfxl.rules.kpi_method import Band, KpiMethod
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult
from tests.test_kpi_rules import METHOD, row, value

SHARE = Fraction(7, 12)
BOUNDS = Bounds(Decimal("0.6"), Decimal("0.8"), Decimal("1.2"))
STEADY = ("%", "‰", "百分点", "个百分点")
YARDSTICK = Yardstick(BOUNDS, SHARE, METHOD, STEADY)


@pytest.mark.parametrize(
    ("rate", "light"),
    [
        ("0", Light.RED),
        ("0.5999999999", Light.RED),
        ("0.6", Light.YELLOW),
        ("0.7999999999", Light.YELLOW),
        ("0.8", Light.GREEN),
        ("1.1999999999", Light.GREEN),
        ("1.2", Light.BLUE),
        ("9", Light.BLUE),
    ],
)
def test_lights_are_closed_below(rate: str, light: Light) -> None:
    assert BOUNDS.light(Fraction(rate)) is light


@given(st.sampled_from(("0.6", "0.8", "1.2")), st.integers(-(10**8), 10**8), st.integers(1, 12))
def test_a_rate_in_words_has_the_light_that_is_shown_beside_it(bound: str, units: int, places: int) -> None:
    rate = max(Decimal(bound) + Decimal(units).scaleb(-places), Decimal(0))
    shown = Fraction(BOUNDS.shown(rate).removesuffix("%")) / 100
    assert BOUNDS.light(shown) is BOUNDS.light(Fraction(rate))


def test_what_cannot_be_told_has_no_light() -> None:
    assert BOUNDS.light(None) is Light.NONE
    assert gravest([]) is Light.NONE
    assert gravest([Light.NONE, Light.GREEN, Light.BLUE]) is Light.BLUE
    assert gravest([Light.BLUE, Light.YELLOW]) is Light.YELLOW
    assert gravest([Light.YELLOW, Light.RED, Light.NONE]) is Light.RED


def test_bounds_are_those_of_the_scheme(scheme: Scheme) -> None:
    assert Bounds.of(scheme) == BOUNDS
    other = replace(scheme, thresholds=replace(scheme.thresholds, light_red=Decimal("0.5")))
    assert Bounds.of(other).light(Fraction(11, 20)) is Light.YELLOW


_MONEY = st.decimals(0, 100_000, places=6, allow_nan=False)


@given(spent=_MONEY, budget=_MONEY, months=st.integers(1, 12))
def test_spending_is_held_against_the_time_gone(spent: Decimal, budget: Decimal, months: int) -> None:
    yardstick = replace(YARDSTICK, share=Fraction(months, 12))
    state = money_state(yardstick, "合计", budget=budget, spent=spent, expected=None)
    if budget == 0:
        assert (state.rate, state.pace, state.light) == (None, None, Light.NONE)
        return
    # In whole millionths and months, without a division.
    left, right = int(spent * 10**6) * 12 * 10, int(budget * 10**6) * months
    expected = (
        Light.RED if left < 6 * right else Light.YELLOW if left < 8 * right else Light.GREEN if left < 12 * right
        else Light.BLUE
    )  # fmt: skip
    assert state.light is expected
    assert state.expected_light is Light.NONE


@pytest.mark.parametrize(
    ("symbol", "target", "unit", "done", "pace", "light"),
    [
        # 35 in the year are 20.4 by the end of July.
        ("≥", "35", "场", "21", Fraction(21 * 12, 35 * 7), Light.GREEN),
        ("≥", "35", "场", "35", Fraction(12, 7), Light.BLUE),
        ("≥", "35", "场", "16", Fraction(16 * 12, 35 * 7), Light.YELLOW),
        ("=", "12", "期", "4", Fraction(4, 7), Light.RED),
        # A percentage does not grow with the year.
        ("≥", "90", "%", "92", Fraction(92, 90), Light.GREEN),
        ("≥", "90", "％", "60", Fraction(60, 90), Light.YELLOW),
        # Lower is better: against the whole year, and never blue.
        ("≤", "3", "件", "0", Fraction(1), Light.GREEN),
        ("≤", "3", "件", "3", Fraction(1), Light.GREEN),
        ("≤", "3", "件", "4", Fraction(2, 3), Light.YELLOW),
        ("≤", "3", "件", "5", Fraction(1, 3), Light.RED),
        # A target of nothing.
        ("≤", "0", "起", "0", Fraction(1), Light.GREEN),
        ("≤", "0", "起", "1", Fraction(0), Light.RED),
        ("=", "0", "起", "0", Fraction(1), Light.GREEN),
        ("≥", "0", "场", "0", Fraction(1), Light.GREEN),
        # In words.
        ("定性", None, "", "达成预期", Fraction(1), Light.GREEN),
        ("定性", None, "", "部分达成且有一定效果", Fraction(6, 10), Light.YELLOW),
        ("定性", None, "", "未达成", Fraction(0), Light.RED),
        # What cannot be told.
        ("定性", None, "", "尚可", None, Light.NONE),
        ("≥", None, "场", "3", None, Light.NONE),
        ("≥", "35", "场", None, None, Light.NONE),
        ("约", "35", "场", "3", None, Light.NONE),
    ],
)
def test_lights_of_kpis(
    symbol: str, target: str | None, unit: str, done: str | None, pace: Fraction | None, light: Light
) -> None:
    rates = kpi_rates(YARDSTICK, row(symbol, target), unit, value(done), None)
    assert rates.pace == pace
    assert BOUNDS.light(rates.pace) is light


def test_a_falling_rate_is_held_against_the_whole_year() -> None:
    negative = replace(METHOD, negative=True)
    kpi = row("≤", "-5")
    assert not grows(negative, kpi, "吨", ())
    assert completion(negative, kpi, Decimal(-3)) == Fraction(3, 5)


def test_of_a_band_the_lower_end_counts() -> None:
    bands = KpiMethod({"定性": "qualitative"}, {"部分达成": Band(Decimal("0.6"), Decimal("0.8"))})
    assert completion(bands, row("定性", None), "部分达成") == Fraction(6, 10)


def test_a_word_for_a_target_that_is_reached_is_no_shortfall() -> None:
    """达成年度指标 is worth 80% to 100% of the points, but what it says is that the target is reached."""
    bands = KpiMethod({"定性": "qualitative"}, {"达成年度指标": Band(Decimal("0.8"), Decimal(1))})
    assert completion(bands, row("定性", None), "达成年度指标") == 1


def test_all_kpis_together_by_weight_and_none_makes_up_for_another() -> None:
    far, half = Fraction(3), Fraction(1, 2)
    assert overall([Weighed(far, Decimal(30)), Weighed(half, Decimal(10))]) == Fraction(35, 40)
    assert overall([Weighed(far, Decimal(30)), Weighed(half, None)]) == Fraction(3, 4)
    assert overall([Weighed(None, Decimal(30)), Weighed(half, Decimal(10))]) == half
    assert overall([Weighed(None, None)]) is None
    assert overall([Weighed(half, Decimal(0)), Weighed(Fraction(1), Decimal(5))]) == 1
    assert overall([Weighed(half, Decimal(0))]) is None


WORDS = ("确定能", "有可能", "完全不可能")


def test_chances_by_their_place() -> None:
    assert [chance_of(word, WORDS) for word in WORDS] == [Chance.SURE, Chance.MAYBE, Chance.NEVER]
    assert chance_of("也许", WORDS) is None


@pytest.mark.parametrize(
    ("chance", "reached", "expected", "timed", "found"),
    [
        (Chance.SURE, "0.3", "0.99", True, Contradiction(Chance.SURE)),
        (Chance.SURE, "0.3", "1", True, None),
        (Chance.MAYBE, "0.3", "0.5", True, None),
        (Chance.NEVER, "0.3", "1", True, Contradiction(Chance.NEVER)),
        (Chance.NEVER, "1", "0.9", True, Contradiction(Chance.NEVER, expects=False)),
        # What does not add up can be lost again.
        (Chance.NEVER, "1", "0.9", False, None),
        (Chance.NEVER, None, None, True, None),
        (None, "0.3", "0.5", True, None),
    ],
)
def test_contradictions(
    chance: Chance | None, reached: str | None, expected: str | None, timed: bool, found: Contradiction | None
) -> None:
    rates = [None if text is None else Fraction(text) for text in (reached, expected)]
    assert contradiction(chance, rates[0], rates[1], timed=timed) == found


@pytest.mark.parametrize(
    ("budget", "expected", "misses", "amount"),
    [
        ("100", "80.005", [True, False], "19.995"),
        ("100", "80", [False], None),
        ("100", "80", [], None),
        ("100", "90", [True], None),
        ("0", "0", [True], None),
        (None, "80", [True], None),
        ("100", None, [True], None),
    ],
)
def test_money_is_taken_back_where_neither_will_be_reached(
    budget: str | None, expected: str | None, misses: list[bool], amount: str | None
) -> None:
    known = [None if text is None else Decimal(text) for text in (budget, expected)]
    found = to_take_back(known[0], known[1], Decimal("0.9"), misses)
    assert found == (None if amount is None else Decimal(amount))


def test_who_will_miss() -> None:
    assert will_miss(Chance.NEVER, None)
    assert will_miss(None, Fraction(99, 100))
    assert not will_miss(Chance.MAYBE, Fraction(1))
    assert not will_miss(Chance.MAYBE, None)


@pytest.mark.parametrize(
    ("funds", "kpis", "whole"),
    [
        (Light.GREEN, "0.7", Light.YELLOW),
        (Light.RED, "0.7", Light.RED),
        (Light.BLUE, "1", Light.BLUE),
        (Light.NONE, "0.5", Light.RED),
        (Light.YELLOW, None, Light.YELLOW),
    ],
)
def test_a_department_is_as_the_graver_of_both(funds: Light, kpis: str | None, whole: Light) -> None:
    rate = None if kpis is None else Fraction(kpis)
    assert whole_of(BOUNDS, funds, [Weighed(rate, None)]).whole is whole


@pytest.mark.parametrize(
    ("now", "then", "gravity"),
    [
        (Light.YELLOW, Light.RED, Light.RED),
        (Light.RED, Light.GREEN, Light.RED),
        (Light.GREEN, Light.YELLOW, Light.YELLOW),
    ],
)
def test_what_will_be_red_stands_among_the_red_ones(now: Light, then: Light, gravity: Light) -> None:
    department: DepartmentResult = None  # type: ignore[assignment]
    assert Warned(department, "", "", "", "", "", None, None, now, None, then).gravity is gravity
