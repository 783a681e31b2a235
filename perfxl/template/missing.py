"""What still has to be filled in, place by place, counted while one types.

Two columns of `_meta` hold it: a running number, and beside it the place and its name. The first sheet looks the first
ones up by their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from perfxl.findings.in_excel import blank, is_blank
from perfxl.findings.kpis import NO_KPIS
from perfxl.layout import Block, Layout, Line, Place
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import KPIS, META
from perfxl.layout.template_layout import field_id
from perfxl.references import column_letters, literal
from perfxl.rules import Rule
from perfxl.scheme.model import Indicator
from perfxl.template.applying import Applies, applies, indicator_applies
from perfxl.template.expressions import area, how_many, of_sheet
from perfxl.template.live import Live, Value
from perfxl.template.sheet import Sheet
from perfxl.template.text_height import units

BETWEEN = "*"
"""Stands between the place and its name: no name of a sheet holds it."""
LONGEST_NAME = 99
TABLES = {"kpis": "绩效指标表", "tasks": "重点任务表", "scores": "自评得分表"}
"""Defined names of the tables from their headings on, by the keys of their blocks."""
_OWN_PLACE = "\x02"
"""In what is made once for all rows of an open table, the place of the row in it, the headings being 1."""


@dataclass(frozen=True)
class MissingEntry:
    """A place where something may be missing.

    condition: Excel, 1 or true where it is. entry: place and name; of a row of an open table an Excel expression, for
    what is missing in it changes. shown: the entry as a workbook's values have it, empty where nothing is missing.
    due: when the place must be filled, None for always. ordinal: of a row of an open table, 0 for all else.
    """

    condition: str
    entry: str
    shown: Callable[[Live], str]
    is_expression: bool = False
    due: Applies | None = None
    ordinal: int = 0


@dataclass(frozen=True)
class _Line:
    """How a place is written. count: the number of the places that are missing down to it. entry: the place and its
    name, or the expression that gives them. due: the number of those that must be filled."""

    row: int
    lack: MissingEntry
    count: str
    entry: str
    due: str


def _lines(layout: Layout, sheet: str, above: int, col: int) -> list[_Line]:
    """The lines of a sheet's places. above: the last row before them. col: the first column."""
    lines = []
    for row, lack in enumerate(layout.once(_lacks, sheet), above + 1):
        here, before = (Place(META, each, col).cell for each in (row, row - 1))
        entry = f'IF({here}={before},"",{lack.entry})' if lack.is_expression else lack.entry
        condition = f"({lack.due.formula})" if lack.due else "1"
        due = f"{Place(META, row - 1, col + 2).cell}+{condition}"
        count = f"{before}+{lack.condition}"
        if lack.ordinal:
            # Not ROW(), which is an array of one number, and INDEX takes that in its own way.
            place = f"ROWS({column_letters(col)}${row - lack.ordinal + 1}:{here})"
            count, entry = (each.replace(_OWN_PLACE, place) for each in (count, entry))
        lines.append(_Line(row, lack, count, entry, due))
    return lines


