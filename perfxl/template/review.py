"""A line of 审核意见, the first sheet of a copy that goes back to be mended."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.layout.fields import FieldId


@dataclass(frozen=True)
class ReviewLine:
    """One finding. field: where the faulty cell stands; None where there is none, then `sheet` names its sheet."""

    severity: str
    code: str
    title: str
    message: str
    advice: str
    field: FieldId | None
    sheet: str
