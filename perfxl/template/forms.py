"""The sheets with one line for each fact: 基本信息, 收支情况 and 管理效率."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.layout import Block, Layout, Line
from perfxl.layout.blocks import shown_label
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import FUNDS, IDENTITY
from perfxl.layout.template_layout import field_id
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT
from perfxl.template.expressions import (
    MICRO,
    cell,
    cells,
    column_sum,
    column_sum_value,
    growth,
    growth_value,
    parts_check,
    parts_check_value,
    share,
    share_value,
    subtraction,
    subtraction_value,
)
from perfxl.template.fact_notes import cell_notes, change_note, matrix_notes, rate_note
from perfxl.template.live import Live
from perfxl.template.notes import SIGN, Note, every, every_value, first, first_value, quoted
from perfxl.template.sheet import Sheet, column_widths, shown_text
from perfxl.template.styles import ALERT, GENERAL, MONEY, MUTED, RATE
from perfxl.template.text_height import LINE_HEIGHT, PADDING, row_height

LINE, STRIP = 22.0, 2 * LINE_HEIGHT + PADDING
ROOM_FOR_TEXT = 66.0
"""Height that invites to write more than a word."""
UNEXPLAINED = f"{SIGN}须说明"


def write_identity(sheet: Sheet) -> None:
    """基本信息: who fills, and the department's own words."""
    blocks = sheet.book.layout.sheet_blocks(IDENTITY)
    sheet.set_widths(column_widths(blocks))
    sheet.begin(
        "基本信息",
        "单位信息请与预算批复一致。部门自述可分条写，同一单元格内换行按 Alt＋Enter，行高随内容自动调整。",
    )
    for block in blocks:
        sheet.block(block)
        for line in block.lines:
            _identity_line(sheet, block, line)
    sheet.xl.freeze_panes(2, 0)
    sheet.finish(blocks[-1].last_row, landscape=False)


def _identity_line(sheet: Sheet, block: Block, line: Line) -> None:
    spec = line.specs[VALUE]
    hint = line.labels["hint"] if spec.required else f"选填。{line.labels['hint']}"
    value_column = block.column(VALUE)
    sheet.text(line.row, block.column("label").col, line.labels["label"])
    sheet.text(line.row, block.column("hint").col, hint, "hint")
    is_long = spec.type == "long_text"
    sheet.fill(block, line, VALUE, align="left", indent=1, valign="top" if is_long else "vcenter")
    sheet.validate(spec, block.place(line, VALUE))
    written = shown_text(sheet.live.value(field_id(block, line.key, VALUE)), spec)
    texts = [(written, value_column.width), (hint, block.column("hint").width)]
    if is_long:
        sheet.xl.write_string(line.row, 0, line.key, sheet.book.styles("wide_key"))
    sheet.height(line.row, row_height(texts, ROOM_FOR_TEXT if is_long else LINE), fits=True)


def write_facts(sheet: Sheet) -> None:
    """收支情况 or 管理效率: blocks of facts, as lists or as tables."""
    blocks = sheet.book.layout.sheet_blocks(sheet.name)
    sheet.set_widths(column_widths(blocks))
    sheet.begin(
        sheet.name,
        "金额单位为万元，与部门决算一致，没有发生的填 0。灰色单元格自动计算。"
        if sheet.name == FUNDS
        else "按评价年度实际情况填写：数量没有的填 0，“是/否”从下拉列表选择，金额单位为万元。",
    )
    for block in blocks:
        if not _is_matrix(block):
            sheet.block(block)
            for line in block.lines:
                _fact_line(sheet, block, line)
            col = block.column("hint").col
            _red_notes(sheet, block.first_row, col, block.last_row, col)
        else:
            sheet.block(block, "单位：万元" if _is_money(block) else "")
            _matrix(sheet, block)
    sheet.xl.freeze_panes(2, 0)
    end = max((_strip_row(block) if _is_matrix(block) else block.next_row for block in blocks), default=2)
    sheet.finish(end, landscape=False)


