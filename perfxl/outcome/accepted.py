"""The accepted score (认定得分) of one indicator.

Source: scoring-scheme.md, "Self score, computed score, review score".
"""

from __future__ import annotations

from decimal import Decimal

from perfxl.rules.base import bounded, rounded
from perfxl.scheme.model import PENALTY, Indicator


def accepted(
    indicator: Indicator,
    self_score: Decimal | None,
    computed: Decimal | None,
    review: Decimal | None = None,
    *,
    counted: Decimal | None = None,
    blank_self: bool = False,
) -> Decimal | None:
    """The review score where there is one, else the lower of self score and computed score (就低不就高).

    counted: of an indicator that counts KPI rows, the sum of what counts of each, which then stands for the computed
    score. Of a deduction outside the hundred the higher one is the lower total. The self score alone where no rule
    computes the indicator; where it is blank and may be (blank_self), the computed score alone. Two places, within 0
    and the points; None where what it hangs on is missing.
    """
    if review is not None:
        return bounded(review, indicator.points)
    by_rule = computed if counted is None else counted
    if not indicator.rule.computable:
        return None if self_score is None else bounded(self_score, indicator.points)
    if by_rule is None or (self_score is None and not blank_self):
        return None
    if self_score is None:
        return bounded(by_rule, indicator.points)
    lower = max(self_score, by_rule) if indicator.nature == PENALTY else min(self_score, by_rule)
    return bounded(lower, indicator.points)


def accepted_formula(
    indicator: Indicator,
    self_score: str,
    computed: str,
    review: str = "",
    *,
    counted: str = "",
    blank_self: bool = False,
) -> str:
    """`accepted` as an Excel expression over its cells, an empty text for None. review: where there is such a cell."""
    by_rule, points = counted or computed, indicator.points
    if indicator.rule.computable:
        choose = "MAX" if indicator.nature == PENALTY else "MIN"
        lower = rounded(f"{choose}({self_score},{by_rule})", points)
        given = f'IF(ISNUMBER({by_rule}),{lower},"")'
        # A text for a self score is neither blank nor a number.
        blank = f'IF(AND(LEN({self_score})=0,ISNUMBER({by_rule})),{rounded(by_rule, points)},"")'
        otherwise = blank if blank_self else '""'
        whole = f"IF(ISNUMBER({self_score}),{given},{otherwise})"
    else:
        whole = f'IF(ISNUMBER({self_score}),{rounded(self_score, points)},"")'
    return f"IF(ISNUMBER({review}),{rounded(review, points)},{whole})" if review else whole
