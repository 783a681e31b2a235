"""The cells of a workbook, sorted by the sheets of the template that it was made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from perfxl.intake.known_lists import refuse_marked
from perfxl.intake.named_scheme import layout_named, meta_of
from perfxl.intake.objections import take_objections
from perfxl.layout import Layout
from perfxl.layout.sheets import REVIEW
from perfxl.layout.template_layout import COVER, META
from perfxl.text import fold
from perfxl.workbook.container import RESEND
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.package import Package, read_package
from perfxl.workbook.sheet_cells import Rows, SheetCells

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
_MOST_MERGED = 2_000


@dataclass(slots=True)
class Cells:
    """The rows of a workbook's sheets, counted from A1.

    layout: of the scheme that the workbook names. meta: what its hidden sheet says. sheets: the template's, by their
    proper names. titles: the name of each of them as it stands in the workbook.
    others: the sheets that are none of the template's, by their own names. merged: merged ranges by proper name, as
    first and last (row, column). review: the rows of 审核意见, which a copy to be mended has.
    """

    layout: Layout
    meta: Mapping[str, str]
    sheets: dict[str, Rows]
    titles: dict[str, str]
    others: dict[str, Rows]
    package: Package
    merged: Mapping[str, Merged] = field(default_factory=dict)
    review: Rows = ()

    def content(self, sheet: str) -> SheetCells:
        """All that was found of a sheet of the template, by its proper name."""
        return self.package.sheets[self.titles[sheet]]

    @property
    def states(self) -> Mapping[str, str]:
        """Whether each sheet is visible, hidden or veryHidden, by its name."""
        return self.package.states


def _wanted(layout: Layout) -> Mapping[str, str]:
    """The sheets to be read, by their folded names."""
    return {fold(name): name for name in (*layout.sheets, META)}


def _sheets_to_read(layouts: Sequence[Layout], titles: Sequence[str]) -> Collection[str]:
    """Beside all sheets that are filled the instructions are what they are called, and need not be read."""
    folded = {fold(title) for title in titles}
    if any(folded >= layout.once(_wanted).keys() for layout in layouts):
        return [title for title in titles if fold(title) != COVER]
    return titles


def _rows_of(package: Package, title: str) -> Rows:
    content = package.sheets.get(title)
    return content.rows if content else ()


def read_cells(data: bytes, layouts: Sequence[Layout], limits: Limits) -> Cells:
    """The cells of a workbook of any kind that is read, by the layout among these whose scheme it names.

    Raises RefusalError where it cannot be read, or names another scheme; ResultBookError where it is a result workbook.
    """
    package = read_package(data, limits, partial(_sheets_to_read, layouts))
    refuse_marked(list(package.states), lambda title: _rows_of(package, title))
    take_objections(list(package.states), lambda title: _rows_of(package, title))
    meta = meta_of(package)
    layout = layout_named(meta, layouts)
    cells, wanted = Cells(layout, meta, {}, {}, {}, package), layout.once(_wanted)
    merged: dict[str, Merged] = {}
    for title in package.states:
        content = package.sheets.get(title)
        if content is not None and fold(title) == REVIEW:
            cells.review = content.rows
        proper = wanted.get(fold(title))
        if content is None or proper is None or proper in cells.sheets:
            cells.others[title] = content.rows if content else ()
            continue
        cells.sheets[proper], cells.titles[proper] = content.rows, title
        merged[proper] = content.merged if len(content.merged) <= _MOST_MERGED else ()
    if not package.states:
        raise RefusalError("工作簿里没有工作表", RESEND, "F104")
    cells.merged = merged
    return cells
