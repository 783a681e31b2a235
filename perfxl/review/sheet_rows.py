"""The rows of one sheet of a review workbook, wherever they were moved: each with its key and the columns it has.

By the hidden keys first. What lost them (a deleted key column, a row typed anew) is found by headings and by the code
in the column of codes: see `perfxl.review.layout`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import half_up
from perfxl.review.layout import (
    ACCEPTED,
    CODE,
    COLUMNS,
    HEAD_BLOCK,
    HEAD_HEADINGS,
    SCORE,
    TABLE_BLOCK,
    Target,
    indicator_row,
    row_in,
)
from perfxl.submission.numbers import number_in
from perfxl.submission.values import as_written
from perfxl.text import fold, fold_all, is_blank
from perfxl.workbook.sheet_cells import Raw, Rows

_KEY = re.compile(r"d\d+(?:/.+)?")
Columns = Mapping[str, int]
_HEADINGS = {fold_all(column.heading): column.key for column in COLUMNS}
_HEAD_HEADINGS = {fold_all(text): key for key, text in HEAD_HEADINGS.items()}


@dataclass(frozen=True)
class SheetRow:
    """A row that says something. number: from 0. key: `d1` or `d1/A11`. columns: where its columns stand, by key."""

    number: int
    key: str
    columns: Columns
    cells: Sequence[Raw]

    def cell(self, col: int | None) -> Raw:
        """The content of a column, None where there is none."""
        return self.cells[col] if col is not None and col < len(self.cells) else None


def rows_of(rows: Rows, targets: Mapping[str, Target], sheet: str) -> Iterator[SheetRow]:
    """The rows of a sheet that speak of a department or an indicator. sheet: its name, which tells only at last."""
    keys = [_key(row) for row in rows]
    heads, below = _columns(rows, keys, HEAD_BLOCK, _HEAD_HEADINGS)
    tables, _ = _columns(rows, keys, TABLE_BLOCK, _HEADINGS)
    if not tables:
        return
    known = Counter(own for key in keys if (own := row_in(key)[0]) in targets)
    owner = known.most_common(1)[0][0] if known else _by_name(rows, targets, sheet, tables)
    for number, (key, row) in enumerate(zip(keys, rows, strict=True)):
        if key.startswith("@"):
            continue
        if key:
            own, code = row_in(key)
            if code or own in targets:
                yield SheetRow(number, key, tables if code else heads, row)
        elif owner and (code := _code(row, tables, targets[owner])):
            yield SheetRow(number, indicator_row(owner, code), tables, row)
        elif owner and number == below and owner not in keys:
            yield SheetRow(number, owner, heads, row)


def _key(row: Sequence[Raw]) -> str:
    """What stands in the column of keys; empty where it is none: without that column another one stands there."""
    cell = row[0] if row else None
    text = fold(cell) if isinstance(cell, str) else ""
    return text if text.startswith("@") or _KEY.fullmatch(text) else ""


def _columns(
    rows: Rows, keys: Sequence[str], block: str, headings: Mapping[str, str]
) -> tuple[dict[str, int], int | None]:
    """Where the columns of a block stand: by the hidden keys above it, else by its headings; then the row below too."""
    number = next((number for number, key in enumerate(keys) if key == block), None)
    if number is not None:
        found: dict[str, int] = {}
        for col, cell in enumerate(rows[number]):
            if col and isinstance(cell, str) and fold(cell) in headings.values():
                found.setdefault(fold(cell), col)
        if SCORE in found or block == HEAD_BLOCK:
            return found, None
    best: dict[str, int] = {}
    below = None
    for number, row in enumerate(rows):
        texts = {fold_all(cell): col for col, cell in reversed(list(enumerate(row))) if isinstance(cell, str)}
        found = {headings[text]: col for text, col in texts.items() if text in headings}
        if len(found) > len(best):
            best, below = found, number + 1
    return (best, below) if block == HEAD_BLOCK or {SCORE, CODE} <= best.keys() else ({}, None)


def _code(row: Sequence[Raw], columns: Columns, target: Target) -> str:
    col = columns.get(CODE)
    cell = row[col] if col is not None and col < len(row) else None
    text = "" if is_blank(cell) else fold(as_written(cell))
    return text if text in target.judged else ""


def _by_name(rows: Rows, targets: Mapping[str, Target], sheet: str, columns: Columns) -> str:
    """The department of a sheet without any key: that of its name, where what it shows is that department's."""
    for key, target in targets.items():
        if fold(target.sheet) == fold(sheet):
            pairs = [(code, row) for row in rows if (code := _code(row, columns, target))]
            same = all(_accepted(row, columns) == half_up(target.judged[code].accepted) for code, row in pairs)
            return key if pairs and same and ACCEPTED in columns else ""
    return ""


def _accepted(row: Sequence[Raw], columns: Columns) -> Decimal | None:
    col = columns.get(ACCEPTED)
    cell = row[col] if col is not None and col < len(row) else None
    number = None if is_blank(cell) else number_in(as_written(cell))
    return None if number is None or abs(number) > 10**9 else half_up(number)
