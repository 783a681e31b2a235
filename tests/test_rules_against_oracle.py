"""Every rule kind and the built-in scheme against the oracle, on thousands of inputs."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.rules import Inputs, KpiRow, Rule, rule_kinds
from perfxl.rules.kpi import Kpi
from perfxl.scheme.model import Scheme
from tests import oracle
from tests.strategies import documents, make_document, numbers

Table = dict[str, Any]


# The same words as plain table and as perfxl's objects


def rule_of(kind: str, settings: Table) -> Rule:
    """A rule from the plain settings of a scheme file."""
    convert: dict[str, Callable[[Any], Any]] = {
        "facts": tuple,
        "texts": tuple,
        "choice": str,
        "number": Decimal,
        "fact_points": lambda rows: tuple((key, Decimal(worth)) for key, worth in rows),
        "number_points": lambda rows: tuple((Decimal(bound), Decimal(worth)) for bound, worth in rows),
    }
    specs = rule_kinds()[kind].settings()
    return rule_kinds()[kind](**{name: convert[specs[name].kind](value) for name, value in settings.items()})


def number_or_text(value: str | None) -> Decimal | str | None:
    number = oracle.number(value)
    return value if number is None else Decimal(value or 0)


def inputs_of(document: Table, scheme: Scheme) -> Inputs:
    """What the rules see of a document."""
    keys = [fact.key for fact in scheme.fact_by_key.values() if fact.type != "text"]
    rows = [
        KpiRow(
            row["level1"],
            row["name"],
            row["symbol"],
            number_or_text(row["target"]),
            number_or_text(row["actual"]),
            None if row["weight"] is None else Decimal(row["weight"]),
        )
        for row in document["kpis"]
    ]
    facts = {key: number_or_text(oracle.fact(document, key)) for key in keys}
    return Inputs(facts, rows, scheme.kpi_method, scheme.fact_labels, scheme.money_facts)


def compare(document: Table, table: Table, scheme: Scheme) -> None:
    """Every indicator of a document: the same score, and a sentence that ends in it."""
    given = inputs_of(document, scheme)
    for row in table["indicators"]:
        indicator = scheme.indicator_by_code[row["code"]]
        expected = oracle.computed_score(row, document, table)
        assert indicator.rule.score(indicator.points, given).score == expected, row["code"]
        sentence = indicator.rule.explain(indicator.points, given)
        assert sentence.endswith("按 0 分计" if expected is None else f" = {expected}"), row["code"]
        if isinstance(indicator.rule, Kpi):
            ours = [score.score for score in indicator.rule.kpi_scores(indicator.points, given)]
            assert ours == oracle.kpi_scores(row, document, table)


# One rule at a time, with settings of every kind


POINTS = st.sampled_from([Decimal(text) for text in ("1", "2", "3", "5", "10", "20", "2.5", "7")])
AMOUNTS = numbers(most=10**5) | st.integers(0, 900).map(Decimal) | st.sampled_from([Decimal(0), Decimal("0.9")])
SHARES = st.sampled_from([Decimal(text) for text in ("0.1", "0.3", "0.6", "0.75", "0.9", "0.125", "1")])
NA = st.sampled_from(["", "满分"])


@st.composite
def part_and_whole(draw: st.DrawFn) -> Table:
    """A part and a whole, often exactly at a share of it, or where a half of a cent comes up."""
    whole = draw(AMOUNTS)
    part = draw(st.sampled_from([whole, whole * draw(SHARES), whole + 1, Decimal(0)]) | AMOUNTS)
    return {"a": part, "b": whole}


@st.composite
def tier_rows(draw: st.DrawFn, points: Decimal) -> list[list[Decimal]]:
    bounds = sorted(draw(st.sets(SHARES, min_size=1, max_size=4)), reverse=True)
    return [[bound, points / (position + 1)] for position, bound in enumerate(bounds)]


@st.composite
def ratio_case(draw: st.DrawFn, points: Decimal) -> tuple[Table, Table]:
    settings = {"numerator": ["a"], "denominator": ["b"], "target": draw(SHARES), "na": draw(NA)}
    return settings, draw(part_and_whole())


@st.composite
def tiers_case(draw: st.DrawFn, points: Decimal) -> tuple[Table, Table]:
    settings = {"numerator": ["a"], "denominator": ["b"], "tiers": draw(tier_rows(points)), "na": draw(NA)}
    return settings, draw(part_and_whole())


@st.composite
def limit_case(draw: st.DrawFn, points: Decimal) -> tuple[Table, Table]:
    side = draw(st.sampled_from(["不高于", "不低于"]))
    facts = draw(part_and_whole())
    facts |= {"c": facts["b"], "d": facts["a"]} if draw(st.booleans()) else {"c": draw(AMOUNTS), "d": draw(AMOUNTS)}
    return {"value": ["a", "c"], "bound": ["b", "d"], "side": side, "na": draw(NA)}, facts


@st.composite
def overrun_case(draw: st.DrawFn, points: Decimal) -> tuple[Table, Table]:
    settings = {"added": ["a"], "base": ["b"], "free": draw(SHARES), "per_point": draw(SHARES)}
    facts = draw(part_and_whole())
    if draw(st.booleans()):
        facts["a"] = facts["b"] * (settings["free"] + draw(st.integers(-100, 2000)) * Decimal("0.0001"))
    return settings, facts | ({"a": -facts["a"]} if draw(st.integers(0, 9)) == 0 else {})


@st.composite
def deductions_case(draw: st.DrawFn, points: Decimal) -> tuple[Table, Table]:
    counts = st.integers(0, 6).map(Decimal)
    settings = {"items": [["a", draw(SHARES)], ["b", draw(SHARES)]], "fatal": draw(st.sampled_from([[], ["c"]]))}
    return settings, {"a": draw(counts), "b": draw(counts), "c": draw(st.sampled_from([0, 0, 0, 1])) * Decimal(1)}


@st.composite
def checklist_case(draw: st.DrawFn, points: Decimal) -> tuple[Table, Table]:
    keys = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    return {"items": [[key, points / len(keys)] for key in keys]}, {
        key: draw(st.sampled_from(["是", "否"])) for key in keys
    }


CASES = {
    "ratio": ratio_case,
    "tiers": tiers_case,
    "limit": limit_case,
    "overrun": overrun_case,
    "deductions": deductions_case,
    "checklist": checklist_case,
}


@pytest.mark.parametrize("kind", CASES)
@settings(max_examples=400)
@given(data=st.data())
@pytest.mark.slow
def test_a_rule_gives_the_oracles_score(kind: str, data: st.DataObject) -> None:
    points = data.draw(POINTS)
    plain, facts = data.draw(CASES[kind](points))
    if data.draw(st.integers(0, 14)) == 0:
        facts[data.draw(st.sampled_from(sorted(facts)))] = None
    document = {"facts": {key: None if value is None else str(value) for key, value in facts.items()}}
    expected = oracle.computed_score({"kind": kind, "points": points, "settings": plain}, document, {})
    outcome = rule_of(kind, plain).score(points, Inputs(facts=facts))
    assert outcome.score == expected
    assert (outcome.score is None) == bool(outcome.missing)


# The built-in scheme


@pytest.mark.slow
def test_the_scheme_gives_the_oracles_scores_in_bulk(scheme_table: Table, scheme: Scheme) -> None:
    for seed in range(1000):
        compare(make_document(seed, scheme_table), scheme_table, scheme)


@settings(max_examples=150)
@given(data=st.data())
@pytest.mark.slow
def test_the_scheme_gives_the_oracles_scores(data: st.DataObject, scheme_table: Table, scheme: Scheme) -> None:
    compare(data.draw(documents(scheme_table)), scheme_table, scheme)


@pytest.mark.parametrize(
    "options",
    [
        {"floor_on": True, "floor": Decimal("0.6")},
        {"penalty_on": True, "penalty_from": Decimal("0.3"), "penalty": Decimal(2)},
        {
            "floor_on": True,
            "floor": Decimal("0.8"),
            "penalty_on": True,
            "penalty_from": Decimal("0.2"),
            "penalty": Decimal("0.5"),
        },
    ],
)
@pytest.mark.slow
def test_the_options_give_the_oracles_scores(options: Table, scheme_table: Table, scheme: Scheme) -> None:
    table = scheme_table | {"options": scheme_table["options"] | options}
    switched = replace(scheme, options=replace(scheme.options, **options))
    for seed in range(250):
        compare(make_document(seed, table), table, switched)


def with_gaps(document: Table, rng: random.Random) -> Table:
    """The document with some required cells blank or with words where a number should be."""
    for key in rng.sample(sorted(document["facts"]), 6):
        document["facts"][key] = None
    document["funds"]["total"][rng.choice(("initial", "adjusted", "spent"))] = None
    row = rng.choice(document["kpis"])
    row[rng.choice(("symbol", "target", "actual", "weight", "level1"))] = rng.choice((None, "待定", None))
    if row["weight"] == "待定":
        row["weight"] = None
    return document


@pytest.mark.slow
def test_missing_inputs_leave_the_oracles_gaps(scheme_table: Table, scheme: Scheme) -> None:
    for seed in range(400):
        compare(with_gaps(make_document(seed, scheme_table), random.Random(seed)), scheme_table, scheme)
