"""Scores of the levels above the third-level indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from perfxl.decimals import ZERO
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scoring.result import IndicatorScore

Level = Callable[[Indicator], str]


def first_level(indicator: Indicator) -> str:
    """The first-level indicator that it belongs to."""
    return indicator.level1


def second_level(indicator: Indicator) -> str:
    """The second-level indicator that it belongs to."""
    return indicator.level2


def level_scores(scheme: Scheme, scores: Iterable[IndicatorScore], level: Level) -> dict[str, Decimal]:
    """The accepted scores by the name of their level, in the order of the scheme."""
    indicators = scheme.indicator_by_code
    sums: dict[str, Decimal] = {}
    for score in scores:
        if score.code in indicators:
            name = level(indicators[score.code])
            sums[name] = sums.get(name, ZERO) + score.score
    return sums
