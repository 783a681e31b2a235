"""The second-level indicators of a department's result: score rates beside the means of its category, and a chart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from perfxl.decimals import ZERO, percent
from perfxl.outcome import NOT_APPLICABLE, WAITING
from perfxl.results.cells import Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.context import Context, category_of, level_points, level_sums
from perfxl.results.sheets.form_rows import ROW, WIDTHS, Form
from perfxl.results.statistics import rate
from perfxl.results.styles import SECOND
from perfxl.scoring.result import DepartmentResult

HEAD, CHART = 22.0, 130.0
"""Points of the headings, and of all rows below at least: the chart beside them is as high."""


def level_height(context: Context) -> float:
    """The height of a row of the table."""
    return min(max(ROW, CHART / max(len(context.scheme.base_levels), 1)), 36.0)


def write_levels(form: Form) -> str:
    """The table; the score rates in words."""
    page, context, item = form.page, form.context, form.department
    page.merged(form.row, 0, form.row, 1, "二级指标", "head")
    page.row(form.row, 2, ["得分率", "分值", "得分", f"本{context.words.one}", "同类平均"], "head")
    form.next(HEAD)
    height = level_height(context)
    means = _means(context, item)
    words, scored = [], []
    scores, points = level_sums(context.scheme, item.scores), level_points(context.scheme, item.scores)
    for level in context.scheme.base_levels:
        row = form.row
        score = scores.get(level.name, ZERO)
        own = rate(score, points[level.name])
        excel = row + 1
        if own is None and level.points:
            word = _word(context, item, level.name)
            words.append(f"{level.name} {word}")
            page.merged(row, 0, row, 1, level.name, "box text")
            page.row(row, 2, [None, None, word, None], "box center")
            page.put(row, 6, means.get(level.name), "box percent")
            form.next(height)
            continue
        words.append(f"{level.name} {percent(own or ZERO, 1)}")
        page.merged(row, 0, row, 1, level.name, "box text")
        page.put(row, 2, Formula(f"=F{excel}", own), "box share text")
        page.put(row, 3, points[level.name], "box center points")
        scored.append((row, level.name, score))
        page.put(row, 5, Formula(f"=E{excel}/D{excel}", own), "box percent bold")
        page.put(row, 6, means.get(level.name), "box percent")
        form.next(height)
    form.later(partial(_put_scores, form, scored))
    return "，".join(words)


def _word(context: Context, department: DepartmentResult, level: str) -> str:
    """Why a level has no score."""
    indicators = context.scheme.indicator_by_code
    waits = any(score.pending for score in department.scores if indicators[score.code].level2 == level)
    return WAITING if waits else NOT_APPLICABLE


def _means(context: Context, department: DepartmentResult) -> Mapping[str, Decimal]:
    return context.category_rates.get(category_of(department), {})


def draw_levels(page: Page, context: Context, department: DepartmentResult, rows: tuple[int, int], rates: str) -> None:
    """Bars behind the score rates, and beside them a chart of these and the means.

    rows: the heading and the last row of the table. rates: what the chart shows, in words.
    """
    top, last = rows
    page.bars(f"C{top + 2}:C{last + 1}", 1)
    series = [Series((top, 5), (top + 1, last), 0, 5)]
    if _means(context, department):
        series.append(Series((top, 6), (top + 1, last), 0, 6, SECOND, None))
    height = pixels_high(HEAD) + pixels_high(level_height(context)) * (last - top)
    width = sum(map(pixels_wide, WIDTHS[7:]))
    draw(page, "bar", "二级指标得分率", series, (top, 7), (width, height), top=1, alt=rates)


def _put_scores(form: Form, rows: Sequence[tuple[int, str, Decimal]]) -> None:
    """The accepted scores under each second-level indicator in all, of neighbours as one range.

    rows: where they stand, the indicator's name, and what they come to.
    """
    cells: dict[Hashable, list[str]] = defaultdict(list)
    for name, first, last in form.runs((item.code, item.level2) for item in form.context.scheme.indicators):
        cells[name].append(f"H{first}:H{last}")
    for row, level, score in rows:
        own = ",".join(cells[level])
        form.page.put(row, 4, Formula(f"=ROUND(SUM({own}),2)", score) if own else None, "box score")
