"""The cells of a workbook, sorted by the template's sheets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from perfxl.layout.template_layout import COVER, FILLED_SHEETS, META
from perfxl.text import fold
from perfxl.workbook.container import RESEND
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.package import Package, read_package
from perfxl.workbook.sheet_cells import Rows, SheetCells

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
_WANTED = {fold(name): name for name in (*FILLED_SHEETS, META)}
_MOST_MERGED = 2_000


@dataclass(slots=True)
class Cells:
    """The rows of a workbook's sheets, counted from A1.

    sheets: the template's, by their proper names. titles: the name of each of them as it stands in the workbook.
    others: the sheets that are none of the template's, by their own names. merged: merged ranges by proper name, as
    first and last (row, column).
    """

    sheets: dict[str, Rows]
    titles: dict[str, str]
    others: dict[str, Rows]
    package: Package
    merged: Mapping[str, Merged] = field(default_factory=dict)

    def content(self, sheet: str) -> SheetCells:
        """All that was found of a sheet of the template, by its proper name."""
        return self.package.sheets[self.titles[sheet]]

    @property
    def states(self) -> Mapping[str, str]:
        """Whether each sheet is visible, hidden or veryHidden, by its name."""
        return self.package.states


def _sheets_to_read(titles: Sequence[str]) -> Collection[str]:
    """Beside all sheets that are filled the instructions are what they are called, and need not be read."""
    if {fold(title) for title in titles} >= _WANTED.keys():
        return [title for title in titles if fold(title) != COVER]
    return titles


def read_cells(data: bytes, limits: Limits) -> Cells:
    """The cells of a workbook of any kind that is read. Raises RefusalError where it cannot be read."""
    package = read_package(data, limits, _sheets_to_read)
    cells = Cells({}, {}, {}, package)
    merged: dict[str, Merged] = {}
    for title in package.states:
        content = package.sheets.get(title)
        proper = _WANTED.get(fold(title))
        if content is None or proper is None or proper in cells.sheets:
            cells.others[title] = content.rows if content else ()
            continue
        cells.sheets[proper], cells.titles[proper] = content.rows, title
        merged[proper] = content.merged if len(content.merged) <= _MOST_MERGED else ()
    if not package.states:
        raise RefusalError("工作簿里没有工作表", RESEND, "F104")
    cells.merged = merged
    return cells
