"""Whether a review score stands, and what an indicator then comes to: as numbers, and as Excel expressions.

The one home of it: the review workbook counts live by it, and a run when it reads that back.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from perfxl.decimals import ZERO, half_up, plain
from perfxl.rules.base import bounded, rounded
from perfxl.text import fold


class Standing(StrEnum):
    """What a review score is worth. The values are what the review workbook says of it."""

    BLANK = ""
    STANDS = "已复核"
    OUTSIDE = "请核对得分"
    NO_REASON = "请填理由"


def standing(review: Decimal | None, points: Decimal, accepted: Decimal, reason: str) -> Standing:
    """Whether a review score stands: within 0 and the points, and with a reason where it differs.

    accepted: the accepted score without review. review is rounded half up to two places before it is compared.
    """
    if review is None:
        return Standing.BLANK
    if not ZERO <= review <= points:
        return Standing.OUTSIDE
    if bounded(review, points) != half_up(accepted) and not fold(reason):
        return Standing.NO_REASON
    return Standing.STANDS


def after_review(review: Decimal | None, points: Decimal, accepted: Decimal, reason: str) -> Decimal:
    """The score that counts: the review where it stands, else the accepted one as it was."""
    if review is None or standing(review, points, accepted, reason) is not Standing.STANDS:
        return accepted
    return bounded(review, points)


def differs_formula(review: str, points: Decimal, accepted: str) -> str:
    """Whether a number in the cell of the review differs from that of the accepted score, as an Excel condition."""
    return f"{rounded(review, points)}<>{accepted}"


def outside_formula(review: str, points: Decimal) -> str:
    """Whether what stands in the cell of the review is no number within the points, as an Excel condition."""
    return f"IF(ISNUMBER({review}),OR({review}<0,{review}>{plain(points)}),LEN({review})>0)"


def reasoned_formula(reason: str) -> str:
    """Whether a reason stands in its cell, as an Excel condition."""
    return f'LEN(TRIM(SUBSTITUTE({reason},"　","")))>0'


def stands_formula(review: str, reason: str, points: Decimal, accepted: str) -> str:
    """Whether the review stands, as an Excel condition over the cells of review, reason and accepted score."""
    fits = f"NOT({differs_formula(review, points, accepted)})"
    return (
        f"IF(ISNUMBER({review}),AND({review}>=0,{review}<={plain(points)},OR({fits},{reasoned_formula(reason)})),FALSE)"
    )


def hint_formula(review: str, reason: str, points: Decimal, accepted: str) -> str:
    """What is to be mended of a review as an Excel expression, the words of `Standing`; empty for nothing."""
    lacks = f"AND({differs_formula(review, points, accepted)},NOT({reasoned_formula(reason)}))"
    lacking = f'IF(ISNUMBER({review}),IF({lacks},"{Standing.NO_REASON}",""),"")'
    return f'IF({outside_formula(review, points)},"{Standing.OUTSIDE}",{lacking})'


def after_formula(review: str, reason: str, points: Decimal, accepted: str) -> str:
    """`after_review` as an Excel expression over the cells of review, reason and accepted score."""
    condition = stands_formula(review, reason, points, accepted)
    return f"IF({condition},{rounded(review, points)},{accepted})"
