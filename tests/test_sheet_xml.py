"""What the parser is given in place of a sheet says the same, and hides nothing from the look."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from perfxl.intake.limits import Limits
from perfxl.intake.package import inspect
from perfxl.intake.sheet_xml import look_at_sheet
from perfxl.scheme.model import Scheme
from tests.books import by_hand, filled
from tests.findings import clean_document

HEAD, TAIL = b'<worksheet><dimension ref="A1:C9"/><sheetData><row r="1">', b"</row></sheetData></worksheet>"


def contents(book: CalamineWorkbook) -> list[object]:
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    return [(one.name, one.to_python(skip_empty_area=False), one.merged_cell_ranges) for one in sheets]


@pytest.mark.parametrize("touched", [False, True], ids=["as filled", "saved by openpyxl"])
def test_the_parser_reads_the_same_from_fewer_bytes(touched: bool, scheme: Scheme, tmp_path: Path) -> None:
    path = filled(clean_document(), scheme, tmp_path / "a.xlsx")
    if touched:
        by_hand(path, lambda book: book["绩效指标"].merge_cells("N10:N12"))
    _, readable = inspect(path.read_bytes(), Limits())
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(io.BytesIO(readable.getvalue())) as after:
        assert after.testzip() is None
        assert after.namelist() == before.namelist()
        sizes = [
            sum(part.file_size for part in archive.infolist() if "worksheets/" in part.filename)
            for archive in (before, after)
        ]
    assert touched or sizes[1] < sizes[0] / 2
    assert contents(CalamineWorkbook.from_filelike(readable)) == contents(CalamineWorkbook.from_path(str(path)))


PLAIN = b'<c r="A1" s="1"/><c r="B1" t="str"><f>A1</f><v></v></c><c r="C1"><f>1+1</f><v>2</v></c>'
WITHOUT_RESULT = (
    b"<f>A1</f>", b"<f>A1</f><v></v>", b"<f>A1</f><v/>", b"<f>A1</f><v />", b'<f t="shared" si="0"/>',
    b'<f t="shared" ref="C1:C9" si="0">A1</f>',
)  # fmt: skip


@pytest.mark.parametrize("inside", WITHOUT_RESULT)
def test_a_formula_without_a_result_is_found(inside: bytes) -> None:
    look = look_at_sheet(HEAD + PLAIN + b'<c r="D1" s="1">' + inside + b"</c>" + TAIL, "s", Limits())
    assert look.xml is not None
    assert look.uncalculated == [(0, 3)]
    assert b"1+1" not in look.xml and b"</f><v></v></c><c" not in look.xml


def test_errors_and_links_are_found() -> None:
    cells = b'<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C1"><f>[1]a!A1</f><v>2</v></c>'
    look = look_at_sheet(HEAD + cells + TAIL, "s", Limits())
    assert (look.errors, look.linked, look.uncalculated) == ([(0, 1)], [(0, 2)], [])


@pytest.mark.parametrize(
    "cells",
    [b'<c><v>1</v></c>', b'<c r="AA1"><v>1</v></c>', b'<x:c r="A1"><v>1</v></x:c>', b"<c r='A1'><v>1</v></c>",
     b'<c r="A1"><!-- --><v>1</v></c>'],
)  # fmt: skip
def test_an_unusual_sheet_is_given_as_it_is(cells: bytes) -> None:
    assert look_at_sheet(HEAD + cells + TAIL, "s", Limits()).xml is None


@pytest.mark.parametrize("quote", ['"', "'"])
def test_shared_texts_are_counted_in_any_quotes(quote: str) -> None:
    cell = f'<c r="A1" t={quote}s{quote}><v>0</v></c>'.encode()
    assert look_at_sheet(HEAD + cell * 7 + TAIL, "s", Limits()).strings == 7
