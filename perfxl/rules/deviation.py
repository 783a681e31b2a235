"""偏离扣分: what lies away from a target by more than an allowance costs points for every percentage point."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from perfxl.decimals import ZERO, decimal_of, half_up, plain
from perfxl.rules.base import Inputs, setting
from perfxl.rules.quotient import Quotient, Refs, bracketed, where_known
from perfxl.rules.rate import RateRule

ABOVE, BELOW, BOTH = "高于", "低于", "两边"
PROPORTIONAL, WHOLE_STEPS, BEGUN_STEPS = "按比例", "不足一个不计", "不足一个按一个计"


@dataclass(frozen=True)
class Deviation(RateRule):
    """points − excess × per_point, where excess is how far the number lies beyond target ± free, in percentage points.

    A number that is no rate is counted in its own unit. side: which side costs. step: parts of a percentage point in
    proportion, not at all, or as a whole one. With a denominator of 0 anything beyond costs all points.
    Source: scoring-scheme.md B21 (预算编制约束性).
    """

    kind: ClassVar[str] = "deviation"
    title: ClassVar[str] = "偏离扣分"
    about: ClassVar[str] = (
        "数值（或 分子 ÷ 分母）偏离目标不超过允许幅度得满分，"
        "超出部分每个百分点（不是比例的，每 1 个单位）扣若干分，扣完为止"
    )
    former: ClassVar[tuple[str, ...]] = ("overrun", "超幅扣分")

    free: Decimal = setting("允许幅度", "number", "0.1 即 10%；0 = 一偏离就扣", default=ZERO, rate=True)
    per_point: Decimal = setting(
        "每个百分点扣分", "number", "例如 0.2；不是比例的，指每 1 个单位", default=ZERO, aliases=("每超一个百分点扣分",)
    )
    target: Decimal = setting("目标", "number", "1 即 100%；默认 0", default=ZERO, rate=True)
    side: str = setting(
        "方向",
        "choice",
        "高于（默认）= 高出才扣；低于 = 低于才扣；两边 = 都扣",
        choices=(ABOVE, BELOW, BOTH),
        default=ABOVE,
    )
    step: str = setting(
        "不足一个百分点", "choice", "按比例（默认）、不足一个不计、不足一个按一个计",
        choices=(PROPORTIONAL, WHOLE_STEPS, BEGUN_STEPS), default=PROPORTIONAL,
    )  # fmt: skip

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        wrong = super().faults(points)
        if self.free < 0:
            wrong.append(("free", "允许幅度不能为负"))
        if self.per_point <= 0:
            wrong.append(("per_point", "每个百分点扣分应大于 0"))
        return wrong

    def _away(self, rate: Fraction) -> Fraction:
        """How far the number lies on the side that costs, at least 0."""
        apart = rate - Fraction(self.target)
        return max({ABOVE: apart, BELOW: -apart, BOTH: abs(apart)}[self.side], Fraction(0))

    def _steps(self, rate: Fraction, inputs: Inputs) -> Fraction:
        """How many percentage points (or units) cost."""
        excess = max(self._away(rate) - Fraction(self.free), Fraction(0)) * (100 if self.is_rate(inputs) else 1)
        if self.step == WHOLE_STEPS:
            return Fraction(excess.numerator // excess.denominator)
        return Fraction(-(-excess.numerator // excess.denominator)) if self.step == BEGUN_STEPS else excess

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        scored = self.scored(inputs)
        rate = scored.exact(inputs)
        if rate is not None:
            return Fraction(points) - self._steps(rate, inputs) * Fraction(self.per_point)
        return points if self.na or not self._beyond_zero(scored, inputs) else ZERO

    def _beyond_zero(self, scored: Quotient, inputs: Inputs) -> bool:
        """Whether there is anything on the side that costs over a whole of 0."""
        part = inputs.total(scored.numerator)
        if part is None:
            return False
        part = (abs(part) if scored.absolute else part) * Fraction(scored.factor)
        return {ABOVE: part > 0, BELOW: part < 0, BOTH: part != 0}[self.side]

    def expression(self, points: Decimal, refs: Refs) -> str:
        scored = self.scored(refs)
        part, whole = scored.sums(refs)
        in_points = not self.value or self._is_rate_in(refs)
        away = bracketed(part)
        if self.target:
            times = f"{plain(abs(self.target))}{'*' + bracketed(whole) if whole else ''}"
            away = f"({part}{'-' if self.target > 0 else '+'}{times})"
        away = {ABOVE: away, BELOW: f"-{away}", BOTH: f"ABS({away})"}[self.side]
        free = f"{plain(self.free)}*{bracketed(whole)}" if whole else plain(self.free)
        excess = f"MAX({away}-{free},0)" if self.free else f"MAX({away},0)"
        hundred = Decimal(100) if in_points else Decimal(1)
        each, over = plain(self.per_point), f"/{bracketed(whole)}" if whole else ""
        if self.step == PROPORTIONAL:
            if whole:
                whole_ = bracketed(whole)
                scored_ = f"({plain(points)}*{whole_}-{excess}*{plain(self.per_point * hundred)})/{whole_}"
            else:
                scored_ = f"{plain(points)}-{excess}*{plain(self.per_point * hundred)}"
        else:
            # Whole steps of a quotient: the noise of binary floats must not make or break one.
            steps = f"ROUND({excess}*{plain(hundred)}{over},9)"
            counted = f"INT({steps})" if self.step == WHOLE_STEPS else f"-INT(-{steps})"
            scored_ = f"{plain(points)}-({counted})*{each}"
        if whole:
            beyond = {ABOVE: f"{part}>0", BELOW: f"{part}<0", BOTH: f"{part}<>0"}[self.side]
            at_zero = plain(points) if self.na else f"IF({beyond},0,{plain(points)})"
            scored_ = where_known(refs, scored.denominator, f"IF({whole}<=0,{at_zero},{scored_})", at_zero)
        return where_known(refs, scored.numerator, scored_, plain(points))

    def _is_rate_in(self, refs: Refs) -> bool:
        definition = refs.definition(self.value)
        return refs.number(self.value) != refs.fact(self.value) if definition is None else definition.percent

    def working(self, points: Decimal, inputs: Inputs) -> str:
        scored = self.scored(inputs)
        rate = scored.exact(inputs)
        what = inputs.label(self.value) if self.value else "、".join(map(inputs.label, self.numerator))
        if rate is None:
            if self.na:
                return "无此事项，得满分"
            beyond = self._beyond_zero(scored, inputs)
            of = "、".join(map(inputs.label, scored.denominator))
            return f"{of}为 0，{what}{'不为 0' if beyond else '没有偏离'}，得分"
        bounds = {ABOVE: [self.target + self.free], BELOW: [self.target - self.free]}.get(
            self.side, [self.target - self.free, self.target + self.free]
        )
        division = self.rate_words(inputs, bounds, exactly=True)
        division = division if self.value else f"{what} {division}"
        allowed = self._allowed(inputs)
        steps = self._steps(rate, inputs)
        if steps == 0:
            return f"{division}，{allowed}，不扣分，得分"
        # Four places, so that the sum as shown comes to the score as shown.
        over = plain(half_up(decimal_of(steps), Decimal("0.0001")))
        unit = "个百分点" if self.is_rate(inputs) else "个单位"
        return (
            f"{division}，{allowed}，超出计 {over} {unit}，{plain(points)} − {over} × {plain(self.per_point)}（最低 0）"
        )

    def _allowed(self, inputs: Inputs) -> str:
        """What costs nothing, in words."""
        low, high = (self.bound_words(inputs, self.target + sign * self.free) for sign in (-1, 1))
        if self.side == ABOVE:
            return f"允许不高于 {high}"
        return f"允许不低于 {low}" if self.side == BELOW else f"允许 {low}～{high}" if self.free else f"目标 {high}"
