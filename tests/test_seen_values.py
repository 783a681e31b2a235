"""What a cell shows is what is scored: numbers by their format, formulas by what they come to, texts by what is left.

Where that is certain it counts; else the workbook is returned, with both readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.checks.finding import Finding, Severity
from perfxl.layout.fields import FieldId
from perfxl.results.batch import Status
from perfxl.scheme.model import Scheme
from tests import oracle
from tests.books import cell_of, edited, filled, process, put
from tests.findings import clean_document, patch_cell, patch_part, sheet_part
from tests.test_fault_matrix import FIELDS
from tests.test_seen import assert_reads, in_sheet

ACTUAL, PERCENT, NAME = ("kpis", "6", "actual"), ("kpis", "9", "actual"), ("kpis", "6", "name")
COUNT, CODE = FIELDS["count"], FIELDS["code"]
PATHS = {ACTUAL: "kpis.5.actual", PERCENT: "kpis.8.actual", COUNT: "facts.contracts_total", CODE: "department.code"}
FIRES = ("E114", "E115", "E116", "W117", "W118")
"""Set off by the tests below, each with its cell and words."""
STRUCK, RAISED = "<rPr><strike/></rPr>", '<rPr><vertAlign val="superscript"/></rPr>'


@pytest.fixture
def book(scheme: Scheme, tmp_path: Path) -> Path:
    """The clean workbook."""
    return filled(clean_document(), scheme, tmp_path / "book.xlsx")


def in_cell(path: Path, scheme: Scheme, field: FieldId, attributes: str, inside: str) -> Path:
    """Writes a field's cell as XML, its look kept."""
    return patch_cell(path, *cell_of(scheme, field), attributes, inside)


def assert_told(path: Path, scheme: Scheme, field: FieldId, code: str, *words: str) -> Finding:
    """The workbook is returned, for that field with this code and these words, and for no other of its kind."""
    done = process(path, scheme)
    assert done.record.status is Status.RETURNED
    (found,) = (item for item in done.findings if item.severity is Severity.ERROR and item.code < "E2")
    assert (found.code, found.sheet, found.cell, found.fields) == (code, *cell_of(scheme, field), (field,))
    for word in words:
        assert word in found.message, found.message
    return found


def assert_warned(path: Path, scheme: Scheme, code: str, place: tuple[str, str], *words: str) -> None:
    """The workbook is scored as before, with one warning more."""
    (found,) = assert_reads(path, scheme).findings
    assert (found.code, found.severity, found.sheet, found.cell) == (code, Severity.WARNING, *place)
    for word in words:
        assert word in found.message, found.message


def add_style(path: Path, *, code: str = "General", font: str = "", fill: str = "") -> int:
    """A cell format; its number."""
    numbers: list[int] = []

    def change(xml: bytes) -> bytes:
        text = xml.decode()
        numbers.append(int(re.findall(r'<cellXfs count="(\d+)"', text)[0]))
        # Looks by condition, further behind, have fonts and fills of their own.
        before = text.partition("<cellStyleXfs")[0]
        fonts, fills = before.count("<font>"), before.count("<fill>")
        escaped = code.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        text = text.replace("</numFmts>", f'<numFmt numFmtId="{200 + numbers[0]}" formatCode="{escaped}"/></numFmts>')
        text = text.replace("</fonts>", f"<font>{font}</font></fonts>")
        text = text.replace("</fills>", f"<fill>{fill or '<patternFill/>'}</fill></fills>")
        look = f'<xf numFmtId="{200 + numbers[0]}" fontId="{fonts}" fillId="{fills}" borderId="0" xfId="0"/>'
        text = text.replace("</cellXfs>", f"{look}</cellXfs>")
        return text.replace(f'<cellXfs count="{numbers[0]}"', f'<cellXfs count="{numbers[0] + 1}"').encode()

    patch_part(path, "xl/styles.xml", change)
    return numbers[0]


