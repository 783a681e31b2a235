"""The exceptions that reach a person, each with its words in Chinese and its exit status.

    PerfxlError            1  anything else that ends a command with a message
    ├── UsageError         2  the command was called wrongly
    ├── SchemeError        2  the scheme does not hold: all its faults at once
    ├── DocumentError      2  a submission document does not hold
    ├── ListError          2  a list of the bureau (roster, accepted findings) does not hold
    └── OutputError        1  the results cannot be written where they should

A workbook that cannot be read is never an exception to the user: it becomes a file status
with a reason (see `perfxl.intake`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class PerfxlError(Exception):
    """Ends a command; `str()` is what the user reads, in Chinese."""

    exit_code = 1


class UsageError(PerfxlError):
    """The command was called with something that cannot be used."""

    exit_code = 2


class OutputError(PerfxlError):
    """The results cannot be written (no space, no permission, a workbook held open)."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file that a person edits: where, what is wrong, what to do."""

    place: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.place}：{self.what}。{self.advice}。"


class _FaultyFileError(PerfxlError):
    exit_code = 2
    subject = ""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        lines = "\n".join(f"  {number}. {fault}" for number, fault in enumerate(self.faults, 1))
        super().__init__(f"{self.subject}“{source}”有 {len(self.faults)} 处错误：\n{lines}")

    def __reduce__(self) -> tuple[type[_FaultyFileError], Any]:
        """Whole when it comes from another process."""
        return type(self), (self.source, self.faults)


class SchemeError(_FaultyFileError):
    """A scheme that does not hold never scores anything."""

    subject = "评分方案"


class DocumentError(_FaultyFileError):
    """A submission document that cannot be turned into a workbook."""

    subject = "填报文档"


class ListError(_FaultyFileError):
    """A list that the bureau keeps (roster, accepted findings) and that does not hold."""

    subject = "名单"
