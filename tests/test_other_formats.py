"""An .ods or .xls is written anew as a plain .xlsx that says the same: what a person saw, and no more."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill

from perfxl.scheme.model import Scheme
from perfxl.workbook.container import xlsb_refusal
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.ods.content import ods_as_xlsx
from perfxl.workbook.xls.book import xls_as_xlsx
from tests import xls_files
from tests.books import by_hand, filled, process
from tests.findings import clean_document
from tests.libreoffice import needs_libreoffice, recalculate
from tests.ods_files import cell, cell_style, content, number, row, table
from tests.xls_files import compound, formula, record, shared_text, sst, text, workbook


def packed(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return data.getvalue()


def of_ods(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed(ods_as_xlsx(archive.read("content.xml"), archive.read("styles.xml"), Limits()))


def of_xls(data: bytes) -> bytes:
    return packed(xls_as_xlsx(data, Limits()))


AS_XLSX: dict[str, Callable[[bytes], bytes]] = {"ods": of_ods, "xls": of_xls}


def opened(data: bytes, **options: Any) -> Workbook:
    return load_workbook(io.BytesIO(data), **options)


def sheet_of(*rows: str, styles: str = "") -> Any:
    """The first sheet of a content that is written by hand."""
    return opened(packed(ods_as_xlsx(content(table("".join(rows)), styles), None, Limits()))).worksheets[0]


def part_of(data: dict[str, bytes]) -> str:
    return data["xl/worksheets/sheet1.xml"].decode()


# What LibreOffice writes.


def changed_by_hand(book: Workbook) -> None:
    """What a department may do to its workbook, in cells that are no input of the template."""
    sheet = book["收支情况"]
    for at, value in enumerate(("=1/0", "=NA()", '="两"&"字"', "=2>1", '=IF(1>2,1,"")', "=SUM(Z20:Z21)"), 1):
        sheet.cell(at + 40, 27, value)
    sheet["AB41"] = CellRichText(TextBlock(InlineFont(strike=True), "100"), "80")
    sheet["AB42"] = CellRichText("10", TextBlock(InlineFont(vertAlign="superscript"), "2"))
    sheet["AB43"], sheet["AB43"].font = 55, Font(strike=True, color="FFFF0000")
    sheet["AB44"], sheet["AB44"].font = "字", Font(color="FFFFFFFF")
    sheet["AB44"].fill = PatternFill("solid", fgColor="FFFFFFFF")
    formats = ('"35"', "0.00%", "0.00,", ";;;", "#,##0.00", '0"场"', "0;(0)", '[>3]"大"0;"小"0')
    for at, code in enumerate(formats, 41):
        sheet.cell(at, 29, 1234.5).number_format = code
    sheet["AD41"] = 7
    sheet.row_dimensions[45].hidden = True
    sheet.column_dimensions["AD"].hidden = True
    book.create_sheet("收支情况 ")["A1"] = 1
    book["收支情况 "].sheet_state = "hidden"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A department's workbook with changes, as LibreOffice saves it in each format."""
    from perfxl.scheme import load_scheme

    folder = tmp_path_factory.mktemp("saved")
    book = by_hand(filled(clean_document(), load_scheme(), folder / "a.xlsx"), changed_by_hand)
    return {form: recalculate([book], folder / form, form)[0].read_bytes() for form in ("xlsx", "ods", "xls")}


def cells_of(book: Workbook) -> dict[tuple[str, str], Any]:
    return {
        (sheet.title, item.coordinate): round(item.value, 9) if isinstance(item.value, float) else item.value
        for sheet in book
        for line in sheet.iter_rows()
        for item in line
        if item.value not in (None, "")
    }


