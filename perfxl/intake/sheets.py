"""Which sheets of a workbook are read for those of the template: the visible one, under its name, else by its marks."""

from __future__ import annotations

from perfxl.intake.cells import Cells
from perfxl.intake.regions import find_regions, has_marks
from perfxl.text import fold_all

_ENDING = " ()[]_-.0123456789"
"""What Excel, or a person, puts behind the name of a sheet that is there twice."""


def choose_sheets(cells: Cells) -> list[tuple[str, str]]:
    """Lets `cells.sheets` be what a person sees; proper name and name of those known by their marks only."""
    for sheet in cells.layout.sheets:
        title = cells.titles.get(sheet)
        if title is None or _is_visible(cells, title):
            continue
        near = [name for name in cells.others if _is_near(name, sheet) and _is_visible(cells, name)]
        if near:
            chosen = next((name for name in near if has_marks(cells.others[name])), near[0])
            cells.others[title] = cells.sheets[sheet]
            _read(cells, sheet, chosen)
    return [(sheet, name) for sheet in cells.layout.sheets if (name := _adopted(cells, sheet))]


def _adopted(cells: Cells, sheet: str) -> str:
    """The name of the sheet that is read for one that is not there, as its marks say; empty where there is none."""
    if sheet in cells.sheets:
        return ""
    marked = [name for name, rows in cells.others.items() if find_regions(rows, cells.layout.sheet_blocks(sheet))]
    if not marked:
        return ""
    chosen = next((name for name in marked if _is_visible(cells, name)), marked[0])
    _read(cells, sheet, chosen)
    return chosen


def _read(cells: Cells, sheet: str, name: str) -> None:
    cells.sheets[sheet], cells.titles[sheet] = cells.others.pop(name), name
    # The merged ranges that are known are those of the sheet that had its name.
    cells.merged = {known: ranges for known, ranges in cells.merged.items() if known != sheet}


def hidden_doubles(cells: Cells) -> list[tuple[str, str]]:
    """Hidden sheets whose names could be that of a visible sheet that is read: its proper name, and theirs."""
    hidden = [name for name in cells.others if not _is_visible(cells, name)]
    return [
        (sheet, name)
        for name in hidden
        for sheet, title in cells.titles.items()
        if sheet in cells.layout.sheets and _is_near(name, sheet) and _is_visible(cells, title)
    ]


def _is_visible(cells: Cells, title: str) -> bool:
    states = cells.states
    return states.get(title, "visible") == "visible"


def _is_near(name: str, sheet: str) -> bool:
    """Whether a name differs from a sheet's in what people overlook: width, case, spaces, a number behind it."""
    own, its = fold_all(sheet), fold_all(name)
    return its.startswith(own) and not its[len(own) :].strip(_ENDING)
