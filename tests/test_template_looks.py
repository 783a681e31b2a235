"""What can be read by everyone: contrast, and no meaning by colour alone."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.template import styles
from perfxl.template.correction import CorrectionNote
from tests.template_books import cells, write

READABLE = 4.5
"""WCAG 2.1 AA for text of this size."""


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def fill_of(cell: Cell) -> str:
    return str(cell.fill.fgColor.rgb)[-6:] if cell.fill.fill_type == "solid" else "FFFFFF"


@pytest.fixture
def returned(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> Workbook:
    field = ("facts", "funds.total.spent", VALUE)
    lines = [
        CorrectionNote(word, "E202", "不等于合计", "差 1", "请核对", field, "") for word in ("错误", "警告", "提示")
    ]
    return write(tmp_path / "returned.xlsx", scheme, field_values(case["submission"], scheme), review=lines)


def test_text_stands_out_from_what_is_behind_it(returned: Workbook) -> None:
    seen: set[tuple[str, str]] = set()
    for sheet in returned.worksheets[:-1]:
        for cell in cells(sheet):
            hidden = sheet.row_dimensions[cell.row].hidden or sheet.column_dimensions[cell.column_letter].hidden
            if cell.value is not None and not hidden and isinstance(cell.font.color.rgb, str):
                seen.add((cell.font.color.rgb[-6:], fill_of(cell)))
    assert len(seen) > 8
    assert [pair for pair in sorted(seen) if contrast(*pair) < READABLE] == []


def conditional_colours(book: Workbook) -> Iterator[tuple[str, Cell, str]]:
    """Colour, cell and word of each rule that colours a text."""
    for sheet in book:
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if rule.dxf and rule.dxf.font and rule.dxf.font.color:
                    for part in area.sqref.ranges:
                        for row, col in part.cells:
                            yield rule.dxf.font.color.rgb[-6:], sheet.cell(row, col), rule.text


def test_colours_that_come_with_a_condition_can_be_read_and_go_with_a_word(returned: Workbook) -> None:
    found = list(conditional_colours(returned))
    assert {word for _, _, word in found} == {"！", "已填全", "还差", "未填写", "红字"}
    for colour, cell, word in found:
        assert word
        assert contrast(colour, fill_of(cell)) >= READABLE, (cell.parent.title, cell.coordinate)


def test_the_palette_tells_fills_apart_without_colour() -> None:
    """The three kinds of cells are named on the first sheet; what is marked has a thick border and a comment too."""
    assert styles.MARKED["border"] == 2
    assert len({styles.INPUT, styles.CHOICE, styles.COMPUTED}) == 3


def test_a_layout_that_has_written_can_be_sent_to_another_process(scheme: Scheme, tmp_path: Path) -> None:
    write(tmp_path / "written.xlsx", scheme)
    layout = layout_of(scheme)
    assert pickle.loads(pickle.dumps(layout)).places == layout.places
