"""Blocks of facts with one line each: what to fill in, and what is worked out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfxl.layout import Block, Layout, Line
from perfxl.layout.blocks import shown_label
from perfxl.layout.fields import VALUE
from perfxl.layout.template_layout import field_id
from perfxl.references import literal
from perfxl.template.applying import NOT_DUE, Applies, fact_applies
from perfxl.template.fact_notes import cell_notes
from perfxl.template.filled_cells import shown_text
from perfxl.template.live import Live
from perfxl.template.notes import SIGN, Note, first, first_value
from perfxl.template.sheet import Sheet
from perfxl.template.styles import ALERT, GENERAL, MONEY, MUTED, RATE
from perfxl.template.text_height import row_height
from perfxl.template.validation import UNIT_WORDS

LINE = 22.0
ROOM_FOR_TEXT = 66.0
"""Height that invites to write more than a word."""


def write_lines(sheet: Sheet, block: Block) -> None:
    """The block with all its lines."""
    sheet.block(block)
    for line in block.lines:
        if VALUE not in line.specs:
            _derived_line(sheet, block, line)
        elif line.specs[VALUE].type == "long_text":
            _text_line(sheet, block, line)
        else:
            _fact_line(sheet, block, line)
    col = block.column("hint").col
    red_notes(sheet, block.first_row, col, block.last_row, col)


def red_notes(sheet: Sheet, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
    """Cells turn red and bold where they have become a note."""
    if sheet.stamped:
        return
    look = sheet.book.styles.difference(font_color=ALERT, bold=True)
    rule = {"type": "text", "criteria": "begins with", "value": SIGN, "format": look}
    sheet.xl.conditional_format(first_row, first_col, last_row, last_col, rule)


def _text_line(sheet: Sheet, block: Block, line: Line) -> None:
    spec, label_column, value_column = line.specs[VALUE], block.column("label"), block.column(VALUE)
    sheet.validate(spec, block.place(line, VALUE))
    label = shown_label(block, line)
    sheet.text(line.row, label_column.col, label)
    sheet.fill(block, line, VALUE, to=block.wide_to, valign="top")
    written = shown_text(sheet.live.value(field_id(block, line.key, VALUE)), spec)
    texts = [(label, sheet.span(label_column.col)), (written, sheet.span(value_column.col, block.wide_to))]
    sheet.height(line.row, row_height(texts, ROOM_FOR_TEXT))


def _fact_line(sheet: Sheet, block: Block, line: Line) -> None:
    sheet.validate(line.specs[VALUE], block.place(line, VALUE))
    sheet.fill(block, line, VALUE)
    _beside(sheet, block, line, _hint(sheet, block, line))


def _derived_line(sheet: Sheet, block: Block, line: Line) -> None:
    """A line that is worked out of others, with what it comes to."""
    derived = sheet.scheme.derived_by_key[line.key]
    # A quotient has as many digits as it likes; six places are enough to look at.
    number_format = RATE if derived.percent else MONEY if derived.denominator or derived.unit == "万元" else GENERAL
    expression = sheet.book.layout.once(_derived_expression, line.key)
    sheet.formula(line.row, block.column(VALUE).col, expression, sheet.live.derived(line.key), num_format=number_format)
    hint = block.column("hint")
    sheet.text(line.row, hint.col, line.labels["hint"], "hint", to=block.wide_to)
    _beside(sheet, block, line, line.labels["hint"])


def _derived_expression(layout: Layout, key: str) -> str:
    return layout.scheme.definitions[key].value_formula(layout)


def _beside(sheet: Sheet, block: Block, line: Line, hint: str) -> None:
    """Label, unit and the indicators that use it, and a height in which they and the hint can be read."""
    if sheet.stamped:
        return
    labels, label_column = line.labels, block.column("label")
    sheet.text(line.row, label_column.col, labels["label"])
    sheet.text(line.row, block.column("unit").col, labels["unit"], "hint", align="center")
    texts = [
        (labels["label"], sheet.span(label_column.col)),
        (labels["unit"], sheet.span(block.column("unit").col) + 2),
    ]
    if any(column.key == "indicator" for column in block.columns):
        column = block.column("indicator")
        sheet.text(line.row, column.col, labels["indicator"], "hint")
        texts.append((labels["indicator"], sheet.span(column.col)))
    texts.append((hint, sheet.span(block.column("hint").col, block.wide_to)))
    sheet.height(line.row, row_height(texts, LINE))


def _hint(sheet: Sheet, block: Block, line: Line) -> str:
    """What to know about a fact, behind a note where its cell breaks a rule; the longest text that may stand there."""
    hint, col, to = sheet.book.layout.once(_hint_of, block.key, line.key), block.column("hint").col, block.wide_to
    if not hint.expression:
        sheet.text(line.row, col, hint.text, "hint", to=to)
    else:
        sheet.note(line.row, col, hint.expression, hint.value(sheet.live), "hint", to, font_color=MUTED)
    return hint.longest


@dataclass(frozen=True)
class _Hint:
    """What to know about a fact. due: when it must be filled, None for always. expression: what stands in its cell,
    empty where that is always the text. longest: the longest text that may stand there."""

    text: str
    notes: Sequence[Note[Live]]
    due: Applies | None
    expression: str
    longest: str

    def value(self, live: Live) -> str:
        """`expression`, computed."""
        return first_value(self.notes, live, self.text) if self.due is None or self.due.now(live) else NOT_DUE


def _hint_of(layout: Layout, block_key: str, key: str) -> _Hint:
    line = next(line for line in layout.block(block_key).lines if line.key == key)
    text = line.labels["hint"] or (UNIT_WORDS["percent"] if line.specs[VALUE].type == "percent" else "")
    notes, due = layout.once(cell_notes, key), fact_applies(layout, key)
    expression = first(notes, literal(text)) if notes or due else ""
    if due:
        expression = f'IF({due.formula},{expression},"{NOT_DUE}")'
    return _Hint(text, notes, due, expression, max((text, *(item.text for item in notes)), key=len))
