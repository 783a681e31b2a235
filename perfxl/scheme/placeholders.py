"""Numbers of a scheme in its texts: `{low_rate}` in a label is 90% where the scheme says 0.9, and follows its changes.

Texts are filled once, when a scheme is built, so that nobody else knows of placeholders; `Scheme.written` keeps them as
they were written, for the files that a scheme is exported to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from perfxl.decimals import plain
from perfxl.rules import Rule
from perfxl.rules.percentages import full_percent
from perfxl.scheme.columns import ColumnSpec
from perfxl.scheme.model import Header, Indicator, Options, Scheme, Thresholds

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "indicators": ("standard",),
    "facts": ("label", "hint"),
    "derived": ("label", "hint"),
    "columns": ("label", "hint"),
    "caps": ("words",),
    "narrative": ("label", "hint"),
}
"""The columns whose texts are filled, by table. Titles and names are not: they may hold any character."""
HEADER = ("year", "title", "deadline", "bureau", "contact")
RECORDS: Mapping[str, type] = {"thresholds": Thresholds, "options": Options}
"""The tables with one record whose numbers may be named by their keys."""
POINTS = "points"
IsRate = Callable[[str], bool]
"""Whether a fact or derived fact is a rate, by its key."""
_PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_WIDE = re.compile(r"｛\s*([^｛｝\s]{1,60})\s*｝")


@dataclass(frozen=True)
class Slot:
    """A placeholder, or a brace that belongs to none (`name` None)."""

    written: str
    name: str | None


def slots(text: str) -> Iterator[Slot]:
    """The placeholders of a text and its stray braces."""
    for match in _PARTS.finditer(text):
        if match.group() not in ("{{", "}}"):
            yield Slot(match.group(), None if match[1] is None else match[1].strip())


def wide_names(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Names in full-width braces, which are no placeholders though they look like some."""
    known = set(names)
    return tuple(name for name in _WIDE.findall(text) if name in known)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled; what has no value stays as it is written."""

    def filled(match: re.Match[str]) -> str:
        if match.group() in ("{{", "}}"):
            return match.group()[0]
        return match.group() if match[1] is None else values.get(match[1].strip(), match.group())

    return _PARTS.sub(filled, text) if "{" in text or "}" in text else text


def bare(text: str) -> str:
    """The text with a stroke for each placeholder: the figures that a person wrote, and no others."""
    return _PARTS.sub(lambda match: match.group()[0] if match.group() in ("{{", "}}") else "|", text)


def escaped(text: str) -> str:
    """A text that `fill` gives back as it is."""
    return text.replace("{", "{{").replace("}", "}}")


def shown(value: Any, *, is_rate: bool = False) -> str:
    """A value as a text shows it: a rate as a percentage, another number plain, a text as it is."""
    if isinstance(value, Decimal):
        return full_percent(value) if is_rate else plain(value)
    return str(value)


def record_numbers(record: type) -> dict[str, ColumnSpec]:
    """The columns of a record that hold numbers, by key."""
    specs = {f.name: f.metadata["column"] for f in fields(record) if "column" in f.metadata}
    return {name: spec for name, spec in specs.items() if spec.kind in ("number", "whole")}


def rule_values(rule: Rule, points: Decimal, is_rate: IsRate) -> dict[str, str]:
    """What the standard of an indicator may name beside: its points, its number settings, the points of its items.

    The bounds of tiers are `tiers.1`, `tiers.2` in the order in which they are written, their points `tiers.1.points`.
    """
    values = {POINTS: plain(points)}
    for name, spec in rule.settings().items():
        value, rated = getattr(rule, name), spec.rate and scores_rate(rule, is_rate)
        if spec.kind == "number" and value is not None:
            values[name] = shown(value, is_rate=rated)
        elif spec.kind == "fact_points":
            values |= {key: plain(worth) for key, worth in value}
        elif spec.kind == "number_points":
            for number, (bound, worth) in enumerate(value, 1):
                values[f"{name}.{number}"] = shown(bound, is_rate=rated)
                values[f"{name}.{number}.{POINTS}"] = plain(worth)
    return values


def scores_rate(rule: Rule, is_rate: IsRate) -> bool:
    """Whether what a rule scores is a rate: facts over facts, or a value that is one."""
    value = getattr(rule, "value", ())
    keys = (value,) if isinstance(value, str) and value else tuple(value)
    return all(map(is_rate, keys))


def rates_of(scheme: Scheme) -> IsRate:
    """Which facts and derived facts of a scheme are rates."""
    rates = scheme.percent_facts | {key for key, quotient in scheme.definitions.items() if quotient.percent}
    return rates.__contains__


def scheme_values(scheme: Scheme) -> dict[str, str]:
    """What any text of a scheme may name: header, thresholds, options, and numbers of indicators as `code.name`."""
    values = header_values(scheme.header)
    for key, record in RECORDS.items():
        for name, spec in record_numbers(record).items():
            values[name] = shown(getattr(getattr(scheme, key), name), is_rate=spec.rate)
    for indicator in scheme.indicators:
        own = rule_values(indicator.rule, indicator.points, rates_of(scheme))
        values |= {f"{indicator.code}.{name}": text for name, text in own.items()}
    return values


def header_values(header: Header) -> dict[str, str]:
    """What texts may name of the header."""
    return {name: shown(getattr(header, name)) for name in HEADER}


class Texts:
    """The texts of a scheme with and without their placeholders filled."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.general = scheme_values(scheme)
        self.is_rate = rates_of(scheme)

    def values(self, record: Any) -> dict[str, str]:
        """What the texts of a record may name."""
        own = rule_values(record.rule, record.points, self.is_rate) if isinstance(record, Indicator) else {}
        return self.general | own

    def filled(self) -> Scheme:
        """The scheme with its texts filled, and with what was written for them."""
        written: dict[tuple[str, str, str], str] = {}
        tables: dict[str, Any] = {}
        for key, names in COLUMNS.items():
            records = []
            for record in getattr(self.scheme, key):
                values = self.values(record)
                texts = {name: fill(getattr(record, name), values) for name in names}
                changed = {name: text for name, text in texts.items() if text != getattr(record, name)}
                written |= {(key, name, text): getattr(record, name) for name, text in changed.items()}
                records.append(replace(record, **changed) if changed else record)
            tables[key] = tuple(records)
        return replace(self.scheme, **tables, written=written)

    def as_written(self, key: str, record: Any, name: str) -> str:
        """The text of a record as a file should hold it: with its placeholders, where they still give this text."""
        text: str = getattr(record, name)
        written = self.scheme.written.get((key, name, text))
        return written if written is not None and fill(written, self.values(record)) == text else escaped(text)
