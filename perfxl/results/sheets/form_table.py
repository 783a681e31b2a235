"""The table of indicators of a department's result: every score with its calculation and the reasons."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from perfxl.decimals import half_up
from perfxl.results.cells import Cell, Formula
from perfxl.results.reviewed import reason_words, review_words
from perfxl.results.sheets.form_rows import LAST, ROW, Form
from perfxl.results.sheets.form_sums import write_sums
from perfxl.results.styles import SIZE
from perfxl.results.words import tell_nature
from perfxl.scheme.model import BONUS, PENALTY, Indicator
from perfxl.scoring.result import IndicatorScore

HEADINGS = (
    "一级\n指标",
    "二级\n指标",
    "三级指标",
    "分值",
    "自评",
    "计算",
    "复核",
    "认定",
    "扣分",
    "计算说明和扣分原因",
)
_SCORE = "box score"


def _looks(accepted: str, lost: str) -> tuple[str, ...]:
    """The looks of a row from the indicator's name on."""
    return ("box text wrap", "box center points", *[_SCORE] * 3, accepted, lost, "box text wrap small")


UNSCORED = _looks(_SCORE, _SCORE)
FULL, LOSING = _looks("box score bold", "box score muted"), _looks("box score bold weak", "box score bold")
APART, APART_LOSING = (_looks("box center wrap small", look) for look in ("box score muted", "box score bold"))
"""Of an indicator that does not apply, or waits: a word stands in place of its score."""


def write_indicators(form: Form) -> None:
    """Headings, a row for each indicator (more where its texts take more), and the sums."""
    form.page.row(form.row, 0, list(HEADINGS), "head")
    form.next(32)
    scores = {score.code: score for score in form.department.scores}
    levels = ((item.level1, item.level2, item.nature) for item in form.context.scheme.indicators)
    indicators = iter(form.context.scheme.indicators)
    for (level1, level2, nature), group in groupby(levels):
        first = form.row
        for _ in group:
            indicator = next(indicators)
            _indicator(form, indicator, scores.get(indicator.code))
        _merge_levels(form, first, (tell_nature(level1, nature, "\n"), level2))
    write_sums(form)


def _merge_levels(form: Form, first: int, names: tuple[str, str]) -> None:
    """The first and second level, written once over the indicators of a second one.

    On top, where they are read though a page ends among the indicators.
    """
    last = form.row - 1
    short = 0.0
    for column, name in enumerate(names):
        form.page.merged(first, column, last, column, name, "box center wrap small top")
        short = max(short, form.height_of(column, column, name) - sum(form.heights[first:]))
    if short > 0:
        form.higher(last, form.heights[last] + short)


def _indicator(form: Form, indicator: Indicator, score: IndicatorScore | None) -> None:
    page, row = form.page, form.row
    form.rows[indicator.code] = row
    name = f"{indicator.code} {indicator.name}"
    values: list[Cell] = [name, indicator.points]
    looks = UNSCORED
    text = ""
    if score is None:
        values += [None] * 5
    else:
        lost = score.lost
        values += [score.self_score, score.computed, score.review]
        values += [score.score if score.applies else score.word, _lost(row + 1, score, lost)]
        looks = (LOSING if lost else FULL) if score.applies else (APART_LOSING if lost else APART)
        text = "\n".join(filter(None, (score.explanation, reason_words(score), review_words(score))))
    first, *more = form.texts(LAST, LAST, text)
    values.append(first)
    page.cells(row, 2, values, looks)
    form.next(max(ROW, form.height_of(LAST, LAST, first), form.height_of(2, 2, name, SIZE)), flows=True)
    for piece in more:
        page.row(form.row, 2, [None] * (LAST - 2), "box")
        page.put(form.row, LAST, piece, "box text wrap small")
        form.next(max(ROW, form.height_of(LAST, LAST, piece)))


def _lost(excel: int, score: IndicatorScore, lost: Decimal) -> Formula | None:
    """What is missing of the points, or is deducted; nothing of points on top, or where it does not apply."""
    if score.nature == BONUS or not score.applies:
        return None
    return Formula(f"=H{excel}" if score.nature == PENALTY else f"=ROUND(D{excel}-H{excel},2)", half_up(lost))
