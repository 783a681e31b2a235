"""绩效目标 of a department: what it asks for, what is doubtful, and what the bureau says; for its own workbook too."""

from __future__ import annotations

from perfxl.checks.finding import Finding, Severity
from perfxl.results.cells import Page
from perfxl.results.context import Context, category_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.sheets.targets_list import number_or_text, problem_look
from perfxl.results.styles import SMALL
from perfxl.results.targets import own_column, row_findings
from perfxl.results.text_height import row_height, text_lines
from perfxl.scheme.funds import INITIAL
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import annual
from perfxl.scoring.result import DepartmentResult, KpiResult

_Row = tuple[KpiResult, list[Finding]]
_HEAD = 7


def write_targets_form(page: Page, context: Context, department: DepartmentResult) -> None:
    """Writes the sheet: who and how much, the overall goal, the KPIs."""
    scheme, findings = context.scheme, context.findings_of(department)
    rows = [(kpi, row_findings(findings, number)) for number, kpi in enumerate(department.kpis, 1)]
    table = Table("绩效目标", _columns(scheme), rows, first=_HEAD + 2)
    errors = sum(one.severity is Severity.ERROR for one in findings)
    state = f"有 {errors} 处错误，请修改后重新报送" if errors else "没有错误"
    note = f"共 {len(rows)} 项指标；{state}。" + (
        f"警告 {len(findings) - errors} 处。" if len(findings) > errors else ""
    )
    table.write([page], f"{scheme.header.title}　{department.title}", note, frozen=0, empty="没有绩效指标。")
    _about(page, scheme, department)


def _about(page: Page, scheme: Scheme, department: DepartmentResult) -> None:
    """The lines between the title and the table."""
    total = next((line for line in department.funds if line.is_total), None)
    planned = total.amounts.get(INITIAL) if total is not None else None
    words = scheme.evaluated
    page.merged(2, 0, 2, 1, words.code_title, "box band text")
    page.merged(2, 2, 2, 4, department.code, "box text")
    page.merged(2, 5, 2, 6, words.category_title, "box band text")
    page.merged(2, 7, 2, 8, category_of(department), "box text")
    page.put(2, 9, "计划资金（万元）", "box band text")
    page.put(2, 10, planned, "box money")
    goals = {part.key: part.label for part in scheme.narrative}
    for row, (key, label) in enumerate(list(goals.items())[:2], 3):
        page.merged(row, 0, row, 1, label, "box band text")
        text = department.narrative.get(key, "")
        page.merged(row, 2, row, 10, text, "box text wrap small")
        page.height(row, max(22, row_height(text_lines(text, 130, SMALL), SMALL)))


def _columns(scheme: Scheme) -> list[Column[_Row]]:
    labels = {column.key: column.label for column in annual(scheme).table_columns("kpis")}
    return [
        Column("level1", labels.get("level1", "一级指标"), 10, "box center wrap small", lambda i, _: i[0].level1),
        Column("level2", labels.get("level2", "二级指标"), 13, "box center wrap small", lambda i, _: i[0].level2),
        Column("name", labels.get("name", "三级指标"), 30, "box text wrap", lambda item, _: item[0].name),
        Column("symbol", labels.get("symbol", "符号"), 6, "box center", lambda item, _: item[0].symbol),
        Column("target", labels.get("target", "年度指标值"), 12, "box center points wrap",
               lambda item, _: number_or_text(item[0].target)),
        Column("unit", labels.get("unit", "单位"), 7, "box center wrap", lambda item, _: item[0].unit),
        Column("weight", labels.get("weight", "权重"), 7, "box score", lambda item, _: item[0].weight),
        Column("last", "上年\n完成值", 10, "box center points wrap",
               lambda item, _: number_or_text(own_column(scheme, item[0], "last"))),
        Column("basis", "设定依据", 24, "box text wrap small", lambda item, _: own_column(scheme, item[0], "basis")),
        Column("problems", "需要核对", 20, lambda item: problem_look(item[1][0].severity if item[1] else None),
               lambda item, _: "；".join(dict.fromkeys(one.title for one in item[1]))),
        Column("advice", "处理意见", 34, "box text wrap small",
               lambda item, _: "；".join(dict.fromkeys(one.advice for one in item[1]))),
    ]  # fmt: skip
