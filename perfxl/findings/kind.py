"""A kind of finding: its code, its severity and its words, said once for template, run and copies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """error returns the workbook; warning and info go to the reviewer."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"error": "错误", "warning": "警告", "info": "提示"}[self.value]


@dataclass(frozen=True)
class FindingKind:
    """Words of a finding, all Chinese, with {names} that a case fills in.

    title: what is wrong, in a few words, as the template shows it beside the cell. message: where and what is wrong,
    as a run reports it. advice: what to do. expected: what would be right, empty where that cannot be said.
    """

    code: str
    severity: Severity
    title: str
    message: str
    advice: str
    expected: str = ""
