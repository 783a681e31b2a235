"""支出情况 of a department's own workbook: its budget and spending with a chart, and its key tasks, in 万元."""

from __future__ import annotations

from decimal import Decimal
from itertools import zip_longest

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO, amount, percent
from perfxl.findings.funds import BUDGET_CHANGE_REASON, LOW_RATE_REASON
from perfxl.findings.reasons import explains
from perfxl.results.cells import Cell, Formula, Page, page_room
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.context import Context
from perfxl.results.filling import fill_last_page
from perfxl.results.sheets.facts import is_number
from perfxl.results.statistics import rate
from perfxl.results.styles import ACCENT, SECOND, SMALL
from perfxl.results.text_height import pieces, row_height, text_lines
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, FundsResult, TaskResult
from perfxl.xlsx.paper import fitted

LABEL_WIDTH, AMOUNT_WIDTH, HINT_WIDTH = 28.0, 14.0, 34.0
LEAST_LABEL, LEAST_AMOUNT, LEAST_HINT = 16.0, 12.0, 20.0
LEFT, RATE, CHANGE = "未支出数", "支出率", "预算调整幅度"
WIDTHS = {LEFT: AMOUNT_WIDTH, RATE: 11.0, CHANGE: 13.0}
"""Headings and widths of what stands behind the columns of the funds table, before the hints."""
RESULT = 4  # first of the columns in which a task's result is told; its reason stands in the last
CHART_ROWS, CHART_ROW = 9, 20.0
EXPLANATION = 80  # characters of what a department explains, which stands in full below


class Shape:
    """Which columns the sheet has: those of the funds table, what is worked out of them, and the hints."""

    def __init__(self, scheme: Scheme) -> None:
        self.funds = scheme.funds_table
        self.columns = list(self.funds.columns)
        self.computed = [LEFT, RATE, CHANGE] if INITIAL in self.columns else [LEFT, RATE]
        amounts = [AMOUNT_WIDTH for _ in self.columns]
        self.widths = [LABEL_WIDTH, *amounts, *(WIDTHS[name] for name in self.computed), HINT_WIDTH]
        # Tasks need columns for their numbers and their result, however few the funds table has.
        while len(self.widths) < RESULT + 3:
            self.widths.insert(-1, AMOUNT_WIDTH)
        least = [min(width, LEAST_AMOUNT) for width in self.widths]
        least[0], least[-1] = LEAST_LABEL, LEAST_HINT
        self.widths = list(fitted(self.widths, least, page_room(len(self.widths))))
        self.wide = sum(self.widths) > page_room(len(self.widths))

    @property
    def last(self) -> int:
        """The column of the hints, as Page counts."""
        return len(self.widths) - 1

    def place(self, column: str) -> int:
        """Where a column of the funds table stands."""
        return 1 + self.columns.index(column)

    def letter(self, column: str) -> str:
        """The same as Excel names it."""
        return str(xl_col_to_name(self.place(column)))


def write_spending(page: Page, context: Context, department: DepartmentResult) -> None:
    """Writes the sheet."""
    scheme, shape = context.scheme, Shape(context.scheme)
    page.widths(shape.widths)
    page.put(0, 0, "支出情况", "title")
    page.height(0, 28)
    note, row = f"{department.title}　　单位：万元", 2
    flowing: list[int] = []
    if shape.funds:
        note += f"　　支出率 = {shape.funds.columns[SPENT]} ÷ {shape.funds.columns[ADJUSTED]}"
        row = _section(page, shape, row, scheme.evaluated.funds_title)
        page.row(row, 0, ["支出类别", *shape.funds.columns.values(), *shape.computed], "head")
        page.row(row, 1 + len(shape.columns) + len(shape.computed), [None] * _spare(shape), "head")
        page.put(row, shape.last, "提示", "head")
        page.height(row, 22)
        official = {item.fact: item for item in department.official}
        rows = {own.label: own for own in scheme.funds}
        for funds in department.funds:
            row += 1
            hints = [_hints(context, department, funds)] if funds.is_total else []
            hints += [
                f"{heading}以{item.source}为准，填报 {item.written or '空白'}"
                for name, heading in shape.funds.columns.items()
                if official and (item := official.get(rows[funds.label].fact(name))) is not None
            ]
            _funds(page, shape, row, funds, "\n".join(filter(None, hints)))
        row += 2
        if any(funds.adjusted is not None for funds in department.funds):
            row = _chart(page, shape, department, row) + 1
    page.put(1, 0, note, "note")
    if scheme.has_tasks:
        row = _section(page, shape, row, f"重点任务（{len(department.tasks)} 项）")
        top, row = row + 1, _tasks(page, shape, row, department) + 2
        flowing += range(top, row - 1)
    if explained_below(scheme, department):
        top = _section(page, shape, row, "情况说明")
        row = _explanations(page, shape, top, department)
        flowing += range(top, row)
    pages = 0 if shape.wide else fill_last_page(page, row, flowing)
    page.print_setup(landscape=True, pages_high=pages, area=(row, shape.last), beside=1 if shape.wide else None)


