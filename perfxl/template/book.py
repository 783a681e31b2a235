"""One workbook in the making: what its sheets share, and what they have from the blank template that it begins as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfxl.layout import Layout, Place
from perfxl.layout.fields import FieldId
from perfxl.template.expressions import Piece
from perfxl.template.live import Live
from perfxl.template.paper import Paper
from perfxl.template.styles import Styles
from perfxl.template.validation import Lists

Calls = dict[tuple[str, int, int], tuple[Any, ...]]
"""What was written to a sheet, by the kind of what is written, row and column."""


@dataclass(frozen=True)
class Blank:
    """The template without values, as it was written once. stamp: for the workbooks that begin as it. book: its own."""

    stamp: Any
    book: Book


@dataclass
class Book:
    """What every sheet of one workbook is written from, and what they tell one another.

    marks: by the keys in the rows. fixed: fields that nobody may change. noted: by sheet, the cells in which a note may
    stand. strips: those that take several. notes: how many stand in each now. sums: the cells of each KPI indicator's
    summary, by its code.

    blank: the template that the workbook begins as. anew: sheets that do not. touched: the rows in which anything
    stands or is marked, by table and key. kept: what was written where, by sheet; so papers, looks of cells to fill and
    where notes are counted, and how (counted).
    """

    layout: Layout
    live: Live
    styles: Styles
    lists: Lists
    marks: Mapping[FieldId, str] = field(default_factory=dict)
    fixed: frozenset[FieldId] = frozenset()
    noted: dict[str, list[Place]] = field(default_factory=dict)
    strips: dict[str, list[Place]] = field(default_factory=dict)
    notes: Counter[Place] = field(default_factory=Counter)
    sums: dict[str, Mapping[str, str]] = field(default_factory=dict)
    blank: Blank | None = None
    kept: dict[str, Calls] = field(default_factory=dict)
    touched: frozenset[tuple[str, str]] = frozenset()
    anew: frozenset[str] = frozenset()
    papers: dict[str, Paper] = field(default_factory=dict)
    input_styles: dict[str, dict[object, Any]] = field(default_factory=dict)
    counted: dict[str, tuple[dict[Place, int], int, Sequence[Piece]]] = field(default_factory=dict)

    def begin_as(self, blank: Blank, fields: Iterable[FieldId]) -> None:
        """Takes what the blank template knows. fields: those that hold anything or are marked, by the keys in rows."""
        own = blank.book
        self.blank = blank
        self.styles.begin_as(own.styles)
        self.lists.begin_as(own.lists)
        self.input_styles = {name: known.copy() for name, known in own.input_styles.items()}
        self.noted, self.strips, self.papers, self.counted = own.noted, own.strips, own.papers, own.counted
        self.touched = frozenset((table, row) for table, row, _ in fields)

    def joined(self, pieces: Sequence[Piece], values: Sequence[str] | Sequence[int]) -> str:
        """One expression for all pieces, texts joined and numbers added. values: what each part comes to.

        Where there are several, each stands in a cell of its own.
        """
        if len(pieces) == 1:
            return pieces[0].expression
        refs, start = [], 0
        texts = isinstance(values[0], str)
        for piece in pieces:
            own = values[start : start + piece.count]
            start += piece.count
            value = "".join(map(str, own)) if texts else sum(map(int, own))
            refs.append(self.lists.part_ref(piece.expression, value))
        return ("&" if texts else "+").join(refs)
