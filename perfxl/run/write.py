"""Writes the workbooks of a run into its staging folder: summary, departments, copies to mend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from perfxl.lists.approved_columns import FILE_NAME as APPROVED_LIST
from perfxl.processes import Lost
from perfxl.register.model import line_key
from perfxl.results.batch import Batch, Status
from perfxl.results.context import DEPARTMENT_FOLDER, PROVISIONAL_FOLDER, Context, contexts_of, folder_of
from perfxl.results.department import has_books, write_department
from perfxl.results.form_cells import FormCells
from perfxl.results.names import summary_of
from perfxl.results.returned import RETURNED_FOLDER, write_returned_copy
from perfxl.results.summary import write_summary
from perfxl.results.targets import approved_list
from perfxl.results.words import Words
from perfxl.run.details_reader import DetailsReader
from perfxl.run.garbage import gc_paused
from perfxl.run.workers import Workers
from perfxl.scheme.model import Scheme, Stage
from perfxl.scoring import DepartmentResult
from perfxl.template.correction import Returning

BOOKS_AT_ONCE, FEWEST_AT_ONCE = 64, 4
Copy = tuple[str, str, str, str]
"""The path of a department's file, the name of its copy to mend, the SHA-256 of the file, and the day on which it is
due again, as the register has it."""


def write_results(
    batch: Batch,
    slim: Sequence[DepartmentResult],
    stored: DetailsReader,
    staging: Path,
    workers: Workers,
    progress: Callable[[int, int], None],
    *,
    department_sheets: int,
    department_books: bool = True,
    copies_for_all: bool = False,
    besides: Sequence[Callable[[], int]] = (),
    meanwhile: Callable[[], None] = lambda: None,
) -> str:
    """Writes all workbooks; the name of the summary.

    slim: the departments as they are sent to workers, without what these read from `stored`. department_sheets: up to
    how many departments the summary has a sheet for each. department_books: whether each department gets a workbook of
    its own. copies_for_all: whether every department with findings gets a copy to mend, and not only those that are
    returned. progress: workbooks written, of how many. besides: what else any process may do; each gives how many of
    the workbooks it has written. meanwhile: what else is done here while the workers write.
    """
    contexts = contexts_of(batch)
    copies = {scheme: _copies(batch, own, for_all=copies_for_all) for scheme, own in contexts.items()}
    batch.copies = {file: name for some in copies.values() for file, name, *_ in some}
    # Nobody reads from disk what is here.
    here = batch.details is None and not workers.parallel
    department_books = department_books and has_books(batch.scheme)
    department_sheets = department_sheets if has_books(batch.scheme) else 0
    departments = (batch.departments if here else slim) if department_books else []
    sheets = len(batch.departments) <= department_sheets
    if here and sheets and departments:
        # The same sheet stands in the department's workbook and in the summary.
        forms: dict[str, FormCells] = {}
        contexts = {scheme: replace(own, forms=forms) for scheme, own in contexts.items()}
    total = len(departments) + len(batch.copies) + 1
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    told(0)
    for folder in (*dict.fromkeys(map(folder_of, departments)), *([RETURNED_FOLDER] if batch.copies else [])):
        (staging / folder).mkdir()
    # What each call carries is put together when it is sent: that of all together would be in memory until the end.
    calls: list[Callable[[], Callable[[], int]]] = [partial(_itself, one) for one in besides]
    if batch.scheme.stage is Stage.TARGETS:
        calls.append(partial(approved_list, batch, batch.targets, staging / APPROVED_LIST))
    # What takes long first: at the end all workers should be done at the same time.
    for scheme, whole in contexts.items():
        calls += [
            partial(_copies_call, whole.scheme, some, stored, staging, batch.started.date())
            for some in workers.chunks(copies[scheme], BOOKS_AT_ONCE, smallest=FEWEST_AT_ONCE)
        ]
    for scheme, whole in contexts.items():
        own_departments = _of_scheme(departments, scheme, contexts)
        calls += [
            partial(_departments_call, whole, chunk, None if here else stored, staging)
            for chunk in workers.chunks(own_departments, BOOKS_AT_ONCE, smallest=FEWEST_AT_ONCE)
        ]
    workers.start(call() for call in calls)
    # The summary is written here while the workers write the departments' workbooks.
    name = summary_of(batch.scheme)
    if not sheets and department_sheets:
        one = Words.joined(own.words for own in contexts.values()).one
        batch.notes.append(
            f"{one}多于 {department_sheets} 个，本工作簿不设各{one}的结果页"
            + (
                f"；各{one}的结果在“{DEPARTMENT_FOLDER}”（退回的在“{PROVISIONAL_FOLDER}”）文件夹，“排名”最右一列可以打开。"
                if department_books
                else "。"
            )
        )
    write_summary(batch, staging / name, department_sheets=sheets, department_books=department_books, contexts=contexts)
    told(1)
    meanwhile()
    for number, answer in workers.finish():
        # What a worker has not written is written here, and raises here what it may.
        told(calls[number]()() if isinstance(answer, Lost) else answer)
    return name


def _itself(call: Callable[[], int]) -> Callable[[], int]:
    return call


def _copies_call(
    scheme: Scheme, copies: Sequence[Copy], stored: DetailsReader, staging: Path, today: date
) -> Callable[[], int]:
    """The call that writes some copies, in any process."""
    return partial(_write_copies, scheme, copies, stored.only(file for file, *_ in copies), staging, today)


def _departments_call(
    whole: Context, departments: Sequence[DepartmentResult], stored: DetailsReader | None, staging: Path
) -> Callable[[], int]:
    """The call that writes the workbooks of some departments, in any process. stored: None where nothing is read."""
    share = None if stored is None else stored.only(item.file for item in departments)
    own = whole.only(departments, whole.findings if share is None else share)
    return partial(_write_departments, own, departments, share, staging)


def _of_scheme(
    departments: Sequence[DepartmentResult], scheme: str, schemes: Collection[str]
) -> Sequence[DepartmentResult]:
    """The departments of one of the schemes; all of them where there is only one."""
    return departments if len(schemes) == 1 else [item for item in departments if item.scheme == scheme]


def _copies(batch: Batch, context: Context, *, for_all: bool) -> list[Copy]:
    """Who of a scheme gets a copy: the returned, and on demand all others that have something to mend."""
    digests = {item.path: item.sha256 for item in batch.files if for_all or item.status is Status.RETURNED}
    due = {line.key: line.due for line in batch.register if line.status == Status.RETURNED.label}
    return [
        (
            item.file,
            f"{context.files[item.file]}.xlsx",
            digest := digests.get(item.file, ""),
            due.get(line_key(digest, item.file), ""),
        )
        for item in batch.of(context.scheme).departments
        if item.status == Status.RETURNED or (for_all and context.count_of(item))
    ]


def _write_departments(
    context: Context, departments: Sequence[DepartmentResult], stored: DetailsReader | None, staging: Path
) -> int:
    with gc_paused(), nullcontext() if stored is None else stored.reader:
        for item in departments:
            path = staging / context.book_path(item)
            if stored is None:
                write_department(context, item, path)
            else:
                own = context.only([item], {item.file: stored[item.file]})
                write_department(own, stored.result(item), path)
    return len(departments)


def _write_copies(scheme: Scheme, copies: Sequence[Copy], stored: DetailsReader, staging: Path, today: date) -> int:
    with gc_paused(), stored.reader:
        for file, name, sha256, due in copies:
            path = staging / RETURNED_FOLDER / name
            contents, besides = stored.contents(file)
            write_returned_copy(scheme, stored[file], contents, path, sha256, Returning(today, due, besides))
    return len(copies)
