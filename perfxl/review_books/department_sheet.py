"""The sheet of a department in a review workbook: its scores, the cells to fill, and what they come to."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from perfxl.references import column_letters
from perfxl.review.layout import AGREED, DAY, HEAD_HEADINGS, LIST, SCORE, WHY
from perfxl.review.standing import Standing
from perfxl.review_books.department_head import Places, write_head
from perfxl.review_books.department_table import write_sums, write_table
from perfxl.review_books.grid import AGREED_AT, DAY_AT, HEAD, NOTE, REVIEW, TITLE, VALUES, Grid
from perfxl.review_books.kpi_table import write_kpis
from perfxl.review_books.paper import Paper, mark_changes
from perfxl.review_books.source import Subject
from perfxl.template.styles import ALERT, ALERT_FILL
from perfxl.template.text_height import LINE_HEIGHT, PADDING, lines

_HOW = (
    "黄色单元格由复核人填写。复核得分填 0 至分值之间的数，留空的保留认定得分；与认定得分不同的，须选择或填写复核理由，"
    "否则不计。其余都同意的，在“其余同意认定”选“是”。填好后把本文件放进 workbook_templates 文件夹，再运行一次。"
)


def write_department(
    paper: Paper, subject: Subject, key: str, reviewer: str, back: str, reasons: str, agreed: str
) -> Places:
    """Writes the sheet; where on it the list finds what it shows.

    key: the department's in the keys of rows. reviewer: to whom it goes, may be empty. back: the cell that a link leads
    back to. reasons: where the common reasons stand, empty where there are none.
    agreed: where the one choice of 其余同意认定 stands.
    """
    grid = Grid(paper, subject, key)
    paper.columns((column.width for column in grid.columns), grid.col["name"])
    _top(grid, back)
    write_table(grid)
    end, total = write_sums(grid)
    places = write_head(grid, total, reviewer)
    _rules(grid, reasons, agreed)
    end = write_kpis(paper, subject, grid.col, end)
    paper.page.freeze_panes(grid.first, grid.col["name"] + 1)
    paper.page.autofilter(grid.head_row, grid.col["level1"], grid.last, len(grid.columns))
    paper.page.set_selection(grid.first, grid.col[SCORE], grid.first, grid.col[SCORE])
    # What holds a total down is told across columns that stand again on the page beside.
    beside = (grid.head_row if grid.held else HEAD, grid.col["hint"] + 1)
    paper.finish(subject.source.title, end - 1, len(grid.columns), (grid.head_row, grid.head_row), beside)
    return places


def _top(grid: Grid, back: str) -> None:
    paper, item = grid.paper, grid.subject.department
    title = f"{item.title}{REVIEW}"
    paper.text(TITLE, 1, title, "title", to=grid.col["hint"])
    paper.page.set_row(TITLE, 30)
    paper.link(TITLE, grid.col["explanation"], back, f"返回{LIST}", "entry")
    # On paper what stands behind goes on beside.
    to = grid.col["hint"]
    paper.text(NOTE, 1, _HOW, "note", to=to)
    paper.page.set_row(NOTE, lines(_HOW, paper.span(1, to)) * LINE_HEIGHT + PADDING)


def _rules(grid: Grid, reasons: str, agreed: str) -> None:
    """What may be typed, and what is marked."""
    page, col = grid.paper.page, grid.col
    judged = {score.code for score in grid.subject.judged}
    runs = groupby(grid.subject.indicators, key=lambda item: item.code in judged)
    for is_judged, group in runs:
        rows = [grid.rows[item.code] for item in group]
        if is_judged:
            _run_rules(grid, reasons, rows[0], rows[-1])
    page.data_validation(VALUES, col[DAY_AT], VALUES, col[DAY_AT], {
        "validate": "any", "input_title": HEAD_HEADINGS[DAY],
        "input_message": "例如 2023-05-18；不填的按文件保存日期。",
    })  # fmt: skip
    page.data_validation(VALUES, col[AGREED_AT], VALUES, col[AGREED_AT], {
        "validate": "list", "source": agreed, "input_title": HEAD_HEADINGS[AGREED],
        "input_message": "选“是”：没有填复核得分的指标都同意认定得分，本页算已复核。",
        "error_title": "不在选项中", "error_message": "请选“是”，或留空。",
    })  # fmt: skip
    styles = grid.paper.styles
    alert = styles.difference(bg_color=ALERT_FILL, font_color=ALERT)
    hint = f"${column_letters(col['hint'])}{grid.first + 1}"
    for key, word in ((WHY, Standing.NO_REASON), (SCORE, Standing.OUTSIDE)):
        rule = {"type": "formula", "criteria": f'={hint}="{word}"', "format": alert}
        page.conditional_format(grid.first, col[key], grid.last, col[key], rule)
    mark_changes(grid.paper, grid.first, grid.last, col["difference"])


def _run_rules(grid: Grid, reasons: str, first: int, last: int) -> None:
    page, col = grid.paper.page, grid.col
    score, points = grid.ref(SCORE, first), f"${grid.ref('points', first)}"
    within = f"=AND(ISNUMBER({score}),{score}>=0,{score}<={points},ROUND({score},2)={score})"
    page.data_validation(first, col[SCORE], last, col[SCORE], {
        "validate": "custom",
        "value": within,
        "error_title": "请核对复核得分",
        "error_message": "请填 0 至分值之间的数，最多两位小数；留空即保留认定得分。",
        "input_title": "复核得分",
        "input_message": "0 至分值之间，最多两位小数。留空即保留认定得分。",
    })  # fmt: skip
    rule: dict[str, Any] = {"validate": "any"}
    if reasons:
        rule = {"validate": "list", "source": reasons, "show_error": False}
    rule |= {"input_title": "复核理由", "input_message": "与认定得分不同时必填。可以从下拉列表中选，也可以自己写。"}
    page.data_validation(first, col[WHY], last, col[WHY], rule)
