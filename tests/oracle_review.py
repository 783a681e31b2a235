"""What reviews come to, worked out once more from the words of the issue, with fractions, by none of the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from statistics import median
from typing import Any

from tests.review_cases import Said

Cents = int


def cents(value: Any) -> Cents:
    """Rounded half up (all numbers here are 0 or more)."""
    return floor(Fraction(value) * 100 + Fraction(1, 2))


@dataclass
class Expected:
    """Of one department. reviews: what counts, in cents, by code. whole: whether all of it is settled."""

    reviews: dict[str, Cents] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)


def expected(scheme: Any, department: Any, said: Iterable[Said]) -> Expected:
    """The reviews that stand, and for which indicators something is settled."""
    found = Expected()
    own = list(said)
    for score in department.scores:
        if not score.applies:
            continue
        spoken: list[Cents] = []
        consent = tried = 0
        for one in own:
            if score.code in one.scores:
                tried += 1
                value, reason = one.scores[score.code]
                fits = value is not None and 0 <= value <= score.points and score.code not in one.stale
                if fits and (reason.strip(" 　") or cents(value) == cents(score.score)):
                    spoken.append(cents(value))
            elif one.agreed and score.code not in one.stale:
                consent += 1
        if not spoken:
            if consent and not tried:
                found.settled.add(score.code)
            continue
        votes = [*spoken, *[cents(score.score)] * consent]
        rule = scheme.options.review_rule
        if len(set(votes)) == 1:
            result = votes[0]
        elif rule == "就低":
            result = max(votes) if score.nature == "扣分" else min(votes)
        elif rule == "平均":
            result = floor(Fraction(sum(votes), len(votes)) + Fraction(1, 2))
        elif len(votes) < 3:
            continue
        else:
            result = floor(Fraction(median(map(Fraction, votes))) + Fraction(1, 2))
        found.reviews[score.code] = result
        found.settled.add(score.code)
    return found


@dataclass
class Place:
    """A department in the ranking of the oracle. total: in cents."""

    file: str
    category: str
    total: Cents
    grade: str
    scored: bool
    rank: int | None = None


def places(scheme: Any, departments: Sequence[Any], reviews: Mapping[str, Mapping[str, Cents]]) -> dict[str, Place]:
    """Totals, grades and ranks of all departments, with caps, vetoes and quotas."""
    found = []
    for item in departments:
        total = _total(scheme, item, reviews.get(item.file, {}))
        caps = [cents(scheme.limits[n].cap) for n in item.limits if scheme.limits[n].cap is not None]
        total = min([total, *caps])
        bands = [band for band in scheme.grades if band.category == item.category and band.set == _scale(scheme)]
        bands = bands or [band for band in scheme.grades if not band.category and band.set == _scale(scheme)]
        names = [band.name for band in bands]
        at = next(n for n, band in enumerate(bands) if total >= band.floor * 100)
        held = [names.index(scheme.limits[n].grade) for n in item.limits if scheme.limits[n].grade in names]
        grade = names[max([at, *held])]
        found.append(Place(item.file, item.category, total, grade, item.status == "scored"))
    ranked = [one for one in found if one.scored]
    for one in ranked:
        one.rank = 1 + sum(other.total > one.total for other in ranked)
    for quota in scheme.quotas:
        for category in {one.category for one in ranked}:
            group = [one for one in ranked if one.category == category]
            most = floor(Fraction(quota.share) * len(group))
            members = sorted((one for one in group if one.grade == quota.grade), key=lambda one: -one.total)
            if len(members) > most:
                edge = members[most].total
                for one in members:
                    tied = quota.ties == "保留" and most and one.total == edge == members[most - 1].total
                    if one.total <= edge and not tied:
                        names = [band.name for band in scheme.bands_of(category)]
                        one.grade = names[names.index(quota.grade) + 1]
    return {one.file: one for one in found}


def _scale(scheme: Any) -> str:
    return "五档" if scheme.options.five_grades else "四档"


def _total(scheme: Any, item: Any, reviews: Mapping[str, Cents]) -> Cents:
    base = left_out = 0
    outside: dict[str, Cents] = {}
    for score in item.scores:
        indicator = scheme.indicator_by_code[score.code]
        value = reviews.get(score.code, cents(score.score))
        if score.nature != "计分":
            outside[indicator.level1] = outside.get(indicator.level1, 0) + value
        elif score.applies or indicator.na == "满分":
            base += value
        else:
            left_out += cents(indicator.points)
    full = cents(scheme.full_points)
    if left_out:
        base = floor(Fraction(base * full, full - left_out) + Fraction(1, 2))
    total = base
    for level in scheme.levels:
        if not level.parent and level.nature != "计分":
            part = min(outside.get(level.name, 0), cents(level.points))
            total += part if level.nature == "加分" else -part
    return max(0, total if scheme.options.over_full else min(total, full))