def _fact_line(sheet: Sheet, block: Block, line: Line) -> None:
    spec, labels = line.specs[VALUE], line.labels
    label_column, value_column = block.column("label"), block.column(VALUE)
    sheet.validate(spec, block.place(line, VALUE))
    if spec.type == "long_text":
        label = shown_label(block, line)
        sheet.text(line.row, label_column.col, label)
        sheet.fill(block, line, VALUE, to=block.wide_to, valign="top")
        written = shown_text(sheet.live.value(field_id(block, line.key, VALUE)), spec)
        texts = [(label, label_column.width), (written, sheet.span(value_column.col, block.wide_to))]
        sheet.height(line.row, row_height(texts, ROOM_FOR_TEXT))
        return
    sheet.text(line.row, label_column.col, labels["label"])
    sheet.fill(block, line, VALUE)
    sheet.text(line.row, block.column("unit").col, labels["unit"], "hint", align="center")
    texts = [(labels["label"], label_column.width)]
    if any(column.key == "indicator" for column in block.columns):
        column = block.column("indicator")
        sheet.text(line.row, column.col, labels["indicator"], "hint")
        texts.append((labels["indicator"], column.width))
    hint = block.column("hint")
    longest = _hint(sheet, line, hint.col, block.wide_to)
    texts.append((longest, sheet.span(hint.col, block.wide_to)))
    sheet.height(line.row, row_height(texts, LINE))


def _hint(sheet: Sheet, line: Line, col: int, to: int | None) -> str:
    """What to know about a fact, behind a note where its cell breaks a rule; the longest text that may stand there."""
    hint = line.labels["hint"]
    layout = sheet.book.layout
    notes = layout.once(cell_notes, line.key)
    if not notes:
        sheet.text(line.row, col, hint, "hint", to=to)
        return hint
    expression = layout.once(_hint_expression, line.key, hint)
    sheet.note(line.row, col, expression, first_value(notes, sheet.live, hint), "hint", to, font_color=MUTED)
    return max((hint, *(item.text for item in notes)), key=len)


def _hint_expression(layout: Layout, key: str, hint: str) -> str:
    return first(layout.once(cell_notes, key), f'"{quoted(hint)}"')


def _matrix(sheet: Sheet, block: Block) -> None:
    for line in block.lines:
        sheet.text(line.row, block.column("label").col, line.labels["label"])
        for column in block.inputs():
            if column.key in line.specs:
                sheet.fill(block, line, column.key)
                sheet.validate(line.specs[column.key], block.place(line, column.key))
            else:
                sheet.text(line.row, column.col, "", "computed")
        sheet.height(line.row, LINE)
        _matrix_formulas(sheet, block, line.row, {c.key: _number(sheet, block, line, c.key) for c in block.inputs()})
    if block.key == "funds":
        _funds_check(sheet, block)
    else:
        _matrix_total(sheet, block)
    sheet.height(block.next_row, LINE)
    _strip(sheet, block)


def _is_matrix(block: Block) -> bool:
    return not any(VALUE in line.specs for line in block.lines)


def _strip_row(block: Block) -> int:
    """The row of the notes, between the last row of a table and the next block."""
    return block.next_row + 1


def _strip(sheet: Sheet, block: Block) -> None:
    """Below a table of facts, all notes on it."""
    layout = sheet.book.layout
    notes = layout.once(_table_notes, block.key)
    if notes:
        row, to = _strip_row(block), max(sheet.widths)
        value = every_value(notes, sheet.live)
        expression = layout.once(_strip_expression, block.key)
        sheet.note(row, 1, expression, value, "strip", to, several=True)
        sheet.height(row, row_height([(value, sheet.span(1, to))], STRIP))