def styled(path: Path, scheme: Scheme, field: FieldId, style: int, content: str | None = None) -> Path:
    """Gives a field's cell a look, and another content where one is told."""
    sheet, cell = cell_of(scheme, field)

    def change(xml: bytes) -> bytes:
        text, count = re.subn(rf'<c r="{cell}" s="\d+"([^>]*>)', rf'<c r="{cell}" s="{style}"\1', xml.decode())
        assert count == 1
        return text.encode()

    patch_part(path, sheet_part(path, sheet), change)
    if content is not None:
        part = sheet_part(path, sheet)
        patch_part(path, part, lambda xml: re.sub(rf'(<c r="{cell}" s="\d+")[^>]*?(?:/>|>.*?</c>)'.encode(),
                                                  rf"\1><v>{content}</v></c>".encode(), xml, count=1))  # fmt: skip
    return path


# Formulas and results

RIGHT = [
    (COUNT, "2+2", "4"),
    (COUNT, "C47", "4"),
    (COUNT, "C47+C48-$C$47", "4"),
    (COUNT, "SUM(C47:C48)/2", "4"),
    (COUNT, "ROUND(3.6,0)", "4"),
    (ACTUAL, "14000*50%", "7000"),
    (ACTUAL, "F14", "7000"),
    (ACTUAL, "MAX(F14,收支情况!C6)", "7000"),
    (ACTUAL, "IF(1=1,7000,0)", "7000"),
    (ACTUAL, "VLOOKUP(F14,F14:F14,1)", "7000"),
]


@pytest.mark.parametrize(("field", "formula", "cached"), RIGHT)
def test_a_formula_counts_by_its_result(field: FieldId, formula: str, cached: str, book: Path, scheme: Scheme) -> None:
    """What is worked out agrees with it, or what cannot be worked out has a result that is not 0."""
    assert_reads(in_cell(book, scheme, field, "", f"<f>{formula}</f><v>{cached}</v>"), scheme)


WRONG = [
    (COUNT, "2+3", "0", "E116", ("文件里存的结果是 0", "按公式计算是 5")),
    (ACTUAL, "30", "115", "E116", ("文件里存的结果是 115", "按公式计算是 30")),
    (COUNT, "C47+0", "5", "E116", ("文件里存的结果是 5", "按公式计算是 4")),
    (COUNT, "SUM(C47:C48)", "4", "E116", ("文件里存的结果是 4", "按公式计算是 8")),
    (ACTUAL, "F14*2", "7000", "E116", ("文件里存的结果是 7000", "按公式计算是 14000")),
    (ACTUAL, "IF(1=1,7000,0)", "0", "E116", ("文件里存的结果是 0", "可能没有计算过")),
    (ACTUAL, "VLOOKUP(F14,F14:F14,1)", "0", "E116", ("可能没有计算过",)),
    (COUNT, "2+2", None, "E107", ("没有计算结果",)),
    (COUNT, "2+2", " ", "E107", ("没有计算结果",)),
]  # fmt: skip


@pytest.mark.parametrize(("field", "formula", "cached", "code", "words"), WRONG)
def test_a_formula_that_shows_another_number(
    field: FieldId, formula: str, cached: str | None, code: str, words: tuple[str, ...], book: Path, scheme: Scheme
) -> None:
    result = "" if cached is None else f"<v>{cached}</v>"
    assert_told(in_cell(book, scheme, field, "", f"<f>{formula}</f>{result}"), scheme, field, code, *words)


def test_a_chain_of_formulas(book: Path, scheme: Scheme) -> None:
    """A field that follows from fields that follow from others, right at first and then not."""
    for cell, formula in (("C48", "C47"), ("C47", "2*2")):
        patch_cell(book, "管理效率", cell, "", f"<f>{formula}</f><v>4</v>")
    assert_reads(in_cell(book, scheme, COUNT, "", "<f>C48</f><v>4</v>"), scheme)
    patch_cell(book, "管理效率", "C47", "", "<f>2*3</f><v>4</v>")
    (told,) = (item for item in process(book, scheme).findings if item.code == "E116")
    assert told.cell == "C46:C48"
    patch_cell(book, "管理效率", "C47", "", "<f>C46</f><v>4</v>")
    assert_reads(book, scheme)


EMPTY = [
    ('t="str"', "<f>C47</f>", "E107"), ("", "<v> </v>", "E101"), ("", "<v></v>", "E101"), ("", "<v/>", "E101"),
    ('t="str"', "<v> </v>", "E101"), ('t="str"', "", "E101"), ('t="s"', "", "E101"), ('t="str"', "<f>C47</f><v></v>", "E101"),
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "inside", "code"), EMPTY)
def test_nothing_is_no_result(attributes: str, inside: str, code: str, book: Path, scheme: Scheme) -> None:
    assert_told(in_cell(book, scheme, COUNT, attributes, inside), scheme, COUNT, code)


