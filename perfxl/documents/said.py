"""What a document says: records whose fields are the placeholders of its template.

Each field is declared once, with its Chinese name and what it means: rendering, the check of templates and the list in
the handbook all come of that declaration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from perfxl.caches import cached
from perfxl.documents.insert import Insert

TEXT, NUMBER, YES_NO, LIST, RECORD, INSERT = KINDS = ("文字", "数", "是否", "列表", "一组", "插入的内容")
"""What a placeholder is: text, whole number, condition, list to loop over, fields in a group, chart or table."""


def said(name: str, words: str, **default: Any) -> Any:
    """A field of such a record. name: the placeholder; words: what it holds, in Chinese."""
    return field(metadata={"name": name, "words": words}, **default)


@dataclass(frozen=True)
class Slot:
    """A placeholder. kind: one of KINDS. inner: the fields of a group; item: what a list holds."""

    name: str
    words: str
    kind: str
    inner: Mapping[str, Slot] | None = None
    item: Slot | None = None


@cached(maxsize=200)
def slots_of(record: type[Any]) -> Mapping[str, Slot]:
    """The placeholders of a kind of record by name."""
    hints = get_type_hints(record)
    return {
        item.metadata["name"]: _slot(item.metadata["name"], item.metadata["words"], hints[item.name])
        for item in fields(record)
        if "name" in item.metadata
    }


def _slot(name: str, words: str, hint: Any) -> Slot:
    if get_origin(hint) is tuple:
        return Slot(name, words, LIST, item=_slot(name, "", get_args(hint)[0]))
    if NoneType in get_args(hint):
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    if is_dataclass(hint) and not issubclass(hint, Insert):  # type: ignore[arg-type]
        return Slot(name, words, RECORD, inner=slots_of(hint))  # type: ignore[arg-type]
    kinds = {bool: YES_NO, int: NUMBER, str: TEXT}
    return Slot(name, words, kinds.get(hint, INSERT))


@cached(maxsize=200)
def _names(record: type[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((item.name, item.metadata["name"]) for item in fields(record) if "name" in item.metadata)


def values_of(record: Any) -> dict[str, Any]:
    """A record as the template sees it: values by the Chinese names."""
    return {name: _value(getattr(record, key)) for key, name in _names(type(record))}


def _value(value: Any) -> Any:
    if isinstance(value, str | int | Insert) or value is None:
        return value
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    return values_of(value)


def listed(slots: Mapping[str, Slot], before: str = "") -> Iterator[tuple[str, str, str]]:
    """Every placeholder with those within it: name, kind, words. `指标[].名称`: of one of the list 指标."""
    for slot in slots.values():
        name = f"{before}{slot.name}"
        yield name, slot.kind, slot.words
        inner = slot.inner or (slot.item.inner if slot.item else None)
        if inner:
            yield from listed(inner, f"{name}." if slot.inner else f"{name}[].")
