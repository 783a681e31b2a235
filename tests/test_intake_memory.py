"""What is remembered of earlier workbooks (where keys stand) makes no difference to how a workbook is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from perfxl import caches
from perfxl.intake.submission import Submission, read_submission
from perfxl.layout import Layout, layout_of
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import by_hand, filled
from tests.findings import clean_document
from tests.test_check_keys import COPIES, ODD
from tests.test_check_structure import HARMLESS, LOST, MANAGEMENT, SCORES, Change


def mark_above(book: Workbook) -> None:
    """A mark that someone wrote above the first block, in another column."""
    sheet = book[SCORES]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.cell(1, 3).value = "@scores"


def new_layout(scheme: Scheme) -> Layout:
    caches.clear()
    return layout_of(scheme)


def told(submission: Submission) -> tuple[object, ...]:
    return submission.fields, submission.located, submission.meta


def mark_within(book: Workbook) -> None:
    """A mark of another sheet, and one of this sheet, in cells that the template leaves to others."""
    book[MANAGEMENT].cell(12, 1).value = "@funds"
    book[SCORES].cell(7, 5).value = "@scores"


CHANGES = [
    *HARMLESS,
    *(change for lines in (LOST, ODD, COPIES) for change, *_ in lines.values()),
    mark_above,
    mark_within,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.slow
def test_a_workbook_reads_the_same_before_and_after_others(change: Change, scheme: Scheme, tmp_path: Path) -> None:
    usual = filled(clean_document(), scheme, tmp_path / "usual.xlsx").read_bytes()
    changed = by_hand(filled(clean_document(), scheme, tmp_path / "changed.xlsx"), change).read_bytes()
    first, others = new_layout(scheme), new_layout(scheme)
    alone = told(read_submission(changed, first, Limits()))
    before = told(read_submission(usual, others, Limits()))
    assert told(read_submission(changed, others, Limits())) == alone
    assert told(read_submission(changed, others, Limits())) == alone
    assert told(read_submission(usual, others, Limits())) == before
