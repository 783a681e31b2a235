"""What people do to the workbook itself: what is still certain is read, what is not is one finding with its place.

The changes are made with openpyxl, which saves formulas without their results: I702, once a workbook, is the mark of
that and of nothing else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from perfxl.checks.finding import Finding
from perfxl.decimals import plain
from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.scheme.model import Scheme
from perfxl.submission.document import plain_number
from perfxl.workbook.limits import Limits
from tests.books import by_hand, cell_of, filled, process
from tests.findings import beyond_clean, clean_document, patch_cell, patch_part, write_values

Change = Callable[[Workbook], None]
KPIS, TASKS, FUNDS, MANAGEMENT, SCORES, IDENTITY = (
    "绩效指标", "重点任务", "收支情况", "管理效率", "自评得分", "基本信息",
)  # fmt: skip
BY_OPENPYXL = {"I702", "W117", "W118"}
"""It calculates nothing, and leaves hidden and merged cells where they were when rows are inserted before them."""


def findings_after(change: Change, scheme: Scheme, path: Path) -> list[Finding]:
    filled(clean_document(), scheme, path)
    found = beyond_clean(process(by_hand(path, change), scheme).findings, scheme)
    return [item for item in found if item.code not in BY_OPENPYXL]


def document_after(path: Path, scheme: Scheme) -> dict[str, Any]:
    layout = layout_of(scheme)
    return document_of(read_submission(path.read_bytes(), layout, Limits()), layout)


def numbers_plain(document: Any) -> Any:
    """Without the spelling of numbers (`30.00`), which goes with `_meta`."""
    if isinstance(document, dict):
        return {key: numbers_plain(value) for key, value in document.items()}
    if isinstance(document, list):
        return [numbers_plain(value) for value in document]
    number = plain_number(document) if isinstance(document, str) else None
    return document if number is None else plain(number)


def row_of(sheet: Any, key: str) -> int:
    """The row with that key in the hidden column, as Excel counts."""
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == key)


# What changes nothing that counts.


def insert_rows(book: Workbook) -> None:
    for name in (KPIS, SCORES, MANAGEMENT, IDENTITY):
        book[name].insert_rows(2, 3)


def insert_rows_inside(book: Workbook) -> None:
    sheet = book[KPIS]
    sheet.insert_rows(row_of(sheet, "k003"), 2)
    sheet = book[MANAGEMENT]
    sheet.insert_rows(row_of(sheet, "contracts_total"))


def insert_columns(book: Workbook) -> None:
    book[KPIS].insert_cols(1)
    book[KPIS].insert_cols(6, 2)
    book[FUNDS].insert_cols(3)
    book[SCORES].insert_cols(9)


def delete_blank_rows(book: Workbook) -> None:
    sheet = book[KPIS]
    sheet.delete_rows(row_of(sheet, "k020"), 10)


def delete_label_columns(book: Workbook) -> None:
    book[SCORES].delete_cols(7)
    book[MANAGEMENT].delete_cols(6)


def move_rows(book: Workbook) -> None:
    sheet = book[KPIS]
    first, last = row_of(sheet, "k001"), row_of(sheet, "k009")
    sheet.move_range(f"A{first}:P{last}", rows=12)


def sort_rows(book: Workbook) -> None:
    sheet = book[SCORES]
    first, last = row_of(sheet, "A01"), row_of(sheet, "B72")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    rows = [[sheet.cell(row, col).value for col in range(1, 14)] for row in range(first, last + 1)]
    for row, values in enumerate(sorted(rows, key=lambda values: str(values[4])), first):
        for col, value in enumerate(values, 1):
            sheet.cell(row, col).value = value


def relabel(book: Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows(min_col=2):
            for cell in row:
                if cell.value in ("项目", "填报内容", "填报值", "年度指标值", "实际完成值", "自评得分", "支出数"):
                    cell.value = f"{cell.value}（{sheet.title}）"


def hide(book: Workbook) -> None:
    for sheet in book:
        for row in range(1, 30, 3):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["C"].hidden = True
    book[MANAGEMENT].sheet_state = "hidden"


def move_row_to_another_section(book: Workbook) -> None:
    sheet = book[MANAGEMENT]
    at = row_of(sheet, "contracts_total")
    values = [sheet.cell(at, col).value for col in range(1, 8)]
    sheet.delete_rows(at)
    to = row_of(sheet, "budget_content_ok")
    sheet.insert_rows(to)
    for col, value in enumerate(values, 1):
        sheet.cell(to, col).value = value


def show_what_is_hidden(book: Workbook) -> None:
    for sheet in book:
        sheet.sheet_state = "visible"
        for dimension in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()):
            dimension.hidden = False


def filter_on(book: Workbook) -> None:
    book[KPIS].auto_filter.ref = "B8:P48"
    book[KPIS].auto_filter.add_filter_column(0, ["产出指标"])
    for row in range(14, 18):
        book[KPIS].row_dimensions[row].hidden = True


def spaces_below(book: Workbook) -> None:
    for name in (KPIS, TASKS):
        sheet = book[name]
        for row in range(18, 45):
            sheet.cell(row, 2 + row % 5).value = ("", " ", "\u3000", "\u00a0")[row % 4]
        sheet.cell(9_000, 3).value = " "


def gap_between(book: Workbook) -> None:
    sheet = book[KPIS]
    first, last = row_of(sheet, "k005"), row_of(sheet, "k009")
    sheet.move_range(f"B{first}:P{last}", rows=3)


def reorder_sheets(book: Workbook) -> None:
    book.move_sheet(SCORES, -5)
    book.move_sheet(IDENTITY, 3)


def add_sheets(book: Workbook) -> None:
    book.create_sheet("草稿")["A1"] = "计算过程"
    book.create_sheet("附件清单", 0)["B2"] = 12


def pad_sheet_names(book: Workbook) -> None:
    book[KPIS].title = f"{KPIS} "
    book[TASKS].title = f"　{TASKS}"


def style_everything(book: Workbook) -> None:
    for sheet in book:
        for row in range(1, 2_000, 7):
            sheet.row_dimensions[row].height = 20
        sheet.cell(1_500, 12).number_format = "0.00"


HARMLESS = [
    insert_rows, insert_rows_inside, insert_columns, delete_blank_rows, delete_label_columns, move_rows, sort_rows,
    move_row_to_another_section,
    relabel, hide, show_what_is_hidden, filter_on, spaces_below, gap_between, reorder_sheets, add_sheets,
    pad_sheet_names, style_everything,
]  # fmt: skip


@pytest.mark.parametrize("change", HARMLESS, ids=lambda change: change.__name__)
@pytest.mark.slow
def test_what_is_still_certain_is_read(change: Change, scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    assert findings_after(change, scheme, path) == []
    assert document_after(path, scheme) == clean_document()


def test_sorted_kpi_rows_come_in_their_new_order(scheme: Scheme, tmp_path: Path) -> None:
    def sort(book: Workbook) -> None:
        sheet = book[KPIS]
        first = row_of(sheet, "k001")
        rows = [[sheet.cell(first + n, col).value for col in range(1, 17)] for n in range(9)]
        for n, values in enumerate(reversed(rows)):
            for col, value in enumerate(values, 1):
                sheet.cell(first + n, col).value = value

    path = tmp_path / "book.xlsx"
    assert findings_after(sort, scheme, path) == []
    document = clean_document()
    assert document_after(path, scheme)["kpis"] == document["kpis"][::-1]


def test_a_row_inserted_without_a_key_is_read(scheme: Scheme, tmp_path: Path) -> None:
    """Insert a row in the middle, type: Excel copies no hidden key."""
    added = {"level1": "产出指标", "level2": "数量指标", "name": "新增", "symbol": "≥", "target": 5, "unit": "个",
             "actual": 5, "weight": 0, "self_score": 0, "evidence": "台账"}  # fmt: skip

    def insert(book: Workbook) -> None:
        sheet = book[KPIS]
        at = row_of(sheet, "k002")
        columns = {sheet.cell(7, col).value: col for col in range(2, 17)}
        sheet.insert_rows(at)
        for key, value in added.items():
            sheet.cell(at, columns[key]).value = value

    path = tmp_path / "book.xlsx"
    assert findings_after(insert, scheme, path) == []
    kpis = document_after(path, scheme)["kpis"]
    assert [kpi["name"] for kpi in kpis][:3] == ["全国科普日科普活动场次", "新增", "科技活动周科普活动场次"]
    assert len(kpis) == 10


# What is doubtful or lost: one finding each.


def rename(book: Workbook) -> None:
    book[TASKS].title = "重点工作情况"


def copy_sheet(book: Workbook) -> None:
    book.copy_worksheet(book[TASKS]).title = "重点任务 (2)"


def delete_sheet(book: Workbook) -> None:
    del book[KPIS]


def replace_sheet(book: Workbook) -> None:
    del book[TASKS]
    book.create_sheet("重点任务表")["B3"] = "任务名称"


def delete_meta(book: Workbook) -> None:
    del book["_meta"]


def blank_meta(book: Workbook) -> None:
    book["_meta"].delete_rows(1, 40)


def newer_version(book: Workbook) -> None:
    sheet = book["_meta"]
    sheet.cell(row_of(sheet, "version"), 2).value = "0.9"


def delete_fact(book: Workbook) -> None:
    sheet = book[MANAGEMENT]
    sheet.delete_rows(row_of(sheet, "contracts_filed"))


def delete_kpi_column(book: Workbook) -> None:
    sheet = book[KPIS]
    sheet.delete_cols(next(col for col in range(1, 17) if sheet.cell(7, col).value == "target"))


def delete_self_column(book: Workbook) -> None:
    sheet = book[SCORES]
    sheet.delete_cols(next(col for col in range(1, 14) if sheet.cell(4, col).value == "self"))


def copy_fact_row(book: Workbook) -> None:
    sheet = book[MANAGEMENT]
    at = row_of(sheet, "contracts_total")
    sheet.insert_rows(at + 1)
    for col in range(1, 8):
        sheet.cell(at + 1, col).value = sheet.cell(at, col).value


def delete_key_column(book: Workbook) -> None:
    book[KPIS].delete_cols(1)


def blank_row_keys(book: Workbook) -> None:
    sheet = book[MANAGEMENT]
    for key in ("contracts_total", "contracts_filed"):
        sheet.cell(row_of(sheet, key), 1).value = None


def delete_key_row(book: Workbook) -> None:
    book[TASKS].delete_rows(4)


def delete_key_row_and_headings(book: Workbook) -> None:
    book[TASKS].delete_rows(4, 2)


def delete_form_key_column(book: Workbook) -> None:
    book[SCORES].delete_cols(1)


def merge_levels(book: Workbook) -> None:
    sheet = book[KPIS]
    first = row_of(sheet, "k001")
    sheet.merge_cells(start_row=first, end_row=first + 4, start_column=2, end_column=2)


def link_elsewhere(book: Workbook) -> None:
    sheet = book[IDENTITY]
    sheet.cell(60, 2).value = "='[2]Sheet1'!A1"


def fill_below(book: Workbook) -> None:
    sheet = book[TASKS]
    sheet.cell(24, 2).value, sheet.cell(24, 3).value, sheet.cell(24, 4).value = "另一任务", 10, 9


LOST: dict[str, tuple[Change, str, str, tuple[str, ...]]] = {
    "W010": (rename, "重点工作情况", "", ("重点任务", "重点工作情况")),
    "W011": (copy_sheet, "重点任务 (2)", "", ("副本", "重点任务")),
    "E004": (delete_sheet, "绩效指标", "", ("缺少工作表“绩效指标”",)),
    "E004 near": (replace_sheet, "重点任务", "", ("是否指“重点任务表”",)),
    "W002": (delete_meta, "", "", ("_meta",)),
    "W002 blank": (blank_meta, "", "", ("_meta",)),
    "W003": (newer_version, "", "", ("0.9", "1.0")),
    "E111 fact": (delete_fact, MANAGEMENT, "C48", ("按期备案",)),
    "E111": (delete_kpi_column, KPIS, "F9", ("年度指标值",)),
    "E111 column": (delete_self_column, SCORES, "I6:I30", ("自评得分", "25 个单元格")),
    "W006": (copy_fact_row, MANAGEMENT, "A47", ("第 47 行",)),
    "W012 column": (delete_key_column, KPIS, "", ("绩效指标表",)),
    "W012": (blank_row_keys, MANAGEMENT, "", ("采购合同总数", "按期备案")),
    "W012 row": (delete_key_row, TASKS, "", ("重点任务表",)),
    "E005": (delete_key_row_and_headings, TASKS, "", ("重点任务表", "第 4 行")),
    "W012 form": (delete_form_key_column, SCORES, "", ("自评得分表",)),
    "I113 merged": (merge_levels, KPIS, "B10:B13", ("合并单元格", "4 个单元格")),
    "W013": (fill_below, TASKS, "B24", ("重点任务表",)),
    "W009": (link_elsewhere, IDENTITY, "B60", ("B60", "其他工作簿")),
}
READ_ALL_THE_SAME = ("W010", "W011", "W002", "W002 blank", "W003", "W006", "W012 column", "W012", "W012 row",
                     "W012 form", "I113 merged", "W009")  # fmt: skip


@pytest.mark.parametrize("name", LOST)
@pytest.mark.slow
def test_one_finding_that_names_the_place(name: str, scheme: Scheme, tmp_path: Path) -> None:
    change, sheet, cell, words = LOST[name]
    found = findings_after(change, scheme, tmp_path / "book.xlsx")
    told = [f"{item.code} {item.message}" for item in found]
    assert [item.code for item in found] == [name.partition(" ")[0]], told
    assert (found[0].sheet, found[0].cell) == (sheet, cell)
    for word in words:
        assert word in found[0].message
    if name in READ_ALL_THE_SAME:
        assert numbers_plain(document_after(tmp_path / "book.xlsx", scheme)) == numbers_plain(clean_document())


@pytest.mark.parametrize("sheet", [KPIS, TASKS, FUNDS, MANAGEMENT, SCORES, IDENTITY])
def test_a_workbook_without_one_of_the_sheets_has_that_finding_only(sheet: str, scheme: Scheme, tmp_path: Path) -> None:
    """Alone in its chunk, so that no other workbook has the fields of that sheet either."""
    found = findings_after(lambda book: book.remove(book[sheet]), scheme, tmp_path / "book.xlsx")
    assert [(item.code, item.message) for item in found] == [("E004", f"缺少工作表“{sheet}”")]


def test_formulas_that_show_no_number_have_no_value_to_tell(scheme: Scheme, tmp_path: Path) -> None:
    filled(clean_document(), scheme, tmp_path / "book.xlsx")
    (found,) = beyond_clean(process(by_hand(tmp_path / "book.xlsx", lambda book: None), scheme).findings, scheme)
    assert (found.code, found.value, found.expected) == ("I702", "", "")


def test_values_pasted_over_formulas_are_no_fault(scheme: Scheme, tmp_path: Path) -> None:
    """As long as they show what perfxl computes."""
    path = write_values(scheme, tmp_path / "book.xlsx", {})
    patch_cell(path, SCORES, "H6", "", "<v>20</v>")
    assert beyond_clean(process(path, scheme).findings, scheme) == []


def test_another_number_over_a_formula_is_told_and_counts_for_nothing(scheme: Scheme, tmp_path: Path) -> None:
    path = write_values(scheme, tmp_path / "book.xlsx", {})
    patch_cell(path, SCORES, "H6", "", "<v>19.5</v>")
    scored = process(path, scheme)
    (found,) = beyond_clean(scored.findings, scheme)
    assert (found.code, found.sheet, found.cell, found.value, found.expected) == ("W701", SCORES, "H6", "19.5", "20.00")
    assert scored.result is not None and str(scored.result.total) == "96.45"


def test_an_error_in_a_formula_is_told_and_counts_for_nothing(scheme: Scheme, tmp_path: Path) -> None:
    path = write_values(scheme, tmp_path / "book.xlsx", {})
    patch_cell(path, SCORES, "H8", 't="e"', "<f>A1/0</f><v>#DIV/0!</v>")
    scored = process(path, scheme)
    (found,) = beyond_clean(scored.findings, scheme)
    assert (found.code, found.sheet, found.cell) == ("W703", SCORES, "H8")
    assert scored.result is not None and str(scored.result.total) == "96.45"


def test_formulas_never_calculated_are_told_once(scheme: Scheme, tmp_path: Path) -> None:
    path = filled(clean_document(), scheme, tmp_path / "book.xlsx")
    scored = process(by_hand(path, lambda book: None), scheme)
    (found,) = beyond_clean(scored.findings, scheme)
    assert (found.code, found.sheet, found.cell) == ("I702", SCORES, "H6")
    assert "26 处" in found.message
    assert scored.result is not None and str(scored.result.total) == "96.45"


def test_macros_are_told(scheme: Scheme, tmp_path: Path) -> None:
    path = filled(clean_document(), scheme, tmp_path / "book.xlsm")
    patch_part(path, "xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0" + bytes(600))
    assert [item.code for item in beyond_clean(process(path, scheme).findings, scheme)] == ["W008"]


def test_strict_open_xml_is_told_and_read(scheme: Scheme, tmp_path: Path) -> None:
    path = filled(clean_document(), scheme, tmp_path / "book.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            for old, new in STRICT.items():
                data = data.replace(old, new)  # noqa: PLW2901
            archive.writestr(name, data)
    scored = process(path, scheme)
    (found,) = beyond_clean(scored.findings, scheme)
    assert found.code == "I007"
    assert "Strict" in found.message
    assert document_after(path, scheme) == clean_document()


STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}  # fmt: skip


def test_the_blank_template_is_told_in_few_lines(scheme: Scheme, tmp_path: Path) -> None:
    from perfxl.template import write_template

    path = tmp_path / "blank.xlsx"
    write_template(scheme, path)
    found = process(path, scheme).findings
    assert {item.code for item in found} == {"E101", "E301"}
    blank = sum(name[0] not in ("kpis", "tasks") and spec.required for name, spec in layout_of(scheme).specs.items())
    assert sum(len(item.fields) for item in found if item.code == "E101") == blank
    assert len(found) < blank / 2


def test_columns_are_counted_as_excel_does(scheme: Scheme) -> None:
    assert cell_of(scheme, ("kpis", "1", "evidence"))[1] == f"{get_column_letter(16)}9"


FIRES_ELSEWHERE = ("I007", "W008", "W701", "I702", "W703")
"""Set off by the tests above that are no line of `LOST`."""
