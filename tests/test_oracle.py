"""The oracle itself: the published case, results worked by hand, and documents that hold for it to score."""

from __future__ import annotations

import json
import unicodedata
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.oracle import half_up, score_document
from tests.strategies import make_document, texts

Table = dict[str, Any]


def test_the_published_case(case: Table, scheme_table: Table) -> None:
    result, expected = score_document(case["submission"], scheme_table), case["expected"]
    assert str(result["total"]) == expected["total"]
    assert result["grade"] == expected["grade"]
    assert {name: str(score) for name, score in result["second_level"].items()} == expected["second_level"]
    assert not result["near"]


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("1/200", "0.01"),
        ("4999/1000000", "0.00"),
        ("2/3", "0.67"),
        ("5349/2000", "2.67"),
        ("107/40", "2.68"),
        ("12", "12.00"),
    ],
)
def test_rounding(value: str, rounded: str) -> None:
    assert str(half_up(Fraction(value))) == rounded


def full_marks(case: Table, table: Table) -> Table:
    """The case with every self score at its points and every rule fulfilled."""
    document: Table = deepcopy(case["submission"])
    document["kpis"][7]["actual"] = "达成预期"
    for row in document["kpis"]:
        row["self_score"] = row["weight"]
    document["facts"] |= {"rules_for_evaluation": "是", "rules_for_results_use": "是"}
    document["funds"]["total"]["spent"] = document["funds"]["total"]["adjusted"]
    for indicator in table["indicators"]:
        document["scores"][indicator["code"]] = {"self": str(indicator["points"]), "reason": None}
    return document


@pytest.mark.parametrize(
    ("lost", "grade", "near"),
    [
        ("0", "优", False),
        ("9.49", "优", False),
        ("9.50", "优", True),
        ("10", "优", True),
        ("10.01", "良", True),
        ("10.50", "良", True),
        ("10.51", "良", False),
        ("20", "良", True),
        ("20.01", "中", True),
    ],
)
def test_grades_and_their_margins(case: Table, scheme_table: Table, lost: str, grade: str, near: bool) -> None:
    document = full_marks(case, scheme_table)
    first = min(Decimal(lost), Decimal(20))
    document["scores"]["A01"]["self"] = str(20 - first)
    document["scores"]["A02"]["self"] = str(20 - (Decimal(lost) - first))
    result = score_document(document, scheme_table)
    assert (result["total"], result["grade"], result["near"]) == (100 - Decimal(lost), grade, near)
    assert result["self_total"] == result["total"]


@pytest.mark.parametrize(
    ("spent", "total"),
    [
        ("80", "98.00"),
        ("79.9999", "89.00"),
        ("70", "89.00"),
        ("69.9999", "79.00"),
        ("60", "79.00"),
        ("50", "69.00"),
        ("49.9999", "59.00"),
        ("0", "59.00"),
    ],
)
def test_spending_caps(case: Table, scheme_table: Table, spent: str, total: str) -> None:
    capped = scheme_table | {"options": scheme_table["options"] | {"caps_on": True}}
    document = full_marks(case, scheme_table)
    document["funds"]["total"] |= {"adjusted": "100", "spent": spent}
    assert str(score_document(document, capped)["total"]) == total
    assert score_document(document, scheme_table)["total"] >= 90


def test_five_grades(case: Table, scheme_table: Table) -> None:
    five = scheme_table | {"options": scheme_table["options"] | {"five_grades": True}}
    document = full_marks(case, scheme_table)
    document["scores"]["A01"]["self"], document["scores"]["A02"]["self"] = "0", "5"
    assert score_document(document, scheme_table)["grade"] == "中"
    assert score_document(document, five)["grade"] == "低"


@pytest.mark.parametrize("self_score", [None, "-3"])
def test_a_missing_or_negative_self_score_counts_nothing(
    case: Table, scheme_table: Table, self_score: str | None
) -> None:
    document = full_marks(case, scheme_table)
    document["scores"]["A01"]["self"] = self_score
    assert score_document(document, scheme_table)["scores"]["A01"] == {"computed": 20, "accepted": 0, "applies": True}


