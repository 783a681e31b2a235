"""One thing wrong or doubtful, with the place where it stands and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfxl.findings.kind import Severity
from perfxl.records import Record

__all__ = ["Finding", "Severity", "by_severity"]

_ORDER = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """A finding (问题) as run.json and the workbooks carry it.

    file: path below the input folder. department: its name, empty where unknown. cell: `D7` or a range, empty where
    no cell applies. value, expected: what was written and what would be right, as text. message: where and what is
    wrong; advice: what to do. All words are Chinese. fields: the fields of the template that are to blame (table, row
    key, column), not in run.json.
    """

    code: str
    severity: Severity
    title: str
    file: str
    department: str
    sheet: str
    cell: str
    value: str
    expected: str
    message: str
    advice: str
    fields: tuple[tuple[str, str, str], ...] = ()


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then warnings, then what is only info; those of one kind in the order in which they come."""
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])
