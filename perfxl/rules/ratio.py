"""比例计分: a share of a whole times the points, full from a target share on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from perfxl.caches import cached
from perfxl.decimals import ONE, ZERO, plain
from perfxl.rules.base import Inputs, setting
from perfxl.rules.percentages import full_percent
from perfxl.rules.quotient import Refs, bracketed, where_known
from perfxl.rules.rate import RateRule


@dataclass(frozen=True)
class Ratio(RateRule):
    """numerator ÷ denominator ÷ target × points, at most the points.

    A denominator of 0 gives full points where the scheme says so (nothing to do, nothing missed), else 0.
    Source: scoring-scheme.md A03, B11, B51, B54 to B56, B71.
    """

    kind: ClassVar[str] = "ratio"
    title: ClassVar[str] = "比例计分"
    about: ClassVar[str] = "分子 ÷ 分母（或数值）÷ 目标 × 分值，最高得满分，最低 0 分"

    target: Decimal = setting("目标比例", "number", "达到即得满分，1 即 100%", default=ONE, rate=True)

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        return super().faults(points) + ([("target", "目标比例应大于 0")] if self.target <= 0 else [])

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        rate = self.scored(inputs).exact(inputs)
        if rate is None:
            return points if self.na else ZERO
        return rate * _scale(points, self.target)

    def expression(self, points: Decimal, refs: Refs) -> str:
        scored = self.scored(refs)
        part, whole = scored.sums(refs)
        target = "" if self.target == ONE else f"/{plain(self.target)}"
        at_zero = plain(points if self.na else ZERO)
        if not whole:
            return where_known(refs, scored.keys(), f"{bracketed(part)}*{plain(points)}{target}", at_zero)
        divided = f"IF({whole}<=0,{at_zero},{bracketed(part)}*{plain(points)}/{bracketed(whole)}{target})"
        return where_known(refs, scored.keys(), divided, at_zero)

    def working(self, points: Decimal, inputs: Inputs) -> str:
        rate = self.scored(inputs).exact(inputs)
        if rate is None:
            return "无此事项，得满分" if self.na else "分母为 0，无法计算，得分"
        if self.value:
            words = self.rate_words(inputs, [self.target])
        else:
            words = f"{inputs.in_words(self.numerator)} ÷ {inputs.in_words(self.denominator)}"
        if rate < 0:
            return f"{words}，为负，得分"
        if rate > self.target and self.target == ONE:
            return f"{words} × {plain(points)}，超过 {self.bound_words(inputs, ONE)} 按 {plain(points)} 分计，得分"
        if self.target == ONE:
            return f"{words} × {plain(points)}"
        if rate >= self.target:
            shown = self.rate_words(inputs, [self.target])
            return f"{shown}，达到 {self.bound_words(inputs, self.target)}，得分"
        return f"{words} ÷ {full_percent(self.target)} × {plain(points)}"


@cached(maxsize=256)
def _scale(points: Decimal, target: Decimal) -> Fraction:
    """What a rate is multiplied by."""
    return Fraction(points) / Fraction(target)
