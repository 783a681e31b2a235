"""The roster (部门名录): who has to send a workbook, under which name and category."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from perfxl.errors import ListError
from perfxl.lists.opened import OpenList, open_list
from perfxl.lists.roster_columns import EXTENDED, FORMERLY, headings_of, write_roster
from perfxl.lists.roster_faults import faults_in, names_of, scheme_of
from perfxl.lists.table import Entry, table_in
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.library import builtin_entries
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import code_key
from perfxl.submission.numbers import date_in
from perfxl.text import fold, fold_all

__all__ = ["FILE_NAME", "Listed", "Roster", "read_roster", "write_roster"]

FILE_NAME = "部门名录.xlsx"
_BETWEEN = re.compile("[、,，;；\n]")


@dataclass(frozen=True)
class Listed:
    """A department of the roster, or a project of one. scheme: the code of the one that it is evaluated by.

    extended: the last day on which it may send, None where there is no extension. reviewer: empty where none is named.
    formerly: codes and names that it had before, or those of which it was merged.
    """

    code: str
    name: str
    category: str
    contact: str
    phone: str
    project: str = ""
    scheme: str = ""
    extended: date | None = None
    reviewer: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """The departments of the roster by code, in its order.

    listed: every row, where projects are evaluated and a department may have several. parts: the roster of each scheme
    by its code, where there are several. lines: how many there are in the list, those of other schemes included.
    """

    departments: Mapping[str, Listed]
    listed: Sequence[Listed] = ()
    parts: Mapping[str, Roster] = field(default_factory=dict)
    lines: int = 0

    def of(self, scheme: Scheme) -> Roster:
        """Who is evaluated by a scheme."""
        return self.parts.get(scheme.id, self)

    @property
    def rows(self) -> Sequence[Listed]:
        """Everyone who owes a workbook: each department, or each project; one without a project owes one at least."""
        return self.listed or tuple(self.departments.values())

    def rows_of(self, department: Listed) -> Sequence[Listed]:
        """The rows of a department."""
        return self._rows_by_code.get(department.code, ()) if self.listed else (department,)

    @cached_property
    def _rows_by_code(self) -> Mapping[str, Sequence[Listed]]:
        found: dict[str, list[Listed]] = {}
        for row in self.listed:
            found.setdefault(row.code, []).append(row)
        return found

    def of_code(self, code: str) -> Listed | None:
        """The department of that code, however it is spelled."""
        return self.departments.get(code) or self._by_code_key.get(code_key(code))

    def of_name(self, name: str) -> Listed | None:
        """The department of that name."""
        return self._by_name.get(fold(name))

    @cached_property
    def _by_code_key(self) -> Mapping[str, Listed]:
        keys = Counter(map(code_key, self.departments))
        return {key: listed for code, listed in self.departments.items() if keys[key := code_key(code)] == 1}

    @cached_property
    def _by_name(self) -> Mapping[str, Listed]:
        # Of several the first counts.
        return {fold(listed.name): listed for listed in reversed(list(self.departments.values()))}


def _builtin() -> Iterable[Scheme]:
    return (entry.scheme for entry in builtin_entries() if entry.scheme is not None)


def read_roster(
    source: Path | OpenList,
    schemes: Schemes,
    others: Callable[[], Iterable[Scheme]] = _builtin,
    tell: Callable[[str], None] = lambda words: None,
) -> Roster | None:
    """The roster in a workbook, None where it has no entry of these schemes (the blank one of the templates has none).

    others: gives the schemes that there are besides; rows that name one of them are passed over and told, for a roster
    serves for all schemes, also where a run is by one of them. Raises UsageError where the file cannot be read,
    ListError with all its faults where it does not hold.
    """
    schemes = as_schemes(schemes)
    headings = headings_of(schemes)
    opened = source if isinstance(source, OpenList) else open_list(source)
    table = table_in(opened, headings)
    if table is None:
        return None
    for notice in table.notices:
        tell(f"{opened.path.name}：{notice}")
    entries = _of_these(table.whole, schemes, others, tell)
    words = {heading.key: heading.text for heading in headings}
    owed = [scheme_of(entry, schemes) for entry in entries]
    faults = [*table.faults, *faults_in(entries, owed, schemes, words)]
    if faults:
        raise ListError(opened.path.name, faults)
    rows = [_listed(entry, own) for entry, own in zip(entries, owed, strict=True) if own is not None]
    if not rows:
        return None
    parts = {
        scheme.id: _roster([row for row in rows if row.scheme == scheme.id], projects=scheme.evaluated.is_project)
        for scheme in schemes
    }
    if len(parts) == 1:
        return replace(parts[schemes[0].id], lines=len(table.entries))
    return replace(_roster(rows, projects=True), parts=parts, lines=len(table.entries))


def _of_these(
    entries: Sequence[Entry],
    schemes: Sequence[Scheme],
    others: Callable[[], Iterable[Scheme]],
    tell: Callable[[str], None],
) -> list[Entry]:
    """The entries but for those that name a scheme which is there and not used in this run."""
    strange = {fold_all(entry["scheme"]) for entry in entries if scheme_of(entry, schemes) is None}
    if not strange:
        return list(entries)
    passed: dict[str, str] = {}
    for other in others():
        for name in strange & names_of(other):
            passed.setdefault(name, f"“{other.id}”（{other.header.title}）")
    for title in dict.fromkeys(passed.values()):
        rows = [entry.row for entry in entries if passed.get(fold_all(entry["scheme"])) == title]
        tell(f"部门名录中有 {len(rows)} 行（第 {rows[0]} 行起）写的评分方案是{title}，本次没有使用它，这些行没有处理。")
    return [entry for entry in entries if fold_all(entry["scheme"]) not in passed]


def _listed(entry: Entry, scheme: Scheme) -> Listed:
    values: dict[str, Any] = {**entry.values, "code": fold(entry["code"]), "scheme": scheme.id}
    values[FORMERLY.key] = tuple(filter(None, map(str.strip, _BETWEEN.split(entry[FORMERLY.key]))))
    values[EXTENDED.key] = date_in(entry[EXTENDED.key])
    if not scheme.evaluated.is_project:
        values.pop("project", "")
    return Listed(**values)


def _roster(rows: Sequence[Listed], *, projects: bool) -> Roster:
    departments: dict[str, Listed] = {}
    for row in rows:
        departments.setdefault(row.code, row)
    return Roster(departments, rows if projects else ())
