"""Finds the fields of the layout in the rows of a workbook, by the keys in its hidden column and rows.

Rows and columns may have been moved, inserted, sorted or relabelled: only the keys count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from perfxl.intake.cells import Cells, Rows
from perfxl.layout import Block, Layout, Place
from perfxl.layout.fields import FieldId
from perfxl.layout.grid import END_MARK, MARK
from perfxl.layout.template_layout import FILLED_SHEETS, META, field_id
from perfxl.submission.numbers import fold
from perfxl.submission.values import Raw

KEY_COLUMNS = 6
"""The hidden key column is looked for in the first columns: someone may have inserted one before it."""


@dataclass(slots=True)
class Located:
    """The cell of every field that was found.

    missing_sheets: proper names. missing_blocks: blocks whose key row is gone. missing: fields without a cell. twice:
    row keys that stand in more than one row, with the later place.
    """

    cells: dict[FieldId, tuple[Place, Raw]] = field(default_factory=dict)
    missing_sheets: list[str] = field(default_factory=list)
    missing_blocks: list[Block] = field(default_factory=list)
    missing: list[FieldId] = field(default_factory=list)
    twice: list[tuple[str, Place]] = field(default_factory=list)


def meta_of(cells: Cells) -> dict[str, str]:
    """The key and value rows of the hidden `_meta` sheet."""
    rows = cells.sheets.get(META, ())
    return {
        str(row[0]): _whole(row[1]) for row in rows if len(row) > 1 and row[0] not in (None, "") and row[1] is not None
    }


def _whole(value: Raw) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def locate(cells: Cells, layout: Layout) -> Located:
    """Every field of the layout that can be told for certain, and what is missing."""
    found = Located()
    for sheet in FILLED_SHEETS:
        rows = cells.sheets.get(sheet)
        if rows is None:
            found.missing_sheets.append(sheet)
            continue
        blocks = layout.sheet_blocks(sheet)
        marks = _marks(rows, blocks)
        for block in blocks:
            if block.key not in marks:
                found.missing_blocks.append(block)
            elif block.open:
                _read_open(rows, block, marks[block.key], found)
            else:
                _read_form(rows, block, marks[block.key], found)
    return found


@dataclass(slots=True)
class _Region:
    """The rows of a block: those below its key row, up to the next one."""

    key_col: int
    key_row: int
    end_row: int


def _marks(rows: Rows, blocks: Sequence[Block]) -> dict[str, _Region]:
    """Where each block begins and ends, by block key. The first of two blocks with one key counts.

    All marks stand in one column; an `@` that a department wrote elsewhere is text.
    """
    known = {MARK + block.key for block in blocks}
    marks: list[tuple[str, int, int]] = []
    key_col = -1
    for number, row in enumerate(rows):
        for col in range(KEY_COLUMNS) if key_col < 0 else (key_col,):
            cell = _cell(row, col)
            if isinstance(cell, str) and (cell.strip() in known or (cell.strip() == END_MARK and key_col >= 0)):
                key_col = col
                marks.append((cell.strip().removeprefix(MARK), number, col))
                break
    regions: dict[str, _Region] = {}
    for (key, number, col), following in zip(marks, [*marks[1:], ("", len(rows), 0)], strict=True):
        regions.setdefault(key, _Region(col, number, following[1]))
    return regions


def _columns(rows: Rows, block: Block, region: _Region) -> dict[str, int]:
    """Column number of each input column that still has its key."""
    by_key: dict[str, int] = {}
    for col, cell in enumerate(rows[region.key_row]):
        if isinstance(cell, str) and col != region.key_col:
            by_key.setdefault(cell.strip(), col)
    return {column.key: by_key[column.key] for column in block.inputs() if column.key in by_key}


def _read_form(rows: Rows, block: Block, region: _Region, found: Located) -> None:
    columns = _columns(rows, block, region)
    row_of: dict[str, int] = {}
    for number in range(region.key_row + 1, region.end_row):
        key = _key(rows[number], region.key_col)
        if key in row_of:
            found.twice.append((key, Place(block.sheet, number, region.key_col)))
        elif key:
            row_of[key] = number
    for line in block.lines:
        number = row_of.get(line.key, -1)
        for key in line.specs:
            name = field_id(block, line.key, key)
            if number < 0 or key not in columns:
                found.missing.append(name)
                continue
            found.cells[name] = (Place(block.sheet, number, columns[key]), _cell(rows[number], columns[key]))


def _read_open(rows: Rows, block: Block, region: _Region, found: Located) -> None:
    columns = _columns(rows, block, region)
    found.missing.extend((block.table, "1", key) for key in block.lines[0].specs if key not in columns)
    for ordinal, number in enumerate(_filled_rows(rows, block, region, columns), 1):
        for key, col in columns.items():
            place = Place(block.sheet, number, col)
            found.cells[block.table, str(ordinal), key] = (place, _cell(rows[number], col))


def _filled_rows(rows: Rows, block: Block, region: _Region, columns: dict[str, int]) -> Iterator[int]:
    """Rows of an open table in which anything is filled, whether they still have a key or not."""
    headings = {fold(column.label) for column in block.columns}
    for number in range(region.key_row + 1, region.end_row):
        texts = [fold(str(cell)) for col in columns.values() if (cell := _cell(rows[number], col)) not in (None, "")]
        filled = [text for text in texts if text]
        is_heading = len(filled) > 1 and headings.issuperset(filled)
        if filled and not is_heading:
            yield number


def _key(row: Sequence[Raw], col: int) -> str:
    cell = _cell(row, col)
    return cell.strip() if isinstance(cell, str) else ""


def _cell(row: Sequence[Raw], col: int) -> Raw:
    return row[col] if col < len(row) else None