def has_spending(scheme: Scheme) -> bool:
    """Whether the departments of a scheme have this sheet."""
    return bool(scheme.funds_table) or scheme.has_tasks


def explained_below(scheme: Scheme, department: DepartmentResult) -> bool:
    """Whether what has no points stands here: a few explanations, which would look lost on a sheet of their own."""
    facts = department.facts
    return bool(facts) and has_spending(scheme) and not any(is_number(scheme, fact) for fact in facts)


def _spare(shape: Shape) -> int:
    """How many columns stand empty before the hints."""
    return shape.last - 1 - len(shape.columns) - len(shape.computed)


def _section(page: Page, shape: Shape, row: int, text: str) -> int:
    page.row(row, 0, [text] + [None] * shape.last, "section")
    page.height(row, 24)
    return row + 1


def _funds(page: Page, shape: Shape, row: int, funds: FundsResult, hints: str) -> None:
    excel, behind = row + 1, 1 + len(shape.columns)
    adjusted, spent = f"{shape.letter(ADJUSTED)}{excel}", f"{shape.letter(SPENT)}{excel}"
    page.height(row, max(22, row_height(text_lines(hints, shape.widths[-1], SMALL), SMALL)))
    page.put(row, 0, funds.label, "box text bold" if funds.is_total else "box text")
    page.row(row, 1, [funds.amounts[name] for name in shape.columns], "box money")
    left = None
    if funds.adjusted is not None and funds.spent is not None:
        left = funds.adjusted - funds.spent
    page.put(row, behind, _computed(f"=ROUND({adjusted}-{spent},6)", left), "box money")
    page.put(row, behind + 1, _computed(f"={spent}/{adjusted}", rate(funds.spent, funds.adjusted)), "box rate bold")
    if CHANGE in shape.computed:
        initial = f"{shape.letter(INITIAL)}{excel}"
        page.put(row, behind + 2, _computed(f"=({adjusted}-{initial})/{initial}", _change(funds)), "box rate")
    page.row(row, behind + len(shape.computed), [None] * _spare(shape), "box")
    page.put(row, shape.last, hints, "box text wrap small")


def _change(funds: FundsResult) -> Decimal | None:
    if funds.initial is None or funds.adjusted is None:
        return None
    return rate(funds.adjusted - funds.initial, funds.initial)


def _hints(context: Context, department: DepartmentResult, funds: FundsResult) -> str:
    """What the scheme asks to be explained, for the total row."""
    bounds = context.scheme.thresholds
    spending, change = rate(funds.spent, funds.adjusted), _change(funds)
    hints = []
    if spending is not None:
        low = spending < bounds.low_rate
        why = _why(department, LOW_RATE_REASON) if low else ""
        hints.append(f"支出率{'低于' if low else '不低于'} {percent(bounds.low_rate, 0)}{why}")
    if change is not None:
        much = abs(change) > bounds.budget_change
        words = _why(department, BUDGET_CHANGE_REASON) if much else ""
        hints.append(f"预算调整{'超过' if much else '未超过'} {percent(bounds.budget_change, 0)}{words}")
    return "\n".join(hints)


