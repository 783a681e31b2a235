"""A table that is wider than a page: which columns stand on each of the pages beside each other, and how wide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise

from perfxl.xlsx.paper import fitted

MOST = 4
"""Pages beside each other that are tried in every way; what takes more fills them one after the other."""


def divided(
    widths: Sequence[float],
    least: Sequence[float],
    names: int,
    room: Callable[[int], float],
    helpers: int = 0,
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """The widths of columns that go on beside, and the numbers (from 1) of the last columns of all pages but the last.

    names: how many first columns stand on every page. room: the widths that so many columns may have in all on one.
    helpers: so many last columns do not make a page of their own. Pages are as few as columns can be narrowed for, and
    each as little narrowed as it goes.
    """
    count = len(widths)

    def excess(of: Sequence[float], first: int, end: int) -> float:
        """What columns want more than there is, with the names before them."""
        return sum(of[:names]) + sum(of[first:end]) - room(names + end - first)

    best: tuple[float, tuple[int, ...]] | None = None
    for breaks in _ways(names, count):
        pages = [*pairwise((names, *breaks, count))]
        if best is not None and len(breaks) > len(best[1]):
            break
        if any(excess(least, *page) > 0 for page in pages) or 0 < count - pages[-1][0] <= helpers:
            continue
        worst = max(excess(widths, *page) for page in pages)
        if best is None or worst < best[0]:
            best = worst, breaks
    breaks = best[1] if best is not None else _filled(widths, names, room)
    pages = [*pairwise((names, *breaks, count))]
    # The names are as wide on every page: what the fullest leaves them.
    every = [_fitted(widths, least, own, room(len(own))) for own in ((*range(names), *range(*page)) for page in pages)]
    named = tuple(min(page[each] for page in every) for each in range(names))
    found = list(named)
    for first, end in pages:
        space = room(names + end - first) - sum(named)
        found += _fitted(widths, least, range(first, end), space)
    return tuple(found), breaks


def _fitted(widths: Sequence[float], least: Sequence[float], own: Sequence[int], room: float) -> tuple[float, ...]:
    return fitted([widths[each] for each in own], [least[each] for each in own], room)


def _ways(names: int, count: int) -> Iterator[tuple[int, ...]]:
    """The columns before which a page may end, of two pages first."""
    for pages in range(2, MOST + 1):
        yield from combinations(range(names + 1, count), pages - 1)


def _filled(widths: Sequence[float], names: int, room: Callable[[int], float]) -> tuple[int, ...]:
    """Page after page, as many columns on each as fit."""
    breaks: list[int] = []
    first = names
    for end in range(names + 1, len(widths)):
        if sum(widths[:names]) + sum(widths[first : end + 1]) > room(names + end + 1 - first):
            breaks.append(end)
            first = end
    return tuple(breaks)
