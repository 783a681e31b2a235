"""Review workbooks there and back: made by a run, filled by hand, re-saved by others, moved about, broken, planted."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.cli.app import perfxl
from perfxl.errors import UsageError
from perfxl.review.layout import HEAD_BLOCK, TABLE_BLOCK
from perfxl.run import pipeline
from tests.folders import ole
from tests.libreoffice import needs_libreoffice, recalculate
from tests.review_runs import rows_of

FIRES = ("W641", "W642", "W643", "W646", "W647", "W649", "W650")
"""The findings that the tests of this module set off."""
INPUT = Path(__file__).parent.parent / "input"
FILES = ("示例图书馆.xlsx", "示例教育局.xlsx", "示例水务局.xlsx")
LIBRARY, SCHOOLS, WATER = (name.removesuffix(".xlsx") for name in FILES)
Edit = Callable[[Workbook], None]
WHY, BASIS = "佐证材料不足，按规则扣减", "现场核查记录"


def command(*arguments: str) -> str:
    result = CliRunner().invoke(perfxl, arguments, catch_exceptions=False)
    assert result.exit_code in (0, 3), result.output
    return result.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of three departments and a review workbook of each of two reviewers."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "input").mkdir()
    for name in FILES:
        shutil.copy(INPUT / name, folder / "input")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        command("run", "--jobs", "1", "--no-department-books")
        command("review", "--reviewers", "张三,李四", "--each", "2")
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder to work in."""
    folder = tmp_path / "work"
    shutil.copytree(made, folder)
    (folder / "workbook_templates").mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    return folder


def book(made: Path, *edits: Edit, who: str = "张三", to: str = "workbook_templates/复核表（张三）.xlsx") -> Path:
    """A review workbook, filled by hand."""
    workbook = load_workbook(next((made / "output" / "复核").glob(f"*{who}*")))
    for edit in edits:
        edit(workbook)
    path = made / to
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def cells(sheet: Worksheet, code: str) -> dict[str, str]:
    return next(row.cells for row in rows_of(sheet) if row.code == code)


def put(department: str, code: str, score: Any, why: Any = WHY, basis: Any = BASIS) -> Edit:
    """An edit that fills in an indicator."""

    def edit(workbook: Workbook) -> None:
        sheet = workbook[department]
        for key, value in (("score", score), ("why", why), ("basis", basis)):
            sheet[cells(sheet, code)[key]].value = value

    return edit


def agree(department: str) -> Edit:
    def edit(workbook: Workbook) -> None:
        sheet = workbook[department]
        (row,) = rows_of(sheet, HEAD_BLOCK)
        sheet[row.cells["agreed"]].value = "是"

    return edit


def outcome(place: Path, *arguments: str) -> Any:
    """run.json of a run in that folder."""
    command("run", "--jobs", "1", "--no-department-books", "--summary-sheets", "0", *arguments)
    return json.loads((place / "output" / "run.json").read_bytes())


def reviews(document: Any) -> dict[tuple[str, str], tuple[str | None, str]]:
    """Review score and reason of each indicator that has one."""
    return {
        (item["name"], score["indicator"]): (score["review"], score["review_reason"])
        for item in document["departments"]
        for score in item["scores"]
        if score["review"] is not None
    }


def codes(document: Any) -> list[str]:
    return sorted(item["code"] for item in document["findings"] if "W640" < item["code"] < "W660")


FILLED = (
    put(LIBRARY, "B21", 1.5), put(LIBRARY, "B22", "１．２５分"), put(WATER, "B41", 0, "没有制度文件", None),
    put(SCHOOLS, "A01", 19.005), agree(SCHOOLS),
)  # fmt: skip
EXPECTED = {
    (LIBRARY, "B21"): ("1.50", WHY), (LIBRARY, "B22"): ("1.25", WHY), (WATER, "B41"): ("0.00", "没有制度文件"),
    (SCHOOLS, "A01"): ("19.01", WHY),
}  # fmt: skip


def test_what_is_filled_in_counts(place: Path) -> None:
    before = json.loads((place / "output" / "run.json").read_bytes())
    book(place, *FILLED)
    document = outcome(place)
    assert reviews(document) == EXPECTED
    states = {item["name"]: item["review"] for item in document["departments"]}
    assert {name: state["status"] for name, state in states.items()} == {
        LIBRARY: "部分复核", SCHOOLS: "已复核", WATER: "部分复核",
    }  # fmt: skip
    totals = {item["name"]: item["total"] for item in before["departments"]}
    assert {name: state["total_before"] for name, state in states.items()} == totals
    (record,) = (item for item in document["reviews"] if item["indicator"] == "A01")
    assert (record["reviewer"], record["reason"], record["basis"]) == ("张三", WHY, BASIS)
    assert record["book"] == "workbook_templates/复核表（张三）.xlsx" and record["cell"] and record["day"]
    (file,) = (item for item in document["files"] if item["path"].startswith("workbook_templates"))
    assert file["status"] == "list" and file["reason"] == "已采用：5 行，5 行生效"


