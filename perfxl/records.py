"""Frozen records that go between processes and to disk by the thousand."""

from __future__ import annotations

from typing import Any, ClassVar


class Record:
    """Base of a frozen dataclass with slots: it pickles as a call of its class.

    What Python makes for such a dataclass looks its fields up for each object and takes many times as long.
    """

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__match_args__])
