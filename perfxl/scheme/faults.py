"""From raw tables to a `Scheme`, or to all its faults at once."""

from __future__ import annotations

import re
from typing import Any

from perfxl.errors import Fault, SchemeError
from perfxl.rules import Rule
from perfxl.scheme.check_names import check_names
from perfxl.scheme.check_points import check_points
from perfxl.scheme.lines import Draft
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.raw_scheme import TABLES, RawScheme, Row
from perfxl.scheme.rule_settings import build_rules, rule_kind


def build_scheme(raw: RawScheme) -> Scheme:
    """The scheme of the raw tables. Raises `SchemeError` with every fault, in the order of the tables."""
    if not raw.tables:
        raise SchemeError(raw.source, raw.faults)
    draft = Draft(raw)
    check_names(draft)
    rules = build_rules(draft)
    check_points(draft, rules)
    if draft.faults:
        raise SchemeError(raw.source, _in_order(draft))
    return _scheme(draft, rules)


def _in_order(draft: Draft) -> list[Fault]:
    """The faults as a person goes through the file, each once: by line in TOML, by table and cell in a workbook."""
    raw = draft.raw
    places: dict[str, int] = {raw.source: -1}
    for table in raw.tables.values():
        for place in (table.place, *(place for row in table.rows for place in _places(row))):
            places.setdefault(place, len(places))

    def rank(fault: Fault) -> int:
        if raw.shows_keys and (line := re.search(r" 第 (\d+) 行$", fault.place)):
            return int(line[1])
        return places.get(fault.place, -1)

    return sorted(dict.fromkeys(draft.faults), key=rank)


def _places(row: Row) -> list[str]:
    return [row.place, *(cell.place for cell in row.cells.values())]


def _scheme(draft: Draft, rules: dict[str, Rule]) -> Scheme:
    parents = {line["name"]: line["parent"] for line in draft.lines("levels")}
    tables: dict[str, Any] = {}
    for table in TABLES:
        if table.key == "settings":
            continue
        records = []
        for line in draft.lines(table.key):
            values = dict(line.values)
            if table.record is Indicator:
                kind = rule_kind(values["kind"])
                values["kind"] = kind.kind if kind else values["kind"]
                values |= {"rule": rules[values["code"]], "level1": parents[values["level2"]]}
            records.append(table.record(**values))
        tables[table.key] = records[0] if table.vertical else tuple(records)
    return Scheme(**tables)
