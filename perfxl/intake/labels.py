"""Holds what can be read in a sheet, the names of its rows and columns, against the hidden keys that count.

Rows that were sorted, or columns that were moved, without their keys show one name and carry the key of another: which
of the two the department meant, nobody can tell. Names that are worded otherwise or gone contradict nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfxl.intake.regions import TOTAL_LABEL, FieldPlaces, Memory, Region, cell_at, heading_columns, text_at
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.blocks import NAME_COLUMNS, row_names
from perfxl.layout.fields import FieldId
from perfxl.layout.template_layout import field_id
from perfxl.text import fold_all, is_blank
from perfxl.workbook.sheet_cells import Raw, Rows


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A name in a sheet that belongs to another hidden key than stands there.

    place: of the name. seen: the name there, in the words of the template. key: the name that belongs to the key. row:
    of the key, which stands elsewhere where its own row shows no name. fields: what is read by the key.
    """

    place: Place
    seen: str
    key: str
    row: int
    fields: tuple[FieldId, ...]


def bare(content: Raw) -> str:
    """A text without what two writings of it may differ in: width, case, spaces, line breaks."""
    if isinstance(content, float) and content.is_integer():
        content = int(content)
    return "" if content is None else fold_all(str(content))


def odd_rows(rows: Rows, layout: Layout, block: Block, plan: FieldPlaces) -> list[Contradiction]:
    """The rows of a form that show the name of another row of their sheet."""
    names = plan.names
    try:
        # Nearly always all of them stand where and as the template has them.
        odd = {line.key: line for number, col, text, line in names if rows[number][col] != text}
    except IndexError:
        odd = {name.line.key: name.line for name in names if cell_at(rows[name.row], name.col) != name.text}
    if not odd:
        return []
    found = (_odd_row(rows, layout, block, line, *plan.rows[key]) for key, line in odd.items())
    return [item for item in found if item is not None]


def _odd_row(rows: Rows, layout: Layout, block: Block, line: Line, number: int, region: Region) -> Contradiction | None:
    names = layout.once(_names_in, block.sheet)
    own = {bare(text) for texts in row_names(block, line).values() for text in texts}
    columns = _name_columns(rows, block, region)
    fields = tuple(field_id(block, line.key, key) for key in line.specs)
    shown = {col: text for col in columns if (text := bare(cell_at(rows[number], col)))}
    for col, text in shown.items():
        if text not in own and text in names:
            return Contradiction(Place(block.sheet, number, col), names[text], _called(line), number, fields)
    if own.isdisjoint(shown.values()):
        return _elsewhere(rows, block, line, number, region)
    return None


def _elsewhere(rows: Rows, block: Block, line: Line, number: int, region: Region) -> Contradiction | None:
    """A row that shows none of its names, which stand beside contents in a row without a key."""
    own = {bare(text) for texts in row_names(block, line).values() for text in texts} - {TOTAL_LABEL}
    for other in range(region.first_row, region.end_row):
        row = rows[other]
        if text_at(row, region.key_col) or all(is_blank(cell_at(row, col)) for col in region.columns.values()):
            continue
        for col in _name_columns(rows, block, region):
            if bare(cell_at(row, col)) in own:
                fields = tuple(field_id(block, line.key, key) for key in line.specs)
                return Contradiction(Place(block.sheet, other, col), _called(line), _called(line), number, fields)
    return None


def _names_in(layout: Layout, sheet: str) -> Mapping[str, str]:
    """What each name in the forms of a sheet stands for. The total of a table is nobody's row but its own."""
    names = {TOTAL_LABEL: TOTAL_LABEL}
    for block in layout.sheet_blocks(sheet):
        for line in () if block.open else block.lines:
            for texts in row_names(block, line).values():
                names.update((bare(text), _called(line)) for text in texts)
    return names


def _called(line: Line) -> str:
    labels = line.labels
    return labels["label"] if "label" in labels else f"{labels['code']} {labels['name']}"


def _name_columns(rows: Rows, block: Block, region: Region) -> list[int]:
    """The columns in which the rows are named: by their keys, and by their headings."""
    wanted = [column.key for column in block.columns if column.key in NAME_COLUMNS and column.role == "label"]
    number = _heading_row(rows, block, region)
    headed = {} if number is None else heading_columns(rows[number], block)
    columns = [where[key] for where in (region.names, headed) for key in wanted if key in where]
    inputs = set(region.columns.values())
    return [col for col in dict.fromkeys(columns) if col not in inputs]


def odd_columns(
    rows: Rows, block: Block, region: Region, memory: Memory, names: Iterable[FieldId]
) -> list[Contradiction]:
    """The columns to be filled that have the heading of another column. names: of the fields that were found."""
    if region.key_col < 0 or region.first_row >= len(rows):
        return []
    if memory.headings.get(block.key) == rows[region.first_row]:
        return []
    number = _heading_row(rows, block, region)
    if number is None:
        return []
    keys: dict[str, list[str]] = {}
    for column in block.columns:
        keys.setdefault(bare(column.label), []).append(column.key)
    found: list[Contradiction] = []
    for column in block.inputs():
        col = region.columns.get(column.key)
        owners = [] if col is None else keys.get(bare(cell_at(rows[number], col)), [])
        if col is not None and owners and column.key not in owners:
            place, seen = Place(block.sheet, number, col), block.column(owners[0]).label
            fields = tuple(name for name in names if _in_column(name, block, column.key))
            found.append(Contradiction(place, seen, column.label, number, fields))
    if not found and number == region.first_row:
        memory.headings[block.key] = rows[number]
    return found


def _in_column(name: FieldId, block: Block, key: str) -> bool:
    if block.open:
        return name[0] == block.table and name[2] == key
    return any(name == field_id(block, line.key, key) for line in block.lines if key in line.specs)


def _heading_row(rows: Rows, block: Block, region: Region) -> int | None:
    """The first row below the key row with a heading, before the first row with a key."""
    for number in range(region.first_row, region.end_row):
        if text_at(rows[number], region.key_col):
            return None
        if heading_columns(rows[number], block):
            return number
    return None
