"""The short way through a sheet: what stands between the values of its cells was met before, in this process.

Workbooks of one template differ in the values of their cells and in little else. The XML is divided at `<v>` and
`</v>`; each piece between two values is recognised once, by the pattern that recognises a whole sheet
(`perfxl.workbook.sheet_xml`), and tells from then on where the next value belongs. Pieces that follow each other as
they were recognised make a sheet in the usual writing: each ends within a cell, before its value, and the next begins
within the same cell, behind it. Wherever anything is new or in doubt the sheet goes the usual way, which alone refuses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple, cast

from perfxl.caches import kept
from perfxl.workbook.shared_texts import SharedTexts, text_of
from perfxl.workbook.sheet_cells import COLUMNS, Raw, SheetCells, moment, without_values
from perfxl.workbook.sheet_xml import FILLED, LARGE, NUMBER, ROWS, as_sheet, rows_in
from perfxl.workbook.styles import Looks

_BEHIND = b"\0"
"""Begins each piece that stands behind a value. XML has no such letter, and a sheet with one goes the usual way."""
_OPEN, _CLOSE, _DIVIDED = b"<v>", b"</v>", b"<v>" + _BEHIND
_OF_ROW = re.compile(rb'\0</c>(?:<c r="[A-Z]{1,2}(\d{1,6})")?')
_VALUE = b"<v>1</v></c></row>"
_TEXT, _NUMBER, _WORDS, _TRUTH, _END = range(5)
_KINDS = {b"s": _TEXT, b"": _NUMBER, b"n": _NUMBER, b"str": _WORDS, b"b": _TRUTH}
_TRUTHS = (b"0", b"1")
_WRITTEN, _INFINITE = re.compile(NUMBER), (inf, -inf)
_TEXT_DIGITS, _KEPT_TEXT_DIGITS, _KEPT_DIGITS = 7, 4, 3
_MOST, _LONGEST, _MOST_MET = 10_000, 5_000, 50_000
"""So many pieces are remembered, each of at most so many bytes; workbooks of one template have some 2,500 of 70. Of so
many it is known that they were met."""
_FEW = 8
"""Where one piece in so many was never met, the usual way is the shorter one."""
_ANY = -1
_NO_ROW = -2


class _Step(NamedTuple):
    """What a piece tells. before: the row of the value before it, _ANY where that does not matter, _NO_ROW where it is
    the first. row, col, style, kind, formula: of the cell whose value follows; none of them where kind is _END."""

    before: int
    row: int
    col: int
    style: bytes
    kind: int
    formula: bool


class _DoubtError(Exception):
    """The short way cannot tell."""


class _TextNumbers(dict[bytes, int]):
    """The number of a text by its digits; those of the first texts are kept."""

    def __missing__(self, digits: bytes) -> int:
        if not digits.isdigit() or len(digits) > _TEXT_DIGITS:
            raise _DoubtError
        number = int(digits)
        if len(digits) <= _KEPT_TEXT_DIGITS:
            self[digits] = number
        return number


class _Numbers(dict[bytes, float]):
    """A number by its writing; the short ones are kept."""

    def __missing__(self, written: bytes) -> float:
        if not _WRITTEN.fullmatch(written):
            raise _DoubtError
        number = float(written)
        if number in _INFINITE:
            raise _DoubtError
        if len(written) <= _KEPT_DIGITS:
            self[written] = number
        return number


_text_numbers, _numbers = _TextNumbers(), _Numbers()
_steps: dict[Any, _Step] = kept()
_met: dict[Any, None] = kept()


def known_sheet(part: bytes, texts: SharedTexts, looks: Looks, *, since_1904: bool) -> SheetCells | None:
    """The sheet in the XML; None where the usual way has to tell what it is."""
    divided = rows_in(part)
    if divided is None:
        return None
    frame, rows = divided
    if len(rows) >= LARGE or _BEHIND in rows:
        return None
    pieces = rows.replace(_CLOSE, _DIVIDED).split(_OPEN)
    # The last piece has no value behind it, and no other has none.
    steps = _steps_of(pieces[::2]) if len(pieces) % 2 else None
    if steps is None or steps[-1].kind != _END:
        return None
    try:
        # The values have not been looked at yet, and may be anything.
        found = without_values(as_sheet(frame, rows, ()))
        _fill(found, steps, pieces[1::2], texts, looks, since_1904)
    except (_DoubtError, LookupError, ValueError, OverflowError):
        return None
    return found


def _steps_of(pieces: Sequence[bytes]) -> Sequence[_Step] | None:
    """What each of the pieces tells, None where too many were never met or one tells nothing."""
    try:
        return list(map(_steps.__getitem__, pieces))
    except KeyError:
        pass
    steps = list(map(_steps.get, pieces))
    few = steps.count(None) * _FEW <= len(pieces)
    for number, piece in enumerate(pieces):
        if steps[number] is None:
            again = _again(piece)
            if again or few:
                steps[number] = _step_of(piece, again)
                if steps[number] is None:
                    return None
    return None if None in steps else cast(Sequence[_Step], steps)


def _again(piece: bytes) -> bool:
    """Whether a piece is met for at least the second time: many come once, such as heights that fit one text."""
    mark = hash(piece)
    if mark in _met:
        return True
    if len(_met) >= _MOST_MET:
        _met.clear()
    _met[mark] = None
    return False


def _step_of(piece: bytes, remember: bool) -> _Step | None:
    """What a piece tells, None where it is long, nothing that the pattern of a sheet knows, or more than one cell."""
    step = _recognised(piece) if len(piece) <= _LONGEST else None
    if step is not None and remember:
        if len(_steps) >= _MOST:
            _steps.clear()
        _steps[piece] = step
    return step


def _recognised(piece: bytes) -> _Step | None:
    before, begin, xml = _NO_ROW, b"", piece
    if piece.startswith(_BEHIND):
        match = _OF_ROW.match(piece)
        if match is None:
            return None
        before, row = (int(match[1]) - 1, match[1]) if match[1] else (_ANY, b"1")
        begin, xml = b'<row r="%s"><c r="A%s"><v>1</v>' % (row, row), piece[len(_BEHIND) :]
    own = 1 if begin else 0
    if ROWS.fullmatch(begin + xml):
        return _Step(before, before, 0, b"", _END, False) if len(FILLED.findall(begin + xml)) == own else None
    whole = begin + xml + _VALUE
    if not ROWS.fullmatch(whole):
        return None
    *others, (letter, number, style, kind, formula, *_) = FILLED.findall(whole)
    if len(others) != own or kind not in _KINDS:
        return None
    return _Step(before, int(number) - 1, COLUMNS[letter], style, _KINDS[kind], bool(formula))


def _fill(
    found: SheetCells, steps: Sequence[_Step], values: Sequence[bytes], texts: SharedTexts, looks: Looks,
    since_1904: bool,
) -> None:  # fmt: skip
    rows, formulas = found.rows, found.formulas
    text_numbers, numbers, shared, struck = _text_numbers, _numbers, texts.texts, texts.struck
    odd, dates = looks.odd, looks.dates
    current, at = _NO_ROW, 0
    line: list[Raw] = []
    value: Raw
    for (before, row, col, style, kind, formula), written in zip(steps, values, strict=False):
        if row != current:
            if before not in (current, _ANY) or row < current:
                raise _DoubtError
            while len(rows) <= row:
                rows.append([])
            line, at, current = rows[row], 0, row
        elif before not in (row, _ANY):
            raise _DoubtError
        if col != at:
            if col < at:
                raise _DoubtError
            line.extend([None] * (col - at))
        at = col + 1
        if style in odd:
            found.looks[row, col] = odd[style]
        if kind == _TEXT:
            number = text_numbers[written]
            line.append(shared[number])
            if struck and number in struck:
                found.struck[row, col] = struck[number]
            continue
        if formula:
            formulas.add((row, col))
        if kind == _NUMBER:
            if written:
                value = numbers[written]
                if style in dates:
                    value = moment(value, since_1904)
            else:
                value = None
                if formula:
                    found.uncalculated.add((row, col))
        elif kind == _WORDS:
            value = _words(written) if written else ""
        elif kind == _TRUTH and written in _TRUTHS:
            value = written == b"1"
        else:
            raise _DoubtError
        line.append(value)
    if steps[-1].before not in (current, _ANY):
        raise _DoubtError


def _words(written: bytes) -> str:
    if b"<" in written:
        raise _DoubtError
    return text_of(written)
