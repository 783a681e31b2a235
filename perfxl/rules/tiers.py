"""分档计分: a number falls into a tier, each tier has its points; they rise with the number, or fall."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from perfxl.decimals import ZERO, plain
from perfxl.rules.base import Inputs, setting
from perfxl.rules.quotient import Refs, where_known
from perfxl.rules.rate import RateRule

RISING, FALLING = "越高越好", "越低越好"
CLOSED, OPEN = "含本数", "不含本数"
MOST = 40
"""Tiers of one rule: as many as formulas may nest and a person may look through."""


@dataclass(frozen=True)
class Tiers(RateRule):
    """The points of the best tier whose bound the number keeps.

    Rising: a tier holds from its bound up, 0 points below the lowest. Falling: up to its bound, 0 points above the
    highest. closed: whether the bound itself belongs to the tier. Source: scoring-scheme.md B66.
    """

    kind: ClassVar[str] = "tiers"
    title: ClassVar[str] = "分档计分"
    about: ClassVar[str] = "按数值（或 分子 ÷ 分母）所在档次得分；越高越好时档次是下限，越低越好时档次是上限"

    tiers: tuple[tuple[Decimal, Decimal], ...] = setting(
        "档次", "number_points", "每行一档：内容填界线（0.9 即 90%），分值填该档得分；哪一档都不够得 0 分", default=(),
        rate=True,
    )  # fmt: skip
    toward: str = setting(
        "方向",
        "choice",
        "越高越好（默认，界线是下限）或 越低越好（界线是上限）",
        choices=(RISING, FALLING),
        default=RISING,
    )
    closed: str = setting("界线", "choice", "含本数（默认）或 不含本数", choices=(CLOSED, OPEN), default=CLOSED)

    @property
    def rising(self) -> bool:
        """Whether more is better."""
        return self.toward != FALLING

    @property
    def _sign(self) -> str:
        return (">" if self.rising else "<") + ("=" if self.closed != OPEN else "")

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        wrong = super().faults(points)
        bounds = [bound for bound, _ in self.tiers]
        if not self.tiers:
            return [*wrong, ("tiers", "没有填档次")]
        if len(self.tiers) > MOST:
            wrong.append(("tiers", f"档次有 {len(self.tiers)} 个，最多 {MOST} 个"))
        if len(set(bounds)) < len(bounds):
            wrong.append(("tiers", "档次界线重复"))
        if max(worth for _, worth in self.tiers) != points:
            wrong.append(("tiers", f"最高一档应为指标分值 {plain(points)}"))
        if any(worth < 0 for _, worth in self.tiers):
            wrong.append(("tiers", "档次分值不能为负"))
        by_bound = [worth for _, worth in sorted(self.tiers)]
        if by_bound != sorted(by_bound, reverse=not self.rising):
            other = FALLING if self.rising else RISING
            higher = "界线高的档次得分应当更高" if self.rising else "界线低的档次得分应当更高"
            wrong.append(("tiers", f"方向是“{self.toward}”，{higher}；如果本指标{other}，请把“方向”改为“{other}”"))
        return wrong

    def _keeps(self, rate: Fraction, bound: Decimal) -> bool:
        edge = Fraction(bound)
        beyond = rate > edge if self.rising else rate < edge
        return beyond or (rate == edge and self.closed != OPEN)

    def _reached(self, rate: Fraction) -> list[tuple[Decimal, Decimal]]:
        return [(bound, worth) for bound, worth in self.tiers if self._keeps(rate, bound)]

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        rate = self.scored(inputs).exact(inputs)
        if rate is None:
            return points if self.na else ZERO
        return max((worth for _, worth in self._reached(rate)), default=ZERO)

    def expression(self, points: Decimal, refs: Refs) -> str:
        scored, nested = self.scored(refs), "0"
        for bound, worth in sorted(self.tiers, reverse=not self.rising):
            nested = f"IF({scored.compare_formula(refs, self._sign, bound)},{plain(worth)},{nested})"
        whole, at_zero = scored.sums(refs)[1], plain(points if self.na else ZERO)
        return where_known(refs, scored.keys(), f"IF({whole}<=0,{at_zero},{nested})" if whole else nested, at_zero)

    def working(self, points: Decimal, inputs: Inputs) -> str:
        rate = self.scored(inputs).exact(inputs)
        if rate is None:
            return "无此事项，得满分" if self.na else "分母为 0，无法计算，得分"
        bounds = [bound for bound, _ in self.tiers]
        division = self.rate_words(inputs, bounds, exactly=self._sign != ">=")
        reached = [bound for bound, _ in self._reached(rate)]
        if self.rising:
            best, last = max(reached, default=None), min(bounds)
            words = ("及以上", "不足") if self.closed != OPEN else ("以上（不含）", "不超过")
        else:
            best, last = min(reached, default=None), max(bounds)
            words = ("及以下", "超过") if self.closed != OPEN else ("以下（不含）", "不低于")
        if best is None:
            return f"{division}，{words[1]} {self.bound_words(inputs, last)}，得分"
        return f"{division}，属“{self.bound_words(inputs, best)} {words[0]}”档，得分"
