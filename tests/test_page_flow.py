"""Rows that become higher, so that no last page is nearly empty."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfxl.xlsx.flow import LAST, pages_of, stretch, stretched

HEIGHTS = st.lists(st.floats(15, 90), min_size=1, max_size=60)


@given(HEIGHTS, st.floats(300, 700), st.booleans())
def test_it_never_takes_another_page_and_leaves_no_page_emptier(heights: list[float], room: float, head: bool) -> None:
    at, flowing = (0 if head else len(heights)), range(1, len(heights))
    before, filled = pages_of(heights, room, at)
    factor = stretch(heights, flowing, room, at, tallest=400)
    after, fuller = pages_of(stretched(heights, flowing, factor, 400), room, at)
    assert after == before
    assert factor == 1.0 or fuller > filled or before == 1
    assert 1.0 <= factor <= 1.4
    if before == 1 or filled >= LAST:
        assert factor == 1.0


def test_a_line_that_stands_alone_gets_company() -> None:
    """Two pages and a line: the rows before it are spread, until a few of them stand on the third page too."""
    heights, room = [40.0] * 26, 500.0
    flowing = range(len(heights) - 1)
    assert pages_of(heights, room, len(heights)) == (3, 80 / 500)
    factor = stretch(heights, flowing, room, len(heights), tallest=400)
    pages, filled = pages_of(stretched(heights, flowing, factor, 400), room, len(heights))
    assert pages == 3 and filled >= LAST
