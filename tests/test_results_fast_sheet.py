"""The quick worksheet writes what XlsxWriter's own writes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xlsxwriter

from perfxl.results.fast_sheet import FastSheet
from perfxl.results.fast_workbook import FastWorkbook, copy_format, prototype

PROPERTIES: list[dict[str, Any]] = [
    {"bold": True, "bg_color": "#E3EAF2", "border": 1, "border_color": "#BCC6D1"},
    {"num_format": "0.00_ ", "align": "center", "text_wrap": True},
    {"font_color": "#1F4E79", "underline": 1},
]
TEXTS = ("字", "", "a & <b>", " 前后有空格 ", "_x0041_", '"引号"', "两\n行", "字")
NUMBERS = (0, 1, -2, 9.95, 1e-7, 123456789.123456, 1e20, 0.1 + 0.2)
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
        one, two, three = (copy_format(prototype(properties), book) for properties in PROPERTIES)
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
    """A part with its attributes in order, and without those that only say how far a row reaches."""
    tree = ET.fromstring(zipfile.ZipFile(path).read(name))
    for element in tree.iter():
        element.attrib.pop("spans", None)
        if element.tag.endswith("}f") and element.get("t") == "array":
            element.attrib["ref"] = element.attrib["ref"].partition(":")[0]
    return ET.canonicalize(ET.tostring(tree, "unicode"))


@pytest.mark.parametrize(
    "name",
    [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/charts/chart1.xml",
        "xl/drawings/drawing1.xml",
    ],
)
def test_the_same_cells_give_the_same_part(tmp_path: Path, name: str) -> None:
    plain(tmp_path / "plain.xlsx")
    quick(tmp_path / "quick.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as one, zipfile.ZipFile(tmp_path / "quick.xlsx") as other:
        assert one.namelist() == other.namelist()
    assert part(tmp_path / "quick.xlsx", name) == part(tmp_path / "plain.xlsx", name)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused(tmp_path: Path, number: float) -> None:
    book = FastWorkbook(tmp_path / "x.xlsx", {"in_memory": True})
    sheet = book.add_worksheet(worksheet_class=FastSheet)
    with pytest.raises(ValueError, match="a cell cannot hold"):
        sheet.number(0, 0, number, book.add_format())
    book.close()


def test_overlapping_merges_are_refused(tmp_path: Path) -> None:
    book = FastWorkbook(tmp_path / "x.xlsx", {"in_memory": True})
    sheet = book.add_worksheet(worksheet_class=FastSheet)
    sheet.merge_cells(0, 0, 1, 1, book.add_format())
    with pytest.raises(ValueError, match="overlap at B2"):
        sheet.merge_cells(1, 1, 2, 2, book.add_format())
    book.close()
