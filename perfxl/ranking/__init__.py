"""Ranking: over all and within category, on the rounded totals. Competition ranks: 1, 2, 2, 4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status


def rank_departments(departments: Sequence[DepartmentResult]) -> list[DepartmentResult]:
    """Sets the ranks of the scored departments; returns them best first, then the returned ones by total.

    Two with one total share a rank and stand in the order of their codes, projects of one unit in that of their names.
    Departments that are not scored have no rank.
    """
    ordered = sorted(departments, key=lambda item: (-item.total, item.code, item.name, item.project, item.file))
    scored = [item for item in ordered if item.status == Status.SCORED]
    frame = pd.DataFrame(
        # Whole cents are exact as integers, so equal totals are equal ranks.
        {"cents": [int(item.total * 100) for item in scored], "category": [item.category for item in scored]}
    )
    overall = frame["cents"].rank(method="min", ascending=False)
    within = frame.groupby("category")["cents"].rank(method="min", ascending=False)
    for item, rank, category_rank in zip(scored, overall, within, strict=True):
        item.rank, item.category_rank = int(rank), int(category_rank)
    return scored + [item for item in ordered if item.status != Status.SCORED]


def rank_jointly(departments: Iterable[DepartmentResult]) -> None:
    """Sets the places of the scored departments of several schemes among each other, by their totals alone."""
    scored = [item for item in departments if item.status == Status.SCORED]
    cents = pd.Series([int(item.total * 100) for item in scored], dtype="int64")
    for item, rank in zip(scored, cents.rank(method="min", ascending=False), strict=True):
        item.joint_rank = int(rank)
