"""The cells of a sheet in the usual writing as values, with what their values alone do not tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import inf

from perfxl.patterns import pattern_of
from perfxl.references import Position, column_letters
from perfxl.workbook.container import damaged
from perfxl.workbook.shared_formulas import Written, moved, number_of, written_once
from perfxl.workbook.shared_texts import Seen, SharedTexts, plain_text, text_of
from perfxl.workbook.sheet_xml import Part, UsualSheet
from perfxl.workbook.styles import Look, Looks

Raw = str | float | int | bool | datetime | date | time | timedelta | Decimal | None
"""What a cell holds: mostly text, float or None; dates where its number is shown as one."""
Rows = Sequence[Sequence[Raw]]
COLUMNS = {column_letters(number).encode(): number for number in range(26 + 26 * 26)}
"""The number, from 0, of each column of one letter or two."""
_LINKED = pattern_of(rb'<c r="([A-Z]{1,2})(\d+)"[^<>]*+><f[^<>]*+>[^<\[]*+(?:\[(?!\d+\])[^<\[]*+)*+\[\d+\]')
_FORMULA_TEXT = re.compile(rb"<c [^<>]*+><f([^<>]*+)>(?:([^<]*+)</f>)?")
_DAY_ZERO, _DAY_ZERO_BEFORE_MARCH_1900 = datetime(1899, 12, 30), datetime(1899, 12, 31)
_DAYS_BETWEEN_SYSTEMS = 1_462
_LAST_DAY = 2_958_466
_INFINITE, _LONG_NUMBER = (inf, -inf), len("<v>1e30")
_SECOND = timedelta(seconds=1)


class _TextNumbers(dict[bytes, int]):
    """The number of a text, by the `<v>` that names it; those of the first texts are kept."""

    def __missing__(self, result: bytes) -> int:
        number = int(result[3:])
        if len(result) <= _KEPT_NUMBERS:
            self[result] = number
        return number


_KEPT_NUMBERS = len("<v>9999")
_TEXT_NUMBERS = _TextNumbers()


@dataclass(slots=True)
class SheetCells:
    """A sheet's rows from A1 on, each as long as it is filled; positions are (row, column) counted from 0.

    errors: cells with an error value. uncalculated: formulas without a result. linked: formulas into another workbook.
    formulas: cells with a formula; with_formulas: the rows with the texts of these. looks: cells whose look may show
    another thing than they hold. struck: cells with struck or raised letters: all of the text, and the rest of it. The
    others: see `UsualSheet`.
    """

    rows: list[list[Raw]] = field(default_factory=list)
    errors: set[Position] = field(default_factory=set)
    uncalculated: set[Position] = field(default_factory=set)
    linked: list[Position] = field(default_factory=list)
    formulas: set[Position] = field(default_factory=set)
    with_formulas: bytes = b""
    looks: dict[Position, Look] = field(default_factory=dict)
    struck: dict[Position, Seen] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[Position, Position]] = field(default_factory=list)
    _written_once: dict[bytes, Written] | None = None

    def formula(self, place: Position) -> str | None:
        """The text of the formula in a cell, empty where it cannot be told; None where there is none."""
        if place not in self.formulas:
            return None
        row, col = place
        start = self.with_formulas.find(b'<c r="%s%d"' % (column_letters(col).encode(), row + 1))
        match = _FORMULA_TEXT.match(self.with_formulas, start) if start >= 0 else None
        if match is None:
            return ""
        if match[2]:
            return plain_text(match[2].decode("utf-8", "replace"))
        number = number_of(match[1])
        if number is not None and self._written_once is None:
            self._written_once = written_once(self.with_formulas)
        written = self._written_once.get(number) if number is not None and self._written_once else None
        return moved(written, place) if written else ""


def values_of(sheet: UsualSheet, texts: SharedTexts, looks: Looks, *, since_1904: bool) -> SheetCells:
    """The values of a sheet. Raises RefusalError where it names a text that is not there, or one place twice."""
    found = without_values(sheet)
    try:
        _fill(found, sheet.cells, texts, looks, since_1904)
    except (IndexError, ValueError, OverflowError) as error:
        raise damaged() from error
    return found


def without_values(sheet: UsualSheet) -> SheetCells:
    """What is known of a sheet before its cells are gone through."""
    found = SheetCells(
        with_formulas=sheet.formulas, hidden_rows=sheet.hidden_rows, hidden_columns=sheet.hidden_columns,
        merged=sheet.merged,
    )  # fmt: skip
    if b"[" in sheet.formulas:
        found.linked = [(int(row) - 1, COLUMNS[col]) for col, row in _LINKED.findall(sheet.formulas)]
    return found


def _fill(  # noqa: PLR0915 -- one loop over all cells, which a call for each would slow down by half
    found: SheetCells, cells: Iterable[Part], texts: SharedTexts, looks: Looks, since_1904: bool
) -> None:
    rows, formulas = found.rows, found.formulas
    columns, numbers = COLUMNS, _TEXT_NUMBERS
    odd, dates, shared, struck = looks.odd, looks.dates, texts.texts, texts.struck
    current, row, at = b"", -1, 0
    line: list[Raw] = []
    value: Raw
    for letter, number, style, kind, formula, result, empty, inline in cells:
        if number != current:
            current, last, row = number, row, int(number) - 1
            if row <= last:
                # Excel takes no row and no cell twice; which of two counts cannot be known.
                raise ValueError(number)
            while len(rows) <= row:
                rows.append([])
            line, at = rows[row], 0
        col = columns[letter]
        if col != at:
            if col < at:
                raise ValueError(letter)
            line.extend([None] * (col - at))
        at = col + 1
        if style in odd:
            found.looks[row, col] = odd[style]
        if kind == b"s":
            value = shared[numbers[result]]
            if struck and (seen := struck.get(int(result[3:]))):
                found.struck[row, col] = seen
            line.append(value)
            continue
        if formula:
            formulas.add((row, col))
        if kind == b"str":
            if len(result) > 3:
                value = text_of(result[3:])
            else:
                value = ""
                if formula and not result and not empty:
                    # One whose result is an empty text has been calculated.
                    found.uncalculated.add((row, col))
        elif not kind or kind == b"n":
            if len(result) > 3:
                value = float(result[3:])
                if len(result) > _LONG_NUMBER and value in _INFINITE:
                    raise ValueError(result)
                if style in dates:
                    value = moment(value, since_1904)
            else:
                value = None
                if formula:
                    found.uncalculated.add((row, col))
        elif kind == b"inlineStr":
            value = text_of(inline)
        elif kind == b"b":
            value = result == b"<v>1"
        else:
            value = text_of(result[3:])
            found.errors.add((row, col))
        line.append(value)


def moment(days: float, since_1904: bool) -> Raw:
    """The day and time of a number that is shown as a date; the number where Excel has no day for it."""
    if since_1904:
        days += _DAYS_BETWEEN_SYSTEMS
    if not 0 <= days < _LAST_DAY:
        return days
    moment = (_DAY_ZERO_BEFORE_MARCH_1900 if days < 60 else _DAY_ZERO) + timedelta(days=days)
    # A time is a fraction of a day in binary: to the second it is what was typed.
    return datetime.min + round((moment - datetime.min) / _SECOND) * _SECOND
