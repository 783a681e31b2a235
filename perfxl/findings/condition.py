"""A small language for what is wrong with figures: one tree gives the Excel condition and the test in exact decimals.

Fields are named by what their table calls them; whoever asks says where each stands (`formula`) or what it holds
(`holds` of one row, `test` of one or many). A condition that compares numbers is false where one of them is
missing or a text.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from perfxl.decimals import half_up, plain
from perfxl.findings.in_excel import Cell, Value, where_numbers

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt, "<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


class Values(Protocol):
    """The values that a condition is tested on: of one row, or of many at once as arrays."""

    def __call__(self, name: str) -> Any:
        """The field, as what calculates like a Decimal."""
        ...

    def each(self, test: Callable[[Value], bool], names: Sequence[str]) -> Any:
        """The test on each row, as what joins by `&` and `|`. names: the fields that the test asks for."""
        ...


class _OneRow(NamedTuple):
    of: Value

    def __call__(self, name: str) -> Any:
        return self.of(name)

    def each(self, test: Callable[[Value], bool], names: Sequence[str]) -> bool:
        return test(self.of)


class Term(ABC):
    """A number that is calculated from fields."""

    @abstractmethod
    def formula(self, cell: Cell) -> str:
        """As an Excel expression."""

    @abstractmethod
    def value(self, of: Values, as_shown: bool) -> Any:
        """The exact number; as_shown: rounded where the Excel expression is."""

    @abstractmethod
    def fields(self) -> Iterator[str]:
        """The fields that must be numbers."""

    def value_of(self, of: Value) -> Any:
        """The exact number of one row in which all fields are numbers."""
        return self.value(_OneRow(of), False)

    def __add__(self, other: Term) -> Term:
        return _Pair("+", self, other)

    def __sub__(self, other: Term | Decimal) -> Term:
        return _Pair("-", self, _term(other))

    def __abs__(self) -> Term:
        return _Absolute(self)

    def rounded(self, places: int) -> Term:
        """Without the noise of binary floats, which exact numbers have none of."""
        return _Rounded(self, places)

    def __gt__(self, other: Term | Decimal | int) -> Condition:
        return _Comparison(">", self, _term(other))

    def __lt__(self, other: Term | Decimal | int) -> Condition:
        return _Comparison("<", self, _term(other))

    def __le__(self, other: Term | Decimal | int) -> Condition:
        return _Comparison("<=", self, _term(other))

    def equals(self, other: Term | Decimal | int) -> Condition:
        """Both are the same number."""
        return _Comparison("=", self, _term(other))

    def differs(self, other: Term | Decimal | int) -> Condition:
        """They are two numbers."""
        return _Comparison("<>", self, _term(other))


@dataclass(frozen=True)
class Field(Term):
    """The number in a field. or_zero: Excel takes a blank or a text for 0, which its comparison then is false for."""

    name: str
    or_zero: bool = False

    def formula(self, cell: Cell) -> str:
        return f"N({cell(self.name)})" if self.or_zero else cell(self.name)

    def value(self, of: Values, as_shown: bool) -> Any:
        return of(self.name)

    def fields(self) -> Iterator[str]:
        yield self.name


@dataclass(frozen=True)
class _Number(Term):
    number: Decimal

    def formula(self, cell: Cell) -> str:
        return plain(self.number)

    def value(self, of: Values, as_shown: bool) -> Any:
        return self.number

    def fields(self) -> Iterator[str]:
        yield from ()


@dataclass(frozen=True)
class _Times(Term):
    factor: Decimal
    term: Term

    def formula(self, cell: Cell) -> str:
        return f"{plain(self.factor)}*{self.term.formula(cell)}"

    def value(self, of: Values, as_shown: bool) -> Any:
        return self.term.value(of, as_shown) * self.factor

    def fields(self) -> Iterator[str]:
        return self.term.fields()


@dataclass(frozen=True)
class _Pair(Term):
    sign: str
    left: Term
    right: Term

    def formula(self, cell: Cell) -> str:
        return f"{self.left.formula(cell)}{self.sign}{self.right.formula(cell)}"

    def value(self, of: Values, as_shown: bool) -> Any:
        left, right = self.left.value(of, as_shown), self.right.value(of, as_shown)
        return left + right if self.sign == "+" else left - right

    def fields(self) -> Iterator[str]:
        yield from self.left.fields()
        yield from self.right.fields()


@dataclass(frozen=True)
class _Absolute(Term):
    term: Term

    def formula(self, cell: Cell) -> str:
        return f"ABS({self.term.formula(cell)})"

    def value(self, of: Values, as_shown: bool) -> Any:
        return abs(self.term.value(of, as_shown))

    def fields(self) -> Iterator[str]:
        return self.term.fields()


@dataclass(frozen=True)
class _Rounded(Term):
    term: Term
    places: int

    def formula(self, cell: Cell) -> str:
        return f"ROUND({self.term.formula(cell)},{self.places})"

    def value(self, of: Values, as_shown: bool) -> Any:
        exact = self.term.value(of, as_shown)
        return half_up(exact, Decimal(1).scaleb(-self.places)) if as_shown else exact

    def fields(self) -> Iterator[str]:
        return self.term.fields()


def _term(value: Term | Decimal | int) -> Term:
    return value if isinstance(value, Term) else _Number(Decimal(value))


def times(factor: Decimal, term: Term) -> Term:
    """A field by a number of the scheme."""
    return _Times(factor, term)


def added(names: Sequence[str]) -> Term:
    """The sum of fields."""
    first, *others = [Field(name) for name in names]
    term: Term = first
    for other in others:
        term = term + other
    return term


class Condition(ABC):
    """Something that holds of a row or not."""

    @abstractmethod
    def formula(self, cell: Cell) -> str:
        """As an Excel condition."""

    @abstractmethod
    def test(self, of: Values, as_shown: bool) -> Any:
        """Whether it holds of a row, or of each of many, where every one of `numbers` is a number."""

    def numbers(self) -> Iterator[str]:
        """The fields that must be numbers for it to hold."""
        yield from ()

    def others(self) -> Iterator[str]:
        """The fields that may hold anything."""
        yield from ()

    def holds(self, of: Value, *, as_shown: bool = False) -> bool:
        """Whether it holds of one row. as_shown: as the Excel condition has it, which rounds float noise away."""
        for name in self._numbers:
            if not isinstance(of(name), Decimal):
                return False
        return bool(self.test(_OneRow(of), as_shown))

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.numbers()))


@dataclass(frozen=True)
class _Comparison(Condition):
    sign: str
    left: Term
    right: Term

    def formula(self, cell: Cell) -> str:
        return f"{self.left.formula(cell)}{self.sign}{self.right.formula(cell)}"

    def test(self, of: Values, as_shown: bool) -> Any:
        return _SIGNS[self.sign](self.left.value(of, as_shown), self.right.value(of, as_shown))

    def numbers(self) -> Iterator[str]:
        yield from self.left.fields()
        yield from self.right.fields()


@dataclass(frozen=True)
class _Joined(Condition):
    """Several conditions under one Excel function."""

    parts: tuple[Condition, ...]
    function: str

    def formula(self, cell: Cell) -> str:
        return f"{self.function}({','.join(part.formula(cell) for part in self.parts)})"

    def test(self, of: Values, as_shown: bool) -> Any:
        first, *more = self.parts
        result = first.test(of, as_shown)
        for part in more:
            result = result & part.test(of, as_shown) if self.function == "AND" else result | part.test(of, as_shown)
        return result

    def numbers(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.numbers()

    def others(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.others()


def all_of(*parts: Condition) -> Condition:
    """Every one holds."""
    return _Joined(parts, "AND")


def one_of(*parts: Condition) -> Condition:
    """At least one holds, all of their numbers being given."""
    return _Joined(parts, "OR")


@dataclass(frozen=True)
class _Given(Condition):
    names: tuple[str, ...]
    condition: Condition

    def formula(self, cell: Cell) -> str:
        return where_numbers([cell(name) for name in self.names], self.condition.formula(cell))

    def test(self, of: Values, as_shown: bool) -> Any:
        return self.condition.test(of, as_shown)

    def numbers(self) -> Iterator[str]:
        yield from self.names
        yield from self.condition.numbers()

    def others(self) -> Iterator[str]:
        return self.condition.others()


def given(names: Sequence[str], condition: Condition) -> Condition:
    """The condition where all of these fields hold numbers. Excel must be asked: it compares texts with numbers."""
    return _Given(tuple(names), condition)


@dataclass(frozen=True)
class _Before(Condition):
    first: Condition
    then: Condition

    def formula(self, cell: Cell) -> str:
        return f"IF({self.first.formula(cell)},{self.then.formula(cell)},FALSE)"

    def test(self, of: Values, as_shown: bool) -> Any:
        return self.first.test(of, as_shown) & self.then.test(of, as_shown)

    def numbers(self) -> Iterator[str]:
        yield from self.first.numbers()
        yield from self.then.numbers()

    def others(self) -> Iterator[str]:
        yield from self.first.others()
        yield from self.then.others()


def before(first: Condition, then: Condition) -> Condition:
    """Both hold; Excel asks the second only where the first does."""
    return _Before(first, then)
