"""The workbook that goes back to a department: its own result and nothing of any other department."""

from __future__ import annotations

from pathlib import Path

from perfxl.deflate import QUICK
from perfxl.results.cells import Book
from perfxl.results.context import Context
from perfxl.results.sheets.details import write_kpis, write_rectification
from perfxl.results.sheets.form import write_form
from perfxl.results.sheets.spending import write_spending
from perfxl.scoring.result import DepartmentResult

SHEETS = ("评分结果", "指标完成", "支出情况", "问题与整改")


def write_department(context: Context, department: DepartmentResult, path: Path) -> None:
    """Writes one department's result workbook to `path`.

    Raises OSError where the path cannot be written.
    """
    header = context.scheme.header
    title = f"{header.title}结果 {department.name}"
    with Book(path, title, header.bureau, context.started, QUICK) as book:
        result, kpis, spending, rectification = (book.page(name) for name in SHEETS)
        write_form(result, context, department)
        write_kpis(kpis, context, department)
        write_spending(spending, context, department)
        write_rectification(rectification, department, context.findings_of(department))
