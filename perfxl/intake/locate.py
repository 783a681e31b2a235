"""Finds the fields of the layout in the rows of a workbook.

Rows and columns may have been moved, inserted, sorted or relabelled, sheets renamed: only the hidden keys count. Where
a key is gone, what its visible label tells for certain is read all the same, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from perfxl.caches import cached
from perfxl.intake.asides import Aside, aside_of, signs
from perfxl.intake.cells import Cells
from perfxl.intake.labels import Contradiction, bare, odd_columns, odd_rows
from perfxl.intake.marks import Mark, marks_in
from perfxl.intake.plans import COMPUTED, plan_of, result_of
from perfxl.intake.regions import (
    TOTAL_LABEL,
    Memory,
    Region,
    Twice,
    cell_at,
    find_by_label,
    regions_of,
    text_at,
)
from perfxl.intake.sheets import choose_sheets, hidden_doubles
from perfxl.layout import Block, Layout, Place
from perfxl.layout.fields import FieldId
from perfxl.text import fold, is_blank, without_invisible
from perfxl.workbook.sheet_cells import Raw, Rows

TOTAL = "total"


@dataclass(slots=True)
class Located:
    """The cell of every field that was found, and what is odd about the workbook.

    cells: place and content. missing_sheets: proper names. missing_blocks: blocks that cannot be found. missing: fields
    without a cell. twice: the row that is read, and the place of another with the same key and nothing else in it;
    twice_otherwise: with other contents. columns_twice: column keys that stand twice in a key row, by their headings,
    with the later place. blocks_twice: blocks with a second mark, the place of that which is read and of the other.
    odd_rows, odd_columns: where the visible name belongs to another key. hidden: proper name of a visible sheet, and a
    hidden one of nearly that name. renamed: proper name and the name found. copies: proper name and the name of another
    sheet with the same marks. by_label: sheet and what was
    found by its label only. results: the template's own formulas that are compared with what perfxl computes, by table,
    row and column; the total of the self scores is ("scores", TOTAL, "self"). merged: fields whose value stands in the
    first cell of a merged range. below: open tables with rows filled below their end, and the first cell of those.
    asides: rows within open tables that are none of theirs.
    """

    cells: dict[FieldId, tuple[Place, Raw]] = field(default_factory=dict)
    missing_sheets: list[str] = field(default_factory=list)
    missing_blocks: list[Block] = field(default_factory=list)
    missing: list[FieldId] = field(default_factory=list)
    twice: list[tuple[int, Place]] = field(default_factory=list)
    twice_otherwise: list[tuple[int, Place]] = field(default_factory=list)
    columns_twice: list[tuple[str, Place]] = field(default_factory=list)
    blocks_twice: list[tuple[Block, Place, Place]] = field(default_factory=list)
    odd_rows: list[Contradiction] = field(default_factory=list)
    odd_columns: list[Contradiction] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    by_label: list[tuple[str, str]] = field(default_factory=list)
    results: dict[FieldId, tuple[Place, Raw]] = field(default_factory=dict)
    merged: set[FieldId] = field(default_factory=set)
    below: list[tuple[Block, Place]] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)


def blocks_to_fill(layout: Layout, sheet: str) -> Sequence[Block]:
    """The blocks of a sheet in which anything is to be filled; of the others nothing is read."""
    return tuple(block for block in layout.sheet_blocks(sheet) if block.filled)


def locate(cells: Cells) -> Located:
    """Every field of the layout that can be told for certain, and what is missing or contradicts itself."""
    layout = cells.layout
    found = Located(renamed=choose_sheets(cells))
    spare: list[tuple[str, Mark]] = []
    read: dict[str, tuple[str, Region]] = {}
    for sheet in layout.sheets:
        blocks = layout.once(blocks_to_fill, sheet)
        rows = cells.sheets.get(sheet)
        if rows is None:
            if blocks:
                found.missing_sheets.append(sheet)
            continue
        regions, marks, memory = regions_of(rows, layout, sheet)
        spare += [(sheet, mark) for mark in marks]
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
            region = regions[block.key]
            read[block.key] = sheet, region
            for key, col in region.keys_twice:
                found.columns_twice.append((block.column(key).label, Place(sheet, region.first_row - 1, col)))
            if block.open:
                _read_open(cells, rows, block, region, found)
            else:
                _read_form(rows, layout, block, regions, memory, found)
            found.odd_columns += odd_columns(rows, block, region, memory, found.cells)
    found.hidden = hidden_doubles(cells)
    _tell_copies(cells, spare, read, found)
    return found


def _tell_copies(
    cells: Cells, spare: Sequence[tuple[str, Mark]], read: Mapping[str, tuple[str, Region]], found: Located
) -> None:
    """What stands a second time: blocks within the sheets of the template, and other sheets with their marks."""
    layout = cells.layout
    for sheet, mark in spare:
        if mark.block in read:
            own, region = read[mark.block]
            place = Place(own, region.first_row - 1, max(region.key_col, 0))
            found.blocks_twice.append((layout.block(mark.block), place, Place(sheet, mark.row, mark.col)))
    told = {name for _, name in found.hidden}
    for name, rows in cells.others.items():
        if name not in told:
            of = {layout.block(mark.block).sheet for mark in marks_in(rows, layout)}
            found.copies += [(sheet, name) for sheet in layout.sheets if sheet in of and sheet in cells.sheets]


def _read_form(
    rows: Rows, layout: Layout, block: Block, regions: Mapping[str, Region], memory: Memory, found: Located
) -> None:
    region = regions[block.key]
    plan = memory.plans.get(block.key)
    if plan is None:
        plan = plan_of(rows, layout, block, regions)
        # What was found by the keys alone holds for every workbook with the same keys.
        if not plan.missing and not plan.by_label:
            memory.plans[block.key] = plan
    found.missing += plan.missing
    for again in plan.twice:
        (found.twice_otherwise if _differs(rows, again) else found.twice).append((again.first, again.place))
    found.odd_rows += odd_rows(rows, layout, block, plan)
    found.by_label += plan.by_label
    for name, place in plan.cells:
        found.cells[name] = place, cell_at(rows[place.row], place.col)
    for name, place in plan.results:
        found.results[name] = place, cell_at(rows[place.row], place.col)
    _read_total(rows, block, region, found)


def _differs(rows: Rows, again: Twice) -> bool:
    """Whether a row with the key of another holds anything that this one does not."""
    first, other = rows[again.first], rows[again.place.row]
    pairs = ((cell_at(first, col), cell_at(other, its)) for col, its in again.columns)
    return any(not is_blank(content) and content != own and bare(content) != bare(own) for own, content in pairs)


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
    levels = cells.layout.once(_levels)
    if (below := _filled_below(rows, block, region, levels)) is not None:
        found.below.append((block, Place(block.sheet, *below)))
    words = {key for key, spec in specs.items() if spec.type == "choice"}
    columns, count = _by_place(region), 0
    for number in _filled_rows(rows, block, region):
        row = rows[number]
        if (aside := _aside(row, number, block, columns, levels)) is not None:
            found.asides.append(aside)
            continue
        count += 1
        ordinal = str(count)
        if COMPUTED in region.formulas:
            name, place = result_of(block, region, ordinal, number)
            found.results[name] = place, cell_at(row, place.col)
        for key, col in region.columns.items():
            content, name = cell_at(row, col), (block.table, ordinal, key)
            if key in words and is_blank(content):
                above = _merged_into(cells, block.sheet, number, col)
                if above is not None:
                    content = cell_at(rows[above], col)
                    found.merged.add(name)
            found.cells[name] = (_place(block.sheet, number, col), content)


_place = cached(maxsize=4_096)(Place)
"""The rows of an open table stand in the same cells in thousands of workbooks."""


def _levels(layout: Layout) -> Sequence[str]:
    """The first levels of KPIs in the ways in which people write 小计 behind them."""
    names = dict.fromkeys(level.level1 for level in layout.scheme.kpi_levels)
    return tuple(dict.fromkeys((*names, *(name.removesuffix("指标") for name in names))))


def _by_place(region: Region) -> Sequence[tuple[int, str]]:
    """The columns of a region from left to right."""
    return sorted((col, key) for key, col in region.columns.items())


def _aside(
    row: Sequence[Raw], number: int, block: Block, by_place: Sequence[tuple[int, str]], levels: Sequence[str]
) -> Aside | None:
    """The row where it is none of the table's."""
    contents = {key: cell_at(row, col) for col, key in by_place}
    kind = aside_of(contents, block.lines[0].specs, levels)
    if kind is None:
        return None
    col, key = next((col, key) for col, key in by_place if not is_blank(contents[key]))
    return Aside(block, Place(block.sheet, number, col), kind, " ".join(without_invisible(str(contents[key])).split()))


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
        contents = [
            cell
            for col in columns
            if col < width and (cell := row[col]) is not None and cell != "" and not is_blank(cell)
        ]
        if not contents:
            continue
        is_heading = _are_headings(contents, headings)
        if may_be_headings:
            is_heading, may_be_headings = is_heading or not text_at(row, region.key_col), False
        if not is_heading:
            yield number


def _are_headings(contents: Sequence[Raw], headings: Set[str]) -> bool:
    """Whether these are headings of a table, each another."""
    texts = set[str]()
    for content in contents if len(contents) > 1 else ():
        # The first cell of nearly every row tells.
        if not isinstance(content, str) or (text := fold(content)) not in headings or text in texts:
            return False
        texts.add(text)
    return bool(texts)


def _filled_below(rows: Rows, block: Block, region: Region, levels: Sequence[str]) -> tuple[int, int] | None:
    """The first cell of a row below an open table that looks like one of its rows. Who signs there does no harm."""
    columns = _by_place(region)
    for number in range(region.end_row + 1, len(rows)):
        row = rows[number]
        filled = [col for col, _ in columns if not is_blank(cell_at(row, col))]
        if len(filled) > 1 and not signs(row) and _aside(row, number, block, columns, levels) is None:
            return number, filled[0]
    return None
