"""限额计分: full points on the right side of a limit, none on the other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.decimals import ZERO, plain
from perfxl.rules.base import Inputs, Refs, Rule, amounts_in_words, setting, summed
from perfxl.rules.ratio import NUMBERS

AT_LEAST, AT_MOST = "不低于", "不高于"


@dataclass(frozen=True)
class Limit(Rule):
    """The points where the value keeps the limit, else 0. Source: scoring-scheme.md B62 (at least), B72 (at most).

    A limit of 0 can give full points without a look at the value (nothing was due).
    """

    kind: ClassVar[str] = "limit"
    title: ClassVar[str] = "限额计分"
    about: ClassVar[str] = "数值不高于（或不低于）限额得满分，否则 0 分"

    value: tuple[str, ...] = setting("数值", "facts", "事实代码，可多行，合计", fact_types=NUMBERS)
    bound: tuple[str, ...] = setting("限额", "facts", "事实代码，可多行，合计", fact_types=NUMBERS)
    side: str = setting("方向", "choice", "不高于 或 不低于", choices=(AT_MOST, AT_LEAST))
    na: str = setting("限额为零时", "choice", "满分 = 无此事项得满分；留空 = 照常比较", choices=("满分",), default="")

    def keeps(self, inputs: Inputs) -> bool:
        """Whether the value keeps the limit."""
        value, bound = inputs.total(self.value), inputs.total(self.bound)
        if self.na and bound == 0:
            return True
        return value >= bound if self.side == AT_LEAST else value <= bound

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal:
        return points if self.keeps(inputs) else ZERO

    def expression(self, points: Decimal, refs: Refs) -> str:
        value, bound = summed(refs, self.value), summed(refs, self.bound)
        test = f"{value}{'>=' if self.side == AT_LEAST else '<='}{bound}"
        if self.na:
            test = f"OR({bound}=0,{test})"
        return f"IF({test},{plain(points)},0)"

    def working(self, points: Decimal, inputs: Inputs) -> str:
        if self.na and inputs.total(self.bound) == 0:
            return "无此事项，得满分"
        keeps = self.keeps(inputs)
        sign = ("≥" if keeps else "<") if self.side == AT_LEAST else ("≤" if keeps else ">")
        verdict = "符合要求" if keeps else "不符合要求"
        return f"{amounts_in_words(inputs, self.value)} {sign} {amounts_in_words(inputs, self.bound)}，{verdict}，得分"
