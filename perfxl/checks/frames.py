"""Small helpers that the conditions of checks share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

import pandas as pd

from perfxl.decimals import ZERO
from perfxl.intake.tables import Tables

Made = TypeVar("Made")


def shared(function: Callable[[Tables], Made]) -> Callable[[Tables], Made]:
    """For what several checks take from the tables of a chunk: worked out once a chunk."""

    @wraps(function)
    def once(tables: Tables) -> Made:
        name = f"{function.__module__}.{function.__qualname__}"
        if name not in tables.memo:
            tables.memo[name] = function(tables)
        made: Made = tables.memo[name]
        return made

    return once


def filled(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows in which none of the columns is None, so that their values can be compared."""
    return frame[frame[list(columns)].notna().all(axis=1)]


def numbers(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows in which all of the columns are numbers."""
    keep = pd.Series(True, index=frame.index)
    for column in columns:
        keep &= frame[column].map(lambda value: isinstance(value, Decimal)).astype(bool)
    return frame[keep]


def column(frame: pd.DataFrame, values: Iterable[object]) -> pd.Series[Any]:
    """A column of Python objects, kept as they are."""
    return pd.Series(list(values), index=frame.index, dtype=object)


def kept(frame: pd.DataFrame, flags: Iterable[bool]) -> pd.DataFrame:
    """The rows whose flag is true. A bare list of flags would take an empty one for a choice of no columns."""
    return frame[pd.Series(list(flags), index=frame.index, dtype=bool)]


def mapped(frame: pd.DataFrame, function: Callable[..., object], *columns: str) -> pd.Series[Any]:
    """A column made from others, value by value."""
    return column(frame, (function(*row) for row in zip(*(frame[name] for name in columns), strict=True)))


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return sum(values, ZERO)


def hits(frame: pd.DataFrame, table: str, key: str | None = None, field: str = "value") -> pd.DataFrame:
    """The frame as hits on one cell a row. key: the key of the cell where the frame's own `key` is not it."""
    # Not `empty`: that is a frame without columns too.
    if len(frame) == 0:
        return no_hits()
    placed = frame.reset_index() if frame.index.name == "file" else frame
    named = placed.assign(table=table, field=field)
    return named if key is None else named.assign(key=key)


def no_hits() -> pd.DataFrame:
    """What a check that does not apply gives back."""
    return pd.DataFrame(columns=["file", "table", "key", "field"])
