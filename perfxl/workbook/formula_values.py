"""What a formula in an input cell comes to, where it is plain arithmetic: a file may hold another result.

Programs write formulas with a result of 0, or with none, and any file can hold a result that its formula contradicts.
Numbers, the four operations, powers, percent, cells, ranges and a few functions of them are worked out; a formula that
holds anything else has no value here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import fsum, isfinite, prod

from perfxl.references import Position, position
from perfxl.workbook.sheet_cells import SheetCells

_LONGEST, _DEEPEST, _WIDEST, _MOST_STEPS = 2_000, 30, 2_000, 5_000
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)"
    r"|(?P<range>(?:(?:'(?:[^']|'')+'|[^\s'!+\-*/^%(),:=<>&\"\d][^\s'!+\-*/^%(),:=<>&\"]*)!)?\$?[A-Za-z]{1,3}\$?\d{1,7}"
    r"(?::\$?[A-Za-z]{1,3}\$?\d{1,7})?)(?![A-Za-z(])"
    r"|(?P<function>[A-Za-z]+)\(|(?P<sign>[-+*/^%(),]))"
)


class _UnknownError(Exception):
    """The formula holds something that is not worked out here."""


def _average(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _rounded(values: Sequence[float]) -> float:
    value, places = values
    if not -20 <= places <= 20 or places != int(places):
        raise _UnknownError
    step = Decimal(1).scaleb(-int(places))
    return float((Decimal(repr(value)) / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


_FUNCTIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "SUM": fsum, "PRODUCT": prod, "AVERAGE": _average, "MIN": min, "MAX": max, "ROUND": _rounded,
    "ABS": lambda values: abs(*values),
}  # fmt: skip


@dataclass
class FormulaValues:
    """The values of formulas in the sheets of one workbook, by the names of these."""

    sheets: Mapping[str, SheetCells]
    _known: dict[tuple[str, Position], float] = field(default_factory=dict)
    _steps: int = 0

    def of(self, title: str, place: Position) -> float | None:
        """The value of the formula in a cell, None where it is not plain arithmetic."""
        self._steps = 0
        try:
            value = self._evaluated(title, place, 0)
        except (_UnknownError, ArithmeticError, ValueError, TypeError, RecursionError):
            return None
        return value if isfinite(value) else None

    def _evaluated(self, title: str, place: Position, depth: int) -> float:
        if (title, place) not in self._known:
            text = self.sheets[title].formula(place) if title in self.sheets else None
            if not text or len(text) > _LONGEST or depth > _DEEPEST:
                raise _UnknownError
            self._known[title, place] = _Expression(self, title, text.removeprefix("="), depth).value()
        return self._known[title, place]

    def number(self, title: str, place: Position, depth: int) -> float | None:
        """The number in a cell, worked out where it is a formula; None where the cell is blank."""
        self._steps += 1
        if self._steps > _MOST_STEPS or title not in self.sheets:
            raise _UnknownError
        sheet = self.sheets[title]
        if place in sheet.formulas:
            return self._evaluated(title, place, depth + 1)
        row = sheet.rows[place[0]] if place[0] < len(sheet.rows) else ()
        content = row[place[1]] if place[1] < len(row) else None
        if content is None and place not in sheet.errors:
            return None
        if isinstance(content, bool) or not isinstance(content, float):
            raise _UnknownError
        return content


@dataclass
class _Expression:
    """One formula, read from left to right."""

    values: FormulaValues
    title: str
    text: str
    depth: int
    at: int = 0
    nested: int = 0

    def value(self) -> float:
        found = self._sum()
        if self.text[self.at :].strip():
            raise _UnknownError
        return found

    def _next(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.at)

    def _take(self, *signs: str) -> str:
        token = self._next()
        if token is not None and token["sign"] in signs:
            self.at = token.end()
            return token["sign"]
        return ""

    def _sum(self) -> float:
        value = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> float:
        value = self._power()
        while sign := self._take("*", "/"):
            other = self._power()
            value = value * other if sign == "*" else value / other
        return value

    def _power(self) -> float:
        value = self._signed()
        while self._take("^"):
            value = float(value ** self._signed())
        return value

    def _signed(self) -> float:
        # As Excel has it, a sign binds closer than a power: -2^2 is 4.
        if sign := self._take("+", "-"):
            return -self._signed() if sign == "-" else self._signed()
        value = self._primary()
        while self._take("%"):
            value /= 100
        return value

    def _primary(self) -> float:
        token = self._next()
        self.nested += 1
        if token is None or self.nested > _MOST_STEPS:
            raise _UnknownError
        self.at = token.end()
        if token["number"]:
            return float(token["number"])
        if token["range"]:
            values = list(self._cells(token["range"]))
            if ":" in token["range"]:
                raise _UnknownError
            return values[0] or 0.0
        if token["function"]:
            return self._function(token["function"].upper())
        if token["sign"] == "(":
            value = self._sum()
            if self._take(")"):
                return value
        raise _UnknownError

    def _function(self, name: str) -> float:
        if name not in _FUNCTIONS:
            raise _UnknownError
        arguments: list[float] = []
        while True:
            token = self._next()
            if token is not None and token["range"] and ":" in token["range"]:
                self.at = token.end()
                # Blank cells of a range do not count.
                arguments += [value for value in self._cells(token["range"]) if value is not None]
            else:
                arguments.append(self._sum())
            if not self._take(","):
                break
        if not self._take(")"):
            raise _UnknownError
        return _FUNCTIONS[name](arguments) if arguments or name != "SUM" else 0.0

    def _cells(self, reference: str) -> Iterator[float | None]:
        sheet, mark, cells = reference.rpartition("!")
        title = sheet.strip("'").replace("''", "'") if mark else self.title
        corners = [position(corner.encode()) for corner in cells.replace("$", "").split(":")]
        first, last = corners[0], corners[-1]
        if first is None or last is None:
            raise _UnknownError
        if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) > _WIDEST:
            raise _UnknownError
        for row in range(first[0], last[0] + 1):
            for col in range(first[1], last[1] + 1):
                yield self.values.number(title, (row, col), self.depth)
