"""One register from all its copies: no line is lost, and what the clerk wrote in any of them counts once.

What the program last wrote into a clerk's cell stands hidden beside it: a cell that differs is the clerk's word. A copy
from which corrections were taken over is known by its digest, so that an old copy that lies about brings nothing back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from perfxl.register.model import Line, Register, Reminder

REMEMBERED = 60
Kept = TypeVar("Kept", Line, Reminder)


@dataclass(slots=True)
class Copy:
    """A register as it was read from one place. shown: the place in words. sha256: of the file. saved: its time in
    nanoseconds. working, safe: whether it stands in the output folder, in the bureau's. told: what is wrong in it."""

    shown: str
    sha256: str
    saved: int
    working: bool
    register: Register
    told: list[str] = field(default_factory=list)
    safe: bool = False


def merged(copies: Sequence[Copy]) -> tuple[Register, list[str]]:
    """The register that the copies come to, and what of it is to be told."""
    order = sorted(copies, key=lambda copy: (copy.register.run, copy.saved, copy.shown))
    taken = [digest for copy in order for digest in copy.register.taken]
    told = [words for copy in order for words in copy.told]
    fresh = [copy for copy in order if copy.sha256 not in taken]
    register = Register(run=max((copy.register.run for copy in order), default=0))
    for copy in order:
        # The later copy has what the program knew last.
        register.lines |= copy.register.lines
        register.reminders |= copy.register.reminders
    lines = _corrected(register.lines, [(copy, copy.register.lines) for copy in fresh], told, "行")
    reminders = _corrected(register.reminders, [(copy, copy.register.reminders) for copy in fresh], told, "行催报")
    register.lines, register.reminders = lines, reminders
    # Few copies lie about, and each run makes one more.
    register.taken = tuple(dict.fromkeys([*taken, *(copy.sha256 for copy in order)]))[-REMEMBERED:]
    return register, told


def _corrected(
    rows: Mapping[str, Kept], copies: Sequence[tuple[Copy, Mapping[str, Kept]]], told: list[str], unit: str
) -> dict[str, Kept]:
    """The rows with what the clerk wrote: of two corrections of one cell the one in the file saved last."""
    changes: dict[tuple[str, str], list[tuple[Copy, str]]] = {}
    for copy, own in copies:
        for key, row in own.items():
            if _cells(row) != row.written:
                for name, value in _differing(row):
                    changes.setdefault((key, name), []).append((copy, value))
    found = {key: _as_written(row) for key, row in rows.items()}
    counts: dict[str, set[str]] = {}
    for (key, name), different in changes.items():
        last, value = max(different, key=lambda one: one[0].saved)
        for copy, other in different:
            if other != value:
                what = f"{_shown(rows[key])}：{_HEADINGS[name]}"
                told.append(
                    f"{what}在“{last.shown}”里是“{value or '空'}”，在“{copy.shown}”里是“{other or '空'}”，"
                    "以后保存的前者为准。"
                )
        setattr(found[key], name, value)
        found[key].corrected |= {name}
        counts.setdefault(last.shown, set()).add(key)
    told += [f"“{shown}”中有 {len(keys)} {unit}是经办人填写或更正的，已采用。" for shown, keys in counts.items()]
    return found


_HEADINGS = {
    "received": "收到日期", "returned": "退回日期", "due": "重报期限", "excused": "不计退回", "remark": "备注",
    "times": "催报次数", "last": "最近催报日期",
}  # fmt: skip


def _cells(row: Line | Reminder) -> tuple[str, ...]:
    return tuple([getattr(row, name) for name in row.CLERK])


def _differing(row: Line | Reminder) -> Iterable[tuple[str, str]]:
    written = row.written or ("",) * len(row.CLERK)
    return [(name, value) for name, value, own in zip(row.CLERK, _cells(row), written, strict=True) if value != own]


def _as_written(row: Kept) -> Kept:
    """The row as the program last wrote it."""
    if _cells(row) == row.written:
        return replace(row)
    return replace(row, **dict(zip(row.CLERK, row.written or ("",) * len(row.CLERK), strict=True)))


def _shown(row: Line | Reminder) -> str:
    what = row.file if isinstance(row, Line) else ""
    return f"“{row.name or row.code}”{what}"
