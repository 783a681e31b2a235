"""What every result sheet needs to know of the whole batch, worked out once.

A context goes to worker processes: `only` gives the share of it that some departments need.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from perfxl.checks.finding import Finding, by_severity
from perfxl.decimals import ZERO
from perfxl.results.batch import Batch, DetailsByFile
from perfxl.results.form_cells import FormCells
from perfxl.results.names import file_names
from perfxl.results.statistics import rate
from perfxl.results.styles import TONE_NAMES, tone
from perfxl.results.words import Words
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult, level_scores, second_level
from perfxl.scoring.result import IndicatorScore
from perfxl.status import Status
from perfxl.years.result import DepartmentYears, SchemeYears

_PATTERN_TWINS = str.maketrans("*?~", "＊？～")
DEPARTMENT_FOLDER = "部门结果"
"""The results that hold."""
PROVISIONAL_FOLDER = "暂定结果"
"""Those of departments that were returned, which nobody should take for the others."""


@dataclass(frozen=True)
class Context:
    """The batch as one department's result sheet sees it. Names and findings are by the department's file.

    ranked_count, category_counts: how many are ranked. category_rates: mean score rate (1 = 100%) of the ranked
    departments of a category, by second-level indicator. words: what those that are evaluated are called. forms: the
    cells of result sheets that were written, where the same sheets come again; None where they are not kept. years: the
    years before, None where none are known.
    """

    scheme: Scheme
    words: Words
    started: datetime
    ranked_count: int
    category_counts: Mapping[str, int]
    category_rates: Mapping[str, Mapping[str, Decimal]]
    findings: Mapping[str, Sequence[Finding]]
    files: Mapping[str, str]
    forms: dict[str, FormCells] | None = None
    years: SchemeYears | None = None

    @classmethod
    def of(cls, batch: Batch) -> Context:
        """Works out a batch."""
        names = [department.title for department in batch.departments]
        keys = [department.file for department in batch.departments]
        ranked = batch.ranked
        return cls(
            scheme=batch.scheme,
            words=Words.of(batch.scheme.evaluated),
            started=batch.started,
            ranked_count=len(ranked),
            category_counts=dict(Counter(map(category_of, ranked))),
            # Before the self-review scores are at most a forecast.
            category_rates=_category_rates(batch.scheme, ranked) if batch.scheme.asks_scores else {},
            findings=_by_file(batch) if batch.details is None else batch.details,
            files=dict(zip(keys, file_names(names), strict=True)),
            years=batch.years.get(batch.scheme.id),
        )

    def only(self, departments: Sequence[DepartmentResult], findings: Mapping[str, Sequence[Finding]]) -> Context:
        """The context for these departments alone, small enough to send to another process, with their findings."""
        keys = [department.file for department in departments]
        return replace(
            self,
            findings=findings,
            files={key: self.files[key] for key in keys},
            years=self.years.only(keys) if self.years else None,
        )

    def years_of(self, department: DepartmentResult) -> DepartmentYears | None:
        """A department over the years, None where nothing is known."""
        return self.years.departments.get(department.file) if self.years else None

    def findings_of(self, department: DepartmentResult) -> list[Finding]:
        """The findings on a department's workbook, errors first."""
        return by_severity(self.findings.get(department.file, ()))

    def count_of(self, department: DepartmentResult) -> int:
        """How many findings there are on a department's workbook."""
        if isinstance(self.findings, DetailsByFile):
            return self.findings.count(department.file)
        return len(self.findings.get(department.file, ()))

    def file_name(self, department: DepartmentResult) -> str:
        """The name of the department's result workbook, with its ending."""
        return self.files[department.file] + ".xlsx"

    def book_path(self, department: DepartmentResult) -> str:
        """The department's result workbook below the output folder, with `/`."""
        return f"{folder_of(department)}/{self.file_name(department)}"

    def grade_tone(self, department: DepartmentResult) -> str:
        """The look of a department's grade: good for the best in force, bad for the last and for one unknown."""
        names = [band.name for band in self.scheme.bands_of(department.category)]
        place = names.index(department.grade) if department.grade in names else len(names) - 1
        return TONE_NAMES[tone(place, len(names))]


