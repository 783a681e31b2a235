"""One rule at a time: an indicator with as much of a scheme as it needs, a document, and both as perfxl's objects."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from perfxl.rules import Inputs, Quotient, Rule, rule_kinds
from tests import oracle
from tests.aimed_facts import aim
from tests.documents import facts
from tests.random_facts import RULES, Facts

Table = dict[str, Any]

POINTS = [Decimal(text) for text in ("1", "2", "3", "5", "10", "20", "2.5", "7", "0.25")]


def rule_of(kind: str, settings: Table) -> Rule:
    """A rule from the plain settings of a scheme file."""
    convert: dict[str, Callable[[Any], Any]] = {
        "facts": tuple,
        "fact": str,
        "texts": tuple,
        "choice": str,
        "number": Decimal,
        "fact_points": lambda rows: tuple((key, Decimal(worth)) for key, worth in rows),
        "number_points": lambda rows: tuple((Decimal(bound), Decimal(worth)) for bound, worth in rows),
    }
    specs = rule_kinds()[kind].settings()
    return rule_kinds()[kind](**{name: convert[specs[name].kind](value) for name, value in settings.items()})


def number_or_text(value: str | None) -> Decimal | str | None:
    """What a document's text is read as."""
    number = oracle.number(value)
    return value if number is None else Decimal(value or 0)


def quotient_of(row: Table) -> Quotient:
    """A derived fact as perfxl's object."""
    return Quotient(
        tuple(row["numerator"]),
        tuple(row.get("denominator", ())),
        row.get("absolute", False),
        Decimal(row.get("factor", 1)),
        row.get("percent", True),
    )


def rule_case(rng: random.Random, kind: str) -> tuple[Table, Table, Table]:
    """An indicator of one kind with settings at random, the facts and derived facts that it needs, and a document."""
    made = Facts(rng, ["业务数据"], ["党政机关"])
    points = rng.choice(POINTS)
    indicator: Table = {"code": "A", "kind": kind, "points": points, "settings": RULES[kind](made, points)}
    scheme: Table = {"facts": made.rows, "derived": made.derived, "indicators": [indicator], "options": {}}
    document: Table = {"facts": facts(rng, scheme, {}, rng.choice((0.3, 0.7, 1.0))), "funds": {}}
    aim(rng, scheme, {}, document["facts"], often=0.8)
    if document["facts"] and rng.random() < 0.07:
        document["facts"][rng.choice(sorted(document["facts"]))] = None
    return indicator, scheme, document


def inputs_of_case(scheme: Table, document: Table) -> Inputs:
    """What the rules see of a document of `rule_case`."""
    types = {row["key"]: row["type"] for row in scheme["facts"]}
    values = {key: number_or_text(value) for key, value in document["facts"].items()}
    for key, value in values.items():
        if types[key] == "percent" and isinstance(value, Decimal):
            values[key] = value / 100
    return Inputs(
        values,
        labels={row["key"]: row["label"] for row in (*scheme["facts"], *scheme["derived"])},
        percents=frozenset(key for key, kind in types.items() if kind == "percent"),
        definitions={row["key"]: quotient_of(row) for row in scheme["derived"]},
    )
