"""Patterns with possessive groups, and what stands for them where Python has those wrong (before 3.11.5)."""

from __future__ import annotations

import re
import sys
from zipfile import ZipFile

import pytest

from perfxl.patterns import pattern_of, with_way_back
from perfxl.workbook import shared_formulas, shared_texts, sheet_cells, sheet_xml
from perfxl.xlsx import shared_formulas as writing
from tests.test_examples import ROOT

OURS = {
    "head": sheet_xml._HEAD, "tail": sheet_xml._TAIL, "rows": sheet_xml.ROWS, "filled": sheet_xml.FILLED,
    "texts": shared_texts._ITEMS, "linked": sheet_cells._LINKED, "formula": shared_formulas._REF,
    "quoted": shared_formulas._TEXT, "token": writing._TOKEN,
}  # fmt: skip
GROUP = re.compile(r"\)[*+?]\+")


def test_groups_that_end_midway_are_right() -> None:
    """The cases of CPython issue 106052."""
    for source in ("(?:ab?c)?+", "(?:ab?c)*+"):
        match = pattern_of(source).match("aca")
        assert match is not None and match.span() == (0, 2)


@pytest.mark.parametrize("name", OURS)
def test_ordinary_groups_find_the_same(name: str) -> None:
    own = OURS[name]
    binary = isinstance(own.pattern, bytes)
    source = with_way_back(own.pattern)
    assert source != own.pattern or sys.version_info < (3, 11, 5)
    assert not GROUP.search(source.decode() if isinstance(source, bytes) else source)
    again = re.compile(source)  # type: ignore[arg-type]
    seen = 0
    for path in sorted((ROOT / "input").glob("*.xlsx"))[:4]:
        with ZipFile(path) as package:
            for part in package.namelist():
                if part.endswith(".xml"):
                    text = package.read(part) if binary else package.read(part).decode()
                    if name == "rows":
                        text = text.partition(b"<sheetData>")[2].rpartition(b"</sheetData>")[0]  # type: ignore[arg-type]
                    found = [match.span() for match in own.finditer(text)]  # type: ignore[arg-type]
                    assert [match.span() for match in again.finditer(text)] == found, part  # type: ignore[arg-type]
                    seen += len(found)
    assert seen or name in ("head", "tail", "linked", "texts")
