"""What a cell shows is what is scored: formulas by what they come to, texts by what is left of them.

Where that is certain it counts; else the workbook is returned, with both readings. What nobody sees is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.layout.fields import FieldId
from perfxl.results.batch import Status
from perfxl.scheme.model import Scheme
from tests.books import cell_of, filled, process, put
from tests.findings import clean_document, patch_cell, patch_part
from tests.seen_books import (
    ACTUAL,
    COUNT,
    NAME,
    add_style,
    assert_reads,
    assert_told,
    assert_warned,
    in_cell,
    in_sheet,
    styled,
)

FIRES = ("E115", "E116", "W117", "W118")
"""Set off by the tests below, each with its cell and words."""
STRUCK, RAISED = "<rPr><strike/></rPr>", '<rPr><vertAlign val="superscript"/></rPr>'


@pytest.fixture
def book(scheme: Scheme, tmp_path: Path) -> Path:
    """The clean workbook."""
    return filled(clean_document(), scheme, tmp_path / "book.xlsx")


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
    ('t="str"', "<v> </v>", "E101"), ('t="str"', "", "E101"), ('t="s"', "", "E101"),
    ('t="str"', "<f>C47</f><v></v>", "E101"),
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
    """Reason and evidence merged: the evidence under the reason stays, and is told."""
    merge = '<mergeCell ref="{}"/>'

    def change(cells: str) -> Callable[[str], str]:
        return lambda xml: re.sub(r"<mergeCells[^>]*>", lambda match: match[0] + merge.format(cells), xml, count=1)

    in_sheet(book, change("O14:P14"))
    found = process(book, scheme)
    (told,) = (item for item in found.findings if item.code == "W118")
    assert (told.sheet, told.cell) == ("绩效指标", "P14")
    assert clean_document()["kpis"][5]["evidence"] in told.message and "没有读取" in told.message


WHITE = '<color rgb="FFFFFFFF"/>'
COLOURS = {
    "white on nothing": (WHITE, ""),
    "white by theme": ('<color theme="0"/>', ""),
    "white by number": ('<color indexed="9"/>', ""),
    "one colour": ('<color rgb="FFFF8800"/>',
                   '<patternFill patternType="solid"><fgColor rgb="00FF8800"/></patternFill>'),
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
