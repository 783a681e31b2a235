"""The formulas that templates write once for several rows: as Excel demands them (ECMA-376 part 1, 18.3.1.40), and each
cell's own, expanded here by itself, the same as where every formula is written in full."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from perfxl.layout import layout_of
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.template import write_template
from perfxl.xlsx.plain import PlainWorkbook
from perfxl.xlsx.writer import Choice
from tests.template_books import random_values

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LONGEST = 8192
TEXT = re.compile(r'"(?:[^"]|"")*"')
REFUSED = re.compile(r"[!\[\]{}#@]|_xl")
"""What Excel has in no shared formula of its own: other sheets and workbooks, arrays, errors, newer functions."""
ABSOLUTE = re.compile(r"(?:'(?:[^']|'')+'|[^'!]+)!\$[A-Z]{1,3}\$\d+(?::\$[A-Z]{1,3}\$\d+)?")


class Cell(NamedTuple):
    """A cell with a formula. element: what stands for it. value: what it came to."""

    ref: str
    element: ElementTree.Element
    kind: str | None
    value: str | None


def formulas_of(path: Path) -> dict[str, list[Cell]]:
    """The cells with formulas of each sheet, in the order of the file."""
    found = {}
    with ZipFile(path) as parts:
        for name in sorted(parts.namelist()):
            if name.startswith("xl/worksheets/sheet"):
                root = ElementTree.fromstring(parts.read(name))
                found[name] = [
                    Cell(cell.attrib["r"], element, cell.get("t"), cell.findtext(f"{MAIN}v"))
                    for cell in root.iter(f"{MAIN}c")
                    if (element := cell.find(f"{MAIN}f")) is not None
                ]
    return found


def expanded(cells: list[Cell]) -> dict[str, str]:
    """The formula of every cell; fails where what is shared is not as it must be."""
    firsts: dict[str, tuple[str, str, tuple[int, int, int, int]]] = {}
    members: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    for cell in cells:
        kind, number, text = cell.element.get("t"), cell.element.get("si"), cell.element.text
        assert kind in (None, "shared"), (cell.ref, kind)
        if kind is None:
            assert text and number is None and cell.element.get("ref") is None, cell.ref
            own[cell.ref] = text
            continue
        assert number is not None
        if area := cell.element.get("ref"):
            assert number not in firsts, f"{cell.ref}: the number {number} is used twice"
            assert text and not REFUSED.search(TEXT.sub('""', text)), (cell.ref, text)
            assert area.startswith(f"{cell.ref}:"), (cell.ref, area)
            firsts[number] = cell.ref, text, range_boundaries(area)
            own[cell.ref] = text
        else:
            assert number in firsts, f"{cell.ref}: stands before the first of {number}"
            assert not text, cell.ref
            origin, formula, _ = firsts[number]
            own[cell.ref] = Translator(f"={formula}", origin=origin).translate_formula(cell.ref)[1:]
        members.setdefault(number, []).append(cell.ref)
    for number, (ref, _, (left, top, right, bottom)) in firsts.items():
        places = [coordinate_to_tuple(each) for each in members[number]]
        # Each cell of the area has it: Excel gives it to none that does not say so.
        assert sorted(places) == [(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)], ref
    assert all(len(text) <= LONGEST and "#REF!" not in text for text in own.values())
    return own


def written_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates are written by XlsxWriter's own methods, every formula in its cell."""

    class Plain(PlainWorkbook):
        def add_form(self, name: str, *, anew: bool = True, sharing: bool = False) -> Any:
            return super().add_form(name, anew=anew)

    monkeypatch.setattr("perfxl.template.writer.choice", lambda: Choice(False, ""))
    monkeypatch.setattr("perfxl.template.writer.new_workbook", Plain)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("scheme_id", builtin_ids())
def test_shared_formulas_are_those_that_are_written_in_full(
    scheme_id: str, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = scheme_at(load_scheme(scheme_id), stage)
    books = {"blank": {}, "filled": random_values(scheme, 5)}
    for name, values in books.items():
        write_template(scheme, tmp_path / f"{name}.xlsx", values)
    written_in_full(monkeypatch)
    for name, values in books.items():
        write_template(scheme, tmp_path / "full.xlsx", values)
        shared, full = formulas_of(tmp_path / f"{name}.xlsx"), formulas_of(tmp_path / "full.xlsx")
        assert shared.keys() == full.keys()
        for sheet, cells in shared.items():
            assert all(cell.element.get("t") is None for cell in full[sheet])
            assert expanded(cells) == {cell.ref: cell.element.text for cell in full[sheet]}, sheet
            # Viewers that do not calculate show what was written: every cell has a value, of the same kind.
            assert all(cell.value is not None for cell in cells)
            values_of = [{cell.ref: (cell.kind, cell.value) for cell in each} for each in (cells, full[sheet])]
            assert values_of[0] == values_of[1], sheet
        several = sum(cell.element.get("ref") is not None for cells in shared.values() for cell in cells)
        assert several >= 6 or not layout_of(scheme).has("kpis")


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("scheme_id", builtin_ids())
def test_names_in_shared_formulas_mean_the_same_in_every_row(scheme_id: str, stage: Stage, tmp_path: Path) -> None:
    """A name of a relative place would be counted from the first of the cells."""
    scheme = scheme_at(load_scheme(scheme_id), stage)
    write_template(scheme, tmp_path / "a.xlsx")
    with ZipFile(tmp_path / "a.xlsx") as parts:
        root = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    names = {item.attrib["name"]: item.text or "" for item in root.iter(f"{MAIN}definedName")}
    own = {name: ref for name, ref in names.items() if not name.startswith("_xlnm.")}
    assert own
    for name, ref in own.items():
        assert ABSOLUTE.fullmatch(ref), (name, ref)
