"""What a process remembers between workbooks: all of it is registered here, so that it can be forgotten at once.

Only what is worth its upkeep is remembered: at least a hundredth of the time that a file takes. What is made must
follow from the arguments or the key alone, and whoever is given it must not change it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_forget: list[Callable[[], None]] = []


def cached(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remembers what a function gave for its arguments, which must be hashable; the longest unused goes first."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        remembered = lru_cache(maxsize)(function)
        _forget.append(remembered.cache_clear)
        return remembered  # type: ignore[return-value]

    return decorate


def kept() -> dict[Hashable, Any]:
    """A dictionary of what is remembered by key, where the key is not the arguments of one function."""
    made: dict[Hashable, Any] = {}
    _forget.append(made.clear)
    return made


def clear() -> None:
    """Forgets everything, as in a process that has just begun."""
    for forget in _forget:
        forget()
