"""指标完成 of a department's own workbook."""

from __future__ import annotations

from decimal import Decimal

from perfxl.caches import cached
from perfxl.decimals import ZERO
from perfxl.results.cells import Formula, Page
from perfxl.results.completion import LOOKS as COMPLETION_LOOKS
from perfxl.results.completion import completion_word
from perfxl.results.context import Context
from perfxl.results.list_sheets import Column, Table
from perfxl.scoring.result import DepartmentResult, KpiResult


def write_kpis(page: Page, context: Context, department: DepartmentResult) -> None:
    """指标完成: each KPI row with target, actual value, completion and scores."""
    over = context.scheme.thresholds.over_target
    words = [completion_word(kpi, over) for kpi in department.kpis]
    columns = _kpi_columns(over, tuple(column.label for column in context.scheme.own_kpi_columns))
    table = Table("指标完成", columns, department.kpis)
    counts = "，".join(f"{word} {words.count(word)} 项" for word in COMPLETION_LOOKS if word in words)
    note = f"{department.title}　　共 {len(department.kpis)} 项" + (f"：{counts}" if counts else "")
    kpis = department.kpis
    table.write([page], "绩效指标完成情况", note, frozen=3, empty="没有绩效指标。", below=bool(kpis))
    if department.kpis:
        row = table.last
        page.height(row, 20)
        page.row(row, 0, ["合计"] + [None] * (len(columns) - 1), "box bold band center")
        for key, values in (
            ("weight", [kpi.weight for kpi in department.kpis]),
            ("own", [kpi.self_score for kpi in department.kpis]),
            ("computed", [kpi.computed for kpi in department.kpis]),
            ("counted", [kpi.counted for kpi in department.kpis]),
        ):
            column = next(place for place, spec in enumerate(columns) if spec.key == key)
            value = sum((known for known in values if known is not None), ZERO)
            page.put(row, column, Formula(f"=ROUND(SUM({table.local(key)}),6)", value), "box score bold band")


@cached(maxsize=10)
def _kpi_columns(over: Decimal, own: tuple[str, ...]) -> tuple[Column[KpiResult], ...]:
    """own: the labels of the columns that are the scheme's own."""
    return (
        Column("level1", "一级指标", 9.5, "box center wrap", lambda item, _: item.level1),
        Column("level2", "二级指标", 11, "box center wrap", lambda item, _: item.level2),
        Column("name", "三级指标", 30, "box text wrap", lambda item, _: item.name, names=True),
        Column("symbol", "符号", 5, "box center", lambda item, _: item.symbol),
        Column("target", "年度\n指标值", 9.5, "box center wrap", lambda item, _: item.target),
        Column("unit", "单位", 6, "box center wrap", lambda item, _: item.unit),
        Column("actual", "实际\n完成值", 9.5, "box center wrap", lambda item, _: item.actual),
        Column("completion", "完成率", 9, "box rate", lambda item, _: item.completion),
        Column(
            "state",
            "完成\n情况",
            7.5,
            lambda item: f"box center {COMPLETION_LOOKS[completion_word(item, over)]}",
            lambda item, _: completion_word(item, over),
        ),
        Column("weight", "权重", 6.5, "box score", lambda item, _: item.weight),
        Column("own", "自评\n得分", 6.5, "box score", lambda item, _: item.self_score),
        Column("computed", "计算\n得分", 6.5, "box score bold", lambda item, _: item.computed),
        Column("counted", "认定\n得分", 6.5, "box score bold", lambda item, _: item.counted),
        Column("explanation", "计算说明", 25, "box text wrap small", lambda item, _: item.explanation),
        Column("reason", "扣分原因", 22, "box text wrap small", lambda item, _: item.reason),
        Column("evidence", "佐证材料", 15, "box text wrap small", lambda item, _: item.evidence),
        *(_own_column(number, label) for number, label in enumerate(own)),
    )


def _own_column(number: int, label: str) -> Column[KpiResult]:
    return Column(f"own{number}", label, 12, "box text wrap small", lambda item, _: item.own[number])
