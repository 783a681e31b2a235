"""Blocks of facts in rows and columns, the funds table among them: with totals, checks and what is wrong below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from perfxl.layout import Block, Column, Layout, Line
from perfxl.layout.fields import VALUE
from perfxl.layout.template_layout import field_id
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT
from perfxl.template.expressions import (
    MICRO,
    Piece,
    cell,
    cells,
    column_sum,
    column_sum_value,
    growth,
    growth_value,
    in_pieces,
    parts_check,
    parts_check_value,
    share,
    share_value,
    subtraction,
    subtraction_value,
)
from perfxl.template.fact_lines import LINE, red_notes
from perfxl.template.fact_notes import change_note, matrix_notes, rate_note
from perfxl.template.filled_cells import shown_text
from perfxl.template.live import Live
from perfxl.template.notes import SIGN, Note, each, each_value
from perfxl.template.sheet import Sheet
from perfxl.template.styles import GENERAL, MONEY, RATE
from perfxl.template.text_height import LINE_HEIGHT, PADDING, row_height

INDENT = 3
"""What an indent and bold letters take of a column's width."""
STRIP = 2 * LINE_HEIGHT + PADDING
UNEXPLAINED = f"{SIGN}须说明"
SUMMABLE = ("money", "count", "number")
"""Types of facts that add up."""
Numbers = Mapping[str, Decimal | None]


def is_matrix(block: Block) -> bool:
    """Whether the facts of a block stand in rows and columns."""
    return all(column.key != VALUE for column in block.columns)


def last_row(block: Block) -> int:
    """The last row that a block of facts takes, with what stands below it."""
    return _strip_row(block) if is_matrix(block) else block.next_row


def write_matrix(sheet: Sheet, block: Block) -> None:
    """The block with its totals and notes."""
    sheet.block(block, _unit(block))
    label = block.column("label")
    for line in block.lines:
        sheet.text(line.row, label.col, line.labels["label"])
        texts = [(line.labels["label"], sheet.span(label.col))]
        for column in block.inputs():
            if column.key in line.specs:
                value = sheet.fill(block, line, column.key)
                if not sheet.stamped:
                    sheet.validate(line.specs[column.key], block.place(line, column.key))
                texts.append((shown_text(value, line.specs[column.key]), sheet.span(column.col)))
            else:
                sheet.text(line.row, column.col, "", "computed")
        sheet.height(line.row, row_height(texts, LINE))
        _formulas(sheet, block, line.row, _numbers(sheet, block, line))
    total = sheet.scheme.funds_table.total
    height: float = LINE
    if block.key == "funds" and total is not None:
        height = _funds_check(sheet, block)
    elif summed := _summed(block):
        _total(sheet, block, summed)
    sheet.height(block.next_row, height)
    _strip(sheet, block)


def _summed(block: Block) -> list[Column]:
    """The columns that are summed up: those whose facts are all of one type that adds up."""
    types = {column.key: {line.specs[column.key].type for line in block.lines if column.key in line.specs}
             for column in block.inputs()}  # fmt: skip
    return [column for column in block.inputs() if len(types[column.key]) == 1 and types[column.key] <= set(SUMMABLE)]


def _format(block: Block, key: str) -> str:
    """How the numbers of a column are shown."""
    types = {line.specs[key].type for line in block.lines if key in line.specs}
    return MONEY if "money" in types else GENERAL


def _unit(block: Block) -> str:
    """What the numbers of a table are counted in, where that is one unit; money is always told."""
    specs = [spec for line in block.lines for spec in line.specs.values()]
    units = {spec.unit for spec in specs}
    if len(units) == 1 and (unit := units.pop()):
        return f"单位：{unit}"
    return "金额单位：万元" if any(spec.type == "money" for spec in specs) else ""


def _numbers(sheet: Sheet, block: Block, line: Line) -> dict[str, Decimal | None]:
    return {column.key: sheet.live.number(field_id(block, line.key, column.key)) for column in block.inputs()}


