"""A sheet of any number of rows, of which only some are in memory at a time.

Rows that are finished and links wait as XML in temporary files until the workbook is packed, and are then compressed
piece by piece.
"""

from __future__ import annotations

import shutil
from collections.abc import Set
from typing import IO, Any

from xlsxwriter.url import Url, UrlTypes
from xlsxwriter.worksheet import Worksheet

from perfxl.caches import cached
from perfxl.xlsx.quick.places import letters
from perfxl.xlsx.quick.sheet import FastSheet
from perfxl.xlsx.texts import in_attribute

PIECE = 100_000
ROWS_AT_ONCE = 500
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HYPERLINK = f"{_OFFICE}/hyperlink"


class LongSheet(FastSheet):
    """A sheet whose rows are finished one after the other with `finish`; charts cannot show finished rows.

    waiting, waiting_links, waiting_targets: where finished rows, links and the files that they lead to wait, empty text
    files to be written and read; who gives them closes them.
    """

    waiting: IO[str]
    waiting_links: IO[str]
    waiting_targets: IO[str]

    def __init__(self) -> None:
        super().__init__()
        self._finished = self._waiting = range(0)  # rows that are finished, and those of them that have left memory
        self._columns: set[int] = set()
        self._drawings: list[list[str]] = []

    # It is alone of its kind, and its links wait elsewhere.
    _assemble_xml_file = Worksheet._assemble_xml_file

    def write_url(self, row: int, column: int, url: str, style: str, text: str) -> None:
        """Writes a link to `internal:…` or `external:…`; those of a sheet come row by row."""
        self.text(row, column, text, style)
        target, anchor = _target(url)
        kind = ""
        if target:
            self.rel_count += 1
            kind = f' r:id="rId{self.rel_count}"'
            self.waiting_targets.write(
                f'<Relationship Id="rId{self.rel_count}" Type="{_HYPERLINK}" Target="{target}" TargetMode="External"/>'
            )
        if anchor:
            kind += f' location="{anchor}"'
        if not target:
            kind += f' display="{in_attribute(text)}"'
        self.waiting_links.write(f'<hyperlink ref="{letters(column)}{row + 1}"{kind}/>')

    @property
    def links_out(self) -> bool:
        """Whether there are links to other files."""
        return self.waiting_targets.tell() > 0

    def take_drawings(self) -> None:
        """Where there are links to other files, their part has the sheet's drawings too, and XlsxWriter writes none."""
        if self.links_out:
            self._drawings += self.external_drawing_links
            self.external_drawing_links.clear()

    def write_targets(self, part: Any) -> None:
        """Writes the part that holds the links to other files, and behind them the drawings."""
        part.write('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        part.write(f'<Relationships xmlns="{_RELATIONS}">')
        _copy(self.waiting_targets, part)
        first = self.rel_count - len(self._drawings) + 1
        for number, (kind, target) in enumerate(self._drawings, first):
            part.write(f'<Relationship Id="rId{number}" Type="{_OFFICE}{kind}" Target="{target}"/>')
        part.write("</Relationships>")

    def finish(self, row: int) -> None:
        """Nothing more comes for a row.

        Raises ValueError where it does not follow those finished before, OSError where the disk is full.
        """
        finished = self._finished or range(row, row)
        if row != finished.stop:
            raise ValueError(f"{self.name}: row {row + 1} does not follow row {finished.stop}")
        self._finished = range(finished.start, row + 1)
        if len(self._finished) - len(self._waiting) >= ROWS_AT_ONCE:
            self._let_go(self._finished[len(self._waiting) :])
            self._waiting = self._finished

    def _let_go(self, rows: range) -> None:
        self.waiting.write(
            self.rows_xml(row for row in rows if row in self.table or row in self.row_sizes or row in self._behind)
        )
        for row in rows:
            self._columns.update(self.table.pop(row, ()))
            self.row_sizes.pop(row, None)
            self.row_attributes.pop(row, None)
            self.merged_columns.pop(row, None)

    def used(self) -> tuple[Set[int], Set[int]]:
        """The rows and columns with cells or heights of their own."""
        rows, columns = super().used()
        return rows | {*self._waiting[:1], *self._waiting[-1:]}, columns | self._columns

    def _write_rows(self) -> None:
        rows = sorted(self.table.keys() | self.row_sizes.keys())
        self.fh.write(self.rows_xml(row for row in rows if row < self._waiting.start))
        _copy(self.waiting, self.fh)
        self.fh.write(self.rows_xml(row for row in rows if row >= self._waiting.start))

    def _write_hyperlinks(self) -> None:
        if self.waiting_links.tell():
            self.fh.write("<hyperlinks>")
            _copy(self.waiting_links, self.fh)
            self.fh.write("</hyperlinks>")


@cached(maxsize=1000)
def _target(url: str) -> tuple[str, str]:
    """The file that a link leads to, empty within the workbook, and the place in it, both as attributes of XML."""
    link = Url(url)
    file = in_attribute(link._target()) if link._link_type is UrlTypes.EXTERNAL else ""
    return file, in_attribute(link._anchor or "")


def _copy(waiting: IO[str], part: Any) -> None:
    waiting.seek(0)
    shutil.copyfileobj(waiting, part, PIECE)