@pytest.mark.libreoffice
@needs_libreoffice[1]
@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_what_libreoffice_saves_reads_the_same(form: str, place: Path) -> None:
    path = book(place, *FILLED, to="filled/复核表（张三）.xlsx")
    recalculate([path], place / "workbook_templates", form)
    assert reviews(outcome(place)) == EXPECTED


def test_a_folder_or_files_can_be_named(place: Path) -> None:
    first = book(place, put(LIBRARY, "B21", 1.5), to="甲/表.xlsx")
    book(place, put(LIBRARY, "B21", 1), put(WATER, "B21", 0), who="李四", to="甲/另一份.xlsx")
    book(place, put(LIBRARY, "B21", 0.1), to="workbook_templates/复核表.xlsx")
    both = reviews(outcome(place, "--review", "甲"))
    assert both == {(LIBRARY, "B21"): ("1.25", WHY), (WATER, "B21"): ("0.00", WHY)}
    assert reviews(outcome(place, "--review", str(first))) == {(LIBRARY, "B21"): ("1.50", WHY)}
    error = CliRunner().invoke(perfxl, ["run", "--review", "没有.xlsx"]).exception
    assert isinstance(error, UsageError) and "没有.xlsx" in str(error)


def test_those_in_the_subfolder_are_used(place: Path) -> None:
    book(place, put(LIBRARY, "B21", 1.5), to="workbook_templates/复核/表.xlsx")
    assert reviews(outcome(place)) == {(LIBRARY, "B21"): ("1.50", WHY)}


def renamed(workbook: Workbook) -> None:
    for number, sheet in enumerate(workbook.worksheets):
        if sheet.sheet_state == "visible":
            sheet.title = f"第{number}页"


def swapped(workbook: Workbook) -> None:
    names = {LIBRARY: "x", WATER: LIBRARY}
    for old, new in names.items():
        workbook[old].title = new
    workbook["x"].title = WATER


def table(sheet: Worksheet) -> list[int]:
    return [row.number for row in rows_of(sheet)]


def content(sheet: Worksheet, number: int) -> list[Any]:
    return [cell.value for cell in sheet[number]]


def sorted_backwards(workbook: Workbook) -> None:
    """All cells of the rows in the other order, as Excel sorts, the hidden keys with them."""
    for sheet in workbook.worksheets:
        numbers = table(sheet)
        rows = [content(sheet, number) for number in numbers]
        for number, values in zip(numbers, reversed(rows), strict=True):
            for cell, value in zip(sheet[number], values, strict=True):
                if type(cell).__name__ != "MergedCell":
                    cell.value = value


def filtered(workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        for number in table(sheet):
            sheet.row_dimensions[number].hidden = True


def moved_to_another_sheet(workbook: Workbook) -> None:
    """The whole rows of one department are cut and pasted below those of another."""
    source, target = workbook[LIBRARY], workbook[WATER]
    end = target.max_row + 3
    for offset, number in enumerate(table(source)):
        for cell in source[number]:
            if type(cell).__name__ != "MergedCell":
                target.cell(end + offset, cell.column).value = cell.value
                cell.value = None


def columns_inserted(workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            for merged in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(merged))
            sheet.insert_cols(4)


def without_keys(workbook: Workbook) -> None:
    """The hidden column was deleted on all sheets."""
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            for merged in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(merged))
            sheet.delete_cols(1)


@pytest.mark.parametrize(
    "change",
    [renamed, swapped, sorted_backwards, filtered, moved_to_another_sheet, columns_inserted, without_keys],
)
def test_moved_about_it_reads_the_same(change: Edit, place: Path) -> None:
    book(place, *FILLED, change)
    document = outcome(place)
    assert reviews(document) == EXPECTED
    assert codes(document) == []


