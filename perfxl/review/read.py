"""A review workbook that was filled, read back: what stands in it, and findings on what cannot be read.

Only texts and numbers are looked at here; the workbook itself was opened in a process that may be lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Finding
from perfxl.checks.review import NO_SCORE, NOT_UNDERSTOOD, ROW_IN_DOUBT, ROWS_GONE
from perfxl.errors import UsageError
from perfxl.layout.list_marks import LIST_SHEET
from perfxl.lists.opened import OpenList
from perfxl.references import column_letters
from perfxl.review.layout import (
    AGREED,
    BASIS,
    CODE,
    DATA,
    DAY,
    PERSON,
    SCORE,
    WHY,
    BookMark,
    DepartmentReview,
    Judgement,
    ReviewBook,
    Target,
    row_in,
    targets_in,
)
from perfxl.review.sheet_rows import SheetRow, rows_of
from perfxl.submission.numbers import date_in, number_in
from perfxl.submission.values import EARLIEST_YEAR, LATEST_YEAR, as_written
from perfxl.text import fold, is_blank, without_invisible
from perfxl.workbook.rows import SeenSheet
from perfxl.workbook.sheet_cells import Raw

LARGEST = Decimal(10) ** 9
"""No score reaches it."""
_YES = frozenset(("是", "y", "yes", "√", "✓", "✔", "同意", "同意认定", "1", "true"))
_NO = frozenset(("否", "n", "no", "×", "不同意", "0", "false"))
CODES_SHOWN = 10


@dataclass
class _Found:
    """What is known of a department while its rows are read, wherever they stand."""

    target: Target
    person: str = ""
    day: date | None = None
    agreed: bool = False
    head: tuple[str, str] = ("", "")
    judgements: dict[str, Judgement] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)


def read_review(opened: OpenList) -> tuple[ReviewBook, list[Finding]]:
    """What a review workbook says, and findings on what of it cannot be read. Raises UsageError where it is none."""
    mark = opened.known.mark if opened.known is not None else None
    title = next((title for title in opened.sheets if fold(title) == DATA), None)
    if title is None:
        raise UsageError(f"“{opened.path}”缺少复核表的隐藏内容，不能知道复核的是什么。请在原来的复核表里填写")
    try:
        targets = targets_in(opened.sheets[title].rows)
        _check(targets.values())
    except ValueError as error:
        raise UsageError(f"“{opened.path}”的隐藏内容已损坏，不能知道复核的是什么。请重新生成复核表") from error
    reader = _Reader(opened.path.as_posix(), targets)
    for name, sheet in opened.sheets.items():
        if fold(name) not in (DATA, LIST_SHEET):
            reader.sheet(name, sheet)
    saved = _saved_on(opened)
    about = BookMark.of(mark) if mark is not None else BookMark("", "", "")
    schemes = mark.schemes if mark is not None else tuple(dict.fromkeys(item.scheme for item in targets.values()))
    book = ReviewBook(opened.path.as_posix(), opened.sha256, about, schemes, reader.reviews(saved))
    return book, reader.findings


def _saved_on(opened: OpenList) -> date | None:
    """The day on which the file was saved last."""
    try:
        return date.fromtimestamp(opened.path.stat().st_mtime)
    except (OSError, ValueError, OverflowError):
        return None


def _check(targets: Iterable[Target]) -> None:
    """Raises ValueError for numbers that no score is, which somebody must have put there."""
    for target in targets:
        for item in target.judged.values():
            numbers = [item.points, item.self_score, item.computed, item.accepted]
            if any(value is not None and not (value.is_finite() and -LARGEST < value < LARGEST) for value in numbers):
                raise ValueError(item.code)


class _Reader:
    def __init__(self, file: str, targets: dict[str, Target]) -> None:
        self.file = file
        self.found = {key: _Found(target) for key, target in targets.items()}
        self.findings: list[Finding] = []

    def sheet(self, name: str, sheet: SeenSheet) -> None:
        for row in rows_of(sheet.rows, {key: item.target for key, item in self.found.items()}, name):
            self._row(name, sheet, row)

    def _row(self, name: str, sheet: SeenSheet, row: SheetRow) -> None:
        place = f"{column_letters(0)}{row.number + 1}"
        key, code = row_in(row.key)
        found = self.found.get(key)
        inputs = [row.columns[item] for item in (SCORE, WHY, BASIS) if item in row.columns]
        filled = code and any(not is_blank(row.cell(col)) or (row.number, col) in sheet.errors for col in inputs)
        if found is None or (code and code not in found.target.judged):
            if filled:
                self._tell(ROW_IN_DOUBT, name, place, "", why=f"这一行的隐藏键“{row.key}”不是这份复核表的")
            return
        if not code:
            self._head(name, sheet, row, found)
            return
        shown = fold(_text(row.cell(row.columns[CODE]))) if CODE in row.columns else ""
        title = found.target.project or found.target.name
        if shown and shown != fold(code):
            found.doubtful.add(code)
            if filled:
                why = f"“{title}”的这一行写的是 {shown}，隐藏键却是 {code}，可能没有连同隐藏列一起移动或排序"
                self._tell(ROW_IN_DOUBT, name, place, title, why=why)
            return
        found.rows.add(code)
        if not filled:
            return
        judgement = self._judgement(name, sheet, row, code, title)
        before = found.judgements.get(code)
        if before is not None and _content(before) != _content(judgement):
            why = f"“{title}”的 {code} 在“{before.sheet}”{before.cell} 也有一行，两行填得不同"
            self._tell(ROW_IN_DOUBT, name, judgement.cell, title, why=why)
            found.doubtful.add(code)
        found.judgements.setdefault(code, judgement)

    def _head(self, name: str, sheet: SeenSheet, row: SheetRow, found: _Found) -> None:
        title = found.target.project or found.target.name
        for key in (PERSON, DAY, AGREED):
            col = row.columns.get(key)
            raw = row.cell(col)
            if col is None or is_blank(raw):
                continue
            cell, text = f"{column_letters(col)}{row.number + 1}", _text(raw)
            found.head = found.head if found.head[0] else (name, cell)
            if key == PERSON:
                found.person = found.person or text
            elif key == DAY:
                day = date_in(raw if not isinstance(raw, float | int) else _text(raw))
                if day is not None and EARLIEST_YEAR <= day.year <= LATEST_YEAR:
                    found.day = found.day or day
                else:
                    self._tell(NOT_UNDERSTOOD, name, cell, title, text, what="复核日期", why="不是日期，按没有填写处理")
            elif fold(text).casefold() in _YES:
                found.agreed = True
            elif fold(text).casefold() not in _NO:
                self._tell(NOT_UNDERSTOOD, name, cell, title, text, what="其余同意认定", why="按没有填写处理")

    def _judgement(self, name: str, sheet: SeenSheet, row: SheetRow, code: str, title: str) -> Judgement:
        col = row.columns.get(SCORE)
        raw = row.cell(col)
        cell = f"{column_letters(col if col is not None else 0)}{row.number + 1}"
        texts = [without_invisible(_text(row.cell(row.columns.get(key)))) for key in (WHY, BASIS)]
        score, why, written = None, "", _text(raw)
        if (row.number, col) in sheet.errors:
            why, written = "复核得分是错误值，或公式没有结果", written or "错误值"
        elif is_blank(raw):
            why = "写了理由或依据，没有填复核得分"
        elif (row.number, col) in sheet.percents:
            why = "复核得分写成了百分数"
        else:
            score = _number(raw)
            why = f"复核得分“{written}”不是数字" if score is None else ""
        if why:
            indicator = f"{code} {self._name(row)}".strip()
            self._tell(NO_SCORE, name, cell, title, written, indicator=indicator, why=why)
        return Judgement(code, score, written, texts[0], texts[1], name, cell)

    def _name(self, row: SheetRow) -> str:
        return _text(row.cell(row.columns.get("name")))[:60]

    def reviews(self, saved: date | None) -> list[DepartmentReview]:
        """What was found of each department, those about which nothing is filled in included.

        saved: the day that stands for one that is not filled in, as the workbook says.
        """
        reviews = []
        for item in self.found.values():
            target = item.target
            for code in item.doubtful:
                item.judgements.pop(code, None)
            gone = [code for code in target.judged if code not in item.rows and code not in item.doubtful]
            if gone and (item.judgements or item.agreed):
                codes = "、".join(gone[:CODES_SHOWN]) + ("等" if len(gone) > CODES_SHOWN else "")
                title = target.project or target.name
                self._tell(ROWS_GONE, item.head[0] or target.sheet, "", title, count=len(gone), codes=codes)
            reviews.append(DepartmentReview(target, item.person, item.day or saved, item.agreed, dict(item.judgements)))
        return reviews

    def _tell(self, check: Declaration, sheet: str, cell: str, title: str, value: str = "", /, **words: Any) -> None:
        given = {"department": title, "value": value, **words}
        self.findings.append(check.finding(self.file, title, given, sheet=sheet, cell=cell))


def _content(item: Judgement) -> tuple[object, ...]:
    return item.score, item.written, item.reason, item.basis


def _text(raw: Raw) -> str:
    return "" if is_blank(raw) else without_invisible(as_written(raw))


def _number(raw: Raw) -> Decimal | None:
    """The number in a cell as people write scores: 4.5, ４．５, 4.5分; None for what is none."""
    if isinstance(raw, bool | date):
        return None
    text = raw if isinstance(raw, str) else _text(raw)
    value = number_in(text, ("分",))
    return value if value is not None and value.is_finite() and -LARGEST < value < LARGEST else None