def _why(department: DepartmentResult, key: str) -> str:
    """What the department says to it, or that it should."""
    told = next((fact.value for fact in department.facts if fact.key == key), "")
    short = told if len(told) <= EXPLANATION else f"{told[: EXPLANATION - 1]}…"
    return f"；部门说明：{short}" if explains(told) else "，应说明原因"


def _chart(page: Page, shape: Shape, department: DepartmentResult, row: int) -> int:
    """Budget and spending side by side; returns the row below."""
    for line in range(row, row + CHART_ROWS):
        page.height(line, CHART_ROW)
    rows = (4, 3 + len(department.funds))
    shown = ((shape.place(ADJUSTED), SECOND), (shape.place(SPENT), ACCENT))
    series = [Series((3, column), rows, 0, column, colour, "#,##0.00") for column, colour in shown]
    size = (sum(map(pixels_wide, shape.widths[:6])), pixels_high(CHART_ROW) * CHART_ROWS)
    adjusted, spent = shape.funds.columns[ADJUSTED], shape.funds.columns[SPENT]
    alt = "；".join(
        f"{funds.label}{adjusted} {amount(funds.adjusted or ZERO)}，{spent} {amount(funds.spent or ZERO)}"
        for funds in department.funds
    )
    draw(page, "column", f"{adjusted}和{spent}（万元）", series, (row, 0), size, number="#,##0.00", alt=alt)
    return row + CHART_ROWS


def _tasks(page: Page, shape: Shape, row: int, department: DepartmentResult) -> int:
    """The tasks and their sums; returns the last row of them."""
    reason = shape.last
    page.row(row, 0, ["重点任务", "预算金额", "支出金额", "执行率"], "head")
    page.merged(row, RESULT, row, reason - 1, "完成情况", "head")
    page.put(row, reason, "未完成原因", "head")
    page.height(row, 22)
    top = row + 2
    for task in department.tasks:
        row = _task(page, shape, row + 1, task)
    if not department.tasks:
        page.put(row + 1, 0, "没有填报重点任务。", "muted")
        return row + 1
    tasks = department.tasks
    first, last = top, row + 1
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
    page.merged(row, RESULT, row, reason - 1, None, "box band")
    page.put(row, reason, None, "box band")
    return row


def _explanations(page: Page, shape: Shape, row: int, department: DepartmentResult) -> int:
    """What the department explains, each on a line; the row below."""
    for fact in department.facts:
        label = fact.label
        # A text that no row is high enough for goes on in the next ones.
        for piece in pieces(fact.value, sum(shape.widths[1:])):
            page.put(row, 0, label, "box text wrap")
            page.merged(row, 1, row, shape.last, piece, "box text wrap")
            lines = max(text_lines(piece, sum(shape.widths[1:])), text_lines(label, shape.widths[0]))
            page.height(row, max(22, row_height(lines)))
            row, label = row + 1, ""
    return row


def _task(page: Page, shape: Shape, row: int, task: TaskResult) -> int:
    """Writes it, in as many rows as its texts take; the last of them."""
    excel, reason, widths = row + 1, shape.last, shape.widths
    page.row(row, 1, [task.budget, task.spent], "box money")
    page.put(row, 3, _computed(f"=C{excel}/B{excel}", rate(task.spent, task.budget)), "box rate bold")
    wide = sum(widths[RESULT:reason])
    texts = pieces(task.name, widths[0]), pieces(task.result, wide, SMALL), pieces(task.reason, widths[reason], SMALL)
    for line, (name, result, why) in enumerate(zip_longest(*texts, fillvalue=""), row):
        page.put(line, 0, name, "box text wrap")
        if line > row:
            page.row(line, 1, [None, None], "box money")
            page.put(line, 3, None, "box rate bold")
        page.merged(line, RESULT, line, reason - 1, result, "box text wrap small")
        page.put(line, reason, why, "box text wrap small")
        small = max(text_lines(result, wide, SMALL), text_lines(why, widths[reason], SMALL))
        page.height(line, max(22, row_height(small, SMALL), row_height(text_lines(name, widths[0]))))
    return row + max(map(len, texts)) - 1


def _computed(text: str, value: Decimal | None) -> Cell:
    return None if value is None else Formula(text, value)
