"""Small helpers that the conditions of checks share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

import pandas as pd

from perfxl.decimals import ZERO
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


def numbers(tables: Tables, table: str, *columns: str) -> pd.DataFrame:
    """The rows of a table in which all of the columns are numbers; looked for once a chunk."""

    def find() -> pd.DataFrame:
        frame: pd.DataFrame = getattr(tables, table)
        flags = ([isinstance(value, Decimal) for value in frame[name]] for name in columns)
        return kept(frame, map(all, zip(*flags, strict=True)))

    return _once(tables, (table, *columns), find)


def filled(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows in which none of the columns is None, so that their values can be compared."""
    return kept(frame, (None not in row for row in rows(frame, *columns)))


def kept(frame: pd.DataFrame, flags: Iterable[bool]) -> pd.DataFrame:
    """The rows whose flag is true."""
    listed = list(flags)
    # A bare list of flags would take an empty one for a choice of no columns.
    return frame if all(listed) else frame[pd.Series(listed, index=frame.index, dtype=bool)]


def rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The file and these columns of every row."""
    return zip(frame.index, *(frame[name] for name in columns), strict=True)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return sum(values, ZERO)


def hit(file: str, table: str, key: str, field: str = VALUE, **words: object) -> Hit:
    """A hit on one cell, with what the words of its check need."""
    return {"file": file, "table": table, "key": key, "field": field, **words}


def hit_on_file(file: str, **words: object) -> Hit:
    """A hit that no field is to blame for. Words may name its `sheet` and `cell`."""
    return hit(file, "", "", "", **words)
