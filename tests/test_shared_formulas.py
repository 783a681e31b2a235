"""Formulas that are written once for several rows: which ones, by both writers, and how each cell's own is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator, TranslatorError

from perfxl.references import column_letters
from perfxl.scheme.model import Scheme
from perfxl.template import write_template
from perfxl.workbook.formula_values import FormulaValues
from perfxl.workbook.limits import Limits
from perfxl.workbook.package import read_package
from perfxl.workbook.shared_formulas import moved
from perfxl.workbook.shared_texts import SharedTexts
from perfxl.workbook.sheet_anew import write_anew
from perfxl.workbook.sheet_cells import SheetCells, values_of
from perfxl.workbook.sheet_xml import take_apart
from perfxl.workbook.styles import Looks
from perfxl.xlsx.plain import PlainWorkbook
from perfxl.xlsx.quick.workbook import FastWorkbook
from perfxl.xlsx.shared_formulas import shared_formulas
from tests.books import filled
from tests.findings import clean_document

LONG = '+LEN("这一段文字只是为了让公式长一点，值得只写一处而不是处处都写一遍")'
TEXT = re.compile(r'"(?:[^"]|"")*"')
ROWS = range(4, 9)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def down(formula: str) -> dict[tuple[int, int], str]:
    """A formula for C5, and for the cells below it as Excel fills it down."""
    filled_down = Translator(f"={formula}", origin="C5")
    return {(row, 2): filled_down.translate_formula(f"C{row + 1}")[1:] for row in ROWS}


@pytest.mark.parametrize(
    "formula",
    ["A5+$B$2*A$3+$D4", "SUM(A$5:A5)", "LOG10(A5)", 'IF(A5="A5!",A4,清单)', "ROWS(C$3:C5)", "1.5*A5%", "-A5<>B5",
     "IF(AND(A5>0,B5<=1),SUM(A5,B5),N(A5))"],
)  # fmt: skip
def test_formulas_of_the_own_sheet_are_shared(formula: str) -> None:
    shared = shared_formulas(down(formula + LONG))
    assert len(shared) == len(ROWS)
    assert shared[4, 2].element.startswith('<f t="shared" ref="C5:C9" si="0">')
    assert {shared[row, 2].element for row in ROWS[1:]} == {'<f t="shared" si="0"/>'}


@pytest.mark.parametrize(
    "formula",
    ["Sheet1!A5", "'表 1'!$A$5", "SUM((A5,B5))", "SUM(A5:B6 B6:C7)", "SUM(A5:INDEX(B5:B9,2))", "SUM({1,2})+A5",
     "SUM(A:A)+A5", "SUM(5:5)", "[1]甲!A5+A5", "_xlfn.IFNA(A5,B5)"],
)  # fmt: skip
def test_what_excel_never_shares_is_written_in_full(formula: str) -> None:
    assert shared_formulas({(row, 2): formula + LONG for row in ROWS}) == {}


def test_rows_that_differ_or_are_few_or_short_are_written_in_full() -> None:
    cells = down("A5" + LONG)
    assert shared_formulas({place: cells[place] for place in list(cells)[:2]}) == {}
    assert shared_formulas(down("A5+1")) == {}
    shared = shared_formulas(cells | {(6, 2): "A1" + LONG})
    assert shared == {}, "two above and two below are too few"
    assert {row for row, _ in shared_formulas(cells | {(8, 2): "A1" + LONG})} == {4, 5, 6, 7}


REFS = st.tuples(st.sampled_from(["", "$"]), st.integers(0, 40), st.sampled_from(["", "$"]), st.integers(20, 60)).map(
    lambda ref: f"{ref[0]}{column_letters(ref[1])}{ref[2]}{ref[3]}"
)
ITEMS = st.one_of(REFS, st.sampled_from(["1", "2.5", '"A1"', '"甲""B2"', "清单", "SUM(A1:B$2)", "LOG10(A30)"]))
FORMULAS = st.lists(ITEMS, min_size=1, max_size=6).map("+".join)


@given(FORMULAS, st.integers(-35, 15))
def test_a_formula_is_moved_as_openpyxl_moves_it(formula: str, rows: int) -> None:
    written = ((49, 3), formula)
    try:
        expected = Translator(f"={formula}", origin="D50").translate_formula(f"D{50 + rows}")[1:]
    except TranslatorError:
        expected = ""  # above the first row
    assert moved(written, (49 + rows, 3)) == expected


@given(FORMULAS, FORMULAS)
def test_only_the_same_formula_is_shared(first: str, second: str) -> None:
    cells = {(row, 3): text + LONG for row, text in zip(range(29, 35), [first, second] * 3, strict=True)}
    for (row, col), shared in shared_formulas(cells).items():
        at = f"{column_letters(col)}{row + 1}"
        start = min(other for other, item in shared_formulas(cells).items() if item.number == shared.number)
        origin = f"{column_letters(col)}{start[0] + 1}"
        assert Translator(f"={cells[start]}", origin=origin).translate_formula(at) == f"={cells[row, col]}"


Write = Callable[[Any], None]


def book(kind: Any, write: Write, begin: Any = None) -> bytes:
    """A workbook of one form; begin: the stamp that it begins as."""
    stream = BytesIO()
    made = kind(stream, {"in_memory": True, "strings_to_formulas": False})
    if begin is not None:
        made.begin_as(begin)
    write(made.add_form("表", sharing=True))
    made.close()
    return stream.getvalue()


def formulas_of(data: bytes) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(BytesIO(data))["表"]
    return {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}


def column(form: Any) -> None:
    for (row, col), formula in down('IF(A5<2,A5&"<",B5)' + LONG).items():
        form.write_formula(row, col, formula, None, "甲")


@pytest.mark.parametrize("kind", [FastWorkbook, PlainWorkbook])
def test_both_writers_share_the_same_and_openpyxl_reads_each(kind: Any) -> None:
    data = book(kind, column)
    with ZipFile(BytesIO(data)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert xml.count('<f t="shared"') == len(ROWS)
    assert xml.count("LEN(") == 1
    full = down('IF(A5<2,A5&"<",B5)' + LONG)
    assert formulas_of(data) == {f"C{row + 1}": f"={full[row, 2]}" for row in ROWS}
    cells = read_package(data, Limits()).sheets["表"]
    assert {place: cells.formula(place) for place in cells.formulas} == full


def stamp() -> Any:
    base = FastWorkbook(BytesIO(), {"in_memory": True})
    column(base.add_form("表", sharing=True))
    return base.stamp()


@pytest.mark.parametrize("row", [4, 6])
def test_what_is_written_over_one_of_them_leaves_the_others(row: int) -> None:
    full = {f"C{each + 1}": f"={text}" for (each, _), text in down('IF(A5<2,A5&"<",B5)' + LONG).items()}

    def overwrite(form: Any) -> None:
        form.write_number(row, 2, 7)

    assert formulas_of(book(FastWorkbook, overwrite, stamp())) == full | {f"C{row + 1}": 7}

    def another(form: Any) -> None:
        form.write_formula(row, 2, "1+1")

    assert formulas_of(book(FastWorkbook, another, stamp())) == full | {f"C{row + 1}": "=1+1"}

    def another_value(form: Any) -> None:
        form.write_formula(row, 2, full[f"C{row + 1}"], None, "乙")

    data = book(FastWorkbook, another_value, stamp())
    assert formulas_of(data) == full
    assert read_package(data, Limits()).sheets["表"].rows[row][2] == "乙"


def test_no_shared_formula_of_a_template_names_a_sheet(scheme: Scheme, tmp_path: Path) -> None:
    write_template(scheme, tmp_path / "blank.xlsx")
    shared = 0
    with ZipFile(tmp_path / "blank.xlsx") as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                for formula in re.findall(r'<f t="shared" ref="[^"]*" si="\d+">([^<]*)</f>', parts.read(name).decode()):
                    shared += 1
                    assert "!" not in TEXT.sub("", formula)
                    assert not set("{[#@") & set(TEXT.sub("", formula))
    assert shared > 10


def test_a_filled_template_reads_as_openpyxl_reads_it(scheme: Scheme, tmp_path: Path) -> None:
    path = filled(clean_document(), scheme, tmp_path / "a.xlsx")
    told = openpyxl.load_workbook(path)
    for title, cells in read_package(path.read_bytes(), Limits()).sheets.items():
        for row, col in cells.formulas:
            value = told[title].cell(row + 1, col + 1).value
            assert f"={cells.formula((row, col))}" == getattr(value, "text", value)


def sheet(cells: str, *, usual: bool) -> SheetCells:
    """The cells of row 2, and A1 to A4 with numbers; unusual: as another program writes them."""
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c>{{{row}}}</row>' for row in range(1, 5))
    filled_in = [f'<c r="B{row}">{cell}</c>' for row, cell in enumerate(cells.split("|"), 1)]
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows.format("", *filled_in)}</sheetData></worksheet>'.encode()
    if not usual:
        xml = xml.replace(b'"', b"'")
        assert take_apart(xml) is None
        xml = write_anew(xml, "表", Limits()).xml
    taken = take_apart(xml)
    assert taken is not None
    return values_of(taken, SharedTexts(), Looks(), since_1904=False)


FIRST = '<f t="shared" ref="B1:B4" si="3">SUM(A$1:A1)*2</f><v>0</v>'
CHILD = '<f t="shared" si="3"/><v>0</v>'


@pytest.mark.parametrize("usual", [True, False])
def test_the_value_of_a_shared_formula_is_worked_out(usual: bool) -> None:
    cells = sheet(f"{FIRST}|{CHILD}|<v>5</v>|{CHILD}", usual=usual)
    values = FormulaValues({"表": cells})
    assert [cells.formula((row, 1)) for row in range(4)] == ["SUM(A$1:A1)*2", "SUM(A$1:A2)*2", None, "SUM(A$1:A4)*2"]
    assert [values.of("表", (row, 1)) for row in (0, 1, 3)] == [2, 6, 20]


@pytest.mark.parametrize("usual", [True, False])
@pytest.mark.parametrize(
    "cells",
    [
        f"<v>1</v>|{CHILD}|<v>1</v>|{CHILD}",
        f"{FIRST}|{CHILD}|{FIRST}|{CHILD}",
        f"{FIRST.replace('A1)', '甲!A1)')}|{CHILD}|<v>1</v>|{CHILD}",
        FIRST.replace('"3"', '"x"') + f"|{CHILD}|<v>1</v>|{CHILD}",
    ],
)
def test_what_a_shared_formula_is_cannot_be_told(cells: str, usual: bool) -> None:
    read = sheet(cells, usual=usual)
    assert (1, 1) in read.formulas
    assert read.formula((1, 1)) == ""
    assert FormulaValues({"表": read}).of("表", (1, 1)) is None
