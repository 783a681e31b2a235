"""Sheets in the usual writing are taken apart as they are, all others written anew, and both say the same."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.package import read_package
from perfxl.workbook.shared_texts import SharedTexts, read_texts
from perfxl.workbook.sheet_anew import write_anew
from perfxl.workbook.sheet_cells import SheetCells, values_of
from perfxl.workbook.sheet_xml import take_apart
from perfxl.workbook.styles import Look, Looks
from tests.books import by_hand, filled
from tests.findings import clean_document
from tests.libreoffice import needs_libreoffice, recalculate

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEXTS = SharedTexts(["甲", "乙"], {1: ("10080", "80")})
LOOKS = Looks((Look(), Look("yyyy-mm-dd", date=True), Look("0.00%")))


def sheet(cells: str, *, before: str = "", behind: str = "", root: str = MAIN, row: str = 'r="1"') -> bytes:
    return (
        f"<worksheet {root}>{before}<sheetData><row {row}>{cells}</row></sheetData>{behind}</worksheet>"
    ).encode()  # fmt: skip


def usual(xml: bytes) -> SheetCells:
    taken = take_apart(xml)
    assert taken is not None
    return values_of(taken, TEXTS, LOOKS, since_1904=False)


def anew(xml: bytes) -> SheetCells:
    """A sheet that is not in the usual writing, written anew and taken apart."""
    assert take_apart(xml) is None
    written = write_anew(xml, "表", Limits())
    cells = usual(written.xml)
    cells.struck.update(written.struck)
    return cells


@pytest.mark.parametrize("saved_by", ["perfxl", "openpyxl", pytest.param("LibreOffice", marks=needs_libreoffice)])
def test_a_workbook_reads_as_openpyxl_reads_it(saved_by: str, scheme: Scheme, tmp_path: Path) -> None:
    path = filled(clean_document(), scheme, tmp_path / "a.xlsx")
    if saved_by == "openpyxl":
        by_hand(path, lambda book: book["绩效指标"].merge_cells("N10:N12"))
    if saved_by == "LibreOffice":
        (path,) = recalculate([path], tmp_path / "out")
    package = read_package(path.read_bytes(), Limits())
    book = load_workbook(path, data_only=True)
    assert len(package.sheets) >= 7
    for title, cells in package.sheets.items():
        theirs = book[title]
        for row in theirs.iter_rows():
            for cell in row:
                line = cells.rows[cell.row - 1] if cell.row <= len(cells.rows) else []
                ours = line[cell.column - 1] if cell.column <= len(line) else None
                value = (
                    cell.value if not isinstance(cell.value, int) or isinstance(cell.value, bool) else float(cell.value)
                )
                assert (ours or None) == (value or None), (title, cell.coordinate)
        assert len(cells.merged) == len(theirs.merged_cells.ranges)


def test_values_of_all_kinds() -> None:
    cells = usual(
        sheet(
            '<c r="A1" t="s"><v>0</v></c><c r="B1"><v>35</v></c><c r="C1" t="n"><v>-1.5E2</v></c>'
            '<c r="D1" t="inlineStr"><is><t xml:space="preserve"> a&amp;b_x000D_</t></is></c>'
            '<c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="G1" s="1">'
            "<v>45000.5</v></c>"
            '<c r="H1" s="2"><v>0.536</v></c><c r="I1" s="0"/><c r="J1" t="s"><v>1</v></c>'
            '<c r="K1" t="str"><f>A1</f><v/></c>'
        )
    )
    assert cells.rows == [
        ["甲", 35.0, -150.0, " a&b\n", True, "#DIV/0!", datetime(2023, 3, 15, 12), 0.536, None, "乙", ""]
    ]
    assert (cells.errors, cells.uncalculated, cells.linked) == ({(0, 5)}, set(), [])
    assert cells.looks == {(0, 7): LOOKS.looks[2]} and cells.struck == {(0, 9): ("10080", "80")}
    assert (cells.formula((0, 5)), cells.formula((0, 0))) == ("1/0", None)


WITHOUT_RESULT = (
    "<f>A1</f>", "<f>A1</f><v></v>", "<f>A1</f><v/>", "<f>A1</f><v />", '<f t="shared" si="0"/>',
    '<f t="shared" ref="C1:C9" si="0">A1</f>',
)  # fmt: skip


@pytest.mark.parametrize("inside", WITHOUT_RESULT)
def test_a_formula_without_a_result_is_found(inside: str) -> None:
    plain = '<c r="B1" t="str"><f>A1</f><v></v></c><c r="C1"><f>1+1</f><v>2</v></c>'
    assert usual(sheet(plain + f'<c r="D1" s="1">{inside}</c>')).uncalculated == {(0, 3)}


def test_a_text_formula_without_a_value_has_no_result() -> None:
    assert usual(sheet('<c r="A1" t="str"><f>B1</f></c>')).uncalculated == {(0, 0)}
    assert anew(sheet('<c r="A1"><f>B1</f><v> </v></c>')).uncalculated == {(0, 0)}


def test_links_hidden_and_merged_cells_are_found() -> None:
    xml = sheet(
        '<c r="C1"><f>[1]a!A1</f><v>2</v></c>',
        before='<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="0" customWidth="1"/></cols>',
        behind='<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>', row='r="1" ht="0" customHeight="1"',
    )  # fmt: skip
    cells = usual(xml)
    assert (cells.linked, cells.hidden_rows, cells.hidden_columns) == ([(0, 2)], {0}, [(1, 2), (4, 4)])
    assert cells.merged == [((0, 0), (1, 1))]
    assert anew(xml.replace(b'"1"', b"'1'")).hidden_columns == [(1, 2), (4, 4)]


X14 = 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"'
SAME: dict[str, bytes] = {
    "comment": sheet('<c r="A1"><v>11<!-- x -->5</v></c>'),
    "CDATA": sheet('<c r="A1"><v><![CDATA[115]]></v></c>'),
    "processing instruction": sheet('<c r="A1"><v>1<?x 9?>15</v></c>'),
    "character reference": sheet('<c r="A1"><v>1&#49;5</v></c>'),
    "single quotes": sheet("<c r='A1'><v>115</v></c>"),
    "spaces": sheet('<c\n r = "A1" ><v> 115 </v></c>'),
    "no references": sheet("<c><v>115</v></c>", row=""),
    "prefixed attribute": sheet('<c q:r="B7" r="A1"><v>115</v></c>', root=f'{MAIN} xmlns:q="urn:q"'),
    "a mark in an attribute": sheet('<c cm="1>" r="A1"><v>115</v></c>'),
    "ignorable element": sheet('<x14ac:c r="A1"><v>7</v></x14ac:c><c r="A1"><v>115</v></c>', root=f"{MAIN} {X14} {MC}"),
    "list of extensions": sheet('<c r="A1"><v>115</v><extLst><ext><v>7</v></ext></extLst></c>'),
    "extension behind": sheet('<c r="A1"><v>115</v></c>',
                              behind='<extLst><sheetData><row r="1"/></sheetData></extLst>'),
    "commented rows": sheet('<c r="A1"><v>115</v></c>',
                            before='<!-- <sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData> -->'),
    "UTF-16": sheet('<c r="A1"><v>115</v></c>').decode().encode("utf-16"),
    "prefix": sheet('<c r="A1"><v>115</v></c>').replace(b"</", b"</x:").replace(b"<", b"<x:").replace(
        b"<x:/x:", b"</x:").replace(b"xmlns=", b"xmlns:x="),
    "plus sign": sheet('<c r="A1"><v>+115.</v></c>'),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_other_writings_of_one_number(name: str) -> None:
    assert anew(SAME[name]).rows == [[115.0]]


CELL = '<c r="A1"><v>115</v></c>'
REFUSED: dict[str, bytes] = {
    "foreign element": sheet(f'<q:c r="A1"><v>7</v></q:c>{CELL}', root=f'{MAIN} xmlns:q="urn:q"'),
    "must be understood": sheet(CELL, root=f"{MAIN} {X14} {MC}".replace("Ignorable", "MustUnderstand")),
    "two cells in one place": sheet(CELL + CELL),
    "cells out of order": sheet('<c r="B1"><v>1</v></c>' + CELL),
    "a cell of another row": sheet('<c r="A2"><v>1</v></c>'),
    "two results": sheet('<c r="A1"><v>1</v><v>5</v></c>'),
    "a cell in a cell": sheet('<c r="A1"><c r="B1"><v>1</v></c></c>'),
    "two tables of rows": sheet(CELL).replace(b"</sheetData>", b"</sheetData><sheetData></sheetData>"),
    "no sheet": b"<chartsheet/>",
    "not well-formed": sheet(CELL)[:-3],
    "an attribute twice": sheet('<c r="A1" r="XFD1048576"><v>1</v></c>'),
    "an unknown entity": sheet('<c r="A1" t="str"><v>&x;</v></c>'),
    "an unknown type": sheet('<c r="A1" t="q"><v>1</v></c>'),
    "a text that is not there": sheet('<c r="A1" t="s"><v>9</v></c>'),
    "not UTF-8": sheet('<c r="A1" t="str"><v>x</v></c>').replace(b">x<", b">\xff<"),
    "a control character": sheet('<c r="A1" t="str"><v>x</v></c>').replace(b">x<", b">\x01<"),
    "another encoding": b'<?xml version="1.0" encoding="x-unknown"?>' + sheet(CELL),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_is_refused(name: str) -> None:
    xml = REFUSED[name]
    with pytest.raises(RefusalError):
        taken = take_apart(xml) or take_apart(write_anew(xml, "表", Limits()).xml)
        assert taken is not None
        values_of(taken, TEXTS, LOOKS, since_1904=False)


def test_a_cell_in_two_rows_of_one_number_is_refused() -> None:
    with pytest.raises(RefusalError):
        usual(sheet('<c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c>'))
    with pytest.raises(RefusalError):
        usual(
            sheet(
                '<c r="A1"><v>1</v></c></row><row r="3"></row><row r="2"><c r="A2"><v>2</v></c>', row='r="1"'
            ).replace(b'<row r="3"></row>', b'<row r="3"><c r="A3"><v>1</v></c></row>')
        )


def test_struck_and_raised_runs() -> None:
    cells = anew(
        sheet(
            '<c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t>100</t></r><r><t>80</t></r></is></c>'
            '<c r="B1" t="inlineStr"><is><r><rPr><b/></rPr><t>10</t></r>'
            '<r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>'
            '<c r="C1" t="inlineStr"><is><r><rPr><strike val="0"/></rPr><t>5</t></r></is></c>'
        )
    )
    assert cells.rows == [["10080", "102", "5"]]
    assert cells.struck == {(0, 0): ("10080", "80"), (0, 1): ("102", "10")}


def test_shared_texts_are_counted_and_not_believed() -> None:
    xml = f'<sst {MAIN} count="9" uniqueCount="4294967295"><si><t>a</t></si><si><t/></si></sst>'.encode()
    assert read_texts(xml).texts == ["a", ""]
    assert read_texts(xml.replace(b"<si><t>a", b"<!-- --><si><t>a")).texts == ["a", ""]


def test_a_strict_date_is_a_day() -> None:
    assert anew(sheet('<c r="A1" s="1" t="d"><v>2023-03-15T00:00:00Z</v></c>')).rows == [[datetime(2023, 3, 15)]]


def test_numbers_keep_all_digits() -> None:
    (row,) = usual(sheet('<c r="A1"><v>552.69000000000005</v></c><c r="B1"><v>0.1</v></c>')).rows
    assert [Decimal(repr(value)) for value in row] == [Decimal("552.69"), Decimal("0.1")]


def test_columns_behind_the_first_letters_are_usual_too() -> None:
    cells = usual(sheet('<c r="Z1"><v>1</v></c><c r="AA1"><f>Z1+1</f><v>2</v></c><c r="GR1"><v>3</v></c>'))
    assert [(at, value) for at, value in enumerate(cells.rows[0]) if value is not None] == [(25, 1), (26, 2), (199, 3)]
    assert cells.formulas == {(0, 26)}
    with pytest.raises(RefusalError):
        usual(sheet('<c r="AB1"><v>1</v></c><c r="AA1"><v>2</v></c>'))


def test_text_that_looks_like_an_attribute_hides_no_more_than_its_own_row() -> None:
    text = ' hidden="1" hidden="1" ht="0" ht="0"'
    xml = sheet(
        f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
        '<row r="3" hidden="1" ht="0"><c r="A3"><v>2</v></c>'
    )
    cells = usual(xml)
    assert cells.rows == [[text], [1.0], [2.0]]
    assert cells.hidden_rows <= {0, 2}
    assert 2 in cells.hidden_rows


def test_what_is_remembered_of_a_sheet_belongs_to_no_other() -> None:
    before = '<cols><col min="2" max="3" width="0"/></cols>'
    behind = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    first = take_apart(sheet('<c r="A1"><v>1</v></c>', before=before, behind=behind))
    assert first is not None
    first.merged.clear()
    first.hidden_columns.append((9, 9))
    second = take_apart(sheet('<c r="A1"><v>2</v></c>', before=before, behind=behind))
    other = take_apart(sheet('<c r="A1"><v>2</v></c>', before=before))
    assert second is not None
    assert other is not None
    assert (second.hidden_columns, second.merged) == ([(1, 2)], [((0, 0), (1, 1))])
    assert (other.hidden_columns, other.merged) == ([(1, 2)], [])
