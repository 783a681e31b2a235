"""Last year's results beside this year's: from its run.json, or from the folder of its output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from perfxl.results.kept_years import previous_year
from perfxl.scheme.model import Indicator
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key
from perfxl.years.model import Year

_Key = tuple[str, str]


@dataclass(frozen=True)
class Previous:
    """What departments came to the year before. year: of these results.

    totals: by department. scores: by department and indicator code. codes: last year's code by the indicator's name,
    empty where the names are not at hand; then this year's codes are taken for the same.
    """

    year: int
    totals: Mapping[_Key, Decimal]
    scores: Mapping[_Key, Mapping[str, Decimal]]
    codes: Mapping[str, str] = field(default_factory=dict)

    def total(self, department: DepartmentResult) -> Decimal | None:
        """The department's total, None where it has none."""
        return self.totals.get(_key(department.code, department.name, department.project))

    def score(self, department: DepartmentResult, indicator: Indicator) -> Decimal | None:
        """The department's accepted score of the indicator, None where it has none."""
        code = self.codes.get(name_key(indicator.name)) if self.codes else indicator.code
        own = self.scores.get(_key(department.code, department.name, department.project), {})
        return own.get(code) if code else None


def previous_results(path: Path) -> Previous:
    """The results in a run.json or an output folder. Raises UsageError where it cannot be read."""
    return results_of(previous_year(path))


def results_of(year: Year) -> Previous:
    """What departments came to in a year."""
    totals, scores = {}, {}
    for item in year.departments:
        if item.total is not None:
            key = _key(item.code, item.name, item.project)
            totals[key] = item.total
            scores[key] = {score.code: score.score for score in item.scores}
    indicators = [item for scheme in reversed(year.schemes) for item in scheme.indicators]
    return Previous(year.year, totals, scores, {name_key(item.name): item.code for item in indicators if item.name})


def _key(code: str, name: str, project: str) -> _Key:
    return code_key(code) or name_key(name), name_key(project)
