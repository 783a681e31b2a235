"""Rows that become higher, so that no last page is nearly empty."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from perfxl.xlsx.flow import LAST, block_breaks, pages_of, stretch, stretched

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


@given(HEIGHTS, st.sets(st.integers(1, 59), max_size=8), st.floats(300, 700))
def test_a_block_is_cut_only_where_it_is_longer_than_a_page(
    heights: list[float], starts: set[int], room: float
) -> None:
    within = sorted(start for start in starts if start < len(heights))
    breaks = block_breaks(heights, within, room)
    assert set(breaks) <= set(within)
    edges = [0, *within, len(heights)]
    for start, end in pairwise(edges):
        # What stands on the page before the block, since the last break; a longer block ends pages by itself.
        before = sum(heights[max([at for at in breaks if at <= start], default=0) : start])
        if sum(heights[start:end]) <= room and all(sum(heights[a:b]) <= room for a, b in pairwise(edges)):
            assert before + sum(heights[start:end]) <= room + 1e-6
