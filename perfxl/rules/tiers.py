"""分档计分: a share of a whole falls into a tier, each tier has its points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.decimals import ZERO, divide, plain
from perfxl.rules.base import Inputs, Refs, Rule, amounts_in_words, setting, summed
from perfxl.rules.percentages import full_percent, percent_beside
from perfxl.rules.quotient import Quotient
from perfxl.rules.ratio import NUMBERS


@dataclass(frozen=True)
class Tiers(Rule):
    """The points of the highest tier whose lower bound numerator ÷ denominator reaches; bounds are closed below.

    Source: scoring-scheme.md B66.
    """

    kind: ClassVar[str] = "tiers"
    title: ClassVar[str] = "分档计分"
    about: ClassVar[str] = "按 分子 ÷ 分母 所在档次得分，档次含下限"

    numerator: tuple[str, ...] = setting("分子", "facts", "事实代码，可多行，合计", fact_types=NUMBERS)
    denominator: tuple[str, ...] = setting("分母", "facts", "事实代码，可多行，合计", fact_types=NUMBERS)
    tiers: tuple[tuple[Decimal, Decimal], ...] = setting(
        "档次", "number_points", "每行一档：内容填下限（0.9 即 90%），分值填该档得分；不足最低下限得 0 分"
    )
    na: str = setting("分母为零时", "choice", "满分 = 无此事项得满分；留空 = 得 0 分", choices=("满分",), default="")

    @property
    def quotient(self) -> Quotient:
        return Quotient(self.numerator, self.denominator)

    @property
    def full_at_zero(self) -> bool:
        return bool(self.na)

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        bounds = [bound for bound, _ in self.tiers]
        wrong = []
        if len(set(bounds)) < len(bounds):
            wrong.append(("tiers", "档次下限重复"))
        if self.tiers and max(worth for _, worth in self.tiers) != points:
            wrong.append(("tiers", f"最高一档应为指标分值 {plain(points)}"))
        if any(worth < 0 for _, worth in self.tiers):
            wrong.append(("tiers", "档次分值不能为负"))
        by_bound = [worth for _, worth in sorted(self.tiers)]
        if by_bound != sorted(by_bound):
            wrong.append(("tiers", "下限高的档次得分反而低"))
        return wrong

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal:
        part, whole = inputs.total(self.numerator), inputs.total(self.denominator)
        if whole <= 0:
            return points if self.na else ZERO
        reached = [worth for bound, worth in self.tiers if part >= bound * whole]
        return max(reached, default=ZERO)

    def expression(self, points: Decimal, refs: Refs) -> str:
        part, whole = summed(refs, self.numerator), summed(refs, self.denominator)
        nested = "0"
        for bound, worth in sorted(self.tiers):
            nested = f"IF(ROUND({part}-{plain(bound)}*{whole},9)>=0,{plain(worth)},{nested})"
        return f"IF({whole}<=0,{plain(points if self.na else ZERO)},{nested})"

    def working(self, points: Decimal, inputs: Inputs) -> str:
        part, whole = inputs.total(self.numerator), inputs.total(self.denominator)
        if whole <= 0:
            return "无此事项，得满分" if self.na else "分母为 0，无法计算，得分"
        parts = f"{amounts_in_words(inputs, self.numerator)} ÷ {amounts_in_words(inputs, self.denominator)}"
        bounds = [bound for bound, _ in self.tiers]
        division = f"{parts} = {percent_beside(divide(part, whole), bounds)}"
        reached = [bound for bound in bounds if part >= bound * whole]
        if not reached:
            return f"{division}，不足 {full_percent(min(bounds))}，得分"
        return f"{division}，属“{full_percent(max(reached))} 及以上”档，得分"
