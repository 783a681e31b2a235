"""催报清单: who has not sent a workbook, or was returned one and has not sent it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from perfxl.register.model import Register, Reminder, reminder_key
from perfxl.submission.identity import code_key, name_key
from perfxl.submission.numbers import date_in

NEVER, RETURNED = "未报送", "退回未重报"


@dataclass(slots=True)
class Owed:
    """One to be urged. due: until when, None where no deadline is known. late: days since then on the day of the run,
    0 where it is not over. returned: the day on which its workbook was returned. times, last, remark: the clerk's."""

    category: str
    code: str
    name: str
    project: str
    state: str
    due: date | None
    scheme: str
    year: str
    contact: str = ""
    phone: str = ""
    returned: str = ""
    late: int = 0
    times: str = ""
    last: str = ""
    remark: str = ""


def urge(register: Register, owed: Iterable[Owed], today: date, rounds: Iterable[tuple[str, str]]) -> list[Owed]:
    """The list, by category and the longest overdue first, with what the clerk wrote; its lines go into the register.

    rounds: scheme and year of those of which the list is the whole: who is no longer on it is told so there.
    """
    found: list[Owed] = []
    keys: set[str] = set()
    for one in owed:
        key = reminder_key(one.scheme, one.year, code_key(one.code), name_key(one.name), name_key(one.project))
        if key in keys:
            continue
        keys.add(key)
        line = register.reminders.setdefault(key, Reminder(key=key))
        if not one.category:
            # Neither a workbook nor the roster says them in this run.
            one.category, one.contact, one.phone = line.category, one.contact or line.contact, one.phone or line.phone
        line.category, line.code, line.name, line.project = one.category, one.code, one.name, one.project
        line.state, line.due = one.state, one.due.isoformat() if one.due else ""
        line.contact, line.phone, line.scheme, line.year = one.contact, one.phone, one.scheme, one.year
        one.times, one.last, one.remark = line.times, line.last, line.remark
        one.late = max(0, (today - one.due).days) if one.due else 0
        found.append(one)
    whole = set(rounds)
    for key, line in register.reminders.items():
        if key not in keys and (line.scheme, line.year) in whole:
            line.state = "已报送"
    return sorted(found, key=lambda one: (one.scheme, one.category, -one.late, one.code, one.name, one.project))


def due_day(*days: object) -> date | None:
    """The first of these that is a day."""
    return next((day for text in days if (day := date_in(text)) is not None), None)


def counts(owed: Sequence[Owed]) -> tuple[int, int]:
    """How many have sent nothing, and how many were returned and have not sent again."""
    return sum(one.state == NEVER for one in owed), sum(one.state == RETURNED for one in owed)
