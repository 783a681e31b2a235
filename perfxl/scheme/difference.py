"""What differs between two schemes, in words: by table, record and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfxl.decimals import plain
from perfxl.rules import rule_kinds
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.raw_scheme import TABLES, Column, Table, given_settings, scheme_rows
from perfxl.scheme.shown import shown_value

KEYS: Mapping[str, tuple[str, ...]] = {
    "categories": ("name",),
    "levels": ("name",),
    "indicators": ("code",),
    "funds": ("key",),
    "fund_columns": ("key",),
    "facts": ("key",),
    "derived": ("key",),
    "kpi_levels": ("level1", "level2"),
    "columns": ("table", "key"),
    "symbols": ("symbol",),
    "shares": ("label",),
    "grades": ("set", "category", "name"),
    "caps": ("fact", "sign", "value"),
    "quotas": ("grade", "scope"),
    "review_reasons": ("text",),
    "narrative": ("key",),
    "stages": ("stage", "period"),
    "stage_fields": ("stage", "table", "key"),
}
"""The columns by which the records of a table are known."""
_NAMES = ("name", "label")
_SETTINGS = "settings"
_LONGEST = 200


@dataclass(frozen=True)
class _Row:
    """A record: what it is known by, and its values as they are written, and with placeholders filled."""

    key: tuple[Any, ...]
    written: Mapping[str, Any]
    filled: Mapping[str, Any]


def differences(first: Scheme, second: Scheme) -> list[str]:
    """Everything in which the second scheme differs, a line each, by table. Empty where they are equal."""
    return [] if first == second else [line for table in TABLES for line in _table(first, second, table)]


def _table(first: Scheme, second: Scheme, table: Table) -> Iterator[str]:
    if table.key == _SETTINGS:
        yield from _rules(first, second, table)
        return
    if table.vertical:
        yield from _columns(table, table.sheet, _rows(first, table)[0], _rows(second, table)[0])
        return
    old, new = ({row.key: row for row in _rows(scheme, table)} for scheme in (first, second))
    for key, row in old.items():
        place = f"{table.sheet} {_record(first, table, row)}"
        if key in new:
            yield from _columns(table, place, row, new[key])
        else:
            yield f"{place}：只在前一个方案中"
    for key, row in new.items():
        if key not in old:
            yield f"{table.sheet} {_record(second, table, row)}：只在后一个方案中"
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield f"{table.sheet}：次序不同"


def _rows(scheme: Scheme, table: Table) -> list[_Row]:
    value = getattr(scheme, table.key)
    records = (value,) if table.vertical else value
    names = () if table.vertical else KEYS[table.key]
    return [
        _Row(tuple(row[name] for name in names), row, {name: getattr(record, name) for name in row})
        for row, record in zip(scheme_rows(scheme, table), records, strict=True)
    ]


def _columns(table: Table, place: str, before: _Row, after: _Row) -> Iterator[str]:
    for column in table.columns:
        name = column.name
        # A text that says the same with and without placeholders is no difference, nor one that follows a number.
        if before.written[name] != after.written[name] and before.filled[name] != after.filled[name]:
            old, new = (_shown(table, column, row.written[name]) for row in (before, after))
            yield f"{place}：{column.spec.heading}：{old} → {new}"


def _record(scheme: Scheme, table: Table, known: _Row) -> str:
    """A record as a person knows it: what it is known by, with its name."""
    row = known.written
    names = [*KEYS[table.key], *(name for name in _NAMES if name in row and name not in KEYS[table.key])]
    words = [_shown(table, table.by_name[name], row[name]) for name in names if row[name] not in ("", None)]
    if table.key == "caps":
        words[0:1] = [scheme.fact_labels.get(row["fact"], row["fact"])] if row["fact"] else ["支出率", words[0]]
    return " ".join(words)


def _rules(first: Scheme, second: Scheme, table: Table) -> Iterator[str]:
    """The settings of the indicators that both have, with labels for facts."""
    for item in first.indicators:
        other = second.indicator_by_code.get(item.code)
        if other is None or item.rule == other.rule:
            continue
        old, new = _settings(first, item), _settings(second, other)
        for label in dict.fromkeys((*old, *new)):
            if old.get(label) != new.get(label):
                place = f"{table.sheet} {item.code} {item.name}"
                yield f"{place}：{label}：{old.get(label, '空')} → {new.get(label, '空')}"


def _settings(scheme: Scheme, item: Indicator) -> dict[str, str]:
    """The settings that an indicator's rule has, by label, as one text each."""
    found = {}
    for name, value in given_settings(item.rule).items():
        spec = item.rule.settings()[name]
        parts = value if isinstance(value, tuple) else (value,)
        found[spec.label] = "、".join(_part(scheme, part) for part in parts)
    return found


def _part(scheme: Scheme, part: Any) -> str:
    if isinstance(part, tuple):
        content, points = part
        return f"{_part(scheme, content)}（{plain(points)} 分）"
    return plain(part) if isinstance(part, Decimal) else scheme.fact_labels.get(part, str(part))


def _shown(table: Table, column: Column, value: Any) -> str:
    if (table.key, column.name) == ("indicators", "kind"):
        return rule_kinds()[value].title
    shown = shown_value(column, value)
    if shown is None or shown == "":
        return "空"
    text = plain(shown) if isinstance(shown, Decimal) else shown.replace("\n", "／")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
