"""A department's result on pages of A4, like the official 自评得分表: in the summary and in its own workbook."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.decimals import amount, percent
from perfxl.layout.signatures import signature_text
from perfxl.outcome import held_formula
from perfxl.results.cells import Formula, Link, Page
from perfxl.results.context import Context, category_of
from perfxl.results.form_cells import FormCells
from perfxl.results.held import held_lines
from perfxl.results.portrait import portrait
from perfxl.results.reviewed import review_sentences
from perfxl.results.sheets.form_levels import draw_levels, write_levels
from perfxl.results.sheets.form_lists import write_findings, write_official
from perfxl.results.sheets.form_paper import fill_pages
from perfxl.results.sheets.form_rows import LAST, ROW, WIDTHS, Form
from perfxl.results.sheets.form_sums import sum_rows
from perfxl.results.sheets.form_table import write_indicators
from perfxl.results.sheets.years_trend import draw_trend, write_trend
from perfxl.results.styles import FONT, SIZE
from perfxl.results.text_height import row_height, text_lines
from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status
from perfxl.xlsx.paper import header_text

PROVISIONAL = "以下为暂定分，不是最终结果"
SIGNATURE_HEIGHT = 40


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
    page.header = paper_header(context, department)
    draw_levels(page, context, department, written.levels, written.rates)
    if written.years is not None:
        draw_trend(page, written.years)
    repeat = (written.table, written.table)
    page.print_setup(pages_high=written.pages, area=(written.rows - 1, LAST), repeat=repeat)


def paper_header(context: Context, department: DepartmentResult) -> str:
    """What stands above every printed page of a department: its name, and that the scores are provisional."""
    who = f"{context.words.title}：{department.title}"
    return header_text(who, "暂定，不是最终结果" if department.status is Status.RETURNED else "", font=FONT)


def _write_cells(page: Page, context: Context, department: DepartmentResult) -> FormCells:
    """Blocks from top to bottom. The indicators come last: their headings are repeated on the pages that follow."""
    form = Form(page, context, department)
    _title(form)
    _head(form)
    top = form.row
    rates = write_levels(form)
    levels = top, form.row - 1
    form.next(8)
    _portrait(form, portrait(context, department))
    years = write_trend(form)
    write_official(form)
    write_findings(form)
    table = form.row
    write_indicators(form)
    _signatures(form)
    form.finish()
    pages = fill_pages(form, table)
    return FormCells(page.sheet.written(), levels, table, form.row, pages, rates, years)


def _title(form: Form) -> None:
    header = form.context.scheme.header
    title = header.results_titled("表" if form.department.ranked else "表（暂定）")
    form.page.merged(form.row, 0, form.row, LAST, title, "title center")
    form.next(30)
    units = "分、万元" if form.context.scheme.funds_table else "分"
    note = f"{header.bureau}　　单位：{units}　　{form.context.started.strftime('%Y-%m-%d')}"
    form.page.put(form.row, LAST, note, "note right")
    form.next(17)


def _head(form: Form) -> None:
    """What holds above all, who it is, the total, grade and ranks, and the spending."""
    page, context, item = form.page, form.context, form.department
    if not item.ranked:
        text = f"退回修改：填报有错误。{PROVISIONAL}，不参加排名。请按所列问题修改后重新报送。"
        _sentence(form, text, "bad")
    for text in review_sentences(item):
        _sentence(form, text, "fair")
    for text, tone in held_lines(context.scheme, item):
        _sentence(form, text, tone)
    label = "box center muted band"
    (names, value), *who = _identity(form)
    _named(form, names, value, "bold")
    top = form.row
    for row, (names, value) in enumerate(who, top):
        page.merged(row, 0, row, 1, names, label)
        page.put(row, 2, value, "box text wrap")
    page.merged(top, 3, top, 4, "总分", label)
    form.later(
        lambda: page.merged(top + 1, 3, top + 1, 4, Formula(f"={_total(form)}", item.total), "box center big score")
    )
    page.merged(top, 5, top, 6, "等级", label)
    near = "（临界）" if item.near_threshold else ""
    page.merged(top + 1, 5, top + 1, 6, item.grade + near, f"box center bold wrap {context.grade_tone(item)}")
    page.merged(top, 7, top, 8, "自评总分", label)
    page.merged(top + 1, 7, top + 1, 8, item.self_total, "box center bold score")
    if item.ranked:
        page.put(top, LAST, f"排名：{_rank(item.rank, context.ranked_count)}", "box text bold")
        within = _rank(item.category_rank, context.category_counts.get(category_of(item), 0))
        page.put(top + 1, LAST, f"同类排名：{within}", "box text")
    else:
        page.put(top, LAST, "排名：不参加排名", "box text")
        page.put(top + 1, LAST, "同类排名：不参加排名", "box text")
    for (_, value), least in zip(who, (22, 30), strict=True):
        form.next(max(least, form.height_of(2, 2, value, SIZE)))
    if spending := _spending(form):
        _named(form, *spending, "")
    form.next(8)


def _put_total(form: Form, row: int) -> None:
    total = Formula(f"={_total(form)}", form.department.total)
    form.page.merged(row, 3, row, 4, total, "box center big score")


def _sentence(form: Form, text: str, tone: str) -> None:
    """A sentence over the whole width."""
    form.page.merged(form.row, 0, form.row, LAST, text, f"box text wrap bold {tone}")
    form.next(max(21, row_height(text_lines(text, sum(WIDTHS), SIZE * 1.1))))


def _signatures(form: Form) -> None:
    """The last line, to be signed and sealed on paper."""
    form.page.merged(form.row, 0, form.row, LAST, signature_text(form.department.contact), "box text")
    form.next(SIGNATURE_HEIGHT)


def _named(form: Form, label: str, text: str, traits: str) -> None:
    """A line of its own: what it is, and the text."""
    form.page.merged(form.row, 0, form.row, 1, label, "box center muted band")
    form.page.merged(form.row, 2, form.row, LAST, text, f"box text wrap {traits}".strip())
    form.next(max(22, form.height_of(2, LAST, text, SIZE * 1.1)))


def _identity(form: Form) -> tuple[tuple[str, str], ...]:
    """Label and text of each line that says who it is."""
    words, item = form.context.words, form.department
    category = (words.category, category_of(item))
    if not form.context.scheme.evaluated.is_project:
        return ((words.title, item.name), (words.code, item.code), category)
    project, unit = (
        f"{name}（{code}）" if code else name
        for name, code in ((item.title, item.project_code), (item.name, item.code))
    )
    return ((words.title, project), (words.unit, unit), category)


def _spending(form: Form) -> tuple[str, str] | None:
    """Label and text of the spending; None where the scheme knows of none."""
    scheme, item = form.context.scheme, form.department
    named = scheme.evaluated.spending_rate
    if named:
        return scheme.fact_labels[named], "—" if item.spending_rate is None else percent(item.spending_rate)
    if not scheme.funds_table:
        return None
    spending = "—"
    if item.adjusted is not None and item.spent is not None:
        spending = f"{amount(item.spent)} ÷ {amount(item.adjusted)}"
        if item.spending_rate is not None:
            spending += f" = {percent(item.spending_rate)}"
    return "支出 ÷ 预算", spending


def _total(form: Form) -> str:
    """The total as an Excel expression, by the last of the sums below the table."""
    last = f"H{form.sums}"
    return last if sum_rows(form)[-1].total else held_formula(last, form.department.cap)


def _rank(rank: int | None, count: int) -> str:
    return f"第 {rank} 名 / 共 {count} 个"


def _portrait(form: Form, lines: Sequence[tuple[str, str]]) -> None:
    """What stands out, in words."""
    for label, text in lines:
        form.page.merged(form.row, 0, form.row, 1, label, "box center muted band")
        form.page.merged(form.row, 2, form.row, LAST, text, "box text wrap small")
        form.next(max(ROW, form.height_of(2, LAST, text)), flows=True)
    form.next(8)
