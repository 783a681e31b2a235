"""自评得分: computed score beside self score, the lower of the two, totals and grades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.decimals import CENT, ZERO, half_up, plain
from perfxl.layout import Block, Line, Place
from perfxl.layout.sheets import SCORES
from perfxl.rules.base import rounded
from perfxl.scheme.model import Indicator
from perfxl.template.expressions import (
    cell,
    cells,
    column_sum,
    grade,
    grade_value,
    subtraction,
    subtraction_value,
)
from perfxl.template.live import Live, funds_total
from perfxl.template.sheet import Sheet, column_widths, shown_text
from perfxl.template.styles import ALERT, POINTS
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
    where = {column.key: cell(row, column.col) for column in block.columns}
    col = {column.key: column.col for column in block.columns}
    sheet.text(row, col["code"], code, "label", align="center")
    sheet.text(row, col["name"], indicator.name)
    sheet.number(row, col["points"], indicator.points, "label", align="center")
    sheet.text(row, col["standard"], indicator.standard, "hint")
    sheet.fill(block, line, "self")
    sheet.fill(block, line, "reason")
    sheet.validate(line.specs["self"], block.place(line, "self"), most=indicator.points)
    sheet.validate(line.specs["reason"], block.place(line, "reason"))

    computed, own = where["computed"], where["self"]
    expression = indicator.rule.formula(indicator.points, sheet.book.layout)
    sheet.formula(row, col["computed"], expression, live.computed[code], num_format=POINTS)
    expression = subtraction(own, computed, 2)
    sheet.formula(row, col["difference"], expression, live.difference(code), num_format=SIGNED)
    if indicator.rule.computable:
        lower = rounded(f"MIN({own},{computed})", indicator.points)
        expression = f'IF(AND(ISNUMBER({own}),ISNUMBER({computed})),{lower},"")'
    else:
        expression = f'IF(ISNUMBER({own}),{rounded(own, indicator.points)},"")'
    sheet.formula(row, col["accepted"], expression, live.accepted[code], num_format=POINTS)
    over = sheet.scheme.thresholds.self_over
    sheet.formula(
        row,
        col["note"],
        _note(indicator, computed, own, where["reason"], over),
        _note_value(indicator, live, over),
        align="left",
        indent=1,
        font_color=ALERT,
    )
    reason = shown_text(live.value(("scores", code, "reason")), line.specs["reason"])
    texts = [
        (indicator.name, block.column("name").width),
        (indicator.standard, block.column("standard").width),
        (reason, block.column("reason").width),
    ]
    sheet.height(row, row_height(texts, TWO_LINES), fits=True)


def _note(indicator: Indicator, computed: str, own: str, reason: str, over: Decimal) -> str:
    points = plain(indicator.points)
    against_rule, unfilled = '""', '""'
    if indicator.rule.computable:
        against_rule = f'IF(ROUND({own}-{computed},6)>{plain(over)},"自评高于计算得分","")'
        against_rule = f'IF(ISNUMBER({computed}),{against_rule},"有数据未填全，无法计算")'
        unfilled = f'IF(ISNUMBER({computed}),"请填自评得分","")'
    deducted = f'IF(AND({own}<{points},LEN(TRIM({reason}))=0),"扣分须说明原因",{against_rule})'
    bounded = f'IF({own}<0,"自评得分不能为负",IF({own}>{points},"超过分值 {points} 分",{deducted}))'
    return f'IF({own}="",{unfilled},IF(ISNUMBER({own}),{bounded},"自评得分应填数字"))'


def _note_value(indicator: Indicator, live: Live, over: Decimal) -> str:
    code, computed = indicator.code, live.computed[indicator.code]
    if live.value(("scores", code, "self")) is None:
        return "" if computed is None else "请填自评得分"
    own = live.own(code)
    if own is None:
        return "自评得分应填数字"
    if own < 0:
        return "自评得分不能为负"
    if own > indicator.points:
        return f"超过分值 {plain(indicator.points)} 分"
    reason = live.value(("scores", code, "reason"))
    if own < indicator.points and (reason is None or (isinstance(reason, str) and not reason.strip(" "))):
        return "扣分须说明原因"
    if not indicator.rule.computable:
        return ""
    if computed is None:
        return "有数据未填全，无法计算"
    return "自评高于计算得分" if half_up(own - computed, Decimal("0.000001")) > over else ""


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
    if expression := _cap(sheet, accepted):
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
        sheet.formula(row, col[key], grade(where, bands), grade_value(value, bands), "total", align="center")
        named[name] = Place(SCORES, row, col[key])
    scale = "，".join(f"{band.name} ≥ {plain(band.floor)}" for band in bands[:-1])
    sheet.text(row, col["standard"], f"{scale}，其余为{bands[-1].name}", "hint", bg_color="#EEF0F2")
    return named


def _total_row(sheet: Sheet, block: Block, row: int, label: str) -> None:
    for column in block.columns:
        sheet.text(row, column.col, "", "total")
    sheet.text(row, 1, label, "total", to=block.column("name").col, align="left", indent=1)
    sheet.height(row, 24)


def _cap(sheet: Sheet, accepted: str) -> str:
    """The accepted total under the cap for a low spending rate, as a formula; empty where the scheme has none."""
    whole = funds_total(sheet.scheme)
    if not sheet.scheme.options.caps_on or whole is None or not sheet.scheme.caps:
        return ""
    spent, adjusted = (sheet.book.layout.fact(f"funds.{whole}.{name}") for name in ("spent", "adjusted"))
    capped = accepted
    for cap in sorted(sheet.scheme.caps, key=lambda cap: cap.rate):
        capped = f"IF(ROUND({spent}-{plain(cap.rate)}*{adjusted},9)>=0,MIN({accepted},{plain(cap.cap)}),{capped})"
    known = f"AND(ISNUMBER({spent}),ISNUMBER({adjusted}))"
    return f'IF(ISNUMBER({accepted}),IF({known},IF({adjusted}>0,{capped},{accepted}),{accepted}),"")'
