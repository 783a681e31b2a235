"""The cells that every program must write: those of perfxl's own result workbooks.

Only cells with content count, formulas as their values: the baselines are spared the empty cells with borders, the
formulas, links, charts and rules of the real workbooks.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook

Value = str | float
DEPARTMENTS = "部门结果"
SAMPLE = 40


@dataclass(frozen=True)
class Book:
    """A workbook: each sheet's name and its cells as (row, column, value), from 0."""

    sheets: tuple[tuple[str, tuple[tuple[int, int, Value], ...]], ...]

    @property
    def count(self) -> int:
        """How many cells."""
        return sum(len(cells) for _, cells in self.sheets)


@dataclass(frozen=True)
class Wanted:
    """What a run must write: the summary, and the workbooks of some departments, taken in turn for all of them."""

    summary: Book
    departments: tuple[Book, ...]


def read_book(path: Path) -> Book:
    """The cells of a workbook."""
    workbook = CalamineWorkbook.from_path(path)
    sheets = []
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = tuple(
            (number, column, _plain(value))
            for number, row in enumerate(rows)
            for column, value in enumerate(row)
            if value != ""
        )
        sheets.append((name, cells))
    return Book(tuple(sheets))


def _plain(value: object) -> Value:
    if isinstance(value, bool | int | float):
        return float(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def keep_wanted(output: Path, path: Path) -> Wanted:
    """Takes the cells from the results of a run and keeps them in a file for the baselines."""
    summary = next(item for item in output.glob("*.xlsx"))
    books = sorted((output / DEPARTMENTS).glob("*.xlsx"))[:SAMPLE]
    wanted = Wanted(read_book(summary), tuple(map(read_book, books)))
    path.write_bytes(pickle.dumps(wanted))
    return wanted


def load_wanted(path: str | Path) -> Wanted:
    """What `keep_wanted` kept."""
    wanted = pickle.loads(Path(path).read_bytes())
    assert isinstance(wanted, Wanted)
    return wanted
