"""Exact decimals: one rounding rule, one way to show a number, one way in from a float."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.decimals import amount, divide, from_float, half_up, interned, percent, plain, two_places


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("0", "0.00"),
        ("0.004999999999999999999999", "0.00"),
        ("0.005", "0.01"),
        ("1.005", "1.01"),
        ("2.675", "2.68"),
        ("8.345", "8.35"),
        ("9.945", "9.95"),
        ("9.9949", "9.99"),
        ("99.995", "100.00"),
        ("-0.005", "-0.01"),
        ("-1.0049", "-1.00"),
        ("123456789012345.675", "123456789012345.68"),
    ],
)
def test_halves_round_away_from_zero(value: str, rounded: str) -> None:
    assert str(half_up(Decimal(value))) == rounded


def test_another_step() -> None:
    assert half_up(Decimal("6.66665"), Decimal("0.0001")) == Decimal("6.6667")


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9), st.integers(1, 10**4))
def test_dividing_last_keeps_exact_halves(amount: int, whole: int, points: int) -> None:
    ours = half_up(divide(Decimal(amount * points), Decimal(whole)))
    exact = abs(Fraction(amount * points, whole)) * 100
    nearest = (exact + Fraction(1, 2)).__floor__()
    assert ours == Decimal(nearest if amount >= 0 else -nearest).scaleb(-2)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12.50", "12.5"),
        ("12.00", "12"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0.000", "0"),
        ("-0.0", "0"),
        ("-3.10", "-3.1"),
        ("1E-7", "0.0000001"),
    ],
)
def test_plain_has_no_exponent_and_no_idle_zeros(value: str, shown: str) -> None:
    assert plain(Decimal(value)) == shown


def test_two_places_and_percent() -> None:
    assert two_places(Decimal("9.945")) == "9.95"
    assert two_places(Decimal(4)) == "4.00"
    assert percent(Decimal("639.15") / Decimal("642.40")) == "99.49%"
    assert percent(Decimal("0.99995")) == "100.00%"
    assert percent(Decimal("0.6"), 0) == "60%"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (0.1 + 0.2, "0.3"),
        (89.71000000000001, "89.71"),
        (1.1 * 3, "3.3"),
        (35.0, "35"),
        (-0.35, "-0.35"),
        (0.0, "0"),
        (1e-7, "0.0000001"),
        (123456789.123456, "123456789.123456"),
        (1e22, "10000000000000000000000"),
        (999999999999999.0, "999999999999999"),
    ],
)
def test_a_float_cell_is_what_excel_shows(cell: float, number: str) -> None:
    assert plain(from_float(cell)) == number


@pytest.mark.parametrize(("whole", "part"), [("642.40", "552.69"), ("123456.78", "123400.11")])
def test_a_computed_difference_loses_its_noise(whole: str, part: str) -> None:
    assert from_float(float(whole) - float(part)) == Decimal(whole) - Decimal(part)


@given(st.decimals(-(10**8), 10**8, places=6))
def test_what_was_typed_comes_back(typed: Decimal) -> None:
    assert from_float(float(typed)) == typed


def test_whole_numbers_have_no_fraction_part() -> None:
    assert str(from_float(35.0)) == "35"
    assert str(from_float(7000000.0)) == "7000000"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("642.4", "642.40"), ("642.40", "642.40"), ("7", "7.00"), ("0.005", "0.005"), ("1.2345", "1.2345"), ("0", "0.00"),
     ("1234567.8", "1,234,567.80"), ("-1000", "-1,000.00"), ("999.995", "999.995"), ("12345.6789", "12,345.6789"),
     ("-0", "0.00"), ("1E+5", "100,000.00")],
)  # fmt: skip
def test_an_amount_has_thousands_apart_two_places_and_more_where_they_say_something(value: str, shown: str) -> None:
    assert amount(Decimal(value)) == shown


def test_a_little_less_than_nothing_is_shown_as_nothing() -> None:
    assert two_places(Decimal("-0.001")) == "0.00"
    assert percent(Decimal("-0.00001")) == "0.00%"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (1e-10, "0.0000000001"),
        (1e-11, "0"),
        (0.12345678904, "0.123456789"),
        (0.12345678905, "0.1234567891"),
        (1.00000000004, "1"),
        (1.5e15, "1500000000000000"),
        (-1e16, "-10000000000000000"),
        (1e27, "1" + "0" * 27),
    ],
)
def test_ten_places_of_a_cell_count_and_whole_numbers_are_written_out(cell: float, number: str) -> None:
    assert plain(from_float(cell)) == number
    if abs(cell) >= 1:
        assert str(from_float(cell)) == number


def test_the_largest_cells_are_numbers_too() -> None:
    assert from_float(1e28) == Decimal("1e28")
    assert from_float(1.7e308) == Decimal("1.7e308")


def test_a_quotient_has_sixty_digits() -> None:
    assert str(divide(Decimal(1), Decimal(3))) == "0." + "3" * 60


def test_equal_numbers_with_equal_places_are_one_object() -> None:
    one = interned(Decimal("17.25"))
    assert interned(Decimal("17.25")) is one
    assert str(interned(Decimal("17.250"))) == "17.250"
