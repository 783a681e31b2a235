"""What a process remembers can be forgotten at once, depends on all that it is made of, and is changed by nobody."""

from __future__ import annotations

from pathlib import Path

from perfxl import caches
from perfxl.intake.submission import read_submission
from perfxl.layout import Layout, layout_of
from perfxl.layout.sheets import SCORES
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import filled
from tests.findings import clean_document
from tests.sample_batch import sample_batch
from tests.template_books import FUNDS


def extent(layout: Layout, sheet: str, rows: int = 0) -> tuple[str, int]:
    """Made for a sheet and so many rows."""
    made.append((sheet, rows))
    return sheet, len(layout.sheet_blocks(sheet)) + rows


made: list[tuple[str, int]] = []


def test_what_is_made_once_depends_on_every_input(scheme: Scheme) -> None:
    caches.clear()
    made.clear()
    layout = layout_of(scheme)
    for _ in range(2):
        answers = [
            layout.once(extent, FUNDS),
            layout.once(extent, SCORES),
            layout.once(extent, FUNDS, 3),
            layout.once(extent, FUNDS, rows=4),
        ]
        assert answers[0] != answers[1]
        assert [rows for _, rows in answers[2:]] == [answers[0][1] + 3, answers[0][1] + 4]
    assert made == [(FUNDS, 0), (SCORES, 0), (FUNDS, 3), (FUNDS, 4)]


def test_all_is_forgotten(scheme: Scheme) -> None:
    layout = layout_of(scheme)
    assert layout_of(scheme) is layout
    caches.clear()
    assert layout_of(scheme) is not layout


def test_nothing_follows_from_what_is_remembered(scheme: Scheme, tmp_path: Path) -> None:
    """The same workbooks, byte for byte, from a process that has just begun and from one that has done much."""
    batch = sample_batch(12)
    context = Context.of(batch)

    def books(name: str) -> list[bytes]:
        result = tmp_path / name / "result.xlsx"
        template = filled(clean_document(), scheme, tmp_path / name / "template.xlsx")
        write_department(context, batch.departments[0], result)
        return [template.read_bytes(), result.read_bytes()]

    caches.clear()
    fresh = books("a")
    assert books("b") == fresh
    caches.clear()
    assert books("c") == fresh


def test_what_is_known_of_keys_is_not_changed_by_the_workbooks_that_use_it(scheme: Scheme, tmp_path: Path) -> None:
    caches.clear()
    layout = layout_of(scheme)
    data = filled(clean_document(), scheme, tmp_path / "a.xlsx").read_bytes()
    first = read_submission(data, layout, Limits())
    known = repr(layout._derived)
    assert "Region(" in known
    for _ in range(2):
        assert read_submission(data, layout, Limits()).located == first.located
    assert repr(layout._derived) == known
