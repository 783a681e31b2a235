"""The template workbook: what stands where, what may be changed and what is offered."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from perfxl.layout import layout_of
from perfxl.layout.sheets import COVER, KPIS, META
from perfxl.references import column_letters
from perfxl.scheme.model import Scheme
from perfxl.xlsx.paper import MANY
from tests.template_books import cells, formulas, strict_options, unusual, write

# All of them known to Excel 2010, WPS and LibreOffice.
FUNCTIONS = {
    "ABS", "ADDRESS", "AND", "ASC", "CHOOSE", "COLUMN", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "FALSE", "FIND",
    "HYPERLINK", "IF", "IFERROR", "INDEX", "INT", "ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "MATCH",
    "MAX", "MID", "MIN", "N", "NOT", "OFFSET", "OR", "REPT", "ROUND", "ROW", "ROWS", "SEARCH", "SUBSTITUTE", "SUM",
    "SUMIF", "SUMPRODUCT", "TEXT", "TRIM",
}  # fmt: skip


@pytest.fixture(scope="module", params=["built-in", "every option on", "edited by a bureau"])
def any_scheme(request: pytest.FixtureRequest, scheme: Scheme) -> Scheme:
    variants = {"built-in": scheme, "every option on": strict_options(scheme), "edited by a bureau": unusual(scheme)}
    return variants[request.param]


@pytest.fixture(scope="module")
def blank(any_scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return write(tmp_path_factory.mktemp("blank") / "template.xlsx", any_scheme)


def test_sheets_stand_in_order_and_meta_is_hidden(blank: Workbook) -> None:
    filled = ["基本信息", "收支情况", "绩效指标", "重点任务", "管理效率", "自评得分"]
    assert blank.sheetnames == [COVER, *filled, META]
    assert [sheet.sheet_state for sheet in blank] == ["visible"] * 7 + ["veryHidden"]
    assert blank.active is not None
    assert blank.active.title == COVER


def test_keys_stand_in_hidden_rows_and_a_hidden_column(blank: Workbook, any_scheme: Scheme) -> None:
    for block in layout_of(any_scheme).blocks:
        sheet = blank[block.sheet]
        assert sheet.column_dimensions["A"].hidden
        assert sheet.row_dimensions[block.key_row + 1].hidden
        assert sheet.cell(block.key_row + 1, 1).value == f"@{block.key}"
        keys = {column.key: sheet.cell(block.key_row + 1, column.col + 1).value for column in block.columns}
        assert keys == {key: key for key in keys}
        assert [sheet.cell(line.row + 1, 1).value for line in block.lines] == [line.key for line in block.lines]
        assert (sheet.cell(block.next_row + 1, 1).value == "@end") is block.open


def test_headings_are_the_labels_that_the_reader_knows(blank: Workbook, any_scheme: Scheme) -> None:
    for block in layout_of(any_scheme).blocks:
        row = [blank[block.sheet].cell(block.head_row + 1, column.col + 1).value for column in block.columns]
        assert row == [column.label for column in block.columns]


def fill_down(scheme: Scheme) -> set[tuple[str, str]]:
    """The formula cells of the open tables."""
    return {
        (block.sheet, block.place(line, column.key).cell)
        for block in layout_of(scheme).blocks
        for line in block.lines
        for column in block.columns
        if block.open and column.role == "formula"
    }


def test_only_the_cells_to_fill_can_be_changed(blank: Workbook, any_scheme: Scheme) -> None:
    """And the formulas of the open tables, or their rows could neither be sorted nor take formulas when inserted."""
    places = layout_of(any_scheme).places.values()
    for sheet in blank:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        unlocked = {cell.coordinate for cell in cells(sheet) if not cell.protection.locked}
        free = {cell for title, cell in fill_down(any_scheme) if title == sheet.title}
        # Who signs may type it behind these words.
        signed = ("审核人：", "单位负责人：")
        free |= {cell.coordinate for cell in cells(sheet) if str(cell.value).startswith(signed)}
        assert unlocked == {place.cell for place in places if place.sheet == sheet.title} | free


def test_rows_of_open_tables_can_be_sorted(blank: Workbook, any_scheme: Scheme) -> None:
    """Excel sorts no range of a protected sheet in which a cell is locked or merged."""
    for key in ("kpis", "tasks"):
        block = layout_of(any_scheme).block(key)
        sheet = blank[block.sheet]
        first, last = f"B{block.head_row + 1}", block.place(block.lines[-1], block.columns[-1].key).cell
        assert sheet.auto_filter.ref == f"{first}:{last}"
        rows = sheet[f"B{block.first_row + 1}:{last}"]
        assert not any(cell.protection.locked for row in rows for cell in row)
        merged = [part for part in sheet.merged_cells if rows[0][0].row <= part.max_row]
        assert not [part for part in merged if part.min_row <= rows[-1][0].row]


def test_nothing_may_be_typed_over_a_formula_that_is_not_locked(blank: Workbook, any_scheme: Scheme) -> None:
    refused: set[tuple[str, str]] = set()
    for sheet in blank:
        for rule in sheet.data_validations.dataValidation:
            # What asks about a percentage typed as such lets it stand.
            assert rule.type != "custom" or rule.formula1 == "FALSE" or rule.errorStyle == "warning"
            if rule.formula1 == "FALSE":
                assert (rule.type, rule.errorStyle, rule.showErrorMessage) == ("custom", None, True)
                for part in rule.sqref.ranges:
                    refused |= {(sheet.title, f"{column_letters(col - 1)}{row}") for row, col in part.cells}
    assert refused == fill_down(any_scheme)


def test_protection_leaves_looks_widths_and_filters_free(blank: Workbook) -> None:
    for name in blank.sheetnames[:-1]:
        protection = blank[name].protection
        # In the file, False means that it is allowed.
        for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
            assert getattr(protection, allowed) is False
        is_open = name in (KPIS, "重点任务")
        assert (protection.insertRows, protection.deleteRows) == (not is_open, not is_open)


def test_every_field_has_one_validation_within_the_limits_of_excel(blank: Workbook, any_scheme: Scheme) -> None:
    layout = layout_of(any_scheme)
    validated: list[tuple[str, str]] = []
    for sheet in blank:
        for rule in sheet.data_validations.dataValidation:
            if rule.formula1 == "FALSE":
                continue
            assert len(rule.formula1 or "") <= 255
            assert 0 < len(rule.promptTitle or "") <= 32
            assert 0 < len(rule.prompt or "") <= 255
            assert rule.type not in ("decimal", "whole") or rule.errorStyle == "warning"
            for part in rule.sqref.ranges:
                validated.extend((sheet.title, f"{column_letters(col - 1)}{row}") for row, col in part.cells)
    assert sorted(validated) == sorted((place.sheet, place.cell) for place in layout.places.values())


def test_drop_downs_offer_the_choices_of_the_scheme(blank: Workbook, any_scheme: Scheme) -> None:
    layout = layout_of(any_scheme)
    rules = {
        (sheet.title, str(rule.sqref).partition(":")[0]): rule
        for sheet in blank
        for rule in sheet.data_validations.dataValidation
    }
    for name, spec in layout.specs.items():
        place = layout.places[name]
        rule = rules.get((place.sheet, place.cell))
        if rule is None or not spec.choices or name[2] in ("level2", "actual"):
            continue
        assert rule.type == "list"
        where = re.fullmatch(r"'_meta'!(\S+)", rule.formula1)
        assert where
        offered = [cell.value for (cell,) in blank[META][where[1].replace("$", "")]]
        assert offered == list(spec.choices)


def test_second_level_depends_on_the_first(blank: Workbook, any_scheme: Scheme) -> None:
    layout = layout_of(any_scheme)
    first = layout.places["kpis", "k001", "level2"].cell
    rule = next(r for r in blank[KPIS].data_validations.dataValidation if str(r.sqref).startswith(f"{first}:"))
    parent = layout.places["kpis", "k001", "level1"].cell
    assert f"MATCH(${parent}," in rule.formula1
    lists = re.findall(r"'_meta'!(\$\w+\$\d+:\$\w+\$\d+)", rule.formula1)
    columns = [[cell.value for (cell,) in blank[META][part.replace("$", "")]] for part in dict.fromkeys(lists)]
    assert sorted(zip(*columns, strict=True)) == sorted((level.level1, level.level2) for level in any_scheme.kpi_levels)


def functions_in(formula: str) -> set[str]:
    """The functions that a formula uses."""
    return set(re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r"\"[^\"]*\"|'[^']*'", "", formula)))


def test_formulas_use_old_functions_only(blank: Workbook) -> None:
    used: set[str] = set()
    for cell in formulas(blank):
        used |= functions_in(str(cell.value))
    for sheet in blank:
        for rule in sheet.data_validations.dataValidation:
            used |= functions_in(str(rule.formula1))
    assert used <= FUNCTIONS


def test_totals_have_names(blank: Workbook) -> None:
    figures = {"自评总分", "计算总分", "认定总分", "自评等级", "认定等级", "距下一等级", "完成进度"}
    inputs = {"部门名称", "部门代码", "部门类别", "年初预算数合计", "调整预算数合计", "支出数合计"}
    assert figures | inputs | {"绩效指标表", "重点任务表", "自评得分表"} <= set(blank.defined_names)
    for name in blank.defined_names.values():
        if name.name.startswith("_"):
            continue
        ((sheet, cell),) = name.destinations
        assert blank[sheet][cell.replace("$", "")] is not None


def test_pages_are_a4_one_page_wide_without_the_key_column(blank: Workbook) -> None:
    for sheet in blank.worksheets[:-1]:
        assert sheet.page_setup.paperSize == 9
        # As many pages as it takes, one wide (which is not written) but where that could not be read.
        if sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, MANY)
        else:
            # Or that goes on beside, or ends pages between its forms.
            assert sheet.page_setup.scale >= 71 and (sheet.print_title_cols or sheet.row_breaks.brk)
        assert sheet.title == COVER or "$A" not in str(sheet.print_area)
    assert blank[KPIS].print_title_rows
    assert blank[KPIS].page_setup.orientation == "landscape"


def test_panes_are_frozen_below_the_headings(blank: Workbook, any_scheme: Scheme) -> None:
    for key in ("kpis", "tasks", "scores"):
        block = layout_of(any_scheme).block(key)
        assert re.fullmatch(rf"[A-Z]+{block.first_row + 1}", blank[block.sheet].freeze_panes or "")


def test_cover_links_to_every_sheet(blank: Workbook) -> None:
    links = {cell.hyperlink.location for cell in cells(blank[COVER]) if cell.hyperlink}
    assert links == {f"'{name}'!B1" for name in blank.sheetnames[1:-1]}


def test_rows_to_write_in_keep_fitting_themselves(scheme: Scheme, tmp_path: Path) -> None:
    """A row whose height counts as set by hand would cut off what is typed later."""
    write(tmp_path / "template.xlsx", scheme)
    with zipfile.ZipFile(tmp_path / "template.xlsx") as package:
        sheets = {number: package.read(f"xl/worksheets/sheet{number}.xml").decode() for number in range(1, 8)}
    for block in layout_of(scheme).blocks:
        xml = sheets[layout_of(scheme).sheets.index(block.sheet) + 2]
        fits = block.key in ("department", "narrative", "kpis", "tasks", "scores")
        for line in block.lines:
            row = re.search(rf'<row r="{line.row + 1}"[^>]*>', xml)
            assert row and 'ht="' in row[0]
            assert ("customHeight" not in row[0]) is fits


def test_importing_the_package_loads_no_writer() -> None:
    code = "import sys, perfxl.template; print('xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
