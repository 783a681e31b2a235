"""Until when those of the roster may send that have an extension (延期至)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from perfxl.lists.roster import Roster
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import Identity, code_key, name_key


@dataclass(frozen=True)
class Extensions:
    """The extensions of a roster; sent to many processes.

    by_code, by_name: the day by scheme, code or name of the department, and project, all free of their spelling; None
    of a row without an extension. The project is empty where departments are evaluated or a row names none.
    """

    by_code: Mapping[tuple[str, str, str], date | None] = field(default_factory=dict)
    by_name: Mapping[tuple[str, str, str], date | None] = field(default_factory=dict)

    @classmethod
    def of(cls, roster: Roster | None, schemes: Iterable[Scheme]) -> Extensions:
        """Those of a roster, none without one."""
        by_code: dict[tuple[str, str, str], date | None] = {}
        by_name: dict[tuple[str, str, str], date | None] = {}
        for scheme in schemes if roster is not None else ():
            for row in roster.of(scheme).rows:  # type: ignore[union-attr]
                project = name_key(row.project) if scheme.evaluated.is_project else ""
                by_code.setdefault((scheme.id, code_key(row.code), project), row.extended)
                by_name.setdefault((scheme.id, name_key(row.name), project), row.extended)
        return cls(by_code, by_name)

    def until(self, scheme: str, who: Identity) -> date | None:
        """The last day of a department or project, None where it has no extension.

        As the roster finds who sent a workbook: by the code, else by the name; a project by its own row, else by one
        that names no project.
        """
        for days, own in ((self.by_code, who.code), (self.by_name, who.name)):
            for project in dict.fromkeys((who.project, "")):
                if own and (scheme, own, project) in days:
                    return days[scheme, own, project]
        return None
