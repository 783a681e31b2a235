"""From the fields of a template to what the rules take: facts and KPI rows.

A value that its field cannot hold (a text in a number cell, a word that is neither 是 nor 否) counts as missing: the
rules never guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfxl.decimals import divide
from perfxl.layout.fields import VALUE, YES_NO, FieldId
from perfxl.rules.base import FactValue, Inputs, KpiRow
from perfxl.scheme.model import Fact, Scheme

ABSENT = "absent"
"""The column of a mark, in no sheet: the bureau approved a KPI that the department has left out."""
_RULE_COLUMNS = frozenset({"level1", "name", "symbol", "target", "actual", "weight", "self_score", ABSENT})
HUNDRED = Decimal(100)


def inputs_of(scheme: Scheme, values: Mapping[FieldId, Decimal | str]) -> Inputs:
    """What the rules take from one department's values by field; KPI rows are named by their ordinals."""
    facts = {key: fact_value(fact, values.get(("facts", key, VALUE))) for key, fact in scheme.fact_by_key.items()}
    kpis = kpi_rows(values)
    return Inputs(
        facts=facts,
        kpis=tuple(kpis.values()),
        method=scheme.kpi_method,
        labels=scheme.fact_labels,
        money=scheme.amounts,
        percents=scheme.percent_facts,
        definitions=scheme.definitions,
        ordinals=tuple(kpis),
    )


def kpi_rows(values: Mapping[FieldId, Decimal | str]) -> dict[int, KpiRow]:
    """The KPI rows in which the rules find anything, by ordinal from 1, in order."""
    found: dict[str, dict[str, Decimal | str]] = {}
    for (table, row, column), value in values.items():
        if table == "kpis" and column in _RULE_COLUMNS and (value or isinstance(value, Decimal)):
            found.setdefault(row, {})[column] = value
    return {int(row): _kpi_row(found[row]) for row in sorted(found, key=int)}


def _kpi_row(row: Mapping[str, Decimal | str]) -> KpiRow:
    weight, own = row.get("weight"), row.get("self_score")
    return KpiRow(
        level1=_text(row.get("level1")),
        name=_text(row.get("name")),
        symbol=_text(row.get("symbol")),
        target=row.get("target"),
        actual=row.get("actual"),
        weight=weight if isinstance(weight, Decimal) else None,
        self_score=own if isinstance(own, Decimal) else None,
        absent=ABSENT in row,
    )


def _text(value: FactValue) -> str | None:
    return value if value is None or isinstance(value, str) else format(value, "f")


def fact_value(fact: Fact, value: FactValue) -> FactValue:
    """What the rules take of what is typed for a fact."""
    if fact.type == "percent":
        # Typed in points, scored as a rate.
        return divide(value, HUNDRED) if isinstance(value, Decimal) else None
    if fact.numeric:
        return value if isinstance(value, Decimal) else None
    if fact.type == "yes_no":
        return value if value in YES_NO else None
    return value if value != "" else None
