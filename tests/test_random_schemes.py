"""Whatever passes the check makes a template, which can be filled, read, scored and calculated: schemes at random.

`USUAL` schemes by default; more with the environment variable PERFXL_RANDOM_SCHEMES (`=500`), some five seconds each.
"""

from __future__ import annotations

import json
import os
import random
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.cli.app import perfxl
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.faults import build_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.toml_file import dump_toml
from perfxl.scheme.workbook_file import read_workbook, scheme_workbook
from tests.against_oracle import result_differences, run_differences, template_differences
from tests.books import filled, process
from tests.documents import make_document, with_blanks
from tests.libreoffice import SOFFICE, recalculate
from tests.oracle import score_document
from tests.random_schemes import make_scheme, schemes
from tests.scheme_files import toml_scheme
from tests.template_books import differing
from tests.test_fill_read import read_back

Table = dict[str, Any]

USUAL = 36
SCHEMES = int(os.environ.get("PERFXL_RANDOM_SCHEMES", USUAL))
STEP = 12
"""Schemes of one test, so that a failing one is found without all others, and LibreOffice starts once for many."""
BATCHES = [range(first, min(first + STEP, SCHEMES)) for first in range(0, SCHEMES, STEP)]
OF_A_RUN = 9
RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
RELAXED.append(HealthCheck.function_scoped_fixture)

batches = pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"{seeds.start} to {seeds.stop - 1}")


def table_of(text: str) -> Table:
    """A scheme's TOML as the oracle takes it."""
    return tomllib.loads(text, parse_float=Decimal)


def document_of_seed(scheme_seed: int, number: int, table: Table) -> Table:
    """A document for a scheme; every third has blanks."""
    document = make_document(1000 * scheme_seed + number, table, aimed=True)
    return with_blanks(document, random.Random(scheme_seed)) if number % 3 == 2 else document


def assert_comes_back(scheme: Scheme) -> None:
    """Equal from TOML and from the workbook that bureaus edit."""
    assert toml_scheme(dump_toml(scheme)) == scheme
    assert build_scheme(read_workbook(scheme_workbook(scheme), "x.xlsx")) == scheme


def assert_scored(document: Table, table: Table, scheme: Scheme, path: Path) -> None:
    """Filled and read it is the same document, scored it has the oracle's scores."""
    filled(document, scheme, path)
    assert read_back(path, scheme) == document
    result = process(path, scheme).result
    assert result is not None
    assert result_differences(result, score_document(document, table)) == []


@settings(max_examples=SCHEMES, suppress_health_check=RELAXED)
@given(text=schemes(), seed=st.integers(0, 999_999), blanks=st.booleans())
@pytest.mark.slow
def test_any_scheme_makes_a_template_that_is_filled_read_and_scored(
    text: str, seed: int, blanks: bool, tmp_path: Path
) -> None:
    scheme, table = toml_scheme(text), table_of(text)
    document = make_document(seed, table, aimed=True)
    if blanks:
        document = with_blanks(document, random.Random(seed))
    assert_comes_back(scheme)
    assert_scored(document, table, scheme, tmp_path / "one.xlsx")


@batches
@pytest.mark.slow
def test_schemes_come_back_and_documents_are_scored(seeds: range, tmp_path: Path) -> None:
    for seed in seeds:
        text = make_scheme(seed)
        scheme, table = toml_scheme(text), table_of(text)
        assert_comes_back(scheme)
        for number in range(3):
            document = document_of_seed(seed, number, table)
            assert_scored(document, table, scheme, tmp_path / f"{seed}-{number}.xlsx")


@batches
@pytest.mark.slow
def test_a_run_ranks_and_grades_as_the_oracle_does(seeds: range, tmp_path: Path) -> None:
    """Scores, ranks, grades under quotas, units of projects; and every workbook of the run opens."""
    for seed in seeds:
        text = make_scheme(seed)
        scheme, table = toml_scheme(text), table_of(text)
        folder = tmp_path / str(seed)
        documents = {f"{number}.xlsx": document_of_seed(seed, number, table) for number in range(OF_A_RUN)}
        for name, document in documents.items():
            filled(document, scheme, folder / "in" / name)
        report = run_folder(folder / "in", folder / "out", scheme, RunOptions(jobs=1))
        run = json.loads((report.output / "run.json").read_text("utf-8"))
        assert run_differences(run, documents, table) == [], seed
        assert all(department["status"] != "rejected" for department in run["departments"])
        assert openpyxl.load_workbook(report.summary).sheetnames


@batches
@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on the PATH")
def test_libreoffice_calculates_what_was_written_and_what_the_oracle_says(seeds: range, tmp_path: Path) -> None:
    """Every live formula of the filled templates, with complete documents and with blanks."""
    made = []
    for seed in seeds:
        text = make_scheme(seed)
        scheme, table = toml_scheme(text), table_of(text)
        for number in (0, 2):
            document = document_of_seed(seed, number, table)
            path = filled(document, scheme, tmp_path / f"{seed}-{number}.xlsx")
            made.append((path, scheme, score_document(document, table)))
    anew = recalculate([path for path, _, _ in made], tmp_path / "anew")
    for (path, scheme, wanted), calculated in zip(made, anew, strict=True):
        assert differing(path, calculated) == []
        book = openpyxl.load_workbook(calculated, data_only=True)
        assert template_differences(book, scheme, wanted) == [], path.name


