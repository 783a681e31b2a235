"""Row heights for wrapped text."""

from __future__ import annotations

import pytest

from perfxl.template.text_height import HIGHEST, LINE_HEIGHT, PADDING, lines, row_height, units


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("科普", 4), ("35 场", 5), ("“三公”", 8), ("", 0)])
def test_a_chinese_character_is_two_units_wide(text: str, width: int) -> None:
    assert units(text) == width


@pytest.mark.parametrize(
    ("text", "width", "count"),
    [
        ("", 20, 1),
        ("科普", 20, 1),
        ("科" * 9, 20, 2),
        ("科" * 100, 22.5, 10),
        ("一\n二\n三", 40, 3),
        ("一\n\n三", 40, 3),
        ("很长的一行" * 4 + "\n短", 22.5, 3),
    ],
)
def test_lines_of_wrapped_text(text: str, width: float, count: int) -> None:
    assert lines(text, width) == count


def test_the_longest_cell_decides_and_excel_has_a_limit() -> None:
    assert row_height([("短", 20), ("科" * 100, 22.5)]) == 10 * LINE_HEIGHT + PADDING
    assert row_height([]) == LINE_HEIGHT + PADDING
    assert row_height([("短", 20)], least=66) == 66
    assert row_height([("科" * 5000, 20)]) == HIGHEST