@pytest.mark.parametrize("form", ["ods", "xls"])
class TestSavedByLibreOffice:
    pytestmark = needs_libreoffice

    def test_every_cell_has_the_value_it_had(self, form: str, saved: dict[str, bytes]) -> None:
        before, after = (cells_of(opened(data, data_only=True)) for data in (saved["xlsx"], AS_XLSX[form](saved[form])))
        assert len(before) > 1_000
        if form == "xls":
            # LibreOffice itself writes 0 there for a formula whose result is an empty text.
            after = {place: value for place, value in after.items() if place in before or value != 0}
        assert after == before

    def test_the_same_cells_are_formulas(self, form: str, saved: dict[str, bytes]) -> None:
        before, after = (
            {
                (sheet.title, item.coordinate)
                for sheet in opened(data)
                for line in sheet.iter_rows()
                for item in line
                if item.data_type == "f"
            }
            for data in (saved["xlsx"], AS_XLSX[form](saved[form]))
        )
        assert len(before) > 300
        assert after == before

    def test_merged_ranges_and_what_is_hidden(self, form: str, saved: dict[str, bytes]) -> None:
        before, after = (opened(data) for data in (saved["xlsx"], AS_XLSX[form](saved[form])))
        assert after.sheetnames == before.sheetnames
        assert [sheet.sheet_state != "visible" for sheet in after] == [
            sheet.sheet_state != "visible" for sheet in before
        ]
        for one, two in zip(before, after, strict=True):
            assert set(map(str, two.merged_cells.ranges)) == set(map(str, one.merged_cells.ranges)), one.title
            for line in range(1, one.max_row + 1):
                if any(item.value not in (None, "") for item in one[line]):
                    assert two.row_dimensions[line].hidden == one.row_dimensions[line].hidden, (one.title, line)
        sheet = after["收支情况"]
        assert sheet.row_dimensions[45].hidden and sheet.column_dimensions["AD"].hidden
        assert after["收支情况 "].sheet_state == "hidden"

    def test_errors(self, form: str, saved: dict[str, bytes]) -> None:
        sheet = opened(AS_XLSX[form](saved[form]), data_only=True)["收支情况"]
        assert (sheet["AA41"].value, sheet["AA41"].data_type) == ("#DIV/0!", "e")
        assert (sheet["AA42"].value, sheet["AA42"].data_type) == ("#N/A", "e")

    def test_struck_raised_and_coloured_text(self, form: str, saved: dict[str, bytes]) -> None:
        sheet = opened(AS_XLSX[form](saved[form]), rich_text=True)["收支情况"]
        struck, plain = sheet["AB41"].value
        assert (struck.text, struck.font.strike, str(plain)) == ("100", True, "80")
        plain, raised = sheet["AB42"].value
        assert (str(plain), raised.text, raised.font.vertAlign) == ("10", "2", "superscript")
        assert sheet["AB43"].font.strike and sheet["AB43"].font.color.rgb == "FFFF0000"
        assert sheet["AB44"].font.color.rgb == sheet["AB44"].fill.fgColor.rgb == "FFFFFFFF"

    def test_number_formats(self, form: str, saved: dict[str, bytes]) -> None:
        sheet = opened(AS_XLSX[form](saved[form]))["收支情况"]
        codes = [sheet.cell(at, 29).number_format.replace("\\", "").replace('"', "") for at in range(41, 49)]
        assert codes == ["35", "0.00%", "0.00,", ";;;", "#,##0.00", "0场", "0;(0)", "[>3]大0;小0"]

    def test_it_scores_the_same(self, form: str, scheme: Scheme, tmp_path: Path) -> None:
        before = filled(clean_document(), scheme, tmp_path / "a.xlsx")
        after = tmp_path / "b.xlsx"
        after.write_bytes(AS_XLSX[form](recalculate([before], tmp_path / "out", form)[0].read_bytes()))
        one, two = process(before, scheme), process(after, scheme)
        assert one.result is not None and two.result is not None, two.record.reason
        assert two.result.scores == one.result.scores


# Cells of an .ods, one by one.

