"""The summary workbook (汇总): seven sheets on the batch, then one result sheet for each department."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from perfxl.results.batch import Batch
from perfxl.results.cells import Book, Page
from perfxl.results.context import FIXED_SHEETS, Context
from perfxl.results.names import quoted
from perfxl.results.plan import Plan
from perfxl.results.sheets.analysis import write_analysis
from perfxl.results.sheets.deductions import deductions_table, write_deductions
from perfxl.results.sheets.files import files_table, write_files
from perfxl.results.sheets.findings import findings_table, write_findings
from perfxl.results.sheets.form import write_form
from perfxl.results.sheets.matrix import write_matrix
from perfxl.results.sheets.overview import write_overview
from perfxl.results.sheets.ranking import FIRST, NAME_COLUMN, write_ranking
from perfxl.results.tables import Table

ONE_PAGE: Mapping[str, Callable[[Page, Plan], None]] = {
    "总览": write_overview,
    "排名": write_ranking,
    "得分矩阵": write_matrix,
    "指标分析": write_analysis,
}
LISTS: Mapping[str, tuple[Callable[[Plan], Table[Any]], Callable[[Sequence[Page], Plan], None]]] = {
    "扣分明细": (deductions_table, write_deductions),
    "问题清单": (findings_table, write_findings),
    "收件清单": (files_table, write_files),
}
"""Those that go on over several sheets where they are longer than one."""


def write_summary(
    batch: Batch,
    path: Path,
    *,
    department_sheets: bool = True,
    department_books: bool = True,
    context: Context | None = None,
) -> None:
    """Writes the summary of a batch to `path`.

    department_sheets: whether each department has a sheet of its own (some thousands of sheets are slow to open).
    department_books: whether each has a workbook in the folder 部门结果, to be linked to. context: the batch's context
    where it is already worked out. Raises OSError where the path cannot be written.
    """
    context = context or Context.of(batch)
    plan = Plan(batch, context, department_sheets, department_books)
    header = batch.scheme.header
    with Book(path, f"{header.title}汇总", header.bureau, batch.started) as book:
        for name in FIXED_SHEETS:
            if name in ONE_PAGE:
                ONE_PAGE[name](book.page(name) if name == "总览" else book.long_page(name), plan)
            else:
                table, write = LISTS[name]
                write([book.long_page(sheet) for sheet in table(plan).sheets], plan)
        if department_sheets:
            for row, department in enumerate(plan.departments, FIRST):
                page = book.page(plan.sheets[department.file])
                write_form(page, context, batch.whole(department), f"internal:{quoted('排名')}!{NAME_COLUMN}{row}")
