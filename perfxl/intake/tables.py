"""The submissions of a chunk of workbooks as long pandas tables, so that a check is one expression over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from perfxl.intake.submission import Intake, Submission
from perfxl.layout import Layout
from perfxl.layout.inputs import inputs_of
from perfxl.rules.base import Inputs, Outcome
from perfxl.scheme.model import Scheme
from perfxl.submission.document import spec_of

CELL_COLUMNS = (
    "file", "table", "key", "field", "sheet", "row", "col", "raw", "value", "trouble", "note", "label", "required",
)  # fmt: skip


@dataclass
class Tables:
    """The tables of a chunk. Every row of a submission that was read is in them; missing values are None.

    cells: one row per file and field (columns CELL_COLUMNS; row and col count from 0; value is Decimal, text or None;
    trouble a `Trouble` or ""). memo: what several checks share. The others are made from it:

    - files: index file; columns of the identity fields (`department.code`, ...) and `scheme`, `year` of the template
    - facts: file, key, value, label
    - facts_wide: index file, one column per fact key
    - kpis, tasks: file, key (number of the row, as text) and one column per column of the table
    - scores: file, key (indicator code), self, reason, points, name
    """

    scheme: Scheme
    cells: pd.DataFrame
    submissions: Mapping[str, Submission]
    memo: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> Mapping[str, Inputs]:
        """What the rules take, by file."""
        return {file: inputs_of(self.scheme, submission.values()) for file, submission in self.submissions.items()}

    @cached_property
    def outcomes(self) -> Mapping[str, Mapping[str, Outcome]]:
        """The computed score of every indicator, by file and code."""
        return {
            file: {item.code: item.rule.score(item.points, inputs) for item in self.scheme.indicators}
            for file, inputs in self.inputs.items()
        }

    def _wide(self, table: str) -> pd.DataFrame:
        part = self.cells[self.cells["table"] == table]
        wide = part.pivot(index=["file", "key"], columns="field", values="value")
        return _none_for_nan(wide.reset_index())

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Facts, one row per file and fact."""
        part = self.cells[self.cells["table"] == "facts"]
        return part[["file", "key", "value", "label"]]

    @cached_property
    def facts_wide(self) -> pd.DataFrame:
        """Facts, one row per file and one column per fact."""
        return _none_for_nan(self.facts.pivot(index="file", columns="key", values="value"))

    @cached_property
    def kpis(self) -> pd.DataFrame:
        """KPI rows with the code and points of the indicator that each counts for (None where none)."""
        names = [column.key for column in self.scheme.table_columns("kpis")]
        wide = self._wide("kpis").reindex(columns=["file", "key", *names])
        owners = self.scheme.kpi_indicator
        wide = _none_for_nan(wide)
        owner = [owners.get(level) for level in wide["level1"]]
        return wide.assign(
            indicator=_column(wide, (item.code if item else None for item in owner)),
            points=_column(wide, (item.points if item else None for item in owner)),
        )

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """Key tasks."""
        names = [column.key for column in self.scheme.table_columns("tasks")]
        return _none_for_nan(self._wide("tasks").reindex(columns=["file", "key", *names]))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Self scores with the points and names of their indicators."""
        wide = _none_for_nan(self._wide("scores").reindex(columns=["file", "key", "self", "reason"]))
        owners = [self.scheme.indicator_by_code[code] for code in wide["key"]]
        return wide.assign(
            points=_column(wide, (item.points for item in owners)), name=_column(wide, (item.name for item in owners))
        )

    @cached_property
    def files(self) -> pd.DataFrame:
        """Identity, one row per file."""
        part = self.cells[self.cells["table"] == "identity"]
        wide = _none_for_nan(part.pivot(index="file", columns="key", values="value"))
        wide = wide.reindex(list(self.submissions))
        for name in ("scheme", "year"):
            wide[name] = [submission.meta.get(name) for submission in self.submissions.values()]
        return wide


def _column(frame: pd.DataFrame, values: Iterable[object]) -> pd.Series[Any]:
    """A column of Python objects, which pandas would otherwise try to turn into numbers."""
    return pd.Series(list(values), index=frame.index, dtype=object)


def _none_for_nan(frame: pd.DataFrame) -> pd.DataFrame:
    """pandas writes NaN where a cell had no row; the checks know only None."""
    frame = frame.astype(object)
    return frame.where(frame.notna(), None)


def tables_of(intakes: Sequence[Intake], layout: Layout) -> Tables:
    """The tables of the submissions among the files."""
    columns: dict[str, list[object]] = {name: [] for name in CELL_COLUMNS}
    submissions: dict[str, Submission] = {}
    for intake in intakes:
        submission = intake.submission
        if submission is None:
            continue
        submissions[intake.path] = submission
        for name, cell in submission.fields.items():
            spec = spec_of(layout, name)
            if spec is None:
                continue
            reading = cell.reading
            for column, content in zip(
                CELL_COLUMNS,
                (
                    intake.path, *name, cell.place.sheet, cell.place.row, cell.place.col, cell.raw, reading.value,
                    reading.trouble or "", reading.note, spec.label, spec.required,
                ),
                strict=True,
            ):  # fmt: skip
                columns[column].append(content)
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    return Tables(layout.scheme, frame, submissions)
