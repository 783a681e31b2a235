"""Every formula's value is what LibreOffice calculates, on every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfxl.results import list_sheets
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from perfxl.scheme.model import Scheme
from tests.libreoffice import needs_libreoffice, recalculate
from tests.sample_batch import ranked, sample_batch, scored_batch
from tests.sample_schemes import bare_scheme, district_scheme, project_scheme
from tests.year_cases import years_of

pytestmark = [
    *needs_libreoffice,
    # LibreOffice adds extensions of its own, which openpyxl says it leaves out.
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
]


def values(path: Path) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


def formula_cells(path: Path) -> list[tuple[str, str]]:
    book = openpyxl.load_workbook(path)
    return [
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def test_written_values_are_the_calculated_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / "split.xlsx"]
    with monkeypatch.context() as patch:
        patch.setattr(list_sheets, "LAST_ROW", 20)
        write_summary(sample_batch(12), paths[0])
    for count, returned in ((0, 0), (1, 1), (12, 2), (100, 5)):
        batch = sample_batch(count, returned=returned)
        if count == 12:
            for item, category in zip(batch.departments, ("", "", "镇街*", "镇街?"), strict=False):
                item.category = category
            batch.departments = ranked(batch.departments)
            batch.years = years_of(batch)
            batch.copies = {item.file: f"{item.code}.xlsx" for item in batch.departments if not item.ranked}
        paths.append(tmp_path / f"summary-{count}.xlsx")
        write_summary(batch, paths[-1])
    context = Context.of(batch)
    for place in (0, 50, 99):
        paths.append(tmp_path / f"department-{place}.xlsx")
        write_department(context, batch.departments[place], paths[-1])
    assert_calculated(paths, tmp_path / "again")


@pytest.mark.parametrize("scheme", [district_scheme(), project_scheme(), bare_scheme()], ids=lambda scheme: scheme.id)
def test_of_other_schemes_too(tmp_path: Path, scheme: Scheme) -> None:
    """加分, 扣分, 不适用, 折算, caps, vetoes, quotas, units, and what a scheme does not have."""
    paths = []
    batches = [sample_batch(count, returned=returned, scheme=scheme) for count, returned in ((0, 0), (1, 1), (12, 2))]
    if scheme.evaluated.is_project:
        for item in batches[-1].departments:
            # One unit whose projects have no budget, one with a project that has none.
            if item.code.endswith("1") or item.rank == 1:
                item.adjusted = item.spending_rate = None
    if scheme.scaled:
        none = dict.fromkeys(("B66", "B71"))
        towns = [{"category": "镇街", **none, "A01": "17.83", "J01": "4", "J02": "3"}, {"category": "镇街", **none}]
        batches.append(scored_batch(scheme, *towns, {"category": "镇街", **none, "K01": "6", "limits": (0, 2)}))
        batches.append(scored_batch(replace(scheme, options=replace(scheme.options, over_full=True)), *towns))
    batches[2].years = years_of(batches[2], 3)
    for number, batch in enumerate(batches):
        paths.append(tmp_path / f"summary-{number}.xlsx")
        write_summary(batch, paths[-1])
        for place, item in enumerate(batch.departments[:4]):
            paths.append(tmp_path / f"department-{number}-{place}.xlsx")
            write_department(Context.of(batch), item, paths[-1])
    assert_calculated(paths, tmp_path / "again")


def assert_calculated(paths: Sequence[Path], folder: Path) -> None:
    """Every formula's value as written is the one that LibreOffice calculates."""
    for path, again in zip(paths, recalculate(paths, folder), strict=True):
        before, after, cells = values(path), values(again), formula_cells(path)
        assert cells
        for cell in cells:
            expected = before[cell]
            if isinstance(expected, (int, float)):
                expected = pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert after[cell] == expected, (path.name, cell)
