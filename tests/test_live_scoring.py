"""The template calculates as the scorer does: LibreOffice recalculates filled workbooks, and they agree to the cent."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.layout import layout_of
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult
from tests.books import filled, process
from tests.libreoffice import needs_libreoffice, recalculate
from tests.strategies import make_document

pytestmark = needs_libreoffice
BOOKS = 220


def _cents(value: object) -> Decimal | None:
    return None if value in (None, "") else round(Decimal(repr(value)), 2)


def _assert_same(path: Path, result: DepartmentResult, scheme: Scheme) -> None:
    """Every computed score, the totals and the grades that the template shows are those of the scorer."""
    block = layout_of(scheme).block("scores")
    book = load_workbook(path, data_only=True)
    sheet = book[block.sheet]
    for line, score in zip(block.lines, result.scores, strict=True):
        for column, expected in (("computed", score.computed), ("accepted", score.score)):
            place = block.place(line, column)
            shown = _cents(sheet[place.cell].value)
            if column == "accepted" and score.computed is None:
                continue
            assert shown == expected, (path.name, score.code, column)
    named = {name: _named(book, name) for name in ("自评总分", "自评等级", "就低总分", "就低等级")}
    assert _cents(named["自评总分"]) == result.self_total, path.name
    assert named["自评等级"] == result.self_grade, path.name
    assert _cents(named["就低总分"]) == result.total, path.name
    assert named["就低等级"] == result.grade, path.name


def _named(book: Any, name: str) -> object:
    (sheet, cell) = next(iter(book.defined_names[name].destinations))
    return book[sheet][cell.replace("$", "")].value


def _compare(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path, seeds: range) -> None:
    paths = [filled(make_document(seed, scheme_table), scheme, tmp_path / f"{seed}.xlsx") for seed in seeds]
    results = [process(path, scheme).result for path in paths]
    for path, result in zip(recalculate(paths, tmp_path / "again"), results, strict=True):
        assert result is not None
        _assert_same(path, result, scheme)


def test_the_built_in_scheme(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    _compare(scheme, scheme_table, tmp_path, range(BOOKS))


def test_the_options_of_a_scheme(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    options = dataclasses.replace(scheme.options, floor_on=True, penalty_on=True, caps_on=True, five_grades=True)
    _compare(dataclasses.replace(scheme, options=options), scheme_table, tmp_path, range(BOOKS, BOOKS + 40))


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_saved_again_it_scores_the_same(
    form: str, scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path
) -> None:
    paths = [filled(make_document(seed, scheme_table), scheme, tmp_path / f"{seed}.xlsx") for seed in range(500, 520)]
    for before, after in zip(paths, recalculate(paths, tmp_path / "again", form), strict=True):
        one, two = process(before, scheme), process(after, scheme)
        assert two.result is not None, two.record.reason
        assert one.record.status == two.record.status
        assert [(s.self_score, s.computed, s.score) for s in one.result.scores] == [  # type: ignore[union-attr]
            (s.self_score, s.computed, s.score) for s in two.result.scores
        ]
        places = [(f.code, f.sheet, f.cell) for f in one.findings]
        # A file that is no .xlsx is told so, beside all that was found before.
        assert [(f.code, f.sheet, f.cell) for f in two.findings if f.code != "I007"] == places