def test_rows_sorted_without_their_keys_are_told_and_not_read(place: Path) -> None:
    def shifted(workbook: Workbook) -> None:
        sheet = workbook[LIBRARY]
        numbers = table(sheet)
        keys = [sheet.cell(number, 1).value for number in numbers]
        for number, key in zip(numbers, keys[1:] + keys[:1], strict=True):
            sheet.cell(number, 1).value = key

    book(place, *FILLED, shifted)
    document = outcome(place)
    assert reviews(document) == {key: value for key, value in EXPECTED.items() if key[0] != LIBRARY}
    assert codes(document) == ["W646", "W646"]
    assert all(item["sheet"] == LIBRARY and item["cell"] for item in document["findings"] if item["code"] == "W646")


def test_deleted_rows_and_sheets_are_told_and_the_rest_is_read(place: Path) -> None:
    def deleted(workbook: Workbook) -> None:
        sheet = workbook[WATER]
        row = next(row for row in rows_of(sheet) if row.code == "A01")
        sheet.delete_rows(row.number)
        del workbook[SCHOOLS]

    book(place, *FILLED, deleted)
    document = outcome(place)
    assert reviews(document) == {key: value for key, value in EXPECTED.items() if key[0] != SCHOOLS}
    (finding,) = (item for item in document["findings"] if item["code"] == "W647")
    assert "A01" in finding["message"] and WATER in finding["message"]


def test_a_row_that_stands_twice_counts_where_both_are_alike(place: Path) -> None:
    def doubled(value: Any) -> Edit:
        def edit(workbook: Workbook) -> None:
            sheet = workbook[LIBRARY]
            row = next(row for row in rows_of(sheet) if row.code == "B21")
            for cell in list(sheet[row.number]):
                sheet.cell(sheet.max_row if cell.column > 1 else sheet.max_row + 5, cell.column).value = cell.value
            column = sheet[row.cells["score"]].column
            sheet.cell(sheet.max_row, column).value = value

        return edit

    book(place, put(LIBRARY, "B21", 1.5), doubled(1.5))
    assert reviews(outcome(place)) == {(LIBRARY, "B21"): ("1.50", WHY)}
    book(place, put(LIBRARY, "B21", 1.5), doubled(1))
    document = outcome(place)
    assert (reviews(document), codes(document)) == ({}, ["W646"])


