"""A register on its way to the process that writes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from perfxl.register.model import Register, Reminder
from perfxl.register.record import Seen, record
from perfxl.register.waiting import put_down, taken_up
from perfxl.status import Status

DAY = date(2023, 3, 31)


def register(count: int) -> Register:
    made = Register()
    own = ("440", "某局", "", "")
    files = (
        Seen(f"{number}.xlsx", f"{number:064x}", status, 1, "guangzhou-2022", "".join(("20", "22")), own=own)
        for number in range(count)
        for status in ((Status.SCORED, Status.RETURNED)[number % 2],)
    )
    record(made, files, DAY, {"guangzhou-2022": 10})
    return made


def test_it_comes_back_whole(tmp_path: Path) -> None:
    for count in (0, 1, 256, 600):
        whole = register(count)
        for key, line in list(whole.lines.items())[::3]:
            whole.lines[key] = replace(
                line, remark="电话已催", written=("", "", "", "", ""), corrected=frozenset(("remark",))
            )
        whole.reminders = {f"r{number}": Reminder(f"r{number}", name=f"{number} 局") for number in range(count)}
        whole.taken = ("a", "b")
        put_down(whole, whole.lines.values(), tmp_path / "lines")
        again = taken_up(tmp_path / "lines")
        assert again == whole
        assert [*again.lines] == [*whole.lines] and [*again.reminders] == [*whole.reminders]


def test_what_is_alike_in_many_lines_is_one_text() -> None:
    first, *others = list(register(40).lines.values())[1::2]
    for name in ("seen", "counted", "errors", "returned", "due", "year", "status"):
        assert getattr(first, name)
        assert all(getattr(line, name) is getattr(first, name) for line in others), name
