"""What a copy that goes back to be mended says: a line of 审核意见, its first sheet, and what holds for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from perfxl.layout.fields import FieldId
from perfxl.submission.besides import Besides


@dataclass(frozen=True)
class Returning:
    """About the copy as a whole. reviewed: the day of the review. due: resubmit by, as `2023-05-14` or as the bureau
    wrote it; empty where there is no such day. besides: what the department's workbook held beside the fields; its
    sheets have names that no other sheet of the copy has.
    """

    reviewed: date
    due: str = ""
    besides: Besides | None = None


@dataclass(frozen=True)
class CorrectionNote:
    """One finding in Chinese words. severity: 错误, 警告 or 提示.

    field: the faulty cell, rows of open tables named by their ordinals; None where there is none, then `sheet` names
    its sheet, or is empty for the whole file.
    """

    severity: str
    code: str
    title: str
    message: str
    advice: str
    field: FieldId | None
    sheet: str
