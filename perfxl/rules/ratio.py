"""比例计分: a share of a whole times the points, full from a target share on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.decimals import ONE, ZERO, divide, percent, plain
from perfxl.rules.base import Inputs, Refs, Rule, amounts_in_words, setting, summed
from perfxl.rules.percentages import full_percent
from perfxl.rules.quotient import Quotient

NUMBERS = ("money", "count")


@dataclass(frozen=True)
class Ratio(Rule):
    """numerator ÷ denominator ÷ target × points, at most the points.

    A denominator of 0 gives full points where the scheme says so (nothing to do, nothing missed), else 0.
    Source: scoring-scheme.md A03, B11, B51, B54 to B56, B71.
    """

    kind: ClassVar[str] = "ratio"
    title: ClassVar[str] = "比例计分"
    about: ClassVar[str] = "分子 ÷ 分母 ÷ 目标比例 × 分值，最高得满分"

    numerator: tuple[str, ...] = setting("分子", "facts", "事实代码，可多行，合计", fact_types=NUMBERS)
    denominator: tuple[str, ...] = setting("分母", "facts", "事实代码，可多行，合计", fact_types=NUMBERS)
    target: Decimal = setting("目标比例", "number", "达到即得满分，1 即 100%", default=ONE)
    na: str = setting("分母为零时", "choice", "满分 = 无此事项得满分；留空 = 得 0 分", choices=("满分",), default="")

    @property
    def quotient(self) -> Quotient:
        return Quotient(self.numerator, self.denominator)

    @property
    def full_at_zero(self) -> bool:
        return bool(self.na)

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        return [("target", "目标比例应大于 0")] if self.target <= 0 else []

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal:
        whole = inputs.total(self.denominator)
        if whole <= 0:
            return points if self.na else ZERO
        return divide(inputs.total(self.numerator) * points, whole * self.target)

    def expression(self, points: Decimal, refs: Refs) -> str:
        part, whole = summed(refs, self.numerator), summed(refs, self.denominator)
        target = "" if self.target == ONE else f"/{plain(self.target)}"
        at_zero = plain(points if self.na else ZERO)
        return f"IF({whole}<=0,{at_zero},{part}*{plain(points)}/{whole}{target})"

    def working(self, points: Decimal, inputs: Inputs) -> str:
        part, whole = amounts_in_words(inputs, self.numerator), amounts_in_words(inputs, self.denominator)
        if inputs.total(self.denominator) <= 0:
            return "无此事项，得满分" if self.na else "分母为 0，无法计算，得分"
        if self.target == ONE:
            return f"{part} ÷ {whole} × {plain(points)}"
        rate = divide(inputs.total(self.numerator), inputs.total(self.denominator))
        if rate >= self.target:
            return f"{part} ÷ {whole} = {percent(rate)}，达到 {full_percent(self.target)}，得分"
        return f"{part} ÷ {whole} ÷ {full_percent(self.target)} × {plain(points)}"
