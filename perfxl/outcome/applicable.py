"""To whom an indicator applies: by the department's category, or because the department says that it does not.

Source: other-forms.md, "What districts add". The one home of it: template, reader, checks and scores ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal

from perfxl.decimals import half_up
from perfxl.layout.fields import NOT_APPLICABLE
from perfxl.references import literal
from perfxl.scheme.model import BASE, FULL_MARKS, Indicator, Scheme

__all__ = [
    "NOT_APPLICABLE",
    "applies_formula",
    "applying",
    "fact_applies",
    "fact_applies_formula",
    "full_where_not_applying",
    "score_where_not_applying",
]


def applying(scheme: Scheme, category: str, declared: Collection[str] = ()) -> frozenset[str]:
    """Codes of the indicators that apply. declared: codes of those that the department calls 不适用.

    Where the category is blank, every one may apply.
    """
    return frozenset(
        item.code
        for item in scheme.indicators
        if not (item.declared and item.code in declared)
        and (not category or not item.categories or category in item.categories)
    )


def fact_applies(scheme: Scheme, key: str, category: str, codes: Collection[str]) -> bool:
    """Whether a plain fact is asked for: by its own categories, and by an indicator that applies where any uses it."""
    fact, users = scheme.fact_by_key[key], _users(scheme, key)
    own = not category or not fact.categories or category in fact.categories
    return own and (not users or any(item.code in codes for item in users))


def _users(scheme: Scheme, key: str) -> tuple[Indicator, ...]:
    """The indicators on whose applying it hangs whether a fact is asked for."""
    return () if key in scheme.always_asked else scheme.users_of(key)


def full_where_not_applying(indicator: Indicator) -> bool:
    """Whether the indicator gives all its points where it does not apply. What lies outside the hundred never does."""
    return indicator.na == FULL_MARKS and indicator.nature == BASE


def score_where_not_applying(indicator: Indicator) -> Decimal:
    """The accepted score of an indicator that does not apply."""
    return half_up(indicator.points) if full_where_not_applying(indicator) else half_up(Decimal(0))


def applies_formula(indicator: Indicator, category: str, self_score: str) -> str:
    """Whether an indicator applies as an Excel condition over the cells of category and self score; empty: always."""
    tests = []
    if indicator.categories:
        tests.append(_one_of(category, indicator.categories))
    if indicator.declared:
        tests.append(f'{self_score}<>"{NOT_APPLICABLE}"')
    return _all(tests)


def fact_applies_formula(scheme: Scheme, key: str, category: str, self_score: Callable[[str], str]) -> str:
    """`fact_applies` as an Excel condition, empty where it always does. self_score: the cell by indicator code."""
    fact, users = scheme.fact_by_key[key], _users(scheme, key)
    tests = [_one_of(category, fact.categories)] if fact.categories else []
    if users and not any(item.always for item in users):
        used = [applies_formula(item, category, self_score(item.code)) for item in users]
        tests.append(used[0] if len(used) == 1 else f"OR({','.join(used)})")
    return _all(tests)


def _one_of(cell: str, names: Collection[str]) -> str:
    return f'OR({cell}="",{",".join(f"{cell}={literal(name)}" for name in names)})'


def _all(tests: list[str]) -> str:
    return "" if not tests else tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