def _formulas(sheet: Sheet, block: Block, row: int, numbers: Numbers, look: str = "computed") -> None:
    """The columns of a row that are worked out of its numbers."""
    where = {column.key: cell(row, column.col) for column in block.columns}
    for column in block.columns:
        if column.key == "rate" and column.role == "formula":
            value = share_value(numbers[SPENT], numbers[ADJUSTED])
            sheet.formula(row, column.col, share(where[SPENT], where[ADJUSTED]), value, look, num_format=RATE)
        elif column.key == "change" and column.role == "formula":
            value = growth_value(numbers[ADJUSTED], numbers[INITIAL])
            sheet.formula(row, column.col, growth(where[ADJUSTED], where[INITIAL]), value, look, num_format=RATE)
        elif column.key == "difference" and column.role == "formula":
            first, second = (each.key for each in block.inputs())
            value = subtraction_value(numbers[second], numbers[first], MICRO)
            expression = subtraction(where[second], where[first], 6)
            sheet.formula(row, column.col, expression, value, look, num_format=_format(block, first))


def _total(sheet: Sheet, block: Block, summed: Sequence[Column]) -> None:
    """The sums below a table."""
    row = block.next_row
    sheet.text(row, block.column("label").col, "合计", "total", align="left", indent=1)
    totals: dict[str, Decimal | None] = dict.fromkeys(column.key for column in block.inputs())
    for column in block.inputs():
        if column not in summed:
            sheet.text(row, column.col, "", "total")
            continue
        numbers = [sheet.live.number(field_id(block, line.key, column.key)) for line in block.lines]
        totals[column.key] = column_sum_value(numbers, MICRO)
        expression = column_sum(cells(block.first_row, block.last_row, column.col), 6)
        number_format = _format(block, column.key)
        sheet.formula(row, column.col, expression, totals[column.key], "total", num_format=number_format)
    _formulas(sheet, block, row, totals, "total")


def _funds_check(sheet: Sheet, block: Block) -> float:
    """Whether the parts add up to the total, in each column of the funds table; the height that the row needs."""
    table, lines = sheet.scheme.funds_table, {line.key: line for line in block.lines}
    whole, *parts = (lines[row.line] for row in table.total_first())
    row = block.next_row
    label, words = block.column("label"), "＋".join(line.labels["label"] for line in parts)
    words = f"核对：{words}－{whole.labels['label']}"
    sheet.text(row, label.col, words, "total", align="left", indent=1)
    total, *others = (_numbers(sheet, block, line) for line in (whole, *parts))
    texts = [(words, sheet.span(label.col) - INDENT)]
    for column in block.inputs():
        expression = parts_check(cell(whole.row, column.col), [cell(line.row, column.col) for line in parts])
        value = parts_check_value(total[column.key], [numbers[column.key] for numbers in others])
        sheet.formula(row, column.col, expression, value, "total", align="center")
        texts.append((str(value), sheet.span(column.col) - INDENT))
    notes = {"rate": rate_note, "change": change_note}
    for column in block.columns:
        if column.role == "formula":
            item = sheet.book.layout.once(notes[column.key])
            if item is not None:
                verdict = UNEXPLAINED if item.holds(sheet.live) else ""
                sheet.formula(
                    row, column.col, f'IF({item.formula},"{UNEXPLAINED}","")', verdict, "total", align="center"
                )
            else:
                sheet.text(row, column.col, "", "total")
    red_notes(sheet, row, 1, row, block.columns[-1].col)
    return row_height(texts, LINE)


def _strip_row(block: Block) -> int:
    """The row of the notes, between the last row of a table and the next block."""
    return block.next_row + 1


def _strip(sheet: Sheet, block: Block) -> None:
    """Below a table of facts, all notes on it."""
    layout = sheet.book.layout
    notes = layout.once(_table_notes, block.key)
    if notes:
        row, to = _strip_row(block), max(sheet.widths)
        values = each_value(notes, sheet.live)
        expression, value = sheet.book.joined(layout.once(_strip_pieces, block.key), values), "".join(values)
        sheet.note(row, 1, expression, value, "strip", to, several=True)
        sheet.height(row, row_height([(value, sheet.span(1, to))], STRIP))


def _table_notes(layout: Layout, key: str) -> Sequence[Note[Live]]:
    return matrix_notes(layout, layout.block(key))


def _strip_pieces(layout: Layout, key: str) -> tuple[Piece, ...]:
    return in_pieces(each(layout.once(_table_notes, key)), "&")
