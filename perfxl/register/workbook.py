"""The register as an Excel workbook: two sheets that a clerk may sort, filter and write in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from perfxl.errors import PerfxlError, UsageError, system_words
from perfxl.files import read_regular
from perfxl.layout.grid import MARK as KEY_SIGN
from perfxl.layout.list_marks import LIST_SHEET, Kind, Mark, mark_in
from perfxl.lists.columns import Heading
from perfxl.lists.look import Cell, Content, ListSheet, Row, write_book
from perfxl.processes import LostError, call
from perfxl.references import column_letters
from perfxl.register.columns import LINE_COLUMNS, LINES, REMINDER_COLUMNS, REMINDERS
from perfxl.register.merge import Copy
from perfxl.register.model import Line, Register, Reminder, line_key
from perfxl.submission.numbers import date_in
from perfxl.submission.values import as_written
from perfxl.text import fold, without_invisible
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.rows import Grid, read_rows
from perfxl.workbook.sheet_cells import Raw

DIGEST = 12
"""Characters of a SHA-256 that tell files apart for a person; all of it stands hidden beside them."""
RUN, OUTPUT, TAKEN = "run", "output", "taken"
_TITLE = "往来登记：收到、退回和重新报送"
_URGED = "催报：未报送的和退回未重报的"
BY_HAND = 15
"""Blank lines for what the clerk writes down."""
_HOW = (
    "程序每次运行后更新本表：灰色的列由程序填写；黄色的列由经办人填写或更正，保存后下次运行采用，不会丢失。表可以排序和筛选。",
    "填了“收到日期”的以它判断是否按时，没有填的以填报日期判断。运行以外退回过的，可在表末另写一行：部门代码、部门名称和退回日期。",
)
_REMIND = (
    "出现在催报清单上的部门各一行。催报后在黄色的列填写次数、日期和备注，保存后下次运行采用，并写进汇总的“催报清单”。",
)
_HEAD_ROWS = 12
_SECONDS = 300.0
_LARGEST = Limits(file_mb=200, inflated_mb=1_000, rows=1_000_000)
Kept = TypeVar("Kept", Line, Reminder)


class UnreadableError(Exception):
    """A register could not be read this time; str() says why."""


class NoRegisterError(Exception):
    """A workbook is no register that can be read. damaged: whether it cannot be read at all; str() says why."""

    def __init__(self, why: str, *, damaged: bool) -> None:
        super().__init__(why)
        self.damaged = damaged


def write_register(
    register: Register, target: Path | BytesIO, output: str, called: Mapping[str, str] | None = None
) -> None:
    """Writes the register of an output folder. called: the schemes' words for columns, by key. Raises OSError."""
    mark = Mark(Kind.REGISTER, more={RUN: str(register.run), OUTPUT: output, TAKEN: " ".join(register.taken)})
    lines = sorted(register.lines.values(), key=order_of)
    reminders = sorted(register.reminders.values(), key=lambda one: (one.year, one.scheme, one.category, one.code))
    rows: list[Row] = [_row(line, LINE_COLUMNS) for line in lines]
    urged = [_row(one, REMINDER_COLUMNS) for one in reminders]
    projects = any(line.project for line in lines) or any(one.project for one in reminders)
    shown, asked = (
        [_called(item, called or {}, projects=projects) for item in all_] for all_ in (LINE_COLUMNS, REMINDER_COLUMNS)
    )
    rows += [dict.fromkeys(("code", "name", "project"), Cell(locked=False))] * BY_HAND
    first = ListSheet(LINES, _TITLE, _HOW, shown, rows, 0, keyed=True, frozen=2)
    second = ListSheet(REMINDERS, _URGED, _REMIND, asked, urged, 1, keyed=True, frozen=3)
    write_book(target, mark, [first, second])


def _called(column: Heading, called: Mapping[str, str], *, projects: bool) -> Heading:
    """A column in the words of the schemes: it is read by its key. Nobody needs to see one that is blank throughout."""
    hidden = column.hidden or (column.key == "project" and not projects)
    return replace(column, text=called.get(column.key, column.text), hidden=hidden)


