"""The accepted score (认定得分) of one indicator.

Source: scoring-scheme.md, "Self score, computed score, review score".
"""

from __future__ import annotations

from decimal import Decimal

from perfxl.rules.base import bounded, rounded
from perfxl.scheme.model import Indicator


def accepted(
    indicator: Indicator, self_score: Decimal | None, computed: Decimal | None, review: Decimal | None = None
) -> Decimal | None:
    """The review score where there is one, else the lower of self score and computed score (就低不就高).

    The self score alone where no rule computes the indicator. Two places, within 0 and the points; None where what it
    hangs on is missing.
    """
    counted = review if review is not None else self_score
    if counted is None:
        return None
    if review is None and indicator.rule.computable:
        if computed is None:
            return None
        counted = min(counted, computed)
    return bounded(counted, indicator.points)


def accepted_formula(indicator: Indicator, self_score: str, computed: str, review: str = "") -> str:
    """`accepted` as an Excel expression over its cells, an empty text for None. review: where there is such a cell."""
    if indicator.rule.computable:
        lower = rounded(f"MIN({self_score},{computed})", indicator.points)
        counted = f'IF(AND(ISNUMBER({self_score}),ISNUMBER({computed})),{lower},"")'
    else:
        counted = f'IF(ISNUMBER({self_score}),{rounded(self_score, indicator.points)},"")'
    return f"IF(ISNUMBER({review}),{rounded(review, indicator.points)},{counted})" if review else counted
