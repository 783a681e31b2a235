"""Formulas of an .xls as text: what matters is which cells are formulas, and that constants can be calculated."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from xlrd.formula import func_defs

from perfxl.references import column_letters

UNKNOWN = "FORMULA()"
"""For a formula that is not told here: shared ones, names, arrays."""
_OPERATORS = ("+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_SUM_ATTRIBUTE, _CHOOSE_ATTRIBUTE = 0x10, 0x04
_MOST_COPIED = 20_000
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(slots=True)
class Links:
    """What 3D references refer to. sheets: names of all sheets. own_books: of each linked book, whether it is this one.

    references: number of a linked book, first and last sheet.
    """

    sheets: list[str]
    own_books: list[bool]
    references: list[tuple[int, int, int]]


class _UntoldError(Exception):
    """A token that has no words here."""


def formula_text(tokens: bytes, links: Links | None) -> str:
    """The text of a formula of an Excel 97 workbook, `UNKNOWN` for what is not told. links: None in older ones."""
    if links is None:
        return UNKNOWN
    try:
        return _Reader(tokens, links).text()
    except (_UntoldError, struct.error, IndexError, KeyError, UnicodeDecodeError):
        return UNKNOWN


class _Reader:
    """Reads the tokens, which stand in the order of calculation."""

    def __init__(self, tokens: bytes, links: Links) -> None:
        self._tokens = tokens
        self._links = links
        self._at = self._copied = 0
        self._stack: list[str] = []

    def text(self) -> str:
        while self._at < len(self._tokens):
            self._token(self._take("B")[0])
        if len(self._stack) != 1:
            raise _UntoldError
        return self._stack[0]

    def _take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self._tokens, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _push(self, text: str) -> None:
        self._copied += len(text)
        if self._copied > _MOST_COPIED:
            raise _UntoldError
        self._stack.append(text)

    def _token(self, token: int) -> None:
        kind = token if token < 0x20 else token & 0x1F | 0x20
        if 0x03 <= kind <= 0x11:
            right = self._stack.pop()
            self._push(self._stack.pop() + _OPERATORS[kind - 3] + right)
        elif kind in (0x12, 0x13, 0x14, 0x15):
            before, after = {0x12: ("+", ""), 0x13: ("-", ""), 0x14: ("", "%"), 0x15: ("(", ")")}[kind]
            self._push(before + self._stack.pop() + after)
        elif kind == 0x16:
            self._push("")
        elif kind == 0x17:
            self._push(self._text_constant())
        elif kind == 0x19:
            self._attribute()
        elif kind == 0x1C:
            self._push(_ERRORS[self._take("B")[0]])
        elif kind == 0x1D:
            self._push("TRUE" if self._take("B")[0] else "FALSE")
        elif kind == 0x1E:
            self._push(str(self._take("H")[0]))
        elif kind == 0x1F:
            self._push(repr(self._take("d")[0]).removesuffix(".0"))
        elif kind == 0x21:
            name, least, most = func_defs[self._take("H")[0]][:3]
            if least != most:
                raise _UntoldError
            self._call(name, least)
        elif kind == 0x22:
            count, number = self._take("BH")
            self._call(func_defs[number & 0x7FFF][0], count & 0x7F)
        elif kind == 0x24:
            self._push(_cell(*self._take("HH")))
        elif kind == 0x25:
            self._push(_area(*self._take("4H")))
        elif kind == 0x3A:
            sheet, *place = self._take("3H")
            self._push(self._sheet(sheet) + _cell(*place))
        elif kind == 0x3B:
            sheet, *place = self._take("5H")
            self._push(self._sheet(sheet) + _area(*place))
        else:
            raise _UntoldError

    def _text_constant(self) -> str:
        length, flags = self._take("BB")
        size = length * (1 + (flags & 1))
        raw = self._tokens[self._at : self._at + size]
        self._at += size
        return '"' + raw.decode("utf-16-le" if flags & 1 else "latin-1").replace('"', '""') + '"'

    def _attribute(self) -> None:
        flags, count = self._take("BH")
        if flags & _SUM_ATTRIBUTE:
            self._call("SUM", 1)
        elif flags & _CHOOSE_ATTRIBUTE:
            self._at += 2 * (count + 1)

    def _call(self, name: str, count: int) -> None:
        if count > len(self._stack):
            raise _UntoldError
        arguments = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        self._push(f"{name}({','.join(arguments)})")

    def _sheet(self, number: int) -> str:
        book, first, last = self._links.references[number]
        if not self._links.own_books[book]:
            return f"'[{book + 1}]{first + 1}'!"
        name = self._links.sheets[first]
        if last != first:
            name += ":" + self._links.sheets[last]
        return name + "!" if _PLAIN_NAME.fullmatch(name) else "'" + name.replace("'", "''") + "'!"


def _cell(row: int, col: int) -> str:
    across, down = "" if col & 0x4000 else "$", "" if col & 0x8000 else "$"
    return f"{across}{column_letters(col & 0xFF)}{down}{row + 1}"


def _area(first_row: int, last_row: int, first_col: int, last_col: int) -> str:
    return f"{_cell(first_row, first_col)}:{_cell(last_row, last_col)}"
