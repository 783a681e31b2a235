"""扣分计分: every case found costs points, some cases cost them all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from perfxl.decimals import ZERO, plain
from perfxl.rules.base import Inputs, Rule, setting
from perfxl.rules.quotient import Refs

COUNT = ("count",)


@dataclass(frozen=True)
class Deductions(Rule):
    """points − Σ cases × points each, at least 0; any fatal case gives 0.

    Source: scoring-scheme.md B22, B53, B61.
    """

    kind: ClassVar[str] = "deductions"
    title: ClassVar[str] = "扣分计分"
    about: ClassVar[str] = "每个问题扣若干分，扣完为止；有一票否决问题得 0 分"

    items: tuple[tuple[str, Decimal], ...] = setting(
        "扣分项", "fact_points", "每行一项：内容填事项代码，分值填每个扣多少分", fact_types=COUNT
    )
    fatal: tuple[str, ...] = setting("一票否决", "facts", "事项代码；大于 0 即得 0 分", fact_types=COUNT, default=())

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        return [("items", "每个扣分应大于 0")] if any(each <= 0 for _, each in self.items) else []

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        if (inputs.total(self.fatal) or 0) > 0:
            return ZERO
        cost = sum(((inputs.number(key) or ZERO) * each for key, each in self.items), ZERO)
        return points - cost

    def expression(self, points: Decimal, refs: Refs) -> str:
        cost = "".join(f"-{refs.fact(key)}*{plain(each)}" for key, each in self.items)
        if not self.fatal:
            return f"{plain(points)}{cost}"
        fatal = "+".join(refs.fact(key) for key in self.fatal)
        return f"IF({fatal}>0,0,{plain(points)}{cost})"

    def working(self, points: Decimal, inputs: Inputs) -> str:
        fatal = [key for key in self.fatal if (inputs.number(key) or ZERO) > 0]
        if fatal:
            found = "、".join(f"{inputs.label(key)} {plain(inputs.number(key) or ZERO)}" for key in fatal)
            return f"{found}，一票否决，得分"
        counts = [(inputs.number(key) or ZERO, each) for key, each in self.items]
        costs = [f" − {_factor(count)} × {plain(each)}" for count, each in counts if count]
        if not costs:
            return "无扣分问题，得分"
        over = self.exact(points, inputs) > points
        return f"{plain(points)}{''.join(costs)}" + (f"（最高 {plain(points)}）" if over else "（最低 0）")


def _factor(number: Decimal) -> str:
    return plain(number) if number >= 0 else f"（{plain(number)}）"
