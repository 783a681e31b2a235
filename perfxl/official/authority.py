"""Who speaks for the bureau, and how its word takes the place of a department's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from perfxl.intake.cell import Cell
from perfxl.intake.submission import Intake
from perfxl.layout.fields import FieldId
from perfxl.submission.official import Official
from perfxl.submission.values import Reading


class Authority(Protocol):
    """One of the bureau's lists, as far as it knows values of workbooks."""

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """The values that it has for the department of a workbook that was read, by field; none where it knows none."""
        ...


def apply(intake: Intake, authorities: Sequence[Authority]) -> None:
    """Puts the bureau's values in place; of two authorities on a field the first counts.

    What the department wrote is kept in `Submission.written`, whatever it was.
    """
    submission = intake.submission
    if submission is None:
        return
    for authority in authorities:
        for name, official in authority.values_of(intake).items():
            cell = submission.fields.get(name)
            if cell is None or name in submission.official:
                continue
            submission.official[name] = official
            submission.written[name] = cell
            submission.fields[name] = Cell(cell.place, official.value, Reading(official.value))
