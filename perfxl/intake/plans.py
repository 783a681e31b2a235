"""Where the fields of a form stand: by the keys of its rows and columns, else by what its rows are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from perfxl.intake.regions import NOWHERE, FieldPlaces, Region, RowName, Twice, row_by_label, text_at
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.blocks import row_names
from perfxl.layout.fields import FieldId
from perfxl.layout.template_layout import field_id
from perfxl.workbook.sheet_cells import Rows

COMPUTED = "computed"


def plan_of(rows: Rows, layout: Layout, block: Block, regions: Mapping[str, Region]) -> FieldPlaces:
    """Where the fields of a form stand."""
    own, sheet, plan = regions[block.key], block.sheet, FieldPlaces()
    worked_out = {line.key for line in block.lines if not line.specs}
    row_of = _rows_by_key(rows, block, own, plan, worked_out)
    _find_again(rows, block, row_of, regions, plan)
    for line, names in layout.once(_named_fields, block.key):
        at, region = row_of.get(line.key), own
        if at is None:
            at, region = _moved_row(rows, line.key, regions, own)
        if at is not None:
            plan.rows[line.key] = at, region
            for key, texts in row_names(block, line).items():
                plan.names.append(RowName(at, region.names.get(key, NOWHERE), texts[0], line))
        else:
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
            plan.results.append(result_of(block, region, line.key, at))
    return plan


def _named_fields(layout: Layout, key: str) -> list[tuple[Line, list[tuple[str, FieldId]]]]:
    """The lines of a form in which anything is filled, with the column key and the name of each of their fields."""
    block = layout.block(key)
    lines = (line for line in block.lines if line.specs)
    return [(line, [(column, field_id(block, line.key, column)) for column in line.specs]) for line in lines]


def _rows_by_key(
    rows: Rows, block: Block, region: Region, plan: FieldPlaces, worked_out: Collection[str]
) -> dict[str, int]:
    """Rows by the key that they carry. worked_out: keys of lines that nobody fills, which may stand there twice."""
    row_of: dict[str, int] = {}
    for number in range(region.first_row, region.end_row):
        key = text_at(rows[number], region.key_col)
        if key in worked_out:
            continue
        if key in row_of:
            columns = tuple((col, col) for col in region.columns.values())
            plan.twice.append(Twice(row_of[key], Place(block.sheet, number, region.key_col), columns))
        elif key:
            row_of[key] = number
    return row_of


def _find_again(
    rows: Rows, block: Block, row_of: Mapping[str, int], regions: Mapping[str, Region], plan: FieldPlaces
) -> None:
    """Rows of the block that were copied into another block of the sheet together with their keys."""
    own, keys = regions[block.key], {line.key for line in block.lines if line.specs} & row_of.keys()
    for region in regions.values():
        if region is own or region.key_col < 0:
            continue
        columns = tuple((col, region.columns[key]) for key, col in own.columns.items() if key in region.columns)
        for number in range(region.first_row, region.end_row):
            if (key := text_at(rows[number], region.key_col)) in keys:
                plan.twice.append(Twice(row_of[key], Place(block.sheet, number, region.key_col), columns))


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


def result_of(block: Block, region: Region, key: str, row: int) -> tuple[FieldId, Place]:
    """Name and place of the computed score that the template shows in a row."""
    return (block.table, key, COMPUTED), Place(block.sheet, row, region.formulas[COMPUTED])
