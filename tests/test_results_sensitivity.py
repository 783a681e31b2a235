"""The ranges of the ranks, against a slow calculation in fractions that is written from the note on the sheet."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from perfxl.results.sensitivity import WORDS, RankRange, rank_ranges
from perfxl.results.summary import write_summary
from perfxl.scheme.model import Scheme
from perfxl.scoring import level_scores, second_level
from perfxl.scoring.result import DepartmentResult
from tests.sample_batch import sample_batch


def slow(scheme: Scheme, ranked: list[DepartmentResult]) -> list[tuple[list[int], list[int]]]:
    """The ranks of each department with every level left out, and with the points of every level moved."""
    weights = {level.name: Fraction(level.points) for level in scheme.second_levels}
    everything = sum(weights.values())

    def ranks(changed: dict[str, Fraction]) -> list[int]:
        totals = []
        for item in ranked:
            levels = level_scores(scheme, item.scores, second_level)
            earned = sum(weight * Fraction(levels[name]) / weights[name] for name, weight in changed.items() if weight)
            total = earned / sum(changed.values()) * everything
            totals.append(total if item.capped_from is None else min(total, Fraction(item.total)))
        return [1 + sum(other > total for other in totals) for total in totals]

    out = [ranks(weights | {name: Fraction(0)}) for name in weights]
    moved = [
        ranks(weights | {name: weight * factor})
        for name, weight in weights.items()
        for factor in (Fraction(11, 10), Fraction(9, 10))
    ]
    return [([row[n] for row in out], [row[n] for row in moved]) for n in range(len(ranked))]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ranges_are_those_of_the_slow_calculation(seed: int) -> None:
    batch = sample_batch(40, seed=seed)
    found = rank_ranges(batch.scheme, batch.ranked)
    assert any(item.capped_from is not None for item in batch.ranked)
    for item, (out, moved), department in zip(found, slow(batch.scheme, batch.ranked), batch.ranked, strict=True):
        assert item.rank == department.rank
        assert (item.best_out, item.worst_out) == (min(out), max(out))
        assert (item.best_weighed, item.worst_weighed) == (min(moved), max(moved))
        furthest = [abs(rank - item.rank) for rank in out]
        names = [level.name for level in batch.scheme.second_levels]
        assert item.level == (names[furthest.index(max(furthest))] if any(furthest) else "")


def test_equal_departments_stay_equal() -> None:
    batch = sample_batch(5, returned=0)
    first = batch.departments[0]
    first.capped_from = None
    twins = [replace(first, rank=1, file=str(number)) for number in range(3)]
    for item in rank_ranges(batch.scheme, twins):
        assert item == RankRange(1, 1, 1, 1, 1, "", WORDS[0])


def test_nothing_to_tell_of_nobody() -> None:
    assert rank_ranges(sample_batch(0, returned=0).scheme, []) == []


def test_a_thousand_departments_take_no_time() -> None:
    batch = sample_batch(1000)
    started = time.process_time()
    rank_ranges(batch.scheme, batch.ranked)
    assert time.process_time() - started < 1


def test_the_sheet_shows_the_ranges_and_says_how_they_come_about(tmp_path: Path) -> None:
    batch = sample_batch(12)
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["指标分析"]
    head = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 9).value == "稳定性")
    assert str(sheet.cell(head - 1, 1).value).startswith("名次稳定性：")
    for row, item in enumerate(rank_ranges(batch.scheme, batch.ranked), head + 1):
        shown = [sheet.cell(row, column).value for column in range(5, 11)]
        assert shown == [
            item.best_out, item.worst_out, item.best_weighed, item.worst_weighed, item.word, item.level or "无"
        ]  # fmt: skip
    assert sheet.auto_filter.ref == f"A{head}:J{head + len(batch.ranked)}"
