"""The one place of a workbook that holds names as texts, for formulas that show them.

LibreOffice does not wrap the text of a link, but what a formula comes to; and no text of a user stands in a formula.
The cells are in hidden columns beside the first sheet, which nobody sorts: in a list rows are moved and deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import ceil
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from perfxl.results.names import quoted

WIDE = 2_000
"""Names side by side in the row of the title, since each column takes room of its own; more than these stand below."""


class NameCells:
    """The cells of a workbook. sheet: the one beside which they stand. widths: of its columns, set before."""

    def __init__(self, sheet: Any, widths: Sequence[float], style: Any) -> None:
        self._sheet, self._widths, self._style = sheet, widths, style
        self._numbers: dict[str, int] = {}  # by the name

    def cell(self, name: str) -> str:
        """The cell of a name, as a formula on any sheet writes it."""
        row, behind = divmod(self._numbers.setdefault(name, len(self._numbers)), WIDE)
        column = len(self._widths) + behind
        return f"{quoted(self._sheet.get_name())}!${xl_col_to_name(column)}${row + 1}"

    def write(self) -> None:
        """Writes the cells and hides their columns, once all names are known."""
        names = iter(self._numbers)
        for row in range(ceil(len(self._numbers) / WIDE)):
            texts = list(islice(names, WIDE))
            self._sheet.texts_behind(row, len(self._widths), texts, self._style)
        self._sheet.widths((*self._widths, *[0.0] * min(len(self._numbers), WIDE)))
