"""复核分析: self scores against reviews by department, and what was changed by indicator and by reviewer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from perfxl.decimals import ZERO, divide, half_up, plain, two_places
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.context import category_of
from perfxl.results.plan import Figure, SummaryPlan
from perfxl.results.reviewers import Reviewer, reviewers_of
from perfxl.results.sheets.review_records import SHEET as RECORDS
from perfxl.results.sheets.review_records import records_table
from perfxl.results.styles import ACCENT, SECOND, SMALL, TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.words import outside_name
from perfxl.review.record import Effect, Reviewed
from perfxl.scheme.model import Indicator
from perfxl.scoring.result import DepartmentResult

WATCH, REPORT = "关注", "通报"
WIDTHS = (7.0, 26.0, 12.0, 20.0, 10.0, 9.5, 9.5, 9.5, 9.5, 9.5, 9.5, 9.0)
LAST = len(WIDTHS) - 1
FIRST = 5  # the row of the first department, as Excel counts it
FLAG = "L"
CHARTED = 15
CHART_ROWS, ROW = 15, 18.0
BAR_ROWS = 1.2  # of the sheet, for the two bars of a department
_COUNTED = f'"<>{Effect.NONE}"'


def reviewed_departments(plan: SummaryPlan) -> list[DepartmentResult]:
    """The reviewed ones, those first whose self score is furthest above."""
    states = (Reviewed.WHOLE.value, Reviewed.PARTLY.value)
    found = [item for item in plan.departments if item.review_status in states]
    return sorted(found, key=lambda item: item.difference)


def flag_of(plan: SummaryPlan, item: DepartmentResult) -> str:
    """关注 or 通报 by how far the self score lies above the total after review; empty where it does not."""
    over, bounds = item.self_total - item.total, plan.scheme.thresholds
    return REPORT if over > bounds.review_report else WATCH if over > bounds.review_watch else ""


def flag_range(plan: SummaryPlan) -> str:
    """The cells of the flags, for any sheet."""
    last = FIRST + max(len(reviewed_departments(plan)), 1) - 1
    name = SHEET.name_in(plan).replace("'", "''")
    return f"'{name}'!${FLAG}${FIRST}:${FLAG}${last}"


def write_analysis(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    page.widths(list(WIDTHS))
    page.put(0, 0, plan.title(SHEET.name), "title")
    page.height(0, 28)
    bounds = plan.scheme.thresholds
    departments = reviewed_departments(plan)
    note = (
        f"已复核 {_count(plan, Reviewed.WHOLE)} 个，部分复核 {_count(plan, Reviewed.PARTLY)} 个，"
        f"未复核 {_count(plan, Reviewed.NOT)} 个。"
        f"自评总分高于复核后总分超过 {plain(bounds.review_watch)} 分的标“{WATCH}”，"
        f"超过 {plain(bounds.review_report)} 分的标“{REPORT}”。填分、改分、增减按“{RECORDS.name}”统计，不含没有生效的。"
    )
    page.merged(1, 0, 1, LAST, note, "note wrap left")
    page.height(1, row_height(text_lines(note, sum(WIDTHS), SMALL), SMALL))
    row = _departments(page, plan, departments)
    row = _indicators(page, plan, row)
    row = _reviewers(page, plan, row)
    page.print_setup(landscape=True, area=(row, LAST))


def _count(plan: SummaryPlan, state: Reviewed) -> int:
    return sum(item.review_status == state.value for item in plan.departments)


def _section(page: Page, row: int, text: str) -> None:
    page.row(row, 0, [text] + [None] * LAST, "section")
    page.height(row, 22)


def _head(page: Page, row: int, headings: Sequence[Cell]) -> None:
    page.row(row, 0, [*headings, *([None] * (LAST + 1 - len(headings)))], "head")
    page.height(row, 32)


def _departments(page: Page, plan: SummaryPlan, departments: Sequence[DepartmentResult]) -> int:
    """Self score against review; returns the row below the chart."""
    words = plan.words
    _section(page, FIRST - 3, f"各{words.one}的自评和复核")
    _head(page, FIRST - 2, [
        "序号", words.title, words.category, "复核人", "复核状态", "改分\n项数", "自评总分",
        "复核前总分", "复核后总分",
        "复核\n增减", "自评减\n复核后", "提示",
    ])  # fmt: skip
    own, before, total = (plan.figures[figure] for figure in (Figure.OWN, Figure.BEFORE, Figure.TOTAL))
    bounds = plan.scheme.thresholds
    watch, report = plain(bounds.review_watch), plain(bounds.review_report)
    row = FIRST - 2
    for number, item in enumerate(departments, 1):
        row += 1
        excel = row + 1
        changed = sum(score.before not in (None, score.score) for score in item.scores)
        names = "、".join(item.reviewers)
        page.put(row, 0, number, "box center")
        page.put(row, 1, plan.name(item), "box text wrap")
        page.put(row, 2, category_of(item), "box center wrap small")
        page.put(row, 3, names, "box center wrap small")
        page.put(row, 4, item.review_status, "box center good" if item.review_status == "已复核" else "box center weak")
        page.put(row, 5, changed, "box center whole")
        page.put(row, 6, Formula(f"={plan.matrix_cell(item, own)}", item.self_total), "box score")
        page.put(row, 7, Formula(f"={plan.matrix_cell(item, before)}", item.total_before), "box score")
        page.put(row, 8, Formula(f"={plan.matrix_cell(item, total)}", item.total), "box score bold")
        less = half_up(item.total - (item.total_before or ZERO))
        page.put(row, 9, Formula(f"=ROUND(I{excel}-H{excel},2)", less), "box signed")
        page.put(row, 10, Formula(f"=ROUND(G{excel}-I{excel},2)", half_up(-item.difference)), "box signed bold")
        test = f'=IF(K{excel}>{report},"{REPORT}",IF(K{excel}>{watch},"{WATCH}",""))'
        page.put(row, 11, Formula(test, flag_of(plan, item)), "box center bold")
        lines = max(text_lines(item.title, WIDTHS[1]), text_lines(names, WIDTHS[3], SMALL))
        page.height(row, row_height(lines))
    if not departments:
        row += 1
        page.merged(row, 0, row, LAST, "没有复核生效。", "box text muted")
        return row + 1
    cells = f"{FLAG}{FIRST}:{FLAG}{row + 1}"
    for word, tone in ((REPORT, 3), (WATCH, 2)):
        fill, ink = TONES[tone]
        look = page.book.workbook.add_format({"bg_color": fill, "font_color": ink})
        page.sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look})
    shown = min(len(departments), CHARTED)
    last = FIRST - 2 + shown
    series = [
        Series((FIRST - 2, 6), (FIRST - 1, last), 1, 6, SECOND, "0.00"),
        Series((FIRST - 2, 8), (FIRST - 1, last), 1, 8, ACCENT, "0.00"),
    ]
    alt = "；".join(
        f"{item.title} {two_places(item.self_total)} → {two_places(item.total)}" for item in departments[:shown]
    )
    more = f"（相差最大的 {shown} 个）" if len(departments) > shown else ""
    # Beside bars long names stay whole, below columns they are cut.
    title = f"自评总分和复核后总分{more}"
    return _chart(page, row + 1, title, series, alt, None, kind="bar", rows=4 + ceil(shown * BAR_ROWS))


def _chart(
    page: Page,
    row: int,
    title: str,
    series: Sequence[Series],
    alt: str,
    bottom: float | None,
    number: str = "0",
    kind: str = "column",
    rows: int = CHART_ROWS,
) -> int:
    for line in range(row, row + rows):
        page.height(line, ROW)
    size = (sum(map(pixels_wide, WIDTHS)), pixels_high(ROW) * (rows - 1))
    draw(page, kind, title, series, (row, 0), size, number=number, bottom=bottom, alt=alt)
    return row + rows


def _indicators(page: Page, plan: SummaryPlan, row: int) -> int:
    """What was changed of each indicator; returns the row below."""
    _section(page, row, "各指标的复核")
    _head(page, row + 1, [
        "代码", "三级指标", "二级指标", None, "分值", "填分\n次数", "改分\n次数", "调减\n次数", "调增\n次数",
        "增减合计", "平均每次\n增减", "改分\n占比",
    ])  # fmt: skip
    page.merged(row + 1, 2, row + 1, 3, "二级指标", "head")
    row += 2
    for indicator in plan.indicators:
        _indicator(page, plan, row, indicator)
        row += 1
    return row


def _indicator(page: Page, plan: SummaryPlan, row: int, indicator: Indicator) -> None:
    table, own = records_table(plan), f"$A{row + 1}"
    changes = [
        item.difference
        for item in plan.batch.reviews
        if item.indicator == indicator.code and item.difference is not None
    ]
    name = outside_name(indicator)
    page.put(row, 0, indicator.code, "box center")
    page.put(row, 1, name, "box text wrap")
    page.merged(row, 2, row, 3, indicator.level2, "box text")
    page.put(row, 4, indicator.points, "box center points")
    _counts(page, row, 5, table.added, "indicator", own, changes)
    excel = row + 1
    added = sum(changes, ZERO)
    page.put(row, 9, Formula(f"=ROUND({_sum(table.added, 'indicator', own)},2)", added), "box signed")
    mean = half_up(divide(added, Decimal(len(changes)))) if changes else None
    page.put(row, 10, Formula(f'=IF(F{excel}=0,"",ROUND(J{excel}/F{excel},2))', mean), "box signed")
    share = divide(Decimal(sum(map(bool, changes))), Decimal(len(changes))) if changes else None
    page.put(row, 11, Formula(f'=IF(F{excel}=0,"",G{excel}/F{excel})', share), "box share")
    page.height(row, row_height(text_lines(name, WIDTHS[1])))


def _counts(page: Page, row: int, column: int, added: object, key: str, own: str, changes: Sequence[Decimal]) -> None:
    """How often a score was filled in, changed, lowered and raised."""
    values = (
        len(changes),
        sum(map(bool, changes)),
        sum(change < 0 for change in changes),
        sum(change > 0 for change in changes),
    )
    for offset, (test, value) in enumerate(zip(("", "<>0", "<0", ">0"), values, strict=True)):
        formula = f'COUNTIFS({{}},"="&{own},{{}},{_COUNTED}' + (f',{{}},"{test}")' if test else ")")
        keys = (key, "effect", "difference") if test else (key, "effect")
        page.put(row, column + offset, Formula(f"={added(formula, *keys)}", value), "box center whole")  # type: ignore[operator]


def _sum(added: object, key: str, own: str) -> str:
    return str(added(f'SUMIFS({{}},{{}},"="&{own})', "difference", key))  # type: ignore[operator]


def _reviewers(page: Page, plan: SummaryPlan, row: int) -> int:
    """How strict each reviewer is."""
    reviewers = reviewers_of(plan.batch)
    _section(page, row, "各复核人的尺度")
    one = plan.words.one
    _head(page, row + 1, [
        "序号", "复核人", f"复核的{one}数", "同意认定的指标数", "填分\n次数", "改分\n次数", "调减\n次数", "调增\n次数",
        "增减合计", f"平均每{one}\n增减", "平均每次\n改分", "改分\n占比",
    ])  # fmt: skip
    top = row + 1
    row += 2
    for number, item in enumerate(reviewers, 1):
        _reviewer(page, plan, row, number, item)
        row += 1
    if not reviewers:
        return row
    series = [Series(None, (top + 1, row - 1), 1, 9, ACCENT, "0.00")]
    alt = "，".join(f"{item.name} {two_places(item.mean)}" for item in reviewers)
    return _chart(page, row, f"各复核人平均每{one}增减（分）", series, alt, None, "0.0")


def _reviewer(page: Page, plan: SummaryPlan, row: int, number: int, item: Reviewer) -> None:
    table, own, excel = records_table(plan), f"$B{row + 1}", row + 1
    page.put(row, 0, number, "box center")
    page.put(row, 1, item.name, "box text wrap")
    page.put(row, 2, item.departments, "box center whole")
    page.put(row, 3, item.agreed, "box center whole")
    _counts(page, row, 4, table.added, "reviewer", own, item.changes)
    added = sum(item.changes, ZERO)
    page.put(row, 8, Formula(f"=ROUND({_sum(table.added, 'reviewer', own)},2)", added), "box signed")
    page.put(row, 9, Formula(f'=IF(C{excel}=0,"",ROUND(I{excel}/C{excel},2))', item.mean), "box signed bold")
    changed = sum(map(bool, item.changes))
    each = half_up(divide(added, Decimal(changed))) if changed else None
    page.put(row, 10, Formula(f'=IF(F{excel}=0,"",ROUND(I{excel}/F{excel},2))', each), "box signed")
    judged = len(item.changes) + item.agreed
    share = divide(Decimal(changed), Decimal(judged)) if judged else None
    page.put(row, 11, Formula(f'=IF(D{excel}+E{excel}=0,"",F{excel}/(D{excel}+E{excel}))', share), "box share")
    page.height(row, row_height(text_lines(item.name, WIDTHS[1])))


SHEET = SingleSheet("复核分析", 55, write_analysis, long=False, present=lambda batch: batch.reviewed)
