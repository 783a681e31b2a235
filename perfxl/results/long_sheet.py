"""A sheet of any number of rows, of which only some are in memory at a time.

Rows that are finished wait as XML in a temporary file until the workbook is packed, and are then compressed piece by
piece. Their texts stand in the cells themselves, where other sheets share those of the workbook.
"""

from __future__ import annotations

import shutil
import zlib
from typing import IO

from xlsxwriter.format import Format

from perfxl.results.fast_sheet import _STARTS, FastSheet
from perfxl.results.fast_zip import Member
from perfxl.results.texts import text_element

PIECE = 1_000_000


class LongSheet(FastSheet):
    """A sheet whose rows are finished in order with `finish`; charts cannot show finished rows.

    waiting: where finished rows wait, an empty text file to be written and read; who gives it closes it.
    """

    waiting: IO[str]

    def __init__(self) -> None:
        super().__init__()
        self._finished: range | None = None
        self._columns: set[int] = set()

    def text(self, row: int, column: int, text: str, form: Format) -> None:
        """Writes a text, what a cell cannot hold replaced."""
        start = f"{_STARTS[column]}{row + 1}{self.styles[form]}"
        self.table[row][column] = f'{start} t="inlineStr"><is>{text_element(text)}</is></c>'

    def finish(self, first: int, end: int) -> None:
        """Nothing more comes for the rows from `first` up to, not including, `end`.

        Raises ValueError where they do not follow those finished before, OSError where the disk is full.
        """
        finished = self._finished or range(first, first)
        if first != finished.stop:
            raise ValueError(f"{self.name}: row {first + 1} does not follow row {finished.stop}")
        self._finished, rows = range(finished.start, end), range(first, end)
        self.waiting.write(self.rows_xml(rows))
        for row in rows:
            self._columns.update(self.table.pop(row, ()))
            self.row_sizes.pop(row, None)

    def _write_dimension(self) -> None:
        rows, columns = {*self.table, *self.row_sizes}, self._columns.union(*self.table.values())
        if self._finished:
            rows |= {self._finished[0], self._finished[-1]}
        if columns:
            self.dim_rowmin, self.dim_rowmax = min(rows), max(rows)
            self.dim_colmin, self.dim_colmax = min(columns), max(columns)
        super(FastSheet, self)._write_dimension()

    def _write_rows(self) -> None:
        rows = sorted(self.table.keys() | self.row_sizes.keys())
        start = self._finished.start if self._finished else 0
        self.fh.write(self.rows_xml(row for row in rows if row < start))
        self.waiting.seek(0)
        shutil.copyfileobj(self.waiting, self.fh, PIECE)
        self.fh.write(self.rows_xml(row for row in rows if row >= start))


class Packing:
    """A part of a package that is compressed while it is written. level: of zlib."""

    def __init__(self, name: str, level: int) -> None:
        self._name = name
        self._packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._pieces: list[bytes] = []
        self._crc = self._size = 0

    def write(self, text: str) -> None:
        """Takes more of the part."""
        data = text.encode("utf-8")
        self._crc, self._size = zlib.crc32(data, self._crc), self._size + len(data)
        self._pieces.append(self._packer.compress(data))

    def member(self) -> Member:
        """The part as it goes into the zip file; nothing can be written any more."""
        self._pieces.append(self._packer.flush())
        return Member(self._name.encode("ascii"), self._crc, self._size, b"".join(self._pieces))
