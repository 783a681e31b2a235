"""自评得分: computed score beside self score, the lower of the two, totals and grades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfxl.decimals import CENT, ZERO, plain
from perfxl.findings.scores import NOT_DONE
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.sheets import SCORES
from perfxl.outcome import (
    accepted_formula,
    capped_formula,
    grade_formula,
    grade_of,
    has_caps,
    to_next_grade,
    to_next_grade_formula,
)
from perfxl.scheme.model import Indicator
from perfxl.template.expressions import (
    cell,
    cells,
    column_sum,
    subtraction,
    subtraction_value,
)
from perfxl.template.live import Live
from perfxl.template.notes import Note
from perfxl.template.score_notes import note_formula, note_value, score_notes
from perfxl.template.sheet import Sheet, column_widths, shown_text
from perfxl.template.styles import POINTS
from perfxl.template.text_height import LINE_HEIGHT, PADDING, row_height

TWO_LINES = 2 * LINE_HEIGHT + PADDING
SIGNED = "+0.00##;-0.00##;0.00"


def write_scores(sheet: Sheet) -> dict[str, Place]:
    """Writes the sheet; the cells of the totals and grades by their defined names."""
    block = sheet.book.layout.block("scores")
    sheet.set_widths(column_widths((block,)))
    sheet.begin(
        "自评得分",
        "先填其他各表，计算得分自动算出；再逐项填自评得分，低于分值的写明扣分原因。"
        "就低得分取自评得分与计算得分中较低者，最终得分以财政部门复核为准。",
    )
    sheet.block(block)
    _levels(sheet, block)
    for line, indicator in zip(block.lines, sheet.scheme.indicators, strict=True):
        _line(sheet, block, line, indicator)
    named = _totals(sheet, block)
    sheet.xl.freeze_panes(block.first_row, block.column("name").col + 1)
    last = max(place.row for place in named.values())
    sheet.finish(last, landscape=True, repeat=(block.head_row, block.head_row))
    return named


def _levels(sheet: Sheet, block: Block) -> None:
    """First and second level, each written once over its rows."""
    lines = block.lines
    for keys in (("level1",), ("level1", "level2")):
        col = block.column(keys[-1]).col
        for first, last in _runs([tuple(line.labels[key] for key in keys) for line in lines]):
            label = lines[first].labels[keys[-1]]
            style = sheet.book.styles("label", align="center")
            if last > first:
                sheet.xl.merge_range(lines[first].row, col, lines[last].row, col, "", style)
            sheet.xl.write_string(lines[first].row, col, label, style)


def _runs(items: Sequence[object]) -> Iterator[tuple[int, int]]:
    first = 0
    for index in range(1, len(items) + 1):
        if index == len(items) or items[index] != items[first]:
            yield first, index - 1
            first = index


def _line(sheet: Sheet, block: Block, line: Line, indicator: Indicator) -> None:
    live, row, code = sheet.live, line.row, indicator.code
    col = {column.key: column.col for column in block.columns}
    sheet.text(row, col["code"], code, "label", align="center")
    sheet.text(row, col["name"], indicator.name)
    sheet.number(row, col["points"], indicator.points, "label", align="center")
    sheet.text(row, col["standard"], indicator.standard, "hint")
    sheet.fill(block, line, "self")
    sheet.fill(block, line, "reason")
    sheet.validate(line.specs["self"], block.place(line, "self"), most=indicator.points)
    sheet.validate(line.specs["reason"], block.place(line, "reason"))

    # The list must be written in every workbook, the formulas are the same in all of them.
    book, not_done = sheet.book, sheet.book.lists.range_ref(NOT_DONE)
    sums = tuple(book.sums.get(code, {}).items())
    formulas = book.layout.once(_formulas, code, sums, not_done)
    sheet.formula(row, col["computed"], formulas.computed, live.computed[code], num_format=POINTS)
    sheet.formula(row, col["difference"], formulas.difference, live.difference(code), num_format=SIGNED)
    sheet.formula(row, col["accepted"], formulas.accepted, live.accepted[code], num_format=POINTS)
    sheet.note(row, col["note"], formulas.note, note_value(formulas.notes, indicator, live))
    reason = shown_text(live.value(("scores", code, "reason")), line.specs["reason"])
    texts = [
        (indicator.name, block.column("name").width),
        (indicator.standard, block.column("standard").width),
        (reason, block.column("reason").width),
    ]
    sheet.height(row, row_height(texts, TWO_LINES), fits=True)


@dataclass(frozen=True)
class _Formulas:
    """The formulas of an indicator's line, and the notes that the last of them gives."""

    computed: str
    difference: str
    accepted: str
    note: str
    notes: Sequence[Note[Live]]


