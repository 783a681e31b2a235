"""The cells of a sheet in the usual writing as values, with what their values alone do not tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import inf

from perfxl.references import Position
from perfxl.workbook.container import damaged
from perfxl.workbook.shared_texts import Seen, SharedTexts, plain_text, text_of
from perfxl.workbook.sheet_xml import Part, UsualSheet
from perfxl.workbook.styles import Look, Looks

Raw = str | float | int | bool | datetime | date | time | timedelta | Decimal | None
"""What a cell holds: mostly text, float or None; dates where its number is shown as one."""
Rows = Sequence[Sequence[Raw]]
_LINKED = re.compile(rb"\[\d+\]")
_FORMULA_TEXT = re.compile(rb">([^<]*)<")
_DAY_ZERO, _DAY_ZERO_BEFORE_MARCH_1900 = datetime(1899, 12, 30), datetime(1899, 12, 31)
_DAYS_BETWEEN_SYSTEMS = 1_462
_LAST_DAY = 2_958_466
_INFINITE = (inf, -inf)
_SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class SheetCells:
    """A sheet's rows from A1 on, each as long as it is filled; positions are (row, column) counted from 0.

    errors: cells with an error value. uncalculated: formulas without a result. linked: formulas into another workbook.
    formulas: the element of every formula. looks: cells whose look may show another thing than they hold. struck: cells
    with struck or raised letters: all of the text, and the rest of it. The others: see `UsualSheet`.
    """

    rows: list[list[Raw]] = field(default_factory=list)
    errors: set[Position] = field(default_factory=set)
    uncalculated: set[Position] = field(default_factory=set)
    linked: list[Position] = field(default_factory=list)
    formulas: dict[Position, bytes] = field(default_factory=dict)
    looks: dict[Position, Look] = field(default_factory=dict)
    struck: dict[Position, Seen] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[Position, Position]] = field(default_factory=list)

    def formula(self, place: Position) -> str | None:
        """The text of the formula in a cell, empty where it is said in another cell; None where there is none."""
        element = self.formulas.get(place)
        if element is None:
            return None
        match = _FORMULA_TEXT.search(element)
        return plain_text(match[1].decode("utf-8", "replace")) if match else ""


def values_of(sheet: UsualSheet, texts: SharedTexts, looks: Looks, *, since_1904: bool) -> SheetCells:
    """The values of a sheet. Raises RefusalError where it names a text that is not there, or one place twice."""
    found = SheetCells(
        hidden_rows=sheet.hidden_rows, hidden_columns=sheet.hidden_columns, merged=sheet.merged
    )  # fmt: skip
    try:
        _fill(found, sheet.cells, texts, looks, since_1904)
    except (IndexError, ValueError, OverflowError) as error:
        raise damaged() from error
    return found


def _fill(  # noqa: PLR0915 -- one loop over all cells, which a call for each would slow down by half
    found: SheetCells, cells: Iterable[Part], texts: SharedTexts, looks: Looks, since_1904: bool
) -> None:
    rows, formulas = found.rows, found.formulas
    odd, dates, shared, struck = looks.odd, looks.dates, texts.texts, texts.struck
    current, row = b"", -1
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
            line = rows[row]
        col = letter[0] - 65
        blanks = col - len(line)
        if blanks:
            line.extend([None] * blanks)
            if blanks < 0:
                raise ValueError(letter)
        if style in odd:
            found.looks[row, col] = odd[style]
        if kind == b"s":
            value = shared[int(result[3:])]
            if struck and (seen := struck.get(int(result[3:]))):
                found.struck[row, col] = seen
            line.append(value)
            continue
        if formula:
            formulas[row, col] = formula
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
                if value in _INFINITE:
                    raise ValueError(result)
                if style in dates:
                    value = _moment(value, since_1904)
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
    found.linked = [place for place, text in formulas.items() if b"[" in text and _LINKED.search(text)]


def _moment(days: float, since_1904: bool) -> Raw:
    """The day and time of a number that is shown as a date; the number where Excel has no day for it."""
    if since_1904:
        days += _DAYS_BETWEEN_SYSTEMS
    if not 0 <= days < _LAST_DAY:
        return days
    moment = (_DAY_ZERO_BEFORE_MARCH_1900 if days < 60 else _DAY_ZERO) + timedelta(days=days)
    # A time is a fraction of a day in binary: to the second it is what was typed.
    return datetime.min + round((moment - datetime.min) / _SECOND) * _SECOND
