"""Who speaks for the bureau, and how its word takes the place of a department's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from perfxl.intake.cell import Cell
from perfxl.intake.submission import Intake, Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.inputs import kpi_rows
from perfxl.layout.template_layout import Layout
from perfxl.outcome import pending
from perfxl.submission.document import spec_of
from perfxl.submission.official import Official
from perfxl.submission.values import Reading
from perfxl.text import is_blank


class Authority(Protocol):
    """One of the bureau's lists, as far as it knows values of workbooks."""

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """The values that it has for the department of a workbook that was read, by field; none where it knows none."""
        ...


def apply(intake: Intake, authorities: Sequence[Authority]) -> None:
    """Puts the bureau's values in place; of two authorities on a field the first counts.

    What the department wrote is kept in `Submission.written`, whatever it was. Where the bureau supplies a field and
    has not given its value, the field is blank, whatever stands there: a workbook never speaks for the bureau.
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
    _blank_what_is_not_given(submission)
    if submission.official:
        replaced = {cell.place for cell in submission.written.values()}
        submission.unseen[:] = [item for item in submission.unseen if item[1] not in replaced]


def _blank_what_is_not_given(submission: Submission) -> None:
    layout = submission.layout
    scheme = layout.scheme
    if not scheme.bureau_facts and not scheme.bureau_targets:
        return
    for name in _supplied(submission, layout):
        cell = submission.fields[name]
        if name not in submission.official and (cell.reading != Reading(None) or not is_blank(cell.raw)):
            submission.written[name] = cell
            submission.fields[name] = Cell(cell.place, None, Reading(None))
    rows = kpi_rows(submission.values()).values() if scheme.bureau_targets else ()
    codes = None if submission.applying is None else submission.applying.codes
    submission.pending = pending(scheme, lambda key: _lacks(submission, key), rows, codes)


def _supplied(submission: Submission, layout: Layout) -> list[FieldId]:
    """The fields of a workbook that the bureau supplies."""
    found = [name for key in layout.scheme.bureau_facts if (name := ("facts", key, VALUE)) in submission.fields]
    if layout.scheme.bureau_targets:
        found += [name for name in submission.fields if name[0] == "kpis" and name[2] == "target"]
    return found


def _lacks(submission: Submission, key: str) -> bool:
    """Whether the bureau has not given a fact that it supplies and that applies to the department."""
    return submission.applies("facts", key) and ("facts", key, VALUE) not in submission.official


def differs(submission: Submission, name: FieldId) -> bool:
    """Whether the bureau's value of a field is another than the department wrote, beyond the scheme's tolerance.

    What the department left blank where it should not have is another; a blank cell that the bureau supplies is not.
    """
    official, cell = submission.official[name], submission.written[name]
    own = cell.reading.value
    if own is None and is_blank(cell.raw):
        spec = spec_of(submission.layout, name)
        return spec is None or not spec.bureau
    if isinstance(own, str) or isinstance(official.value, str) or own is None:
        return own != official.value
    return abs(own - official.value) > submission.layout.scheme.thresholds.official_gap
