"""What every result sheet needs to know of the whole batch, worked out once.

A context goes to worker processes: `only` gives the share of it that some departments need.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from perfxl.checks.finding import Finding, Severity
from perfxl.decimals import ZERO
from perfxl.results.batch import Batch, DetailsByFile
from perfxl.results.form_cells import FormCells
from perfxl.results.names import file_names
from perfxl.results.statistics import rate
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult, level_scores, second_level

_PATTERN_TWINS = str.maketrans("*?~", "＊？～")
DEPARTMENT_FOLDER = "部门结果"
_SEVERITY_ORDER = {severity: order for order, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Context:
    """The batch as one department's result sheet sees it. Names and findings are by the department's file.

    ranked_count, category_counts: how many are ranked. category_rates: mean score rate (1 = 100%) of the ranked
    departments of a category, by second-level indicator. forms: the cells of result sheets that were written, where
    the same sheets come again; None where they are not kept.
    """

    scheme: Scheme
    started: datetime
    ranked_count: int
    category_counts: Mapping[str, int]
    category_rates: Mapping[str, Mapping[str, Decimal]]
    findings: Mapping[str, Sequence[Finding]]
    files: Mapping[str, str]
    forms: dict[str, FormCells] | None = None

    @classmethod
    def of(cls, batch: Batch) -> Context:
        """Works out a batch."""
        names = [department.name for department in batch.departments]
        keys = [department.file for department in batch.departments]
        ranked = batch.ranked
        return cls(
            scheme=batch.scheme,
            started=batch.started,
            ranked_count=len(ranked),
            category_counts=dict(Counter(map(category_of, ranked))),
            category_rates=_category_rates(batch.scheme, ranked),
            findings=_by_file(batch) if batch.details is None else batch.details,
            files=dict(zip(keys, file_names(names), strict=True)),
        )

    def only(self, departments: Sequence[DepartmentResult], findings: Mapping[str, Sequence[Finding]]) -> Context:
        """The context for these departments alone, small enough to send to another process, with their findings."""
        keys = [department.file for department in departments]
        return replace(
            self,
            findings=findings,
            files={key: self.files[key] for key in keys},
        )

    def findings_of(self, department: DepartmentResult) -> list[Finding]:
        """The findings on a department's workbook, errors first."""
        found = self.findings.get(department.file, ())
        return sorted(found, key=lambda finding: _SEVERITY_ORDER[finding.severity])

    def count_of(self, department: DepartmentResult) -> int:
        """How many findings there are on a department's workbook."""
        if isinstance(self.findings, DetailsByFile):
            return self.findings.count(department.file)
        return len(self.findings.get(department.file, ()))

    def file_name(self, department: DepartmentResult) -> str:
        """The name of the department's result workbook in the folder 部门结果, with its ending."""
        return self.files[department.file] + ".xlsx"

    def grade_position(self, grade: str) -> int:
        """0 for the best grade in force; the last position for one that is unknown."""
        names = [band.name for band in self.scheme.grade_bands]
        return names.index(grade) if grade in names else len(names) - 1


def _by_file(batch: Batch) -> dict[str, list[Finding]]:
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in batch.findings:
        by_file[finding.file].append(finding)
    return dict(by_file)


def category_of(department: DepartmentResult) -> str:
    """The category as the workbooks show it: never blank, and without what COUNTIFS takes for a pattern."""
    return department.category.translate(_PATTERN_TWINS) or "未分类"


def _category_rates(scheme: Scheme, ranked: Sequence[DepartmentResult]) -> dict[str, dict[str, Decimal]]:
    counts: Counter[str] = Counter()
    sums: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for department in ranked:
        category = category_of(department)
        counts[category] += 1
        own = sums[category]
        for level, score in level_scores(scheme, department.scores, second_level).items():
            own[level] = own.get(level, ZERO) + score
    return {
        category: {
            level.name: mean_rate
            for level in scheme.second_levels
            if (mean_rate := rate(own.get(level.name, ZERO), level.points * counts[category])) is not None
        }
        for category, own in sums.items()
    }