@pytest.mark.parametrize(
    ("value", "why", "code"),
    [
        ("无", WHY, "W641"), (99, WHY, "W641"), (-1, WHY, "W641"), (True, WHY, "W641"), ("①", WHY, "W641"),
        ("=1/0", WHY, "W641"), (None, WHY, "W641"), ("约1.5", WHY, "W641"), (1e300, WHY, "W641"), (1.5, None, "W642"),
        (1.5, "　", "W642"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_told_and_has_no_effect(value: Any, why: Any, code: str, place: Path) -> None:
    path = book(place, put(LIBRARY, "B21", value, why, None), put(WATER, "B21", 0))
    document = outcome(place)
    assert reviews(document) == {(WATER, "B21"): ("0.00", WHY)}
    (finding,) = (item for item in document["findings"] if item["code"] == code)
    sheet = load_workbook(path)[LIBRARY]
    assert (finding["sheet"], finding["cell"]) == (LIBRARY, cells(sheet, "B21")["score"])
    assert finding["file"] == "workbook_templates/复核表（张三）.xlsx"
    (record,) = (item for item in document["reviews"] if item["effect"] == "没有生效")
    assert record["indicator"] == "B21" and record["why"]


def test_a_score_as_a_percentage_and_odd_heads_are_told(place: Path) -> None:
    def odd(workbook: Workbook) -> None:
        sheet = workbook[LIBRARY]
        sheet[cells(sheet, "B21")["score"]].number_format = "0%"
        (row,) = rows_of(sheet, HEAD_BLOCK)
        sheet[row.cells["agreed"]].value = "也许"
        sheet[row.cells["day"]].value = "上周"

    book(place, put(LIBRARY, "B21", 0.9), odd)
    document = outcome(place)
    assert (reviews(document), codes(document)) == ({}, ["W641", "W649", "W649"])


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet99.xml", b" " * 150_000_000)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def locked(path: Path) -> None:
    path.write_bytes(ole("EncryptedPackage"))


def huge(path: Path) -> None:
    path.write_bytes(b"PK" + bytes(30_000_000))


def text(path: Path) -> None:
    path.write_text("不是工作簿", "utf-8")


def without_data(path: Path) -> None:
    workbook = load_workbook(path)
    del workbook["_review"]
    workbook.save(path)


def spoiled_data(path: Path) -> None:
    workbook = load_workbook(path)
    sheet = workbook["_review"]
    sheet.cell(2, sheet.max_column).value = "[" * 5000
    workbook.save(path)


def monstrous_numbers(path: Path) -> None:
    workbook = load_workbook(path)
    sheet = workbook["_review"]
    last = sheet.cell(2, sheet.max_column)
    rows = json.loads(str(last.value))
    rows[0][2] = "1e999999999"
    last.value = json.dumps(rows)
    workbook.save(path)


@pytest.mark.parametrize("spoil", [bomb, cut, locked, huge, text, without_data, spoiled_data, monstrous_numbers])
def test_a_broken_one_stops_nothing_else_and_is_told(spoil: Callable[[Path], None], place: Path) -> None:
    spoil(book(place, *FILLED))
    book(place, put(WATER, "B21", 0), who="李四", to="workbook_templates/复核表（李四）.xlsx")
    document = outcome(place)
    assert reviews(document) == {(WATER, "B21"): ("0.00", WHY)}
    files = {item["path"]: item for item in document["files"]}
    broken = files["workbook_templates/复核表（张三）.xlsx"]
    assert broken["status"] == "list" and broken["reason"].startswith("没有采用：") and len(broken["reason"]) > 12
    assert codes(document) == ["W650"]


def test_the_same_file_twice_is_one_review(place: Path) -> None:
    first = book(place, put(LIBRARY, "B21", 1.5))
    shutil.copy(first, first.with_name("复核表 副本.xlsx"))
    document = outcome(place)
    assert reviews(document) == {(LIBRARY, "B21"): ("1.50", WHY)}
    assert len(document["reviews"]) == 1 and codes(document) == []
    reasons = [item["reason"] for item in document["files"] if item["path"].startswith("workbook_templates")]
    assert sum("内容完全相同" in reason for reason in reasons) == 1


def test_one_among_the_workbooks_has_no_effect_and_is_told(place: Path) -> None:
    book(place, *FILLED, to="input/复核表（张三）.xlsx")
    output = command("run", "--jobs", "1")
    document = json.loads((place / "output" / "run.json").read_bytes())
    assert reviews(document) == {} and document["reviews"] == []
    (file,) = (item for item in document["files"] if "复核表" in item["path"])
    assert file["status"] == "list" and "没有采用" in file["reason"]
    assert "注意：复核表（张三）.xlsx" in output


def test_a_blank_one_changes_nothing(place: Path) -> None:
    plain = outcome(place)
    book(place)
    document = outcome(place)
    assert document["departments"] == plain["departments"] and document["reviews"] == []
    book_names = load_workbook(next((place / "output").glob("*汇总.xlsx"))).sheetnames
    assert not {"复核分析", "复核记录"} & set(book_names)


def test_the_department_sends_another_workbook_after_the_review(place: Path) -> None:
    book(place, put(WATER, "B21", 0), put(WATER, "B41", 0))
    workbook = load_workbook(place / "input" / f"{WATER}.xlsx")
    sheet = workbook["自评得分"]
    for row in sheet.iter_rows():
        if row[0].value == "B41":
            own = next(cell for cell in row if isinstance(cell.value, int | float) and cell.protection.locked is False)
            own.value = 0.5
    workbook.save(place / "input" / f"{WATER}.xlsx")
    document = outcome(place)
    assert reviews(document) == {(WATER, "B21"): ("0.00", WHY)}
    assert codes(document) == ["W643"]


def test_blocks_are_as_the_layout_says(place: Path) -> None:
    sheet = load_workbook(book(place))[LIBRARY]
    assert [key for (key,) in sheet.iter_rows(max_col=1, values_only=True) if key in (HEAD_BLOCK, TABLE_BLOCK)] == [
        HEAD_BLOCK, TABLE_BLOCK,
    ]  # fmt: skip


def test_a_batch_whose_details_wait_on_disk_comes_to_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book(place, *FILLED)
    documents, shown = [], []
    for most in (200, 0):
        monkeypatch.setattr(pipeline, "IN_MEMORY", most)
        command("run", "--jobs", "1")
        documents.append(json.loads((place / "output" / "run.json").read_bytes()))
        paths = [next((place / "output").glob("*汇总.xlsx")), place / "output" / "部门结果" / f"{LIBRARY}.xlsx"]
        shown.append([_texts(path) for path in paths])
    assert documents[0]["departments"] == documents[1]["departments"]
    assert documents[0]["reviews"] == documents[1]["reviews"]
    assert shown[0] == shown[1]
    assert any("复核：2.00 改为 1.50" in text for text in shown[1][1])


def _texts(path: Path) -> list[str]:
    workbook = load_workbook(path)
    sheets = [sheet for sheet in workbook.worksheets if sheet.title in ("排名", "复核分析", "复核记录", "评分结果")]
    return [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
