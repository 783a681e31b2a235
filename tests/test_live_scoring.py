"""The template calculates as the scorer does: LibreOffice recalculates filled workbooks, and they agree to the cent."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from perfxl.layout import Place, layout_of
from perfxl.outcome import NOT_APPLICABLE
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult
from perfxl.template import write_template
from tests.books import filled, process
from tests.libreoffice import calculated, needs_libreoffice, recalculate
from tests.strategies import make_document
from tests.template_books import own_scores, random_values
from tests.template_schemes import district

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
            place = block.place(line, column)
            value = shown[block.sheet][place.row][place.col]
            if not score.applies:
                assert value == NOT_APPLICABLE or _cents(value) == score.score, (name, score.code, column)
            # Where something lacks, the run counts 0 and the template waits for it.
            elif column == "computed" or value:
                assert _cents(value) == expected, (name, score.code, column)
    totals = {title: shown[place.sheet][place.row][place.col] for title, place in named.items()}
    assert _cents(totals["自评总分"]) == result.self_total, name
    assert totals["自评等级"] == result.self_grade, name
    assert _cents(totals["认定总分"]) == result.total, name
    assert totals["认定等级"] == result.grade, name


def _named_cells(path: Path) -> dict[str, Place]:
    """Where the cells stand that the template names; the same in all workbooks of a scheme."""
    found = {}
    for name, defined in load_workbook(path).defined_names.items():
        if name in ("自评总分", "自评等级", "认定总分", "认定等级"):
            ((sheet, cell),) = defined.destinations
            column, row = coordinate_from_string(cell.replace("$", ""))
            found[name] = Place(sheet, row - 1, column_index_from_string(column) - 1)
    return found


def _documents(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path, seeds: range) -> list[Path]:
    return [filled(make_document(seed, scheme_table), scheme, tmp_path / f"{seed}.xlsx") for seed in seeds]


def _compare(scheme: Scheme, paths: Sequence[Path], tmp_path: Path) -> None:
    results = [process(path, scheme).result for path in paths]
    named = _named_cells(paths[0])
    sheets = {layout_of(scheme).block("scores").sheet, *(place.sheet for place in named.values())}
    shown = calculated(paths, tmp_path / "again", sorted(sheets))
    for path, values, result in zip(paths, shown, results, strict=True):
        assert result is not None
        _assert_same(path.name, values, result, scheme, named)


def test_the_built_in_scheme(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    _compare(scheme, _documents(scheme, scheme_table, tmp_path, range(BOOKS)), tmp_path)


def test_the_options_of_a_scheme(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    options = dataclasses.replace(scheme.options, floor_on=True, penalty_on=True, caps_on=True, five_grades=True)
    strict = dataclasses.replace(scheme, options=options)
    _compare(strict, _documents(strict, scheme_table, tmp_path, range(BOOKS, BOOKS + 40)), tmp_path)


@pytest.mark.parametrize("options", ["", 'blank_self = "按计算得分"\nover_full = true'])
def test_what_lies_outside_the_hundred_or_does_not_apply(options: str, tmp_path: Path) -> None:
    """With caps, vetoes, grades of a category, bands and derived facts."""
    scheme = district(("kpi_rows = 12", f"kpi_rows = 12\n{options}"))
    paths = [tmp_path / f"{seed}.xlsx" for seed in range(30)]
    for seed, path in enumerate(paths):
        values = random_values(scheme, seed, junk=0)
        # A total stands there as soon as anything is scored.
        write_template(scheme, path, values | own_scores(P1="12.5"))
    _compare(scheme, paths, tmp_path)


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
