"""Exact decimal arithmetic for money and scores: one rounding rule, one way to show a number."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from perfxl.caches import cached, kept

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")
NOISE_FREE_PLACES = 10
"""Places to which a computed cell can be trusted; money has at most 6."""

# A quotient that is not finite cannot look like an exact half to 60 digits when its terms have
# fewer than 30, so dividing once, last, and rounding half up is exact.
_EXACT = Context(prec=60)


def half_up(value: Decimal, step: Decimal = CENT) -> Decimal:
    """`value` rounded half up (away from zero) to the step, two places unless told."""
    return value.quantize(step, ROUND_HALF_UP, context=_EXACT)


def divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The quotient to 60 digits; multiply before dividing so that only this step can be inexact."""
    return _EXACT.divide(dividend, divisor)


def decimal_of(exact: Fraction) -> Decimal:
    """A fraction as a decimal, to 60 digits."""
    return divide(Decimal(exact.numerator), Decimal(exact.denominator))


def half_up_fraction(exact: Fraction) -> Decimal:
    """A fraction rounded half up (away from zero) to two places, exactly."""
    whole, rest = divmod(abs(exact.numerator) * 100, exact.denominator)
    whole += 2 * rest >= exact.denominator
    return Decimal(whole if exact.numerator >= 0 else -whole).scaleb(-2, _EXACT)


_SEEN = kept()
_MOST_SEEN = 20_000


def interned(value: Decimal) -> Decimal:
    """The one object for a value and its places, so that thousands of equal scores share memory and pickle once."""
    key = str(value)
    if len(_SEEN) < _MOST_SEEN:
        found: Decimal = _SEEN.setdefault(key, value)
    else:
        found = _SEEN.get(key, value)
    return found


def plain(value: Decimal) -> str:
    """The number as a person writes it: no exponent, no zeros behind the last digit (`12.5`, `0`)."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@cached(maxsize=4_096)
def two_places(value: Decimal) -> str:
    """The number with two places, rounded half up (`9.95`)."""
    return format(half_up(value) + 0, "f")


def amount(value: Decimal) -> str:
    """Money in 万元 as sentences have it, as tables show it: thousands apart, two places at least (`1,234,567.80`).

    More places only where they say something.
    """
    return f"{half_up(value) + 0:,f}" if half_up(value) == value else f"{Decimal(plain(value)):,f}"


@cached(maxsize=1_024)
def percent(rate: Decimal, places: int = 2) -> str:
    """A rate as a percentage (`0.99494` → `99.49%`)."""
    return format(half_up(rate * 100, Decimal(1).scaleb(-places)) + 0, "f") + "%"


def from_float(value: float) -> Decimal:
    """The number that Excel shows for a cell: 15 significant digits and 10 places, noise of computed cells removed.

    15 digits give back what was typed; a computed cell (642.40 − 552.69) carries noise behind it. Whole numbers come
    back without a fraction part.
    """
    text = format(value, ".15g")
    exact = Decimal(text)
    # As most numbers are: neither an exponent nor inf or nan, and nothing to round.
    if "e" not in text and "n" not in text and len(text.partition(".")[2]) <= NOISE_FREE_PLACES:
        return exact
    if exact.as_tuple().exponent < -NOISE_FREE_PLACES:  # type: ignore[operator]
        exact = half_up(exact, Decimal(1).scaleb(-NOISE_FREE_PLACES)).normalize(_EXACT)
    if exact == exact.to_integral_value():
        return exact.quantize(Decimal(1)) if abs(exact) < Decimal("1e28") else exact
    return exact
