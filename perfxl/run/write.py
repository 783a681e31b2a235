"""Writes the workbooks of a run into its staging folder: summary, departments, copies to mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from perfxl.checks.finding import Finding
from perfxl.layout.fields import FieldId
from perfxl.results.batch import Batch, Status
from perfxl.results.context import DEPARTMENT_FOLDER, Context
from perfxl.results.department import write_department
from perfxl.results.returned import RETURNED_FOLDER, write_returned_copy
from perfxl.results.summary import write_summary
from perfxl.run.chunk import Scored
from perfxl.run.details import Details, Spot, unpack
from perfxl.run.workers import Workers
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult

BOOKS_AT_ONCE = 16
Contents = Mapping[FieldId, Decimal | str]
Copy = tuple[str, Sequence[Finding], Contents]
"""File name, findings and contents of a copy to mend."""
BookCall = tuple[Context, Sequence[DepartmentResult], Path, Mapping[str, Spot], Path]
"""What `_write_departments` takes."""


def write_results(
    batch: Batch,
    scored: Sequence[Scored],
    details: Details,
    staging: Path,
    workers: Workers,
    progress: Callable[[int, int], None],
    *,
    department_sheets: int,
    department_books: bool = True,
    copies_for_all: bool = False,
) -> str:
    """Writes all workbooks; the name of the summary.

    department_sheets: up to how many departments the summary has a sheet for each. department_books: whether each
    department gets a workbook of its own. copies_for_all: whether every department with findings gets a copy to mend,
    and not only those that are returned. progress: workbooks written, of how many.
    """
    context = Context.of(batch)
    copies = _copies(batch, scored, context, copies_for_all)
    batch.copies = {file: name for file, (name, _, _) in copies.items()}
    departments = batch.departments if department_books else []
    total = len(departments) + len(copies) + 1
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    told(0)
    for folder, needed in ((DEPARTMENT_FOLDER, departments), (RETURNED_FOLDER, copies)):
        if needed:
            (staging / folder).mkdir()
    book_futures = {
        workers.submit(_write_departments, *_books(context, chunk, details, staging)): chunk
        for chunk in workers.chunks(departments, BOOKS_AT_ONCE)
    }
    copy_futures = {
        workers.submit(_write_copies, batch.scheme, chunk, staging / RETURNED_FOLDER): chunk
        for chunk in workers.chunks(list(copies.values()), BOOKS_AT_ONCE)
    }
    # The summary is written here while the workers write the departments' workbooks.
    name = f"{batch.scheme.year}年度绩效评价汇总.xlsx"
    sheets = len(batch.departments) <= department_sheets
    if sheets:
        batch.departments = unpack(details.path, batch.departments, details.spots)
    write_summary(batch, staging / name, department_sheets=sheets, department_books=department_books, context=context)
    told(1)
    for books, answer in workers.answers(book_futures):
        if answer is None:
            _write_departments(*_books(context, books, details, staging))
        told(len(books))
    for chunk, answer in workers.answers(copy_futures):
        if answer is None:
            _write_copies(batch.scheme, chunk, staging / RETURNED_FOLDER)
        told(len(chunk))
    return name


def _copies(batch: Batch, scored: Sequence[Scored], context: Context, for_all: bool) -> dict[str, Copy]:
    """What to write for each department that has to mend something, by its file."""
    contents = {item.record.path: item.contents for item in scored if item.contents is not None}
    copies: dict[str, Copy] = {}
    for department in batch.departments:
        held = contents.get(department.file)
        findings = context.findings_of(department)
        # Where all errors were accepted there is nothing left to mend.
        if held is not None and findings and (department.status == Status.RETURNED.value or for_all):
            copies[department.file] = (f"{context.files[department.file]}.xlsx", findings, held)
    return copies


def _books(context: Context, chunk: Sequence[DepartmentResult], details: Details, staging: Path) -> BookCall:
    return context.only(chunk), chunk, details.path, details.of(chunk), staging / DEPARTMENT_FOLDER


def _write_departments(
    context: Context, departments: Sequence[DepartmentResult], details: Path, spots: Mapping[str, Spot], folder: Path
) -> int:
    for department in unpack(details, departments, spots):
        write_department(context, department, folder / f"{context.files[department.file]}.xlsx")
    return len(departments)


def _write_copies(scheme: Scheme, copies: Sequence[Copy], folder: Path) -> int:
    for name, findings, contents in copies:
        write_returned_copy(scheme, findings, contents, folder / name)
    return len(copies)