class Missing:
    """Every place that may have to be filled, in the order of the sheets, written to `_meta`."""

    def __init__(self, sheet: Sheet) -> None:
        self._live, layout = sheet.live, sheet.book.layout
        # A third column counts the places that must be filled, where that is not the same for everybody.
        self._counts_due = layout.scheme.restricted
        self._first = sheet.book.lists.free_columns("missing", 3 if self._counts_due else 2)
        self.entries: list[str] = []
        self._bounds: dict[str, tuple[int, int]] = {}
        row = due = 0
        if not sheet.stamped:
            sheet.xl.write_number(0, self._first.col, 0)
            if self._counts_due:
                sheet.xl.write_number(0, self._first.col + 2, 0)
        for name in layout.sheets:
            before = row
            for line in layout.once(_lines, name, row, self._first.col):
                row, lack = line.row, line.lack
                shown = lack.shown(self._live)
                if shown:
                    self.entries.append(shown)
                sheet.styled_formula(row, self._first.col, line.count, len(self.entries), None)
                if lack.is_expression and (shown or not sheet.stamped):
                    sheet.styled_formula(row, self._first.col + 1, line.entry, shown, None)
                elif not lack.is_expression and not sheet.stamped:
                    sheet.xl.write_string(row, self._first.col + 1, line.entry)
                if self._counts_due:
                    due += lack.due is None or lack.due.now(self._live)
                    sheet.styled_formula(row, self._first.col + 2, line.due, due, None)
            self._bounds[name] = (before, row)
        self._row = row

    def _place(self, row: int, col: int) -> Place:
        return Place(self._first.sheet, row, self._first.col + col)

    @property
    def total(self) -> str:
        """The cell that says how many places are missing."""
        return self._place(self._row, 0).ref

    def count(self, sheet: str) -> str:
        """An Excel expression: how many places of a sheet are missing."""
        return self._between(sheet, 0)

    def kinds(self) -> str:
        """An Excel expression: how many indicators that count KPIs of some kinds have none."""
        first = self._bounds[KPIS][0]
        last = first + len(self._live.layout.kpi_indicators)
        return f"({self._place(last, 0).ref}-{self._place(first, 0).ref})"

    def due(self, sheet: str, due: int) -> str:
        """An Excel expression: how many places of a sheet of forms must be filled. due: how many as things stand."""
        return self._between(sheet, 2) if self._counts_due else str(due)

    def _between(self, sheet: str, col: int) -> str:
        first, last = self._bounds[sheet]
        return f"({self._place(last, col).ref}-{self._place(first, col).ref})"

    def longest(self) -> str:
        """The longest name of a place that may be missing, of those that do not follow from what is typed."""
        return self._live.layout.once(_longest_name)

    def links(self, count: int) -> list[str]:
        """Excel expressions: links to so many missing places, the first ones; empty where there are fewer."""
        columns = self._column(0), self._column(1)
        return self._live.layout.once(_links, *columns, self.total, count)

    def _column(self, col: int) -> str:
        return area(self._place(1, col), self._place(max(self._row, 1), col))

    def link_value(self, number: int) -> str:
        """A link, computed."""
        return self.entries[number - 1].partition(BETWEEN)[2][:LONGEST_NAME] if number <= len(self.entries) else ""


def _longest_name(layout: Layout) -> str:
    names = (
        lack.entry.partition(BETWEEN)[2] for sheet in layout.sheets for lack in layout.once(_lacks, sheet)
        if not lack.is_expression
    )  # fmt: skip
    return max(names, key=units, default="")[:LONGEST_NAME]


def _links(_: Layout, counts: str, entries: str, total: str, count: int) -> list[str]:
    links = []
    for number in range(1, count + 1):
        entry = f"INDEX({entries},MATCH({number},{counts},0))"
        cut = f'FIND("{BETWEEN}",{entry})'
        name = f"MID({entry},{cut}+1,{LONGEST_NAME})"
        links.append(f'IF({total}<{number},"",HYPERLINK("#"&LEFT({entry},{cut}-1),{name}))')
    return links


@dataclass(frozen=True)
class RequiredCell:
    """A cell that must be filled. name: of its field. applies: when, None for always."""

    block: Block
    line: Line
    key: str
    name: FieldId
    applies: Applies | None

    def is_due(self, live: Live) -> bool:
        """Whether it must be filled as things stand."""
        return self.applies is None or self.applies.now(live)

    def value(self, live: Live) -> Value | None:
        """What stands in it."""
        return live.value(self.name)


def required_cells(layout: Layout, sheet: str) -> list[RequiredCell]:
    """Every cell of a sheet's forms that must be filled."""
    return [
        RequiredCell(block, line, key, field_id(block, line.key, key), applies(layout, block, line, key))
        for block in layout.sheet_blocks(sheet)
        for line in block.lines
        for key, spec in line.specs.items()
        if spec.required and not block.open
    ]


def no_kpis(layout: Layout, rule: Rule) -> str:
    """An Excel condition: there is no KPI of the kinds that an indicator counts."""
    return f"({how_many(layout.kpi('level1'), rule.kpi_levels)}=0)"


