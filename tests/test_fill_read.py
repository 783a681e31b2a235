"""What `fill` writes, `read` gives back: the same document, whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from perfxl.cli.app import perfxl
from perfxl.errors import DocumentError
from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import by_hand, edited, filled, put
from tests.form_schemes import district_document, district_scheme
from tests.strategies import documents, make_document

SCHEME = load_scheme()


def read_back(path: Path, scheme: Scheme = SCHEME) -> dict[str, Any]:
    layout = layout_of(scheme)
    return document_of(read_submission(path.read_bytes(), layout, Limits()), layout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("books")


def test_the_published_case_comes_back_to_the_letter(case: dict[str, Any], tmp_path: Path) -> None:
    document = case["submission"]
    assert read_back(filled(document, SCHEME, tmp_path / "a.xlsx")) == document


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.slow
def test_any_document_comes_back(data: st.DataObject, folder: Path, scheme_table: dict[str, Any]) -> None:
    document = data.draw(documents(scheme_table))
    assert read_back(filled(document, SCHEME, folder / "any.xlsx")) == document


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+8620", "-5", "@SUM(A1)", "'quoted", '"', "第一行\n第二行", "a\r\nb", "  两边有空格 ", "😀 已完成",
     "_x0041_", "http://example.org", "&<>", "<r>&</r>", "<r><t>x</t></r>", "TRUE", "1e5", "007", "NA", "\t", ""],
)  # fmt: skip
def test_awkward_text_comes_back(text: str, case: dict[str, Any], tmp_path: Path) -> None:
    changes = [
        put(place, text) for place in ("narrative.duties", "kpis.0.reason", "tasks.0.result", "scores.A01.reason")
    ]
    document = edited(case["submission"], *changes)
    assert read_back(filled(document, SCHEME, tmp_path / "a.xlsx")) == document


@pytest.mark.parametrize(
    "number", ["0.000001", "123456.123456", "30.00", "1234567890123.45", "12345678901234567890", "0"]
)
def test_numbers_come_back_to_the_last_digit(number: str, case: dict[str, Any], tmp_path: Path) -> None:
    document = edited(case["submission"], put("facts.procurement_total", number), put("kpis.0.target", number))
    assert read_back(filled(document, SCHEME, tmp_path / "a.xlsx")) == document


def test_thirty_kpis_and_no_tasks_come_back(scheme_table: dict[str, Any], tmp_path: Path) -> None:
    document = make_document(1, scheme_table)
    document["kpis"] = (document["kpis"] * 60)[:60]
    document["tasks"] = []
    assert read_back(filled(document, SCHEME, tmp_path / "a.xlsx")) == document


def test_blanks_and_absent_keys_come_back_as_they_were(case: dict[str, Any], tmp_path: Path) -> None:
    document = edited(case["submission"], put("facts.contracts_total", None), put("department.filled_on", None))
    document["facts"]["low_rate_reason"] = None
    del document["narrative"]["problems"]
    assert read_back(filled(document, SCHEME, tmp_path / "a.xlsx")) == document


@pytest.mark.parametrize("parts", [{"kpis": [], "tasks": []}, {"kpis": []}, {}])
@pytest.mark.parametrize("without", [(), ("funds", "narrative"), ("funds",)])
def test_parts_with_nothing_in_them_come_back_as_they_were(
    parts: dict[str, Any], without: tuple[str, ...], tmp_path: Path
) -> None:
    """A scheme without KPIs, tasks, funds and narrative: its documents may have these parts or not."""
    document = {key: value for key, value in (district_document() | parts).items() if key not in without}
    path = filled(document, district_scheme(), tmp_path / "a.xlsx")
    assert read_back(path, district_scheme()) == document


def test_a_part_that_a_scheme_does_not_have_is_a_fault(tmp_path: Path) -> None:
    kpi = {"level1": "产出指标", "name": "一项"}
    document = district_document() | {"kpis": [kpi], "funds": {"total": {"spent": "1"}}}
    with pytest.raises(DocumentError) as raised:
        filled(document, district_scheme(), tmp_path / "a.xlsx")
    assert {fault.place for fault in raised.value.faults} == {"kpis.1.level1", "kpis.1.name", "facts.funds.total.spent"}


def test_an_edit_of_the_hidden_sheet_brings_no_part(tmp_path: Path) -> None:
    path = filled(district_document(), district_scheme(), tmp_path / "a.xlsx")

    def write(book: Workbook) -> None:
        for row in (("spelling:part|kpis|", "1"), ("spelling:part|facts|", "false"), ("spelling:part|x|", "true"),
                    ("spelling:part", "true"), ("spelling:part|a|b|c", "true")):  # fmt: skip
            book["_meta"].append(row)

    assert read_back(by_hand(path, write), district_scheme()) == district_document()


def test_percentages_and_numbers_come_back_as_they_are_typed(tmp_path: Path) -> None:
    """In points, with their zeros, and as text where no number stands."""
    for value in ("95.50", "100", "0.5", "95.5%", "约九成"):
        document = district_document(put("facts.满意度", value), put("facts.增长率", "-2.50"))
        path = filled(document, district_scheme(), tmp_path / "a.xlsx")
        assert read_back(path, district_scheme()) == document


def test_an_edit_in_excel_wins_over_the_kept_spelling(case: dict[str, Any], tmp_path: Path) -> None:
    path = filled(case["submission"], SCHEME, tmp_path / "a.xlsx")
    place = layout_of(SCHEME).places["facts", "procurement_total", "value"]
    by_hand(path, lambda book: book[place.sheet].__setitem__(place.cell, 31.5))
    assert read_back(path)["facts"]["procurement_total"] == "31.5"
    assert read_back(path)["facts"]["procurement_sme"] == "25.00"


def test_a_document_that_does_not_hold_tells_all_its_faults(case: dict[str, Any], tmp_path: Path) -> None:
    document = edited(case["submission"], put("facts.no_such_fact", "1"), put("kpis.0.weight", 4), put("year", 2021))
    with pytest.raises(DocumentError) as raised:
        filled(document, SCHEME, tmp_path / "a.xlsx")
    assert {fault.place for fault in raised.value.faults} == {"facts.no_such_fact", "kpis.1.weight", "year"}
    assert not (tmp_path / "a.xlsx").exists()


def test_the_commands_make_the_round_trip(case: dict[str, Any], tmp_path: Path) -> None:
    source = tmp_path / "doc" / "科协.json"
    source.parent.mkdir()
    source.write_text(json.dumps(case["submission"], ensure_ascii=False), "utf-8")
    runner = CliRunner()
    done = runner.invoke(perfxl, ["fill", str(source), "-o", str(tmp_path)], standalone_mode=False)
    assert done.exception is None and "已填写" in done.output
    done = runner.invoke(perfxl, ["read", str(tmp_path / "科协.xlsx"), "-o", str(tmp_path)], standalone_mode=False)
    assert done.exception is None
    assert json.loads((tmp_path / "科协.json").read_text("utf-8")) == case["submission"]
