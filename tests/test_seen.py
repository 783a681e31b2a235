"""What a person sees in Excel is what is scored: in any writing of the file, or the file is returned or refused.

Real workbooks, each with one thing done to its writing or its package: the actual value of a KPI, 7000, is written as
7115 in many ways. What a cell shows is the part of `tests.test_seen_values` and
`tests.test_seen_formats`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.scheme.model import Scheme
from tests.books import filled, put
from tests.findings import clean_document, patch_part, sheet_part
from tests.folders import parts_of, zipped
from tests.seen_books import KPIS, Change, assert_reads, assert_refused, in_sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


@pytest.fixture
def book(scheme: Scheme, tmp_path: Path) -> Path:
    """The clean workbook."""
    return filled(clean_document(), scheme, tmp_path / "book.xlsx")


def swap(old: str, new: str) -> Change:
    return lambda xml: xml.replace(old, new, 1)


# The writing of a sheet

ROOT = f'<worksheet xmlns="{MAIN}"'
IGNORED = f'{ROOT} xmlns:q="urn:q" xmlns:mc="{COMPATIBILITY}" mc:Ignorable="q"'
FAR = '<c r="H14"><v>1</v></c>'


def cell(new: str) -> Change:
    """The cell of `ACTUAL` in another writing, `@` for its style."""

    def change(xml: str) -> str:
        found = re.search(r'<c r="H14" s="(\d+)"><v>7000</v></c>', xml)
        assert found is not None
        return xml.replace(found[0], new.replace("@", found[1]))

    return change


def both(*changes: Change) -> Change:
    def change(xml: str) -> str | bytes:
        *first, last = changes
        for one in first:
            xml = str(one(xml))
        return last(xml)

    return change


def prefixed(xml: str) -> str:
    xml = re.sub(r"<(/?)([a-zA-Z]+)(?=[ />])", r"<\1x:\2", xml)
    return xml.replace("xmlns=", "xmlns:x=", 1)


SAYS_7115: dict[str, Change] = {
    "comment": cell('<c r="H14" s="@"><v>711<!-- 0 -->5</v></c>'),
    "comment before": cell('<c r="H14" s="@"><!-- <v>1</v> --><v>7115</v></c>'),
    "CDATA": cell('<c r="H14" s="@"><v><![CDATA[7115]]></v></c>'),
    "CDATA in part": cell('<c r="H14" s="@"><v>7<![CDATA[11]]>5</v></c>'),
    "processing instruction": cell('<c r="H14" s="@"><v>71<?x <v>9</v>?>15</v></c>'),
    "character references": cell('<c r="H14" s="@"><v>7&#49;&#x31;5</v></c>'),
    "single quotes": cell("<c r='H14' s='@'><v>7115</v></c>"),
    "odd spaces": cell('<c\n\tr = "H14"  s= "@" ><v > 7115\n</v ></c >'),
    "attributes in another order": cell('<c s="@" r="H14"><v>7115</v></c>'),
    "a prefixed attribute first": both(cell('<c q:r="A1" r="H14" s="@"><v>7115</v></c>'), swap(ROOT, IGNORED)),
    "a mark in an attribute": both(cell('<c q:x="a>b" r="H14" s="@"><v>7115</v></c>'), swap(ROOT, IGNORED)),
    "an ignorable cell": both(cell('<q:c r="H14"><q:v>9</q:v></q:c><c r="H14" s="@"><v>7115</v></c>'),
                              swap(ROOT, IGNORED)),
    "an ignorable value": both(cell('<c r="H14" s="@"><q:v>9</q:v><v>7115</v></c>'), swap(ROOT, IGNORED)),
    "an extension": cell(f'<c r="H14" s="@"><v>7115</v><extLst><ext uri="u">{FAR}</ext></extLst></c>'),
    "an extension behind": both(cell('<c r="H14" s="@"><v>7115</v></c>'), lambda xml: xml.replace(
        "</worksheet>",
        f'<extLst><ext uri="u"><sheetData><row r="14">{FAR}</row></sheetData></ext></extLst></worksheet>')),
    "rows in a comment": both(cell('<c r="H14" s="@"><v>7115</v></c>'), lambda xml: xml.replace(
        "<sheetData>", f'<!-- <sheetData><row r="14">{FAR}</row></sheetData> --><sheetData>')),
    "prefixes": both(cell('<c r="H14" s="@"><v>7115</v></c>'), prefixed),
    "an exponent": cell('<c r="H14" s="@"><v>7.115E3</v></c>'),
    "a sign": cell('<c r="H14" s="@"><v>+7115.0</v></c>'),
    "text of its own": cell('<c r="H14" s="@" t="inlineStr"><is><t>7115</t></is></c>'),
    "runs of one look": cell('<c r="H14" s="@" t="inlineStr"><is><r><t>71</t></r><r><rPr><b/></rPr><t>15</t></r></is>'
                             "</c>"),
    "not struck": cell('<c r="H14" s="@" t="inlineStr"><is><r><rPr><strike val="0"/></rPr><t>7115</t></r></is></c>'),
    "phonetic signs": cell('<c r="H14" s="@" t="inlineStr"><is><t>7115</t><rPh sb="0" eb="1"><t>9</t></rPh></is></c>'),
    "a letter as Excel writes it": cell('<c r="H14" s="@" t="str"><v>7_x0031_15</v></c>'),
    "UTF-16": both(cell('<c r="H14" s="@"><v>7115</v></c>'), lambda xml: xml.partition("?>")[2].encode("utf-16")),
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS_7115)
def test_a_number_in_any_writing(name: str, book: Path, scheme: Scheme) -> None:
    def change(xml: str) -> bytes:
        changed = SAYS_7115[name](xml)
        return changed if isinstance(changed, bytes) else changed.encode()

    patch_part(book, sheet_part(book, KPIS), lambda xml: change(xml.decode()))
    assert_reads(book, scheme, put("kpis.5.actual", "7115"))


REFUSED: dict[str, Change] = {
    "a foreign cell that may not be ignored": both(cell('<q:c r="H14"/><c r="H14" s="@"><v>7115</v></c>'),
                                                   swap(ROOT, f'{ROOT} xmlns:q="urn:q"')),
    "what must be understood": swap(ROOT, IGNORED.replace("mc:Ignorable", "mc:MustUnderstand")),
    "a choice among the cells": both(
        cell('<mc:AlternateContent><mc:Choice Requires="q"><c r="H14"><v>1</v></c></mc:Choice></mc:AlternateContent>'),
        swap(ROOT, IGNORED)),
    "a cell twice": cell('<c r="H14" s="@"><v>7000</v></c><c r="H14" s="@"><v>7115</v></c>'),
    "two values": cell('<c r="H14" s="@"><v>7000</v><v>7115</v></c>'),
    "a value in a value": cell('<c r="H14" s="@"><v>70<v>1</v>00</v></c>'),
    "a cell of another row": cell('<c r="H15" s="@"><v>7000</v></c>'),
    "rows twice": lambda xml: xml.replace("</sheetData>", '</sheetData><sheetData><row r="14"/></sheetData>'),
    "a DTD": lambda xml: xml.replace("<worksheet", "<!DOCTYPE worksheet><worksheet", 1),
    "not closed": lambda xml: xml.replace("</worksheet>", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_sheet_that_cannot_be_told_is_refused(name: str, book: Path, scheme: Scheme) -> None:
    assert_refused(in_sheet(book, REFUSED[name]), scheme, "F105" if name == "a DTD" else "F104")


def test_shared_texts_in_any_writing(book: Path, scheme: Scheme) -> None:
    """The name of a KPI with a comment, a part in CDATA and a reference, in single quotes and a prefix."""
    name = clean_document()["kpis"][5]["name"]
    odd = f"<!-- x -->{name[:2]}<![CDATA[{name[2:4]}]]>&#{ord(name[4])};{name[5:]}"

    def change(xml: bytes) -> bytes:
        text = xml.decode()
        assert f"<t>{name}</t>" in text
        return prefixed(text.replace(f"<t>{name}</t>", f"<t xml:space='preserve'>{odd}</t>")).encode()

    assert_reads(patch_part(book, "xl/sharedStrings.xml", change), scheme)
    assert_refused(patch_part(book, "xl/sharedStrings.xml", lambda xml: xml.replace(b"<x:si>", b"<x:x>", 1)), scheme)


@pytest.mark.parametrize("more", [b"<t>a</t>", b"<x/>", b"<!DOCTYPE sst>", b"<si>"])
def test_shared_texts_that_cannot_be_told_are_refused(more: bytes, book: Path, scheme: Scheme) -> None:
    patch_part(book, "xl/sharedStrings.xml", lambda xml: xml.replace(b"</sst>", more + b"</sst>"))
    assert_refused(book, scheme)


# Parts


def moved(book: Path, part: str, name: str, target: str, *, decoy: bytes | None = None) -> Path:
    """A part of the workbook under another name, its relation pointing to `target`."""
    parts = parts_of(book)
    parts[name] = parts.pop(part)
    if decoy is not None:
        parts[part] = decoy
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    old = part.removeprefix("xl/")
    assert f'Target="{old}"' in relations
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(f'Target="{old}"', f'Target="{target}"').encode()
    zipped(parts, book)
    return book


SHEET = "xl/worksheets/sheet4.xml"
PLACES = {
    "letters": (SHEET, "worksheets/SHEET4.xml"),
    "letters of the part": ("XL/WorkSheets/Sheet4.XML", "worksheets/sheet4.xml"),
    "a dot": (SHEET, "./worksheets/./sheet4.xml"),
    "up and down": (SHEET, "../xl/theme/../worksheets/sheet4.xml"),
    "absolute": (SHEET, "/xl/worksheets/sheet4.xml"),
    "another name": ("x/kpis.bin", "../x/kpis.bin"),
    "a percent sign": ("xl/a b.xml", "a%20b.xml"),
    "a percent sign in the archive": ("xl/a%20b.xml", "a%20b.xml"),
    "a back slash": ("xl\\worksheets\\sheet4.xml", "worksheets/sheet4.xml"),
}


@pytest.mark.parametrize("place", PLACES)
def test_parts_are_found_through_relations(place: str, book: Path, scheme: Scheme) -> None:
    assert_reads(moved(book, SHEET, *PLACES[place]), scheme)


def test_decoys_do_not_count(book: Path, scheme: Scheme) -> None:
    """Another sheet, other texts and other looks under the usual names."""
    with_1 = parts_of(book)[SHEET].replace(b"<v>7000</v>", b"<v>1</v>")
    moved(book, SHEET, "xl/worksheets/true.xml", "worksheets/true.xml", decoy=with_1)
    texts = parts_of(book)["xl/sharedStrings.xml"].replace("达成预期".encode(), "未达成".encode())
    moved(book, "xl/sharedStrings.xml", "xl/t.xml", "t.xml", decoy=texts)
    looks = parts_of(book)["xl/styles.xml"].replace(b'formatCode="#,##0.00####"', b'formatCode=";;;"')
    moved(book, "xl/styles.xml", "xl/s.xml", "s.xml", decoy=looks)
    assert_reads(book, scheme)


def test_a_decoy_workbook_does_not_count(book: Path, scheme: Scheme) -> None:
    parts = parts_of(book)
    for name in [name for name in parts if name.startswith("xl/")]:
        parts[f"true/{name[3:]}"] = parts[name]
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"xl/workbook.xml", b"/true/workbook.xml")
    parts[SHEET] = parts[SHEET].replace(b"<v>7000</v>", b"<v>1</v>")
    zipped(parts, book)
    assert_reads(book, scheme)


def test_the_workbook_and_its_relations_in_any_writing(book: Path, scheme: Scheme) -> None:
    decoy = '<sheet name="绩效指标" sheetId="9" r:id="rId3"/>'
    patch_part(book, "xl/workbook.xml", lambda xml: prefixed(
        xml.decode().replace("<sheets>", f"<sheets><!-- {decoy} -->").replace("</workbook>",
        f'<extLst><ext uri="u"><sheets>{decoy}</sheets></ext></extLst></workbook>')).encode())  # fmt: skip
    patch_part(book, "xl/_rels/workbook.xml.rels", lambda xml: prefixed(
        xml.decode().replace('Id="rId4"', "Id\n=\t'r&#73;d4'")).encode())  # fmt: skip
    assert_reads(book, scheme)


def _relations(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        name = "xl/_rels/workbook.xml.rels"
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return change


def _letters(parts: dict[str, bytes]) -> None:
    parts["xl/worksheets/SHEET4.xml"] = parts[SHEET]


def _one_part(parts: dict[str, bytes]) -> None:
    more = "".join(f'<sheet name="s{number}" sheetId="{number}" r:id="rId4"/>' for number in range(100, 291))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", f"{more}</sheets>".encode())


UNCERTAIN: dict[str, Callable[[dict[str, bytes]], None]] = {
    "two parts that differ in letters only": _letters,
    "191 sheets on one part": _one_part,
    "two sheets on one part": _relations(b"worksheets/sheet5.xml", b"worksheets/Sheet4.xml"),
    "a relation twice": _relations(b'Id="rId5"', b'Id="rId4"'),
    "no such part": _relations(b"worksheets/sheet4.xml", b"worksheets/sheet44.xml"),
    "another workbook's part": _relations(b'Target="worksheets/sheet4.xml"',
                                          b'Target="worksheets/sheet4.xml" TargetMode="External"'),
    "two tables of texts": _relations(
        b"</Relationships>", b'<Relationship Id="z" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/sharedStrings" Target="styles.xml"/></Relationships>'),
}  # fmt: skip


@pytest.mark.parametrize("name", UNCERTAIN)
def test_parts_that_cannot_be_told_are_refused(name: str, book: Path, scheme: Scheme) -> None:
    parts = parts_of(book)
    UNCERTAIN[name](parts)
    zipped(parts, book)
    assert_refused(book, scheme)
