"""The template calculates as the scorer does: LibreOffice recalculates filled workbooks, and they agree to the cent."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from perfxl.layout import Place, layout_of
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult
from tests.books import filled, process
from tests.libreoffice import calculated, needs_libreoffice, recalculate
from tests.strategies import make_document

pytestmark = needs_libreoffice
BOOKS = 220
Sheets = Mapping[str, list[list[str]]]


def _cents(value: str) -> Decimal | None:
    return round(Decimal(value), 2) if value else None


def _assert_same(
    name: str, shown: Sheets, result: DepartmentResult, scheme: Scheme, named: Mapping[str, Place]
) -> None:
    """Every computed score, the totals and the grades that the template shows are those of the scorer."""
    block = layout_of(scheme).block("scores")
    for line, score in zip(block.lines, result.scores, strict=True):
        for column, expected in (("computed", score.computed), ("accepted", score.score)):
            if column == "accepted" and score.computed is None:
                continue
            place = block.place(line, column)
            assert _cents(shown[block.sheet][place.row][place.col]) == expected, (name, score.code, column)
    totals = {title: shown[place.sheet][place.row][place.col] for title, place in named.items()}
    assert _cents(totals["自评总分"]) == result.self_total, name
    assert totals["自评等级"] == result.self_grade, name
    assert _cents(totals["就低总分"]) == result.total, name
    assert totals["就低等级"] == result.grade, name


def _named_cells(path: Path) -> dict[str, Place]:
    """Where the cells stand that the template names; the same in all workbooks of a scheme."""
    found = {}
    for name, defined in load_workbook(path).defined_names.items():
        if name in ("自评总分", "自评等级", "就低总分", "就低等级"):
            ((sheet, cell),) = defined.destinations
            column, row = coordinate_from_string(cell.replace("$", ""))
            found[name] = Place(sheet, row - 1, column_index_from_string(column) - 1)
    return found


def _compare(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path, seeds: range) -> None:
    paths = [filled(make_document(seed, scheme_table), scheme, tmp_path / f"{seed}.xlsx") for seed in seeds]
    results = [process(path, scheme).result for path in paths]
    named = _named_cells(paths[0])
    sheets = {layout_of(scheme).block("scores").sheet, *(place.sheet for place in named.values())}
    shown = calculated(paths, tmp_path / "again", sorted(sheets))
    for path, values, result in zip(paths, shown, results, strict=True):
        assert result is not None
        _assert_same(path.name, values, result, scheme, named)


def test_the_built_in_scheme(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    _compare(scheme, scheme_table, tmp_path, range(BOOKS))


def test_the_options_of_a_scheme(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    options = dataclasses.replace(scheme.options, floor_on=True, penalty_on=True, caps_on=True, five_grades=True)
    _compare(dataclasses.replace(scheme, options=options), scheme_table, tmp_path, range(BOOKS, BOOKS + 40))


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_saved_again_it_scores_the_same(
    form: str, scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path
) -> None:
    paths = [filled(make_document(seed, scheme_table), scheme, tmp_path / f"{seed}.xlsx") for seed in range(500, 508)]
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