def test_the_lower_of_self_and_computed_is_accepted(case: Table, scheme_table: Table) -> None:
    document = full_marks(case, scheme_table)
    document["facts"]["major_findings"] = "1"
    document["scores"]["B43"]["self"] = "6.5"
    scores = score_document(document, scheme_table)["scores"]
    assert scores["B22"] == {"computed": 0, "accepted": 0, "applies": True}
    assert scores["B43"] == {"computed": 7, "accepted": Decimal("6.5"), "applies": True}


def test_a_missing_input_scores_its_indicator_nothing(case: Table, scheme_table: Table) -> None:
    document = full_marks(case, scheme_table)
    document["facts"]["contracts_total"] = None
    result = score_document(document, scheme_table)
    assert [code for code, score in result["scores"].items() if score["computed"] is None] == ["B54", "B55"]
    assert result["total"] == 96


def faults(document: Table, scheme: Table) -> list[str]:
    """What makes a document an error by scoring-scheme.md, numbers only."""
    found = []
    for column in ("initial", "adjusted", "spent"):
        parts = [document["funds"][key][column] for key in ("basic", "project")]
        if None not in parts and sum(map(Decimal, parts)) != Decimal(document["funds"]["total"][column]):
            found.append(f"{column} does not add up")
    total = {key: Decimal(value) for key, value in document["funds"]["total"].items()}
    if not 0 <= total["spent"] <= total["adjusted"] or total["adjusted"] <= 0:
        found.append("total row")
    for row in scheme["facts"]:
        value = document["facts"][row["key"]]
        if row["type"] == "yes_no" and value not in ("是", "否"):
            found.append(row["key"])
        if row["type"] in ("money", "count"):
            whole = Decimal(document["facts"][row["part_of"]]) if row.get("part_of") else Decimal("Infinity")
            least = Decimal("-Infinity") if row.get("negative") else Decimal(0)
            if not least <= Decimal(value) <= whole or (row["type"] == "count" and not value.isdigit()):
                found.append(row["key"])
    for indicator in scheme["indicators"]:
        score = document["scores"][indicator["code"]]
        if not 0 <= Decimal(score["self"]) <= indicator["points"]:
            found.append(indicator["code"])
        if Decimal(score["self"]) < indicator["points"] and not score["reason"]:
            found.append(f"{indicator['code']} without reason")
        if indicator["kind"] == "kpi":
            rows = [row for row in document["kpis"] if row["level1"] in indicator["settings"]["levels"]]
            weights = [row["weight"] for row in rows]
            if not rows or (any(weights) and sum(map(Decimal, weights)) != indicator["points"]):
                found.append(f"{indicator['code']} weights")
            shares = oracle.weights(Fraction(indicator["points"]), [oracle.number(weight) for weight in weights])
            for row, weight in zip(rows, shares, strict=True):
                if not 0 <= Decimal(row["self_score"]) <= weight or (
                    Decimal(row["self_score"]) < weight and not row["reason"]
                ):
                    found.append(f"KPI {row['name']}")
    return found


def test_documents_hold_and_come_in_all_grades(scheme_table: Table) -> None:
    made = [make_document(seed, scheme_table) for seed in range(300)]
    assert [faults(document, scheme_table) for document in made] == [[]] * len(made)
    assert {score_document(document, scheme_table)["grade"] for document in made} == {"优", "良", "中", "差"}
    kpis = [row for document in made for row in document["kpis"]]
    assert {row["symbol"] for row in kpis} == {row["symbol"] for row in scheme_table["symbols"]}
    assert {row["actual"] for row in kpis if row["symbol"] == "定性"} == {r["label"] for r in scheme_table["shares"]}
    assert len({document["department"]["code"] for document in made}) == len(made)
    assert len({document["department"]["name"] for document in made}) == len(made)


def test_documents_are_the_same_for_the_same_seed_and_are_json(scheme_table: Table) -> None:
    document = make_document(7, scheme_table)
    assert document == make_document(7, scheme_table) != make_document(8, scheme_table)
    assert json.loads(json.dumps(document)) == document


@settings(max_examples=300)
@given(st.data())
def test_texts_can_stand_in_xml_and_are_seen(data: st.DataObject) -> None:
    text = data.draw(texts())
    assert text.strip()
    assert all(letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Cn") for letter in text)
