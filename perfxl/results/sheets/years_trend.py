"""历年对比 of a department: its total, grade, place and rates over the years, with a chart beside them."""

from __future__ import annotations

from decimal import Decimal

from perfxl.decimals import divide, percent
from perfxl.results.cells import Cell, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.form_cells import Trend
from perfxl.results.sheets.form_rows import LAST, ROW, WIDTHS, Form
from perfxl.results.sheets.years_columns import NOTHING, basis_words
from perfxl.results.styles import ACCENT, BAR, SECOND
from perfxl.years.result import Then

HEAD = 32.0
FEWEST = 7  # rows that the chart takes
FIRST_RATE = 6
_COLOURS = (ACCENT, SECOND, BAR)


def write_trend(form: Form) -> Trend | None:
    """The table, oldest year first; None where nothing is known of years before."""
    context, item, page = form.context, form.department, form.page
    own, years = context.years_of(item), context.years
    if own is None or years is None or not any(own.thens):
        return None
    page.row(form.row, 0, ["历年对比"] + [None] * LAST, "section")
    form.next(20)
    top, full = form.row, context.scheme.full_points
    has_rate = context.scheme.spending_rate is not None
    rates = ["总分\n得分率", *(["支出率"] if has_rate else []), *(["指标\n完成"] if context.scheme.has_kpis else [])]
    page.put(top, 0, "年度", "head")
    page.merged(top, 1, top, 2, "说明", "head")
    page.row(top, 3, ["等级", "总分", "名次"], "head")
    page.row(top, FIRST_RATE, list(rates), "head")
    form.next(HEAD)
    words = []
    for head, then in reversed(list(zip(years.heads, own.thens, strict=True))):
        if then is not None:
            told, place = f"{basis_words(item, then)}{_places(then)}", _place(then)
            figures = then.figures
            values = [_share(figures.total, full), *([figures.rate] if has_rate else []), figures.kpi_rate]
            grade = figures.grade or then.state
            words.append(_row(form, head.year, told, figures.total, grade, place, values[: len(rates)]))
    now = own.now
    total = item.total if item.ranked else None
    place = item.rank if item.rank is not None else NOTHING
    values = [_share(total, full), *([item.spending_rate] if has_rate else []), now.kpi_rate][: len(rates)]
    words.append(_row(form, years.year, "本次结果", total, item.grade if item.ranked else "退回修改", place, values))
    last = form.row - 1
    for _ in range(FEWEST - (last - top)):
        form.next()
    form.next(8)
    return Trend(top, last, len(rates), "，".join(words))


def _row(
    form: Form, year: int, told: str, total: Decimal | None, grade: str, place: Cell, rates: list[Decimal | None]
) -> str:
    page, row = form.page, form.row
    page.put(row, 0, f"{year} 年", "box center")
    page.merged(row, 1, row, 2, told, "box text wrap small")
    page.put(row, 3, grade, "box center shrink")
    page.put(row, 4, total, "box score bold")
    page.put(row, 5, place, "box center")
    for offset, rate in enumerate(rates):
        page.put(row, FIRST_RATE + offset, rate, "box share")
    form.next(max(ROW, form.height_of(1, 2, told)))
    return f"{year} 年 {'—' if rates[0] is None else percent(rates[0], 1)}"


def _place(then: Then) -> Cell:
    return then.rank if then.rank is not None else NOTHING


def _places(then: Then) -> str:
    """Both places among those that have one in both years."""
    return f"；可比名次 {then.place_then}→{then.place_now}" if then.comparable else ""


def _share(total: Decimal | None, full: Decimal) -> Decimal | None:
    return None if total is None or full <= 0 else divide(total, full)


def draw_trend(page: Page, trend: Trend) -> None:
    """A chart of the rates, year by year."""
    series = [
        Series(
            (trend.top, FIRST_RATE + number),
            (trend.top + 1, trend.last),
            0,
            FIRST_RATE + number,
            _COLOURS[number],
            None,
        )
        for number in range(trend.rates)
    ]
    rows = max(trend.last - trend.top, FEWEST)
    size = pixels_wide(WIDTHS[LAST]), pixels_high(HEAD) + pixels_high(ROW) * rows
    draw(page, "column", "历年走势", series, (trend.top, LAST), size, top=None, alt=trend.words)
