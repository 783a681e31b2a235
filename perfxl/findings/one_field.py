"""Conditions on what one field holds, whatever that is, and those that the language cannot say."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from perfxl.findings.condition import Condition, Values
from perfxl.findings.in_excel import Cell, Value, any_of, blank, is_blank


class OfOneField(Condition):
    """A condition on what one field holds, whatever that is."""

    name: str

    @abstractmethod
    def is_met(self, value: Any) -> bool:
        """Whether it holds of a value."""

    def test(self, of: Values, as_shown: bool) -> Any:
        return of.each(lambda row: self.is_met(row(self.name)), (self.name,))

    def others(self) -> Iterator[str]:
        yield self.name


@dataclass(frozen=True)
class Blank(OfOneField):
    """Nothing visible stands in the field."""

    name: str

    def formula(self, cell: Cell) -> str:
        return blank(cell(self.name))

    def is_met(self, value: Any) -> bool:
        return is_blank(value)


@dataclass(frozen=True)
class NotBlank(OfOneField):
    """Something visible stands in the field."""

    name: str

    def formula(self, cell: Cell) -> str:
        return f"NOT({blank(cell(self.name))})"

    def is_met(self, value: Any) -> bool:
        return not is_blank(value)


@dataclass(frozen=True)
class IsText(OfOneField):
    """A text stands where a number belongs."""

    name: str

    def formula(self, cell: Cell) -> str:
        return f"ISTEXT({cell(self.name)})"

    def is_met(self, value: Any) -> bool:
        return isinstance(value, str)


@dataclass(frozen=True)
class OneOf(OfOneField):
    """The field holds one of some texts."""

    name: str
    texts: tuple[str, ...]

    def formula(self, cell: Cell) -> str:
        return any_of(cell(self.name), self.texts)

    def is_met(self, value: Any) -> bool:
        return value in self.texts


@dataclass(frozen=True)
class NoneOf(OfOneField):
    """The field holds none of some texts."""

    name: str
    texts: tuple[str, ...]

    def formula(self, cell: Cell) -> str:
        return f"NOT({any_of(cell(self.name), self.texts)})"

    def is_met(self, value: Any) -> bool:
        return value not in self.texts


@dataclass(frozen=True)
class Mentions(OfOneField):
    """The field's text contains one of some words. listed: the name of the range in which the words stand."""

    name: str
    words: tuple[str, ...]
    listed: str = ""

    def formula(self, cell: Cell) -> str:
        where = cell(self.name)
        if self.listed:
            return f"SUMPRODUCT(--ISNUMBER(SEARCH({cell(self.listed)},{where})))>0"
        tests = [f'ISNUMBER(SEARCH("{word}",{where}))' for word in self.words]
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"

    def is_met(self, value: Any) -> bool:
        return isinstance(value, str) and any(word in value for word in self.words)


@dataclass(frozen=True)
class SideBySide(Condition):
    """What the language cannot say: an Excel condition beside the same as a function of the row's fields."""

    names: tuple[str, ...]
    excel: Callable[[Cell], str]
    exact: Callable[[Value], bool]

    def formula(self, cell: Cell) -> str:
        return self.excel(cell)

    def test(self, of: Values, as_shown: bool) -> Any:
        return of.each(self.exact, self.names)

    def others(self) -> Iterator[str]:
        yield from self.names
