"""自评得分: computed score beside self score, the lower of the two, totals and grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfxl.findings.scores import NOT_DONE
from perfxl.layout import Block, Layout, Line
from perfxl.layout.sheets import SCORES
from perfxl.outcome import NOT_APPLICABLE, WAITING, accepted_formula, shown_while_pending
from perfxl.references import literal
from perfxl.scheme.model import BY_COMPUTED, PENALTY, Indicator
from perfxl.template.applying import indicator_applies, indicator_waits, where_not_applying
from perfxl.template.expressions import cell, subtraction
from perfxl.template.filled_cells import shown_text
from perfxl.template.live import Live
from perfxl.template.notes import Note
from perfxl.template.paper import ABOVE, BELOW, MARGIN, paper_of
from perfxl.template.score_notes import not_due, note_formula, note_value, score_notes, waiting_note
from perfxl.template.sheet import Sheet
from perfxl.template.signatures import LINE as SIGNATURE_LINE
from perfxl.template.signatures import sign_and_finish
from perfxl.template.styles import MUTED, POINTS
from perfxl.template.text_height import HIGHEST, LINE_HEIGHT, PADDING, row_height
from perfxl.template.totals import LINE, SIGNED, Result, count_of_totals, write_totals
from perfxl.xlsx.flow import page_points, scale_of, stretch

TWO_LINES = 2 * LINE_HEIGHT + PADDING
TITLE_HEIGHT = 33.0


def write_scores(sheet: Sheet) -> Result:
    """Writes the sheet; what the scores come to."""
    block = sheet.book.layout.block("scores")
    sheet.fit((block,), landscape=True)
    sheet.begin(SCORES, sheet.book.layout.once(_what_to_do))
    sheet.block(block)
    if not sheet.stamped:
        _levels(sheet, block)
        _colours(sheet, block)
    for line, indicator in zip(block.lines, sheet.scheme.indicators, strict=True):
        _line(sheet, block, line, indicator)
    result = write_totals(sheet, block)
    if not sheet.stamped:
        sheet.xl.freeze_panes(block.first_row, block.column("name").col + 1)
    last = max(place.row for place in result.named.values())
    sign_and_finish(sheet, last, head=block.head_row, beside=(block.head_row, last))
    return result


def _stretch(layout: Layout) -> float:
    """By what the rows of indicators are higher than their texts need, so that totals do not stand alone on a page."""
    block, scheme = layout.block("scores"), layout.scheme
    paper = paper_of((block,), landscape=True)
    if paper.beside:
        return 1.0
    width = {column.key: paper.widths[column.col] for column in block.columns}
    headings = [(column.label, width[column.key]) for column in block.columns]
    note = row_height([(layout.once(_what_to_do), sum(width.values()))], LINE)
    above = [TITLE_HEIGHT, note, LINE, row_height(headings, LINE)]
    rows = [
        row_height([(item.name, width["name"]), (item.standard, width["standard"])], TWO_LINES)
        for item in scheme.indicators
    ]
    below = [LINE] * count_of_totals(scheme) + [TWO_LINES, SIGNATURE_LINE]
    scale = scale_of(list(paper.widths.values()), landscape=True, margins=2 * MARGIN)
    room, flowing = (
        page_points(landscape=True, above=ABOVE + BELOW, scale=scale),
        range(len(above), len(above) + len(rows)),
    )
    return stretch([*above, *rows, *below], flowing, room, len(above) - 1, tallest=HIGHEST)


def _columns(layout: Layout) -> Mapping[str, int]:
    return {column.key: column.col for column in layout.block("scores").columns}


def _widths(layout: Layout) -> Mapping[int, float]:
    return paper_of((layout.block("scores"),), landscape=True).widths


def _what_to_do(layout: Layout) -> str:
    """The line below the title."""
    scheme = layout.scheme
    words = "先填其他各表，计算得分自动算出；再逐项填自评得分，低于分值的写明扣分原因。"
    if scheme.options.blank_self == BY_COMPUTED:
        words = "先填其他各表，计算得分自动算出；自评得分可以留空，留空的按计算得分，低于分值的写明扣分原因。"
    words += "认定得分取自评得分和计算得分中较低的，最终以财政部门复核为准。"
    if any(item.nature == PENALTY for item in scheme.indicators):
        words += "扣分项填应扣多少分，取较高者。"
    if scheme.pendable:
        words += f"由财政部门提供的数据还没有给出的，相关指标显示“{WAITING}”。"
    if any(item.declared for item in scheme.indicators):
        words += f"不涉及的指标，允许的可在自评得分中选“{NOT_APPLICABLE}”。"
    return words


def _levels(sheet: Sheet, block: Block) -> None:
    """First and second level on top of the rows of each second one, so that they are read where a page ends there."""
    lines = block.lines
    style = sheet.book.styles("label", align="center", valign="top")
    for key in ("level1", "level2"):
        col = block.column(key).col
        for first, last in _runs([(line.labels["level1"], line.labels["level2"]) for line in lines]):
            label = lines[first].labels[key]
            if last > first:
                sheet.xl.merge_range(lines[first].row, col, lines[last].row, col, "", style)
            sheet.xl.write_string(lines[first].row, col, label, style)


def _colours(sheet: Sheet, block: Block) -> None:
    """What does not apply, or waits for others, is no fault."""
    words = [NOT_APPLICABLE] if sheet.scheme.restricted else []
    for word in (*words, *([WAITING] if sheet.scheme.pendable else [])):
        look, col = sheet.book.styles.difference(font_color=MUTED), block.column("note").col
        rule = {"type": "text", "criteria": "begins with", "value": word, "format": look}
        sheet.xl.conditional_format(block.first_row, col, block.last_row, col, rule)


def _runs(items: Sequence[object]) -> Iterator[tuple[int, int]]:
    first = 0
    for index in range(1, len(items) + 1):
        if index == len(items) or items[index] != items[first]:
            yield first, index - 1
            first = index


def _line(sheet: Sheet, block: Block, line: Line, indicator: Indicator) -> None:
    live, row, code = sheet.live, line.row, indicator.code
    col = sheet.book.layout.once(_columns)
    if not sheet.stamped:
        sheet.text(row, col["code"], code, "label", align="center")
        sheet.text(row, col["name"], indicator.name)
        sheet.number(row, col["points"], indicator.points, "label", align="center")
        sheet.text(row, col["standard"], indicator.standard, "hint")
        sheet.validate(line.specs["self"], block.place(line, "self"), most=indicator.points)
        sheet.validate(line.specs["reason"], block.place(line, "reason"))
    sheet.fill(block, line, "self")
    sheet.fill(block, line, "reason")

    # The list must be written in every workbook, the formulas are the same in all of them.
    book, not_done = sheet.book, sheet.book.lists.range_ref(NOT_DONE)
    sums = tuple(book.sums.get(code, {}).items())
    formulas = book.layout.once(_formulas, code, sums, not_done)
    computed, accepted = live.shown(code, live.computed[code], computed=True), live.shown(code, live.accepted[code])
    sheet.formula(row, col["computed"], formulas.computed, computed, num_format=POINTS)
    sheet.formula(row, col["difference"], formulas.difference, live.difference(code), num_format=SIGNED)
    sheet.formula(row, col["accepted"], formulas.accepted, accepted, num_format=POINTS)
    sheet.note(row, col["note"], formulas.note, note_value(formulas.notes, indicator, live))
    reason = shown_text(live.value(("scores", code, "reason")), line.specs["reason"])
    height = row_height([(reason, sheet.span(col["reason"]))], formulas.least) * formulas.stretch
    sheet.height(row, min(height, HIGHEST), fits=True)


@dataclass(frozen=True)
class _Formulas:
    """The formulas of an indicator's line, and the notes that the last of them gives.

    least, stretch: how high the line must be for its name and standard, and by what it is higher than its texts need.
    """

    computed: str
    difference: str
    accepted: str
    note: str
    notes: Sequence[Note[Live]]
    least: float
    stretch: float


def _formulas(layout: Layout, code: str, sums: tuple[tuple[str, str], ...], not_done: str) -> _Formulas:
    """sums: the cells of the indicator's summary above the KPI table, by their names. not_done: its list."""
    block, indicator = layout.block("scores"), layout.scheme.indicator_by_code[code]
    col, widths = layout.once(_columns), layout.once(_widths)
    row = next(line.row for line in block.lines if line.key == code)
    where = {column.key: cell(row, column.col) for column in block.columns}
    own, computed = where["self"], where["computed"]
    notes, summed = score_notes(layout, indicator, where, dict(sums), not_done), dict(sums)
    blank_self = layout.scheme.options.blank_self == BY_COMPUTED
    applies = indicator_applies(layout, code)

    def where_it_applies(expression: str, otherwise: str) -> str:
        return f"IF({applies.formula},{expression},{otherwise})" if applies else expression

    waits = indicator_waits(layout, code)

    def unless_waiting(expression: str, otherwise: str) -> str:
        return f"IF({waits.formula},{otherwise},{expression})" if waits else expression

    counted, without = summed.get("counted", ""), where_not_applying(indicator)
    return _Formulas(
        computed=where_it_applies(
            unless_waiting(indicator.rule.formula(indicator.points, layout), literal(WAITING)), without
        ),
        difference=where_it_applies(subtraction(own, computed, 2), '""'),
        accepted=where_it_applies(
            unless_waiting(
                accepted_formula(indicator, own, computed, counted=counted, blank_self=blank_self),
                shown_while_pending(layout.scheme, indicator),
            ),
            without,
        ),
        note=where_it_applies(
            unless_waiting(note_formula(notes, indicator, where, blank_self), literal(waiting_note(layout, indicator))),
            literal(not_due(layout, indicator)),
        ),
        notes=notes,
        least=row_height(
            [(indicator.name, widths[col["name"]]), (indicator.standard, widths[col["standard"]])], TWO_LINES
        ),
        stretch=layout.once(_stretch),
    )
