"""What still has to be filled in, place by place, counted while one types.

Two columns of `_meta` hold it: a running number, and beside it the place and its name. The first sheet looks the first
ones up by their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from perfxl.findings.condition import blank, is_blank
from perfxl.findings.kpis import NO_KPIS
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import FILLED_SHEETS, KPIS
from perfxl.layout.template_layout import field_id
from perfxl.references import column_letters
from perfxl.rules import Rule
from perfxl.scheme.model import Indicator
from perfxl.template.expressions import OWN_ROW
from perfxl.template.live import Live, Value
from perfxl.template.validation import Lists

BETWEEN = "|"
"""Stands between the place and its name."""


@dataclass(frozen=True)
class MissingEntry:
    """A place where something may be missing.

    condition: Excel, 1 or true where it is. entry: place and name; of a row of an open table an Excel expression, for
    what is missing in it changes. shown: the entry as a workbook's values have it, empty where nothing is missing.
    """

    condition: str
    entry: str
    shown: Callable[[Live], str]
    is_expression: bool = False


class Missing:
    """Every place that may have to be filled, in the order of the sheets, written to `_meta`."""

    def __init__(self, live: Live, lists: Lists, worksheet: Any) -> None:
        self._worksheet = worksheet
        self._first = lists.free_columns(2)
        self._row = 0
        self.entries: list[str] = []
        self._bounds: dict[str, tuple[int, int]] = {}
        worksheet.write_number(0, self._first.col, 0)
        for sheet in FILLED_SHEETS:
            before = self._row
            for lack in live.layout.once(_lacks, sheet):
                self._add(lack, lack.shown(live))
            self._bounds[sheet] = (before, self._row)

    def _add(self, lack: MissingEntry, shown: str) -> None:
        above = self._place(self._row, 0).cell
        self._row += 1
        here, entry = self._place(self._row, 0), self._place(self._row, 1)
        if shown:
            self.entries.append(shown)
        self._worksheet.write_formula(here.row, here.col, f"{above}+{lack.condition}", None, len(self.entries))
        if lack.is_expression:
            expression = f'IF({here.cell}={above},"",{lack.entry})'
            self._worksheet.write_formula(entry.row, entry.col, expression, None, shown)
        else:
            self._worksheet.write_string(entry.row, entry.col, lack.entry)

    def _place(self, row: int, col: int) -> Place:
        return Place(self._first.sheet, row, self._first.col + col)

    @property
    def total(self) -> str:
        """The cell that says how many places are missing."""
        return self._place(self._row, 0).ref

    def count(self, sheet: str) -> str:
        """An Excel expression: how many places of a sheet are missing."""
        first, last = self._bounds[sheet]
        return f"({self._place(last, 0).ref}-{self._place(first, 0).ref})"

    def link(self, number: int) -> str:
        """An Excel expression: a link to the missing place of that number, empty where there are fewer."""
        counts, entries = self._column(0), self._column(1)
        entry = f"INDEX({entries},MATCH({number},{counts},0))"
        cut = f'FIND("{BETWEEN}",{entry})'
        return f'IF({self.total}<{number},"",HYPERLINK("#"&LEFT({entry},{cut}-1),MID({entry},{cut}+1,99)))'

    def _column(self, col: int) -> str:
        return f"{self._place(1, col).ref}:{self._place(self._row, col).ref.partition('!')[2]}"

    def link_value(self, number: int) -> str:
        """`link`, computed."""
        return self.entries[number - 1].partition(BETWEEN)[2] if number <= len(self.entries) else ""


def required_cells(blocks: Iterable[Block]) -> Iterator[tuple[Block, Line, str]]:
    """Block, line and column key of every cell that must be filled."""
    for block in blocks:
        for line in block.lines:
            for key, spec in line.specs.items():
                if spec.required:
                    yield block, line, key


def no_kpis(layout: Layout, rule: Rule) -> str:
    """An Excel condition: there is no KPI of the kinds that an indicator counts."""
    level = layout.kpi("level1")
    return "(" + "+".join(f'COUNTIF({level},"{name}")' for name in rule.kpi_levels) + "=0)"


def _lacks(layout: Layout, sheet: str) -> list[MissingEntry]:
    found = list(_kinds(layout)) if sheet == KPIS else []
    for block in layout.sheet_blocks(sheet):
        found += _rows(block) if block.open else _cells(block)
    return found


def _cells(block: Block) -> Iterator[MissingEntry]:
    for _, line, key in required_cells([block]):
        place, name = block.place(line, key), field_id(block, line.key, key)
        label = line.specs[key].label
        if block.table == "scores":
            label = f"{line.key} {line.labels['name']}"
        entry = f"'{block.sheet}'!{place.cell}{BETWEEN}{block.sheet}：{label}"

        def shown(live: Live, name: FieldId = name, entry: str = entry) -> str:
            return entry if is_blank(live.value(name)) else ""

        yield MissingEntry(f"({blank(place.ref)})", entry, shown)


def _kinds(layout: Layout) -> Iterator[MissingEntry]:
    """The indicators that count KPIs of some kinds and have none."""
    block = layout.block("kpis")
    first = Place(block.sheet, block.first_row, block.column("level1").col)
    for indicator in layout.kpi_indicators:
        kinds = "、".join(indicator.rule.kpi_levels)
        entry = f"'{first.sheet}'!{first.cell}{BETWEEN}{block.sheet}：{NO_KPIS.title}（{kinds}）"

        def shown(live: Live, indicator: Indicator = indicator, entry: str = entry) -> str:
            return "" if live.kpi_ordinals(indicator) else entry

        yield MissingEntry(no_kpis(layout, indicator.rule), entry, shown)


def _rows(block: Block) -> Iterator[MissingEntry]:
    """Rows of an open table that were begun and lack something; the first thing that each lacks is named."""
    specs = block.lines[0].specs
    required = [key for key, spec in specs.items() if spec.required]
    if not required:
        return
    letters = {key: column_letters(block.column(key).col) for key in specs}
    sheet = f"'{block.sheet}'!"
    where = {key: f"{sheet}{letters[key]}{OWN_ROW}" for key in specs}
    begun = ",".join(f"{sheet}{first}{OWN_ROW}:{last}{OWN_ROW}" for first, last in _runs(block))
    lacking = ",".join(blank(where[key]) for key in required)
    # A deleted row leaves #REF!, which must not spoil what is counted below it.
    condition = f"IFERROR((COUNTA({begun})>0)*OR({lacking}),0)"
    # The row is told by the sheet: rows may be inserted above it.
    head = f"'{block.sheet}'!${letters[required[0]]}${block.head_row + 1}"
    number = f"(ROW({where[required[0]]})-ROW({head}))"
    labels = '""'
    for key in reversed(required):
        entry = f'"{sheet}{letters[key]}"&ROW({where[key]})&"{BETWEEN}{block.sheet}：第 "&{number}'
        labels = f'IF({blank(where[key])},{entry}&" 项的{specs[key].label}",{labels})'
    for ordinal, line in enumerate(block.lines, 1):

        def shown(live: Live, ordinal: int = ordinal, line: Line = line) -> str:
            key = _first_lack({key: live.value((block.table, line.key, key)) for key in specs}, required)
            place = f"{sheet}{letters[key]}{line.row + 1}" if key else ""
            return f"{place}{BETWEEN}{block.sheet}：第 {ordinal} 项的{specs[key].label}" if key else ""

        row = str(line.row + 1)
        yield MissingEntry(condition.replace(OWN_ROW, row), labels.replace(OWN_ROW, row), shown, is_expression=True)


def _first_lack(values: Mapping[str, Value | None], required: Iterable[str]) -> str:
    """The column of the first required cell of a row that is blank; empty where the row was not begun."""
    if all(value is None for value in values.values()):
        return ""
    return next((key for key in required if is_blank(values[key])), "")


def _runs(block: Block) -> Iterator[tuple[str, str]]:
    """First and last of the columns to fill that stand side by side."""
    cols = [column.col for column in block.inputs()]
    firsts = [col for col in cols if col - 1 not in cols]
    lasts = [col for col in cols if col + 1 not in cols]
    for first, last in zip(firsts, lasts, strict=True):
        yield column_letters(first), column_letters(last)
