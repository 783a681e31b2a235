"""Reviews in words, as the department sees them: who reviewed is not among them."""

from __future__ import annotations

from perfxl.decimals import two_places
from perfxl.review.record import Reviewed
from perfxl.scoring.result import DepartmentResult, IndicatorScore


def reason_words(score: IndicatorScore) -> str:
    """The department's own reason, empty where there is none."""
    return f"原因：{score.reason}" if score.reason else ""


def review_words(score: IndicatorScore) -> str:
    """What the review did and why, empty without one."""
    if score.before is None:
        return ""
    if score.before == score.score:
        words = "复核：认定得分不变"
    else:
        words = f"复核：{two_places(score.before)} 改为 {two_places(score.score)}"
    if score.review_reason:
        words += f"，{score.review_reason}"
    return f"{words}（依据：{score.review_basis}）" if score.review_basis else words


def review_sentences(department: DepartmentResult) -> list[str]:
    """On a reviewed department: how far, and what it came to; nothing of others."""
    if department.review_status not in (Reviewed.WHOLE.value, Reviewed.PARTLY.value) or department.total_before is None:
        return []
    changed = sum(score.before not in (None, score.score) for score in department.scores)
    before = f"{two_places(department.total_before)}（{department.grade_before}）"
    after = f"{two_places(department.total)}（{department.grade}）"
    words = f"{department.review_status}：复核前总分 {before}，复核后 {after}"
    return [f"{words}，改了 {changed} 项指标的得分。" if changed else f"{words}，各项认定得分不变。"]
