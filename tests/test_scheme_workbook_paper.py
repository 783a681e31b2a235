"""The scheme workbook in the hand of a clerk: what is printed, the order of its sheets, rows inserted and deleted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from zipfile import ZipFile

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
from perfxl.xlsx.paper import MANY, points_wide, printable
from tests.clerk_form import INDICATORS
from tests.scheme_files import form, toml_scheme

LARGEST_SCHEME, LEAST = "district", 7.0
A4, MARGINS = 9, 1.0


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


def widths_of(sheet: Worksheet) -> list[float]:
    """The widths of the columns that are seen, as they were given: the file has what stands beside the digits too."""
    dimensions = sorted(sheet.column_dimensions.values(), key=lambda one: one.min)
    return [one.width - 5 / 7 for one in dimensions if not one.hidden for _ in range(one.min, one.max + 1)]


def test_nothing_is_too_small_on_paper(book: Workbook) -> None:
    """A4 throughout: what one page has no room for goes on beside, at a scale at which it is read."""
    for sheet in seen(book):
        setup, widths = sheet.page_setup, widths_of(sheet)
        assert int(setup.paperSize) == A4, sheet.title
        landscape = setup.orientation == "landscape"
        size = 9 if sheet.title == INDICATORS else 10
        room = printable(landscape=landscape, margins=MARGINS, size=size)
        if sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, MANY)
            assert points_wide(widths) <= room, sheet.title
            continue
        assert size * setup.scale / 100 >= LEAST
        breaks = [one.id for one in sheet.col_breaks.brk]
        again = 4 if sheet.title == INDICATORS else 1 if breaks else 0
        assert sheet.print_title_cols == (f"$A:${get_column_letter(again)}" if again else None)
        for first, end in pairwise([again, *breaks, len(widths)]):
            assert points_wide(widths[:again]) + points_wide(widths[first:end]) <= room, (sheet.title, first)


def test_free_lines_are_printed_to_the_end_of_the_page_and_no_pages_of_them(book: Workbook) -> None:
    sheet = book[INDICATORS]
    last = int(sheet.print_area.rpartition("$")[2])
    # Contents of a last indicator may stand in lines below its own.
    filled = max(cell.row for row in sheet.iter_rows(3) for cell in row[2:-2] if cell.value and cell.data_type != "f")
    assert filled + 3 <= last <= sheet.max_row
    begins = max([0, *[one.id for one in sheet.row_breaks.brk]])
    heights = [sheet.row_dimensions[row].height or 15 for row in range(begins + 1, last + 1)]
    assert filled > begins and sum(heights) <= (595.3 - 1.2 * 72) / 0.79
    preview = book["预览"]
    end = int(preview.print_area.rpartition("$")[2])
    # The rows for facts that may be added have no height of their own, and only some of them are printed.
    assert preview.row_dimensions[end].height is None and end <= preview.max_row
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


def test_the_workbook_is_the_same_each_time() -> None:
    """XlsxWriter writes into the properties of the default format that it is given."""
    parts = []
    for _ in range(2):
        with ZipFile(io.BytesIO(scheme_workbook(load_scheme(None)))) as package:
            parts.append({part: package.read(part) for part in package.namelist() if not part.startswith("docProps/")})
    assert parts[0] == parts[1]
