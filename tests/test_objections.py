"""Objections: filled in on a department's own result workbook, which comes back among the workbooks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from perfxl.cli.app import perfxl
from perfxl.layout.result_marks import BASIS, CLAIM, OBJECTIONS, RESULT_SHEET, ROW_SIGN
from tests.libreoffice import needs_libreoffice, recalculate
from tests.test_review_round import FILES, INPUT, LIBRARY, WATER, WHY, book, command, put, reviews

SHEETS = (OBJECTIONS, RESULT_SHEET)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of three departments and their result workbooks."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "input").mkdir()
    for name in FILES:
        shutil.copy(INPUT / name, folder / "input")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        command("run", "--jobs", "1")
        command("review", "--reviewers", "张三")
    return folder


@pytest.fixture
def place(made: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = here / "work"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    return folder


def object_to(workbook: Workbook, code: str, claim: str, basis: str = "见附件") -> str:
    """Fills in an objection; its cell."""
    sheet = workbook[OBJECTIONS]
    keys = {str(cell.value): cell.column_letter for cell in sheet[3] if cell.value}
    row = next(cell.row for cell in sheet["A"] if cell.value == ROW_SIGN + code)
    sheet[f"{keys['@' + CLAIM]}{row}"].value = claim
    sheet[f"{keys['@' + BASIS]}{row}"].value = basis
    return f"{keys['@' + CLAIM]}{row}"


def filled(place: Path, to: str = "input/异议.xlsx", department: str = LIBRARY) -> str:
    path = place / "output" / "部门结果" / f"{department}.xlsx"
    workbook = load_workbook(path)
    cell = object_to(workbook, "B21", "应得 2 分：调整预算经人大批准")
    object_to(workbook, "", "总体上请再复核", "")
    workbook.save(place / to)
    return cell


def outcome(place: Path) -> Any:
    command("run", "--jobs", "1", "--summary-sheets", "0")
    return json.loads((place / "output" / "run.json").read_bytes())


def taken(document: Any) -> list[tuple[str, str, str, str]]:
    return [(item["name"], item["indicator"], item["claim"], item["basis"]) for item in document["objections"]]


EXPECTED = [
    (LIBRARY, "B21", "应得 2 分：调整预算经人大批准", "见附件"),
    (LIBRARY, "", "总体上请再复核", ""),
]


def test_every_result_workbook_has_the_sheet(place: Path) -> None:
    workbook = load_workbook(place / "output" / "部门结果" / f"{WATER}.xlsx")
    assert workbook.sheetnames[-2:] == list(SHEETS)
    assert workbook[RESULT_SHEET].sheet_state == "veryHidden"
    sheet = workbook[OBJECTIONS]
    assert sheet.protection.sheet and sheet.column_dimensions["A"].hidden and sheet.row_dimensions[3].hidden
    open_cells = {
        cell.column_letter for row in sheet.iter_rows(min_row=5) for cell in row if not cell.protection.locked
    }
    assert open_cells == {"I", "J"}


def test_it_is_no_submission_and_its_objections_are_taken(place: Path) -> None:
    plain = outcome(place)
    cell = filled(place)
    document = outcome(place)
    assert document["departments"] == plain["departments"]
    assert taken(document) == EXPECTED
    (file,) = (item for item in document["files"] if item["path"] == "异议.xlsx")
    assert (file["status"], file["reason"]) == ("ignored", "部门结果工作簿，已收下其中 2 条异议")
    assert (document["objections"][0]["file"], document["objections"][0]["cell"]) == ("异议.xlsx", cell)
    sheet = load_workbook(next((place / "output").glob("*汇总.xlsx")))[OBJECTIONS]
    texts = [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]
    assert "应得 2 分：调整预算经人大批准" in texts and "尚未复核" in texts
    # It is in no list of what was sent.
    assert not any(line["file"] == "异议.xlsx" for line in document["register"])


def test_one_without_objections_is_told_as_that(place: Path) -> None:
    shutil.copy(place / "output" / "部门结果" / f"{WATER}.xlsx", place / "input" / "结果.xlsx")
    document = outcome(place)
    assert document["objections"] == []
    (file,) = (item for item in document["files"] if item["path"] == "结果.xlsx")
    assert (file["status"], file["reason"]) == ("ignored", "部门结果工作簿，其中没有填写异议")
    assert OBJECTIONS not in load_workbook(next((place / "output").glob("*汇总.xlsx"))).sheetnames


def test_a_summary_is_told_as_what_it_is(place: Path) -> None:
    """Its sheet 往来登记 made it a register from outside, which the bureau was asked to move among its lists."""
    summary = next((place / "output").glob("*汇总.xlsx"))
    shutil.copy(summary, place / "input" / "上次.xlsx")
    (place / "workbook_templates").mkdir(exist_ok=True)
    shutil.copy(summary, place / "workbook_templates" / "往来登记.xlsx")
    document = outcome(place)
    (file,) = (item for item in document["files"] if item["path"] == "上次.xlsx")
    assert (file["status"], file["reason"]) == ("ignored", "以前运行得到的汇总工作簿，不是填报表")
    assert not [item for item in document["findings"] if item["file"] == "上次.xlsx"]


def test_what_comes_twice_is_one_objection(place: Path) -> None:
    filled(place)
    filled(place, "input/再报.xlsx")
    document = outcome(place)
    assert taken(document) == EXPECTED
    assert [item["status"] for item in document["files"] if item["path"] in ("再报.xlsx", "异议.xlsx")] == [
        "ignored", "ignored",
    ]  # fmt: skip


def test_renamed_and_sorted_sheets_read_the_same(place: Path) -> None:
    filled(place)
    path = place / "input" / "异议.xlsx"
    workbook = load_workbook(path)
    sheet = workbook[OBJECTIONS]
    sheet.title = "我们的意见"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=29)]
    for number, values in enumerate(reversed(rows), 5):
        for column, value in enumerate(values, 1):
            sheet.cell(number, column).value = value
    workbook.save(path)
    assert taken(outcome(place)) == EXPECTED


@pytest.mark.libreoffice
@needs_libreoffice[1]
@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_what_libreoffice_saves_reads_the_same(form: str, place: Path) -> None:
    filled(place, "异议.xlsx")
    recalculate([place / "异议.xlsx"], place / "input", form)
    assert taken(outcome(place)) == EXPECTED


def test_the_next_review_workbook_shows_them(place: Path) -> None:
    filled(place)
    outcome(place)
    command("review")
    workbook = load_workbook(place / "output" / "复核" / "复核表.xlsx")
    texts = [str(value) for row in workbook[LIBRARY].iter_rows(values_only=True) for value in row if value is not None]
    assert any("应得 2 分：调整预算经人大批准" in text for text in texts)


def test_the_next_review_workbook_holds_the_review_that_counts(place: Path) -> None:
    """And where the workbook of the round before is put away nothing changes."""
    book(place, put(LIBRARY, "B21", 1.5), put(WATER, "B41", 0, "没有制度文件", None))
    first = outcome(place)
    command("review", "--reviewers", "张三")
    (place / "workbook_templates" / "复核表（张三）.xlsx").unlink()
    made = place / "output" / "复核" / "复核表（张三）.xlsx"
    shutil.copy(made, place / "workbook_templates")
    second = outcome(place)
    assert reviews(second) == reviews(first) == {
        (LIBRARY, "B21"): ("1.50", WHY), (WATER, "B41"): ("0.00", "没有制度文件"),
    }  # fmt: skip
    assert [item["total"] for item in second["departments"]] == [item["total"] for item in first["departments"]]


def test_hostile_words_stay_words(place: Path) -> None:
    path = place / "output" / "部门结果" / f"{LIBRARY}.xlsx"
    workbook = load_workbook(path)
    object_to(workbook, "B21", "'=HYPERLINK(1)", "长" * 30_000)
    workbook[RESULT_SHEET]["B3"].value = "no-such-scheme"
    workbook.save(place / "input" / "异议.xlsx")
    document = outcome(place)
    (item,) = document["objections"]
    assert len(item["basis"]) == 2_000 and item["scheme"] == "no-such-scheme"


def test_check_tells_what_it_is(place: Path) -> None:
    filled(place)
    result = CliRunner().invoke(perfxl, ["check", "input/异议.xlsx"])
    assert "部门结果工作簿" in result.output
