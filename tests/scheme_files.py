"""Scheme files for tests: the built-in TOML with lines replaced, the exported workbook with cells replaced."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

import perfxl.scheme
from perfxl.errors import Fault, SchemeError
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.scheme.faults import build_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.toml_file import read_toml
from perfxl.scheme.workbook_file import read_workbook, scheme_workbook
from tests.old_scheme_workbook import old_workbook

LIBRARY = Path(perfxl.scheme.__file__).parent / "builtin"
"""The built-in schemes, each a TOML file."""
BUILTIN = (LIBRARY / f"{DEFAULT}.toml").read_text("utf-8")
FORMS = Path(__file__).parent / "schemes"
"""Schemes that are only for tests, each a TOML file."""
OTHER_BUILTIN = ("chongqing-2021", "gongxing-2013", "xiangmu-2020")
FORM_NAMES = ("chongqing-2021", "district", "gongxing-2013", "xiangmu-2020")
"""Schemes of other forms than the default one."""
Book = dict[str, list[list[Any]]]


def form(name: str, *replacements: tuple[str, str]) -> str:
    """The TOML of a scheme of `FORM_NAMES` with each text, which must stand in it once, replaced."""
    return replaced(form_path(name).read_text("utf-8"), *replacements)


def form_path(name: str) -> Path:
    """The file of a scheme of `FORM_NAMES`."""
    return (LIBRARY if name in OTHER_BUILTIN else FORMS) / f"{name}.toml"


def edited(*replacements: tuple[str, str]) -> str:
    """The built-in TOML with each text, which must stand in it once, replaced."""
    return replaced(BUILTIN, *replacements)


def replaced(text: str, *replacements: tuple[str, str]) -> str:
    """A text with each part, which must stand in it once, replaced."""
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def line_of(text: str, part: str, below: int = 0) -> str:
    """The place of the line on which a part of the text begins, or of one some lines below."""
    assert text.count(part) == 1, f"{part!r} stands {text.count(part)} times"
    return f"x.toml 第 {text.count(chr(10), 0, text.index(part)) + 1 + below} 行"


def toml_scheme(text: str) -> Scheme:
    return build_scheme(read_toml(text, "x.toml"))


def toml_faults(text: str) -> list[Fault]:
    """The faults of a TOML text, which must have some."""
    with pytest.raises(SchemeError) as caught:
        toml_scheme(text)
    return list(caught.value.faults)


def exported(scheme: Scheme | None = None) -> Book:
    """The cells of a scheme exported by the version before (format 1), the built-in one unless told, by sheet."""
    return old_workbook(scheme or load_scheme())


def exported_now(scheme: Scheme | None = None) -> Book:
    """The cells of an exported scheme, the built-in one unless told, by sheet."""
    return cells_of(scheme_workbook(scheme or load_scheme()))


def cells_of(data: bytes) -> Book:
    """The cells of an .xlsx file by sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def workbook(book: Book) -> bytes:
    """An .xlsx file with these cells, numbers as numbers and texts as texts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as file:
        for name, rows in book.items():
            sheet = file.add_worksheet(name)
            for number, row in enumerate(rows):
                for at, value in enumerate(row):
                    if isinstance(value, str) and value:
                        sheet.write_string(number, at, value)
                    elif isinstance(value, bool):
                        sheet.write_boolean(number, at, value)
                    elif isinstance(value, (int, float)):
                        sheet.write_number(number, at, value)
    return buffer.getvalue()


def book_scheme(book: Book) -> Scheme:
    return build_scheme(read_workbook(workbook(book), "x.xlsx"))


def book_faults(change: Callable[[Book], object]) -> list[Fault]:
    """The faults of the exported workbook after a change."""
    book = exported()
    change(book)
    return faults_of(book)


def faults_of(book: Book) -> list[Fault]:
    """The faults of a workbook with these cells, which must have some."""
    with pytest.raises(SchemeError) as caught:
        book_scheme(book)
    return list(caught.value.faults)


def only(faults: Sequence[Fault], place: str, *words: str) -> Fault:
    """The fault, which must be the only one, must stand at the place and contain the words."""
    assert [fault.place for fault in faults] == [place], "\n".join(map(str, faults))
    for word in words:
        assert word in str(faults[0]), str(faults[0])
    return faults[0]
