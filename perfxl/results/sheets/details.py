"""指标完成, 支出情况 and 问题与整改 of a department's own workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.checks.finding import Finding
from perfxl.decimals import ZERO
from perfxl.results.cells import Cell, Formula, Page, row_height, text_lines
from perfxl.results.context import Context
from perfxl.results.sheets.findings import LOOKS
from perfxl.results.statistics import rate
from perfxl.results.styles import SMALL
from perfxl.results.tables import Column, Table
from perfxl.scoring.result import DepartmentResult, FundsResult, KpiResult, TaskResult


def write_kpis(page: Page, context: Context, department: DepartmentResult) -> None:
    """指标完成: each KPI row with target, actual value, completion and scores."""
    table = Table("指标完成", KPI_COLUMNS, department.kpis)
    table.write(page, "绩效指标完成情况", f"{department.name}　　共 {len(department.kpis)} 项", empty="没有绩效指标。")
    if department.kpis:
        row = table.last
        page.height(row, 20)
        page.row(row, 0, ["合计"] + [None] * (len(KPI_COLUMNS) - 1), "box bold band")
        for key, values in (
            ("weight", [kpi.weight for kpi in department.kpis]),
            ("own", [kpi.own for kpi in department.kpis]),
            ("computed", [kpi.computed for kpi in department.kpis]),
        ):
            column = next(place for place, spec in enumerate(KPI_COLUMNS) if spec.key == key)
            value = sum((known for known in values if known is not None), ZERO)
            page.put(row, column, Formula(f"=ROUND(SUM({table.local(key)}),6)", value), "box score bold band")
    page.print_setup(landscape=True, repeat=(2, 2))


KPI_COLUMNS: list[Column[KpiResult]] = [
    Column("level1", "一级指标", 10, "box center wrap", lambda item, _: item.level1),
    Column("level2", "二级指标", 14, "box center wrap", lambda item, _: item.level2),
    Column("name", "三级指标", 28, "box text wrap", lambda item, _: item.name),
    Column("symbol", "符号", 6, "box center", lambda item, _: item.symbol),
    Column("target", "年度\n指标值", 11, "box center wrap", lambda item, _: item.target),
    Column("unit", "单位", 7, "box center wrap", lambda item, _: item.unit),
    Column("actual", "实际\n完成值", 11, "box center wrap", lambda item, _: item.actual),
    Column("completion", "完成率", 9, "box rate", lambda item, _: item.completion),
    Column("weight", "权重", 7, "box score", lambda item, _: item.weight),
    Column("own", "自评\n得分", 7, "box score", lambda item, _: item.own),
    Column("computed", "计算\n得分", 7, "box score bold", lambda item, _: item.computed),
    Column("explanation", "计算说明", 32, "box text wrap small", lambda item, _: item.explanation),
    Column("reason", "扣分原因", 24, "box text wrap small", lambda item, _: item.reason),
    Column("evidence", "佐证材料", 18, "box text wrap small", lambda item, _: item.evidence),
]

FUNDS_HEADINGS = ("支出类别", "年初预算数", "调整预算数", "支出数", "支出率", "预算调整幅度")
TASK_HEADINGS = ("重点任务", "预算金额", "支出金额", "支出率", "完成情况", "未完成原因")


def write_spending(page: Page, context: Context, department: DepartmentResult) -> None:
    """支出情况: the funds table and the key tasks, in 万元."""
    page.widths([34, 15, 15, 15, 40, 32])
    page.put(0, 0, "支出情况", "title")
    page.height(0, 28)
    page.put(1, 0, f"{department.name}　　单位：万元", "note")
    page.row(2, 0, ["部门整体收支"] + [None] * 5, "section")
    page.height(2, 24)
    page.row(3, 0, list(FUNDS_HEADINGS), "head")
    page.height(3, 22)
    row = 4
    for funds in department.funds:
        _funds(page, row, funds)
        row += 1
    row += 1
    page.row(row, 0, [f"重点任务（{len(department.tasks)} 项）"] + [None] * 5, "section")
    row += 1
    page.row(row, 0, list(TASK_HEADINGS), "head")
    page.height(row, 22)
    for task in department.tasks:
        row += 1
        _task(page, row, task)
    if not department.tasks:
        page.put(row + 1, 0, "没有填报重点任务。", "muted")
    page.sheet.freeze_panes(2, 0)
    page.print_setup(landscape=True)


def _funds(page: Page, row: int, funds: FundsResult) -> None:
    excel = row + 1
    page.height(row, 20)
    page.put(row, 0, funds.label, "box text")
    page.row(row, 1, [funds.initial, funds.adjusted, funds.spent], "box money")
    page.put(row, 4, _quotient(f"=D{excel}/C{excel}", rate(funds.spent, funds.adjusted)), "box rate center")
    change = None
    if funds.initial is not None and funds.adjusted is not None:
        change = rate(funds.adjusted - funds.initial, funds.initial)
    page.put(row, 5, _quotient(f"=(C{excel}-B{excel})/B{excel}", change), "box rate center")


def _task(page: Page, row: int, task: TaskResult) -> None:
    excel = row + 1
    page.put(row, 0, task.name, "box text wrap")
    page.row(row, 1, [task.budget, task.spent], "box money")
    page.put(row, 3, _quotient(f"=C{excel}/B{excel}", rate(task.spent, task.budget)), "box rate center")
    page.put(row, 4, task.result, "box text wrap small")
    page.put(row, 5, task.reason, "box text wrap small")
    lines = max(
        text_lines(task.result, 40, SMALL), text_lines(task.reason, 32, SMALL), text_lines(task.name, 34, SMALL)
    )
    page.height(row, row_height(lines))


def _quotient(text: str, value: Decimal | None) -> Cell:
    return None if value is None else Formula(text, value)


def write_rectification(page: Page, department: DepartmentResult, findings: Sequence[Finding]) -> None:
    """问题与整改: the findings, with columns that the department fills and sends back."""
    table = Table("问题与整改", RECTIFICATION_COLUMNS, findings)
    note = f"{department.name}　　共 {len(findings)} 条。请填写右侧三列后报回。" if findings else department.name
    table.write(page, "问题与整改", note, empty="没有发现问题。", heading_height=22)
    page.print_setup(landscape=True, repeat=(2, 2))


RECTIFICATION_COLUMNS: list[Column[Finding]] = [
    Column("number", "序号", 6, "box center", lambda item, row: row - 3),
    Column("severity", "级别", 6, lambda i: "box center " + LOOKS[i.severity], lambda item, _: item.severity.label),
    Column("sheet", "工作表", 10, "box center small wrap", lambda item, _: item.sheet),
    Column("cell", "单元格", 8, "box center small wrap", lambda item, _: item.cell),
    Column("title", "问题", 18, "box text wrap", lambda item, _: item.title),
    Column("message", "说明", 36, "box text wrap small", lambda item, _: item.message),
    Column("value", "填报内容", 13, "box text wrap small", lambda item, _: item.value),
    Column("expected", "应为", 13, "box text wrap small", lambda item, _: item.expected),
    Column("advice", "处理建议", 30, "box text wrap small", lambda item, _: item.advice),
    Column("measure", "整改措施", 30, "box text wrap", lambda item, _: None),
    Column("person", "责任人", 10, "box center wrap", lambda item, _: None),
    Column("date", "完成时间", 12, "box center", lambda item, _: None),
]
