"""Indicators and rows of a scheme that play a part of their own: the funds' total and the score of its spending."""

from __future__ import annotations

from perfxl.scheme.model import Indicator, Scheme


def funds_total(scheme: Scheme) -> str | None:
    """The key of the total row of the funds table, None where there is none."""
    return next((row.key for row in scheme.funds if row.role == "合计"), None)


def spending_rate_indicator(scheme: Scheme) -> Indicator | None:
    """The indicator that scores the spending rate of the total, None where the scheme has none."""
    spent = (f"funds.{funds_total(scheme)}.spent",)
    return next((item for item in scheme.indicators if (rate := item.rule.quotient) and rate.numerator == spent), None)
