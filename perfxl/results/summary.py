"""The summary workbook (汇总): the sheets on the batch, then one result sheet for each department."""

from __future__ import annotations

from pathlib import Path

from perfxl.results.batch import Batch
from perfxl.results.cells import Book
from perfxl.results.context import Context
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets import summary_sheets
from perfxl.results.sheets.form import write_form
from perfxl.results.sheets.ranking import ranked_at


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
    sheets = [sheet for sheet in summary_sheets() if sheet.wanted(batch.scheme)]
    plan = SummaryPlan(batch, context, [sheet.name for sheet in sheets], department_sheets, department_books)
    header = batch.scheme.header
    with Book(path, f"{header.title}汇总", header.bureau, batch.started) as book:
        for sheet in sheets:
            sheet.write(book, plan)
        if department_sheets:
            for place, department in enumerate(plan.departments):
                page = book.page(plan.sheets[department.file])
                write_form(page, context, batch.full_result(department), ranked_at(place))
