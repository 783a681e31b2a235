"""The summary workbook (汇总): the sheets on the batch, then one result sheet for each department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from perfxl.results.batch import Batch
from perfxl.results.cells import Book
from perfxl.results.context import Context, contexts_of
from perfxl.results.department import STAGE_SHEETS, has_books
from perfxl.results.plan import OVERVIEW, SummaryPlan
from perfxl.results.several import plans_of
from perfxl.results.sheets import summary_sheets
from perfxl.results.sheets.form import write_form
from perfxl.results.sheets.monitor_schemes import write_monitored_schemes
from perfxl.results.sheets.overview_matters import with_matters
from perfxl.results.sheets.overview_schemes import write_schemes
from perfxl.results.sheets.ranking import ranked_at
from perfxl.results.summary_sheet import SummarySheet
from perfxl.scheme.model import Stage


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
    department_sheets = department_sheets and has_books(batch.scheme)
    header = batch.scheme.header
    several = len(batch.all_schemes) > 1
    title = f"{batch.scheme.year}年度绩效评价汇总" if several else f"{header.title}汇总"
    with Book(path, title, header.bureau, batch.started) as book:
        # What the sheets are planned by is let go before the book is put together.
        _write_sheets(book, batch, contexts, department_sheets, department_books)


def _write_sheets(
    book: Book, batch: Batch, contexts: Mapping[str, Context], department_sheets: bool, department_books: bool
) -> None:
    write = _write_several if len(batch.all_schemes) > 1 else _write_one
    for plan in write(book, batch, contexts, department_sheets, department_books):
        for place, department in enumerate(plan.departments if department_sheets else ()):
            page, full = book.page(plan.sheets[department.file]), plan.batch.full_result(department)
            if plan.scheme.asks_scores:
                write_form(page, plan.context, full, ranked_at(plan, place))
            else:
                write_first, _ = next(iter(STAGE_SHEETS[plan.scheme.stage].values()))
                write_first(page, plan.context, full)


def _of_stage(batch: Batch) -> list[SummarySheet]:
    """The sheets that there are at the stage of a batch, as far as it has anything for them."""
    return [sheet for sheet in summary_sheets() if batch.scheme.stage in sheet.stages and sheet.present(batch)]


def _write_one(
    book: Book, batch: Batch, contexts: Mapping[str, Context], department_sheets: bool, department_books: bool
) -> list[SummaryPlan]:
    """The sheets on a batch of one scheme; its plan."""
    sheets = [sheet for sheet in _of_stage(batch) if sheet.wanted(batch.scheme)]
    (context,) = contexts.values()
    plan = SummaryPlan(batch, context, [sheet.name for sheet in sheets], department_sheets, department_books)
    if batch.scheme.asks_scores:
        plan = with_matters(plan)
    for sheet in sheets:
        sheet.write(book, plan)
    return [plan]


def _write_several(
    book: Book, batch: Batch, contexts: Mapping[str, Context], department_sheets: bool, department_books: bool
) -> list[SummaryPlan]:
    """The sheets on a batch of several schemes: 总览, those of each scheme, the lists of all; the schemes' plans."""
    sheets = _of_stage(batch)
    whole, parts = plans_of(
        batch, contexts, sheets, department_sheets=department_sheets, department_books=department_books
    )
    if batch.scheme.asks_scores:
        parts = [replace(part, plan=with_matters(part.plan)) if part.sheets else part for part in parts]
        write_schemes(book.page(OVERVIEW), whole, parts)
    elif batch.scheme.stage is Stage.MONITORING:
        write_monitored_schemes(book.page(OVERVIEW), whole, parts)
    first = [sheet for sheet in sheets if sheet.common and sheet.name == OVERVIEW]
    for sheet in first:
        sheet.write(book, whole)
    for part in parts:
        for sheet in part.sheets:
            sheet.write(book, part.plan)
    for sheet in sheets:
        if sheet.common and sheet not in first:
            sheet.write(book, whole)
    return [part.plan for part in parts]
