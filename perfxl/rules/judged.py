"""评判计分: no rule computes it; the department scores itself and the bureau reviews."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.rules.base import Computed, Inputs, Rule
from perfxl.rules.quotient import Refs


@dataclass(frozen=True)
class Judged(Rule):
    """Has no computed score: the self score is accepted until a review score replaces it."""

    kind: ClassVar[str] = "judged"
    title: ClassVar[str] = "评判计分"
    about: ClassVar[str] = "不由规则计算，按自评分，复核时可改"
    computable: ClassVar[bool] = False

    def score(self, points: Decimal, inputs: Inputs) -> Computed:
        return Computed(None)

    def formula(self, points: Decimal, refs: Refs) -> str:
        return '""'

    def explain(self, points: Decimal, inputs: Inputs, outcome: Computed | None = None) -> str:
        return "由部门自评、财政部门复核评定"
