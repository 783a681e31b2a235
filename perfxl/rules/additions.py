"""计次计分: every case is worth points, up to the indicator's own: for 加分 and 扣分 outside the hundred."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from perfxl.decimals import ZERO, plain
from perfxl.rules.base import Inputs, Rule, setting
from perfxl.rules.quotient import Refs


@dataclass(frozen=True)
class Additions(Rule):
    """Σ cases × points each, at most the points. Source: other-forms.md, "What districts add"."""

    kind: ClassVar[str] = "additions"
    title: ClassVar[str] = "计次计分"
    about: ClassVar[str] = "每次（个）计若干分，合计不超过指标分值；用于加分项（得多少加多少）和扣分项（得多少扣多少）"

    items: tuple[tuple[str, Decimal], ...] = setting(
        "计次项", "fact_points", "每行一项：内容填事项代码，分值填每次计多少分", fact_types=("count", "number")
    )

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        return [("items", "每次的分值应大于 0")] if any(each <= 0 for _, each in self.items) else []

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        return sum(((inputs.number(key) or ZERO) * each for key, each in self.items), ZERO)

    def expression(self, points: Decimal, refs: Refs) -> str:
        return "+".join(f"{refs.fact(key)}*{plain(each)}" for key, each in self.items)

    def working(self, points: Decimal, inputs: Inputs) -> str:
        counts = [
            f"{inputs.label(key)} {plain(count)} × {plain(each)}"
            for key, each in self.items
            if (count := inputs.number(key) or ZERO)
        ]
        if not counts:
            return "没有这类事项，计"
        exact = self.exact(points, inputs)
        bound = f"（最高 {plain(points)}）" if exact > points else "（最低 0）" if exact < 0 else ""
        return " + ".join(counts) + bound
