"""A department's result on one A4 page, like the official 自评得分表: in the summary and in its own workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from perfxl.decimals import half_up, percent
from perfxl.outcome import held_formula
from perfxl.results.cells import Formula, Link, Page, row_height, text_lines
from perfxl.results.context import Context, category_of
from perfxl.results.form_cells import FormCells
from perfxl.results.held import held_lines
from perfxl.results.portrait import portrait
from perfxl.results.reviewed import reason_words, review_sentences, review_words
from perfxl.results.sheets.findings import LOOKS
from perfxl.results.sheets.form_levels import draw_levels, write_levels
from perfxl.results.sheets.form_rows import COMPUTED, LAST, LOST, OWN, REVIEW, ROW, SCORE, WIDTHS, Form
from perfxl.results.sheets.form_sums import sum_rows, write_sums
from perfxl.results.styles import SIZE, SMALL
from perfxl.results.words import tell_nature
from perfxl.scheme.model import BONUS, PENALTY, Indicator
from perfxl.scoring.result import DepartmentResult, IndicatorScore

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
PAGE_POINTS = 1380.0  # what one A4 page holds at the smallest scale that can still be read


def write_form(page: Page, context: Context, department: DepartmentResult, back: str | None = None) -> None:
    """Writes the sheet. back: where a link leads back to (`internal:'排名'!D7`), none in a workbook of its own."""
    page.widths(list(WIDTHS))
    written = context.forms.get(department.file) if context.forms is not None else None
    if written is None:
        written = _write_cells(page, context, department)
        if context.forms is not None and not page.book.styles.of_its_own:
            context.forms[department.file] = written
    else:
        page.sheet.take(written.cells)
    if back:
        page.put(1, 0, Link(back, "返回排名"), "link small")
    draw_levels(page, context, department, written.levels, written.rates)
    one_page = written.points <= PAGE_POINTS
    page.print_setup(pages_high=1 if one_page else 0, area=(written.rows - 1, LAST))
    findings_row, points_above = written.findings
    if not one_page and points_above <= PAGE_POINTS:
        page.sheet.set_h_pagebreaks([findings_row])


def _write_cells(page: Page, context: Context, department: DepartmentResult) -> FormCells:
    form = Form(page, context, department)
    _title(form)
    lines = portrait(context, department)
    held = [*((text, "fair") for text in review_sentences(department)), *held_lines(context.scheme, department)]
    levels_first = form.row + 4 + (not department.ranked) + len(held)
    table_first = levels_first + len(context.scheme.base_levels) + 3 + len(lines) + 1
    _head(form, table_first, held)
    top = form.row
    rates = write_levels(form, table_first)
    levels = top, form.row - 1
    form.next(8)
    _portrait(form, lines)
    _indicators(form, table_first)
    _official(form)
    findings = form.row, form.points
    _findings(form)
    return FormCells(page.sheet.written(), levels, findings, form.row, form.points, rates)


def _title(form: Form) -> None:
    header = form.context.scheme.header
    form.page.merged(form.row, 0, form.row, LAST, f"{header.title}结果表", "title center")
    form.next(30)
    units = "分、万元" if form.context.scheme.funds_table else "分"
    note = f"{header.bureau}　　单位：{units}　　{form.context.started.strftime('%Y-%m-%d')}"
    form.page.put(form.row, LAST, note, "note right")
    form.next(17)


def _head(form: Form, table_first: int, held: Sequence[tuple[str, str]]) -> None:
    """Who it is, the total, grade and ranks, and the spending. held: sentences above."""
    page, context, item = form.page, form.context, form.department
    if not item.ranked:
        text = "退回修改：填报有错误，以下为暂定分，不参加排名。请按所列问题修改后重新报送。"
        page.merged(form.row, 0, form.row, LAST, text, "box text bold bad")
        form.next(21)
    for text, tone in held:
        page.merged(form.row, 0, form.row, LAST, text, f"box text wrap bold {tone}")
        form.next(max(21, row_height(text_lines(text, sum(WIDTHS), SIZE * 1.1))))
    rank = _rank(item.rank, context.ranked_count)
    category_rank = _rank(item.category_rank, context.category_counts.get(category_of(item), 0))
    label = "box center muted band"
    top = form.row
    who = _identity(form)
    for row, (names, value, look) in enumerate(who):
        page.merged(top + row, 0, top + row, 1, names, label)
        page.put(top + row, 2, value, look)
    page.merged(top, 3, top, 4, "总分", label)
    total = Formula(f"={_total(form, table_first)}", item.total)
    page.merged(top + 1, 3, top + 2, 4, total, "box center big score")
    page.merged(top, 5, top, 6, "等级", label)
    near = "（临界）" if item.near_threshold else ""
    page.merged(top + 1, 5, top + 2, 6, item.grade + near, f"box center bold {context.grade_tone(item)}")
    page.merged(top, 7, top, 8, "自评总分", label)
    page.merged(top + 1, 7, top + 2, 8, item.self_total, "box center bold score")
    if item.ranked:
        page.put(top, LAST, f"排名：{rank}", "box text bold")
        page.put(top + 1, LAST, f"同类排名：{category_rank}", "box text")
    else:
        page.put(top, LAST, "排名：不参加排名", "box text")
        page.put(top + 1, LAST, "同类排名：不参加排名", "box text")
    page.put(top + 2, LAST, _spending(form), "box text shrink")
    # Names of projects may take several lines.
    first = max(22, row_height(text_lines(who[0][1], WIDTHS[2] * 0.9))) if "wrap" in who[0][2] else 22
    form.next(first)
    for _ in range(2):
        form.next(22)
    form.next(8)


def _identity(form: Form) -> tuple[tuple[str, str, str], ...]:
    """Label, text and look of each line that says who it is."""
    words, item = form.context.words, form.department
    category = (words.category, category_of(item), "box text")
    if not form.context.scheme.evaluated.is_project:
        return ((words.title, item.name, "box bold shrink text"), (words.code, item.code, "box text"), category)
    project, unit = (
        f"{name}（{code}）" if code else name
        for name, code in ((item.title, item.project_code), (item.name, item.code))
    )
    return ((words.title, project, "box text wrap bold"), (words.unit, unit, "box text shrink"), category)


def _spending(form: Form) -> str:
    scheme, item = form.context.scheme, form.department
    named = scheme.evaluated.spending_rate
    if named:
        rate = "—" if item.spending_rate is None else percent(item.spending_rate)
        return f"{scheme.fact_labels[named]}：{rate}"
    if not scheme.funds_table:
        return ""
    spending = "—"
    if item.adjusted is not None and item.spent is not None:
        spending = f"{half_up(item.spent):,} ÷ {half_up(item.adjusted):,}"
        if item.spending_rate is not None:
            spending += f" = {percent(item.spending_rate)}"
    return f"支出 ÷ 预算：{spending}"


def _total(form: Form, table_first: int) -> str:
    """The total as an Excel expression, by the last of the sums below the table."""
    rows = sum_rows(form)
    last = f"H{table_first + len(form.context.scheme.indicators) + len(rows)}"
    return last if rows[-1].total else held_formula(last, form.department.cap)


def _rank(rank: int | None, count: int) -> str:
    return f"第 {rank} 名 / 共 {count} 个"


def _portrait(form: Form, lines: Sequence[tuple[str, str]]) -> None:
    """What stands out, in words."""
    for label, text in lines:
        form.page.merged(form.row, 0, form.row, 1, label, "box center muted band")
        form.page.merged(form.row, 2, form.row, LAST, text, "box text wrap small")
        form.next(max(ROW, row_height(text_lines(text, sum(WIDTHS[2:]), SMALL), SMALL)))
    form.next(8)


def _indicators(form: Form, table_first: int) -> None:
    page, context, item = form.page, form.context, form.department
    page.row(form.row, 0, list(HEADINGS), "head")
    form.next(32)
    scores = {score.code: score for score in item.scores}
    _merge_levels(page, context.scheme.indicators, table_first)
    for indicator in context.scheme.indicators:
        _indicator(form, indicator, scores.get(indicator.code))
    write_sums(form, table_first)


def _merge_levels(page: Page, indicators: Sequence[Indicator], row: int) -> None:
    """The first and second level, each written once over its indicators."""
    firsts = [tell_nature(item.level1, item.nature, "\n") for item in indicators]
    for column, names in enumerate((firsts, [item.level2 for item in indicators])):
        start = row
        for name, group in groupby(names):
            count = len(list(group))
            page.merged(start, column, start + count - 1, column, name, "box center wrap")
            start += count


def _indicator(form: Form, indicator: Indicator, score: IndicatorScore | None) -> None:
    page, row = form.page, form.row
    name = f"{indicator.code} {indicator.name}"
    page.put(row, 2, name, "box text wrap")
    page.put(row, 3, indicator.points, "box center points")
    text = ""
    if score is None:
        page.row(row, OWN, [None] * 5, "box score")
    else:
        page.put(row, OWN, score.self_score, "box score")
        page.put(row, COMPUTED, score.computed, "box score")
        page.put(row, REVIEW, score.review, "box score")
        lost = score.lost
        if score.applies:
            page.put(row, SCORE, score.score, "box score bold weak" if lost else "box score bold")
        else:
            page.put(row, SCORE, score.word, "box center")
        page.put(row, LOST, _lost(row + 1, score, lost), "box score bold" if lost else "box score muted")
        text = "\n".join(filter(None, (score.explanation, reason_words(score), review_words(score))))
    page.put(row, LAST, text, "box text wrap small")
    lines = text_lines(text, WIDTHS[LAST], SMALL)
    form.next(max(ROW, row_height(lines, SMALL), row_height(text_lines(name, WIDTHS[2]))))


def _lost(excel: int, score: IndicatorScore, lost: Decimal) -> Formula | None:
    """What is missing of the points, or is deducted; nothing of points on top, or where it does not apply."""
    if score.nature == BONUS or not score.applies:
        return None
    return Formula(f"=H{excel}" if score.nature == PENALTY else f"=ROUND(D{excel}-H{excel},2)", half_up(lost))


def _official(form: Form) -> None:
    """Where the bureau has other values than the department wrote: both, and who says so."""
    official = form.department.official
    if not official:
        return
    page, differing = form.page, [item for item in official if item.differs]
    form.next(8)
    text = f"财政核定（{len(official)} 项，其中 {len(differing)} 项与填报不同）"
    page.row(form.row, 0, [text] + [None] * LAST, "section")
    form.next(20)
    if not differing:
        page.put(form.row, 0, "财政部门提供的数与填报一致，或由财政部门直接提供。", "muted")
        form.next()
        return
    page.merged(form.row, 0, form.row, 2, "事项", "head")
    page.merged(form.row, 3, form.row, 5, "填报数", "head")
    page.merged(form.row, 6, form.row, 8, "核定数", "head")
    page.put(form.row, LAST, "依据", "head")
    form.next(21)
    for item in differing:
        label = f"{item.label}（{item.unit}）" if item.unit else item.label
        page.merged(form.row, 0, form.row, 2, label, "box text wrap small")
        page.merged(form.row, 3, form.row, 5, item.written or "未填报", "box center wrap small")
        page.merged(form.row, 6, form.row, 8, item.official, "box center wrap small bold")
        page.put(form.row, LAST, item.who, "box text wrap small")
        lines = max(
            text_lines(label, sum(WIDTHS[:3]), SMALL),
            text_lines(item.written, sum(WIDTHS[3:6]), SMALL),
            text_lines(item.official, sum(WIDTHS[6:9]), SMALL),
            text_lines(item.who, WIDTHS[LAST], SMALL),
        )
        form.next(row_height(lines, SMALL))


def _findings(form: Form) -> None:
    page = form.page
    found = form.context.findings_of(form.department)
    form.next(8)
    page.row(form.row, 0, [f"问题清单（{len(found)} 条）"] + [None] * LAST, "section")
    form.next(20)
    if not found:
        page.put(form.row, 0, "没有发现问题。", "muted")
        form.next()
        return
    page.put(form.row, 0, "级别", "head")
    page.merged(form.row, 1, form.row, 2, "位置和问题", "head")
    page.merged(form.row, 3, form.row, 8, "说明", "head")
    page.put(form.row, LAST, "处理建议", "head")
    form.next(21)
    for finding in found:
        place = "!".join(part for part in (finding.sheet, finding.cell) if part)
        title = f"{finding.title}\n{place}" if place else finding.title
        page.put(form.row, 0, finding.severity.label, f"box center {LOOKS[finding.severity]}")
        page.merged(form.row, 1, form.row, 2, title, "box text wrap small")
        page.merged(form.row, 3, form.row, 8, finding.message, "box text wrap small")
        page.put(form.row, LAST, finding.advice, "box text wrap small")
        lines = max(
            text_lines(title, sum(WIDTHS[1:3]), SMALL),
            text_lines(finding.message, sum(WIDTHS[3:9]), SMALL),
            text_lines(finding.advice, WIDTHS[LAST], SMALL),
        )
        form.next(row_height(lines, SMALL))
