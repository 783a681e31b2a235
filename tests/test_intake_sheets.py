"""Sheets, blocks and keys as a scheme has them: fact sheets of any name, tables without any, lines worked out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from perfxl.checks.finding import Finding
from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import Document, by_hand, cell_of, edited, filled, process, put
from tests.form_schemes import district_document, district_scheme, project_document, project_scheme

Change = Callable[[Workbook], None]
BY_OPENPYXL = {"I702", "W117", "W118"}
DATA, STAFF, WORKED_OUT = "业务数据", "人员、资产", "计算结果"


def findings_after(change: Change, scheme: Scheme, document: Document, path: Path) -> list[Finding]:
    found = process(by_hand(filled(document, scheme, path), change), scheme).findings
    return [item for item in found if item.code not in BY_OPENPYXL]


def read_back(path: Path, scheme: Scheme) -> Document:
    layout = layout_of(scheme)
    return document_of(read_submission(path.read_bytes(), layout, Limits()), layout)


def row_of(sheet: Any, key: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == key)


@pytest.mark.parametrize("sheet", [DATA, STAFF])
def test_a_sheet_of_facts_that_is_gone_is_told_by_its_name(sheet: str, tmp_path: Path) -> None:
    scheme = district_scheme()
    found = findings_after(lambda book: book.remove(book[sheet]), scheme, district_document(), tmp_path / "a.xlsx")
    assert [(item.code, item.message) for item in found] == [("E004", f"缺少工作表“{sheet}”")]


def test_a_sheet_that_is_renamed_is_known_by_its_marks(tmp_path: Path) -> None:
    scheme = district_scheme()

    def rename(book: Workbook) -> None:
        book[STAFF].title = "人员表"

    found = findings_after(rename, scheme, district_document(), tmp_path / "a.xlsx")
    assert [item.code for item in found] == ["W010"] and STAFF in found[0].message
    assert read_back(tmp_path / "a.xlsx", scheme) == district_document()


def without_sheet(book: Workbook) -> None:
    book.remove(book[WORKED_OUT])


def without_marks(book: Workbook) -> None:
    book[WORKED_OUT].delete_cols(1)


def emptied(book: Workbook) -> None:
    sheet = book[WORKED_OUT]
    sheet.delete_rows(1, sheet.max_row)


@pytest.mark.parametrize("change", [without_sheet, without_marks, emptied], ids=lambda change: change.__name__)
def test_nothing_is_missed_where_nothing_is_filled(change: Change, tmp_path: Path) -> None:
    """A sheet of derived facts alone: the reader works them out itself."""
    assert findings_after(change, district_scheme(), district_document(), tmp_path / "a.xlsx") == []


def worked_out_row_gone(book: Workbook) -> None:
    sheet = book[STAFF]
    sheet.delete_rows(row_of(sheet, "控制率"))


def worked_out_row_twice(book: Workbook) -> None:
    sheet = book[STAFF]
    at = row_of(sheet, "控制率")
    sheet.insert_rows(at + 1)
    for col in range(1, 8):
        sheet.cell(at + 1, col).value = sheet.cell(at, col).value


def worked_out_row_renamed(book: Workbook) -> None:
    sheet = book[STAFF]
    sheet.cell(row_of(sheet, "控制率"), 2).value = "编制数"


def worked_out_value_typed_over(book: Workbook) -> None:
    sheet = book[STAFF]
    sheet.cell(row_of(sheet, "控制率"), 3).value = "见附表"


@pytest.mark.parametrize(
    "change",
    [worked_out_row_gone, worked_out_row_twice, worked_out_row_renamed],
    ids=lambda change: change.__name__,
)
def test_a_line_that_is_worked_out_gives_no_finding(change: Change, tmp_path: Path) -> None:
    assert findings_after(change, district_scheme(), district_document(), tmp_path / "a.xlsx") == []


def test_words_typed_over_it_are_told_as_not_read(tmp_path: Path) -> None:
    found = findings_after(worked_out_value_typed_over, district_scheme(), district_document(), tmp_path / "a.xlsx")
    assert [(item.code, item.value) for item in found] == [("I022", "见附表")]


def test_a_line_that_is_filled_gives_them_beside_it(tmp_path: Path) -> None:
    """In the same block."""

    def change(book: Workbook) -> None:
        sheet = book[STAFF]
        sheet.delete_rows(row_of(sheet, "编制数"))

    found = findings_after(change, district_scheme(), district_document(), tmp_path / "a.xlsx")
    assert [item.code for item in found] == ["E111"]


def test_a_name_that_belongs_to_another_row_is_told_though_that_is_worked_out(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book[STAFF]
        sheet.cell(row_of(sheet, "编制数"), 2).value = "在职人员控制率"

    found = findings_after(change, district_scheme(), district_document(), tmp_path / "a.xlsx")
    assert [item.code for item in found] == ["E014"]


def test_a_block_is_found_by_its_labels_where_something_is_filled(tmp_path: Path) -> None:
    scheme = district_scheme()

    def change(book: Workbook) -> None:
        book[STAFF].delete_cols(1)

    found = findings_after(change, scheme, district_document(), tmp_path / "a.xlsx")
    assert {item.code for item in found} == {"W012"}
    assert read_back(tmp_path / "a.xlsx", scheme) == district_document()


# A matrix whose keys have no dot.

MATRIX = (
    '[[facts]]\nkey = "应办件"',
    "".join(
        f'[[facts]]\nkey = "{row}{column}"\nlabel = "{row}{column}"\ntype = "money"\nsheet = "业务数据"\n'
        f'section = "三公经费"\nrow_label = "{row}"\ncolumn_label = "{column}"\n\n'
        for row in ("出国", "接待")
        for column in ("预算数", "决算数")
    )
    + '[[facts]]\nkey = "应办件"',
)
RULE = (
    'settings.value = "满意度"',
    'settings.numerator = ["出国决算数", "接待决算数"]\nsettings.denominator = ["出国预算数", "接待预算数"]',
)


def matrix_document() -> Document:
    amounts = {"出国预算数": "10", "出国决算数": "8", "接待预算数": "5", "接待决算数": "4.5"}
    document = edited(district_document(), put("scores.P2.self", "25"), put("scores.P2.reason", "决算低于预算"))
    document["facts"] |= amounts
    return document


def test_a_matrix_whose_keys_have_no_dot_is_read(tmp_path: Path) -> None:
    scheme = district_scheme(MATRIX, RULE)
    path = filled(matrix_document(), scheme, tmp_path / "a.xlsx")
    assert read_back(path, scheme) == matrix_document()
    scored = process(path, scheme)
    assert scored.findings == []
    assert scored.result is not None and str(scored.result.score_of("P2")) == "25.00"


def test_a_cell_of_such_a_matrix_is_blamed_by_its_place(tmp_path: Path) -> None:
    scheme = district_scheme(MATRIX, RULE)
    document = edited(matrix_document(), put("facts.接待预算数", None))
    (finding,) = process(filled(document, scheme, tmp_path / "a.xlsx"), scheme).findings
    assert finding.code == "E101" and "接待预算数" in finding.message
    assert (finding.sheet, finding.cell) == cell_of(scheme, ("facts", "接待预算数", "value"))


# Names that end in a number, as those of copies do.


@pytest.mark.parametrize(
    ("hidden", "near"),
    [("附表 1 (2)", True), ("附表1（2）", True), ("附表 1", None), ("附表", False), ("附表 2", False)],
)
def test_a_hidden_sheet_of_nearly_a_sheets_name(hidden: str, near: bool | None, tmp_path: Path) -> None:
    scheme = district_scheme(
        *((f'"{STAFF}"\nsection = "{section}"\n{line}', f'"附表 1"\nsection = "{section}"\n{line}')
          for section, line in (("资产", "unit"), ("人员", "numerator"))),
    )  # fmt: skip
    assert STAFF in layout_of(scheme).sheets and "附表 1" in layout_of(scheme).sheets

    def add(book: Workbook) -> None:
        if near is not None:
            book.create_sheet(hidden).sheet_state = "hidden"

    found = findings_after(add, scheme, district_document(), tmp_path / "a.xlsx")
    assert [item.code for item in found] == (["W019"] if near else [])


# Tables that a scheme is without.


def test_a_scheme_without_kpis_and_tasks_misses_neither(tmp_path: Path) -> None:
    scheme = district_scheme()
    assert not {"绩效指标", "重点任务", "收支情况"} & set(layout_of(scheme).sheets)
    found = findings_after(lambda book: None, scheme, district_document(), tmp_path / "a.xlsx")
    assert found == []


def test_a_foreign_sheet_of_such_a_name_is_no_table_of_it(tmp_path: Path) -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("绩效指标")["A1"] = "草稿"

    scheme = district_scheme()
    assert findings_after(add, scheme, district_document(), tmp_path / "a.xlsx") == []


def test_a_scheme_without_kpis_asks_for_none(tmp_path: Path) -> None:
    """The other scheme does."""
    document = edited(project_document(), put("kpis", []))
    codes = {
        item.code
        for item in process(filled(document, project_scheme(), tmp_path / "a.xlsx"), project_scheme()).findings
    }
    assert "E301" in codes
    scheme = district_scheme()
    assert process(filled(district_document(), scheme, tmp_path / "b.xlsx"), scheme).findings == []
