"""The submissions of a chunk of workbooks as long tables, so that a check is one expression over all of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from perfxl.intake.columns import Table
from perfxl.intake.submission import Intake, Submission
from perfxl.layout import Layout
from perfxl.layout.fields import FieldId
from perfxl.layout.inputs import ABSENT, inputs_of
from perfxl.rules.base import Computed, Inputs
from perfxl.scheme.model import Scheme

_ALWAYS = ("actual", "self_score")
WAITS = Computed(None)
"""Of an indicator that waits for the bureau: its score cannot be computed, and nobody here has left anything out."""


@dataclass
class Tables:
    """The tables of a chunk. Every row of a submission that was read and applies to its department is in them; missing
    values are None, and so is what does not apply.

    memo: what several checks share. The tables name the file of each row (`Table.frame` gives them to pandas) and have
    these columns:

    - doubtful: table, key, field, trouble (a `Trouble` or ""), note; one row per cell that gave no value where one
      should be, or was read as something else than stands there
    - facts: one per fact key, in the order of the template; one row per file
    - kpis: key (number of the row, as text), one per column of the table, indicator, points
    - tasks: key, one per column of the table
    - scores: key (indicator code), self, reason, points, name

    Rows of one file stand in the order of their keys as texts, doubtful cells in that of its fields.
    """

    layout: Layout
    submissions: Mapping[str, Submission]
    memo: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        """The scheme that the submissions are read by."""
        return self.layout.scheme

    @cached_property
    def values(self) -> Mapping[str, Mapping[FieldId, Decimal | str]]:
        """The value of every field that gives one and applies, by file."""
        return {file: applying_values(submission) for file, submission in self.submissions.items()}

    @cached_property
    def inputs(self) -> Mapping[str, Inputs]:
        """What the rules take, by file."""
        return {file: inputs_of(self.scheme, values) for file, values in self.values.items()}

    @cached_property
    def outcomes(self) -> Mapping[str, Mapping[str, Computed]]:
        """The computed score of every indicator, by file and code."""
        return {
            file: {
                item.code: WAITS
                if item.code in self.submissions[file].pending
                else item.rule.score(item.points, inputs)
                for item in self.scheme.indicators
            }
            for file, inputs in self.inputs.items()
        }

    @cached_property
    def doubtful(self) -> Table:
        """Cells without a value where one should be, and those read as something else than stands there."""
        cells = [
            (file, *name, reading.trouble or "", reading.note)
            for file, submission in self.submissions.items()
            for name, cell in submission.fields.items()
            if (reading := cell.reading).trouble or reading.note
        ]
        files, *columns = zip(*cells, strict=True) if cells else ((),) * 6
        return Table(files, dict(zip(("table", "key", "field", "trouble", "note"), columns, strict=True)))

    @cached_property
    def facts(self) -> Table:
        """Facts, one row per file and one column per fact."""
        keys = [field for field in self.layout.specs if field[0] == "facts"]
        columns = {field[1]: [values.get(field) for values in self.values.values()] for field in keys}
        return Table(self.submissions, columns)

    def _long(self, table: str, names: Iterable[str]) -> tuple[list[str], dict[str, list[Any]]]:
        """The file of each row of a table with several rows a file, and these of its columns, its key before them."""
        rows = [
            (file, key)
            for file, submission in self.submissions.items()
            for key in sorted({key for name, key, _ in submission.fields if name == table})
            if submission.applies(table, key)
        ]
        files, keys = [file for file, _ in rows], [key for _, key in rows]
        return files, {"key": keys} | {
            name: [self.values[file].get((table, key, name)) for file, key in rows] for name in names
        }

    @cached_property
    def kpis(self) -> Table:
        """KPI rows with the code and points of the indicator that each counts for (None where none)."""
        names = [column.key for column in self.scheme.table_columns("kpis")]
        # What a stage of the year does not ask is blank in every row.
        names += [key for key in _ALWAYS if key not in names] if names else []
        files, columns = self._long("kpis", names)
        # A scheme without KPIs has no such column.
        owners = [self.scheme.kpi_indicator.get(level) for level in columns.get("level1", ())]
        columns["indicator"] = [item.code if item else None for item in owners]
        columns["points"] = [item.points if item else None for item in owners]
        return Table(files, columns)

    @cached_property
    def tasks(self) -> Table:
        """Key tasks."""
        return Table(*self._long("tasks", (column.key for column in self.scheme.table_columns("tasks"))))

    @cached_property
    def scores(self) -> Table:
        """Self scores with the points and names of their indicators."""
        files, columns = self._long("scores", ("self", "reason"))
        owners = [self.scheme.indicator_by_code[code] for code in columns["key"]]
        columns["points"] = [item.points for item in owners]
        columns["name"] = [item.name for item in owners]
        return Table(files, columns)


def applying_values(submission: Submission) -> Mapping[FieldId, Decimal | str]:
    """The value of every field that gives one and applies; with a mark for each approved KPI that was left out."""
    values = submission.values() | {("kpis", row, ABSENT): ABSENT for row in submission.absent}
    if submission.applying is None or not submission.applying.aside:
        return values
    return {name: value for name, value in values.items() if submission.applies(name[0], name[1])}


def tables_of(intakes: Sequence[Intake], layout: Layout) -> Tables:
    """The tables of the submissions among the files."""
    return Tables(layout, {intake.path: intake.submission for intake in intakes if intake.submission is not None})
