"""The open tables: 绩效指标, with what each row comes to while one types, and 重点任务."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from perfxl.findings.in_excel import any_of
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.fields import RESULT_COLUMNS, SUPPLIED
from perfxl.layout.sheets import KPIS, TASKS
from perfxl.layout.template_layout import field_id
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.template.expressions import (
    MICRO,
    OWN_ROW,
    cell,
    cells,
    column_sum,
    column_sum_value,
    share,
    share_value,
)
from perfxl.template.filled_cells import shown_text
from perfxl.template.kpi_formulas import KPI_FORMULAS, lists_of, made_formulas, own_cells
from perfxl.template.kpi_summary import write_summary
from perfxl.template.live import KpiLive, Value
from perfxl.template.notes import Note, first, first_value
from perfxl.template.printed import Rows
from perfxl.template.row_notes import Row, task_notes
from perfxl.template.sheet import Sheet
from perfxl.template.signatures import sign_and_finish
from perfxl.template.styles import MONEY, POINTS, RATE
from perfxl.template.text_height import row_height
from perfxl.template.validation import computed

ROOM = 120
"""Characters of a condition in a rule on what is typed, which may have 255 in all."""
MORE_ROWS = "行数不够时，在表格中间插入行，再把上一行的灰色单元格向下填充。"
END_OF_KPIS = "以上行数不够时，在表格中间插入行，再把上一行的灰色单元格向下填充到插入的行。本行以下请勿填写。"
BEFORE_SIGNING = END_OF_KPIS.replace("请勿", "除签字外请勿")
NO_KPI = KpiLive(None, None, None, None)


def write_kpis(sheet: Sheet) -> None:
    """绩效指标: a summary for each indicator, then one row a KPI."""
    block = sheet.book.layout.block("kpis")
    sheet.fit((block,), landscape=True)
    grey = "灰色单元格自动计算。"
    if sheet.scheme.bureau_targets:
        grey = f"年度指标值{SUPPLIED}，不用填写；其他灰色单元格自动计算。"
    sheet.begin(KPIS, f"一行填一项指标，从第一行起连续填写。{_what_to_write(sheet)}{grey}")
    top = write_summary(sheet, block)
    sheet.block(block)
    _open_rows(sheet, block)
    if not sheet.stamped:
        _kpi_drop_downs(sheet, block)
    _kpi_formulas(sheet, block)
    end = BEFORE_SIGNING if sheet.name == sheet.book.layout.sheets[-1] else END_OF_KPIS
    assert sheet.paper is not None
    sheet.text(block.next_row, 1, end, "note", to=sheet.paper.first_page)
    _finish(sheet, block, beside=(top, block.last_row))


def _what_to_write(sheet: Sheet) -> str:
    """How numbers and qualitative results are written, in the words of the stage."""
    if sheet.scheme.asks_scores:
        return "年度指标值和实际完成值只写数字，单位另列；定性指标的实际完成值从下拉列表选择。"
    labels = [column.label for column in sheet.scheme.table_columns("kpis") if column.type == "value"]
    return f"{'、'.join(labels)}只写数字，单位另列。"


def write_tasks(sheet: Sheet) -> None:
    """重点任务: one row a task, with its rate of execution and the totals."""
    block = sheet.book.layout.block("tasks")
    sheet.fit((block,), landscape=True)
    sheet.begin(TASKS, "一行填一项任务，从第一行起连续填写，金额单位为万元。" + MORE_ROWS)
    sheet.block(block, "单位：万元")
    _open_rows(sheet, block)
    col = {column.key: column.col for column in block.columns}
    has_rate = "rate" in col and "budget" in col
    for column in block.inputs() if not sheet.stamped else ():
        sheet.validate(block.lines[0].specs[column.key], *_ends(block, column.key))
    at = own_cells(block)
    notes, note_formula = sheet.book.layout.once(_task_notes)
    for line in block.lines:
        if sheet.untouched(block, line):
            continue
        if has_rate:
            numbers = [sheet.live.number(field_id(block, line.key, key)) for key in ("spent", "budget")]
            expression = share(at["spent"], at["budget"]).replace(OWN_ROW, str(line.row + 1))
            sheet.formula(line.row, col["rate"], expression, share_value(*numbers), num_format=RATE, locked=False)
        note = note_formula.replace(OWN_ROW, str(line.row + 1))
        _note(sheet, line.row, block.column("note").col, note, notes, Row(_written(sheet, block, line), NO_KPI))
    _computed_only(sheet, block)
    row = block.next_row
    written = [line for line in block.lines if (block.table, line.key) in sheet.live.rows]
    totals: dict[int, Decimal | None] = {}
    for column in block.columns:
        if column.key in ("budget", "spent"):
            values = [sheet.live.number(field_id(block, line.key, column.key)) for line in written]
            totals[column.col] = column_sum_value(values, MICRO)
            where = cells(block.first_row, block.last_row, column.col)
            sheet.formula(row, column.col, column_sum(where, 6), totals[column.col], "total", num_format=MONEY)
        elif column.key == "name":
            sheet.text(row, column.col, "合计", "total", align="left", indent=1)
        elif column.key != "rate":
            sheet.text(row, column.col, "", "total")
    if has_rate:
        value = share_value(totals[col["spent"]], totals[col["budget"]])
        expression = share(cell(row, col["spent"]), cell(row, col["budget"]))
        sheet.formula(row, col["rate"], expression, value, "total", num_format=RATE)
    _finish(sheet, block, beside=(block.head_row, block.next_row))


def _task_notes(layout: Layout) -> tuple[Sequence[Note[Row]], str]:
    """The notes on a task, and the formula that gives them."""
    notes = task_notes(layout, own_cells(layout.block("tasks")))
    return notes, first(notes)


def _ends(block: Block, key: str) -> tuple[Place, Place]:
    return block.place(block.lines[0], key), block.place(block.lines[-1], key)


def _open_rows(sheet: Sheet, block: Block) -> None:
    """The cells to fill; rows are as high as their texts and grow with them."""
    inputs = block.inputs()
    centred: dict[str, dict[str, Any]] = {"unit": {"align": "center"}}
    for line in block.lines:
        if sheet.untouched(block, line):
            continue
        texts = []
        for column in inputs:
            value = sheet.fill(block, line, column.key, **centred.get(column.key, {}))
            if value is not None:
                texts.append((shown_text(value, line.specs[column.key]), sheet.span(column.col)))
        sheet.height(line.row, row_height(texts), fits=True)


def _finish(sheet: Sheet, block: Block, beside: Rows) -> None:
    assert sheet.paper is not None
    if not sheet.stamped:
        sheet.height(block.next_row, 22)
        sheet.xl.autofilter(block.head_row, 1, block.last_row, block.columns[-1].col)
        sheet.xl.freeze_panes(block.first_row, sheet.paper.names_to + 1)
    sign_and_finish(sheet, block.next_row, head=block.head_row, beside=beside)


def _levels(sheet: Sheet) -> tuple[list[str], list[str]]:
    """The first levels, each as often as it has second ones, and these."""
    levels = sorted(sheet.scheme.kpi_levels, key=lambda level: level.level1)
    return [level.level1 for level in levels], [level.level2 for level in levels]


def _kpi_drop_downs(sheet: Sheet, block: Block) -> None:
    scheme, lists = sheet.scheme, sheet.book.lists
    for column in block.inputs():
        spec = block.lines[0].specs[column.key]
        fixed = sheet.fixed_rows(block, column.key)
        if fixed:
            above = block.place(block.lines[0], column.key), block.place(block.lines[fixed - 1], column.key)
            sheet.validate(sheet.fixed_spec(spec), *above)
        if fixed == len(block.lines):
            continue
        first = block.first_row + fixed
        source, strict, unit = "", True, ""
        # Where results in words are offered the drop-down takes the place of the question.
        if spec.type == "value" and not spec.choices and any(other.key == "unit" for other in block.columns):
            unit = f"${cell(first, block.column('unit').col)}"
        if column.key == "level2":
            # Second levels of the row's first level stand together in the list; without one, all are offered.
            parents, children = map(lists.range_ref, _levels(sheet))
            parent = f"${cell(first, block.column('level1').col)}"
            chosen = f"OFFSET({children},MATCH({parent},{parents},0)-1,0,COUNTIF({parents},{parent}),1)"
            source = f"=IF(COUNTIF({parents},{parent})=0,{children},{chosen})"
        elif column.key in RESULT_COLUMNS and spec.choices:
            symbols = [symbol.symbol for symbol in scheme.symbols if symbol.direction == QUALITATIVE]
            if symbols:
                symbol = f"${cell(first, block.column('symbol').col)}"
                is_qualitative = any_of(symbol, symbols)
                if len(is_qualitative) > ROOM:
                    is_qualitative = f"SUMPRODUCT(--({lists.range_ref(symbols)}={symbol}))>0"
                source = f"=IF({is_qualitative},{lists.range_ref(spec.choices)},{lists.blank_ref})"
                strict = False
        ends = block.place(block.lines[fixed], column.key), block.place(block.lines[-1], column.key)
        sheet.validate(spec, *ends, source=source, strict=strict, unit=unit)


def _kpi_formulas(sheet: Sheet, block: Block) -> None:
    """Completion, weight, score, what counts of it and note of every row."""
    # The lists must be written in every workbook, the formulas are the same in all of them.
    formulas, notes = sheet.book.layout.once(made_formulas, lists_of(sheet, _levels(sheet)))
    rate, points = (sheet.formula_style(num_format=number, locked=False) for number in (RATE, POINTS))
    # A stage of the year has those alone for which it asks what they need.
    col = {column.key: column.col for column in block.columns if column.key in KPI_FORMULAS}
    for ordinal, line in enumerate(block.lines, 1):
        if sheet.untouched(block, line):
            continue
        live, own, row = sheet.live.kpis.get(ordinal, NO_KPI), formulas[ordinal - 1], line.row
        values = (live.completion, live.weight, live.score, live.counted)
        for key, formula, value in zip(KPI_FORMULAS, own, values, strict=False):
            if key in col:
                sheet.styled_formula(row, col[key], formula, value, rate if key == "completion" else points)
        _note(sheet, row, col["note"], own[-1], notes, Row(_written(sheet, block, line), live))
    _computed_only(sheet, block)


def _written(sheet: Sheet, block: Block, line: Line) -> dict[str, Value]:
    """What stands in the cells of a row, by column key."""
    values = ((key, sheet.live.value((block.table, line.key, key))) for key in line.specs)
    return {key: value for key, value in values if value is not None}


def _note(sheet: Sheet, row: int, col: int, formula: str, notes: Sequence[Note[Row]], subject: Row) -> None:
    value = first_value(notes, subject) if subject.values else ""
    sheet.note(row, col, formula, value, locked=False)


def _computed_only(sheet: Sheet, block: Block) -> None:
    """Formula cells of an open table are not locked: Excel sorts no range with a locked cell in it, and an inserted
    row could not take the formulas of the row above. Typing there is refused instead."""
    if sheet.stamped:
        return
    for column in block.columns:
        if column.role == "formula":
            sheet.xl.data_validation(block.first_row, column.col, block.last_row, column.col, computed(column.label))
