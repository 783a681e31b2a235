"""What was monitored earlier in the same year: read from the run.json of the other periods beside this one's results.

Several periods stand side by side, a folder each, so that none is written over another.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perfxl.lists.roster import Listed, Roster
from perfxl.monitoring.lights import Light, gravest
from perfxl.results.names import MANIFEST
from perfxl.scheme.model import Scheme, Stage
from perfxl.scheme.stages import periods_of
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key

Key = tuple[str, str]
"""A code or a name, and a project, free of spelling."""


@dataclass(frozen=True)
class EarlierPeriod:
    """A period before this one. lights, totals: the light of the whole and the forecast total, by who it is of.

    formers: whom the roster says that somebody was. Of several merged since the gravest light counts, and no total.
    """

    period: str
    lights: Mapping[Key, Light]
    totals: Mapping[Key, str]
    formers: Mapping[Key, tuple[Key, ...]] = field(default_factory=dict)

    def light_of(self, department: DepartmentResult) -> Light:
        """How a department stood as a whole; NONE where it was not monitored then."""
        return gravest(self.lights[key] for key in self._keys(department))

    def total_of(self, department: DepartmentResult) -> str:
        """The total that was forecast then, empty where none was."""
        keys = self._keys(department)
        return self.totals.get(keys[0], "") if len(keys) == 1 else ""

    def _keys(self, department: DepartmentResult) -> Sequence[Key]:
        own = _keys(department.code, department.name, department.project)
        for key in own:
            if key in self.lights:
                return [key]
        formers = (former for key in own for former in self.formers.get(key, ()))
        return [former for former in dict.fromkeys(formers) if former in self.lights]


def earlier_periods(output: Path, scheme: Scheme, roster: Roster | None = None) -> tuple[EarlierPeriod, ...]:
    """The periods before that of a scheme, in their order, whose results stand beside the output folder.

    roster: tells of who was renamed or merged since whom it was. What cannot be read is passed over: it is nothing that
    this run hangs on.
    """
    if scheme.stage is not Stage.MONITORING:
        return ()
    known = periods_of(scheme)
    before = known[: known.index(scheme.period)] if scheme.period in known else ()
    found: dict[str, EarlierPeriod] = {}
    formers = _formers(roster.of(scheme).rows if roster is not None else ())
    for path in sorted(output.parent.glob(f"*/{MANIFEST}")):
        document = {} if path.parent.name == output.name else _read(path)
        period = str(document.get("period", ""))
        ours = document.get("stage") == str(Stage.MONITORING) and document.get("year") == scheme.year
        if ours and period in before:
            found[period] = _period(period, document, formers)
    return tuple(found[period] for period in before if period in found)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _period(period: str, document: Mapping[str, Any], formers: Mapping[Key, tuple[Key, ...]]) -> EarlierPeriod:
    lights: dict[Key, Light] = {}
    totals: dict[Key, str] = {}
    entries = [
        (_keys(*(str(entry.get(name) or "") for name in ("code", "name", "project"))), entry)
        for entry in _entries(document)
    ]
    counts = Counter(key for keys, _ in entries for key in keys)
    for keys, entry in entries:
        shown = entry.get("lights")
        light = shown.get("whole") if isinstance(shown, dict) else None
        # What two have in common tells nobody.
        for key in keys if light in set(Light) else ():
            if counts[key] == 1:
                lights[key] = Light(str(light))
                totals[key] = str(entry.get("total") or "")
    return EarlierPeriod(period, lights, totals, formers)


def _formers(rows: Iterable[Listed]) -> dict[Key, tuple[Key, ...]]:
    found: dict[Key, tuple[Key, ...]] = {}
    for row in rows:
        project = name_key(row.project)
        before = tuple((key, project) for one in row.formerly for key in (code_key(one), name_key(one)) if key)
        for key in _keys(row.code, row.name, row.project) if before else ():
            found.setdefault(key, before)
    return found


def _entries(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    entries = document.get("departments")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _keys(code: str, name: str, project: str) -> list[Key]:
    """By code, else by name; once where both are the same."""
    return [(key, name_key(project)) for key in dict.fromkeys((code_key(code), name_key(name))) if key]
