"""What a department typed over the template's own formulas: totals, rates, notes, scores that are worked out.

Nothing there is read, so that it must at least be told. A workbook that was pasted as values has constants there too:
they are what the formulas gave, and stay unsaid. Only where a constant stands in such a place is the template asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.decimals import from_float, plain
from perfxl.intake.asides import signs
from perfxl.intake.cells import Cells
from perfxl.intake.locate import Located
from perfxl.intake.regions import Region, cell_at, regions_of, text_at
from perfxl.layout import Block, Layout, layout_of
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.sheets import META, TITLE_ROWS
from perfxl.references import Position, column_letters
from perfxl.submission.numbers import number_in
from perfxl.submission.values import as_written
from perfxl.text import fold, is_blank, without_invisible
from perfxl.workbook.limits import Limits
from perfxl.workbook.number_format import as_displayed
from perfxl.workbook.package import Package, read_package
from perfxl.workbook.sheet_cells import Raw, Rows, SheetCells

_TEXTS = re.compile(r'"((?:[^"]|"")*)"')
_SIGN = "！"
"""Templates of any version begin their notes with it."""
_FEWEST, _MOST = 2, 6
"""To as many decimals a number that was typed is compared at least, and at most."""
_SUMMED_FOR = frozenset({"level1", "level2", "name", "symbol"})
"""The columns above which the name and the points of an indicator stand."""
_HUNDRED = Decimal(100)


class Overtyped(NamedTuple):
    """A cell in which the template has a formula and a department something else.

    sheet: by its proper name. at: where it stands. text: what is seen there. expected: what the formula gives, where
    that is told; empty for a text.
    """

    sheet: str
    at: Position
    text: str
    expected: str = ""

    @property
    def cell(self) -> str:
        """`D7`."""
        return f"{column_letters(self.at[1])}{self.at[0] + 1}"

    @property
    def is_number(self) -> bool:
        """Whether it is a number beside that of the formula."""
        return bool(self.expected)


class _Spot(NamedTuple):
    """A constant in a place where the template may have a formula.

    row: of the template, None for a row of an open table. sums: whether it is a row above or below a table; label: what
    such a row is called.
    """

    block: Block
    at: Position
    key: str
    row: int | None
    sums: bool = False
    label: str = ""


def overtyped(cells: Cells, located: Located) -> tuple[Overtyped, ...]:
    """What stands in the place of formulas and cannot be what they gave, sheet by sheet from the top."""
    spots = [spot for sheet in cells.layout.sheets if sheet in cells.sheets for spot in _spots(cells, sheet)]
    if not spots:
        return ()
    rows = {
        (table, place.row): int(key)
        for (table, key, _), (place, _) in located.cells.items()
        if table in cells.layout.open_specs
    }
    most = {table: max((n for own, n in rows.items() if own[0] == table), default=0) for table in ("kpis", "tasks")}
    layout = layout_of(cells.layout.scheme, most["kpis"], most["tasks"])
    template = _template(layout, located)
    # Rows that are not read count in the sums that Excel shows.
    sure = not (located.asides or located.below or located.missing or located.missing_blocks or located.odd_rows)
    found = (_judged(spot, cells, _there(spot, layout, rows), template, sure) for spot in spots)
    return tuple(dict.fromkeys(item for item in found if item is not None))


def _there(spot: _Spot, layout: Layout, rows: Mapping[tuple[str, int], int]) -> Position:
    """The place of a spot in the template that has as many rows as are filled."""
    block = layout.block(spot.block.key)
    row = spot.row
    if row is None:
        # Of a row without data the formula counts alone, which is that of every row.
        ordinal = rows.get((block.table, spot.at[0]), len(block.lines))
        row = block.lines[ordinal - 1].row
    elif spot.sums and row > spot.block.last_row:
        row += block.last_row - spot.block.last_row
    return row, block.column(spot.key).col


def _spots(cells: Cells, sheet: str) -> Iterator[_Spot]:
    rows, formulas = cells.sheets[sheet], cells.content(sheet).formulas
    regions, _, _ = regions_of(rows, cells.layout, sheet)
    for block in cells.layout.sheet_blocks(sheet):
        region = regions.get(block.key)
        if region is None or region.key_col < 0:
            continue
        keys = rows[region.first_row - 1]
        at_key = {text_at(keys, col): col for col in range(len(keys))}
        for number, row, columns, sums in _rows(block, region, rows, at_key):
            own = rows[number]
            for key in columns:
                col = at_key.get(key, -1)
                content = cell_at(own, col)
                if content is None or content == "" or (number, col) in formulas or is_blank(content):
                    continue
                label = text_at(own, at_key.get(block.columns[0].key, -1)) if sums else ""
                yield _Spot(block, (number, col), key, row, sums, label)


_Row = tuple[int, int | None, Sequence[str], bool]
"""A row, its row in the template, the keys of columns in which something is worked out, whether it is one of sums."""


def _rows(block: Block, region: Region, rows: Rows, at_key: Mapping[str, int]) -> Iterator[_Row]:
    worked_out = [column.key for column in block.columns if column.role == "formula"]
    if block.open:
        yield from ((number, None, worked_out, False) for number in range(region.first_row + 1, region.end_row))
        yield from _sums_of_rows(block, region, rows, worked_out)
        return
    last, lines = region.first_row, {line.key: line for line in block.lines}
    for number in range(region.first_row, region.end_row):
        line = lines.get(text_at(rows[number], region.key_col))
        if line is None:
            continue
        last, own = number, list(worked_out)
        own += [column.key for column in block.inputs() if column.key not in line.specs]
        # In some lines the hint is what a formula shows where nothing is wrong.
        hint = cell_at(rows[number], at_key.get("hint", -1))
        if block.table == "facts" and not is_blank(hint) and hint != line.labels.get("hint"):
            own.append("hint")
        yield number, line.row, [key for key in own if key in at_key], False
    inputs = [column.key for column in block.inputs()]
    if block.table == "scores" or (block.table == "facts" and VALUE not in inputs):
        # Below a table of facts: its sums, and a strip of notes in the first column.
        end = len(rows) if block.table == "scores" else min(last + 3, region.end_row)
        for number in range(last + 1, end):
            # Who signs writes the name over the line that is left for it.
            if signs(rows[number]):
                continue
            strip = block.table == "facts" and number == last + 2
            columns = [block.columns[0].key] if strip else [*inputs, *worked_out]
            yield number, block.last_row + number - last, columns, True


def _sums_of_rows(block: Block, region: Region, rows: Rows, worked_out: Sequence[str]) -> Iterator[_Row]:
    """The rows of sums above the KPIs and below the tasks."""
    inputs = [column.key for column in block.inputs()]
    if block.table == "kpis":
        # A heading, and a line for each indicator; what each is called and its points stand there as they are.
        shift = region.first_row - 1 - block.key_row
        for row in range(TITLE_ROWS + 1, block.title_row):
            if 0 <= row + shift < len(rows):
                yield row + shift, row, [key for key in (*inputs, *worked_out) if key not in _SUMMED_FOR], True
    elif region.end_row < len(rows):
        yield region.end_row, block.next_row, [*inputs[1:], *worked_out], True


def _template(layout: Layout, located: Located) -> Package:
    """The template with what the cells hold, as Excel takes it: a text is no number."""
    # The writer is loaded only where a workbook is looked at so closely.
    from perfxl.template.writer import template_bytes

    values: dict[FieldId, Decimal | str] = {}
    for name, (_, content) in located.cells.items():
        if is_blank(content):
            continue
        number = isinstance(content, float) and not isinstance(content, bool)
        values[name] = from_float(content) if number else as_written(content)  # type: ignore[arg-type]
    return read_package(template_bytes(layout.scheme, values, {}, layout, {}), Limits())


def _judged(spot: _Spot, cells: Cells, there: Position, template: Package, sure: bool) -> Overtyped | None:
    sheet = spot.block.sheet
    own, theirs = cells.content(sheet), template.sheets[sheet]
    content = cells.sheets[sheet][spot.at[0]][spot.at[1]]
    row = theirs.rows[there[0]] if there[0] < len(theirs.rows) else []
    expected, text = cell_at(row, there[1]), _shown(content, own, spot.at)
    if there not in theirs.formulas:
        # Grey and empty, or always the same; beside the sums it may be a note.
        return None if spot.sums or not is_blank(expected) else Overtyped(sheet, spot.at, text)
    first = spot.block.columns[0]
    if spot.sums and spot.key != first.key and spot.label != text_at(row, first.col):
        return None
    if (number := _number(content)) is not None:
        if not sure or number == 0 or _is_same(number, expected):
            return None
        return Overtyped(sheet, spot.at, text, _shown(expected, theirs, there) or "空")
    if isinstance(expected, str) and fold(expected) == fold(text):
        return None
    formula = theirs.formula(there) or ""
    if isinstance(content, str) and (text.startswith(_SIGN) or not _says_more(text, _texts_of(formula, template))):
        return None
    return Overtyped(sheet, spot.at, text)


def _number(content: Raw) -> Decimal | None:
    if isinstance(content, float) and not isinstance(content, bool):
        return from_float(content)
    if not isinstance(content, str):
        return None
    number = number_in(content, ("%",))
    return number / _HUNDRED if number is not None and fold(content).endswith("%") else number


def _is_same(number: Decimal, expected: Raw) -> bool:
    """Whether a number is that of the formula, rounded as it is written."""
    if not isinstance(expected, float):
        return False
    decimals = min(max(_FEWEST, -int(number.normalize().as_tuple().exponent)), _MOST)
    slack = Decimal(1).scaleb(-decimals) / 2
    return abs(number - from_float(expected)) <= slack


def _texts_of(formula: str, template: Package) -> list[str]:
    """The texts that a formula can be made up of; a long one has some of its parts on the hidden sheet."""
    texts = _TEXTS.findall(formula)
    if META in formula:
        meta = template.sheets[META]
        for at in meta.formulas:
            texts += _TEXTS.findall(meta.formula(at) or "")
        texts += [cell for row in meta.rows for cell in row if isinstance(cell, str)]
    return sorted({fold(text.replace('""', '"')) for text in texts}, key=len, reverse=True)


def _says_more(text: str, texts: Iterable[str]) -> bool:
    """Whether words are left of a text without those of its formula."""
    rest = fold(text)
    for part in texts:
        if part:
            rest = rest.replace(part, " ")
    return any(map(str.isalpha, rest))


def _shown(content: Raw, sheet: SheetCells, at: Position) -> str:
    """What is seen of a content in its cell."""
    if content is None or is_blank(content):
        return ""
    if isinstance(content, float) and not isinstance(content, bool):
        look = sheet.looks.get(at)
        shown = as_displayed(from_float(content), look.code) if look is not None and not look.date else None
        return shown.text if shown is not None and shown.text else plain(from_float(content))
    return without_invisible(as_written(content)).strip()
