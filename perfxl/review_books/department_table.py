"""The table of a department in a review workbook: its indicators with the cells to fill, and the sums below."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from perfxl.decimals import ZERO, plain
from perfxl.outcome import base_formula, outside_formula, outside_levels, sums_of, total_formula
from perfxl.results.words import tell_nature
from perfxl.review.layout import ACCEPTED, BASIS, CODE, END, SCORE, TABLE_BLOCK, WHY, indicator_row, unreviewed
from perfxl.review.standing import Standing, after_formula, hint_formula, standing
from perfxl.review_books.grid import Grid
from perfxl.review_books.paper import SIGNED
from perfxl.review_books.source import Subject
from perfxl.scheme.model import BASE, PENALTY, Indicator, Level
from perfxl.scoring.result import IndicatorScore
from perfxl.template.styles import ALERT, FIT_NUMBER
from perfxl.template.text_height import LINE_HEIGHT, PADDING, fits


class LongText(NamedTuple):
    """What no row is high enough for. names: of what it is said, and what it is."""

    names: str
    text: str


IN_FULL = "说明全文"
_BELOW = f"见表下“{IN_FULL}”"


def write_table(grid: Grid) -> list[LongText]:
    """Headings with their keys, a row for each indicator, and the mark of the end; what is to stand below in full."""
    paper = grid.paper
    paper.key(grid.table_keys, TABLE_BLOCK)
    paper.hide(grid.table_keys)
    for column in grid.columns:
        paper.page.write_string(grid.table_keys, grid.col[column.key], column.key, paper.styles("key"))
        paper.text(grid.head_row, grid.col[column.key], column.heading, "head")
    paper.set_row(grid.head_row, 2 * LINE_HEIGHT + PADDING)
    long: list[LongText] = []
    for indicator in grid.subject.indicators:
        long += _indicator(grid, indicator, grid.subject.scores[indicator.code])
    paper.key(grid.last + 1, END)
    return long


def _indicator(grid: Grid, indicator: Indicator, score: IndicatorScore) -> list[LongText]:
    """Writes its row; its texts that do not fit there."""
    paper, col, subject, row = grid.paper, grid.col, grid.subject, grid.rows[indicator.code]
    paper.key(row, indicator_row(grid.key, indicator.code))
    level1 = tell_nature(indicator.level1, indicator.nature)
    texts = {
        "level1": level1, "level2": indicator.level2, CODE: indicator.code, "name": indicator.name,
        "explanation": score.explanation, "stated": score.reason or "", "evidence": subject.evidence(indicator),
        "official": subject.official(indicator), "objection": subject.filled(indicator.code).objection,
    }  # fmt: skip
    headings = {column.key: column.heading.replace("\n", "") for column in grid.columns}
    widths = {key: paper.widths[col] for key, col in grid.col.items()}
    long = []
    for key in [key for key in texts if key in col]:
        if not fits(texts[key], widths[key]):
            long.append(LongText(f"{indicator.code} {headings[key]}", texts[key]))
            texts[key] = _BELOW
        look: dict[str, Any] = {"align": "center"} if key == CODE else {}
        paper.text(row, col[key], texts[key], **look)
    paper.number(row, col["points"], indicator.points, num_format="General", align="center")
    paper.number(row, col["self"], score.self_score)
    paper.number(row, col["computed"], score.computed)
    if "previous" in col and subject.source.previous is not None:
        paper.number(row, col["previous"], subject.source.previous.score(subject.department, indicator))
    if subject.is_judged(score):
        typed = _inputs(grid, row, score)
        # What may be changed stays in its cell too.
        long += [
            LongText(f"{indicator.code} {headings[key]}", text)
            for key, text in typed.items()
            if not fits(text, widths[key])
        ]
        texts |= typed
    else:
        word = subject.shown_instead(score)
        for key in (ACCEPTED, SCORE, WHY, BASIS, "after", "difference", "hint"):
            shown = word if key in (ACCEPTED, "after") else ""
            paper.text(row, col[key], shown, "computed", align="center")
    paper.height(row, [(text, widths[key]) for key, text in texts.items() if key in widths], 1.5 * LINE_HEIGHT)
    return long


def _inputs(grid: Grid, row: int, score: IndicatorScore) -> dict[str, str]:
    """The accepted score, the cells to fill and what follows; the texts that stand in them."""
    paper, col, points, accepted = grid.paper, grid.col, score.points, unreviewed(score)
    filled, after = grid.subject.filled(score.code), grid.subject.after(score)
    paper.number(row, col[ACCEPTED], accepted, bold=True)
    paper.number(row, col[SCORE], filled.score, "input", **FIT_NUMBER)
    paper.text(row, col[WHY], filled.reason, "input", align="left", indent=1)
    paper.text(row, col[BASIS], filled.basis, "input", align="left", indent=1)
    cells = grid.ref(SCORE, row), grid.ref(WHY, row), points, grid.ref(ACCEPTED, row)
    paper.score(row, col["after"], after_formula(*cells), after)
    _difference(grid, row, accepted, after, score.nature)
    stands = standing(filled.score, points, accepted, filled.reason)
    hint = "" if stands is Standing.STANDS else str(stands)
    paper.formula(row, col["hint"], hint_formula(*cells), hint, align="center", font_color=ALERT)
    return {WHY: filled.reason, BASIS: filled.basis}


_CellOf = Callable[[str], str]


def _difference(grid: Grid, row: int, before: Decimal, after: Decimal, nature: str, look: str = "computed") -> None:
    """What the review does to the total: a higher deduction takes away."""
    cells = grid.ref("after", row), grid.ref(ACCEPTED, row)
    change = after - before
    if nature == PENALTY:
        cells, change = (cells[1], cells[0]), -change
    formula = f"ROUND({cells[0]}-{cells[1]},2)"
    grid.paper.score(row, grid.col["difference"], formula, change, look, num_format=SIGNED)


def write_sums(grid: Grid) -> tuple[int, str]:
    """The sums below the indicators; the first row below them, and the cell of the total before a cap."""
    subject, scheme = grid.subject, grid.subject.scheme
    before = sums_of(scheme, [(score, unreviewed(score)) for score in subject.department.scores])
    then = sums_of(scheme, [(score, subject.after(score)) for score in subject.department.scores])
    outside = outside_levels(scheme)
    label = "计分项合计" if outside else "合计"
    if before.applied_points is not None:
        label += f"（适用指标 {plain(before.applied_points)} 分，折算到 {plain(scheme.full_points)} 分）"
    base = partial(base_formula, scheme, full=subject.full_anyway)
    row = grid.last + 1
    _sum_row(grid, row, label, scheme.full_points, base, (before.base, then.base))
    for level in outside:
        row += 1
        word, most = "减" if level.nature == PENALTY else "加", plain(level.points)
        label = f"{word}：{level.name}（最多 {most} 分）"
        formula = partial(outside_formula, scheme, level)
        _sum_row(grid, row, label, level.points, formula, _outside(subject, level), level.nature)
    if outside:
        row += 1
        total = partial(total_formula, scheme, full=subject.full_anyway)
        _sum_row(grid, row, "总分", None, total, (before.total, then.total))
    return row + 1, grid.ref("after", row)


def _outside(subject: Subject, level: Level) -> tuple[Decimal, Decimal]:
    """What a level outside the hundred comes to, without review and with what is filled in beforehand."""
    codes = [item.code for item in subject.indicators if item.level1 == level.name]
    scores = [subject.scores[code] for code in codes]
    before, then = sum(map(unreviewed, scores), ZERO), sum(map(subject.after, scores), ZERO)
    return min(before, level.points), min(then, level.points)


def _sum_row(
    grid: Grid,
    row: int,
    label: str,
    points: Decimal | None,
    formula: Callable[[_CellOf], str],
    values: tuple[Decimal, Decimal],
    nature: str = BASE,
) -> None:
    """A row of sums of the accepted scores and of those after the review, with their difference."""
    paper, col = grid.paper, grid.col
    paper.text(row, 1, label, "total", to=col["name"], align="left", indent=1)
    for column in grid.columns[col["name"] :]:
        paper.text(row, col[column.key], "", "total")
    paper.number(row, col["points"], points, "total", num_format="General", align="center")
    for key, value in zip((ACCEPTED, "after"), values, strict=True):
        paper.score(row, col[key], formula(grid.cells(key)), value, "total")
    _difference(grid, row, *values, nature, "total")
    paper.height(row, [(label, paper.span(1, col["name"]))], 22)
