"""Whether a KPI was reached, in a word, as the result sheets show it."""

from __future__ import annotations

from decimal import Decimal

from perfxl.scoring.result import KpiResult

DONE, FAR_OVER, SHORT, UNKNOWN = "完成", "超额较多", "未完成", "未知"
LOOKS = {DONE: "good", FAR_OVER: "fair", SHORT: "weak", UNKNOWN: "muted"}


def completion_word(kpi: KpiResult, over_target: Decimal) -> str:
    """完成; 超额较多 above the scheme's bound, where the target may have been too low; 未完成; 未知 without a rate."""
    if kpi.completion is None:
        return UNKNOWN
    if kpi.completion < 1:
        return SHORT
    return FAR_OVER if kpi.completion > over_target else DONE
