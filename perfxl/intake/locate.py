"""Finds the fields of the layout in the rows of a workbook.

Rows and columns may have been moved, inserted, sorted or relabelled, sheets renamed: only the hidden keys count. Where
a key is gone, what its visible label tells for certain is read all the same, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from perfxl.intake.cells import Cells
from perfxl.intake.regions import (
    TOTAL_LABEL,
    Plan,
    Region,
    cell_at,
    find_by_label,
    find_regions,
    has_marks,
    regions_of,
    row_by_label,
    text_at,
)
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.fields import FieldId
from perfxl.layout.template_layout import FILLED_SHEETS, META, field_id
from perfxl.submission.numbers import fold
from perfxl.submission.values import is_empty
from perfxl.workbook.sheet_cells import Raw, Rows

COMPUTED, TOTAL = "computed", "total"
# The same places in every workbook that nobody moved anything in.
_place = lru_cache(maxsize=16_384)(Place)


@dataclass(slots=True)
class Located:
    """The cell of every field that was found, and what is odd about the workbook.

    cells: place and content. missing_sheets: proper names. missing_blocks: blocks that cannot be found. missing: fields
    without a cell. twice: row keys that stand in more than one row, with the later place. renamed: proper name and the
    name found. copies: proper name and the name of another sheet with the same marks. by_label: sheet and what was
    found by its label only. results: the template's own formulas that are compared with what perfxl computes, by table,
    row and column; the total of the self scores is ("scores", TOTAL, "self"). merged: fields whose value stands in the
    first cell of a merged range. below: open tables with rows filled below their end, and the first cell of those.
    """

    cells: dict[FieldId, tuple[Place, Raw]] = field(default_factory=dict)
    missing_sheets: list[str] = field(default_factory=list)
    missing_blocks: list[Block] = field(default_factory=list)
    missing: list[FieldId] = field(default_factory=list)
    twice: list[tuple[str, Place]] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    by_label: list[tuple[str, str]] = field(default_factory=list)
    results: dict[FieldId, tuple[Place, Raw]] = field(default_factory=dict)
    merged: set[FieldId] = field(default_factory=set)
    below: list[tuple[Block, Place]] = field(default_factory=list)


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
    marked = {name: rows for name, rows in cells.others.items() if has_marks(rows)}
    for sheet in FILLED_SHEETS:
        blocks = layout.sheet_blocks(sheet)
        if sheet not in cells.sheets:
            _adopt_renamed(cells, marked, sheet, blocks, found)
        rows = cells.sheets.get(sheet)
        if rows is None:
            found.missing_sheets.append(sheet)
            continue
        found.copies += [
            (sheet, name) for name, other in marked.items() if name in cells.others and find_regions(other, blocks)
        ]
        regions = regions_of(rows, layout, sheet)
        for block in blocks:
            region = regions.get(block.key) or find_by_label(rows, block, regions.values())
            if region is None:
                found.missing_blocks.append(block)
                continue
            regions[block.key] = region
            found.by_label += [(sheet, label) for label in region.by_label]
        for block in blocks:
            if block.key not in regions:
                continue
            if block.open:
                _read_open(cells, rows, block, regions[block.key], found)
            else:
                _read_form(rows, layout, block, regions, found)
    return found


def _adopt_renamed(
    cells: Cells, marked: Mapping[str, Rows], sheet: str, blocks: tuple[Block, ...], found: Located
) -> None:
    """A sheet under another name is known by its marks."""
    for name, rows in marked.items():
        if name in cells.others and find_regions(rows, blocks):
            cells.sheets[sheet], cells.titles[sheet] = rows, name
            del cells.others[name]
            found.renamed.append((sheet, name))
            return


def _read_form(rows: Rows, layout: Layout, block: Block, regions: Mapping[str, Region], found: Located) -> None:
    region = regions[block.key]
    plan = region.plan
    if plan is None:
        plan = _plan_of(rows, layout, block, regions)
        # What was found by the keys alone holds for every workbook with the same keys.
        if region.shared and not plan.missing and not plan.by_label:
            region.plan = plan
    found.missing += plan.missing
    found.twice += plan.twice
    found.by_label += plan.by_label
    for name, place in plan.cells:
        found.cells[name] = place, cell_at(rows[place.row], place.col)
    for name, place in plan.results:
        found.results[name] = place, cell_at(rows[place.row], place.col)
    _read_total(rows, block, region, found)


def _plan_of(rows: Rows, layout: Layout, block: Block, regions: Mapping[str, Region]) -> Plan:
    """Where the fields of a form stand."""
    own, sheet, plan = regions[block.key], block.sheet, Plan()
    row_of = _rows_by_key(rows, block, own, plan)
    for line, names in layout.once(("named", block.key), lambda: _named_fields(block)):
        at, region = row_of.get(line.key), own
        if at is None:
            at, region = _moved_row(rows, line.key, regions, own)
        if at is None:
            at = row_by_label(rows, region, block, line)
            if at is not None and region.key_col >= 0:
                label = line.labels.get("label") or line.labels.get("name") or line.key
                plan.by_label.append((sheet, f"“{label}”"))
        for key, name in names:
            col = region.columns.get(key)
            if at is None or col is None:
                plan.missing.append(name)
            else:
                plan.cells.append((name, Place(sheet, at, col)))
        if at is not None and COMPUTED in region.formulas:
            plan.results.append(_result_of(block, region, line.key, at))
    return plan


def _named_fields(block: Block) -> list[tuple[Line, list[tuple[str, FieldId]]]]:
    """The lines of a form, with the column key and the name of each of their fields."""
    return [(line, [(key, field_id(block, line.key, key)) for key in line.specs]) for line in block.lines]


def _rows_by_key(rows: Rows, block: Block, region: Region, plan: Plan) -> dict[str, int]:
    row_of: dict[str, int] = {}
    for number in range(region.first_row, region.end_row):
        key = text_at(rows[number], region.key_col)
        if key in row_of:
            plan.twice.append((key, Place(block.sheet, number, region.key_col)))
        elif key:
            row_of[key] = number
    return row_of


def _moved_row(rows: Rows, key: str, regions: Mapping[str, Region], own: Region) -> tuple[int | None, Region]:
    """A row that was moved into another block of the sheet is still known by its key, if only one has it."""
    places = [
        (number, region)
        for region in regions.values()
        if region is not own and own.columns.keys() <= region.columns.keys()
        for number in range(region.first_row, region.end_row)
        if text_at(rows[number], region.key_col) == key
    ]
    return places[0] if len(places) == 1 else (None, own)


def _result_of(block: Block, region: Region, key: str, row: int) -> tuple[FieldId, Place]:
    """Name and place of the computed score that the template shows in a row."""
    return (block.table, key, COMPUTED), _place(block.sheet, row, region.formulas[COMPUTED])


def _read_total(rows: Rows, block: Block, region: Region, found: Located) -> None:
    """The total of the self scores that the template shows below their table."""
    if block.table != "scores" or "self" not in region.columns:
        return
    col = region.columns["self"]
    for number in range(region.end_row - 1, region.first_row, -1):
        if TOTAL_LABEL in (text_at(rows[number], other) for other in range(len(rows[number]))):
            found.results["scores", TOTAL, "self"] = (Place(block.sheet, number, col), cell_at(rows[number], col))
            return


def _read_open(cells: Cells, rows: Rows, block: Block, region: Region, found: Located) -> None:
    specs = block.lines[0].specs
    found.missing.extend((block.table, "1", key) for key in specs if key not in region.columns)
    if (below := _filled_below(rows, block, region)) is not None:
        found.below.append((block, Place(block.sheet, *below)))
    words = {key for key, spec in specs.items() if spec.type == "choice"}
    for count, number in enumerate(_filled_rows(rows, block, region), 1):
        ordinal, row = str(count), rows[number]
        if COMPUTED in region.formulas:
            name, place = _result_of(block, region, ordinal, number)
            found.results[name] = place, cell_at(row, place.col)
        for key, col in region.columns.items():
            content, name = cell_at(row, col), (block.table, ordinal, key)
            if key in words and is_empty(content):
                above = _merged_into(cells, block.sheet, number, col)
                if above is not None:
                    content = cell_at(rows[above], col)
                    found.merged.add(name)
            found.cells[name] = (_place(block.sheet, number, col), content)


def _merged_into(cells: Cells, sheet: str, row: int, col: int) -> int | None:
    """The first row of the merged range that a cell lies in below its first row."""
    for (top, left), (bottom, right) in cells.merged.get(sheet, ()):
        if top < row <= bottom and left <= col <= right:
            return top
    return None


def _filled_rows(rows: Rows, block: Block, region: Region) -> Iterator[int]:
    """Rows of an open table in which anything is filled, whether they still have a key or not.

    Below a key row the first of them is the headings, however they are worded; elsewhere headings are known by words.
    """
    headings = {fold(column.label) for column in block.columns}
    may_be_headings = region.key_col >= 0
    columns = list(region.columns.values())
    for number in range(region.first_row, region.end_row):
        row = rows[number]
        width = len(row)
        contents = [row[col] for col in columns if col < width and row[col] != "" and not is_empty(row[col])]
        if not contents:
            continue
        is_heading = _are_headings(contents, headings)
        if may_be_headings:
            is_heading, may_be_headings = is_heading or not text_at(row, region.key_col), False
        if not is_heading:
            yield number


def _are_headings(contents: Sequence[Raw], headings: Set[str]) -> bool:
    """Whether these are headings of a table, each another."""
    texts = {text for content in contents if isinstance(content, str) and (text := fold(content)) in headings}
    return len(contents) > 1 and len(texts) == len(contents)


def _filled_below(rows: Rows, block: Block, region: Region) -> tuple[int, int] | None:
    """The first cell of a row below an open table that looks like one of its rows."""
    columns = sorted(region.columns.values())
    for number in range(region.end_row + 1, len(rows)):
        filled = [col for col in columns if not is_empty(cell_at(rows[number], col))]
        if len(filled) > 1:
            return number, filled[0]
    return None
