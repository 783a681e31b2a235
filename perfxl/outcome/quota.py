"""How many may have a grade (等级名额): applied after the ranking; who goes beyond it has the next lower grade.

Source: other-forms.md, "What districts add" (优 at most 30% of a category).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from perfxl.outcome.grade import QUOTA
from perfxl.scheme.model import Quota, Scheme
from perfxl.scheme.records import ALL


class Graded(Protocol):
    """A ranked department as far as its grade hangs on others."""

    category: str
    total: Decimal
    grade: str
    grade_from: str
    grade_by: str


def apply_quotas(scheme: Scheme, ranked: Sequence[Graded]) -> None:
    """Lowers the grades of those who go beyond a quota, from the best grade on. ranked: all ranked, best first."""
    order = [band.name for band in scheme.grade_bands]
    quotas = sorted(scheme.quotas, key=lambda quota: order.index(quota.grade) if quota.grade in order else len(order))
    for quota in quotas:
        groups: dict[str, list[Graded]] = {}
        for item in ranked:
            groups.setdefault("" if quota.scope == ALL else item.category, []).append(item)
        for group in groups.values():
            _apply(scheme, quota, group)


def places(quota: Quota, count: int) -> int:
    """How many of so many may have the grade."""
    exact = Fraction(quota.share) * count
    if quota.rounding == "进位":
        return -(-exact.numerator // exact.denominator)
    if quota.rounding == "四舍五入":
        exact += Fraction(1, 2)
    return exact.numerator // exact.denominator


def _apply(scheme: Scheme, quota: Quota, group: Sequence[Graded]) -> None:
    members = sorted((item for item in group if item.grade == quota.grade), key=lambda item: -item.total)
    most = places(quota, len(group))
    if len(members) <= most:
        return
    edge = members[most].total
    for item in members:
        above = item.total > edge
        # Those who share the last place are all kept, or none of them is.
        kept = above or (quota.ties == "保留" and most > 0 and item.total == edge == members[most - 1].total)
        if not kept:
            names = [band.name for band in scheme.bands_of(item.category)]
            lower = names[names.index(quota.grade) + 1 :]
            if lower:
                item.grade_from, item.grade_by = item.grade_from or item.grade, QUOTA
                item.grade = lower[0]
