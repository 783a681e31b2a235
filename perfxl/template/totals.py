"""The rows of totals, caps and grades below the self scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfxl.decimals import CENT, ZERO, half_up, plain
from perfxl.layout import Block, Layout, Place
from perfxl.layout.sheets import META
from perfxl.outcome import (
    NOT_APPLICABLE,
    WAITING,
    Sums,
    applied_formula,
    base_formula,
    capped,
    capped_formula,
    has_caps,
    limit_condition_formula,
    limit_rule_words,
    outside_formula,
    outside_levels,
    sums_of,
    total_formula,
)
from perfxl.references import literal
from perfxl.scheme.model import BY_COMPUTED, PENALTY, Level, Scheme
from perfxl.template.applying import indicator_applies, indicator_waits, where_not_applying
from perfxl.template.book import Book
from perfxl.template.expressions import Piece, cell, in_pieces, subtraction, subtraction_value
from perfxl.template.grades import GradeOf, best_cells, scale, scale_formula
from perfxl.template.live import Live
from perfxl.template.sheet import Sheet
from perfxl.template.styles import POINTS
from perfxl.template.text_height import row_height

SIGNED = "+0.00##;-0.00##;0.00"
LINE = 24.0
TOTALS = {"computed": "计算总分", "self": "自评总分", "accepted": "认定总分"}
"""Defined names of the totals by the column in which they stand."""
LIMITS = "封顶和否决"
"""Defined name of the words on caps and vetoes that hold."""
CellOf = Callable[[str], str]


@dataclass(frozen=True)
class _Score:
    """What of an indicator goes into a total."""

    code: str
    applies: bool
    self_score: Decimal | None = None
    score: Decimal = ZERO
    pending: bool = False
    before: Decimal | None = None


@dataclass(frozen=True)
class Total:
    """One column of scores with its total. cells: where the score of an indicator stands. given: the cells in which
    there must be a number, or the total shows nothing."""

    cells: CellOf
    given: str
    numbers: Mapping[str, Decimal | None]
    sums: Sums | None

    def formula(self, expression: str) -> str:
        """An expression of these cells, empty before there is anything to add up."""
        return f'IF(COUNT({self.given})=0,"",{expression})'


def totals_of(sheet: Sheet, block: Block) -> dict[str, Total]:
    """The three columns that are added up, by their keys."""
    live, scheme = sheet.live, sheet.scheme
    rows = {line.key: line.row for line in block.lines}
    codes = [indicator.code for indicator in scheme.indicators]

    def in_column(key: str) -> CellOf:
        col = block.column(key).col
        return lambda code: cell(rows[code], col)

    def reach(cells_: CellOf) -> str:
        return f"{cells_(codes[0])}:{cells_(codes[-1]).rpartition('!')[2]}"

    typed, accepted = in_column("self"), in_column("accepted")
    # What does not apply, or may be left to the rules, counts though nothing is typed.
    own = _own_cells(sheet.book) if scheme.restricted or live.blank_self else typed
    given = {"computed": in_column("computed"), "self": own if live.blank_self else typed, "accepted": accepted}
    if scheme.restricted and not live.blank_self:
        given["accepted"] = typed
    typed_numbers = {code: live.self_score(code) for code in codes}
    numbers = {"computed": live.computed, "self": live.own, "accepted": live.accepted}
    tested = {key: typed_numbers if given[key] is typed else numbers[key] for key in numbers}
    cells_of = {"computed": in_column("computed"), "self": own, "accepted": accepted}
    return {
        key: Total(
            cells_of[key],
            reach(given[key]),
            numbers[key],
            _sums(live, numbers[key]) if any(number is not None for number in tested[key].values()) else None,
        )
        for key in TOTALS
    }


def _sums(live: Live, numbers: Mapping[str, Decimal | None]) -> Sums:
    scores = (
        (
            _Score(code, code in live.applying and code not in live.outside, pending=code in live.pending),
            number or ZERO,
        )
        for code, number in numbers.items()
    )
    return sums_of(live.scheme, scores)


def _own_cells(book: Book) -> CellOf:
    """Cells of `_meta` with what the department gives itself for each indicator."""
    codes = [indicator.code for indicator in book.layout.scheme.indicators]
    top = book.lists.free_columns("own", 1)
    places = {code: Place(META, top.row + number, top.col) for number, code in enumerate(codes)}
    for code, place in places.items():
        book.lists.write(place, book.layout.once(_own_formula, code), book.live.shown(code, book.live.own[code]))
    return lambda code: places[code].ref


def _own_formula(layout: Layout, code: str) -> str:
    block, indicator = layout.block("scores"), layout.scheme.indicator_by_code[code]
    line = next(line for line in block.lines if line.key == code)
    own, accepted = block.place(line, "self").ref, block.place(line, "accepted").ref
    otherwise = accepted if layout.scheme.options.blank_self == BY_COMPUTED else '""'
    expression = f"IF(ISNUMBER({own}),{own},{otherwise})"
    applies = indicator_applies(layout, code)
    waits = indicator_waits(layout, code) if layout.scheme.waits_outside(indicator) else None
    if waits:
        expression = f"IF({waits.formula},{literal(WAITING)},{expression})"
    return f"IF({applies.formula},{expression},{where_not_applying(indicator)})" if applies else expression


@dataclass(frozen=True)
class _Row:
    """A row of totals. expression: over the cells of a column. value: of its numbers and sums."""

    label: str
    points: Decimal | None
    expression: Callable[[CellOf], str]
    value: Callable[[Total], Decimal]


@dataclass(frozen=True)
class Result:
    """What stands below the table. named: cells by their defined names. totals: by column, the accepted one under caps.
    own, accepted: the grades of two of them. limits: words on caps and vetoes that hold."""

    named: dict[str, Place]
    totals: Mapping[str, Decimal | None]
    own: GradeOf
    accepted: GradeOf
    limits: str


def write_totals(sheet: Sheet, block: Block) -> Result:
    """Writes the rows below the table."""
    scheme, totals = sheet.scheme, totals_of(sheet, block)
    row = block.next_row
    *parts, whole = _rows(scheme)
    for part in parts:
        _total_row(sheet, block, row, part, totals)
        row += 1
    _total_row(sheet, block, row, whole, totals)
    if scheme.scaled:
        _scaling(sheet, block, block.next_row, totals["accepted"])
    col = {column.key: column.col for column in block.columns}
    own, computed = cell(row, col["self"]), cell(row, col["computed"])
    sums = {key: total.sums.total if total.sums else None for key, total in totals.items()}
    difference = subtraction_value(sums["self"], sums["computed"], CENT)
    sheet.formula(row, col["difference"], subtraction(own, computed, 2), difference, "total", num_format=SIGNED)
    named = {name: Place(sheet.name, row, col[key]) for key, name in TOTALS.items()}
    held = ""
    if scheme.limits:
        row += 1
        if sums["accepted"] is not None:
            sums["accepted"] = half_up(capped(sums["accepted"], sheet.live.limits, scheme))
        held = _limits(sheet, block, row, named["认定总分"], sums["accepted"])
        named |= {"认定总分": Place(sheet.name, row, col["accepted"]), LIMITS: Place(sheet.name, row, col["reason"])}
    graded = (
        GradeOf(sheet.book, sums["self"], named["自评总分"], {}),
        GradeOf(sheet.book, sums["accepted"], named["认定总分"], best_cells(sheet.book)),
    )
    row += 1
    _grades(sheet, block, row, *graded)
    named |= {
        "自评等级": Place(sheet.name, row, col["self"]),
        "认定等级": Place(sheet.name, row, col["accepted"]),
        "距下一等级": Place(sheet.name, row, col["reason"]),
    }
    return Result(named, sums, *graded, held)


def count_of_totals(scheme: Scheme) -> int:
    """How many rows of totals there are, without that of the grades."""
    return len(_rows(scheme)) + bool(scheme.limits)


def _rows(scheme: Scheme) -> list[_Row]:
    """The rows of totals, the last of them the total of all."""
    outside = outside_levels(scheme)
    full = scheme.full_points

    def whole(cells_: CellOf) -> str:
        return total_formula(scheme, cells_)

    if not outside:
        return [_Row("合计", full, whole, lambda total: total.sums.total if total.sums else ZERO)]
    rows = [
        _Row("计分指标合计", full, lambda cells_: base_formula(scheme, cells_),
             lambda total: total.sums.base if total.sums else ZERO),
    ]  # fmt: skip
    rows += [_outside(scheme, level) for level in outside]
    word = "总分（可超过 {}）" if scheme.options.over_full else "总分（最高 {}）"
    label = word.format(plain(full))
    return [*rows, _Row(label, None, whole, lambda total: total.sums.total if total.sums else ZERO)]


def _outside(scheme: Scheme, level: Level) -> _Row:
    codes = [indicator.code for indicator in scheme.indicators if indicator.level1 == level.name]

    def value(total: Total) -> Decimal:
        return min(sum((total.numbers[code] or ZERO for code in codes), ZERO), level.points)

    most = f"最多{'扣' if level.nature == PENALTY else '加'} {plain(level.points)} 分"
    label = f"{'减：' if level.nature == PENALTY else '加：'}{level.name}（{most}）"
    return _Row(label, level.points, lambda cells_: outside_formula(scheme, level, cells_), value)


def _total_row(sheet: Sheet, block: Block, row: int, line: _Row, totals: Mapping[str, Total]) -> None:
    _blank_row(sheet, block, row, line.label)
    col = {column.key: column.col for column in block.columns}
    if line.points is not None:
        sheet.number(row, col["points"], line.points, "total", align="center")
    for key, total in totals.items():
        expression = total.formula(line.expression(total.cells))
        value = line.value(total) if total.sums else None
        sheet.formula(row, col[key], expression, value, "total", num_format=POINTS)


def _blank_row(sheet: Sheet, block: Block, row: int, label: str) -> None:
    if sheet.stamped:
        return
    for column in block.columns:
        sheet.text(row, column.col, "", "total")
    to = block.column("name").col
    sheet.text(row, 1, label, "total", to=to, align="left", indent=1)
    sheet.height(row, row_height([(label, sheet.span(1, to))], LINE))


def _scaling(sheet: Sheet, block: Block, row: int, total: Total) -> None:
    """Out of how many points the hundred is scaled, where indicators do not apply."""
    scheme, col = sheet.scheme, block.column("standard").col
    full, applied = plain(scheme.full_points), applied_formula(scheme, total.cells)
    kinds = [NOT_APPLICABLE] if any(not item.always for item in scheme.indicators) else []
    kinds += [WAITING] if any(map(scheme.waits_outside, scheme.indicators)) else []
    what = "、".join(kinds)
    words = f'"{what}的 "&ROUND({full}-{applied},2)&" 分不计，按 "&ROUND({applied},2)&" 分折算为 {full} 分"'
    left = total.sums.applied_points if total.sums else _applied(sheet.live)
    shown = ""
    if left is not None:
        out = plain(half_up(scheme.full_points - left))
        shown = f"{what}的 {out} 分不计，按 {plain(half_up(left))} 分折算为 {full} 分"
    sheet.formula(
        row, col, f'IF({applied}<{full},{words},"")', shown, "total", bold=False, align="left", indent=1
    )  # fmt: skip


def _applied(live: Live) -> Decimal | None:
    return _sums(live, dict.fromkeys((item.code for item in live.scheme.indicators), ZERO)).applied_points


def _limits(sheet: Sheet, block: Block, row: int, above: Place, total: Decimal | None) -> str:
    """The row of the total under caps, with words on those that hold; these words. above: the total before."""
    scheme, layout, live = sheet.scheme, sheet.book.layout, sheet.live
    only_rate = all(not cap.fact and not cap.grade for cap in scheme.limits)
    _blank_row(sheet, block, row, "支出率封顶后" if only_rate else "封顶和否决后")
    col = {column.key: column.col for column in block.columns}
    expression = capped_formula(above.cell, scheme, layout) if has_caps(scheme) else above.cell
    sheet.formula(row, col["accepted"], expression, total, "total", num_format=POINTS)
    texts = [f"{limit_rule_words(scheme, cap)}。" for cap in scheme.limits]
    values = [text if number in live.limits else "" for number, text in enumerate(texts)]
    words, value = sheet.book.joined(layout.once(_limit_pieces), values), "".join(values)
    first, last = col["reason"], col["note"]
    sheet.formula(row, first, words, value, "total", to=last, bold=False, align="left", indent=1)
    # Merged cells do not grow with what is typed elsewhere: there is room for any one of the texts.
    sheet.height(row, row_height([(text, sheet.span(first, last)) for text in (value, *texts)], LINE))
    return value


def _limit_pieces(layout: Layout) -> tuple[Piece, ...]:
    scheme = layout.scheme
    return in_pieces(
        [
            f'IF({limit_condition_formula(scheme, cap, layout)},{literal(f"{limit_rule_words(scheme, cap)}。")},"")'
            for cap in scheme.limits
        ],
        "&",
    )


def _grades(sheet: Sheet, block: Block, row: int, own: GradeOf, accepted: GradeOf) -> None:
    """The row of grades, with their bounds and what is missing to the next ones."""
    scheme, book = sheet.scheme, sheet.book
    _blank_row(sheet, block, row, "等级")
    col = {column.key: column.col for column in block.columns}
    for key, graded in (("self", own), ("accepted", accepted)):
        sheet.formula(row, col[key], graded.grade_formula(), graded.grade, "total", align="center")
    words = scale(scheme, scheme.bands_of(sheet.live.category))
    look: dict[str, Any] = {"bold": False, "align": "left", "indent": 1}
    if expression := scale_formula(book):
        sheet.formula(row, col["standard"], expression, words, "total", **look)
    else:
        sheet.text(row, col["standard"], words, "total", **look)
    longest = max((scale(scheme, bands) for bands in (scheme.grade_bands, *scheme.own_bands.values())), key=len)
    sheet.height(row, row_height([(longest, sheet.span(block.column("standard").col))], LINE))
    away = f'"自评"&{own.next_formula(sheet.name)}&"；"&"认定"&{accepted.next_formula(sheet.name)}'
    known = None not in (own.total, accepted.total)
    shown = f"自评{own.next}；认定{accepted.next}" if known else ""
    sheet.formula(
        row, col["reason"], f'IF(COUNT({own.place.cell},{accepted.place.cell})=2,{away},"")', shown, "total",
        to=col["note"], **look,
    )  # fmt: skip
