"""Whatever a scheme holds: its template is one that Excel takes, and its formulas give what the program says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from perfxl.outcome import NOT_APPLICABLE
from perfxl.scheme.model import Scheme
from perfxl.xlsx.writer import SWITCH
from tests.books import process
from tests.libreoffice import needs_libreoffice, recalculate
from tests.package_rules import faults
from tests.template_books import Shown, differing, formula_faults, formulas, random_values, write
from tests.template_schemes import crowded, district, minimal, project
from tests.test_template_structure import FUNCTIONS, functions_in
from tests.xlsx_parts import differing as differing_parts


def leaving() -> Scheme:
    """Self scores may be blank, and the total may exceed the hundred."""
    return district(("kpi_rows = 12", 'kpi_rows = 12\nblank_self = "按计算得分"\nover_full = true'))


SCHEMES: dict[str, Callable[[], Scheme]] = {
    "district": district, "leaving": leaving, "minimal": minimal, "project": project, "crowded": crowded,
}  # fmt: skip


@pytest.fixture(scope="module", params=SCHEMES)
def any_scheme(request: pytest.FixtureRequest) -> Scheme:
    return SCHEMES[request.param]()


@pytest.fixture(scope="module")
def book(any_scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("any") / "template.xlsx"
    return write(path, any_scheme, random_values(any_scheme, 1))


def test_excel_takes_every_formula(book: Workbook) -> None:
    assert formula_faults(book) == []
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.formula1 or "") <= 255
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.prompt or "") <= 255


def test_formulas_use_old_functions_only(book: Workbook) -> None:
    assert {name for cell in formulas(book) for name in functions_in(str(cell.value))} <= FUNCTIONS


@pytest.mark.slow
def test_the_package_is_sound_and_the_same_by_both_writers(
    any_scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = random_values(any_scheme, 2)
    for name in ("quick", "plain"):
        monkeypatch.setenv(SWITCH, name)
        write(tmp_path / f"{name}.xlsx", any_scheme, values)
        assert faults(tmp_path / f"{name}.xlsx") == []
    assert differing_parts(tmp_path / "quick.xlsx", tmp_path / "plain.xlsx") == []


def test_the_check_of_formulas_sees_what_excel_refuses() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    good = '=IF(A2="' + "长" * 255 + '","""",' + "ABS(" * 63 + "1" + ")" * 63 + ")"
    for row, formula in enumerate((good, "=ABS(" * 1 + good[1:] + ")", '="' + "长" * 256 + '"', "=1" + "+1" * 4096), 1):
        sheet.cell(row, 1).value = formula
    assert [fault.partition(":")[0] for fault in formula_faults(book)] == ["Sheet!A2", "Sheet!A3", "Sheet!A4"]


@pytest.mark.libreoffice
@needs_libreoffice[1]
def test_libreoffice_agrees_with_every_formula(tmp_path: Path) -> None:
    paths = []
    for name, make in SCHEMES.items():
        scheme = make()
        for seed in range(6):
            paths.append(tmp_path / f"{name}-{seed}.xlsx")
            write(paths[-1], scheme, {} if seed == 0 else random_values(scheme, seed))
    again = recalculate(paths, tmp_path / "again")
    assert [fault for pair in zip(paths, again, strict=True) for fault in differing(*pair)] == []


@pytest.mark.slow
def test_the_template_shows_what_the_run_scores(any_scheme: Scheme, tmp_path: Path) -> None:
    """Computed and accepted scores, totals and grades of workbooks without what no cell holds."""
    for seed in range(12):
        values = random_values(any_scheme, seed, junk=0)
        shown = Shown(tmp_path / "template.xlsx", any_scheme, values)
        result = process(tmp_path / "template.xlsx", any_scheme).result
        assert result is not None
        pairs: list[tuple[Any, Decimal | str | None]] = []
        for score in result.scores:
            pairs += [(shown.score(score.code, "accepted"), score.score if score.applies else None)]
            pairs += [(shown.score(score.code, "computed"), score.computed if score.applies else None)]
        if any(table == "scores" for table, _, _ in values):
            pairs += [(shown.named("自评总分"), result.self_total), (shown.named("自评等级"), result.self_grade)]
            pairs += [(shown.named("认定总分"), result.total), (shown.named("认定等级"), result.grade)]
        for value, expected in pairs:
            # Where a score lacks, the run counts 0 and the template waits for it.
            if value not in (None, NOT_APPLICABLE) and expected is not None:
                assert value == (expected if isinstance(expected, str) else float(expected)), seed