PERCENT = (
    '<number:percentage-style style:name="N1"><number:number number:decimal-places="2" number:min-integer-digits="1"/>'
    "<number:text>%</number:text></number:percentage-style>"
)
HIDES = '<number:number-style style:name="N2"><number:text>35</number:text></number:number-style>'
THOUSANDS = (
    '<number:number-style style:name="N3"><number:number number:decimal-places="1" number:min-integer-digits="1"'
    ' number:display-factor="1000"/></number:number-style>'
)
DATE = (
    '<number:date-style style:name="N4"><number:year number:style="long"/><number:text>年</number:text>'
    "<number:month/><number:text>月</number:text></number:date-style>"
)
FORMATS = PERCENT + HIDES + THOUSANDS + DATE + "".join(cell_style(f"c{at}", f"N{at}") for at in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        (number("5"), 5, "General"),
        (number("1.50", "1.5"), 1.5, "General"),
        (number("5", None), 5, "General"),
        (number("0.5359", "53.59%", style_name="c1"), 0.5359, "0.00%"),
        (number("0.35", "35", style_name="c2"), 0.35, '"35"'),
        (number("1234.5", "1.2", style_name="c3"), 1234.5, "0.0,"),
        # The format does not explain what is shown.
        (number("0.35", "35"), 0.35, '"35"'),
        (number("-0.35", "-35"), -0.35, '"-35";"-35"'),
        (number("0.9", "100.00%", style_name="c1"), 0.9, '"100.00%"'),
        (number("45", "四十五"), 45, '"四十五"'),
        (number("5", 'a"b'), 5, '"a"\\""b"'),
        # A plain number that is rounded: nobody saw more of it.
        (number("1.26", "1.3"), 1.26, "0.0"),
        (number("1234.5", "1,234.50"), 1234.5, "#,##0.00"),
        (number("0.5359", "53.6%"), 0.5359, "0.0%"),
        (number("5", "###"), 5, "General"),
        (cell("x", value_type="date", date_value="2024-03-05"), "2024-03-05 00:00:00", "yyyy-mm-dd"),
        (cell("2024年3月", value_type="date", date_value="2024-03-05", style_name="c4"), "2024-03-05 00:00:00",
         'yyyy"年"m"月"'),
        (cell("2019年3月", value_type="date", date_value="2024-03-05", style_name="c4"), 45356, '"2019年3月"'),
        (cell("2024-03-05", value_type="date", date_value="2024-03-05T12:00:00"), "2024-03-05 12:00:00",
         "yyyy-mm-dd hh:mm:ss"),
        (cell("36:00", value_type="time", time_value="PT36H00M00S"), "1 day, 12:00:00", "[h]:mm:ss"),
        (cell("TRUE", value_type="boolean", boolean_value="true"), True, "General"),
        (number("1", "TRUE"), True, "General"),
        (cell("字", value_type="string"), "字", "General"),
        (cell("字元", value_type="string", string_value="字"), "字", ';;;"字元"'),
        (cell("只有文字"), "只有文字", "General"),
        (number("1e999", "x"), "#NUM!", "General"),
        (number("five", "五"), "五", "General"),
    ],
)  # fmt: skip
def test_a_cell_of_an_ods(written: str, value: object, code: str) -> None:
    found = sheet_of(row(written), styles=FORMATS)["A1"]
    got = found.value if isinstance(value, int | float | bool) or not found.is_date else str(found.value)
    assert (got, found.number_format) == (value, code)


@pytest.mark.parametrize(
    "shown", ["#DIV/0!", "#N/A", "#NV", "#REF!", "#VALUE!", "#NAME?", "#值!", "Err:502", "错误：522"]
)
def test_a_formula_that_shows_an_error_is_an_error(shown: str) -> None:
    found = part_of(ods_as_xlsx(content(table(row(number("0", shown, formula="of:=1/[.B1]")))), None, Limits()))
    assert '<c r="A1" t="e"><f>1/B1</f><v>#' in found


