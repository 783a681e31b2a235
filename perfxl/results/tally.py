"""What a batch's findings come to, counted in one pass: those of a large batch are read from disk each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from perfxl.checks.finding import Finding, Severity


@dataclass(frozen=True)
class Tally:
    """first: the first finding of each code. counts, files: findings and workbooks by code. severities: findings."""

    first: dict[str, Finding] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)


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
