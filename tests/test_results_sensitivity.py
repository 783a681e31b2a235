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
from perfxl.scoring.result import DepartmentResult
from tests.sample_batch import sample_batch, scored_batch
from tests.sample_schemes import district_scheme


def slow(scheme: Scheme, ranked: list[DepartmentResult]) -> list[tuple[list[int], list[int]]]:
    """The ranks of each department with every level left out, and with the points of every level moved."""
    levels = {item.code: item.level2 for item in scheme.indicators if item.nature == "计分"}
    names = [level.name for level in scheme.second_levels if level.name in levels.values()]
    full = sum(Fraction(item.points) for item in scheme.indicators if item.code in levels)

    def total(item: DepartmentResult, factors: dict[str, Fraction]) -> Fraction:
        counted = [one for one in item.scores if one.code in levels and (one.applies or one.score)]
        points = sum(factors.get(levels[one.code], 1) * Fraction(one.points) for one in counted)
        earned = sum(factors.get(levels[one.code], 1) * Fraction(one.score) for one in counted)
        outside = Fraction(item.bonus) - Fraction(item.penalty)
        found = max((earned / points * full if points else Fraction(0)) + outside, Fraction(0))
        found = found if scheme.options.over_full else min(found, full)
        return found if item.capped_from is None else min(found, Fraction(item.total))

    def ranks(factors: dict[str, Fraction]) -> list[int]:
        totals = [total(item, factors) for item in ranked]
        return [1 + sum(other > own for other in totals) for own in totals]

    out = [ranks({name: Fraction(0)}) for name in names]
    moved = [ranks({name: factor}) for name in names for factor in (Fraction(11, 10), Fraction(9, 10))]
    return [([row[n] for row in out], [row[n] for row in moved]) for n in range(len(ranked))]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", ["built-in", "district", "over the hundred"])
def test_ranges_are_those_of_the_slow_calculation(seed: int, kind: str) -> None:
    scheme = None if kind == "built-in" else district_scheme()
    if scheme is not None and kind != "district":
        scheme = replace(scheme, options=replace(scheme.options, over_full=True))
    batch = sample_batch(40, seed=seed, scheme=scheme)
    found = rank_ranges(batch.scheme, batch.ranked)
    assert any(item.capped_from is not None for item in batch.ranked)
    for item, (out, moved), department in zip(found, slow(batch.scheme, batch.ranked), batch.ranked, strict=True):
        assert item.rank == department.rank
        assert (item.best_out, item.worst_out) == (min(out), max(out))
        assert (item.best_weighed, item.worst_weighed) == (min(moved), max(moved))
        furthest = [abs(rank - item.rank) for rank in out]
        names = [level.name for level in batch.scheme.base_levels]
        assert item.level == (names[furthest.index(max(furthest))] if any(furthest) else "")


@pytest.mark.parametrize("count", [2, 5, 12, 60, 98, 300])
def test_the_word_says_what_the_ranks_beside_it_say(count: int) -> None:
    """Nobody is 稳定 beside 22 to 51: the wider range that is shown decides, as a share of all."""
    batch = sample_batch(count, returned=0, seed=count)
    words = set()
    for item in rank_ranges(batch.scheme, batch.ranked):
        shown = [item.rank, item.best_out, item.worst_out]
        about = [item.rank, item.best_weighed, item.worst_weighed]
        width = max(max(shown) - min(shown), max(about) - min(about))
        share = Fraction(width, len(batch.ranked))
        # A share may be rounded to the nearest whole place.
        half = Fraction(1, 2 * len(batch.ranked))
        assert width == 0 or item.word != "稳定" or share <= Fraction(5, 100) + half
        assert item.word != "较稳定" or Fraction(5, 100) - half < share <= Fraction(15, 100) + half
        assert item.word != "敏感" or share > Fraction(15, 100) - half
        words.add(item.word)
    assert count < 60 or len(words) > 1


def test_equal_departments_stay_equal() -> None:
    batch = sample_batch(5, returned=0)
    first = batch.departments[0]
    first.capped_from = None
    twins = [replace(first, rank=1, file=str(number)) for number in range(3)]
    for item in rank_ranges(batch.scheme, twins):
        assert item == RankRange(1, 1, 1, 1, 1, "", WORDS[0])


def test_nothing_to_tell_of_nobody() -> None:
    assert list(rank_ranges(sample_batch(0, returned=0).scheme, [])) == []


def test_where_nothing_is_left_of_a_department_what_lies_outside_decides() -> None:
    scheme = district_scheme()
    scaled = replace(scheme, indicators=tuple(
        replace(item, declared=True, na="折算") if item.nature == "计分" else item for item in scheme.indicators
    ))  # fmt: skip
    nothing = {item.code: None for item in scheme.indicators if item.nature == "计分" and item.level2 != "信息公开"}
    bare = {**nothing, "category": "党政机关"}
    batch = scored_batch(scaled, {**bare, "J01": "4"}, {**bare, "K02": "2"}, {"category": "党政机关", "A01": "0"})
    found = rank_ranges(scaled, batch.ranked)
    for item, (out, _) in zip(found, slow(scaled, batch.ranked), strict=True):
        assert (item.best_out, item.worst_out) == (min(out), max(out))
    assert [item.worst_out for item in found] == [2, 3, 3]


@pytest.mark.parametrize("scheme", [None, district_scheme()], ids=["built-in", "district"])
def test_a_thousand_departments_take_no_time(scheme: Scheme | None) -> None:
    batch = sample_batch(1000, scheme=scheme)
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
