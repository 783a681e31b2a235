"""The cells of a workbook, sorted by the template's sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from perfxl.intake.container import RESEND
from perfxl.intake.limits import Limits, RefusalError
from perfxl.intake.package import Package, inspect
from perfxl.intake.sheet_cells import Rows, SheetCells
from perfxl.layout.template_layout import FILLED_SHEETS, META
from perfxl.submission.numbers import fold

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


def read_cells(data: bytes, limits: Limits) -> Cells:
    """The cells of a workbook of any kind that is read. Raises RefusalError where it cannot be read."""
    package = inspect(data, limits)
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
