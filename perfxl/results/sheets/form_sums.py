"""The sums below the indicators of a department's result: what makes up the hundred, its scaling, what lies outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from perfxl.decimals import ZERO, half_up, plain, two_places
from perfxl.outcome import base_formula, held_formula, outside_formula, outside_levels, total_formula
from perfxl.results.cells import Formula
from perfxl.results.sheets.form_rows import COMPUTED, LAST, LOST, OWN, REVIEW, SCORE, Form
from perfxl.results.words import tell_nature
from perfxl.scheme.model import BASE, BONUS, PENALTY, Level
from perfxl.scoring.result import IndicatorScore

SUMMED: dict[int, Callable[[IndicatorScore], Decimal | None]] = {
    OWN: attrgetter("self_score"),
    COMPUTED: attrgetter("computed"),
    REVIEW: attrgetter("review"),
    SCORE: attrgetter("score"),
    LOST: attrgetter("lost"),
}
LOOK = "box score bold band"


@dataclass(frozen=True)
class SumRow:
    """One of the rows. level: the first level outside the hundred that it sums, None of the hundred itself.

    scaled: whether it is the scaling of the row above. total: whether it is what all come to, caps included.
    """

    label: str
    level: Level | None = None
    scaled: bool = False
    total: bool = False


def sum_rows(form: Form) -> list[SumRow]:
    """The rows that a department has; one where the total is no more than the sum."""
    scheme, applied = form.context.scheme, form.department.applied_points
    outside = outside_levels(scheme)
    rows = [SumRow("计分项合计" if outside else "合计")]
    if applied is not None:
        rows.append(SumRow(f"折算：适用指标 {plain(applied)} 分，折算到 {plain(scheme.full_points)} 分", scaled=True))
    for level in outside:
        name = tell_nature(level.name, level.nature)
        rows.append(SumRow(f"{name}合计（最多 {plain(level.points)} 分）", level))
    if outside:
        rows.append(SumRow("总分", total=True))
    return rows


def write_sums(form: Form) -> None:
    """Writes the rows, below the indicators."""
    for row in sum_rows(form):
        form.page.merged(form.row, 0, form.row, 2, row.label, "box center bold band")
        if row.scaled:
            _scaling(form)
        elif row.total:
            _total(form)
        elif row.level is None:
            _hundred(form)
        else:
            _outside(form, row.level)
        form.next(21)
    form.sums = form.row


def _hundred(form: Form) -> None:
    page, row, scheme = form.page, form.row, form.context.scheme
    page.put(row, 3, scheme.full_points, "box center points bold band")
    scores = [score for score in form.department.scores if score.nature == BASE]
    natures = ((indicator.code, indicator.nature == BASE) for indicator in scheme.indicators)
    runs = [(first, last) for base, first, last in form.runs(natures) if base]
    for column, value_of in SUMMED.items():
        known = [value for value in map(value_of, scores) if value is not None]
        # Points of what does not apply count in both totals, though no cell shows them.
        full = form.full_anyway if column in (OWN, SCORE) else ZERO
        formula = f"=ROUND(SUM({_cells(runs, column)}){f'+{plain(full)}' if full else ''},2)"
        value = half_up(sum(known, ZERO) + (full if column == OWN else ZERO))
        page.put(row, column, Formula(formula, value) if known else None, LOOK)
    page.put(row, LAST, None, "box band")


def _scaling(form: Form) -> None:
    page, row, item, scheme = form.page, form.row, form.department, form.context.scheme
    applied = item.applied_points or ZERO
    page.row(row, 3, [None] * (LAST - 2), "box band")
    formula = base_formula(scheme, form.score_cell, form.full_anyway)
    page.put(row, SCORE, Formula(f"={formula}", item.base), LOOK)
    before = two_places(sum((score.score for score in item.scores if score.nature == BASE), ZERO))
    text = f"{before} ÷ {plain(applied)} × {plain(scheme.full_points)} = {two_places(item.base)}"
    page.put(row, LAST, text if applied else None, "box band text")


def _outside(form: Form, level: Level) -> None:
    page, row, indicators = form.page, form.row, form.context.scheme.indicator_by_code
    scores = [score.score for score in form.department.scores if indicators[score.code].level1 == level.name]
    value = half_up(min(sum(scores, ZERO), level.points))
    page.put(row, 3, level.points, "box center points bold band")
    page.row(row, OWN, [None] * (LAST - OWN + 1), "box band")
    formula = outside_formula(form.context.scheme, level, form.score_cell)
    page.put(row, SCORE, Formula(f"={formula}", value), LOOK)
    if level.nature == PENALTY:
        page.put(row, LOST, Formula(f"=H{row + 1}", value), LOOK)


def _total(form: Form) -> None:
    page, row, item, scheme = form.page, form.row, form.department, form.context.scheme
    page.row(row, 3, [None] * (LAST - 2), "box band")
    formula = total_formula(scheme, form.score_cell, form.full_anyway)
    page.put(row, SCORE, Formula(f"={held_formula(formula, item.cap)}", item.total), LOOK)
    words, summed = two_places(item.base), item.base
    for nature, sign, value in ((BONUS, "+", item.bonus), (PENALTY, "−", -item.penalty)):
        if scheme.nature_indicators(nature):
            words += f" {sign} {two_places(abs(value))}"
            summed += value
    words += f" = {two_places(summed)}"
    if summed != item.total:
        words += f"，按 {two_places(item.total)} 计"
    page.put(row, LAST, words, "box band text")


def _cells(runs: Sequence[tuple[int, int]], column: int) -> str:
    letter = "ABCDEFGHI"[column]
    return ",".join(f"{letter}{first}:{letter}{last}" for first, last in runs)