def _formulas(layout: Layout, code: str, sums: tuple[tuple[str, str], ...], not_done: str) -> _Formulas:
    """sums: the cells of the indicator's summary above the KPI table, by their names. not_done: its list."""
    block, indicator = layout.block("scores"), layout.scheme.indicator_by_code[code]
    row = next(line.row for line in block.lines if line.key == code)
    where = {column.key: cell(row, column.col) for column in block.columns}
    own, computed = where["self"], where["computed"]
    notes = score_notes(layout, indicator, where, dict(sums), not_done)
    return _Formulas(
        computed=indicator.rule.formula(indicator.points, layout),
        difference=subtraction(own, computed, 2),
        accepted=accepted_formula(indicator, own, computed),
        note=note_formula(notes, indicator, where),
        notes=notes,
    )


def _totals(sheet: Sheet, block: Block) -> dict[str, Place]:
    """The rows of totals and grades below the table."""
    live, scheme, bands = sheet.live, sheet.scheme, sheet.scheme.grade_bands
    col = {column.key: column.col for column in block.columns}
    row = block.next_row
    _total_row(sheet, block, row, "合计")
    sheet.number(row, col["points"], sum((i.points for i in scheme.indicators), ZERO), "total", align="center")
    totals = live.totals
    for key, value in (("computed", totals["computed"]), ("self", totals["self"]), ("accepted", totals["lower"])):
        where = cells(block.first_row, block.last_row, col[key])
        sheet.formula(row, col[key], column_sum(where, 2), value, "total", num_format=POINTS)
    own, computed = cell(row, col["self"]), cell(row, col["computed"])
    difference = subtraction_value(totals["self"], totals["computed"], CENT)
    sheet.formula(row, col["difference"], subtraction(own, computed, 2), difference, "total", num_format=SIGNED)
    named = {
        "计算总分": Place(SCORES, row, col["computed"]),
        "自评总分": Place(SCORES, row, col["self"]),
        "就低总分": Place(SCORES, row, col["accepted"]),
    }
    accepted = cell(row, col["accepted"])
    if has_caps(scheme):
        expression = capped_formula(accepted, scheme, sheet.book.layout.fact)
        row += 1
        _total_row(sheet, block, row, "支出率封顶后")
        sheet.formula(row, col["accepted"], expression, totals["accepted"], "total", num_format=POINTS)
        named["就低总分"] = Place(SCORES, row, col["accepted"])
        accepted = cell(row, col["accepted"])
    row += 1
    _total_row(sheet, block, row, "等级")
    for name, key, value, where in (
        ("自评等级", "self", totals["self"], own),
        ("就低等级", "accepted", totals["accepted"], accepted),
    ):
        sheet.formula(
            row,
            col[key],
            grade_formula(where, bands),
            grade_of(value, bands),
            "total",
            align="center",
        )
        named[name] = Place(SCORES, row, col[key])
    scale = "，".join(f"{band.name} ≥ {plain(band.floor)}" for band in bands[:-1])
    sheet.text(row, col["standard"], f"{scale}，其余为{bands[-1].name}", "total", bold=False, align="left", indent=1)
    distances = (("自评", own, totals["self"]), ("就低", accepted, totals["accepted"]))
    expression = '&"；"&'.join(f'"{name}"&{to_next_grade_formula(where, bands)}' for name, where, _ in distances)
    known = [f"{name}{to_next_grade(value, bands)}" for name, _, value in distances if value is not None]
    words = "；".join(known) if len(known) == len(distances) else ""
    sheet.formula(
        row, col["reason"], f'IF(COUNT({own},{accepted})=2,{expression},"")', words, "total",
        to=col["note"],
        align="left", indent=1, bold=False,
    )  # fmt: skip
    named["距下一等级"] = Place(SCORES, row, col["reason"])
    return named


def _total_row(sheet: Sheet, block: Block, row: int, label: str) -> None:
    for column in block.columns:
        sheet.text(row, column.col, "", "total")
    sheet.text(row, 1, label, "total", to=block.column("name").col, align="left", indent=1)
    sheet.height(row, 24)
