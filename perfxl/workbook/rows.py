"""All rows of a workbook as they are seen, for tables that are found by their headings (lists, schemes)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from perfxl.decimals import from_float
from perfxl.references import Position
from perfxl.workbook.limits import Limits
from perfxl.workbook.number_format import as_displayed
from perfxl.workbook.package import Choice, read_package
from perfxl.workbook.sheet_cells import Raw, SheetCells

Grid = list[list[Raw]]


@dataclass(frozen=True)
class SeenSheet:
    """The rows of a sheet, and what their values do not tell; positions are (row, column) counted from 0.

    errors: cells with an error value, or with a formula without a result. percents: numbers shown as percentages.
    """

    rows: Grid
    errors: frozenset[Position] = frozenset()
    percents: frozenset[Position] = frozenset()


def read_seen(data: bytes, limits: Limits, choose: Choice = lambda names: names) -> dict[str, SeenSheet]:
    """The sheets of a workbook by their names, in their order; those that are not chosen, or are blank, without rows.

    choose: which sheets are read. Raises RefusalError where the workbook cannot be read.
    """
    package = read_package(data, limits, choose)
    return {
        title: _seen(package.sheets[title]) if title in package.sheets else SeenSheet([]) for title in package.states
    }


def _seen(sheet: SheetCells) -> SeenSheet:
    percents = frozenset(place for place, look in sheet.looks.items() if "%" in look.code)
    return SeenSheet(_as_seen(sheet), frozenset(sheet.errors | sheet.uncalculated), percents)


def read_rows(data: bytes, limits: Limits) -> dict[str, Grid]:
    """The rows of every sheet by its name, all of one length, in their order; none for a sheet without cells.

    A code that a format shows with zeros in front has them. Raises RefusalError where the workbook cannot be read.
    """
    package = read_package(data, limits)
    return {title: _as_seen(package.sheets[title]) if title in package.sheets else [] for title in package.states}


def _as_seen(sheet: SheetCells) -> Grid:
    rows = sheet.rows
    for (row, col), look in sheet.looks.items():
        content = rows[row][col]
        if isinstance(content, float) and not look.date and _has_zeros_in_front(look.code):
            rows[row][col] = as_displayed(from_float(content), look.code).text or content
    width = max(map(len, rows), default=0)
    return [[_day(cell) for cell in row] + [None] * (width - len(row)) for row in rows]


def _day(content: Raw) -> Raw:
    """A date without a time of day as what it is."""
    return content.date() if isinstance(content, datetime) and content.time() == time() else content


def _has_zeros_in_front(code: str) -> bool:
    """Whether a format is one of codes and not of numbers: `000000`."""
    return len(code) > 1 and not code.strip("0")
