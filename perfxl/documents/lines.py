"""Lines of tables that several kinds of documents have: of the funds table and of the KPI table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfxl.decimals import percent
from perfxl.documents.figures import money, points, rate_of
from perfxl.documents.said import said
from perfxl.scoring.result import DepartmentResult, FundsResult


@dataclass(frozen=True)
class FundsLine:
    """A row of the funds table."""

    name: str = said("名称", "行名称，如 基本支出")
    initial: str = said("年初预算数", "万元，没有的为空")
    adjusted: str = said("调整预算数", "万元，没有的为空")
    spent: str = said("支出数", "万元，没有的为空")
    rate: str = said("完成率", "支出数÷调整预算数，没有的为空")


def funds_line(row: FundsResult) -> FundsLine:
    """A row of the funds table as documents have it."""
    rate = rate_of(row.spent, row.adjusted)
    return FundsLine(row.label, money(row.initial), money(row.adjusted), money(row.spent), rate)


@dataclass(frozen=True)
class KpiLine:
    """A row of the KPI table."""

    level1: str = said("一级", "一级指标")
    level2: str = said("二级", "二级指标")
    name: str = said("名称", "指标名称")
    target: str = said("指标值", "符号、年度指标值和单位")
    actual: str = said("完成值", "实际完成值和单位")
    completion: str = said("完成率", "没有的为空")
    weight: str = said("分值", "指标分值")
    own: str = said("得分", "自评得分")
    reason: str = said("原因", "偏差原因")


def kpi_lines(department: DepartmentResult) -> Iterator[KpiLine]:
    """The KPI table as documents have it, with the department's own scores."""
    for row in department.kpis:
        # “定性” is no sign of comparison.
        sign = "" if row.symbol.isalpha() else row.symbol
        unit = row.unit if sign else ""
        yield KpiLine(
            row.level1,
            row.level2,
            row.name,
            f"{sign}{row.target}{unit}",
            f"{row.actual}{unit}" if row.actual else "",
            "" if row.completion is None else percent(row.completion),
            points(row.weight),
            points(row.counted if row.self_score is None else row.self_score),
            row.reason or "",
        )
