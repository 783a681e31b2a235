"""A list that a clerk keeps in Excel: a row of headings, found by their text, then one row an entry.

Columns stand in any order, with columns of the clerk's own between them. What is wrong is collected with sheet and
cell, so that all of it can be told at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.errors import Fault, ListError
from perfxl.intake.known_lists import HEADING_ROWS
from perfxl.layout.grid import MARK as KEY_SIGN
from perfxl.layout.list_marks import LIST_SHEET
from perfxl.lists.columns import Heading
from perfxl.lists.opened import OpenList, open_list
from perfxl.references import column_letters
from perfxl.submission.numbers import date_in
from perfxl.submission.values import as_written
from perfxl.text import fold, without_invisible
from perfxl.workbook.rows import Grid, SeenSheet
from perfxl.workbook.sheet_cells import Raw

__all__ = ["Entry", "Heading", "Table", "read_list", "table_in"]


@dataclass(frozen=True)
class Entry:
    """One row of a list: texts by key, empty where blank, and the row as a person counts it.

    sheet: its title. columns: where the columns stand, counted from 0. percents: the keys of numbers that are shown as
    percentages (their text is that of the fraction). more: texts in keyed columns that nobody asked for, by key.
    whole: whether all that is required is filled.
    """

    row: int
    values: dict[str, str]
    sheet: str = ""
    columns: Mapping[str, int] = field(default_factory=dict)
    percents: frozenset[str] = frozenset()
    more: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True

    def __getitem__(self, key: str) -> str:
        return self.values[key]

    def cell(self, key: str) -> str:
        """`C12`; empty where there is no such column."""
        return f"{column_letters(self.columns[key])}{self.row}" if key in self.columns else ""

    def place(self, key: str = "") -> str:
        """The cell of a column as a fault names it; the row where there is no such column."""
        return (
            f"工作表“{self.sheet}”单元格 {cell}"
            if (cell := self.cell(key))
            else f"工作表“{self.sheet}”第 {self.row} 行"
        )


@dataclass(frozen=True)
class Table:
    """What a sheet of a list says. faults: what does not hold. notices: what is passed over, to be told.

    columns: where they stand, by key. others: the keys of keyed columns that nobody asked for, with their places.
    """

    title: str
    entries: Sequence[Entry] = ()
    faults: Sequence[Fault] = ()
    notices: Sequence[Fault] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> list[Entry]:
        """The entries with all that is required: of those that lack it nothing more is said."""
        return [entry for entry in self.entries if entry.whole]


def read_list(path: Path, headings: Sequence[Heading], sheet: str | None = None) -> list[Entry] | None:
    """The entries of a list; None where the workbook has no such sheet. sheet: None for the first one.

    Raises UsageError where the file cannot be read, ListError with all its faults where it does not hold.
    """
    table = table_in(open_list(path), headings, sheet)
    if table is None:
        return None
    if table.faults:
        raise ListError(path.name, table.faults)
    return list(table.entries)


def table_in(opened: OpenList, headings: Sequence[Heading], sheet: str | None = None) -> Table | None:
    """What a sheet of a list says; None where the workbook has no such sheet.

    sheet: its name; None for the first sheet that has all required headings, or else the first. Nothing is raised: what
    does not hold is in the faults.
    """
    titles = [title for title in opened.sheets if fold(title) != LIST_SHEET]
    if sheet is not None:
        title = next((title for title in titles if fold(title) == sheet), None)
    else:
        having = (
            title for title in titles if not _missing(_found(opened.sheets[title].rows, headings).columns, headings)
        )
        title = next(having, titles[0] if titles else None)
    if title is None:
        return None
    marked = opened.known is not None and opened.known.mark is not None
    return _table(title, opened.sheets[title], headings, marked=marked)


@dataclass(frozen=True)
class _Headings:
    """Where the columns stand. first: the first row below. keys: the row of keys, None without one."""

    columns: dict[str, int]
    first: int
    others: dict[str, int] = field(default_factory=dict)
    faults: tuple[tuple[int, int, str], ...] = ()


def _table(title: str, sheet: SeenSheet, headings: Sequence[Heading], *, marked: bool) -> Table:
    rows, found = sheet.rows, _found(sheet.rows, headings)
    columns = found.columns
    if missing := _missing(columns, headings):
        words = "、".join(missing)
        fault = Fault(f"工作表“{title}”", f"缺少标题“{words}”", "请在前几行中写一行标题，一列一个")
        return Table(title, faults=[fault])
    head = rows[found.first - 1] if found.first else []
    faults = [
        Fault(f"工作表“{title}”单元格 {column_letters(col)}{row + 1}", what, "请恢复这一列的标题，或把整列移回原处")
        for row, col, what in found.faults
    ]
    entries: list[Entry] = []
    wanted = [(heading.key, heading.required, heading.text, columns.get(heading.key)) for heading in headings]
    for number in range(found.first, len(rows)):
        row = rows[number]
        values = {key: _text(row, col) for key, _, _, col in wanted}
        more = {key: text for key, col in found.others.items() if (text := _text(row, col))}
        wrong = [key for key, _, _, col in wanted if col is not None and (number, col) in sheet.errors]
        if not wrong and not more and not any(values.values()):
            continue
        lacking = [
            (key, text) for key, required, text, _ in wanted if required and not values[key] and key not in wrong
        ]
        percents = frozenset(key for key, col in columns.items() if (number, col) in sheet.percents)
        entry = Entry(number + 1, values, title, columns, percents, more, not lacking and not wrong)
        faults += [Fault(entry.place(key), f"“{text}”没有填写", "请填写，或删去整行") for key, text in lacking]
        faults += [Fault(entry.place(key), "是错误值，或公式没有结果", "请写上内容本身，不用公式") for key in wrong]
        entries.append(entry)
    return Table(title, entries, faults, _lost(title, head, found, headings, marked=marked), columns, found.others)


def _lost(
    title: str, head: Sequence[Raw], found: _Headings, headings: Sequence[Heading], *, marked: bool
) -> list[Fault]:
    """Columns of ours that are gone while others stand there whose headings nobody knows: probably renamed."""
    known = {*found.columns.values(), *found.others.values()}
    strange = [(col, _text(head, col)) for col in range(len(head)) if col not in known and _text(head, col)]
    gone = [heading.text for heading in headings if heading.key not in found.columns]
    notices = [
        Fault(
            _heading_place(title, col, found),
            f"“{_text(head, col) or key}”一列不在本次使用的方案中，没有读取",
            "请核对",
        )
        for key, col in found.others.items()
    ]
    if marked and gone and strange:
        words, others = "、".join(gone), "、".join(f"“{text}”" for _, text in strange)
        what = f"没有找到标题“{words}”；{others}不是本表的标题，没有读取"
        notices.append(Fault(_heading_place(title, strange[0][0], found), what, "如果改过标题，请改回原来的"))
    return notices


def _heading_place(title: str, col: int, found: _Headings) -> str:
    return f"工作表“{title}”单元格 {column_letters(col)}{found.first}"


def _missing(columns: Mapping[str, int], headings: Sequence[Heading]) -> list[str]:
    return [heading.text for heading in headings if heading.required and heading.key not in columns]


def _found(rows: Grid, headings: Sequence[Heading]) -> _Headings:
    """Where the columns stand: by the hidden row of keys where there is one, else by the row with most headings."""
    best: dict[str, int] = {}
    first = 0
    for number, row in enumerate(rows[:HEADING_ROWS]):
        texts = {fold(_text(row, col)): col for col in reversed(range(len(row)))}
        found = {
            heading.key: texts[text]
            for heading in headings
            for text in (*heading.others, heading.usual, heading.text)
            if text and text in texts
        }
        if len(found) > len(best):
            best, first = found, number + 1
    keyed = next((number for number, row in enumerate(rows[:HEADING_ROWS]) if _has_keys(row)), None)
    return _Headings(best, first) if keyed is None else _by_keys(rows, keyed, best, first, headings)


def _has_keys(row: Sequence[Raw]) -> bool:
    return sum(isinstance(cell, str) and cell.startswith(KEY_SIGN) for cell in row) > 1


def _by_keys(rows: Grid, keyed: int, by_text: Mapping[str, int], first: int, headings: Sequence[Heading]) -> _Headings:
    if first <= keyed:
        # Every heading was renamed: they stand right below their keys, or below the headings of their groups.
        first = keyed + 2 + any(heading.group for heading in headings)
    known = {heading.key for heading in headings}
    columns: dict[str, int] = {}
    others: dict[str, int] = {}
    for col, cell in enumerate(rows[keyed]):
        if isinstance(cell, str) and cell.startswith(KEY_SIGN):
            key = fold(cell[len(KEY_SIGN) :])
            (columns if key in known else others).setdefault(key, col)
    texts = {heading.key: heading.text for heading in headings}
    faults = []
    owner = {col: key for key, col in columns.items()}
    for key, col in by_text.items():
        if key not in columns:
            # A column that was put in by hand.
            if col not in owner:
                columns[key] = col
        elif columns[key] != col and col in owner and not _says(rows, first, columns[key], texts[key]):
            what = f"标题“{texts[key]}”写在另一列（应为“{texts[owner[col]]}”）"
            faults.append((first - 1, col, what))
    return _Headings(columns, first, others, tuple(faults))


def _says(rows: Grid, first: int, col: int, text: str) -> bool:
    """Whether a column has a heading."""
    return 0 < first <= len(rows) and fold(_text(rows[first - 1], col)) == text


def _text(row: Sequence[Raw], col: int | None) -> str:
    if col is None or col >= len(row):
        return ""
    day = None if isinstance(row[col], str) else date_in(row[col])
    return day.isoformat() if day else without_invisible(as_written(row[col]))
