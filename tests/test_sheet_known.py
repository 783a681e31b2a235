"""The short way through a sheet gives what the usual way gives, or leaves the sheet to it."""

from __future__ import annotations

import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import perfxl.scheme
from perfxl import caches
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.workbook import sheet_known
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.package import read_package
from perfxl.workbook.shared_texts import SharedTexts, read_texts
from perfxl.workbook.sheet_cells import SheetCells, values_of
from perfxl.workbook.sheet_known import known_sheet
from perfxl.workbook.sheet_xml import take_apart
from perfxl.workbook.styles import Looks, read_looks
from tests.books import filled
from tests.documents import make_document
from tests.findings import clean_document

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS = SharedTexts([str(number) for number in range(30)], {3: ("10080", "80")})


@pytest.fixture(autouse=True)
def _as_in_a_new_process() -> Iterator[None]:
    caches.clear()
    yield
    caches.clear()


def usual(part: bytes, texts: SharedTexts, looks: Looks) -> SheetCells | None:
    """What the usual way gives, None where it has to write the sheet anew or refuses it."""
    taken = take_apart(part)
    try:
        return None if taken is None else values_of(taken, texts, looks, since_1904=False)
    except RefusalError:
        return None


def short(part: bytes, texts: SharedTexts, looks: Looks) -> SheetCells | None:
    return known_sheet(part, texts, looks, since_1904=False)


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def learnt(part: bytes) -> None:
    """Lets the process meet a sheet often enough to know it."""
    for _ in range(3):
        known_sheet(part, TEXTS, Looks(), since_1904=False)


@cache
def books() -> list[tuple[SharedTexts, Looks, list[bytes]]]:
    """Texts, looks and sheets of some filled workbooks."""
    scheme = load_scheme(None)
    source = Path(perfxl.scheme.__file__).parent / "builtin" / f"{scheme.id}.toml"
    table: dict[str, Any] = tomllib.loads(source.read_text("utf-8"), parse_float=Decimal)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(4):
            path = filled(make_document(seed, table), scheme, Path(folder) / f"{seed}.xlsx")
            with zipfile.ZipFile(path) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
            sheets = [data for name, data in sorted(parts.items()) if name.startswith("xl/worksheets/sheet")]
            found.append((read_texts(parts["xl/sharedStrings.xml"]), read_looks(parts["xl/styles.xml"]), sheets))
    return found


def test_workbooks_of_one_template_go_the_short_way() -> None:
    taken = []
    for texts, looks, sheets in books() * 3:
        for part in sheets:
            found = short(part, texts, looks)
            taken.append(found is not None)
            assert found is None or found == usual(part, texts, looks)
    assert not any(taken[: len(books()[0][2])])
    assert all(taken[-len(taken) // 3 :])


def test_another_workbook_with_new_pieces_is_read_too() -> None:
    for texts, looks, sheets in books()[:3] * 3:
        for part in sheets:
            short(part, texts, looks)
    texts, looks, sheets = books()[3]
    taken = [short(part, texts, looks) for part in sheets]
    assert sum(found is not None for found in taken) > len(sheets) / 2
    assert all(found is None or found == usual(part, texts, looks) for part, found in zip(sheets, taken, strict=True))


SPOILS = (
    b"<v>", b"</v>", b"\0", b"<v/>", b"<v></v>", b"</c>", b"</row>", b'<row r="5">', b'<c r="B5">', b"<", b">", b'"',
    b"1", b"-", b"1e999", b"x", b' t="s"', b' t="str"', b' t="b"', b' t="e"', b"<f>1</f>", b"<is><t>x</t></is>",
    b"<!---->", b'<c r="A1"><v>1</v></c>', b"9999999", b"99999999", "１".encode(), b"_", b"&#49;", b" ", b"",
)  # fmt: skip


@given(st.data())
@settings(max_examples=150)
def test_whatever_is_changed_in_a_sheet_both_ways_agree(data: st.DataObject) -> None:
    texts, looks, sheets = data.draw(st.sampled_from(books()))
    part = data.draw(st.sampled_from(sheets[1:3]))
    for _ in range(3):
        short(part, texts, looks)
    assert short(part, texts, looks) is not None
    spots = [at for at in range(part.index(b"<sheetData>"), len(part)) if part[at : at + 1] in b'<>"0123456789']
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.sampled_from(spots)) + data.draw(st.integers(0, 1))
        gone = data.draw(st.sampled_from((0, 0, 1, 3, 4, 40)))
        part = part[:at] + data.draw(st.sampled_from(SPOILS)) + part[at + gone :]
    for _ in range(3):
        found = short(part, texts, looks)
        assert found is None or found == usual(part, texts, looks)


A1, B1 = '<c r="A1" t="s"><v>1</v></c>', '<c r="B1"><v>2</v></c>'
GOOD = sheet(f'<row r="1">{A1}{B1}</row><row r="2"><c r="A2" t="str"><v>x</v></c><c r="B2" t="b"><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<v>1</v>", "<v>31</v>"),
        ("<v>1</v>", "<v></v>"),
        ("<v>1</v>", "<v>+1</v>"),
        ("<v>1</v>", "<v> 1</v>"),
        ("<v>1</v>", "<v>00000001</v>"),
        ("<v>2</v>", "<v>2_0</v>"),
        ("<v>2</v>", "<v>.5</v>"),
        ("<v>2</v>", "<v>1e999</v>"),
        ("<v>2</v>", "<v>nan</v>"),
        ("<v>2</v>", "<v>2<v>"),
        ("<v>2</v>", "</v>2<v>"),
        ("<v>2</v>", "</v>2</v>"),
        ("<v>2</v>", "<v>2\0"),
        ("<v>2</v>", "<v>2<v>\0"),
        ("<v>x</v>", "<v>x<y/></v>"),
        ("<v>x</v>", '<v><row r="a hidden="1</v>'),
        ("<v>x</v>", '<v><row r="</v>'),
        ("<v>x</v>", "<v>\x01</v>"),
        ("<v>x</v>", "<v>&y;</v>"),
        ('t="b"><v>1', 't="b"><v>2'),
        ('t="b"><v>1</v></c></row>', 't="b"><v>1'),
        ('<row r="2">', '<row r="1">'),
        ('r="B1"', 'r="A1"'),
        (A1 + B1, B1 + A1),
    ],
)
def test_what_the_usual_way_does_not_take_the_short_way_leaves(old: str, new: str) -> None:
    learnt(GOOD)
    assert short(GOOD, TEXTS, Looks()) == usual(GOOD, TEXTS, Looks()) != None  # noqa: E711
    spoilt = GOOD.replace(old.encode(), new.encode())
    assert spoilt != GOOD
    assert usual(spoilt, TEXTS, Looks()) is None
    for _ in range(3):
        assert short(spoilt, TEXTS, Looks()) is None


