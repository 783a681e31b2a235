"""Who may be reviewed: the scored departments of a run, with what speaks for reviewing one rather than another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfxl.decimals import two_places
from perfxl.results.kept_results import LastRun
from perfxl.review.layout import unreviewed
from perfxl.review_books.previous import Previous
from perfxl.scheme.model import BASE, Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status
from perfxl.submission.identity import Identity, identity_of

_MANY_WARNINGS = 5
_FAR = 10
"""Points by which a total is far from that of the year before."""


@dataclass(frozen=True)
class Candidate:
    """A scored department. money: the adjusted budget in 万元, None where there is none. category: never blank.

    risks: what makes its scores doubtful, in words, each with its weight.
    """

    department: DepartmentResult
    scheme: Scheme
    money: Decimal | None
    category: str
    risks: tuple[tuple[int, str], ...] = ()

    @property
    def identity(self) -> Identity:
        """Who it is, free of spelling."""
        item = self.department
        return identity_of(item.code, item.name, item.project, item.project_code)

    @property
    def key(self) -> str:
        """A text that is its own in any run, whatever the order of the departments."""
        return "|".join((self.scheme.id, *self.identity, self.department.file if not any(self.identity) else ""))

    @property
    def risk(self) -> int:
        """The weight of all its risks together."""
        return sum(weight for weight, _ in self.risks)


def candidates_of(last: LastRun, previous: Previous | None = None) -> list[Candidate]:
    """The scored departments in the order of the run. previous: last year's results, where they are at hand."""
    findings = _findings(last.document)
    again = _sent_again(last.document)
    found = []
    for item in last.departments():
        if item.status is not Status.SCORED:
            continue
        scheme = last.scheme_of(item)
        risks = _risks(item, scheme, findings[item.file], item.name in again, previous)
        found.append(Candidate(item, scheme, item.adjusted, item.category or "未分类", tuple(risks)))
    return found


def _findings(document: Any) -> Counter[str]:
    return Counter(item["file"] for item in document["findings"] if item["severity"] == "warning")


def _sent_again(document: Any) -> set[str]:
    """Departments whose earlier workbooks were replaced."""
    return {
        item["department"]
        for item in document["files"]
        if item["status"] == Status.SUPERSEDED.value and item["department"]
    }


def _risks(
    item: DepartmentResult, scheme: Scheme, warnings: int, sent_again: bool, previous: Previous | None
) -> Iterable[tuple[int, str]]:
    over = item.self_total - item.total
    if over > scheme.thresholds.review_report:
        yield 4, f"自评高于认定 {two_places(over)} 分"
    elif over > scheme.thresholds.review_watch:
        yield 3, f"自评高于认定 {two_places(over)} 分"
    elif over >= 1:
        yield 1, f"自评高于认定 {two_places(over)} 分"
    if warnings >= _MANY_WARNINGS:
        yield 2, f"提示问题 {warnings} 条"
    elif warnings:
        yield 1, f"提示问题 {warnings} 条"
    if item.near_threshold:
        yield 2, "总分临近等级线"
    if item.limits:
        yield 2, "触及封顶或否决"
    if sent_again:
        yield 2, "曾经重新报送"
    full = [score for score in item.scores if _judged_full(scheme, score.code, unreviewed(score), score.points)]
    if full and len(full) * 2 >= len(item.scores):
        yield 1, f"{len(full)} 项只凭自评得满分"
    if previous is not None:
        last_total = previous.total(item)
        if last_total is None:
            yield 2, "上年没有参加评价"
        elif abs(item.total - last_total) >= _FAR:
            more = "高" if item.total > last_total else "低"
            yield 2, f"总分比上年{more} {two_places(abs(item.total - last_total))} 分"


def _judged_full(scheme: Scheme, code: str, accepted: Decimal, points: Decimal) -> bool:
    indicator = scheme.indicator_by_code[code]
    return indicator.nature == BASE and not indicator.rule.computable and accepted == points
