"""What 总览 counts: who is above the bound that is watched, and the most common deductions in their order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl

from perfxl.results.batch import Batch
from perfxl.results.summary import write_summary
from tests.sample_batch import ranked, sample_batch


def overview(batch: Batch, folder: Path) -> list[tuple[object, ...]]:
    write_summary(batch, folder / "汇总.xlsx", department_sheets=False)
    return list(openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)["总览"].iter_rows(values_only=True))


def line(rows: list[tuple[object, ...]], start: str) -> tuple[object, ...]:
    """The line whose first cell starts so."""
    return next(row for row in rows if str(row[0] or "").startswith(start))


def with_totals(*pairs: tuple[str, str]) -> Batch:
    """A batch of departments with these accepted and self totals."""
    batch = sample_batch(len(pairs), returned=0)
    for item, (total, own) in zip(batch.departments, pairs, strict=True):
        item.total, item.self_total, item.capped_from = Decimal(total), Decimal(own), None
    batch.departments = ranked(batch.departments)
    return batch


def test_a_self_score_is_watched_beyond_its_bound_and_not_on_it(tmp_path: Path) -> None:
    batch = with_totals(("90.00", "95.00"), ("80.00", "85.01"), ("70.00", "74.99"), ("60.00", "50.00"))
    over = batch.departments[1].name
    row = line(overview(batch, tmp_path), "自评偏高")
    assert 1 in row
    (named,) = [str(cell) for cell in row if "（高 " in str(cell)]
    assert named.startswith(f"{over}（高 5.01）") and "、" not in named


def deductions(rows: list[tuple[object, ...]]) -> list[tuple[object, object, object]]:
    """Code, number of departments and points lost of the most common deductions."""
    first = next(number for number, row in enumerate(rows) if row[0] == "最常见的扣分") + 2
    found = []
    for row in rows[first:]:
        if not row[0] or len(str(row[0])) > 3:
            break
        found.append((row[0], row[4], row[5]))
    return found


def losing(*lost: dict[str, str]) -> Batch:
    """A batch of departments that have full marks but for these points lost by indicator."""
    batch = sample_batch(len(lost), returned=0)
    for item, minus in zip(batch.departments, lost, strict=True):
        item.scores = tuple(
            replace(score, score=score.points - Decimal(minus.get(score.code, "0"))) for score in item.scores
        )
        item.total, item.capped_from = sum((score.score for score in item.scores), Decimal(0)), None
    batch.departments = ranked(batch.departments)
    return batch


def test_common_deductions_by_departments_then_points_then_code(tmp_path: Path) -> None:
    batch = losing(
        {"B11": "3", "B41": "1", "B43": "0.5", "B31": "0.25", "B21": "0.25"},
        {"A01": "0.1", "B41": "0.5", "B43": "2", "B52": "0.5"},
        {"A01": "0.1"},
    )
    assert deductions(overview(batch, tmp_path)) == [
        ("B43", 2, 2.5), ("B41", 2, 1.5), ("A01", 2, 0.2), ("B11", 1, 3), ("B52", 1, 0.5),
    ]  # fmt: skip
    batch = losing({"B31": "0.25", "B21": "0.25", "B22": "0.5"}, {})
    assert deductions(overview(batch, tmp_path)) == [("B22", 1, 0.5), ("B21", 1, 0.25), ("B31", 1, 0.25)]


def test_without_deductions_it_says_so(tmp_path: Path) -> None:
    batch = losing({}, {})
    rows = overview(batch, tmp_path)
    assert deductions(rows) == [] and line(rows, "没有扣分")
