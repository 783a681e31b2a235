"""The lists of a department's result: what the bureau has other than it, and the findings."""

from __future__ import annotations

from itertools import zip_longest

from perfxl.results.sheets.findings import LOOKS
from perfxl.results.sheets.form_rows import LAST, WIDTHS, Form
from perfxl.results.styles import SMALL
from perfxl.results.text_height import row_height, text_lines


def write_official(form: Form) -> None:
    """Where the bureau has other values than the department wrote: both, and who says so."""
    official = form.department.official
    if not official:
        return
    page, differing = form.page, [item for item in official if item.differs]
    text = f"财政核定（{len(official)} 项，其中 {len(differing)} 项与填报不同）"
    page.row(form.row, 0, [text] + [None] * LAST, "section")
    form.next(20)
    if not differing:
        page.put(form.row, 0, "财政部门提供的数与填报一致，或由财政部门直接提供。", "muted")
        form.next()
        form.next(8)
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
        form.next(row_height(lines, SMALL), flows=True)
    form.next(8)


def write_findings(form: Form) -> None:
    """The findings, each with where it stands, what it says and what is to do."""
    page = form.page
    found = form.context.findings_of(form.department)
    page.row(form.row, 0, [f"问题清单（{len(found)} 条）"] + [None] * LAST, "section")
    form.next(20)
    if not found:
        page.put(form.row, 0, "没有发现问题。", "muted")
        form.next()
        form.next(8)
        return
    page.put(form.row, 0, "级别", "head")
    page.merged(form.row, 1, form.row, 2, "位置和问题", "head")
    page.merged(form.row, 3, form.row, LAST, "说明和处理意见", "head")
    form.next(21)
    for finding in found:
        place = "!".join(part for part in (finding.sheet, finding.cell) if part)
        # Each says what it is of, so that none needs the headings above it on paper.
        words = f"{finding.message}\n处理意见：{finding.advice}" if finding.advice else finding.message
        titles = form.texts(1, 2, f"{finding.title}\n{place}" if place else finding.title)
        label: str | None = finding.severity.label
        for title, piece in zip_longest(titles, form.texts(3, LAST, words), fillvalue=""):
            page.put(form.row, 0, label, f"box center {LOOKS[finding.severity]}")
            page.merged(form.row, 1, form.row, 2, title, "box text wrap small")
            page.merged(form.row, 3, form.row, LAST, piece, "box text wrap small")
            form.next(max(form.height_of(1, 2, title), form.height_of(3, LAST, piece)), flows=True)
            label = None
    form.next(8)