def folder_of(department: DepartmentResult) -> str:
    """The folder of a department's result workbook: one for what holds, one for what is provisional."""
    # Within the year nobody is ranked.
    return PROVISIONAL_FOLDER if department.status is Status.RETURNED else DEPARTMENT_FOLDER


def contexts_of(batch: Batch) -> dict[str, Context]:
    """The context of each scheme of a batch, by the scheme's code; files have names of their own over all schemes."""
    if len(batch.all_schemes) == 1:
        return {batch.scheme.id: Context.of(batch)}
    departments = batch.departments
    names = file_names([item.title for item in departments])
    files = dict(zip((item.file for item in departments), names, strict=True))
    return {scheme.id: replace(Context.of(batch.of(scheme)), files=files) for scheme in batch.all_schemes}


def _by_file(batch: Batch) -> dict[str, list[Finding]]:
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in batch.findings:
        by_file[finding.file].append(finding)
    return dict(by_file)


def category_of(department: DepartmentResult) -> str:
    """The category as the workbooks show it: never blank, and without what COUNTIFS takes for a pattern."""
    return no_pattern(department.category) or "未分类"


def no_pattern(text: str) -> str:
    """A text without what COUNTIFS takes for a pattern."""
    return text.translate(_PATTERN_TWINS)


def level_points(scheme: Scheme, scores: Iterable[IndicatorScore]) -> Mapping[str, Decimal]:
    """The points of the second-level indicators of the hundred, of the indicators that apply to a department."""
    if not scheme.restricted:
        return {level.name: level.points for level in scheme.base_levels}
    return _points(scheme, (score for score in scores if score.applies))


def counted_points(scheme: Scheme, scores: Iterable[IndicatorScore]) -> Mapping[str, Decimal]:
    """The same, with those of indicators that do not apply and give full points."""
    if not scheme.scaled:
        return {level.name: level.points for level in scheme.base_levels}
    return _points(scheme, (score for score in scores if score.applies or score.score))


def _points(scheme: Scheme, scores: Iterable[IndicatorScore]) -> Mapping[str, Decimal]:
    points = {level.name: ZERO for level in scheme.base_levels}
    indicators = scheme.indicator_by_code
    for score in scores:
        if (level := indicators[score.code].level2) in points:
            points[level] += score.points
    return points


def points_anyway(scheme: Scheme, department: DepartmentResult, level: str = "") -> Decimal:
    """The points that a department has of indicators that do not apply, under a first-level indicator or at all."""
    if not scheme.restricted:
        return ZERO
    full = [item for item in department.scores if not item.applies and item.score]
    indicators = scheme.indicator_by_code
    return sum((item.score for item in full if level in ("", indicators[item.code].level1)), ZERO)


def level_sums(scheme: Scheme, scores: Iterable[IndicatorScore]) -> dict[str, Decimal]:
    """The accepted scores by second-level indicator, of the indicators that apply."""
    if scheme.restricted:
        scores = [score for score in scores if score.applies]
    return level_scores(scheme, scores, second_level)


def _category_rates(scheme: Scheme, ranked: Sequence[DepartmentResult]) -> dict[str, dict[str, Decimal]]:
    sums: dict[str, dict[str, Decimal]] = defaultdict(dict)
    points: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for department in ranked:
        category = category_of(department)
        for target, own in (
            (sums[category], level_sums(scheme, department.scores)),
            (points[category], level_points(scheme, department.scores)),
        ):
            for level, value in own.items():
                target[level] = target.get(level, ZERO) + value
    return {
        category: {
            level.name: mean_rate
            for level in scheme.base_levels
            if (mean_rate := rate(own.get(level.name, ZERO), points[category][level.name])) is not None
        }
        for category, own in sums.items()
    }
