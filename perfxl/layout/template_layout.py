"""The layout of the template: its sheets, and the place of every field in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

from perfxl.caches import cached
from perfxl.layout.blocks import fact_blocks, identity_blocks, kpi_block, score_block, task_block
from perfxl.layout.fields import VALUE, FieldId, FieldSpec
from perfxl.layout.grid import Block, Place
from perfxl.layout.sheets import (
    COVER,
    FORMAT_VERSION,
    IDENTITY,
    KPIS,
    META,
    SCORES,
    TASKS,
    TITLE_ROWS,
    open_row_key,
)
from perfxl.rules.quotient import Quotient
from perfxl.scheme.model import Indicator, Scheme

__all__ = [
    "COVER",
    "FORMAT_VERSION",
    "IDENTITY",
    "KPIS",
    "META",
    "SCORES",
    "TASKS",
    "TITLE_ROWS",
    "Layout",
    "field_id",
    "layout_of",
]

P = ParamSpec("P")
T = TypeVar("T")
_NOT_MADE: Any = object()


@dataclass(frozen=True)
class Layout:
    """Blocks by sheet, in the order of the template. `Refs` of the rules: `fact` and `kpi`."""

    scheme: Scheme
    blocks: tuple[Block, ...]

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that a department fills, in the order of the template."""
        return tuple(dict.fromkeys(block.sheet for block in self.blocks))

    def has(self, key: str) -> bool:
        """Whether there is a block of that key (`kpis`, `tasks`, `funds`)."""
        return key in self._block_by_key

    def sheet_blocks(self, sheet: str) -> tuple[Block, ...]:
        """The blocks of a sheet, from the top."""
        return tuple(block for block in self.blocks if block.sheet == sheet)

    def block(self, key: str) -> Block:
        """The block of that key."""
        return self._block_by_key[key]

    @cached_property
    def _block_by_key(self) -> Mapping[str, Block]:
        return {block.key: block for block in self.blocks}

    def __getstate__(self) -> dict[str, Any]:
        # What was derived holds functions, which cannot be sent to another process; it derives its own.
        return {"scheme": self.scheme, "blocks": self.blocks}

    @cached_property
    def _derived(self) -> dict[Hashable, Any]:
        return {}

    def once(self, make: Callable[Concatenate[Layout, P], T], *inputs: P.args, **named: P.kwargs) -> T:
        """What `make` gives for this layout and these inputs, made once: for what thousands of workbooks share.

        `make` must be a function of a module, so that it depends on nothing else. Nobody may change what it gives.
        """
        key = (make, inputs, *named.items()) if named else (make, inputs)
        made: T = self._derived.get(key, _NOT_MADE)
        if made is _NOT_MADE:
            made = self._derived[key] = make(self, *inputs, **named)
        return made

    @cached_property
    def places(self) -> Mapping[FieldId, Place]:
        """Where each field stands in a workbook that nobody has moved."""
        return {
            field_id(block, line.key, column.key): block.place(line, column.key)
            for block in self.blocks
            for line in block.lines
            for column in block.inputs()
            if column.key in line.specs
        }

    @cached_property
    def specs(self) -> Mapping[FieldId, FieldSpec]:
        """What may be written in each field."""
        return {
            field_id(block, line.key, column.key): line.specs[column.key]
            for block in self.blocks
            for line in block.lines
            for column in block.inputs()
            if column.key in line.specs
        }

    @cached_property
    def open_specs(self) -> Mapping[str, Mapping[str, FieldSpec]]:
        """The fields of a row of each open table, by table and column key."""
        return {block.table: block.lines[0].specs for block in self.blocks if block.open}

    def keyed(self, field: FieldId) -> FieldId:
        """The field by the key in its row, where an open table's row is named by its ordinal (`1` → `k001`)."""
        table, row, column = field
        return (table, open_row_key(table, int(row)), column) if table in self.open_specs and row.isdigit() else field

    @cached_property
    def kpi_indicators(self) -> tuple[Indicator, ...]:
        """The indicators that count KPI rows, each with a summary line above the KPI table."""
        return self.scheme.kpi_indicators

    @cached_property
    def derived_places(self) -> Mapping[str, Place]:
        """Where each derived fact is shown."""
        return {
            line.key: block.place(line, VALUE)
            for block in self.blocks
            for line in block.lines
            if block.table == "facts" and line.key in self.scheme.definitions and not line.specs
        }

    def fact(self, key: str) -> str:
        """The cell of a fact or derived fact, as an absolute reference."""
        place = self.places.get(("facts", key, VALUE)) or self.derived_places[key]
        return place.ref

    def number(self, key: str) -> str:
        """The value of a fact as an Excel expression: percentages are typed in points and count as rates."""
        return f"({self.fact(key)}/100)" if key in self.scheme.percent_facts else self.fact(key)

    def definition(self, key: str) -> Quotient | None:
        """How a derived fact is worked out, None for a plain one."""
        return self.scheme.definitions.get(key)

    @property
    def category(self) -> str:
        """The cell of the department's category, as an absolute reference."""
        return self.places["identity", "department.category", VALUE].ref

    def kpi(self, column: str) -> str:
        """The cells of a column of the KPI table, as an absolute reference."""
        return self.block("kpis").range_ref(column)


def field_id(block: Block, row_key: str, column_key: str) -> FieldId:
    """The name of a field from its keys in the sheet.

    In a block of facts with several columns the fact's key is row key and column key together
    (`funds.total` + `initial`).
    """
    if block.table == "facts" and column_key != VALUE:
        key = block.facts.get((row_key, column_key)) if block.facts else None
        return ("facts", key or f"{row_key}.{column_key}", VALUE)
    return (block.table, row_key, column_key)


@cached(maxsize=32)
def _cached(scheme: Scheme, kpi_rows: int, task_rows: int) -> Layout:
    return _build(scheme, kpi_rows, task_rows)


def layout_of(scheme: Scheme, kpi_rows: int = 0, task_rows: int = 0) -> Layout:
    """The layout of a scheme's template, with at least that many rows in its open tables."""
    options = scheme.options
    return _cached(scheme, max(kpi_rows, options.kpi_rows), max(task_rows, options.task_rows))


def _build(scheme: Scheme, kpi_rows: int, task_rows: int) -> Layout:
    funds, *others = _fact_sheets(scheme)
    blocks = [*identity_blocks(scheme)]
    if funds in scheme.fact_sheets:
        blocks += fact_blocks(scheme, funds, "facts")
    if scheme.has_kpis:
        blocks.append(kpi_block(scheme, kpi_rows))
    if scheme.has_tasks:
        blocks.append(task_block(scheme, task_rows))
    for number, sheet in enumerate(others, 1):
        # Keys of the first must be as they were when there was only one.
        blocks += fact_blocks(scheme, sheet, "management" if number == 1 else f"facts{number}_")
    if scheme.asks_scores:
        blocks.append(score_block(scheme))
    return Layout(scheme, tuple(blocks))


def _fact_sheets(scheme: Scheme) -> list[str]:
    """The sheets of facts: that of the funds table, which stands before KPIs and tasks, then the others."""
    funds = scheme.evaluated.funds_sheet
    return [funds, *(sheet for sheet in scheme.fact_sheets if sheet != funds)]
