"""The units (单位) whose projects were evaluated: how many, and what their totals come to, weighted by money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, divide, half_up
from perfxl.outcome import grade_of
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit. budget: the adjusted budgets of its projects, 万元, unknown ones left out.

    weighted_total: the mean of the projects' totals weighted by these budgets, two places; the plain mean where they
    come to nothing. grade: by the grades that are not of one category. files: of its projects, best first.
    """

    code: str
    name: str
    projects: int
    budget: Decimal
    weighted_total: Decimal
    grade: str
    rank: int
    files: tuple[str, ...]


def unit_results(scheme: Scheme, departments: Sequence[DepartmentResult]) -> list[UnitResult]:
    """The units of the ranked projects, best first, two with one total by code; none where no projects are evaluated.

    A unit is named as in its best project. Competition ranks.
    """
    if not scheme.evaluated.is_project:
        return []
    groups: dict[tuple[str, str], list[DepartmentResult]] = {}
    for item in departments:
        if item.ranked:
            code = code_key(item.code)
            groups.setdefault((code, "" if code else name_key(item.name)), []).append(item)
    means = [(_weighted(group), group) for group in groups.values()]
    means.sort(key=lambda pair: (-pair[0], pair[1][0].code, pair[1][0].name))
    places: dict[Decimal, int] = {}
    for place, (mean, _) in enumerate(means, 1):
        places.setdefault(mean, place)
    return [
        UnitResult(
            code=group[0].code,
            name=group[0].name,
            projects=len(group),
            budget=sum((item.adjusted or ZERO for item in group), ZERO),
            weighted_total=mean,
            grade=grade_of(mean, scheme.grade_bands),
            rank=places[mean],
            files=tuple(item.file for item in group),
        )
        for mean, group in means
    ]


def _weighted(group: Sequence[DepartmentResult]) -> Decimal:
    budgets = [item.adjusted or ZERO for item in group]
    whole = sum(budgets, ZERO)
    if whole <= 0:
        return half_up(divide(sum((item.total for item in group), ZERO), Decimal(len(group))))
    return half_up(divide(sum((item.total * money for item, money in zip(group, budgets, strict=True)), ZERO), whole))