def _lacks(layout: Layout, sheet: str) -> list[MissingEntry]:
    # First of their sheet, so that they can be counted by themselves.
    found = list(_kinds(layout)) if sheet == KPIS else []
    found += map(_cell, required_cells(layout, sheet))
    for block in layout.sheet_blocks(sheet):
        found += _rows(block) if block.open else ()
    return found


def _cell(cell: RequiredCell) -> MissingEntry:
    block, line = cell.block, cell.line
    place = block.place(line, cell.key)
    label = f"{line.key} {line.labels['name']}" if block.table == "scores" else line.specs[cell.key].label
    entry = f"{of_sheet(block.sheet)}{place.cell}{BETWEEN}{block.sheet}：{label}"

    def shown(live: Live) -> str:
        return entry if cell.is_due(live) and is_blank(cell.value(live)) else ""

    lacking = blank(place.ref)
    condition = f"AND({cell.applies.formula},{lacking})" if cell.applies else f"({lacking})"
    return MissingEntry(condition, entry, shown, due=cell.applies)


def _kinds(layout: Layout) -> Iterator[MissingEntry]:
    """The indicators that count KPIs of some kinds and have none."""
    block = layout.block("kpis")
    first = Place(block.sheet, block.first_row, block.column("level1").col)
    for indicator in layout.kpi_indicators:
        kinds = "、".join(indicator.rule.kpi_levels)
        entry = f"{of_sheet(first.sheet)}{first.cell}{BETWEEN}{block.sheet}：{NO_KPIS.title}（{kinds}）"
        due = indicator_applies(layout, indicator.code)

        def shown(live: Live, indicator: Indicator = indicator, entry: str = entry) -> str:
            return entry if indicator.code in live.applying and not live.kpi_ordinals(indicator) else ""

        lacking = no_kpis(layout, indicator.rule)
        yield MissingEntry(f"AND({due.formula},{lacking})" if due else lacking, entry, shown)


def _rows(block: Block) -> Iterator[MissingEntry]:
    """Rows of an open table that were begun and lack something; the first thing that each lacks is named."""
    specs = block.lines[0].specs
    required = [key for key, spec in specs.items() if spec.required]
    if not required:
        return
    letters = {key: column_letters(block.column(key).col) for key in specs}
    sheet, table = of_sheet(block.sheet), TABLES[block.key]
    # By its place in the table: a formula that names a sheet is shared with no other row.
    where = {key: f"INDEX({table},{_OWN_PLACE},{block.column(key).col - block.columns[0].col + 1})" for key in letters}
    begun = ",".join(where[column.key] for column in block.inputs())
    lacking = ",".join(blank(where[key]) for key in required)
    # Where rows were deleted the last places are none of the table, which must not spoil what is counted.
    condition = f"IFERROR((COUNTA({begun})>0)*OR({lacking}),0)"
    number = f"({_OWN_PLACE}-1)"
    labels = '""'
    for key in reversed(required):
        entry = f'"{sheet}{letters[key]}"&ROW({where[key]})&"{BETWEEN}{block.sheet}：第 "&{number}'
        labels = f"IF({blank(where[key])},{entry}&{literal(f' 项的{specs[key].label}')},{labels})"
    for ordinal, line in enumerate(block.lines, 1):

        def shown(live: Live, ordinal: int = ordinal, line: Line = line) -> str:
            if (block.table, line.key) not in live.rows:
                return ""
            key = _first_lack({key: live.value((block.table, line.key, key)) for key in specs}, required)
            place = f"{sheet}{letters[key]}{line.row + 1}" if key else ""
            return f"{place}{BETWEEN}{block.sheet}：第 {ordinal} 项的{specs[key].label}" if key else ""

        yield MissingEntry(condition, labels, shown, is_expression=True, ordinal=ordinal)


def _first_lack(values: Mapping[str, Value | None], required: Iterable[str]) -> str:
    """The column of the first required cell of a row that is blank; empty where the row was not begun."""
    if all(value is None for value in values.values()):
        return ""
    return next((key for key in required if is_blank(values[key])), "")
