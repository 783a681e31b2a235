"""What was monitored earlier in the same year: read from the run.json of the other periods beside this one's results.

Several periods stand side by side, a folder each, so that none is written over another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfxl.monitoring.lights import Light
from perfxl.results.names import MANIFEST
from perfxl.scheme.model import Scheme, Stage
from perfxl.scheme.stages import periods_of
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key


@dataclass(frozen=True)
class EarlierPeriod:
    """A period before this one. lights, totals: the light of the whole and the forecast total, by who it is of."""

    period: str
    lights: Mapping[tuple[str, str], Light]
    totals: Mapping[tuple[str, str], str]

    def light_of(self, department: DepartmentResult) -> Light:
        """How a department stood as a whole; NONE where it was not monitored then."""
        return self.lights.get(_key(department.code, department.name, department.project), Light.NONE)

    def total_of(self, department: DepartmentResult) -> str:
        """The total that was forecast then, empty where none was."""
        return self.totals.get(_key(department.code, department.name, department.project), "")


def earlier_periods(output: Path, scheme: Scheme) -> tuple[EarlierPeriod, ...]:
    """The periods before that of a scheme, in their order, whose results stand beside the output folder.

    What cannot be read is passed over: it is nothing that this run hangs on.
    """
    if scheme.stage is not Stage.MONITORING:
        return ()
    known = periods_of(scheme)
    before = known[: known.index(scheme.period)] if scheme.period in known else ()
    found: dict[str, EarlierPeriod] = {}
    for path in sorted(output.parent.glob(f"*/{MANIFEST}")):
        document = {} if path.parent.name == output.name else _read(path)
        period = str(document.get("period", ""))
        ours = document.get("stage") == str(Stage.MONITORING) and document.get("year") == scheme.year
        if ours and period in before:
            found[period] = _period(period, document)
    return tuple(found[period] for period in before if period in found)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _period(period: str, document: Mapping[str, Any]) -> EarlierPeriod:
    lights: dict[tuple[str, str], Light] = {}
    totals: dict[tuple[str, str], str] = {}
    for entry in _entries(document):
        key = _key(*(str(entry.get(name) or "") for name in ("code", "name", "project")))
        shown = entry.get("lights")
        light = shown.get("whole") if isinstance(shown, dict) else None
        if light in set(Light):
            lights[key] = Light(str(light))
            totals[key] = str(entry.get("total") or "")
    return EarlierPeriod(period, lights, totals)


def _entries(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    entries = document.get("departments")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _key(code: str, name: str, project: str) -> tuple[str, str]:
    return code_key(code) or name_key(name), name_key(project)
