"""A line of 审核意见, the first sheet of a copy that goes back to be mended."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.layout.fields import FieldId


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
