"""From a total to its grade, and the cap that a low spending rate puts on it."""

from __future__ import annotations

from decimal import Decimal

from perfxl.scheme.model import Scheme


def grade_of(total: Decimal, scheme: Scheme) -> str:
    """The grade of a rounded total; bounds are closed below. Source: scoring-scheme.md, "Money, rounding, grade"."""
    bands = scheme.grade_bands
    return next((band.name for band in bands if total >= band.floor), bands[-1].name)


def is_near_threshold(total: Decimal, scheme: Scheme) -> bool:
    """Whether a total is at most the scheme's margin above or below a grade's bound."""
    floors = [band.floor for band in scheme.grade_bands if band.floor > 0]
    return any(abs(total - floor) <= scheme.thresholds.near_grade for floor in floors)


def cap_of(rate: Decimal | None, scheme: Scheme) -> Decimal | None:
    """The highest total at a spending rate (1 = 100%, not rounded); None where the scheme does not cap."""
    if not scheme.options.caps_on or rate is None:
        return None
    reached = [cap for cap in scheme.caps if rate >= cap.rate]
    return max(reached, key=lambda cap: cap.rate).cap if reached else None