def test_an_error_by_its_type_and_a_text_that_looks_like_one() -> None:
    typed = cell("?", value_type="string", more=' calcext:value-type="error"')
    sheet = sheet_of(row(typed, cell("#DIV/0!", value_type="string")))
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("#VALUE!", "e")
    found = part_of(ods_as_xlsx(content(table(row(cell("#DIV/0!", value_type="string")))), None, Limits()))
    assert 't="inlineStr"' in found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("of:=[.B2]+2", "B2+2"),
        ("of:=SUM([.$A$1:.B2];[$费用.C3])", "SUM($A$1:B2,'费用'!C3)"),
        ("of:=[$'a''b 表'.A1:.B2]", "'a''b 表'!A1:B2"),
        ("oooc:=[Sheet1.A1]", "'Sheet1'!A1"),
        ("of:={1;2|3;4}", "{1,2;3,4}"),
        ('of:=IF([.A2]="a;b|c";1;2)', 'IF(A2="a;b|c",1,2)'),
        ("of:=['file:///tmp/x.ods'#$Sheet1.A1]", "'[1]Sheet1'!A1"),
        ("of:=[.A2]+#REF!", "A2+#REF!"),
        ("of:=[.#REF!]", "#REF!"),
        ("=2+3", "2+3"),
        ("of:=", "NA()"),
    ],
)
def test_a_formula_of_an_ods(said: str, expected: str) -> None:
    said = said.replace("&", "&amp;").replace('"', "&quot;")
    sheet = sheet_of(row(number("5", formula=said)))
    assert sheet["A1"].value == "=" + expected


def test_formulas_without_a_result() -> None:
    found = part_of(ods_as_xlsx(content(table(row(
        cell(None, formula="of:=2+3"), cell("", formula="of:=&quot;&quot;"),
        cell("字", formula="of:=A1", value_type="string"),
    ))), None, Limits()))  # fmt: skip
    assert '<c r="A1"><f>2+3</f></c>' in found
    assert '<c r="B1" t="str"><f>""</f><v></v></c>' in found
    assert '<c r="C1" t="str"><f>A1</f><v>字</v></c>' in found


STRUCK = cell_style("T1", "", '<style:text-properties style:text-line-through-style="solid"/>', "text")
RAISED = cell_style("T2", "", '<style:text-properties style:text-position="super 58%"/>', "text")
ALL_STRUCK = cell_style("c9", "", '<style:text-properties style:text-line-through-type="single"/>')


def test_text_of_an_ods() -> None:
    pieces = (
        '<text:p>甲<text:s text:c="3"/>乙<text:tab/>丙<text:line-break/>丁\n   戊</text:p>'
        "<text:p>己<text:a>庚</text:a></text:p>"
        "<office:annotation><text:p>批注</text:p></office:annotation><draw:frame><text:p>图</text:p></draw:frame>"
    )
    written = f'<table:table-cell office:value-type="string">{pieces}</table:table-cell>'
    assert sheet_of(row(written))["A1"].value == "甲   乙\t丙\n丁 戊\n己庚"


def test_looks_of_an_ods() -> None:
    span = '<text:span text:style-name="T1">100</text:span>80<text:span text:style-name="T2">2</text:span>'
    told = content(
        table(row(cell(span, value_type="string"), number("5", style_name="c9"))), STRUCK + RAISED + ALL_STRUCK
    )
    parts = ods_as_xlsx(told, None, Limits())
    assert (
        '<is><r><rPr><strike/></rPr><t xml:space="preserve">100</t></r><r><t xml:space="preserve">80</t></r>'
        '<r><rPr><vertAlign val="superscript"/></rPr><t xml:space="preserve">2</t></r></is>'
    ) in part_of(parts)
    assert opened(packed(parts)).worksheets[0]["B1"].font.strike


def test_rows_columns_and_sheets_of_an_ods() -> None:
    one = number("1")
    wide = ' table:number-columns-spanned="2" table:number-rows-spanned="2"'
    hidden = ' table:visibility="filter"'
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    told = content(
        table(
            columns
            + row(cell(), number("1", more=' table:number-columns-repeated="2"'))
            + row(cell(), more=' table:number-rows-repeated="3"')
            + row(one, more=' table:number-rows-repeated="2"' + hidden)
            + f'<table:table-row-group table:display="false">{row(one)}</table:table-row-group>'
            + row(cell("并", value_type="string", more=wide),
                  number("9").replace("table:table-cell", "table:covered-table-cell"))
            + row(cell(), more=' table:number-rows-repeated="1048000"')
        )
        + table(row(one), "藏", ' table:style-name="ta1"')
        + table(row(one), "'file:///tmp/x.ods'#$Sheet1"),
        cell_style("ta1", "", '<style:table-properties table:display="false"/>', "table"),
    )  # fmt: skip
    book = opened(packed(ods_as_xlsx(told, None, Limits())))
    sheet = book.worksheets[0]
    assert book.sheetnames == ["表", "藏"] and book["藏"].sheet_state == "hidden"
    assert {item.coordinate for line in sheet.iter_rows() for item in line if item.value is not None} == {
        "B1", "C1", "A5", "A6", "A7", "A8"}  # fmt: skip
    assert [at for at in range(1, 9) if sheet.row_dimensions[at].hidden] == [5, 6, 7]
    assert sheet.column_dimensions["B"].hidden and list(map(str, sheet.merged_cells.ranges)) == ["A8:B9"]
    # openpyxl does not show it, as Excel does not.
    assert '<c r="B8"><v>9</v></c>' in part_of(ods_as_xlsx(told, None, Limits()))


