"""Where the blocks of the template stand in a sheet: by their hidden keys, else by what can be read.

All marks of a sheet stand in one column; an `@` that a department wrote elsewhere is text.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.intake.marks import Mark, is_larger, marks_among, marks_in
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.blocks import NAME_COLUMNS
from perfxl.layout.fields import FieldId
from perfxl.layout.grid import END_MARK, MARK
from perfxl.text import fold, is_blank
from perfxl.workbook.sheet_cells import Raw, Rows

KEY_COLUMNS = 6
"""The hidden key column is looked for in the first columns: someone may have inserted one before it."""
NO_COLUMN = -1
NOWHERE = 1 << 20
"""Beyond the last column of any sheet."""
TOTAL_LABEL = "合计"
KNOWN = 50
"""Arrangements of keys that are remembered for each sheet of the template."""
LONGEST_ALONE = 20
"""A longer text that stands alone in a row of a table is a note below it."""


@dataclass(slots=True)
class FieldPlaces:
    """Where the fields of a form stand in a sheet.

    cells, results: name and place, of the fields and of the template's own formulas. missing: fields without a place.
    twice: row keys that stand in more than one row. by_label: sheet and what was found by its label only. names: where
    the visible names of the rows that were found by their keys should stand; what does stand there differs from
    workbook to workbook and belongs to none. rows: line key, row and region of each of those rows.
    """

    cells: list[tuple[FieldId, Place]] = field(default_factory=list)
    results: list[tuple[FieldId, Place]] = field(default_factory=list)
    missing: list[FieldId] = field(default_factory=list)
    twice: list[Twice] = field(default_factory=list)
    by_label: list[tuple[str, str]] = field(default_factory=list)
    names: list[RowName] = field(default_factory=list)
    rows: dict[str, tuple[int, Region]] = field(default_factory=dict)


class RowName(NamedTuple):
    """Where the name of a line should stand, and as what. col: NOWHERE where that cannot be told."""

    row: int
    col: int
    text: str
    line: Line


class Twice(NamedTuple):
    """A row key that stands a second time: the row that is read, the other one, and the columns of both to compare."""

    first: int
    place: Place
    columns: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Region:
    """The rows of a block: below its key row (or its headings, where that is gone) up to the next block.

    key_col: column of the row keys, NO_COLUMN where they are gone. columns: column number of each input column.
    formulas: of each column of the template's own formulas. by_label: what was found by its visible label for want of
    a key, as labels. names: columns of the names of its rows. keys_twice: column keys that stand in the key row again,
    with the later column.
    """

    key_col: int
    first_row: int
    end_row: int
    columns: Mapping[str, int]
    by_label: Sequence[str]
    formulas: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    keys_twice: Sequence[tuple[str, int]] = ()


class Memory(NamedTuple):
    """What was worked out of the blocks of a sheet, by block, for the next sheet whose keys stand in the same places.

    plans: of forms in which every field was found by the keys alone. headings: rows of headings that fit their keys.
    """

    plans: dict[str, FieldPlaces]
    headings: dict[str, Sequence[Raw]]


def cell_at(row: Sequence[Raw], col: int) -> Raw:
    """A cell of a row that may be shorter."""
    return row[col] if 0 <= col < len(row) else None


def text_at(row: Sequence[Raw], col: int) -> str:
    """A cell as folded text, empty where it is none."""
    cell = cell_at(row, col)
    return fold(cell) if isinstance(cell, str) else ""


def has_marks(rows: Rows) -> bool:
    """Whether a sheet may hold blocks of the template at all."""
    return any(isinstance(cell, str) and MARK in cell[:3] for row in rows for cell in row[:KEY_COLUMNS])


def regions_of(rows: Rows, layout: Layout, sheet: str) -> tuple[dict[str, Region], Sequence[Mark], Memory]:
    """The regions of a sheet by their marks, the marks of blocks that are none of these, and what is known of them.

    In thousands of workbooks the keys stand where the template has them: to remember what follows from them takes a
    fifth off the time of reading a workbook.
    """
    known = layout.once(_known_in, sheet)
    keys = tuple([row[0] if row else None for row in rows])
    found = known.get(keys)
    if found is not None and found.holds(rows):
        return dict(found.regions), found.spare, found.memory
    blocks = layout.sheet_blocks(sheet)
    regions = find_regions(rows, blocks)
    spare = _spare_marks(rows, layout, sheet, regions)
    memory = Memory({}, {})
    by_keys = len(regions) == len(blocks) and not any(item.key_col or item.by_label for item in regions.values())
    if by_keys and not is_larger(rows, layout, sheet):
        if len(known) >= KNOWN:
            known.clear()
        key_rows = {item.first_row - 1: tuple(rows[item.first_row - 1]) for item in regions.values()}
        known[keys] = _Known(dict(regions), spare, key_rows, memory)
    return regions, spare, memory


def _known_in(layout: Layout, sheet: str) -> dict[Hashable, _Known]:
    """What is known of a sheet, by its first column: filled as workbooks come."""
    return {}


def _spare_marks(rows: Rows, layout: Layout, sheet: str, regions: Mapping[str, Region]) -> list[Mark]:
    if not regions:
        return marks_in(rows, layout)
    read = {Mark(key, region.first_row - 1, region.key_col) for key, region in regions.items()}
    key_col, key_rows = next(iter(read)).col, {mark.row for mark in read}
    return [mark for mark in marks_among(rows, layout, sheet, key_col, key_rows) if mark not in read]


class _Known(NamedTuple):
    """The regions that follow from a first column of keys and from the key rows."""

    regions: Mapping[str, Region]
    spare: Sequence[Mark]
    key_rows: Mapping[int, tuple[Raw, ...]]
    memory: Memory

    def holds(self, rows: Rows) -> bool:
        """Whether the key rows are the same and as wide, and no mark stands before them in another column."""
        above = rows[: min(self.key_rows)]
        return all(tuple(rows[number]) == row for number, row in self.key_rows.items()) and not has_marks(above)


def find_regions(rows: Rows, blocks: Sequence[Block]) -> dict[str, Region]:
    """The regions of the blocks whose mark is there. The first of two with one mark counts."""
    known = {MARK + block.key for block in blocks}
    marks: list[tuple[str, int]] = []
    key_col = NO_COLUMN
    for number, row in enumerate(rows):
        for col in range(KEY_COLUMNS) if key_col < 0 else (key_col,):
            cell = row[col] if col < len(row) else None
            if not isinstance(cell, str) or MARK not in cell[:3]:
                continue
            text = fold(cell)
            if text in known or (text == END_MARK and key_col >= 0):
                key_col = col
                marks.append((text.removeprefix(MARK), number))
                break
    regions: dict[str, Region] = {}
    if not marks:
        return regions
    by_key = {block.key: block for block in blocks}
    for (key, number), following in zip(marks, [*marks[1:], ("", len(rows))], strict=True):
        if key in by_key and key not in regions:
            regions[key] = _region(rows, by_key[key], number, key_col, following[1])
    return regions


def _region(rows: Rows, block: Block, number: int, key_col: int, end: int) -> Region:
    """The region below a key row."""
    keys, again = _keys_in(rows[number], key_col)
    columns, by_label = _columns(rows, block, number, keys)
    own = {item.key: item.role for item in block.columns}
    formulas = {key: keys[key] for key, role in own.items() if role == "formula" and key in keys}
    names = {key: keys[key] for key in NAME_COLUMNS if own.get(key) == "label" and key in keys}
    twice = [(key, col) for key, col in again if key in own]
    return Region(key_col, number + 1, end, columns, by_label, formulas, names, twice)


def _keys_in(row: Sequence[Raw], key_col: int) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Column numbers by the keys in a key row, the first of two with one key; and the others."""
    by_key: dict[str, int] = {}
    again: list[tuple[str, int]] = []
    is_copy = False
    for col, cell in enumerate(row):
        if cell and col != key_col and isinstance(cell, str) and (key := fold(cell)):
            # Behind another mark stands a copy of the whole block, which is told as that.
            is_copy = is_copy or key.startswith(MARK)
            if by_key.setdefault(key, col) != col and not is_copy:
                again.append((key, col))
    return by_key, again


