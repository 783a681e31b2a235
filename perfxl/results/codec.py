"""Our own records as plain JSON values and back: decimals as texts, what has its default left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from perfxl.caches import cached

Convert = Callable[[Any], Any]
_PLAIN = (str, int, bool, float, NoneType)


def encoded(record: Any) -> dict[str, Any]:
    """A record (an instance of a dataclass) as a dictionary of what is not at its default."""
    return dict(_codec(type(record)).encode(record))


def decoded(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """The record of a kind that `encoded` made these values of.

    Names that the kind does not have are passed over: a later version may have written them. Raises LookupError,
    TypeError, ValueError or ArithmeticError where the values are none of it.
    """
    return _codec(kind).decode(values)


class _Codec:
    """How records of one kind are converted."""

    def __init__(self, kind: type[Any]) -> None:
        self.kind = kind
        hints = get_type_hints(kind)
        self.parts = [(item.name, *_both(hints[item.name]), *_default(item)) for item in fields(kind)]

    def encode(self, record: Any) -> dict[str, Any]:
        found = {}
        for name, encode, _, has, default in self.parts:
            value = getattr(record, name)
            if not has or value != default:
                found[name] = encode(value)
        return found

    def decode(self, values: Mapping[str, Any]) -> Any:
        return self.kind(**{name: decode(values[name]) for name, _, decode, *_ in self.parts if name in values})


@cached(maxsize=50)
def _codec(kind: type[Any]) -> _Codec:
    return _Codec(kind)


def _default(item: Field[Any]) -> tuple[bool, Any]:
    if item.default is not MISSING:
        return True, item.default
    return (True, item.default_factory()) if item.default_factory is not MISSING else (False, None)


def _both(hint: Any) -> tuple[Convert, Convert]:
    """How a value of a type is encoded and decoded."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        inner = [item for item in arguments if item is not NoneType]
        if len(inner) == 1:
            encode, decode = _both(inner[0])
            return _unless_none(encode), _unless_none(decode)
        return _tagged, _untagged
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return _each(arguments[0])
        pairs = [_both(item) for item in arguments]
        return (
            lambda values: [encode(value) for (encode, _), value in zip(pairs, values, strict=True)],
            lambda values: tuple(decode(value) for (_, decode), value in zip(pairs, values, strict=True)),
        )
    if isinstance(origin, type) and issubclass(origin, Mapping):
        encode, decode = _both(arguments[1])
        return (
            lambda values: {key: encode(value) for key, value in values.items()},
            lambda values: {str(key): decode(value) for key, value in values.items()},
        )
    return _one(hint)


def _one(hint: Any) -> tuple[Convert, Convert]:
    if hint is Decimal:
        return str, Decimal
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value, hint
    if is_dataclass(hint):
        # Asked only when it is needed: records may hold records of their own kind.
        kind: Any = hint
        return lambda value: _codec(type(value)).encode(value), lambda values: decoded(kind, values)
    if hint in _PLAIN:
        return _same, _same
    raise TypeError(f"no codec for {hint!r}")


def _each(hint: Any) -> tuple[Convert, Convert]:
    encode, decode = _both(hint)
    return lambda values: [encode(value) for value in values], lambda values: tuple(decode(value) for value in values)


def _unless_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _tagged(value: Any) -> Any:
    return {"decimal": str(value)} if isinstance(value, Decimal) else value


def _untagged(value: Any) -> Any:
    return Decimal(value["decimal"]) if isinstance(value, dict) else value


def _same(value: Any) -> Any:
    return value
