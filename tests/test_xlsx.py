"""The quick worksheet writes what XlsxWriter's own writes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from perfxl.xlsx.plain import PlainWorkbook
from perfxl.xlsx.quick.formats import copy_format, prototype, style_of
from perfxl.xlsx.quick.sheet import FastSheet
from perfxl.xlsx.quick.workbook import FastWorkbook
from tests.package_rules import MAIN, faults

PROPERTIES: list[dict[str, Any]] = [
    {"bold": True, "bg_color": "#E3EAF2", "border": 1, "border_color": "#BCC6D1"},
    {"num_format": "0.00_ ", "align": "center", "text_wrap": True},
    {"font_color": "#1F4E79", "underline": 1},
]
TEXTS = ("字", "", "a & <b>", " 前后有空格 ", "_x0041_", '"引号"', "两\n行", "字")
NUMBERS = (0, 1, -2, 9.95, 1e-7, 123456789.123456, 1e20, 0.1 + 0.2)
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
SHARED = "xl/sharedStrings.xml"
FORMULAS = (("A1+1", 3.5), ('IF(A1<1,"小","大")', "大"), ("1/4", 0.25), ('""', ""))


def plain(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        one, two, three = (book.add_format(properties) for properties in PROPERTIES)
        sheet = book.add_worksheet()
        for row, text in enumerate(TEXTS):
            sheet.write_string(row, 0, text, one) if text else sheet.write_blank(row, 0, None, one)
        for row, number in enumerate(NUMBERS):
            sheet.write_number(row, 3, number, two)
        for row, (formula, value) in enumerate(FORMULAS):
            sheet.write_formula(row, 5, f"={formula}", two, value)
        sheet.write_array_formula(9, 1, 9, 1, "=MIN(A1:A3+B1:B3)", two, 4.5)
        sheet.merge_range(10, 0, 12, 3, "", one)
        sheet.write_string(10, 0, "合并", one)
        sheet.write_url(14, 27, "internal:'Sheet1'!A1", three, "回")
        sheet.set_row(3, 31.5)
        sheet.set_row(20, 12)
        finish(book, sheet)


def quick(path: Path) -> None:
    with FastWorkbook(path, {"in_memory": True}) as book:
        one, two, three = (style_of(copy_format(prototype(properties), book)) for properties in PROPERTIES)
        sheet = book.add_worksheet(worksheet_class=FastSheet)
        for row, text in enumerate(TEXTS):
            sheet.text(row, 0, text, one) if text else sheet.blank(row, 0, one)
        for row, number in enumerate(NUMBERS):
            sheet.number(row, 3, number, two)
        for row, (formula, value) in enumerate(FORMULAS):
            sheet.formula(row, 5, formula, two, value)
        sheet.array_formula(9, 1, "MIN(A1:A3+B1:B3)", two, 4.5)
        sheet.merge_cells(10, 0, 12, 3, one)
        sheet.text(10, 0, "合并", one)
        sheet.write_url(14, 27, "internal:'Sheet1'!A1", three, "回")
        sheet.height(3, 31.5)
        sheet.height(20, 12)
        finish(book, sheet)


def finish(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": ["Sheet1", 0, 3, 5, 3], "categories": ["Sheet1", 0, 0, 5, 0]})
    sheet.insert_chart(2, 0, chart)
    sheet.conditional_format(0, 3, 5, 3, {"type": "cell", "criteria": ">", "value": 1, "format": book.add_format()})


def part(path: Path, name: str) -> str:
    """A part with its attributes in order, each text in its cell, and without hints on how far a row reaches."""
    with zipfile.ZipFile(path) as package:
        tree = ET.fromstring(package.read(name))
        shared = ET.fromstring(package.read(SHARED)) if SHARED in package.namelist() else None
    for element in tree.iter():
        if element.tag == f"{MAIN}c" and element.get("t") == "s" and shared is not None:
            text = shared[int(element.findtext(f"{MAIN}v", ""))]
            element[:] = [ET.Element(f"{MAIN}is")]
            element[0][:] = list(text)
            element.set("t", "inlineStr")
        element.attrib.pop("spans", None)
        if element.tag == f"{MAIN}c" and element.find(f"{MAIN}f") is not None and not element.findtext(f"{MAIN}v"):
            # Without the mark a reader would take an empty text for a number that is missing.
            element.set("t", "str")
        if element.tag.endswith("}f") and element.get("t") == "array":
            element.attrib["ref"] = element.attrib["ref"].partition(":")[0]
    return ET.canonicalize(ET.tostring(tree, "unicode"))


@pytest.mark.parametrize(
    "name",
    [
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/charts/chart1.xml",
        "xl/drawings/drawing1.xml",
    ],
)
def test_the_same_cells_give_the_same_part(tmp_path: Path, name: str) -> None:
    plain(tmp_path / "plain.xlsx")
    quick(tmp_path / "quick.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as one, zipfile.ZipFile(tmp_path / "quick.xlsx") as other:
        assert [name for name in one.namelist() if name != SHARED] == other.namelist()
    assert part(tmp_path / "quick.xlsx", name) == part(tmp_path / "plain.xlsx", name)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused(tmp_path: Path, number: float) -> None:
    book = FastWorkbook(tmp_path / "x.xlsx", {"in_memory": True})
    sheet = book.add_worksheet(worksheet_class=FastSheet)
    with pytest.raises(ValueError, match="a cell cannot hold"):
        sheet.number(0, 0, number, style_of(book.add_format()))
    book.close()


def test_overlapping_merges_are_refused(tmp_path: Path) -> None:
    book = FastWorkbook(tmp_path / "x.xlsx", {"in_memory": True})
    sheet = book.add_worksheet(worksheet_class=FastSheet)
    sheet.merge_cells(0, 0, 1, 1, style_of(book.add_format()))
    with pytest.raises(ValueError, match="overlap at B2"):
        sheet.merge_cells(1, 1, 2, 2, style_of(book.add_format()))
    book.close()


def cells_of(path: Path) -> dict[str, str]:
    """What stands in each cell."""
    tree = ET.fromstring(zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml"))
    return {cell.attrib["r"]: "".join(cell.itertext()) for cell in tree.iter(f"{MAIN}c")}


def test_numbers_that_are_equal_are_written_as_each_is(tmp_path: Path) -> None:
    numbers: list[float | Decimal] = [Decimal("0.00"), -0.0, 0, Decimal("2.50"), 2.5, 3, Decimal(3), Decimal("1E-7")]
    with FastWorkbook(tmp_path / "x.xlsx", {}) as book:
        sheet, form = book.add_worksheet(), style_of(book.add_format())
        for row, number in enumerate(numbers):
            sheet.number(row, 0, number, form)
            sheet.formula(row, 1, "1", form, number)
    cells = cells_of(tmp_path / "x.xlsx")
    assert [cells[f"A{row}"] for row in range(1, 9)] == ["0", "-0", "0", "2.5", "2.5", "3", "3", "1E-07"]
    assert [cells[f"B{row}"][1:] for row in range(1, 9)] == ["0.0", "-0.0", "0.0", "2.5", "2.5", "3.0", "3.0", "1e-07"]


def test_the_last_of_several_values_counts_and_rows_come_in_any_order(tmp_path: Path) -> None:
    with FastWorkbook(tmp_path / "x.xlsx", {}) as book:
        sheet, form = book.add_worksheet(), style_of(book.add_format())
        sheet.text(5, 1, "旧", form)
        sheet.number(0, 2, 1, form)
        sheet.number(0, 0, 2, form)
        sheet.number(5, 1, 3, form)
    assert list(cells_of(tmp_path / "x.xlsx").items()) == [("A1", "2"), ("C1", "1"), ("B6", "3")]


def test_what_a_cell_cannot_hold_is_replaced(tmp_path: Path) -> None:
    with FastWorkbook(tmp_path / "x.xlsx", {}) as book:
        sheet, form = book.add_worksheet(), style_of(book.add_format())
        for row, text in enumerate(["甲\x01", "甲\ufffd", "甲\x02", "长" * 40_000]):
            sheet.text(row, 0, text, form)
    *replaced, long = cells_of(tmp_path / "x.xlsx").values()
    assert replaced == ["甲\ufffd"] * 3
    assert (len(long), long[:10]) == (32_767, "长" * 10)


def test_no_workbook_takes_a_part_from_another(tmp_path: Path) -> None:
    """Parts are kept by all that they depend on: sheets, charts, texts, names, looks."""
    path = tmp_path / "x.xlsx"
    for number in range(8):
        with FastWorkbook(path, {}) as book:
            form = style_of(copy_format(prototype(PROPERTIES[number % 3]), book))
            for place in range(1 + number % 2):
                sheet = book.add_worksheet(f"页{number}{place}")
                sheet.number(0, 0, number, form)
                if number & 2:
                    sheet.text(1, 0, "字", form)
                if number & 4:
                    sheet.repeat_rows(0)
                    chart = book.add_chart({"type": "bar"})
                    chart.add_series({"values": [sheet.name, 0, 0, 1, 0]})
                    sheet.insert_chart(2, 0, chart, {"description": f"图{number}"})
        assert faults(path) == []
        names = ET.fromstring(zipfile.ZipFile(path).read("docProps/app.xml"))
        assert f"页{number}0" in list(names.itertext())


def test_the_set_up_of_a_page_is_that_of_xlsxwriter(tmp_path: Path) -> None:
    def set_up(sheet: Any, title: str) -> None:
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4)
        sheet.center_horizontally()
        sheet.set_header(title)

    for title in ("&C甲", "&C乙"):
        with xlsxwriter.Workbook(tmp_path / "plain.xlsx", {"in_memory": True}) as book:
            set_up(book.add_worksheet(), title)
        with FastWorkbook(tmp_path / "quick.xlsx", {}) as book:
            book.add_worksheet().set_up_page(set_up, title)
        name = "xl/worksheets/sheet1.xml"
        assert part(tmp_path / "quick.xlsx", name) == part(tmp_path / "plain.xlsx", name)


def test_parts_that_are_not_written_are_refused(tmp_path: Path) -> None:
    def refused(change: Callable[[Any], None]) -> str:
        book = FastWorkbook(tmp_path / "x.xlsx", {})
        change(book)
        with pytest.raises(ValueError, match="the quick writer does not write") as error:
            book.close()
        assert not (tmp_path / "x.xlsx").exists()
        return str(error.value)

    picture = BytesIO(PICTURE)

    def page_changed(book: Any) -> None:
        page = book.add_page("一")
        page.set_up_page(Worksheet.set_landscape)
        page.set_paper(8)

    def dynamic(book: Any) -> None:
        FastSheet.write_dynamic_array_formula(book.add_page("一"), 0, 0, 0, 0, "=SORT(A2:A9)")

    for words, change in {
        "text boxes": lambda book: book.add_page("一").insert_textbox(0, 0, "文字框"),
        "tables": lambda book: book.add_page("一").add_table(0, 0, 3, 3, {"header_row": False}),
        "pictures": lambda book: book.add_page("一").insert_image(0, 0, "x.png", {"image_data": picture}),
        "pictures in cells": lambda book: book.add_page("一").embed_image(0, 0, "x.png", {"image_data": picture}),
        "background pictures": lambda book: book.add_page("一").set_background(picture),
        "pictures in headers": lambda book: book.add_page("一").set_header(
            "&L&G", {"image_left": "x.png", "image_data_left": picture}
        ),
        "buttons": lambda book: book.add_page("一").insert_button(0, 0),
        "check boxes": lambda book: book.add_format({"checkbox": True}),
        "custom document properties": lambda book: book.set_custom_property("批次", "1"),
        "chart sheets": lambda book: book.add_chartsheet(),
        "rows set by `set_row`": lambda book: book.add_page("一").set_row(0, 30),
        "columns set by `set_column`": lambda book: book.add_page("一").set_column(0, 0, 30),
        "changes of a page after `set_up_page`": page_changed,
        "dynamic arrays": dynamic,
    }.items():
        assert words in refused(change)


def test_what_a_form_and_a_page_may_have_is_not_refused(tmp_path: Path) -> None:
    with FastWorkbook(tmp_path / "x.xlsx", {}) as book:
        form, page = book.add_form("一"), book.add_page("二")
        form.set_row(0, 30)
        form.set_column(0, 0, 30)
        page.widths((9.0, 8.0))
        page.set_up_page(Worksheet.set_landscape)
        page.repeat_rows(0)
        page.set_h_pagebreaks([5])


def test_document_properties_are_those_of_each_workbook(tmp_path: Path) -> None:
    for company, manager, hidden in (("甲", "", False), ("乙", "丙", False), ("乙", "丙", True), ("甲", "", False)):
        texts = []
        for kind in (FastWorkbook, PlainWorkbook):
            with kind(tmp_path / "x.xlsx", {"in_memory": True}) as book:
                book.add_page("一")
                second = book.add_page("二")
                if hidden:
                    second.very_hidden()
                properties = {"title": "题", "company": company} | ({"manager": manager} if manager else {})
                book.set_properties(properties | {"created": datetime(2026, 1, 1)})
            with zipfile.ZipFile(tmp_path / "x.xlsx") as package:
                texts.append([package.read(f"docProps/{name}.xml") for name in ("app", "core")])
        assert texts[0] == texts[1]
        assert company in texts[0][0].decode()


def test_styles_are_those_of_a_workbook_with_comments_or_without(tmp_path: Path) -> None:
    for comment in (False, True, False):
        texts = []
        for kind in (FastWorkbook, PlainWorkbook):
            with kind(tmp_path / "x.xlsx", {"in_memory": True}) as book:
                book.add_page("一").number(0, 0, 1, book.style(lambda: PROPERTIES[0] | {"font_name": "微软雅黑"}))
                if comment:
                    book.add_form("二").write_comment(0, 0, "批注")
            with zipfile.ZipFile(tmp_path / "x.xlsx") as package:
                texts.append(package.read("xl/styles.xml"))
        assert texts[0] == texts[1]
