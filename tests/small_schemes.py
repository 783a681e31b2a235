"""Small schemes and documents for results worked out by hand: as few tables as the feature in question needs.

`small` makes a scheme of some indicators and fills it up to 100 points with a judged one; `answer` a document for it.
`scored` asks perfxl, through a filled workbook, and the oracle, and insists that they agree.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult
from tests.against_oracle import result_differences
from tests.books import filled, process
from tests.oracle import score_document
from tests.scheme_files import toml_scheme
from tests.toml_text import toml_of

Table = dict[str, Any]

REST = "其余"
"""The judged indicator that makes up the hundred."""
GRADES = [
    {"set": "四档", "name": name, "floor": floor} for name, floor in (("优", 90), ("良", 80), ("中", 60), ("差", 0))
]
KPI_COLUMNS = [
    {"table": "kpis", "key": key, "label": key, "type": kind, "required": key not in ("unit", "weight", "self_score")}
    | ({"required": False} if key in ("reason", "evidence") else {})
    for key, kind in {
        "level1": "choice", "level2": "choice", "name": "text", "symbol": "choice", "target": "value", "unit": "text",
        "actual": "value", "weight": "points", "self_score": "points", "reason": "text", "evidence": "text",
    }.items()
]  # fmt: skip
SYMBOLS = [
    {"symbol": symbol, "direction": direction}
    for symbol, direction in (("≥", "at_least"), ("=", "equal"), ("≤", "at_most"), ("定性", "qualitative"))
]


def fact(key: str, kind: str = "money", **more: Any) -> Table:
    """A fact on the one sheet of facts."""
    return {"key": key, "label": f"“{key}”", "type": kind, "sheet": "业务数据", "section": "基本数据"} | more


def derived(key: str, numerator: Sequence[str], denominator: Sequence[str] = (), **more: Any) -> Table:
    """A derived fact on the same sheet."""
    row: Table = {
        "key": key,
        "label": f"“{key}”",
        "sheet": "业务数据",
        "section": "基本数据",
        "numerator": [*numerator],
    }
    return row | ({"denominator": [*denominator]} if denominator else {}) | more


def indicator(code: str, points: Any, kind: str, *, level: str = "计分二级", **more: Any) -> Table:
    """A third-level indicator; `settings` and other columns by name. level: 计分二级, 加分二级 or 扣分二级."""
    return {"code": code, "level2": level, "name": f"指标{code}", "points": Decimal(points), "kind": kind} | more


def small(
    *indicators: Table,
    facts: Sequence[Table] = (),
    bonus: Any = None,
    penalty: Any = None,
    options: Mapping[str, Any] | None = None,
    **tables: Any,
) -> Table:
    """A scheme of these indicators. bonus, penalty: the maxima of the first levels outside the hundred."""
    base = sum((row["points"] for row in indicators if row["level2"] == "计分二级"), Decimal(0))
    rest = [indicator(REST, 100 - base, "judged")] if base < 100 else []
    levels: list[Table] = [
        {"name": "计分一级", "points": 100},
        {"name": "计分二级", "points": 100, "parent": "计分一级"},
    ]
    for nature, most in (("加分", bonus), ("扣分", penalty)):
        if most is not None:
            levels.append({"name": f"{nature}一级", "points": Decimal(most), "nature": nature})
            levels.append({"name": f"{nature}二级", "points": Decimal(most), "parent": f"{nature}一级"})
    table: Table = {
        "header": {"id": "small-1", "version": "1", "year": 2024, "title": "2024年度自评"},
        # A file that says nothing new is read as one of the first format, which had no negative targets.
        "options": {"negative_targets": True} | dict(options or {}),
        "categories": [{"name": "部门"}, {"name": "镇街"}],
        "levels": levels,
        "indicators": [*indicators, *rest],
        "facts": [*facts],
        "grades": GRADES,
    }
    if any(row["kind"] == "kpi" for row in indicators):
        kinds = [kind for row in indicators if row["kind"] == "kpi" for kind in row["settings"]["levels"]]
        table |= {"kpi_levels": [{"level1": kind, "level2": f"{kind}细类"} for kind in kinds]}
        table |= {"columns": KPI_COLUMNS, "symbols": SYMBOLS, "shares": [{"label": "达成", "share": 1}]}
    return {key: rows for key, rows in (table | tables).items() if rows or key in ("header", "options")}


def kpi(symbol: str, target: str, actual: str, **more: Any) -> Table:
    """A KPI row of 产出; without weight and self score unless they are given."""
    row: Table = {
        "level1": "产出",
        "level2": "产出细类",
        "name": "场次",
        "symbol": symbol,
        "target": target,
        "unit": None,
    }
    return row | {"actual": actual, "weight": None, "self_score": None, "reason": "说明", "evidence": None} | more


def answer(
    table: Table,
    facts: Mapping[str, str | None] | None = None,
    own: Mapping[str, str | None] | None = None,
    *,
    kpis: Sequence[Table] = (),
    category: str = "部门",
    **parts: Any,
) -> Table:
    """A document. own: self scores by code; the points where none is given, of what lies outside the hundred 0."""
    document: Table = {"scheme": table["header"]["id"], "year": table["header"]["year"], "narrative": {}}
    document |= {"department": {"code": "1001", "name": "甲局", "category": category, "contact": None, "phone": None}}
    document |= {"funds": {}, "facts": dict(facts or {}), "scores": {}}
    if not document["facts"]:
        del document["facts"]
    if "columns" in table:
        document["kpis"] = [dict(row) for row in kpis]
    for row in table["indicators"]:
        given = str(row["points"]) if row["level2"] == "计分二级" else "0"
        document["scores"][row["code"]] = {"self": (own or {}).get(row["code"], given), "reason": "说明"}
    return document | parts


def scheme_of(table: Table) -> Scheme:
    """The scheme as perfxl has it."""
    return toml_scheme(toml_of(table))


def scored(table: Table, document: Table, folder: Path) -> DepartmentResult:
    """What a run makes of a workbook filled from the document; the oracle must come to the same."""
    scheme, text = scheme_of(table), toml_of(table)
    result = process(filled(document, scheme, folder / "one.xlsx"), scheme).result
    assert result is not None
    wanted = score_document(document, tomllib.loads(text, parse_float=Decimal))
    differences = result_differences(result, wanted)
    assert not differences, differences
    return result


def score_of(code: str, result: DepartmentResult) -> tuple[str | None, str]:
    """Computed and accepted score of an indicator."""
    score = next(score for score in result.scores if score.code == code)
    return None if score.computed is None else str(score.computed), str(score.score)
