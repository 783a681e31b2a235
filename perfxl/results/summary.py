"""The summary workbook (汇总): the sheets on the batch, then one result sheet for each department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from perfxl.results.batch import Batch
from perfxl.results.cells import Book
from perfxl.results.context import Context, contexts_of
from perfxl.results.plan import OVERVIEW, SummaryPlan
from perfxl.results.several import plans_of
from perfxl.results.sheets import summary_sheets
from perfxl.results.sheets.form import write_form
from perfxl.results.sheets.overview_matters import with_matters
from perfxl.results.sheets.overview_schemes import write_schemes
from perfxl.results.sheets.ranking import ranked_at


def write_summary(
    batch: Batch,
    path: Path,
    *,
    department_sheets: bool = True,
    department_books: bool = True,
    contexts: Mapping[str, Context] | None = None,
) -> None:
    """Writes the summary of a batch to `path`.

    department_sheets: whether each department has a sheet of its own (some thousands of sheets are slow to open).
    department_books: whether each has a workbook in the folder 部门结果, to be linked to. contexts: those of
    `contexts_of`, where they are already worked out. Raises OSError where the path cannot be written.
    """
    contexts = contexts or contexts_of(batch)
    header = batch.scheme.header
    several = len(batch.all_schemes) > 1
    title = f"{batch.scheme.year}年度绩效评价汇总" if several else f"{header.title}汇总"
    with Book(path, title, header.bureau, batch.started) as book:
        write = _write_several if several else _write_one
        for plan in write(book, batch, contexts, department_sheets, department_books):
            for place, department in enumerate(plan.departments if department_sheets else ()):
                page = book.page(plan.sheets[department.file])
                write_form(page, plan.context, plan.batch.full_result(department), ranked_at(plan, place))


def _write_one(
    book: Book, batch: Batch, contexts: Mapping[str, Context], department_sheets: bool, department_books: bool
) -> list[SummaryPlan]:
    """The sheets on a batch of one scheme; its plan."""
    sheets = [sheet for sheet in summary_sheets() if sheet.wanted(batch.scheme) and sheet.present(batch)]
    (context,) = contexts.values()
    plan = SummaryPlan(batch, context, [sheet.name for sheet in sheets], department_sheets, department_books)
    plan = with_matters(plan)
    for sheet in sheets:
        sheet.write(book, plan)
    return [plan]


def _write_several(
    book: Book, batch: Batch, contexts: Mapping[str, Context], department_sheets: bool, department_books: bool
) -> list[SummaryPlan]:
    """The sheets on a batch of several schemes: 总览, those of each scheme, the lists of all; the schemes' plans."""
    sheets = [sheet for sheet in summary_sheets() if sheet.present(batch)]
    whole, parts = plans_of(
        batch, contexts, sheets, department_sheets=department_sheets, department_books=department_books
    )
    parts = [replace(part, plan=with_matters(part.plan)) if part.sheets else part for part in parts]
    write_schemes(book.page(OVERVIEW), whole, parts)
    for part in parts:
        for sheet in part.sheets:
            sheet.write(book, part.plan)
    for sheet in sheets:
        if sheet.common:
            sheet.write(book, whole)
    return [part.plan for part in parts]
