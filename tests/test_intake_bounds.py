"""How far a workbook may be changed and still be read by its hidden keys; where a table that lost them ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from perfxl.checks.finding import Finding
from perfxl.scheme.model import Scheme
from tests.books import by_hand, filled, process
from tests.findings import clean_document

KPIS, TASKS = "绩效指标", "重点任务"
BY_LABEL, NOT_FOUND, BELOW = "W012", "E005", "W013"
Change = Callable[[Workbook], None]


def after(change: Change, scheme: Scheme, folder: Path) -> tuple[list[Finding], list[str]]:
    """The findings of the clean workbook with a change made by hand, and the tasks that were read."""
    path = by_hand(filled(clean_document(), scheme, folder / "book.xlsx"), change)
    scored = process(path, scheme)
    assert scored.result is not None
    return scored.findings, [task.name for task in scored.result.tasks]


def codes(found: list[Finding]) -> set[str]:
    return {item.code for item in found} & {BY_LABEL, NOT_FOUND, BELOW}


@pytest.mark.parametrize(("inserted", "told"), [(0, set()), (1, set()), (5, set()), (6, {BY_LABEL})])
def test_the_hidden_keys_are_found_in_the_first_six_columns(
    inserted: int, told: set[str], scheme: Scheme, tmp_path: Path
) -> None:
    def insert(book: Workbook) -> None:
        if inserted:
            book[TASKS].insert_cols(1, inserted)

    found, tasks = after(insert, scheme, tmp_path)
    assert codes(found) == told
    assert tasks == ["统筹增城区科普工作"]


def test_all_keys_stand_in_the_column_of_the_first(scheme: Scheme, tmp_path: Path) -> None:
    """What a department writes is no mark, not even a mark's own words in another column."""

    def write(book: Workbook) -> None:
        book[TASKS].cell(7, 3).value = "@end"
        book[TASKS].cell(8, 2).value = "@tasks"

    found, tasks = after(write, scheme, tmp_path)
    assert codes(found) == set()
    assert tasks == ["统筹增城区科普工作", "", "@tasks"]


def task_table(book: Workbook) -> tuple[int, int]:
    """Row of the first task, and of the mark below the table."""
    marks = {str(row[0].value): row[0].row for row in book[TASKS].iter_rows(max_col=1) if row[0].value}
    end = next(row for mark, row in marks.items() if mark.startswith("@") and row > 5)
    return next(row for mark, row in marks.items() if mark == "t001"), end


@pytest.mark.parametrize(
    ("texts", "told"),
    [({2: "另一任务"}, set()), ({3: "12"}, set()), ({2: "另一任务", 3: 12}, {BELOW}), ({2: "另一任务", 4: 9}, {BELOW})],
)
def test_a_row_below_a_table_has_at_least_two_cells(
    texts: dict[int, object], told: set[str], scheme: Scheme, tmp_path: Path
) -> None:
    """One cell alone is a remark or a signature."""

    def write(book: Workbook) -> None:
        _, end = task_table(book)
        for column, text in texts.items():
            book[TASKS].cell(end + 2, column).value = text

    found, tasks = after(write, scheme, tmp_path)
    assert codes(found) == told
    assert tasks == ["统筹增城区科普工作"], "what stands below is told and not read"


@pytest.mark.parametrize(
    ("text", "beside", "tasks"),
    [
        ("一" * 20, None, ["统筹增城区科普工作", "一" * 20, "后面的任务"]),
        ("一" * 21, None, ["统筹增城区科普工作"]),
        ("一" * 21, 5, ["统筹增城区科普工作", "一" * 21, "后面的任务"]),
        ("合计", 5, ["统筹增城区科普工作"]),
        ("合计数", 5, ["统筹增城区科普工作", "合计数", "后面的任务"]),
        (None, 5, ["统筹增城区科普工作", "", "后面的任务"]),
    ],
    ids=["20 signs", "21 signs", "21 signs with an amount", "total", "nearly a total", "an amount alone"],
)
def test_a_table_without_keys_ends_at_its_total_or_a_long_note(
    text: str | None, beside: int | None, tasks: list[str], scheme: Scheme, tmp_path: Path
) -> None:
    def write(book: Workbook) -> None:
        sheet = book[TASKS]
        first, _ = task_table(book)
        for column, value in ((2, text), (3, beside)):
            sheet.cell(first + 1, column).value = value
        sheet.cell(first + 2, 2).value, sheet.cell(first + 2, 3).value = "后面的任务", 3
        sheet.delete_cols(1)

    found, read = after(write, scheme, tmp_path)
    assert read == tasks
    # What then stands below its end is told.
    assert codes(found) == ({BY_LABEL} if len(tasks) == 3 else {BY_LABEL, BELOW})
