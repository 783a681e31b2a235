"""What the register holds: a line for each file that ever came, and a line for each one that had to be urged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar

FILE_NAME = "往来登记.xlsx"
YES = "是"


@dataclass(slots=True)
class Line:
    """One file (by its bytes and its path) that a run has seen, or a return that the clerk wrote down by hand.

    All are texts, days as 2023-04-06, empty where not known. received, returned, due, excused, remark: the clerk's
    cells, of which the program fills returned and due. seen: the day of the first run that saw the file, counted:
    the number of that run. own_*: who the workbook itself says it is from, before the roster put its names in place.
    mends: SHA-256 of the file that it mends. problems: what it was returned for, see `perfxl.register.problems`.
    written: what the program itself last wrote into the clerk's cells. corrected: the clerk's cells that the program
    leaves alone, because the clerk has filled or cleared them.
    """

    CLERK: ClassVar[tuple[str, ...]] = ("received", "returned", "due", "excused", "remark")
    DAYS: ClassVar[frozenset[str]] = frozenset(("received", "returned", "due"))

    key: str = ""
    code: str = ""
    name: str = ""
    project: str = ""
    file: str = ""
    status: str = ""
    errors: str = ""
    number: str = ""
    seen: str = ""
    received: str = ""
    returned: str = ""
    due: str = ""
    excused: str = ""
    remark: str = ""
    scheme: str = ""
    year: str = ""
    sha256: str = ""
    counted: str = ""
    own_code: str = ""
    own_name: str = ""
    own_project: str = ""
    own_project_code: str = ""
    mends: str = ""
    problems: str = ""
    written: tuple[str, ...] = ()
    corrected: frozenset[str] = frozenset()

    @property
    def counts_as_return(self) -> bool:
        """Whether it is a return that is held against the department."""
        return bool(self.returned) and self.excused != YES


@dataclass(slots=True)
class Reminder:
    """One that was on the list of those to be urged (催报清单) in any run. times, last, remark: the clerk's cells."""

    CLERK: ClassVar[tuple[str, ...]] = ("times", "last", "remark")
    DAYS: ClassVar[frozenset[str]] = frozenset(("last",))

    key: str = ""
    category: str = ""
    code: str = ""
    name: str = ""
    project: str = ""
    state: str = ""
    due: str = ""
    contact: str = ""
    phone: str = ""
    times: str = ""
    last: str = ""
    remark: str = ""
    scheme: str = ""
    year: str = ""
    written: tuple[str, ...] = ()
    corrected: frozenset[str] = frozenset()


@dataclass(slots=True)
class Register:
    """The register of an output folder. run: the number of the last run that wrote it, 0 of a new one.

    lines, reminders: by their keys. taken: digests of the files from which corrections have been taken over.
    """

    run: int = 0
    lines: dict[str, Line] = field(default_factory=dict)
    reminders: dict[str, Reminder] = field(default_factory=dict)
    taken: tuple[str, ...] = ()


def line_key(sha256: str, file: str) -> str:
    """The key of a file's line."""
    return hashlib.sha256(f"{sha256}\n{file}".encode("utf-8", "surrogatepass")).hexdigest()[:20]


def reminder_key(scheme: str, year: str, code: str, name: str, project: str) -> str:
    """The key of one to be urged. code, name, project: free of their spelling."""
    return hashlib.sha256("\n".join((scheme, year, code or name, project)).encode()).hexdigest()[:20]
