"""Slips of the hand in forms, and numbers in merged cells: each told once, and not in cell after cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from perfxl.checks.catalogue import check
from perfxl.checks.covers import COVERS, ON_WEIGHTS, OWN_SUMS, Covers
from perfxl.checks.finding import Severity
from perfxl.checks.slips import FEWEST, kpi_codes, troubled
from perfxl.checks.table_rows import Hit, hit, hit_on_file
from perfxl.intake.cells import Merged
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout import Block, Place
from perfxl.layout.fields import FieldId, FieldSpec
from perfxl.layout.template_layout import field_id
from perfxl.scheme.model import Scheme
from perfxl.submission.document import spec_of
from perfxl.submission.values import Trouble, read_value
from perfxl.text import is_blank
from perfxl.workbook.sheet_cells import Raw


class _Filled(NamedTuple):
    """A cell of a form: its field, what stands there and what may."""

    name: FieldId
    raw: Raw
    spec: FieldSpec


@check(
    "E122", Severity.ERROR, "整列错了一行",
    message="“{sheet}”的“{block}”整列向{way}错了一行，填的内容与所在行对不上",
    advice="请把这一列整体{back}移一行，核对后保存",
)  # fmt: skip
def form_one_row_off(tables: Tables) -> Iterator[Hit]:
    """A column of a form was pasted one row off: what does not fit its rows fits those beside them."""
    for file in _files_out_of_place(tables):
        submission = tables.submissions[file]
        for block in tables.layout.blocks:
            if block.table not in ("facts", "scores") or block.open:
                continue
            for column in block.inputs():
                cells = _column(submission, block, column.key)
                step = _off_by(tables.scheme, cells)
                if not step:
                    continue
                names = {cell.name for cell in cells}
                if block.table == "scores":
                    names |= {("scores", key, "reason") for _, key, _ in names}
                    codes = frozenset(key for _, key, _ in names)
                else:
                    codes = frozenset(item.code for _, key, _ in names for item in tables.scheme.users_of(key))
                covers = Covers(cells=frozenset(names), table="scores", codes=OWN_SUMS, indicators=codes)
                ways = ("下", "上")[::step]
                first = cells[0] if step > 0 else cells[-1]
                yield hit(
                    file, *first.name, value="", sheet=submission.cells.titles.get(block.sheet, block.sheet),
                    block=block.title, way=ways[0], back=ways[1],
                ) | {COVERS: covers}  # fmt: skip


def _files_out_of_place(tables: Tables) -> Iterable[str]:
    """Files in which enough does not fit: cells in trouble, or self scores above their points."""
    above = [
        file for file, own, points in tables.scores.rows("self", "points") if isinstance(own, Decimal) and own > points
    ]
    often = (file for file in dict.fromkeys(above) if above.count(file) >= FEWEST - 1)
    return dict.fromkeys([*troubled(tables), *often])


def _column(submission: Submission, block: Block, column: str) -> list[_Filled]:
    """The cells of one column that are asked for, from above."""
    cells = []
    for line in block.lines:
        if column in line.specs and (cell := submission.fields.get(field_id(block, line.key, column))) is not None:
            if cell.reading.trouble == Trouble.NO_PLACE:
                return []
            cells.append(_Filled(field_id(block, line.key, column), cell.raw, line.specs[column]))
    return cells


def _off_by(scheme: Scheme, cells: Sequence[_Filled]) -> int:
    """1 where everything stands one row too low, -1 one too high, else 0."""
    if len(cells) <= FEWEST or not any(cell.spec.required for cell in cells):
        return 0
    wrong = sum(not _fits_row(scheme, cell.raw, cell) for cell in cells)
    if wrong < FEWEST:
        return 0
    pairs = list(pairwise(cells))
    if is_blank(cells[0].raw) and all(_fits_row(scheme, low.raw, high) for high, low in pairs):
        return 1
    if is_blank(cells[-1].raw) and all(_fits_row(scheme, high.raw, low) for high, low in pairs):
        return -1
    return 0


def _fits_row(scheme: Scheme, raw: Raw, cell: _Filled) -> bool:
    """Whether a content may stand in a cell: of its type, and no more than its points."""
    reading = read_value(raw, cell.spec)
    if reading.trouble is not None:
        return False
    if cell.name[0] == "scores" and isinstance(reading.value, Decimal):
        return reading.value <= scheme.indicator_by_code[cell.name[1]].points
    return True


@check(
    "E124", Severity.ERROR, "数字在合并的单元格里",
    message="“{sheet}”的 {cell} {more}被合并到上面或左边的单元格里，各项分别是多少无法确定",
    advice="请取消合并，逐格填写",
)  # fmt: skip
def numbers_merged(tables: Tables) -> Iterator[Hit]:
    """Cells that ask for a number each and were merged into one: one line a sheet."""
    for file, submission in tables.submissions.items():
        if not any(submission.cells.merged.values()):
            continue
        by_sheet: dict[str, list[FieldId]] = {}
        blank = _blank_cells(submission)
        under = {name for sheet in blank for name in _under(submission.cells.merged.get(sheet, ()), blank[sheet])}
        for name in submission.fields if under else ():
            spec = spec_of(tables.layout, name) if name in under else None
            if spec is not None and (spec.numeric or spec.type == "value"):
                by_sheet.setdefault(submission.fields[name].place.sheet, []).append(name)
        for proper, names in by_sheet.items():
            place, codes = submission.fields[names[0]].place, set()
            for table, key, _ in names:
                codes |= _codes_of(tables.scheme, table, key)
            covers = Covers(cells=frozenset(names), table="kpis", codes=ON_WEIGHTS, indicators=frozenset(codes))
            yield hit_on_file(
                file, sheet=submission.cells.titles[proper], cell=place.cell, value="",
                more=f"等 {len(names)} 格" if len(names) > 1 else "",
                fields=tuple(names),
            ) | {COVERS: covers}  # fmt: skip


def _blank_cells(submission: Submission) -> Mapping[str, Mapping[FieldId, Place]]:
    """The places of the fields that are blank, by sheet."""
    blank: dict[str, dict[FieldId, Place]] = {}
    for name, cell in submission.fields.items():
        if is_blank(cell.raw):
            blank.setdefault(cell.place.sheet, {})[name] = cell.place
    return blank


def _under(merged: Merged, places: Mapping[FieldId, Place]) -> Iterator[FieldId]:
    """The fields whose cell is in a merged range and not its first."""
    rows, columns = [place.row for place in places.values()], [place.col for place in places.values()]
    first, last, left_most, right_most = min(rows), max(rows), min(columns), max(columns)
    # Titles and the names of groups of rows are merged in every template, where no field is.
    near = [
        (top, left, bottom, right) for (top, left), (bottom, right) in merged
        if top <= last and bottom >= first and left <= right_most and right >= left_most
    ]  # fmt: skip
    for name, place in places.items() if near else ():
        row, col = place.row, place.col
        for top, left, bottom, right in near:
            if top <= row <= bottom and left <= col <= right and (row, col) != (top, left):
                yield name
                break


def _codes_of(scheme: Scheme, table: str, key: str) -> set[str]:
    if table == "kpis":
        return set(kpi_codes(scheme))
    return {item.code for item in scheme.users_of(key)} if table == "facts" else {key}
