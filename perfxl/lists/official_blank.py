"""Whether a list of official values has any yet."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.intake.known_lists import HEADING_ROWS
from perfxl.layout.grid import MARK as KEY_SIGN
from perfxl.layout.list_marks import LIST_SHEET
from perfxl.lists.opened import OpenList
from perfxl.text import fold, is_blank


def is_blank_official(opened: OpenList) -> bool:
    """Whether a list has no value yet: the departments whose rows stand there from the start are none."""
    return not any(_says(sheet.rows) for title, sheet in opened.sheets.items() if fold(title) != LIST_SHEET)


def _says(rows: Sequence[Sequence[object]]) -> bool:
    keyed = next((at for at, row in enumerate(rows[:HEADING_ROWS]) if f"{KEY_SIGN}name" in row), None)
    # Below the keys stand the headings of groups and of columns.
    near = range(min(HEADING_ROWS, len(rows))) if keyed is None else range(keyed + 1, min(keyed + 3, len(rows)))
    head = max(near, key=lambda at: sum(not is_blank(cell) for cell in rows[at]), default=len(rows))
    given = {f"{KEY_SIGN}{key}" for key in ("code", "name", "project")}
    asked = None if keyed is None else {at for at, cell in enumerate(rows[keyed]) if cell not in given}
    return any(
        not is_blank(cell) for row in rows[head + 1 :] for at, cell in enumerate(row) if asked is None or at in asked
    )
