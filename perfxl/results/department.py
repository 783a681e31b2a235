"""The workbook that goes back to a department: its own result and nothing of any other department."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from perfxl.deflate import QUICK
from perfxl.layout.result_marks import OBJECTIONS, RESULT_SHEET, ResultMark
from perfxl.results.cells import Book, Page
from perfxl.results.context import Context
from perfxl.results.sheets.details import write_kpis
from perfxl.results.sheets.earlier import EARLIER, write_earlier
from perfxl.results.sheets.facts import FACTS, write_facts
from perfxl.results.sheets.form import paper_header, write_form
from perfxl.results.sheets.monitor_form import SHEET_NAME as MONITORED
from perfxl.results.sheets.monitor_form import write_monitoring
from perfxl.results.sheets.objection_form import write_objections
from perfxl.results.sheets.official import OFFICIAL, write_official
from perfxl.results.sheets.rectification import RECTIFICATION, write_rectification
from perfxl.results.sheets.spending import explained_below, has_spending, write_spending
from perfxl.results.sheets.targets_form import write_targets_form
from perfxl.results.sheets.years_repeats import OWN as OWN_REPEATS
from perfxl.results.sheets.years_repeats import has_repeats, write_own_repeats
from perfxl.scheme.model import Scheme, Stage
from perfxl.scoring.result import DepartmentResult
from perfxl.xlsx.texts import clean

Write = Callable[[Page, Context, DepartmentResult], None]
Wanted = Callable[[Context, DepartmentResult], bool]
Sheets = Mapping[str, tuple[Write, Wanted]]
SHEETS: Sheets = {
    "评分结果": (write_form, lambda *_: True),
    "指标完成": (write_kpis, lambda context, _: context.scheme.has_kpis),
    "支出情况": (write_spending, lambda context, _: has_spending(context.scheme)),
    FACTS: (write_facts, lambda context, one: bool(one.facts) and not explained_below(context.scheme, one)),
    OFFICIAL: (write_official, lambda _, one: bool(one.official)),
    OWN_REPEATS: (write_own_repeats, has_repeats),
    EARLIER: (write_earlier, lambda _, one: bool(one.earlier)),
    RECTIFICATION: (write_rectification, lambda *_: True),
}
"""Each sheet by its name: how it is written, and whether a department has it."""
MONITORING: Sheets = {
    MONITORED: (write_monitoring, lambda *_: True),
    OFFICIAL: SHEETS[OFFICIAL],
    EARLIER: SHEETS[EARLIER],
    RECTIFICATION: SHEETS[RECTIFICATION],
}
TARGET_SHEETS: Sheets = {
    "绩效目标": (write_targets_form, lambda *_: True),
    EARLIER: (write_earlier, lambda _, one: bool(one.earlier)),
    RECTIFICATION: (write_rectification, lambda *_: True),
}
STAGE_SHEETS: Mapping[Stage, Sheets] = {
    Stage.SELF_REVIEW: SHEETS,
    Stage.TARGETS: TARGET_SHEETS,
    Stage.MONITORING: MONITORING,
}
"""The sheets of a department's workbook by the stage of the year, the first of them its sheet in the summary too. At a
stage without any departments get no workbook."""


def has_books(scheme: Scheme) -> bool:
    """Whether departments have workbooks and sheets of their own at the stage of a scheme."""
    return scheme.stage in STAGE_SHEETS


def write_department(context: Context, department: DepartmentResult, path: Path) -> None:
    """Writes one department's result workbook to `path`.

    Raises OSError where the path cannot be written.
    """
    header = context.scheme.header
    title = f"{header.results_titled('')} {department.title}"
    with Book(path, title, header.bureau, context.started, QUICK) as book:
        sheets = STAGE_SHEETS[context.scheme.stage]
        wanted = [(name, write) for name, (write, has) in sheets.items() if has(context, department)]
        pages = [(book.page(name), write) for name, write in wanted]
        if context.scheme.asks_scores:
            pages.append((book.form_page(OBJECTIONS), write_objections))
        above = paper_header(context, department)
        for page, write in pages:
            page.header = above
            write(page, context, department)
        _mark(book, context, department)


def _mark(book: Book, context: Context, department: DepartmentResult) -> None:
    """The hidden sheet by which the workbook is known when it comes back."""
    started = context.started.isoformat(timespec="seconds")
    item = department
    mark = ResultMark(item.scheme or context.scheme.id, item.code, item.name, item.project, item.project_code, started)
    page = book.workbook.add_form(RESULT_SHEET)
    for row, (key, text) in enumerate(mark.rows):
        page.write_string(row, 0, key)
        page.write_string(row, 1, clean(text))
    page.protect()
    page.very_hidden()
