"""Formulas that are the same down a column but for their row: written once, and taken up by the cells below.

Excel itself writes what was filled down so. What its own files never have in such a formula it does not read right: a
reference to a sheet, were it the own one, stays as in the first cell, and Excel refuses to save the workbook. So only
formulas are shared that consist of what stands in its description of them (MS-XLSB, SharedParsedFormula).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from perfxl.caches import cached
from perfxl.patterns import pattern_of
from perfxl.references import column_letters, position
from perfxl.xlsx.texts import escaped, unescaped

Cell = tuple[int, int]
_REF = r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}+(?![\w.(!])"
_TOKEN = pattern_of(
    rf'(?P<text>"(?:[^"]|"")*+")|(?P<area>{_REF}(?::{_REF})?+)|(?P<name>[^\W\d][\w.]*+(?![!:]))'
    r"|(?P<number>\d++(?:\.\d++)?+)|(?P<sign>[<>]=|<>|[-+*/^&=<>%(),])"
)
_CELL = re.compile(r'(?<=<c r=")([A-Z]+\d+)("[^>]*>)<f>([^<]*)</f>')
_ROW = re.compile(r"(?<=[A-Z])[1-9]\d*")
_ROWS_ALIKE = 3
"""So many rows at least are worth it."""
_LEAST_SAVED = 100
_NEWER = "_xl"
"""What the names of functions newer than Excel 2007 begin with, in the file."""


class Shared(NamedTuple):
    """A formula that is shared. formula: in its own cell. number: of the shared formula in its sheet. is_first: whether
    it is written in this cell. element: what the cell has in its place."""

    formula: str
    number: int
    is_first: bool
    element: str

    @property
    def plain(self) -> str:
        """What the cell has where the formula is not shared."""
        return f"<f>{escaped(self.formula)}</f>"


def shared_formulas(formulas: Mapping[Cell, str]) -> dict[Cell, Shared]:
    """Which formulas of a sheet are shared. formulas: of each cell, by row and column, without the `=`.

    Those of rows that follow one another are shared where moving the first down by so many rows gives just the other.
    """
    runs: list[list[Cell]] = []
    last: dict[int, tuple[int, str, list[Cell]]] = {}  # of each column
    for row, col in sorted(formulas):
        alike = _relative(formulas[row, col], row + 1)
        above = last.get(col)
        if alike and above is not None and above[:2] == (row - 1, alike):
            run = above[2]
            run.append((row, col))
        else:
            run = [(row, col)]
            runs.append(run)
        last[col] = row, alike, run
    found: dict[Cell, Shared] = {}
    number = 0
    for run in runs:
        first, more = run[0], len(run) - 1
        if len(run) < _ROWS_ALIKE or len(formulas[first]) * more < _LEAST_SAVED:
            continue
        letters = column_letters(first[1])
        area = f"{letters}{first[0] + 1}:{letters}{run[-1][0] + 1}"
        written = f'<f t="shared" ref="{area}" si="{number}">{escaped(formulas[first])}</f>'
        for cell in run:
            is_first = cell == first
            found[cell] = Shared(
                formulas[cell], number, is_first, written if is_first else f'<f t="shared" si="{number}"/>'
            )
        number += 1
    return found


@cached(maxsize=5_000)
def _relative(formula: str, row: int) -> str:
    """A formula with the distance to its own row, counted from 1, for each row that moves with it; empty where it
    cannot be shared."""
    parts: list[str] = []
    calls: list[bool] = []  # of each open bracket, whether it is that of a function
    at, before = 0, ""
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        if token is None:
            return ""
        kind, text, at = token.lastgroup, token.group(), token.end()
        if text == "(":
            calls.append(before == "name")
        elif text == ")" and calls:
            calls.pop()
        elif text == "," and not (calls and calls[-1]):
            return ""  # several areas as one
        elif kind == "name" and text.startswith(_NEWER):
            return ""
        # A bracket is no part of any token.
        parts.append(_ROW.sub(lambda own: f"[{int(own[0]) - row}]", text) if kind == "area" else text)
        before = kind or ""
    return "".join(parts)


def with_shared_formulas(sheet: str) -> str:
    """The finished part of a sheet, in which every formula stands in full, with those shared that can be."""
    formulas: dict[Cell, str] = {}
    for ref, _, formula in _CELL.findall(sheet):
        if (cell := position(ref.encode())) is not None:
            formulas[cell] = unescaped(formula)
    found = shared_formulas(formulas)

    def written(match: re.Match[str]) -> str:
        shared = found.get(position(match[1].encode()) or (-1, -1))
        return f"{match[1]}{match[2]}{shared.element}" if shared else match[0]

    return _CELL.sub(written, sheet)
