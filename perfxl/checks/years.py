"""Findings of the comparison with last year's results: claims that do not hold, targets below what was reached."""

from __future__ import annotations

from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Severity

STILL_THERE = Declaration(
    "W671", Severity.WARNING, "上年整改与实际不符",
    "“{department}”的“{label}”填的是“{value}”，但 {year} 年的问题今年仍然存在：{same}",
    "请核对整改情况；确实没有整改的，请改填“否”，并在整改措施中说明",
)  # fmt: skip
BELOW_LAST_YEAR = Declaration(
    "W672", Severity.WARNING, "目标低于上年完成值",
    "“{name}”的目标是 {symbol}{value}{unit}，{year} 年已经完成 {reached}{unit}，今年的目标反而{how}",
    "请核对目标是否过低；确有原因的，请在佐证或说明中写明", "不{other} {reached}",
)  # fmt: skip
YEARS_CHECKS = tuple(value for value in list(globals().values()) if isinstance(value, Declaration))
