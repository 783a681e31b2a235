"""Widths of the columns of a list by what stands in them, so that its rows are low and a page holds many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import ceil

SAMPLE = 120
"""Rows that are looked at."""
MOST_LINES = 12
SHARES = (1.0, 0.95, 0.9, 0.8, 0.65, 0.5)
"""How many of the texts of a column are to take no more lines than is tried."""
_PADDING = 1.4  # of a column, beside its text


def by_content(rows: Sequence[Sequence[float]], least: Sequence[float], room: float) -> list[float]:
    """Widths of columns of wrapped texts that share a room, at which the rows are lowest together.

    rows: of each the widths in which its texts would take one line. least: how narrow each column may be. room: of all
    of them together; where even the least do not fit, they are what comes back.
    """
    spare = room - sum(least)
    if spare <= 0 or not rows:
        return [narrow + max(spare, 0.0) / len(least) for narrow in least]
    columns = [sorted(texts) for texts in zip(*rows, strict=True)]
    best, lowest = list(least), float("inf")
    for most, share in product(range(1, MOST_LINES + 1), SHARES):
        wanted = [
            max(narrow, texts[ceil(share * len(texts)) - 1] / most + _PADDING)
            for narrow, texts in zip(least, columns, strict=True)
        ]
        left = room - sum(wanted)
        if left < 0:
            continue
        # What is left is shared, so that a bit more than was looked at has room too.
        widths = [width + left / len(wanted) for width in wanted]
        height = sum(_lines(row, widths) for row in rows)
        if height < lowest:
            best, lowest = widths, height
        if share == SHARES[0]:
            # More lines are for narrower columns, which make no row lower.
            break
    return best if lowest < float("inf") else [narrow + spare / len(least) for narrow in least]


def _lines(row: Sequence[float], widths: Sequence[float]) -> int:
    return max(ceil(text / (width - _PADDING)) for text, width in zip(row, widths, strict=True))