ROW1 = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row>'


@pytest.mark.parametrize(
    ("known", "mixed"),
    [
        # A piece that was met behind row 1 tells nothing behind row 2 or 3: its blank cell stands in a row that it is
        # not of, which no reader takes.
        (
            (ROW1 + '<row r="3"><c r="A3"><v>1</v></c></row>', '<row r="2"><c r="A2"><v>1</v></c></row>'),
            ROW1.replace('<row r="1"><c r="A1">', '<row r="2"><c r="A2">') + '<row r="3"><c r="A3"><v>1</v></c></row>',
        ),
        (
            (ROW1 + '<row r="3"><c r="B3"><v>1</v></c></row>', '<row r="3"><c r="A3"><v>1</v></c></row>'),
            ROW1.replace('<row r="1"><c r="A1">', '<row r="3"><c r="A3">') + '<row r="3"><c r="B3"><v>1</v></c></row>',
        ),
        (
            (ROW1, '<row r="2"><c r="A2"><v>1</v></c></row>'),
            ROW1.replace('<row r="1"><c r="A1">', '<row r="2"><c r="A2">'),
        ),
    ],
)
def test_pieces_of_other_rows_do_not_follow_each_other(known: tuple[str, ...], mixed: str) -> None:
    for rows in known:
        learnt(sheet(rows))
        assert short(sheet(rows), TEXTS, Looks()) is not None
    assert usual(sheet(mixed), TEXTS, Looks()) is None
    assert short(sheet(mixed), TEXTS, Looks()) is None


def test_struck_texts_and_formulas_without_a_result_are_found() -> None:
    part = sheet(
        '<row r="1"><c r="A1" t="s"><v>3</v></c><c r="B1"><f>1+1</f><v></v></c>'
        '<c r="D1" t="str"><f>A1</f><v></v></c></row>'
    )
    learnt(part)
    found = short(part, TEXTS, Looks())
    assert found is not None
    assert found == usual(part, TEXTS, Looks())
    assert found.struck == {(0, 0): ("10080", "80")}
    assert found.uncalculated == {(0, 1)}
    assert found.formulas == {(0, 1), (0, 3)}
    assert found.rows == [["3", None, None, ""]]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_known, "_MOST", 20)
    monkeypatch.setattr(sheet_known, "_MOST_MET", 40)
    for height in range(100):
        part = sheet(f'<row r="1" ht="{height}">{A1}{B1}</row>')
        learnt(part)
        assert short(part, TEXTS, Looks()) == usual(part, TEXTS, Looks())
    assert len(sheet_known._steps) <= 20
    assert len(sheet_known._met) <= 40


def test_a_workbook_reads_the_same_when_its_kind_is_known(scheme: Scheme, tmp_path: Path) -> None:
    """As it was written first, and as another program saved it."""
    path = filled(clean_document(), scheme, tmp_path / "a.xlsx")
    load_workbook(path).save(tmp_path / "b.xlsx")
    for one in (path, tmp_path / "b.xlsx"):
        first, *others = (read_package(one.read_bytes(), Limits()).sheets for _ in range(4))
        assert all(first == other for other in others)