def test_names_count_by_their_namespace() -> None:
    other = content(table(row(number("5")))).replace(b"<table:", b"<t:").replace(b"</table:", b"</t:")
    other = other.replace(b" table:", b" t:").replace(b":table=", b":t=")
    assert other != content(table(row(number("5"))))
    assert opened(packed(ods_as_xlsx(other, None, Limits()))).worksheets[0]["A1"].value == 5
    foreign = content(table(row(number("5")))).replace(b"xmlns:table:1.0", b"xmlns:other:1.0")
    with pytest.raises(RefusalError) as told:
        ods_as_xlsx(foreign, None, Limits())
    assert told.value.code == "F104"


# Records of an .xls.

LOST = b"\x03" + bytes(5) + b"\xff\xff"
CONSTANTS = struct.pack("<BHBHB", 0x1E, 2, 0x1E, 3, 0x03)


def test_formulas_of_an_xls() -> None:
    cells = (
        formula(0, 0, CONSTANTS, struct.pack("<d", 0))
        + formula(1, 0, CONSTANTS, LOST, 3)
        + formula(2, 0, CONSTANTS, LOST)
        + formula(3, 0, CONSTANTS, bytes.fromhex("020007000000ffff"))
        + formula(4, 0, bytes.fromhex("01ffff0000"), struct.pack("<d", 7))
    )
    found = part_of(xls_as_xlsx(compound(workbook(cells)), Limits()))
    assert '<c r="A1"><f>2+3</f><v>0</v></c>' in found
    assert '<c r="A2"><f>2+3</f></c>' in found
    assert '<c r="A3" t="str"><f>2+3</f><v></v></c>' in found
    assert '<c r="A4" t="e"><f>2+3</f><v>#DIV/0!</v></c>' in found
    assert '<c r="A5"><f>FORMULA()</f><v>7</v></c>' in found


def test_values_of_an_xls() -> None:
    cells = (
        xls_files.number(0, 0, 1 / 3)
        + xls_files.number(0, 1, float("nan"))
        + shared_text(0, 2, 0)
        + record(0x205, struct.pack("<HHHBB", 0, 3, 15, 1, 0))
        + record(0x205, struct.pack("<HHHBB", 0, 4, 15, 42, 1))
        + xls_files.number(0, 5, 36525, 16)
    )
    globals_ = record(0x22, b"\x01\0") + xls_files.STYLES + xls_files.xf(31) + sst(text("字<&\x01"))
    parts = xls_as_xlsx(compound(workbook(cells, globals_)), Limits())
    found = part_of(parts)
    assert '<c r="A1"><v>0.3333333333333333</v></c><c r="B1" t="e"><v>#NUM!</v></c>' in found
    assert "字&lt;&amp;\ufffd" in found and '<c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#N/A</v></c>' in found
    assert str(opened(packed(parts)).worksheets[0]["F1"].value) == "2004-01-01 00:00:00"
    assert b'date1904="1"' in parts["xl/workbook.xml"]


def test_a_binary_workbook_is_told_so() -> None:
    refusal = xlsb_refusal()
    assert refusal.code == "F103" and "另存为 .xlsx" in refusal.reason and ".xlsb" in refusal.reason
