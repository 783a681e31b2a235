"""Texts and sums that are too long for one formula."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.findings.cells import NOT_NUMBER
from perfxl.layout.sheets import META
from perfxl.references import literal
from perfxl.template.expressions import in_pieces
from perfxl.template.notes import LONGEST, MOST, Note, fitting, note
from tests.template_books import Shown, facts, write
from tests.template_schemes import crowded


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("支出", '"支出"'),
        ('说"是"', '"说""是"""'),
        ("长" * 255, '"' + "长" * 255 + '"'),
        ("长" * 256, '"' + "长" * 255 + '"&"长"'),
        # A character beyond U+FFFF is two to Excel, and so is a quote.
        ("𠀀" * 128, '"' + "𠀀" * 127 + '"&"𠀀"'),
        ('"' * 128, '"' + '""' * 127 + '"&""""'),
    ],
)
def test_texts_in_formulas(text: str, written: str) -> None:
    assert literal(text) == written


def test_parts_are_joined_as_long_as_there_is_room() -> None:
    pieces = in_pieces(["A1", "B1", "C1"], "+", room=8)
    assert [(piece.expression, piece.count) for piece in pieces] == [("A1+B1", 2), ("C1", 1)]
    assert [piece.expression for piece in in_pieces(["A1", "B1"], "&")] == ["A1&B1"]
    # What is too long by itself cannot be helped.
    assert len(in_pieces(["A" * 20, "B1"], "+", room=8)) == 2


def test_of_very_many_notes_the_first_ones_are_asked() -> None:
    def notes(count: int, length: int) -> list[Note[int]]:
        return [note(NOT_NUMBER, "A" * length, lambda value: True, about=str(n)) for n in range(count)]

    assert len(fitting(notes(10, 20))) == 10
    assert len(fitting(notes(MOST + 5, 20))) == MOST
    kept = fitting(notes(MOST, 1_000))
    assert sum(len(item.formula) for item in kept) <= LONGEST < 1_000 * (len(kept) + 2)


def test_notes_below_a_large_table_are_all_told_and_counted(tmp_path: Path) -> None:
    scheme = crowded()
    values = facts(**{f"m__{row}__e": "-1" for row in range(30)})
    shown = Shown(tmp_path / "large.xlsx", scheme, values)
    told = [text for text in shown.texts("表'格!") if text.startswith("！")]
    assert len(told) == 1
    assert told[0].count("！不能为负数") == 30
    assert shown.row("填报说明", "表'格!")[7] == "30 处红字"
    formulas = [str(cell.value) for row in write(tmp_path / "x.xlsx", scheme)[META].iter_rows() for cell in row]
    assert sum("不能为负数" in formula for formula in formulas) > 1
