"""What a batch's findings come to, counted in one pass: those of a large batch are read from disk each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from perfxl.checks.finding import Finding, Severity
from perfxl.checks.review import REVIEW_CHECKS
from perfxl.intake.named_scheme import OTHER_STAGE

_OF_NO_FORM = frozenset({OTHER_STAGE, *(check.code for check in REVIEW_CHECKS)})


@dataclass(frozen=True)
class Tally:
    """first: the first finding of each code. counts, files: findings and workbooks by code. severities: findings."""

    first: dict[str, Finding] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)

    @property
    def of_forms(self) -> list[str]:
        """The codes that speak of what was filled in, in the order of their first findings.

        Not those of reviewers, nor that of files of another stage: a folder that serves the whole year holds many, and
        nothing is wrong with them.
        """
        return [code for code in self.first if code not in _OF_NO_FORM]


def tally_of(findings: Iterable[Finding]) -> Tally:
    """Counts findings, those of one file one after the other."""
    tally = Tally()
    last: dict[str, str] = {}
    for finding in findings:
        code = finding.code
        tally.first.setdefault(code, finding)
        tally.counts[code] += 1
        tally.severities[finding.severity] += 1
        if last.get(code) != finding.file:
            last[code] = finding.file
            tally.files[code] += 1
    return tally
