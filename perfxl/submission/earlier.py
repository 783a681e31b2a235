"""A finding of the round before, as a department answered it in the copy that it mended."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.records import Record


@dataclass(frozen=True, slots=True)
class EarlierFinding(Record):
    """One finding on the file that was returned. severity, title, message, sheet, cell: in the words of the copy.

    field: the first faulty field as `table|row|column`, empty where there is none. answer: what the department wrote.
    """

    code: str
    field: str
    severity: str
    title: str
    message: str
    sheet: str
    cell: str
    answer: str
