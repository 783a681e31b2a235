"""Workbooks of monitoring for tests: the shipped examples, and a clean one in which no check has a word to say."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from perfxl.scheme.model import Scheme
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


def halfway(document: Document, scheme: Scheme) -> Document:
    """A document of a self-review as one of the middle of its year: half of everything done, all of it expected.

    scheme: that of the stage.
    """
    half = Decimal("0.5")

    def part(text: Any) -> Any:
        value = number(text)
        return text if value is None else format(Decimal(str(text)) * half, "f")

    made: Document = {key: document[key] for key in ("scheme", "year")}
    made |= {"stage": str(scheme.stage), "period": scheme.period}
    made["department"] = document["department"] | {"filled_on": f"{scheme.year}-08-10"}
    made["narrative"] = {one.key: "按计划推进" for one in scheme.narrative}
    made["funds"] = {
        row: {
            column: part(given.get("spent"))
            if column == "spent"
            else given.get("spent" if column == "expected" else column)
            for column in scheme.funds_table.columns
        }
        for row, given in document.get("funds", {}).items()
    }
    for table in ("kpis", "tasks"):
        asked = {column.key: column for column in scheme.table_columns(table)}
        rows = [_halfway(row, asked, part) for row in document.get(table, ())]
        made |= {table: rows} if asked else {}
    return made


def _halfway(row: Table, asked: dict[str, Any], part: Callable[[Any], Any]) -> Table:
    end = {"expected": row.get("actual", row.get("result")), "expected_spent": row.get("spent")}
    said = {"cause": "其他", "reason": "时间未到", "measures": "按计划推进"}
    now = {key: part(row.get(key)) for key in ("actual", "spent") if key in row}
    chosen = {key: column.choices[0] for key, column in asked.items() if column.choices and key not in said}
    return dict.fromkeys(asked) | {
        key: value for key, value in (row | end | said | now | chosen).items() if key in asked
    }
