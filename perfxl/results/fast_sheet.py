"""A worksheet and formats that cost a third of XlsxWriter's own: all that knows its inner workings stands here.

A run writes a workbook for each department, so the time per cell counts. Cells go into XlsxWriter's table without its
checks of the arguments, rows are put together as one text, and a format is made once in a process and copied into each
workbook. What comes out is what XlsxWriter writes (`tests/test_results_fast_sheet.py` compares the two).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import (
    CellArrayFormulaTuple,
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)

POINTS_OF_A_PIXEL = 0.75
_SPECIAL = re.compile("[&<>]")


class FastSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose cells are written by their type. Rows and columns count from 0 and are not checked."""

    def text(self, row: int, column: int, text: str, form: Format) -> None:
        """Writes a text of at most 32,767 units, without control characters."""
        self.table[row][column] = CellStringTuple(self.str_table._get_shared_string_index(text), form)

    def number(self, row: int, column: int, number: float, form: Format) -> None:
        """Writes a number; NaN and infinities are refused."""
        if number - number != 0:
            raise ValueError(f"{number} is no number for a cell")
        self.table[row][column] = CellNumberTuple(number, form)

    def blank(self, row: int, column: int, form: Format) -> None:
        """Writes an empty cell with its format."""
        self.table[row][column] = CellBlankTuple(form)

    def formula(self, row: int, column: int, formula: str, form: Format, value: float | str) -> None:
        """Writes a formula, which starts with "=", with its value. Functions newer than Excel 2010 are not known."""
        self.table[row][column] = CellFormulaTuple(formula[1:], form, value)

    def array_formula(self, row: int, column: int, formula: str, form: Format, value: float | str) -> None:
        """Writes an array formula of one cell."""
        place = f"{xl_col_to_name(column)}{row + 1}"
        self.table[row][column] = CellArrayFormulaTuple(formula[1:], form, value, f"{place}:{place}", "static")

    def merge(self, row: int, column: int, last_row: int, last_column: int, form: Format) -> None:
        """Merges a rectangle and gives all of it the format. Raises ValueError where it meets another."""
        merged = self.merged_cells
        blank = CellBlankTuple(form)
        for each_row in range(row, last_row + 1):
            cells = self.table[each_row]
            for each_column in range(column, last_column + 1):
                if (each_row, each_column) in merged:
                    raise ValueError(f"{self.name}: merged cells overlap in row {each_row + 1}")
                merged[each_row, each_column] = True
                cells[each_column] = blank
        self.merge_ranges.append([row, column, last_row, last_column])

    @property
    def merge_ranges(self) -> list[list[int]]:
        """The merged rectangles, as XlsxWriter keeps them."""
        return self.__dict__["merge"]  # type: ignore[no-any-return]
