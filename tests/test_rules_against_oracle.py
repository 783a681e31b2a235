"""Every rule kind and the built-in scheme against the oracle, on thousands of inputs."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.rules import Inputs, KpiRow
from perfxl.rules.kpi import Kpi
from perfxl.scheme.model import Scheme
from tests import oracle
from tests.aimed_facts import bounds
from tests.oracle_facts import LackingError, NoRateError
from tests.oracle_rules import rate_of
from tests.random_facts import RULES
from tests.rule_cases import inputs_of_case, number_or_text, rule_case, rule_of
from tests.strategies import documents, make_document

Table = dict[str, Any]


# The same words as plain table and as perfxl's objects


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
            None if row["self_score"] is None else Decimal(row["self_score"]),
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
        assert sentence.partition("；逐项就低")[0].endswith("按 0 分计" if expected is None else f" = {expected}"), row[
            "code"
        ]
        if isinstance(indicator.rule, Kpi):
            ours = indicator.rule.kpi_scores(indicator.points, given)
            assert [score.score for score in ours] == oracle.kpi_scores(row, document, table)
            assert [score.counted for score in ours] == oracle.counted_scores(row, document, table)


# One rule at a time, with settings of every kind, over facts and derived facts


kinds = pytest.mark.parametrize("kind", [kind for kind in RULES if kind != "judged"])


def compare_rule(rng: random.Random, kind: str) -> None:
    """A rule of the kind with inputs at random: the same score, and a sentence that ends in it."""
    indicator, scheme, document = rule_case(rng, kind)
    expected = oracle.computed_score(indicator, document, scheme)
    rule, given_ = rule_of(kind, indicator["settings"]), inputs_of_case(scheme, document)
    assert rule.faults(indicator["points"]) == []
    outcome = rule.score(indicator["points"], given_)
    assert outcome.score == expected
    assert (outcome.score is None) == bool(outcome.missing)
    sentence = rule.explain(indicator["points"], given_, outcome)
    assert sentence.endswith("按 0 分计" if expected is None else f" = {expected}")


@kinds
@pytest.mark.slow
def test_a_rule_gives_the_oracles_score_in_bulk(kind: str) -> None:
    for seed in range(2500):
        compare_rule(random.Random(seed), kind)


@kinds
@settings(max_examples=100)
@given(rng=st.randoms(use_true_random=False))
@pytest.mark.slow
def test_a_rule_gives_the_oracles_score(kind: str, rng: random.Random) -> None:
    compare_rule(rng, kind)


def test_cases_come_at_the_bounds_of_their_rules() -> None:
    """Else the agreement above would say little: a good share of the rates lies where the score turns."""
    at_bounds = 0
    for seed in range(400):
        indicator, scheme, document = rule_case(random.Random(seed), "tiers")
        try:
            rate = rate_of(indicator["settings"], document, scheme)
        except (LackingError, NoRateError):
            continue
        at_bounds += rate in bounds(indicator)
    assert at_bounds > 60


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
