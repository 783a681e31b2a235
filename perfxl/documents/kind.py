"""A kind of document: what it says, how that comes of the kept results, how its template is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from perfxl.results.kept_results import LastRun
from perfxl.scheme.model import Scheme, Stage
from perfxl.scoring.result import DepartmentResult

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """What a department's document is made of.

    entry: the department in run.json; findings: those on its workbook, from there. today: the date of the document;
    due: by when what is wrong has to be mended.
    """

    scheme: Scheme
    department: DepartmentResult
    entry: Json
    findings: tuple[Json, ...]
    today: date
    due: date


@dataclass(frozen=True)
class WholeRun:
    """What a document of the whole run is made of. today, due: as for Case."""

    last: LastRun
    today: date
    due: date


@dataclass(frozen=True)
class More:
    """A further file beside a document, a workbook. name: its name without the folder."""

    ending: str
    write: Callable[[Any, Any], None]
    """Given what the document says and the path."""


@dataclass(frozen=True)
class Kind:
    """name: as people call it, also its folder and template. aliases: other names for `--kind`. words: what it is for.

    record: the record of its placeholders. draw: draws the template that the program brings. of_department, of_run:
    makes the record, one of the two. wanted: whether a department has such a document. title: of one document, for its
    properties and, of a whole run, its file name. public: whether it must hold nothing internal. more: further files;
    list_of: one file on all departments of which there is a document: its name, and what writes it given their records.
    order: place in lists. stages: of which stages of the year it is written.
    """

    name: str
    words: str
    record: type[Any]
    draw: Callable[[], bytes]
    title: Callable[[Any], str]
    of_department: Callable[[Case], Any] | None = None
    of_run: Callable[[WholeRun], Any] | None = None
    wanted: Callable[[Json], bool] = lambda entry: entry["file"] is not None
    aliases: tuple[str, ...] = ()
    more: Sequence[More] = field(default=())
    list_of: tuple[str, Callable[[LastRun, Sequence[Json], Any], None]] | None = None
    public: bool = False
    order: int = 50
    stages: tuple[Stage, ...] = (Stage.SELF_REVIEW,)

    @property
    def template(self) -> str:
        """The file name of its template."""
        return f"{self.name}模板.docx"

    def answers_to(self, word: str) -> bool:
        """Whether `--kind word` means it."""
        return word in (self.name, *self.aliases)
