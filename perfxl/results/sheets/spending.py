"""支出情况 of a department's own workbook: its budget and spending with a chart, and its key tasks, in 万元."""

from __future__ import annotations

from decimal import Decimal

from perfxl.decimals import ZERO, percent
from perfxl.results.cells import Cell, Formula, Page, row_height, text_lines
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.context import Context, total_funds
from perfxl.results.statistics import rate
from perfxl.results.styles import ACCENT, SECOND, SMALL
from perfxl.scoring.result import DepartmentResult, FundsResult, TaskResult

WIDTHS = (28.0, 14.0, 14.0, 14.0, 14.0, 11.0, 13.0, 34.0)
LAST = len(WIDTHS) - 1
FUNDS_HEADINGS = ("支出类别", "年初预算数", "调整预算数", "支出数", "未支出数", "支出率", "预算调整幅度", "提示")
TASK_HEADINGS = ("重点任务", "预算金额", "支出金额", "执行率", "完成情况", None, None, "未完成原因")
RESULT, REASON = 4, 7
CHART_ROWS, CHART_ROW = 9, 20.0


def write_spending(page: Page, context: Context, department: DepartmentResult) -> None:
    """Writes the sheet."""
    page.widths(list(WIDTHS))
    page.put(0, 0, "支出情况", "title")
    page.height(0, 28)
    page.put(1, 0, f"{department.name}　　单位：万元　　支出率 = 支出数 ÷ 调整预算数", "note")
    row = _section(page, 2, "部门整体收支")
    page.row(row, 0, list(FUNDS_HEADINGS), "head")
    page.height(row, 22)
    total = total_funds(context.scheme, department)
    for funds in department.funds:
        row += 1
        _funds(page, row, funds, _hints(context, funds) if funds is total else "")
    row += 2
    if any(funds.adjusted is not None for funds in department.funds):
        row = _chart(page, department, row) + 1
    row = _section(page, row, f"重点任务（{len(department.tasks)} 项）")
    _tasks(page, row, department)
    page.print_setup(landscape=True)


def _section(page: Page, row: int, text: str) -> int:
    page.row(row, 0, [text] + [None] * LAST, "section")
    page.height(row, 24)
    return row + 1


def _funds(page: Page, row: int, funds: FundsResult, hints: str) -> None:
    excel = row + 1
    page.height(row, max(22, row_height(text_lines(hints, WIDTHS[LAST], SMALL), SMALL)))
    page.put(row, 0, funds.label, "box text bold" if hints else "box text")
    page.row(row, 1, [funds.initial, funds.adjusted, funds.spent], "box money")
    left = None
    if funds.adjusted is not None and funds.spent is not None:
        left = funds.adjusted - funds.spent
    page.put(row, 4, _computed(f"=ROUND(C{excel}-D{excel},6)", left), "box money")
    page.put(row, 5, _computed(f"=D{excel}/C{excel}", rate(funds.spent, funds.adjusted)), "box rate bold")
    page.put(row, 6, _computed(f"=(C{excel}-B{excel})/B{excel}", _change(funds)), "box rate")
    page.put(row, LAST, hints, "box text wrap small")


def _change(funds: FundsResult) -> Decimal | None:
    if funds.initial is None or funds.adjusted is None:
        return None
    return rate(funds.adjusted - funds.initial, funds.initial)


def _hints(context: Context, funds: FundsResult) -> str:
    """What the scheme asks to be explained, for the total row."""
    bounds = context.scheme.thresholds
    spending, change = rate(funds.spent, funds.adjusted), _change(funds)
    hints = []
    if spending is not None:
        low = spending < bounds.low_rate
        hints.append(
            f"支出率{'低于' if low else '不低于'} {percent(bounds.low_rate, 0)}" + ("，应说明原因" if low else "")
        )
    if change is not None:
        much = abs(change) > bounds.budget_change
        words = "，应说明原因" if much else ""
        hints.append(f"预算调整{'超过' if much else '未超过'} {percent(bounds.budget_change, 0)}{words}")
    return "\n".join(hints)


def _chart(page: Page, department: DepartmentResult, row: int) -> int:
    """Budget and spending side by side; returns the row below."""
    for line in range(row, row + CHART_ROWS):
        page.height(line, CHART_ROW)
    rows = (4, 3 + len(department.funds))
    series = [Series((3, 2), rows, 0, 2, SECOND, "#,##0.00"), Series((3, 3), rows, 0, 3, ACCENT, "#,##0.00")]
    size = (sum(map(pixels_wide, WIDTHS[:6])), pixels_high(CHART_ROW) * CHART_ROWS)
    alt = "；".join(
        f"{funds.label}调整预算数 {funds.adjusted or ZERO:,.2f}，支出数 {funds.spent or ZERO:,.2f}"
        for funds in department.funds
    )
    draw(page, "column", "调整预算数和支出数（万元）", series, (row, 0), size, number="#,##0", alt=alt)
    return row + CHART_ROWS


def _tasks(page: Page, row: int, department: DepartmentResult) -> None:
    page.row(row, 0, list(TASK_HEADINGS), "head")
    page.merged(row, RESULT, row, REASON - 1, TASK_HEADINGS[RESULT], "head")
    page.height(row, 22)
    for task in department.tasks:
        row += 1
        _task(page, row, task)
    if not department.tasks:
        page.put(row + 1, 0, "没有填报重点任务。", "muted")
        return
    tasks = department.tasks
    first, last = row - len(tasks) + 2, row + 1
    row += 1
    page.height(row, 22)
    page.put(row, 0, "合计", "box center bold band")
    budget, spent = (
        sum((value for value in values if value is not None), ZERO)
        for values in ([task.budget for task in tasks], [task.spent for task in tasks])
    )
    for column, letter, value in ((1, "B", budget), (2, "C", spent)):
        page.put(row, column, Formula(f"=ROUND(SUM({letter}{first}:{letter}{last}),6)", value), "box money bold band")
    page.put(row, 3, _computed(f"=C{row + 1}/B{row + 1}", rate(spent, budget)), "box rate bold band")
    page.merged(row, RESULT, row, REASON - 1, None, "box band")
    page.put(row, REASON, None, "box band")


def _task(page: Page, row: int, task: TaskResult) -> None:
    excel = row + 1
    page.put(row, 0, task.name, "box text wrap")
    page.row(row, 1, [task.budget, task.spent], "box money")
    page.put(row, 3, _computed(f"=C{excel}/B{excel}", rate(task.spent, task.budget)), "box rate bold")
    page.merged(row, RESULT, row, REASON - 1, task.result, "box text wrap small")
    page.put(row, REASON, task.reason, "box text wrap small")
    small = max(
        text_lines(task.result, sum(WIDTHS[RESULT:REASON]), SMALL), text_lines(task.reason, WIDTHS[REASON], SMALL)
    )
    page.height(row, max(22, row_height(small, SMALL), row_height(text_lines(task.name, WIDTHS[0]))))


def _computed(text: str, value: Decimal | None) -> Cell:
    return None if value is None else Formula(text, value)
