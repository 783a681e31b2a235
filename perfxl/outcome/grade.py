"""From a total to its grade, how near it is to another one, and how far from the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

from perfxl.decimals import plain, two_places
from perfxl.references import literal
from perfxl.scheme.model import Grade, Scheme

VETO, QUOTA = "否决", "名额"
"""What lowers a grade below the one of its total."""
BY_RANK = "以排名为准"
"""What the template says of a grade that has a quota."""


def grade_of(total: Decimal | None, bands: Sequence[Grade], best: int = 0) -> str:
    """The grade of a rounded total; bands from the highest, closed below; empty without a total.

    best: the place of the best grade that vetoes leave. Source: scoring-scheme.md, "Money, rounding, grade".
    """
    if total is None:
        return ""
    place = next((place for place, band in enumerate(bands) if total >= band.floor), len(bands) - 1)
    return bands[max(place, best)].name


def grade_formula(total: str, bands: Sequence[Grade], best: str = "") -> str:
    """`grade_of` as an Excel expression over the cell of a total. best: the place of the best grade left, from 1."""
    if best:
        place = "1" + "".join(f"+({total}<{plain(band.floor)})" for band in bands[:-1])
        names = ",".join(literal(band.name) for band in bands)
        return f'IF(ISNUMBER({total}),CHOOSE(MAX({place},{best}),{names}),"")'
    name = literal(bands[-1].name)
    for band in reversed(bands[:-1]):
        name = f"IF({total}>={plain(band.floor)},{literal(band.name)},{name})"
    return f'IF(ISNUMBER({total}),{name},"")'


def by_category_formula(scheme: Scheme, category: str, expression: Callable[[Sequence[Grade]], str]) -> str:
    """An Excel expression that hangs on the grades in force, chosen by the cell of the category."""
    chosen = expression(scheme.grade_bands)
    for name, bands in reversed(list(scheme.own_bands.items())):
        chosen = f"IF({category}={literal(name)},{expression(bands)},{chosen})"
    return chosen


def is_near_threshold(total: Decimal, scheme: Scheme, category: str = "") -> bool:
    """Whether a total is at most the scheme's margin above or below a grade's bound."""
    floors = [band.floor for band in scheme.bands_of(category) if band.floor > 0]
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