def order_of(line: Line) -> tuple[str, str, str, str, str, int, str]:
    """Round by round, department by department, in the order in which its files came."""
    return line.year, line.scheme, line.code, line.name, line.project, _whole(line.number), line.file


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _row(row: Line | Reminder, columns: Sequence[Heading]) -> dict[str, Content | Cell]:
    found: dict[str, Content | Cell] = {}
    for column in columns:
        key = column.key
        value: Content = ""
        if key == "written":
            value = json.dumps([getattr(row, name) for name in row.CLERK], ensure_ascii=False)
        elif key == "digest":
            value = row.sha256[:DIGEST] if isinstance(row, Line) else ""
        elif key == "corrected":
            value = " ".join(sorted(row.corrected))
        else:
            text = getattr(row, key)
            value = _typed(text, column.type)
        if value != "":
            found[key] = value
    return found


def _typed(text: str, kind: str) -> Content:
    """A day as a date and a count as a number, where they are."""
    if kind == "date" and len(text) == 10:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return day if day.year >= 1900 else text
    return int(text) if kind == "count" and text.isdecimal() and len(text) < 9 else text


@dataclass(frozen=True)
class _Sheet:
    """What stands in a sheet: texts by column, with the numbers of their rows as a person counts them. at: where the
    columns stand, counted from 0: the clerk may have put in others."""

    columns: tuple[str, ...]
    at: tuple[int, ...]
    rows: list[tuple[int, list[str]]]


def read_register(path: Path, shown: str, *, working: bool, scheme: str = "", year: str = "") -> tuple[Copy, str]:
    """The register in a file, and the name of the output folder that it is of.

    scheme, year: of the round that lines written by hand belong to where they say nothing. Raises NoRegisterError,
    UnreadableError, and OSError where the file cannot be opened.
    """
    saved = path.stat().st_mtime_ns
    data_hash = hashlib.sha256(read_regular(path)).hexdigest()
    try:
        mark, lines, reminders = call(_read, path, seconds=_SECONDS)
    except LostError as error:
        # A machine that is too busy says nothing of the file.
        raise UnreadableError(str(error)) from error
    except PerfxlError as error:
        raise NoRegisterError(str(error), damaged=True) from error
    if mark is None or lines is None:
        raise NoRegisterError("不是程序写的往来登记", damaged=False)
    told: list[str] = []
    register = Register(run=_whole(mark.more.get(RUN, "")), taken=tuple(mark.more.get(TAKEN, "").split()))
    for number, line in _items(Line, lines, told, shown, LINES):
        if not line.key and (line.sha256 or line.file):
            line.key = line_key(line.sha256, line.file)
        if not line.key:
            if not (line.code or line.name):
                told.append(f"“{shown}”工作表“{LINES}”第 {number} 行没有部门代码和部门名称，没有采用。请补上。")
                continue
            _by_hand(line, scheme, year)
        if line.key in register.lines:
            told.append(
                f"“{shown}”工作表“{LINES}”第 {number} 行与上面一行是同一条登记（复制出来的），没有采用。请删去。"
            )
            continue
        register.lines[line.key] = line
    for number, one in _items(Reminder, reminders, told, shown, REMINDERS) if reminders else ():
        if not one.key:
            told.append(f"“{shown}”工作表“{REMINDERS}”第 {number} 行不是程序写的，没有采用。催报的部门由程序列出。")
        elif one.key not in register.reminders:
            register.reminders[one.key] = one
    return Copy(shown, data_hash, saved, working, register, told), mark.more.get(OUTPUT, "")


def _by_hand(line: Line, scheme: str, year: str) -> None:
    """A line that the clerk wrote: it has a key from now on, and belongs to the round of this run."""
    texts = (line.code, line.name, line.project, *(getattr(line, name) for name in Line.CLERK))
    line.key = "m" + hashlib.sha256("\n".join(texts).encode()).hexdigest()[:19]
    line.status = line.status or "手工登记"
    line.scheme, line.year = line.scheme or scheme, line.year or year
    line.own_code, line.own_name, line.own_project = line.code, line.name, line.project


