"""From raw tables to a `Scheme`, or to all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from perfxl.errors import Fault, SchemeError
from perfxl.rules import Rule
from perfxl.scheme.check_categories import check_categories
from perfxl.scheme.check_facts import check_facts
from perfxl.scheme.check_figures import figure_notices
from perfxl.scheme.check_grades import cap_value, check_grades
from perfxl.scheme.check_kpis import check_kpis
from perfxl.scheme.check_names import check_names
from perfxl.scheme.check_points import check_points
from perfxl.scheme.check_sizes import check_sizes, formula_faults
from perfxl.scheme.check_stages import check_stages
from perfxl.scheme.check_sums import check_sums
from perfxl.scheme.check_texts import check_texts
from perfxl.scheme.fact_types import fact_types
from perfxl.scheme.lines import Draft
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.placeholders import Texts
from perfxl.scheme.raw_scheme import TABLES, RawScheme, Row
from perfxl.scheme.rule_settings import build_rules, rule_kind
from perfxl.scheme.upgrade import upgraded


def build_scheme(raw: RawScheme) -> Scheme:
    """The scheme of the raw tables. Raises `SchemeError` with every fault, in the order of the tables."""
    if not raw.tables:
        raise SchemeError(raw.source, raw.faults)
    draft = Draft(upgraded(raw))
    check_names(draft)
    check_points(draft)
    check_sizes(draft)
    check_facts(draft)
    check_grades(draft)
    check_stages(draft)
    rules = build_rules(draft)
    for check in (check_sums, check_kpis, check_categories, check_texts):
        check(draft, rules)
    if draft.faults:
        raise SchemeError(raw.source, _in_order(draft, draft.faults))
    scheme = Texts(_scheme(draft, rules)).filled()
    if faults := formula_faults(draft, scheme):
        raise SchemeError(raw.source, _in_order(draft, faults))
    notices = [*_lacking_sheets(draft.raw), *figure_notices(draft, scheme), *_unused(draft, scheme)]
    return replace(scheme, notices=tuple(map(str, _in_order(draft, notices))))


def _in_order(draft: Draft, faults: Iterable[Fault]) -> list[Fault]:
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

    return sorted(dict.fromkeys(faults), key=rank)


def _places(row: Row) -> list[str]:
    return [row.place, *(cell.place for cell in row.cells.values())]


def _scheme(draft: Draft, rules: dict[str, Rule]) -> Scheme:
    parents = {line["name"]: line["parent"] for line in draft.lines("levels")}
    natures = {line["name"]: line["nature"] for line in draft.lines("levels") if not line["parent"]}
    types = fact_types(draft).types
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
                level1 = parents[values["level2"]]
                values |= {"rule": rules[values["code"]], "level1": level1, "nature": natures[level1]}
            elif table.key == "caps":
                values["value"] = cap_value(values, types.get(values["fact"]))
            records.append(table.record(**values))
        tables[table.key] = records[0] if table.vertical else tuple(records)
    return Scheme(**tables)


def _lacking_sheets(raw: RawScheme) -> list[Fault]:
    """The sheets of the present format that a workbook lacks beside others of them: nobody deletes one by chance."""
    added = [raw.tables[table.key] for table in TABLES if table.added]
    if raw.shows_keys or all(table.place == raw.source for table in added):
        return []
    return [
        Fault(raw.source, f"没有工作表“{table.table.sheet}”，按没有内容处理", "如果是误删或改了名，请恢复")
        for table in added
        if table.place == raw.source
    ]


def _unused(draft: Draft, scheme: Scheme) -> list[Fault]:
    """The facts that nothing uses, in one notice: shown in the results for information, or forgotten."""
    used = set().union(*(derived.quotient.keys() for derived in scheme.derived))
    used |= {cap.fact for cap in scheme.caps} | {fact.part_of for fact in scheme.facts}
    unused = [fact.key for fact in scheme.facts if fact.type != "text" and not scheme.users_of(fact.key)]
    unused = [key for key in unused if key not in used]
    if not unused:
        return []
    line = next(line for line in draft.lines("facts") if line["key"] == unused[0])
    # A clerk knows facts by their labels.
    names = unused if draft.raw.shows_keys else [scheme.fact_labels[key] for key in unused]
    what = f"有 {len(unused)} 项没有评分规则使用，只作参考显示在结果中：{'、'.join(names)}"
    return [Fault(line.place("key"), what, "不需要的请删去，免得白填")]