def test_weights_that_show_errors_are_errors(book: Path, scheme: Scheme) -> None:
    """They do not become equal weights."""
    fields = [("kpis", str(number), "weight") for number in range(1, 10)]
    for field in fields:
        in_cell(book, scheme, field, 't="e"', "<f>1/0</f><v>#DIV/0!</v>")
    done = process(book, scheme)
    assert done.record.status is Status.RETURNED
    (told,) = (item for item in done.findings if item.code == "E106")
    assert (told.sheet, told.cell, told.fields) == ("绩效指标", "I9:I17", tuple(fields))


# Hidden and covered


def test_hidden_rows_and_columns(book: Path, scheme: Scheme) -> None:
    for change in (
        lambda xml: re.sub(r'<row r="14"[^>]*>', '<row r="14" hidden="1">', xml, count=1),
        lambda xml: re.sub(r'<row r="14"[^>]*>', '<row r="14" ht="0" customHeight="1">', xml, count=1),
        lambda xml: re.sub(r'<row r="14"[^>]*>', "<row r='14' hidden='true'>", xml, count=1),
    ):
        assert_warned(in_sheet(book, change), scheme, "W117", ("绩效指标", "B14"), "B14 等", "所在的行被隐藏")
    in_sheet(book, lambda xml: xml.replace("<row r='14' hidden='true'>", '<row r="14">'))
    for old, new in (("", ' hidden="1"'), ("14.7109375", "0"), ("14.7109375", "0.0")):
        changed = book.with_name("changed.xlsx")
        changed.write_bytes(book.read_bytes())
        column = f'<col min="8" max="8" width="{new if old else "14.7109375"}" customWidth="1"{"" if old else new}/>'
        in_sheet(changed, lambda xml, column=column: re.sub(r'<col min="8" max="8"[^>]*>', column, xml, count=1))
        assert_warned(changed, scheme, "W117", ("绩效指标", "H9"), "H9 等 9 格", "所在的列被隐藏")


def test_hidden_rows_without_fields_are_nobodys_matter(book: Path, scheme: Scheme) -> None:
    in_sheet(book, lambda xml: re.sub(r'<row r="30"[^>]*>', '<row r="30" hidden="1">', xml, count=1))
    assert assert_reads(book, scheme).findings == []


def test_values_left_under_merged_cells(book: Path, scheme: Scheme) -> None:
    """D14 and E14 merged: the symbol under the name stays, and is told."""
    merge = '<mergeCell ref="{}"/>'

    def change(cells: str) -> Callable[[str], str]:
        return lambda xml: re.sub(r"<mergeCells[^>]*>", lambda match: match[0] + merge.format(cells), xml, count=1)

    in_sheet(book, change("N14:O14"))
    found = process(book, scheme)
    (told,) = (item for item in found.findings if item.code == "W118")
    assert (told.sheet, told.cell) == ("绩效指标", "O14")
    assert clean_document()["kpis"][5]["evidence"] in told.message and "没有读取" in told.message


WHITE = '<color rgb="FFFFFFFF"/>'
COLOURS = {
    "white on nothing": (WHITE, ""),
    "white by theme": ('<color theme="0"/>', ""),
    "white by number": ('<color indexed="9"/>', ""),
    "one colour": ('<color rgb="FFFF8800"/>', '<patternFill patternType="solid"><fgColor rgb="00FF8800"/></patternFill>'),
    "one theme": ('<color theme="4"/>', '<patternFill patternType="solid"><fgColor theme="4"/></patternFill>'),
    "black on black": ("", '<patternFill patternType="solid"><fgColor indexed="8"/></patternFill>'),
}  # fmt: skip
SEEN = {
    "white on blue": (WHITE, '<patternFill patternType="solid"><fgColor rgb="FF2F4B6B"/></patternFill>'),
    "theme and its tint": ('<color theme="4"/>',
                           '<patternFill patternType="solid"><fgColor theme="4" tint="0.8"/></patternFill>'),
    "red": ('<color rgb="FFFF0000"/>', ""),
    "automatic": ('<color auto="1"/>', ""),
}  # fmt: skip


