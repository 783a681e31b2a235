"""From a total to its grade, how near it is to another one, and how far from the next."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from perfxl.decimals import plain, two_places
from perfxl.scheme.model import Grade, Scheme


def grade_of(total: Decimal | None, bands: Sequence[Grade]) -> str:
    """The grade of a rounded total; bands from the highest, closed below; empty without a total.

    Source: scoring-scheme.md, "Money, rounding, grade".
    """
    if total is None:
        return ""
    return next((band.name for band in bands if total >= band.floor), bands[-1].name)


def grade_formula(total: str, bands: Sequence[Grade]) -> str:
    """`grade_of` as an Excel expression over the cell of a total."""
    name = f'"{bands[-1].name}"'
    for band in reversed(bands[:-1]):
        name = f'IF({total}>={plain(band.floor)},"{band.name}",{name})'
    return f'IF(ISNUMBER({total}),{name},"")'


def is_near_threshold(total: Decimal, scheme: Scheme) -> bool:
    """Whether a total is at most the scheme's margin above or below a grade's bound."""
    floors = [band.floor for band in scheme.grade_bands if band.floor > 0]
    return any(abs(total - floor) <= scheme.thresholds.near_grade for floor in floors)


def to_next_grade(total: Decimal | None, bands: Sequence[Grade]) -> str:
    """How far a rounded total is from the next grade, in words; bands from the highest; empty without a total."""
    if total is None:
        return ""
    above = next((band for band in reversed(bands[:-1]) if band.floor > total), None)
    return f"距“{above.name}”还差 {two_places(above.floor - total)} 分" if above else _highest(bands)


def to_next_grade_formula(total: str, bands: Sequence[Grade]) -> str:
    """`to_next_grade` as an Excel expression over the cell of a total."""

    def away(band: Grade) -> str:
        return f'"距“{band.name}”还差 "&TEXT(ROUND({plain(band.floor)}-{total},2),"0.00")&" 分"'

    reached = f'"{_highest(bands)}"'
    if len(bands) == 1:
        return f'IF(ISNUMBER({total}),{reached},"")'
    expression = away(bands[-2])
    for above, band in reversed(list(pairwise(bands[:-1]))):
        expression = f"IF({total}>={plain(band.floor)},{away(above)},{expression})"
    return f'IF(ISNUMBER({total}),IF({total}>={plain(bands[0].floor)},{reached},{expression}),"")'


def _highest(bands: Sequence[Grade]) -> str:
    return f"已是最高等级“{bands[0].name}”"
