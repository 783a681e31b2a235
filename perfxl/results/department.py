"""The workbook that goes back to a department: its own result and nothing of any other department."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from perfxl.deflate import QUICK
from perfxl.results.cells import Book, Page
from perfxl.results.context import Context
from perfxl.results.sheets.details import write_kpis, write_rectification
from perfxl.results.sheets.earlier import EARLIER, write_earlier
from perfxl.results.sheets.facts import FACTS, write_facts
from perfxl.results.sheets.form import write_form
from perfxl.results.sheets.spending import explained_below, has_spending, write_spending
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult

Write = Callable[[Page, Context, DepartmentResult], None]
Wanted = Callable[[Scheme, DepartmentResult], bool]
SHEETS: dict[str, tuple[Write, Wanted]] = {
    "评分结果": (write_form, lambda *_: True),
    "指标完成": (write_kpis, lambda scheme, _: scheme.has_kpis),
    "支出情况": (write_spending, lambda scheme, _: has_spending(scheme)),
    FACTS: (write_facts, lambda scheme, one: bool(one.facts) and not explained_below(scheme, one)),
    EARLIER: (write_earlier, lambda _, one: bool(one.earlier)),
    "问题与整改": (write_rectification, lambda *_: True),
}
"""Each sheet by its name: how it is written, and whether a department has it."""


def write_department(context: Context, department: DepartmentResult, path: Path) -> None:
    """Writes one department's result workbook to `path`.

    Raises OSError where the path cannot be written.
    """
    header = context.scheme.header
    title = f"{header.title}结果 {department.title}"
    with Book(path, title, header.bureau, context.started, QUICK) as book:
        wanted = [(name, write) for name, (write, has) in SHEETS.items() if has(context.scheme, department)]
        for page, write in [(book.page(name), write) for name, write in wanted]:
            write(page, context, department)
