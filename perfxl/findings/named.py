"""What a scheme calls the things that findings speak of."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scheme.model import Scheme

SPENDING_RATE = "支出率"
USUAL_NAMES = {
    "budget_label": "调整预算数", "spent_label": "支出数", "rate_label": SPENDING_RATE, "target_name": "年度指标值",
    "actual_name": "实际完成值", "reason_name": "扣分原因", "budget_name": "预算金额", "result_name": "完成情况",
    "why_name": "未完成原因",
}  # fmt: skip
"""Words of the messages where no scheme is at hand, as most schemes call it."""


def rate_label(scheme: Scheme) -> str:
    """The spending rate."""
    return scheme.fact_labels.get(scheme.evaluated.spending_rate, SPENDING_RATE)


def money_names(scheme: Scheme) -> Mapping[str, str]:
    """Budget, spending, and the rate of the two."""
    columns = scheme.funds_table.columns
    return {
        "budget_label": columns.get(ADJUSTED, ""), "spent_label": columns.get(SPENT, ""),
        "rate_label": rate_label(scheme),
    }  # fmt: skip


def kpi_names(scheme: Scheme) -> Mapping[str, str]:
    """Columns of the KPI table."""
    labels = _labels(scheme, "kpis")
    return {f"{key}_name": labels.get(key, "") for key in ("target", "actual", "reason")}


def task_names(scheme: Scheme) -> Mapping[str, str]:
    """Columns of the table of tasks."""
    labels = _labels(scheme, "tasks")
    return {
        "budget_name": labels.get("budget", ""), "result_name": labels.get("result", ""),
        "why_name": labels.get("reason", ""),
    }  # fmt: skip


def _labels(scheme: Scheme, table: str) -> Mapping[str, str]:
    return {column.key: column.label for column in scheme.table_columns(table)}
