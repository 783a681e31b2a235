"""What a run adds to the register: files that it saw for the first time, and what became of each."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from perfxl.register.model import Line, Register, line_key
from perfxl.register.same import same
from perfxl.status import Status
from perfxl.submission.identity import Identity, identity_of

KEPT = (Status.SCORED, Status.RETURNED, Status.REJECTED, Status.SUPERSEDED, Status.DUPLICATE)
"""What becomes of a workbook that was sent."""
_COUNTED = (Status.SCORED, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class Seen:
    """A file of this run. own: code, name, project and its code as the workbook says them. due: resubmit by, where it
    is returned. problems: see `perfxl.register.problems`."""

    path: str
    sha256: str
    status: Status
    errors: int
    scheme: str = ""
    year: str = ""
    code: str = ""
    name: str = ""
    project: str = ""
    own: tuple[str, str, str, str] = ("", "", "", "")
    mends: str = ""
    problems: str = ""


def record(register: Register, files: Iterable[Seen], today: date, days: dict[str, int]) -> None:
    """Puts the files of a run into the register. days: to resubmit, by the code of the scheme.

    The clerk's cells that the clerk has filled stay as they are, and files that are no longer there too.
    """
    register.run += 1
    fresh: list[Line] = []
    # Most of what is written is alike in thousands of lines: one text serves for all.
    day, run = today.isoformat(), str(register.run)
    for seen in files:
        if seen.status not in KEPT:
            continue
        key = line_key(seen.sha256, seen.path)
        line = register.lines.get(key)
        if line is None:
            line = Line(key=key, file=seen.path, sha256=seen.sha256, seen=day, counted=run)
            register.lines[key] = line
            fresh.append(line)
        _update(line, seen, day, days.get(seen.scheme, 0))
    _number(register.lines.values(), fresh)


def _update(line: Line, seen: Seen, today: str, days: int) -> None:
    line.status = seen.status.label
    if seen.status in _COUNTED:
        line.errors = sys.intern(str(seen.errors))
    if seen.scheme:
        # Of a file that can no longer be read what was known of it stays.
        line.scheme, line.year, line.mends = seen.scheme, sys.intern(seen.year), seen.mends
        line.code, line.name, line.project = seen.code, seen.name, seen.project
        line.own_code, line.own_name, line.own_project, line.own_project_code = seen.own
    if seen.status is Status.RETURNED:
        _fill(line, "returned", line.returned or today)
        _fill(line, "due", line.due or (_after(line.returned, days) if line.returned else ""))
        line.problems = seen.problems
    elif seen.status is Status.SCORED:
        # What was wrong is accepted by now: it is not returned.
        _fill(line, "returned", "")
        _fill(line, "due", "")
        line.problems = ""


def _fill(line: Line, name: str, value: str) -> None:
    if name not in line.corrected:
        setattr(line, name, value)


def _after(day: str, days: int) -> str:
    try:
        return sys.intern((date.fromisoformat(day) + timedelta(days=days)).isoformat()) if days > 0 else ""
    except (ValueError, OverflowError):
        return ""


def _number(lines: Iterable[Line], fresh: Sequence[Line]) -> None:
    """第几次报送 of the files that are new: those of one department and round on from its last, equal bytes once."""
    if not fresh:
        return
    rounds: dict[tuple[str, str], dict[str, Line | list[Line]]] = {}
    for line in lines:
        who, own = _who(line), rounds.setdefault((line.scheme, line.year), {})
        # Found by code and by name: what lacks one of them is the same as what has it. Most are written as they are
        # compared: one text serves for both.
        parts = {who.code: line.own_code, who.name: line.own_name}
        for part in (text if text == key else key for key, text in parts.items() if key):
            # Most have one line: lists for all would take more memory than the lines.
            if (before := own.get(part)) is None:
                own[part] = line
            elif isinstance(before, list):
                before.append(line)
            else:
                own[part] = [before, line]
    replaced = (Status.SUPERSEDED.label, Status.DUPLICATE.label)
    for line in sorted(fresh, key=lambda one: (one.status not in replaced, one.file)):
        who, own = _who(line), rounds[line.scheme, line.year]
        near = [one for part in (who.code, who.name) if part for one in _each(own[part])]
        alike = [other for other in near if other is not line and same(_who(other), who)]
        twin = next((other.number for other in alike if other.sha256 == line.sha256 and other.number), "")
        if who.code or who.name:
            last = max((int(other.number) for other in alike if other.number.isdecimal()), default=0)
            line.number = twin or sys.intern(str(last + 1))


def _who(line: Line) -> Identity:
    return identity_of(line.own_code, line.own_name, line.own_project, line.own_project_code)


def _each(found: Line | list[Line]) -> Sequence[Line]:
    return found if isinstance(found, list) else (found,)
