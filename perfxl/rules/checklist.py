"""清单计分: each 是 on a list earns its points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from perfxl.decimals import ZERO, plain
from perfxl.rules.base import Inputs, Rule, setting
from perfxl.rules.quotient import Refs

YES = "是"
YES_NO = (YES, "否")


@dataclass(frozen=True)
class Checklist(Rule):
    """Σ points of the items answered 是. Source: scoring-scheme.md B31, B32, B41 to B43, B52, B63 to B65."""

    kind: ClassVar[str] = "checklist"
    title: ClassVar[str] = "清单计分"
    about: ClassVar[str] = "逐项核对，答“是”得该项分"

    items: tuple[tuple[str, Decimal], ...] = setting(
        "核对项",
        "fact_points",
        "每行一项：内容填事项代码，分值填答“是”得多少分，合计等于指标分值",
        fact_types=("yes_no",),
    )

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        total = sum((worth for _, worth in self.items), ZERO)
        if total != points:
            return [("items", f"各核对项合计 {plain(total)} 分，不等于指标分值 {plain(points)} 分")]
        return []

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        return sum((worth for key, worth in self.items if inputs.facts.get(key) == YES), ZERO)

    def complete(self, refs: Refs) -> str:
        tests = [f'OR({cell}="是",{cell}="否")' for cell in (refs.fact(key) for key in self.facts())]
        return "AND(" + ",".join(tests) + ")"

    def expression(self, points: Decimal, refs: Refs) -> str:
        return "+".join(f'IF({refs.fact(key)}="{YES}",{plain(worth)},0)' for key, worth in self.items)

    def working(self, points: Decimal, inputs: Inputs) -> str:
        no = [inputs.label(key) for key, _ in self.items if inputs.facts.get(key) != YES]
        if not no:
            return f"{len(self.items)} 项全部为“是”，得分"
        if len(no) == len(self.items):
            return f"{'、'.join(no)}均为“否”，得分"
        earned = " + ".join(plain(worth) for key, worth in self.items if inputs.facts.get(key) == YES)
        answered = f"“否”：{'、'.join(no)}；其余得分 {earned}"
        return answered if "+" in earned else f"“否”：{'、'.join(no)}；其余得分"