@pytest.mark.parametrize("seed", range(0, SCHEMES, 6))
@pytest.mark.slow
def test_the_commands_take_a_scheme_from_its_check_to_the_results(seed: int, tmp_path: Path) -> None:
    """check, export, template, fill, read, run: as a bureau calls them, with the scheme as workbook."""

    def call(*arguments: str | Path, statuses: tuple[int | None, ...] = (0, None)) -> None:
        done = CliRunner().invoke(perfxl, list(map(str, arguments)), standalone_mode=False)
        assert done.exception is None, (arguments, done.exception, done.output)
        assert done.return_value in statuses, (arguments, done.output)

    text, book = make_scheme(seed), tmp_path / "方案.xlsx"
    table = table_of(text)
    (tmp_path / "方案.toml").write_text(text, "utf-8")
    call("scheme", "check", tmp_path / "方案.toml")
    call("scheme", "export", tmp_path / "方案.toml", "-o", book)
    call("template", "--scheme", book, "-o", tmp_path / "模板")
    assert len(list((tmp_path / "模板").glob("*.xlsx"))) == 4
    documents = {f"{number}.xlsx": document_of_seed(seed, number, table) for number in range(2)}
    for name, document in documents.items():
        source = (tmp_path / name).with_suffix(".json")
        source.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        call("fill", source, "--scheme", book, "-o", tmp_path / "in")
        call("read", tmp_path / "in" / name, "--scheme", book, "-o", tmp_path / "back")
        assert json.loads((tmp_path / "back" / source.name).read_text("utf-8")) == document
    call("run", tmp_path / "in", "--scheme", book, "-o", tmp_path / "out", "--jobs", "1", statuses=(0, 3))
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert run_differences(run, documents, table) == []


# The schemes themselves


def test_schemes_hold_and_say_all_that_the_language_can() -> None:
    """Every table and option, every rule with every setting; else what is shown above is shown of less."""
    seen: set[str] = set()
    for seed in range(150):
        text = make_scheme(seed)
        toml_scheme(text)
        table = table_of(text)
        for name, rows in table.items():
            for row in rows if isinstance(rows, list) else [rows]:
                seen.update(f"{name}.{key}={value}" for key, value in row.items() if isinstance(value, str | bool))
                seen.update(f"{name}.{key}" for key in row)
                if name == "indicators":
                    seen.update(f"{row['kind']}.{key}={value}" for key, value in row.get("settings", {}).items())
                    seen.update(f"{row['kind']}.{key}" for key in row.get("settings", {}))
        seen.add(f"facts {bool(table.get('facts'))}")
        seen.add(f"funds {bool(table.get('funds'))}")
        seen.add(f"kpis {bool(table.get('kpi_levels'))}")
        seen.add(f"shares over 64 {len(table.get('shares', ())) > 64}")
    expected = {
        "facts False", "funds False", "kpis False", "shares over 64 True", "evaluated.kind=project",
        "evaluated.funds_sheet", "evaluated.spending_rate", "options.over_full=True",
        "options.negative_targets=False", "options.blank_self=按计算得分", "options.floor_on=True",
        "options.penalty_on=True", "options.five_grades=True", "options.caps_on=True", "levels.nature=加分",
        "levels.nature=扣分", "indicators.na=折算", "indicators.na=满分", "indicators.declared=True",
        "facts.unit", "facts.categories", "facts.part_of", "indicators.categories", "facts.row_label",
        "facts.negative=True", "facts.type=percent", "facts.type=number", "facts.type=text",
        "derived.absolute=True", "derived.factor", "derived.denominator", "derived.percent=False",
        "fund_columns.key", "shares.low", "grades.category", "caps.fact", "caps.cap", "caps.grade",
        "caps.value=是", "caps.value=否", "quotas.scope=全部", "quotas.rounding=进位",
        "quotas.rounding=四舍五入", "quotas.ties=保留", "narrative.key", "ratio.value", "ratio.target",
        "ratio.na", "tiers.value", "tiers.toward=越低越好", "tiers.closed=不含本数", "deviation.value",
        "deviation.side=高于", "deviation.side=低于", "deviation.side=两边", "deviation.target",
        "deviation.free", "deviation.step=不足一个不计", "deviation.step=不足一个按一个计", "limit.fixed",
        "limit.bound", "limit.na", "limit.side=不低于", "deductions.fatal", "additions.items",
        "checklist.items", "kpi.levels",
    }  # fmt: skip
    assert expected - seen == set()


def test_schemes_are_the_same_for_the_same_seed() -> None:
    assert make_scheme(7) == make_scheme(7) != make_scheme(8)
