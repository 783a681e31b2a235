"""Caps and vetoes (封顶和否决): conditions on facts under which the total or the grade is held down.

Each as a test in exact numbers, as an Excel condition, and as a sentence. Source: scoring-scheme.md (options),
other-forms.md, "What districts add".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from perfxl.decimals import decimal_of, half_up, plain, two_places
from perfxl.rules.base import Inputs
from perfxl.rules.inputs import MICRO
from perfxl.rules.percentages import full_percent, percent_beside
from perfxl.rules.quotient import Quotient, Refs
from perfxl.scheme.model import Cap, Grade, Scheme

_SIGNS: dict[str, tuple[str, Callable[[Any, Any], bool], str]] = {
    "<": ("<", operator.lt, "低于"),
    "≤": ("<=", operator.le, "不高于"),
    ">": (">", operator.gt, "高于"),
    "≥": (">=", operator.ge, "不低于"),
    "=": ("=", operator.eq, "等于"),
}
SPENDING_RATE = "支出率"


def _quotient(scheme: Scheme, cap: Cap) -> Quotient | None:
    """What a condition compares, None where the scheme has no such number."""
    if not cap.fact:
        return scheme.spending_rate
    return scheme.definitions.get(cap.fact) or Quotient((cap.fact,), percent=cap.fact in scheme.percent_facts)


def _is_word(scheme: Scheme, cap: Cap) -> bool:
    fact = scheme.fact_by_key.get(cap.fact)
    return fact is not None and fact.type == "yes_no"


def limits_that_hold(scheme: Scheme, inputs: Inputs) -> tuple[int, ...]:
    """Which of the scheme's caps and vetoes hold of a department, by their places in `scheme.limits`.

    What cannot be told, because a fact is missing, holds nothing down.
    """
    return tuple([number for number, cap in enumerate(scheme.limits) if _holds(scheme, cap, inputs)])


def _holds(scheme: Scheme, cap: Cap, inputs: Inputs) -> bool:
    if _is_word(scheme, cap):
        return inputs.facts.get(cap.fact) == cap.value
    value = _value(scheme, cap, inputs)
    return value is not None and _SIGNS[cap.sign][1](value, Fraction(Decimal(cap.value)))


def _value(scheme: Scheme, cap: Cap, inputs: Inputs) -> Fraction | None:
    quotient = _quotient(scheme, cap)
    return None if quotient is None or inputs.missing(quotient.keys()) else quotient.exact(inputs)


def limit_condition_formula(scheme: Scheme, cap: Cap, refs: Refs) -> str:
    """Whether a cap or veto holds, as an Excel condition."""
    if _is_word(scheme, cap):
        return f'{refs.fact(cap.fact)}="{cap.value}"'
    quotient = _quotient(scheme, cap)
    if quotient is None:
        return "FALSE"
    return quotient.known_formula(
        refs, quotient.compare_formula(refs, _SIGNS[cap.sign][0], Decimal(cap.value)), "FALSE"
    )


def limit_words(scheme: Scheme, inputs: Inputs, number: int) -> str:
    """A sentence on a cap or veto that holds: what is, and what follows from it."""
    cap = scheme.limits[number]
    label = scheme.fact_labels.get(cap.fact, SPENDING_RATE)
    if _is_word(scheme, cap):
        found = f"“{label}”为“{cap.value}”"
    else:
        quotient, value = _quotient(scheme, cap), _value(scheme, cap, inputs)
        assert quotient is not None and value is not None
        exact, bound = decimal_of(value), Decimal(cap.value)
        shown = percent_beside(exact, [bound], exactly=True) if quotient.percent else plain(half_up(exact, MICRO))
        edge = full_percent(bound) if quotient.percent else plain(bound)
        unit = "" if quotient.percent or not cap.fact else scheme.unit_of(cap.fact)
        found = f"{label} {shown}{f' {unit}' if unit else ''}，{_SIGNS[cap.sign][2]} {edge}"
    return f"{f'{cap.words}：' if cap.words else ''}{found}，{limit_effect(cap)}"


def limit_rule_words(scheme: Scheme, cap: Cap) -> str:
    """A cap or veto in words, whomever it may hold down: `支出率低于 70%，总分最高 79 分`."""
    label = scheme.fact_labels.get(cap.fact, SPENDING_RATE)
    if _is_word(scheme, cap):
        condition = f"“{label}”为“{cap.value}”"
    else:
        quotient, bound = _quotient(scheme, cap), Decimal(cap.value)
        is_rate = quotient is None or quotient.percent
        unit = "" if is_rate or not cap.fact else scheme.unit_of(cap.fact)
        edge = full_percent(bound) if is_rate else plain(bound) + (f" {unit}" if unit else "")
        condition = f"{label}{_SIGNS[cap.sign][2]} {edge}"
    return f"{f'{cap.words}：' if cap.words else ''}{condition}，{limit_effect(cap)}"


def limit_effect(cap: Cap) -> str:
    """What a cap or veto does, in words."""
    parts = [] if cap.cap is None else [f"总分最高 {plain(cap.cap)} 分"]
    return "，".join([*parts, *([f"等级最高为“{cap.grade}”"] if cap.grade else [])])


def capped(total: Decimal, limits: Sequence[int], scheme: Scheme) -> Decimal:
    """A total under the caps that hold."""
    return min([total, *(cap for number in limits if (cap := scheme.limits[number].cap) is not None)])


def best_place(limits: Sequence[int], bands: Sequence[Grade], scheme: Scheme) -> int:
    """The place of the best grade, from 0, that the vetoes which hold leave."""
    names = [band.name for band in bands]
    held = (scheme.limits[number].grade for number in limits)
    return max((names.index(grade) for grade in held if grade in names), default=0)


def has_caps(scheme: Scheme) -> bool:
    """Whether the scheme caps totals."""
    return any(cap.cap is not None for cap in scheme.limits)


def has_vetoes(scheme: Scheme) -> bool:
    """Whether the scheme holds grades down."""
    return any(cap.grade for cap in scheme.limits)


def capped_formula(total: str, scheme: Scheme, refs: Refs) -> str:
    """`capped` as an Excel expression over the cell of a total and those of the facts; empty where there is none."""
    held = "".join(
        f",IF({limit_condition_formula(scheme, cap, refs)},{two_places(cap.cap)},{total})"
        for cap in scheme.limits
        if cap.cap is not None
    )
    return f'IF(ISNUMBER({total}),MIN({total}{held}),"")'


def best_place_formula(bands: Sequence[Grade], scheme: Scheme, refs: Refs) -> str:
    """`best_place` + 1 as an Excel expression, empty where the scheme has no vetoes that these grades know."""
    names = [band.name for band in bands]
    held = "".join(
        f",IF({limit_condition_formula(scheme, cap, refs)},{names.index(cap.grade) + 1},1)"
        for cap in scheme.limits
        if cap.grade in names
    )
    return f"MAX(1{held})" if held else ""


def held_formula(total: str, cap: Decimal | None) -> str:
    """A total as an Excel expression where the cap that holds it down is known, None where nothing does."""
    return total if cap is None else f"MIN({total},{two_places(cap)})"
