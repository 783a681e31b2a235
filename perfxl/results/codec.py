"""Our own records as JSON and back: a record is a list of its fields' values, a decimal a text.

The names of the fields are kept once for each kind of record (`names_of`), so that what another version has more or
less of is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from perfxl.caches import cached

Convert = Callable[[Any], Any]
Names = Mapping[str, Sequence[str]]
"""The fields of each kind of record, in the order of their values."""
_PLAIN = (str, int, bool, float, NoneType)


def encoded(record: Any) -> str:
    """A record (an instance of a dataclass) as one line of JSON."""
    return _encode(record)


def names_of(kind: type[Any]) -> Names:
    """The fields of a kind of record and of those within it."""
    return {one.__name__: [item.name for item in fields(one)] for one in _kinds(kind, set())}


def decoder(kind: type[Any], names: Names) -> Callable[[str], Any]:
    """Makes records again of the lines that `encoded` made of such of a kind.

    names: the fields as they were then. What it gives raises LookupError, TypeError, ValueError or ArithmeticError
    where a line is none of it.
    """
    convert = _decode(kind, names)
    return lambda line: convert(json.loads(line))


def _simple(value: Any) -> Any:
    """What JSON has no word for, in words that it has."""
    return str(value) if type(value) is Decimal else _values(type(value))(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_simple).encode


@cached(maxsize=50)
def _values(kind: type[Any]) -> Callable[[Any], Any]:
    """How the values of a record are taken."""
    names, hints = [item.name for item in fields(kind)], get_type_hints(kind)
    if any(_ambiguous(hints[name]) for name in names):
        marks = [(name, _ambiguous(hints[name])) for name in names]
        return lambda record: [
            {"": str(value)} if mark and isinstance(value := getattr(record, name), Decimal) else getattr(record, name)
            for name, mark in marks
        ]
    return attrgetter(*names) if len(names) > 1 else lambda record: [getattr(record, names[0])]


def _ambiguous(hint: Any) -> bool:
    """Whether a text may be a text or a decimal."""
    return {str, Decimal} <= set(get_args(hint))


def _kinds(hint: Any, seen: set[Any]) -> Iterator[type[Any]]:
    if isinstance(hint, type) and is_dataclass(hint):
        if hint not in seen:
            seen.add(hint)
            yield hint
            for inner in get_type_hints(hint).values():
                yield from _kinds(inner, seen)
        return
    for inner in get_args(hint):
        yield from _kinds(inner, seen)


def _decode(hint: Any, names: Names) -> Convert:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return _choice([item for item in arguments if item is not NoneType], names)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            each = _decode(arguments[0], names)
            return lambda values: tuple([each(value) for value in values])
        parts = [_decode(item, names) for item in arguments]
        return lambda values: tuple([part(value) for part, value in zip(parts, values, strict=True)])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        inner = _decode(arguments[1], names)
        return lambda values: {key: inner(value) for key, value in values.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint, names)
    if hint is Decimal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return hint
    if hint in _PLAIN:
        return lambda value: value
    raise TypeError(f"no codec for {hint!r}")


def _choice(kinds: Sequence[Any], names: Names) -> Convert:
    if len(kinds) == 1:
        one = _decode(kinds[0], names)
        return lambda value: None if value is None else one(value)
    return lambda value: Decimal(value[""]) if isinstance(value, dict) else value


def _record(kind: type[Any], names: Names) -> Convert:
    hints = get_type_hints(kind)
    stored = names[kind.__name__]
    parts = [(number, name, _decode(hints[name], names)) for number, name in enumerate(stored) if name in hints]

    def convert(values: Sequence[Any]) -> Any:
        if len(values) != len(stored):
            raise ValueError(kind.__name__)
        return kind(**{name: part(values[number]) for number, name, part in parts})

    return convert