def _columns(rows: Rows, block: Block, key_row: int, by_key: dict[str, int]) -> tuple[dict[str, int], list[str]]:
    """Columns by their keys in the key row; one whose key is gone by its heading in the row below."""
    inputs = block.inputs()
    if all(column.key in by_key for column in inputs):
        return {column.key: by_key[column.key] for column in inputs}, []
    headings = heading_columns(rows[key_row + 1], block) if key_row + 1 < len(rows) else {}
    columns: dict[str, int] = {}
    by_label: list[str] = []
    for column in inputs:
        if column.key in by_key:
            columns[column.key] = by_key[column.key]
        elif column.key in headings and headings[column.key] not in by_key.values():
            columns[column.key] = headings[column.key]
            by_label.append(column.label)
    return columns, by_label


def heading_columns(row: Sequence[Raw], block: Block) -> dict[str, int]:
    """Columns of a heading row by the keys of their labels."""
    labels = {fold(column.label): column.key for column in block.columns}
    found: dict[str, int] = {}
    for col, cell in enumerate(row):
        key = labels.get(fold(cell)) if isinstance(cell, str) else None
        if key is not None:
            found.setdefault(key, col)
    return found


def find_by_label(rows: Rows, block: Block, taken: Iterable[Region]) -> Region | None:
    """A block whose key row is gone, by its headings: those of all its input columns, and for a form a label below."""
    taken_rows = {number for region in taken for number in range(region.first_row, region.end_row)}
    wanted = {column.key for column in block.inputs()}
    for number, row in enumerate(rows):
        if number in taken_rows:
            continue
        columns = heading_columns(row, block)
        if not wanted <= columns.keys():
            continue
        end = _end_of(rows, block, number + 1)
        region = Region(NO_COLUMN, number + 1, end, {key: columns[key] for key in wanted}, [f"“{block.title}”整块"])
        if block.open or row_by_label(rows, region, block, block.lines[0]) is not None:
            return region
    return None