def _table_notes(layout: Layout, key: str) -> Sequence[Note[Live]]:
    return matrix_notes(layout, layout.block(key))


def _strip_expression(layout: Layout, key: str) -> str:
    return every(layout.once(_table_notes, key))


def _red_notes(sheet: Sheet, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
    """Cells turn red and bold where they have become a note."""
    look = sheet.book.styles.difference(font_color=ALERT, bold=True)
    rule = {"type": "text", "criteria": "begins with", "value": SIGN, "format": look}
    sheet.xl.conditional_format(first_row, first_col, last_row, last_col, rule)


def _is_money(block: Block) -> bool:
    return any(spec.type == "money" for line in block.lines for spec in line.specs.values())


def _number(sheet: Sheet, block: Block, line: Line, key: str) -> Decimal | None:
    return sheet.live.number(field_id(block, line.key, key))


def _matrix_formulas(
    sheet: Sheet, block: Block, row: int, numbers: dict[str, Decimal | None], look: str = "computed"
) -> None:
    where = {column.key: cell(row, column.col) for column in block.columns}
    amount = MONEY if _is_money(block) else GENERAL
    for column in block.columns:
        if column.key == "rate":
            value = share_value(numbers[SPENT], numbers[ADJUSTED])
            sheet.formula(row, column.col, share(where[SPENT], where[ADJUSTED]), value, look, num_format=RATE)
        elif column.key == "change":
            value = growth_value(numbers[ADJUSTED], numbers[INITIAL])
            sheet.formula(row, column.col, growth(where[ADJUSTED], where[INITIAL]), value, look, num_format=RATE)
        elif column.key == "difference":
            first, second = (each.key for each in block.inputs())
            value = subtraction_value(numbers[second], numbers[first], MICRO)
            expression = subtraction(where[second], where[first], 6)
            sheet.formula(row, column.col, expression, value, look, num_format=amount)


def _matrix_total(sheet: Sheet, block: Block) -> None:
    row, amount = block.next_row, MONEY if _is_money(block) else GENERAL
    sheet.text(row, block.column("label").col, "合计", "total", align="left", indent=1)
    totals: dict[str, Decimal | None] = {}
    for column in block.inputs():
        numbers = [_number(sheet, block, line, column.key) for line in block.lines]
        totals[column.key] = column_sum_value(numbers, MICRO)
        expression = column_sum(cells(block.first_row, block.last_row, column.col), 6)
        sheet.formula(row, column.col, expression, totals[column.key], "total", num_format=amount)
    _matrix_formulas(sheet, block, row, totals, "total")


def _funds_check(sheet: Sheet, block: Block) -> None:
    """Whether the parts add up to the total, in each column of the funds table."""
    table, lines = sheet.scheme.funds_table, {line.key: line for line in block.lines}
    whole, *parts = (lines[row.line] for row in table.total_first())
    row = block.next_row
    words = "＋".join(line.labels["label"] for line in parts)
    sheet.text(
        row, block.column("label").col, f"核对：{words}－{whole.labels['label']}", "total", align="left", indent=1
    )
    for column in block.inputs():
        expression = parts_check(cell(whole.row, column.col), [cell(line.row, column.col) for line in parts])
        value = parts_check_value(
            _number(sheet, block, whole, column.key), [_number(sheet, block, line, column.key) for line in parts]
        )
        sheet.formula(row, column.col, expression, value, "total", align="center")
    notes = {"rate": rate_note, "change": change_note}
    for column in block.columns:
        if column.role == "formula":
            item = notes[column.key](sheet.book.layout)
            if item is not None:
                verdict = UNEXPLAINED if item.holds(sheet.live) else ""
                sheet.formula(
                    row, column.col, f'IF({item.formula},"{UNEXPLAINED}","")', verdict, "total", align="center"
                )
            else:
                sheet.text(row, column.col, "", "total")
    _red_notes(sheet, row, 1, row, block.columns[-1].col)
