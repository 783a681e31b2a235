"""Values that go to other processes by the thousand."""

from __future__ import annotations

from operator import attrgetter
from typing import Any


class PickledByValues:
    """For frozen dataclasses with slots and more than one field: pickled as the class and its values.

    As they are, they ask `dataclasses.fields` at every single value, which takes several times as long.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), attrgetter(*self.__slots__)(self)
