"""Below a list: in full the texts that no row is high enough for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, NamedTuple

from perfxl.results.cells import Page
from perfxl.results.styles import SIZE, SMALL
from perfxl.results.text_height import REST, most_lines, pieces, row_height, shortened, text_lines

IN_FULL = "说明全文"
CONTINUED = "（续）"
PIECE = 14
"""Lines of a row: several such rows fill a page well."""


BEGINNING = 6
"""Lines of such a text in its own row, so that others have room on the page."""


class LongText(NamedTuple):
    """names: of whom and what it is said. text: all of it."""

    names: str
    text: str


class LongTexts:
    """The long texts of a list, which wait in a file: of thousands of departments they are more than the list.

    waiting: gives an empty text file to be written and read, and closes it in the end.
    """

    def __init__(self, waiting: Callable[[], IO[str]]) -> None:
        self._waiting = waiting
        self._file: IO[str] | None = None

    def append(self, text: LongText) -> None:
        """Adds one. Raises OSError where the disk is full."""
        if self._file is None:
            self._file = self._waiting()
        self._file.write(json.dumps(text) + "\n")

    def __iter__(self) -> Iterator[LongText]:
        if self._file is not None:
            self._file.seek(0)
            for line in self._file:
                yield LongText(*json.loads(line))


def beginning(text: str, width: float, size: float) -> str:
    """What its own row shows of a text: all of it where the tallest row does."""
    if text_lines(text, width, size) <= most_lines(size):
        return text
    return shortened(text, width, size, BEGINNING + text_lines(REST, width, size))


def write_in_full(page: Page, texts: Iterable[LongText], row: int, named: int, last: int, end: int) -> int:
    """Writes them, the names in the columns before `named`, the texts behind up to `last`.

    row: the first row, from 0, which stays empty; of a sheet whose rows are finished the first that is not. end: the
    last row that there is. Returns the row below.
    """
    begun = False
    for names, text in _rows(texts, sum(page.columns[named : last + 1])):
        if row + (not begun) > end:
            break
        if not begun:
            page.finish(row)
            row, begun = row + 1, True
        page.merged(row, 0, row, named - 1, names, "box text wrap")
        page.merged(row, named, row, last, text, "box text wrap small")
        width, beside = sum(page.columns[named : last + 1]), sum(page.columns[:named])
        lines = row_height(text_lines(text, width, SMALL), SMALL), row_height(text_lines(names, beside), SIZE)
        page.height(row, max(lines))
        page.finish(row)
        row += 1
    return row


def _rows(texts: Iterable[LongText], width: float) -> Iterator[LongText]:
    for names, text in texts:
        for number, piece in enumerate(pieces(text, width, SMALL, PIECE)):
            # No heading above them all, which might stand at the end of a page.
            yield LongText(CONTINUED if number else f"{IN_FULL}\n{names}", piece)