def _items(kind: type[Kept], sheet: _Sheet, told: list[str], shown: str, title: str) -> Iterator[tuple[int, Kept]]:
    names = sheet.columns
    places = {name: at for at, name in enumerate(names)}
    wanted = {name for name in kind.__dataclass_fields__ if name not in ("written", "corrected")}
    columns = [(at, name) for at, name in enumerate(names) if name in wanted]
    for number, texts in sheet.rows:
        item = kind()
        for at, name in columns:
            if texts[at]:
                setattr(item, name, texts[at])
        item.written = _written(texts[places["written"]] if "written" in places else "", len(kind.CLERK))
        if "corrected" in places:
            item.corrected = frozenset(texts[places["corrected"]].split()) & frozenset(kind.CLERK)
        for name in kind.DAYS:
            text = getattr(item, name)
            if text and not _is_day(text):
                cell = f"{column_letters(sheet.at[places[name]])}{number}"
                told.append(
                    f"“{shown}”工作表“{title}”单元格 {cell}：“{text}”不是日期，没有采用。请写成 2023-04-06 的样式。"
                )
                setattr(item, name, dict(zip(kind.CLERK, item.written, strict=False)).get(name, ""))
        yield number, item


def _is_day(text: str) -> bool:
    return len(text) == 10 and date_in(text) is not None


def _written(text: str, count: int) -> tuple[str, ...]:
    try:
        values = json.loads(text) if text else []
    except (ValueError, RecursionError):
        values = []
    good = isinstance(values, list) and len(values) == count and all(isinstance(value, str) for value in values)
    return tuple(values) if good else ("",) * count


def _read(path: Path) -> tuple[Mark | None, _Sheet | None, _Sheet | None]:
    """Mark and sheets of a file. Done in a process that may be lost."""
    try:
        sheets = read_rows(read_regular(path, _LARGEST.file_bytes + 1), _LARGEST)
    except OSError as error:
        raise UsageError(f"打不开（{system_words(error)}）") from error
    except RefusalError as error:
        raise UsageError(error.what) from error
    mark = mark_in(sheets.get(LIST_SHEET, ()))
    if mark is None or mark.kind is not Kind.REGISTER:
        return None, None, None
    return mark, _sheet(sheets, LINES, LINE_COLUMNS), _sheet(sheets, REMINDERS, REMINDER_COLUMNS)


def _sheet(sheets: Mapping[str, Grid], title: str, columns: Iterable[Heading]) -> _Sheet | None:
    """The rows below the row of keys, wherever the sheet is, and whatever its columns are called."""
    known = {column.key for column in columns}
    for name, grid in sorted(sheets.items(), key=lambda item: fold(item[0]) != title):
        for number, row in enumerate(grid[:_HEAD_ROWS]):
            keys = [cell.removeprefix(KEY_SIGN) if isinstance(cell, str) and cell.startswith(KEY_SIGN) else "" for cell in row]  # fmt: skip # noqa: E501
            if "key" in keys and len(known.intersection(keys)) > len(known) // 2:
                if fold(name) != title and ("sha256" in keys) != ("sha256" in known):
                    continue
                places = [at for at, key in enumerate(keys) if key in known]
                # A row of headings, and of their groups, stands between keys and entries.
                rows = [
                    (below, texts)
                    for below, cells in enumerate(grid[number + 2 :], number + 3)
                    if any(texts := [_text(cells[at]) for at in places])
                ]
                return _Sheet(tuple(keys[at] for at in places), tuple(places), rows)
    return None


def _text(cell: Raw) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        # Dates may be typed as texts of many kinds: those of ours are ISO already.
        text = without_invisible(cell).strip() if cell else ""
        if (
            6 <= len(text) <= 20
            and text[:4].isdecimal()
            and (day := date_in(text)) is not None
            and not text.isdecimal()
        ):
            return day.isoformat()
        return text
    day = date_in(cell)
    return day.isoformat() if day else without_invisible(as_written(cell)).strip()