def _end_of(rows: Rows, block: Block, first: int) -> int:
    """The rows up to the next headings of the same kind, or to the end mark, total or closing note of an open table."""
    if block.open:
        columns = heading_columns(rows[first - 1], block)
        inputs = [columns[column.key] for column in block.inputs()]
        return next((number for number in range(first, len(rows)) if _closes(rows[number], inputs)), len(rows))
    for number in range(first, len(rows)):
        if len(heading_columns(rows[number], block)) > 1:
            return number
    return len(rows)


def _closes(row: Sequence[Raw], inputs: Sequence[int]) -> bool:
    """Whether a row ends an open table that has lost its keys."""
    if END_MARK in (text_at(row, col) for col in range(KEY_COLUMNS)) or text_at(row, inputs[0]) == TOTAL_LABEL:
        return True
    filled = [col for col in inputs if not is_blank(cell_at(row, col))]
    return filled == inputs[:1] and len(text_at(row, inputs[0])) > LONGEST_ALONE


def row_by_label(rows: Rows, region: Region, block: Block, line: Line) -> int | None:
    """The row of a line by its visible label; None where no row or more than one has it."""
    wanted = {fold(text) for text in (*_names(block, line.labels), *_former(line))}
    inputs = set(region.columns.values())
    found = [
        number
        for number in range(region.first_row, region.end_row)
        if any(text_at(rows[number], col) in wanted for col in range(len(rows[number])) if col not in inputs)
    ]
    return found[0] if len(found) == 1 else None


def _former(line: Line) -> list[str]:
    """The labels of a line in templates that were handed out before it was renamed."""
    return [spec.former for spec in line.specs.values() if spec.former]


def _names(block: Block, labels: Mapping[str, str]) -> list[str]:
    """The labels that name one line only (not its level, unit or hint)."""
    return [
        text for key, text in labels.items() if text and sum(line.labels.get(key) == text for line in block.lines) == 1
    ]