@pytest.mark.parametrize("name", COLOURS)
def test_text_in_the_colour_of_its_ground(name: str, book: Path, scheme: Scheme) -> None:
    font, fill = COLOURS[name]
    styled(book, scheme, ACTUAL, add_style(book, font=font, fill=fill))
    assert_warned(book, scheme, "W117", cell_of(scheme, ACTUAL), "文字颜色与底色相同")


@pytest.mark.parametrize("name", SEEN)
def test_text_in_another_colour(name: str, book: Path, scheme: Scheme) -> None:
    font, fill = SEEN[name]
    styled(book, scheme, ACTUAL, add_style(book, font=font, fill=fill))
    assert assert_reads(book, scheme).findings == []


# Struck and raised

RUNS = [
    (f"<r>{STRUCK}<t>100</t></r><r><t>80</t></r>", ("“10080”", "“80”")),
    (f"<r><t>7000</t></r><r>{RAISED}<t>1</t></r>", ("“70001”", "“7000”")),
    (f"<r>{STRUCK}<t>7000</t></r>", ("“7000”", "“”")),
]


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(("runs", "words"), RUNS)
def test_struck_and_raised_runs(runs: str, words: tuple[str, ...], *, shared: bool, book: Path, scheme: Scheme) -> None:
    if shared:
        count = len(re.findall(b"<si>", (book_texts(book))))
        patch_part(book, "xl/sharedStrings.xml", lambda xml: xml.replace(b"</sst>", f"<si>{runs}</si></sst>".encode()))
        in_cell(book, scheme, ACTUAL, 't="s"', f"<v>{count}</v>")
    else:
        in_cell(book, scheme, ACTUAL, 't="inlineStr"', f"<is>{runs}</is>")
    assert_told(book, scheme, ACTUAL, "E115", *words)


def book_texts(path: Path) -> bytes:
    """The shared texts of a workbook."""
    found: list[bytes] = []

    def keep(xml: bytes) -> bytes:
        found.append(xml)
        return xml

    patch_part(path, "xl/sharedStrings.xml", keep)
    return found[0]


@pytest.mark.parametrize("font", ["<strike/>", '<strike val="1"/>', '<vertAlign val="subscript"/>'])
def test_a_cell_struck_as_a_whole(font: str, book: Path, scheme: Scheme) -> None:
    styled(book, scheme, ACTUAL, add_style(book, font=font))
    assert_told(book, scheme, ACTUAL, "E115", "“7000”", "整格")


@pytest.mark.parametrize("font", ['<strike val="0"/>', '<vertAlign val="baseline"/>', "<b/>"])
def test_a_cell_not_struck(font: str, book: Path, scheme: Scheme) -> None:
    styled(book, scheme, ACTUAL, add_style(book, font=font))
    assert_reads(book, scheme)


def test_words_with_struck_runs_are_read_and_told(book: Path, scheme: Scheme) -> None:
    """People read them; no score depends on them."""
    in_cell(book, scheme, NAME, 't="inlineStr"', f"<is><r>{STRUCK}<t>旧名</t></r><r><t>新名</t></r></is>")
    done = assert_reads(book, scheme, put("kpis.5.name", "旧名新名"))
    assert [item.code for item in done.findings] == ["I113"]


# Number formats


def shown_as(path: Path, scheme: Scheme, field: FieldId, value: str, code: str) -> Path:
    return styled(path, scheme, field, add_style(path, code=code), value)


DASHES = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
CERTAIN = [
    (PERCENT, "0.95", "0.00%", "95"),
    (PERCENT, "0.9550", "0.00%", "95.5"),
    (PERCENT, "95.3", "0", "95"),
    (PERCENT, "95.5", "0", "96"),
    (ACTUAL, "7115", "#,##0.00", "7115"),
    (ACTUAL, "7115", '"¥"#,##0', "7115"),
    (ACTUAL, "7115", "[$￥-804]#,##0.00", "7115"),
    (ACTUAL, "7115", DASHES, "7115"),
    (ACTUAL, "7115000", "0.00,", "7115"),
    (ACTUAL, "7115", "[Red]0.0_ ", "7115"),
    (ACTUAL, "7115", "0;-0;0", "7115"),
    (ACTUAL, "7115", "00000000", "7115"),
    (ACTUAL, "7115.4", "0.0##", "7115.4"),
]


