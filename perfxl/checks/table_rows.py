"""Small helpers that the conditions of checks share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

from perfxl.decimals import ZERO
from perfxl.intake.columns import Table
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import VALUE

Hit = dict[str, Any]
"""One hit of a check: file, table, key and field of the cell to blame (table "" where none is), and its words.

One on a cell that is no field's own may name the `fields` that follow from it. OFFICIAL: what does not fit is the
bureau's own word in part.
"""
OFFICIAL = "official_too"

Made = TypeVar("Made")


def shared(function: Callable[[Tables], Made]) -> Callable[[Tables], Made]:
    """For what several checks take from the tables of a chunk: worked out once a chunk."""

    @wraps(function)
    def once(tables: Tables) -> Made:
        return _once(tables, function, lambda: function(tables))

    return once


def _once(tables: Tables, name: Hashable, make: Callable[[], Made]) -> Made:
    if name not in tables.memo:
        tables.memo[name] = make()
    made: Made = tables.memo[name]
    return made


def numbers(tables: Tables, table: str, *columns: str) -> Table:
    """The rows of a table in which all of the columns are numbers; looked for once a chunk."""

    def find() -> Table:
        asked: Table = getattr(tables, table)
        flags = ([isinstance(value, Decimal) for value in asked[name]] for name in columns)
        return asked.kept([all(row) for row in zip(*flags, strict=True)]) if columns else asked

    return _once(tables, (table, *columns), find)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return sum(values, ZERO)


def hit(file: str, table: str, key: str, field: str = VALUE, **words: object) -> Hit:
    """A hit on one cell, with what the words of its check need."""
    return {"file": file, "table": table, "key": key, "field": field, **words}


def hit_on_file(file: str, **words: object) -> Hit:
    """A hit that no field is to blame for. Words may name its `sheet` and `cell`."""
    return hit(file, "", "", "", **words)
