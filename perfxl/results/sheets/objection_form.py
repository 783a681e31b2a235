"""异议 of a department's own workbook: what it objects to, in yellow cells, read when the workbook comes back."""

from __future__ import annotations

from functools import partial

from perfxl.layout.result_marks import BASIS, CLAIM, COLUMN_SIGN, OBJECTIONS, ROW_SIGN
from perfxl.results.cells import Page
from perfxl.results.context import Context
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.words import outside_name
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.xlsx.texts import clean

WIDTHS = (4.0, 7.0, 28.0, 6.0, 7.5, 7.5, 7.5, 7.5, 44.0, 32.0)
HEADINGS = (
    "代码",
    "三级指标",
    "分值",
    "自评",
    "计算",
    "复核",
    "认定",
    "异议（认为应得几分、为什么）",
    "依据（文件、佐证材料）",
)
FIRST = 4
SCORES, SCORE_LOOKS = 4, ("box score", "box score", "box score", "box score bold")
KEYS = 2
OPEN = "box text wrap input open"
WHOLE = "其他（不针对某项指标）"
_ALLOWED = ("format_cells", "format_columns", "format_rows")


def write_objections(page: Page, context: Context, department: DepartmentResult) -> None:
    """Writes the sheet, a row for each indicator."""
    sheet, scheme = page.sheet, context.scheme
    sheet.write_same(OBJECTIONS, scheme, partial(_write_same, page, scheme))
    # A sheet to be filled takes texts as they are.
    page.put(0, 1, clean(f"{OBJECTIONS}：{department.title}"), "title")
    scores = {score.code: score for score in department.scores}
    for row, indicator in enumerate(scheme.indicators, FIRST):
        if (score := scores.get(indicator.code)) is not None:
            page.cells(row, SCORES, [score.self_score, score.computed, score.review, score.score], SCORE_LOOKS)
    sheet.freeze_panes(FIRST, 3)
    sheet.protect("", dict.fromkeys(_ALLOWED, True))
    last = FIRST + len(scheme.indicators)
    page.print_setup(landscape=True, repeat=(KEYS + 1, KEYS + 1), area=(last, len(WIDTHS) - 1))


def _write_same(page: Page, scheme: Scheme) -> None:
    """All that is the same for all departments."""
    sheet = page.sheet
    sheet.set_column(0, 0, WIDTHS[0], None, {"hidden": True})
    for column, width in enumerate(WIDTHS[1:], 1):
        sheet.set_column(column, column, width)
    page.height(0, 28)
    note = "对认定结果有异议的，在相应指标的黄色单元格填写，没有异议的留空；填好后把本工作簿报回。"
    page.put(1, 1, note, "note")
    page.height(1, 18)
    page.put(KEYS, 8, COLUMN_SIGN + CLAIM, "muted")
    page.put(KEYS, 9, COLUMN_SIGN + BASIS, "muted")
    sheet.set_row(KEYS, None, None, {"hidden": True})
    page.row(KEYS + 1, 1, list(HEADINGS), "head")
    page.height(KEYS + 1, 32)
    row = FIRST
    for indicator in scheme.indicators:
        name = clean(outside_name(indicator))
        page.put(row, 0, ROW_SIGN + indicator.code, "muted")
        page.put(row, 1, indicator.code, "box center")
        page.put(row, 2, name, "box text wrap")
        page.put(row, 3, indicator.points, "box center points")
        page.cells(row, SCORES, [None] * len(SCORE_LOOKS), SCORE_LOOKS)
        _open(page, row, text_lines(name, WIDTHS[2]))
        row += 1
    page.put(row, 0, ROW_SIGN, "muted")
    page.merged(row, 1, row, 7, WHOLE, "box text")
    _open(page, row, 2)


def _open(page: Page, row: int, lines: int) -> None:
    """The cells to fill; a row grows with what is typed."""
    page.row(row, 8, [None, None], OPEN)
    # Two lines at least, to be written on by hand too.
    page.height(row, row_height(max(lines, 2)))
    page.sheet.fit(row)
