"""Ranks over all and within category: competition ranks on the rounded totals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from perfxl.ranking import rank_departments
from perfxl.scoring import DepartmentResult
from tests.sample_batch import sample_batch


def departments(*rows: tuple[str, str, str]) -> list[DepartmentResult]:
    """Departments by code, category and total; in lower case a code is that of a returned one."""
    (one,) = sample_batch(1, returned=0).departments
    return [
        replace(
            one, code=code, name=f"{code}局", category=category, total=Decimal(total), rank=None, category_rank=None,
            status="returned" if code.islower() else "scored", file=f"{place}.xlsx",
        )
        for place, (code, category, total) in enumerate(rows)
    ]  # fmt: skip


def ranks(ranked: list[DepartmentResult]) -> list[tuple[str, int | None, int | None]]:
    return [(item.code, item.rank, item.category_rank) for item in ranked]


def test_equal_totals_share_a_rank_and_the_next_is_left_out() -> None:
    found = rank_departments(
        departments(
            ("A", "镇街", "80"), ("B", "镇街", "90.00"), ("C", "党政机关", "95"), ("D", "镇街", "90"),
            ("E", "镇街", "70.5"), ("F", "党政机关", "90"),
        )
    )  # fmt: skip
    assert ranks(found) == [("C", 1, 1), ("B", 2, 1), ("D", 2, 1), ("F", 2, 2), ("A", 5, 3), ("E", 6, 4)]


def test_a_tie_within_a_category_leaves_ranks_out_there_too() -> None:
    rows = [("A", "甲", "90"), ("B", "甲", "80"), ("C", "甲", "80"), ("D", "甲", "70"), ("E", "乙", "75")]
    found = rank_departments(departments(*rows))
    assert ranks(found) == [("A", 1, 1), ("B", 2, 2), ("C", 2, 2), ("E", 4, 1), ("D", 5, 4)]


def test_a_cent_makes_a_rank() -> None:
    found = rank_departments(departments(("A", "甲", "89.99"), ("B", "甲", "90.00"), ("C", "甲", "90.01")))
    assert ranks(found) == [("C", 1, 1), ("B", 2, 2), ("A", 3, 3)]


def test_returned_departments_have_no_rank_and_stand_below_by_total() -> None:
    found = rank_departments(departments(("a", "甲", "99"), ("B", "甲", "60"), ("c", "甲", "99.5"), ("D", "甲", "61")))
    assert ranks(found) == [("D", 1, 1), ("B", 2, 2), ("c", None, None), ("a", None, None)]


def test_with_equal_totals_code_then_name_then_file_decide_the_order() -> None:
    rows = departments(*[("B", "甲", "90")] * 3, ("A", "甲", "90"))
    rows[0].name, rows[1].name, rows[2].name = "乙局", "乙局", "丁局"
    rows[0].file = "9.xlsx"
    found = rank_departments(rows)
    assert [(item.code, item.name, item.file) for item in found] == [
        ("A", "A局", "3.xlsx"), ("B", "丁局", "2.xlsx"), ("B", "乙局", "1.xlsx"), ("B", "乙局", "9.xlsx"),
    ]  # fmt: skip


def test_projects_of_one_unit_stand_in_the_order_of_their_names() -> None:
    rows = departments(*[("A", "甲", "90")] * 3)
    for item, project in zip(rows, ("丙项目", "丁项目", "A项目"), strict=True):
        item.project = project
    assert [item.title for item in rank_departments(rows)] == ["A项目", "丁项目", "丙项目"]


def test_nothing_to_rank() -> None:
    assert rank_departments([]) == []
    assert ranks(rank_departments(departments(("a", "甲", "90")))) == [("a", None, None)]
