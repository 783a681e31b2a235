"""The oracle's numbers: facts of a document, sums of them over sums, rounding. See `tests.oracle`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

Table = dict[str, Any]
YES_NO = ("是", "否")


class LackingError(Exception):
    """An input that a calculation needs is not there."""


class NoRateError(Exception):
    """A sum to divide by is not above 0."""


def number(value: Any) -> Fraction | None:
    """A number of a document or scheme; None where there is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        return Fraction(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def half_up(value: Fraction) -> Decimal:
    """A value that is not negative, to two places, halves up."""
    assert value >= 0
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return Decimal(hundredths).scaleb(-2)


def within(value: Fraction, points: Fraction) -> Decimal:
    """A score that is never below 0 and never above the points, to two places."""
    return half_up(min(max(value, Fraction(0)), points))


def fact(document: Table, key: str) -> Any:
    """What the department wrote for a fact; the funds table counts as facts too."""
    if key.startswith("funds."):
        _, row, column = key.split(".")
        return document.get("funds", {}).get(row, {}).get(column)
    return document.get("facts", {}).get(key)


def type_of(scheme: Table, key: str) -> str:
    """The type of a plain fact; the funds table is money."""
    return next((str(row["type"]) for row in scheme.get("facts", ()) if row["key"] == key), "money")


def definition(scheme: Table, key: str) -> Table | None:
    """The line that says how a derived fact is worked out; None for a plain one."""
    return next((row for row in scheme.get("derived", ()) if row["key"] == key), None)


def unsigned(key: str) -> str:
    return key.removeprefix("-")


def plain_keys(scheme: Table, keys: Iterable[str]) -> list[str]:
    """The plain facts behind some keys, those that derived facts are made of included."""
    found: list[str] = []
    for key in map(unsigned, keys):
        made_of = definition(scheme, key)
        if made_of is None:
            found.append(key)
        else:
            found += plain_keys(scheme, (*made_of["numerator"], *made_of.get("denominator", ())))
    return list(dict.fromkeys(found))


def require(document: Table, scheme: Table, keys: Iterable[str]) -> None:
    """Raises `LackingError` where one of the plain facts behind the keys has no number."""
    for key in plain_keys(scheme, keys):
        if number(fact(document, key)) is None:
            raise LackingError(key)


def value(document: Table, scheme: Table, key: str) -> Fraction:
    """A fact or derived fact as rules see it: a percentage is a rate (95.5 → 0.955)."""
    made_of = definition(scheme, key)
    if made_of is not None:
        return quotient(
            document,
            scheme,
            made_of["numerator"],
            made_of.get("denominator", ()),
            absolute=made_of.get("absolute", False),
            factor=Fraction(made_of.get("factor", 1)),
        )
    stated = number(fact(document, key))
    if stated is None:
        raise LackingError(key)
    return stated / 100 if type_of(scheme, key) == "percent" else stated


def added_up(document: Table, scheme: Table, keys: Iterable[str]) -> Fraction:
    """The signed sum of facts."""
    total = Fraction(0)
    for key in keys:
        part = value(document, scheme, unsigned(key))
        total += -part if key.startswith("-") else part
    return total


def quotient(
    document: Table,
    scheme: Table,
    numerator: Iterable[str],
    denominator: Iterable[str],
    *,
    absolute: bool = False,
    factor: Fraction = Fraction(1),
) -> Fraction:
    """Signed sums over signed sums, times the factor; the sum alone where nothing is to divide by.

    Raises `NoRateError` where what is divided by is not above 0.
    """
    above, below = list(numerator), list(denominator)
    require(document, scheme, (*above, *below))
    result = added_up(document, scheme, above)
    if below:
        whole = added_up(document, scheme, below)
        if whole <= 0:
            raise NoRateError(below)
        result /= whole
    return (abs(result) if absolute else result) * factor
