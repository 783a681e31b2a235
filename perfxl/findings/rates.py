"""Rates of a scheme in conditions: as Excel has them over the cells of facts, and exactly from what is typed there."""

from __future__ import annotations

from decimal import Decimal

from perfxl.decimals import decimal_of
from perfxl.findings.condition import Condition, Field, all_of, given, times
from perfxl.findings.in_excel import Value
from perfxl.findings.one_field import SideBySide
from perfxl.layout import Layout
from perfxl.layout.inputs import fact_value
from perfxl.rules import Inputs, Quotient
from perfxl.rules.quotient import MINUS, sum_of, unsigned
from perfxl.scheme.model import Scheme


def inputs_from(scheme: Scheme, keys: tuple[str, ...], of: Value) -> Inputs:
    """What calculates with facts and derived facts, from what is typed for the plain ones behind them."""
    facts = {key: fact_value(scheme.fact_by_key[key], of(key)) for key in scheme.plain_facts(keys)}
    return Inputs(facts, percents=scheme.percent_facts, definitions=scheme.definitions)


def rate_from(scheme: Scheme, quotient: Quotient, of: Value) -> Decimal | None:
    """A rate (1 = 100%, 60 digits) from what is typed for its facts; None where it is unknown."""
    return quotient.value(inputs_from(scheme, quotient.keys(), of))


def below(layout: Layout, quotient: Quotient, bound: Decimal) -> Condition:
    """A rate is known and below a bound."""
    scheme = layout.scheme
    if _is_simple(scheme, quotient):
        part, whole = quotient.numerator[0], quotient.denominator[0]
        low = all_of(Field(whole) > 0, (Field(part) - times(bound, Field(whole))).rounded(9) < 0)
        return given((whole, part), low)
    formula = quotient.known_formula(layout, quotient.compare_formula(layout, "<", bound), "FALSE")
    # A derived fact that cannot be worked out shows an empty text.
    formula = f"IFERROR({formula},FALSE)"

    def exact(of: Value) -> bool:
        rate = rate_from(scheme, quotient, of)
        return rate is not None and rate < bound

    return SideBySide(scheme.plain_facts(quotient.keys()), lambda cell: formula, exact)


def not_above_zero(layout: Layout, terms: tuple[str, ...]) -> Condition:
    """A signed sum of facts and derived facts is known and not above 0."""
    scheme, keys = layout.scheme, tuple(map(unsigned, terms))
    zero = f"ROUND({sum_of(layout, terms)},9)<=0"
    formula = f"IFERROR({Quotient(terms).known_formula(layout, zero, 'FALSE')},FALSE)"

    def exact(of: Value) -> bool:
        total = total_from(scheme, terms, of)
        return total is not None and total <= 0

    return SideBySide(scheme.plain_facts(keys), lambda cell: formula, exact)


def total_from(scheme: Scheme, terms: tuple[str, ...], of: Value) -> Decimal | None:
    """A signed sum from what is typed for its facts; None where it is unknown."""
    keys = tuple(map(unsigned, terms))
    inputs = inputs_from(scheme, keys, of)
    total = None if inputs.missing(keys) else inputs.total(terms)
    return None if total is None else decimal_of(total)


def _is_simple(scheme: Scheme, quotient: Quotient) -> bool:
    """Whether it is one plain fact over another, so that whole columns can be compared at once."""
    terms = (*quotient.numerator, *quotient.denominator)
    plain = all(
        not term.startswith(MINUS) and term in scheme.fact_by_key and term not in scheme.percent_facts for term in terms
    )
    return plain and len(quotient.numerator) == len(quotient.denominator) == 1 and _is_bare(quotient)


def _is_bare(quotient: Quotient) -> bool:
    return not quotient.absolute and quotient.factor == 1
