"""Notes on the rows of the open tables: KPIs and tasks. Formulas name the cells of their own row by column key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from perfxl.findings.declare import LEVELS1, LEVELS2, RESULTS
from perfxl.findings.in_excel import Value as Asked
from perfxl.layout import Layout
from perfxl.template.live import KpiLive, Value
from perfxl.template.notes import Note, fitting, shared_notes


@dataclass(frozen=True)
class Row:
    """What stands in one row of an open table; live: what its formulas come to."""

    values: Mapping[str, Value]
    live: KpiLive

    @cached_property
    def field(self) -> Asked:
        """What a column holds, None where nothing stands there."""
        live = self.live
        computed = {
            "completion": live.completion, "counted_weight": live.weight, "computed": live.score,
            "counted": live.counted,
        }  # fmt: skip
        return {**self.values, **computed}.get


def kpi_notes(layout: Layout, at: Mapping[str, str], levels: tuple[str, str], results: str) -> Sequence[Note[Row]]:
    """What can be wrong with a KPI row, the first that holds to be shown.

    at: the row's cells by column key. levels: the ranges of the first levels and of the second levels that belong to
    them. results: the range of the qualitative results.
    """
    return _row_notes(layout, "kpis", {**at, LEVELS1: levels[0], LEVELS2: levels[1], RESULTS: results})


def task_notes(layout: Layout, at: Mapping[str, str]) -> Sequence[Note[Row]]:
    """What can be wrong with a task row."""
    return _row_notes(layout, "tasks", at)


def _row_notes(layout: Layout, table: str, at: Mapping[str, str]) -> Sequence[Note[Row]]:
    return fitting(shared_notes(layout, at.__getitem__, lambda row: row.field, lambda case: case.table == table))
