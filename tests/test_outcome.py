"""The outcome of a department: what counts of each score, what follows, and that a change reaches every result."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from perfxl.outcome import accepted, accepted_formula, finish, limits_that_hold
from perfxl.rules import Inputs
from perfxl.rules.judged import Judged
from perfxl.run import pipeline, reduce
from perfxl.run.details import Entry
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scoring.result import DepartmentResult
from tests.books import filled, put
from tests.findings import clean_document
from tests.libreoffice import SOFFICE, recalculate

RULED, FREE = "A03", "judged"

# Rule, self score, computed, review, accepted; points are 10.
CASES = [
    (RULED, "9", "8", None, "8.00"),
    (RULED, "7.5", "8", None, "7.50"),
    (RULED, "8", "8", None, "8.00"),
    (RULED, "12", "11", None, "10.00"),
    (RULED, "-1", "8", None, "0.00"),
    (RULED, "7.005", "8", None, "7.01"),
    (RULED, None, "8", None, None),
    (RULED, "8", None, None, None),
    (RULED, "9", "8", "8.5", "8.50"),
    (RULED, "9", "8", "0", "0.00"),
    (RULED, None, None, "6", "6.00"),
    (RULED, "9", "8", "11", "10.00"),
    (FREE, "9", None, None, "9.00"),
    (FREE, "12", None, None, "10.00"),
    (FREE, None, None, None, None),
    (FREE, "9", None, "4", "4.00"),
]


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def indicator(scheme: Scheme, kind: str) -> Indicator:
    ruled = scheme.indicator_by_code["A03"]
    return ruled if kind == RULED else replace(ruled, rule=Judged())


@pytest.mark.parametrize(("kind", "given", "computed", "review", "expected"), CASES)
def test_what_counts_of_a_score(
    scheme: Scheme, kind: str, given: str | None, computed: str | None, review: str | None, expected: str | None
) -> None:
    score = accepted(indicator(scheme, kind), number(given), number(computed), number(review))
    assert (None if score is None else str(score)) == expected


@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on the PATH")
def test_excel_comes_to_the_same_score(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "accepted.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, (kind, *numbers, _) in enumerate(CASES):
            for col, text in enumerate(numbers):
                if text is not None:
                    sheet.write_number(row, col, float(text))
            cells = [f"{letter}{row + 1}" for letter in "ABC"]
            sheet.write_formula(row, 3, "=" + accepted_formula(indicator(scheme, kind), *cells))
    (anew,) = recalculate([path], tmp_path / "anew")
    shown = [row[3] for row in openpyxl.load_workbook(anew, data_only=True).active.iter_rows(values_only=True)]
    assert [value or None if value != 0 else 0 for value in shown] == [
        None if expected is None else float(expected) for *_, expected in CASES
    ]


@dataclass
class One:
    """Scores of one indicator."""

    score: Decimal
    self_score: Decimal | None = None
    code: str = "A01"
    applies: bool = True
    pending: bool = False


def rate_caps(scheme: Scheme, rate: str | None) -> tuple[int, ...]:
    """The caps that hold at a spending rate."""
    part, whole = scheme.spending_rate.keys() if scheme.spending_rate else ("", "")
    facts = {part: number(rate), whole: None if rate is None else Decimal(1)}
    return limits_that_hold(scheme, Inputs(facts))


@pytest.mark.parametrize(
    ("score", "rate", "total", "capped_from", "grade", "near"),
    [
        ("95", "0.8", "95.00", None, "优", False),
        ("95", "0.79999999", "89.00", "95.00", "良", False),
        ("95", "0.7", "89.00", "95.00", "良", False),
        ("95", "0.6999", "79.00", "95.00", "中", False),
        ("95", "0", "59.00", "95.00", "差", False),
        ("95", None, "95.00", None, "优", False),
        ("79", "0.65", "79.00", None, "中", False),
        ("79.01", "0.65", "79.00", "79.01", "中", False),
        ("90", "1", "90.00", None, "优", True),
        ("89.99", "1", "89.99", None, "良", True),
        ("89.5", "1", "89.50", None, "良", True),
        ("89.49", "1", "89.49", None, "良", False),
        ("90.5", "1", "90.50", None, "优", True),
        ("90.51", "1", "90.51", None, "优", False),
        ("0.3", "1", "0.30", None, "差", False),
    ],
)
def test_what_follows_from_the_scores(
    scheme: Scheme, score: str, rate: str | None, total: str, capped_from: str | None, grade: str, near: bool
) -> None:
    scheme = replace(scheme, options=replace(scheme.options, caps_on=True))
    outcome = finish(scheme, [One(Decimal(score), Decimal("81"))], rate_caps(scheme, rate))
    assert (str(outcome.total), outcome.grade, outcome.near_threshold) == (total, grade, near)
    assert (None if outcome.capped_from is None else str(outcome.capped_from)) == capped_from
    assert (str(outcome.self_total), outcome.self_grade) == ("81.00", "良")


def test_caps_are_off_at_first(scheme: Scheme) -> None:
    assert rate_caps(scheme, "0") == ()
    assert str(finish(scheme, [One(Decimal(95)), One(Decimal("0.5"), Decimal(3))]).total) == "95.50"


# What the bureau could change once the workbooks are read, and what it must come to: the total, the total before a cap,
# the grade, whether that is near.

Change = Callable[[Scheme, DepartmentResult], None]


def reviewed(scheme: Scheme, result: DepartmentResult) -> None:
    """Output indicators cut from their 20 points to 14.05 by a review."""
    one = next(score for score in result.scores if score.code == "A01")
    score = accepted(scheme.indicator_by_code["A01"], one.self_score, one.computed, Decimal("14.05"))
    assert score is not None
    changed = replace(one, review=Decimal("14.05"), score=score)
    result.scores = tuple(changed if item is one else item for item in result.scores)


def spent_late(scheme: Scheme, result: DepartmentResult) -> None:
    """The bureau knows of a lower spending rate, under which the total has a cap."""
    result.spending_rate = Decimal("0.75")
    result.limits = rate_caps(scheme, "0.75")


@pytest.mark.parametrize("in_memory", [0, 200], ids=["from disk", "in memory"])
@pytest.mark.parametrize(
    ("change", "total", "capped_from", "grade", "near"),
    [(reviewed, "90.50", None, "优", True), (spent_late, "89.00", "96.45", "良", False)],
)
def test_what_the_batch_changes_reaches_every_result(
    scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, total: str,
    capped_from: str | None, grade: str, near: bool, in_memory: int,
) -> None:  # fmt: skip
    scheme = replace(scheme, options=replace(scheme.options, caps_on=True))
    for number, name in enumerate(("甲局", "乙局"), 1):
        document = clean_document(put("department.code", f"44000{number}"), put("department.name", name))
        filled(document, scheme, tmp_path / "in" / f"{name}.xlsx")
    first = reduce.compare_identities

    def then(counted: Sequence[Entry], scheme: Scheme) -> None:
        first(counted, scheme)
        for item in counted:
            if item.result is not None and item.result.name == "甲局":
                change(scheme, item.result)

    monkeypatch.setattr(reduce, "compare_identities", then)
    monkeypatch.setattr(pipeline, "IN_MEMORY", in_memory)
    report = pipeline.run_folder(tmp_path / "in", tmp_path / "out", scheme, pipeline.RunOptions(jobs=1))

    run = json.loads((report.output / "run.json").read_text("utf-8"))
    other, department = run["departments"]
    assert (other["name"], other["rank"], other["total"]) == ("乙局", 1, "96.45")
    assert (department["name"], department["rank"], department["category_rank"]) == ("甲局", 2, 2)
    assert (department["total"], department["grade"], department["near_threshold"]) == (total, grade, near)
    by_code = {score["indicator"]: score for score in department["scores"]}
    review = by_code["A01"]["review"]
    assert review == ("14.05" if change is reviewed else None)
    assert by_code["A03"]["reason"]

    summary = openpyxl.load_workbook(report.summary, data_only=True)
    assert row_of(summary["排名"], "甲局")[5:7] == [float(total), grade]
    matrix = row_of(summary["得分矩阵"], "甲局")
    accepted_total = float(total)
    assert accepted_total in matrix
    own = openpyxl.load_workbook(report.output / "部门结果" / "甲局.xlsx", data_only=True)["评分结果"]
    for sheet in (own, summary["甲局"]):
        texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert accepted_total in texts
        assert grade + ("（临界）" if near else "") in texts
        assert any(str(text).startswith("排名：第 2 名") for text in texts)
        capped = [text for text in texts if str(text).startswith("支出率封顶")]
        assert bool(capped) == (capped_from is not None)
        assert all(str(capped_from) in text for text in capped)
        line = row_of(sheet, "A01 ", start=True)
        shown = by_code["A01"]
        assert line[4:8] == [
            float(shown["self"]),
            float(shown["computed"]),
            review and float(review),
            float(shown["score"]),
        ]
        efficiency = row_of(sheet, "整体效能")
        levels = sum(Decimal(by_code[code]["score"]) for code in ("A01", "A02", "A03"))
        assert float(levels) in efficiency


def row_of(sheet: Any, text: str, *, start: bool = False) -> list[Any]:
    """The values of the first row in which a cell says this, from its first column on."""
    rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return next(row for row in rows if any(str(cell).startswith(text) if start else cell == text for cell in row))