@pytest.mark.parametrize(("field", "value", "code", "read_as"), CERTAIN)
def test_what_a_format_shows_counts(
    field: FieldId, value: str, code: str, read_as: str, book: Path, scheme: Scheme
) -> None:
    assert_reads(shown_as(book, scheme, field, value, code), scheme, put(PATHS[field], read_as))


OTHERWISE = [
    (ACTUAL, "0.7", "0.00%", ("“70.00%”", "0.7")),
    (COUNT, "0.04", "0.00%", ("“4.00%”", "0.04")),
    (ACTUAL, "7000", '"35"', ("“35”", "7000")),
    (ACTUAL, "7000", ";;;", ("没有显示", "7000")),
    (ACTUAL, "7000", '0"0"', ("“70000”", "7000")),
    (ACTUAL, "7000", "0!.0,", ("7000",)),
    (ACTUAL, "7000", '[<50]0;"100"', ("无法确定", "7000")),
    (ACTUAL, "0.5", "# ?/?", ("无法确定", "0.5")),
    (ACTUAL, "7000", "0.00E+00", ("无法确定", "7000")),
    (ACTUAL, "7000", '"约"0', ("“约7000”", "7000")),
    (ACTUAL, "7000", '0"万"', ("“7000万”", "7000")),
    (COUNT, "0", '0;0;"4"', ("“4”", "单元格里的数是 0")),
]


@pytest.mark.parametrize(("field", "value", "code", "words"), OTHERWISE)
def test_a_format_that_shows_another_thing(
    field: FieldId, value: str, code: str, words: tuple[str, ...], book: Path, scheme: Scheme
) -> None:
    assert_told(shown_as(book, scheme, field, value, code), scheme, field, "E114", *words)


def test_a_dash_of_an_accounting_format_is_zero(book: Path, scheme: Scheme) -> None:
    field = FIELDS["public"]
    shown_as(book, scheme, field, "0", DASHES)
    assert_reads(book, scheme, put("facts.three_public.reception.spent", "0"))


def test_a_format_that_hides_words(book: Path, scheme: Scheme) -> None:
    """`;;;` shows no text either."""
    styled(book, scheme, FIELDS["yes_no"], add_style(book, code=";;;"))
    assert_told(book, scheme, FIELDS["yes_no"], "E114", "没有显示", "“是”")


@pytest.mark.parametrize("code", ["@", "0.00_ ", DASHES, "0;-0;0;_ @_ "])
def test_a_format_that_shows_words_as_they_are(code: str, book: Path, scheme: Scheme) -> None:
    styled(book, scheme, FIELDS["yes_no"], add_style(book, code=code))
    assert assert_reads(book, scheme).findings == []


@pytest.mark.parametrize("code", ['@"万"', '0;0;0;"否"', "0;0;0;"])
def test_a_format_that_shows_other_words(code: str, book: Path, scheme: Scheme) -> None:
    in_cell(book, scheme, ACTUAL, 't="inlineStr"', "<is><t>7000</t></is>")
    styled(book, scheme, ACTUAL, add_style(book, code=code))
    assert_told(book, scheme, ACTUAL, "E114", "单元格里的内容是“7000”")


def test_a_name_that_a_format_hides_is_read_and_told(book: Path, scheme: Scheme) -> None:
    styled(book, scheme, NAME, add_style(book, code=";;;"))
    (told,) = assert_reads(book, scheme).findings
    assert told.code == "I113" and "没有显示" in told.message


def test_a_code_whose_zeros_a_format_shows(book: Path, scheme: Scheme) -> None:
    shown_as(book, scheme, CODE, "1234", "000000")
    assert_reads(book, scheme, put("department.code", "001234"))


def test_a_percentage_typed_into_a_general_cell(book: Path, scheme: Scheme, scheme_table: dict[str, Any]) -> None:
    """Excel makes 0.536 of it, in a format of its own; it counts as 53.6 and gets its points."""
    shown_as(book, scheme, PERCENT, "0.536", "0.00%")
    change = put("kpis.8.actual", "53.6")
    done = process(book, scheme)
    right = oracle.score_document(edited(clean_document(), change), scheme_table)
    assert done.result is not None and done.result.total == right["total"]
    row = next(row for row in done.result.kpis if row.name == clean_document()["kpis"][8]["name"])
    assert row.computed == Decimal("2.98") and row.actual == "53.6"
