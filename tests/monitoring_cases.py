"""Workbooks of monitoring for tests: the shipped examples, and a clean one in which no check has a word to say."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.books import Document, Edit, edited

EXAMPLES = Path(__file__).parent.parent / "examples" / "year" / "监控"
REAL = "广州市增城区科学技术协会"
PERIOD = "1—7月"
Table = dict[str, Any]


def example(name: str = REAL) -> Document:
    """One of the shipped documents."""
    return dict(json.loads((EXAMPLES / f"{name}.json").read_text("utf-8")))


def documents() -> dict[str, Document]:
    """All of them by the name of the department."""
    return {path.stem: example(path.stem) for path in sorted(EXAMPLES.glob("*.json"))}


def clean(*edits: Edit) -> Document:
    """The shipped document of the real department, which has no finding, with some edits done to it."""
    return edited(example(), *edits)


# A second calculation, by the text of other-forms.md and the handbook, in fractions and without any code of perfxl.


def number(text: Any) -> Fraction | None:
    """A number of a document."""
    try:
        return Fraction(Decimal(str(text)))
    except (ArithmeticError, ValueError):
        return None


SHARES = {"达成预期": 1, "基本达成": Fraction(8, 10), "部分达成且有一定效果": Fraction(6, 10), "未达成": 0}


def reached(kpi: Table, value: Any) -> Fraction | None:
    """The completion rate by a value of a KPI."""
    if kpi["symbol"] == "定性":
        return None if value not in SHARES else Fraction(SHARES[value])
    target, done = number(kpi["target"]), number(value)
    if target is None or done is None:
        return None
    if kpi["symbol"] in ("≤", "<"):
        return min(max(2 * target - done, Fraction(0)), target) / target
    return max(done, Fraction(0)) / target


def pace(kpi: Table, share: Fraction) -> Fraction | None:
    """The completion rate against the time gone."""
    rate = reached(kpi, kpi["actual"])
    unit = kpi["unit"] or ""
    grows = kpi["symbol"] in ("≥", ">", "=") and unit not in ("%", "分") and "/" not in unit
    return rate / share if rate is not None and grows else rate


def light(rate: Fraction | None) -> str:
    """The light of a rate by the bounds that the source gives."""
    if rate is None:
        return "none"
    tenths = rate * 10
    return "red" if tenths < 6 else "yellow" if tenths < 8 else "green" if tenths < 12 else "blue"


def at_the_end(document: Document) -> Document:
    """The self-review as it would be if all came as expected, as far as monitoring asks."""
    whole = copy.deepcopy(document)
    for row in whole["funds"].values():
        row["spent"] = row.pop("expected")
    for row in whole["kpis"]:
        row["actual"], row["self_score"] = row.pop("expected"), None
    return whole | {"facts": {}, "scores": {}}
