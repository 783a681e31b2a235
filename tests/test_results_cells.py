"""Cells of the result workbooks: user text stays text, and fits."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from perfxl.results.cells import Book, Formula, Link
from perfxl.results.styles import TRAITS, tone
from perfxl.results.text_height import row_height, text_lines
from perfxl.xlsx.texts import CUT_MARK, clean

STARTED = datetime(2023, 4, 3, 9, 30)


def written(tmp_path: Path, *values: object) -> list[openpyxl.cell.cell.Cell]:
    path = tmp_path / "cells.xlsx"
    with Book(path, "题目", "区财政局", STARTED) as book:
        page = book.page("表")
        for row, value in enumerate(values):
            page.put(row, 0, value, "box")  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(path)["表"]
    return [sheet.cell(row, 1) for row in range(1, len(values) + 1)]


@pytest.mark.parametrize(
    "text", ["=1+1", "=", "+1", "-1", "@SUM(A1)", "{=1}", "http://example.com", "00123", "_x0041_"]
)
def test_user_text_is_never_a_formula_a_link_or_a_number(tmp_path: Path, text: str) -> None:
    (cell,) = written(tmp_path, text)
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value.replace("_x005F_", "_") == text


def test_values_go_in_by_their_type(tmp_path: Path) -> None:
    number, whole, formula, link, blank, empty = written(
        tmp_path, Decimal("9.95"), 3, Formula("=1+1", 2), Link("internal:'表'!A1", "回"), None, ""
    )
    assert (number.value, number.data_type) == (9.95, "n")
    assert whole.value == 3
    assert (formula.value, formula.data_type) == ("=1+1", "f")
    assert (link.value, link.hyperlink.location) == ("回", "'表'!A1")
    assert blank.value is None
    assert empty.value is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x0bc", "a\ufffdb\ufffdc"),
        ("半个字\ud83d。", "半个字\ufffd。"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("制表\t符", "制表\t符"),
        ("\uffff", "\ufffd"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("sign", ["字", "😀"])
def test_text_too_long_for_a_cell_is_cut_with_a_mark(tmp_path: Path, sign: str) -> None:
    (cell,) = written(tmp_path, sign * 40_000)
    assert cell.value.endswith(CUT_MARK)
    assert cell.value.startswith(sign * 10_000)
    assert len(cell.value.encode("utf-16-le")) // 2 <= 32_767


def test_text_of_the_full_length_is_kept(tmp_path: Path) -> None:
    (cell,) = written(tmp_path, "字" * 32_767)
    assert cell.value == "字" * 32_767


def test_a_workbook_has_the_same_bytes_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        written(folder, "文字", Decimal(1))
    assert (first / "cells.xlsx").read_bytes() == (second / "cells.xlsx").read_bytes()


def test_a_book_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Book(tmp_path / "x.xlsx", "", "", STARTED):
        raise ZeroDivisionError
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("十个汉字在窄列里占三行", 10, 3), ("short", 10, 1), ("一\n二", 30, 2), ("a" * 100, 22, 6)],
)
def test_text_lines(text: str, width: float, lines: int) -> None:
    assert text_lines(text, width) == lines


def test_row_height_has_a_floor_and_a_ceiling() -> None:
    assert row_height(1) == 20
    assert row_height(1_000) == 400


def test_grades_wear_tones_from_best_to_worst() -> None:
    assert [tone(place, 4) for place in range(4)] == [0, 1, 2, 3]
    assert [tone(place, 5) for place in (0, 4)] == [0, 3]
    assert tone(0, 1) == 0


def contrast(ink: str, fill: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(ink), luminance(fill)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("trait", ["good", "fair", "weak", "bad"])
def test_marks_can_be_read(trait: str) -> None:
    assert contrast(TRAITS[trait]["font_color"], TRAITS[trait]["bg_color"]) >= 4.5
