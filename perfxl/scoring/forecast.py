"""得分预测: what the scheme's own rules make of the values that a department expects at the end of the year.

The one home of it. What monitoring does not ask for cannot be known in the middle of the year: an indicator that hangs
on it is assumed to have its full points, and the results say which those are and what the others come to alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from perfxl.decimals import ZERO, half_up, half_up_fraction, interned
from perfxl.monitoring.records import Forecast
from perfxl.outcome import DepartmentOutcome, finish, limits_that_hold
from perfxl.rules.base import Inputs, bounded
from perfxl.scheme.model import BASE, Indicator, Scheme
from perfxl.scoring.result import IndicatorScore
from perfxl.scoring.score import not_applying

ASSUMED = "监控不填报有关数据，按满分预测"
ASSUMED_OUTSIDE = "监控不填报有关数据，按 0 分预测"


@dataclass(frozen=True)
class Foreseen:
    """The forecast with the scores that it is made of. limits: the caps and vetoes that hold by the expected values."""

    forecast: Forecast
    scores: tuple[IndicatorScore, ...]
    outcome: DepartmentOutcome
    limits: tuple[int, ...]


def foresee(scheme: Scheme, inputs: Inputs, category: str, applies: Collection[str] | None = None) -> Foreseen:
    """The forecast of one department.

    scheme: that of the year; inputs: facts as they will be, KPI rows with the expected value as the actual one;
    applies: codes of the indicators that apply, None for all.
    """
    scores, assumed = [], []
    known_points = known_score = ZERO
    for item in scheme.indicators:
        if applies is not None and item.code not in applies:
            scores.append(not_applying(item, None))
            continue
        score = _score(item, inputs)
        scores.append(score)
        if score.computed is None:
            assumed.append(item.code)
        elif item.nature == BASE:
            known_points += item.points
            known_score += score.score
    limits = limits_that_hold(scheme, inputs) if scheme.limits else ()
    outcome = finish(scheme, scores, limits, category)
    forecast = Forecast(
        assumed=tuple(assumed),
        known_points=known_points,
        known_score=half_up(known_score),
        known_total=_scaled(known_score, known_points, scheme.full_points),
    )
    return Foreseen(forecast, tuple(scores), outcome, limits)


def _scaled(score: Decimal, points: Decimal, full: Decimal) -> Decimal | None:
    return half_up_fraction(Fraction(score) * Fraction(full) / Fraction(points)) if points else None


def _score(indicator: Indicator, inputs: Inputs) -> IndicatorScore:
    found = indicator.rule.score(indicator.points, inputs)
    computed = found.score
    if computed is None:
        inside = indicator.nature == BASE
        score, words = half_up(indicator.points if inside else ZERO), ASSUMED if inside else ASSUMED_OUTSIDE
    else:
        counted = indicator.rule.kpi_counted(indicator.points, inputs)
        score = bounded(computed if counted is None else counted, indicator.points)
        words = indicator.rule.explain(indicator.points, inputs, found)
    return IndicatorScore(
        code=indicator.code,
        points=indicator.points,
        self_score=None,
        computed=None if computed is None else interned(computed),
        review=None,
        score=interned(score),
        nature=indicator.nature,
        explanation=words,
    )
