"""The scheme workbook in the hand of a clerk: what is printed, the order of its sheets, rows inserted and deleted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.new_scheme import starter
from perfxl.scheme.raw_scheme import TABLES
from perfxl.scheme.workbook_file import scheme_workbook
from perfxl.scheme.workbook_guide import sheet_notes
from perfxl.xlsx.paper import MANY
from tests.clerk_form import INDICATORS
from tests.scheme_files import form, toml_scheme

LARGEST_SCHEME, SMALLEST_FONT = "district", 7.0
A4, A3 = 9, 8
WIDTHS = {("portrait", A4): 523, ("landscape", A4): 770, ("landscape", A3): 1119}
"""Points between the margins of a page."""


@pytest.fixture(scope="module", params=[*builtin_ids(), LARGEST_SCHEME, "new"])
def book(request: pytest.FixtureRequest) -> Workbook:
    name = request.param
    scheme = starter() if name == "new" else toml_scheme(form(name)) if name == LARGEST_SCHEME else load_scheme(name)
    return openpyxl.load_workbook(io.BytesIO(scheme_workbook(scheme)))


def seen(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book if sheet.sheet_state == "visible"]


def test_sheets_stand_in_the_order_in_which_a_form_is_made(book: Workbook) -> None:
    titles = [sheet.title for sheet in seen(book)]
    assert titles == ["说明", *(title for title, _ in sheet_notes())]
    assert len(titles) == len(TABLES) + 2
    steps = ("说明", "预览", "方案信息", "一二级指标", "填报事项", "计算事项", INDICATORS, "规则说明", "等级")
    assert titles[: len(steps)] == list(steps)
    links = [cell.value for cell in book["说明"]["A"] if cell.hyperlink]
    assert links == titles[1:]


def test_nothing_is_too_small_on_paper(book: Workbook) -> None:
    for sheet in seen(book):
        width = sum(
            (wide.max - wide.min + 1) * wide.width * 7 * 0.75
            for wide in sheet.column_dimensions.values()
            if not wide.hidden and wide.width
        )
        setup = sheet.page_setup
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and setup.fitToHeight == MANY
        paper = WIDTHS[setup.orientation, int(setup.paperSize)]
        pages = int(setup.fitToWidth or 1)
        repeated = 0.0
        if pages > 1:
            assert sheet.print_title_cols in ("$A:$A", "$A:$D"), sheet.title
            again = "A" if sheet.print_title_cols == "$A:$A" else "ABCD"
            repeated = sum(sheet.column_dimensions[letter].width for letter in again) * 7 * 0.75
        assert 10 * min(1.0, pages * paper / (width + (pages - 1) * repeated)) >= SMALLEST_FONT, sheet.title


def test_what_is_added_below_is_printed_too(book: Workbook) -> None:
    sheet = book[INDICATORS]
    last = int(sheet.print_area.rpartition("$")[2])
    assert last == sheet.max_row
    # What is free fits itself to what is written; a fixed height would cut it off.
    assert sheet.cell(last, 3).value is None and sheet.row_dimensions[last].height is None
    assert sheet.row_dimensions[3].height >= 18
    for title in ("一二级指标", "填报事项", "计算事项"):
        assert book[title].row_dimensions[book[title].max_row].height is None


def test_notes_are_not_cut_off_on_the_pages_that_repeat_the_first_columns(book: Workbook) -> None:
    sheet = book[INDICATORS]
    assert sheet.print_title_cols == "$A:$D"
    room = sum(sheet.column_dimensions[letter].width for letter in "ABCD")
    assert len(sheet["A1"].value) * 1.9 < room
    assert "选好“规则类型”" in sheet["E1"].value


def references(sheet: Worksheet) -> Iterator[tuple[str, int, str, str]]:
    """Cell, its row, and sheet and cell of each single cell (no range) that its formula names."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type != "f":
                continue
            words = re.sub(r'"[^"]*"', "", str(cell.value))
            for title, place in re.findall(r"(?:'([^']+)'!)?(?<![:$A-Z\d])(\$?[A-Z]+\$?\d+)(?![\d:(])", words):
                yield cell.coordinate, cell.row, title or sheet.title, place


def test_no_formula_is_lost_where_a_row_is_deleted(book: Workbook) -> None:
    """Lists and preview look records up in the columns, which stay whatever rows are inserted and deleted.

    Items of the vertical sheets cannot be deleted.
    """
    moving = {table.sheet for table in TABLES if not table.vertical}
    for title in ("预览", "_lists"):
        assert not [found for found in references(book[title]) if found[2] in moving], title
    # A standard may name the points of the lines below: the preview shows it as it is written where they are gone.
    hidden = {wide.max for wide in book[INDICATORS].column_dimensions.values() if wide.hidden}
    standards = get_column_letter(max(hidden))
    for title in (INDICATORS, "一二级指标"):
        lost = {
            cell
            for cell, row, of, place in references(book[title])
            if of in moving and int(re.sub(r"\D", "", place)) not in (row, 1)
        }
        assert {re.sub(r"\d", "", cell) for cell in lost} <= ({standards} if title == INDICATORS else set())
