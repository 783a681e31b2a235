"""What a department objects to in its result (异议), on the sheet of its own result workbook."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.records import Record


@dataclass(frozen=True, slots=True)
class Objection(Record):
    """An objection to the score of one indicator. indicator: its code, empty where it is to the whole.

    scheme, code, name, project, project_code: of the result that it is to; started: the run that the result is of.
    claim, basis: as filled in. file: below the input folder; sheet, cell: where the claim stands.
    """

    scheme: str
    code: str
    name: str
    project: str
    project_code: str
    indicator: str
    claim: str
    basis: str
    file: str
    sheet: str
    cell: str
    started: str = ""

    @property
    def title(self) -> str:
        """What the department or project is called in lists."""
        return self.project or self.name
