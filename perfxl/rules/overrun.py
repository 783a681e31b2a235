"""超幅扣分: what was added beyond a free share of the base costs points for every percentage point."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.decimals import ZERO, divide, half_up, plain
from perfxl.rules.base import Inputs, Refs, Rule, amounts_in_words, setting, summed
from perfxl.rules.percentages import full_percent, percent_beside


@dataclass(frozen=True)
class Overrun(Rule):
    """points − (added ÷ base − free) × 100 × per_point, parts of a percentage point in proportion.

    Nothing added, or a reduction, costs nothing. With a base of 0 anything added costs all points.
    Source: scoring-scheme.md B21.
    """

    kind: ClassVar[str] = "overrun"
    title: ClassVar[str] = "超幅扣分"
    about: ClassVar[str] = "追加率不超过允许幅度得满分，每超 1 个百分点扣若干分（按比例），扣完为止"

    added: tuple[str, ...] = setting("追加额", "facts", "事实代码", fact_types=("money",))
    base: tuple[str, ...] = setting("基数", "facts", "事实代码", fact_types=("money",))
    free: Decimal = setting("允许幅度", "number", "0.1 即 10%")
    per_point: Decimal = setting("每超一个百分点扣分", "number", "例如 0.2")

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        wrong = []
        if self.free < 0:
            wrong.append(("free", "允许幅度不能为负"))
        if self.per_point <= 0:
            wrong.append(("per_point", "每超一个百分点扣分应大于 0"))
        return wrong

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal:
        added, base = inputs.total(self.added), inputs.total(self.base)
        if added <= 0:
            return points
        if base <= 0:
            return ZERO
        over = added - base * self.free
        if over <= 0:
            return points
        return divide(points * base - over * 100 * self.per_point, base)

    def expression(self, points: Decimal, refs: Refs) -> str:
        added, base = summed(refs, self.added), summed(refs, self.base)
        cost = f"MAX({added}-{base}*{plain(self.free)},0)*{plain(self.per_point * 100)}"
        return f"IF({added}<=0,{plain(points)},IF({base}<=0,0,({plain(points)}*{base}-{cost})/{base}))"

    def working(self, points: Decimal, inputs: Inputs) -> str:
        added, base = inputs.total(self.added), inputs.total(self.base)
        if added <= 0:
            return "无追加（压减不扣分），得分"
        if base <= 0:
            return f"年初基数为 0 而追加 {amounts_in_words(inputs, self.added)}，得分"
        rate = divide(added, base)
        amounts = f"{amounts_in_words(inputs, self.added)} ÷ {amounts_in_words(inputs, self.base)}"
        division = f"追加率 {amounts} = {percent_beside(rate, [self.free])}"
        if rate <= self.free:
            return f"{division}，不超过 {full_percent(self.free)}，得分"
        # Four places, so that the sum as shown comes to the score as shown.
        over = plain(half_up((rate - self.free) * 100, Decimal("0.0001")))
        return (
            f"{division}，超 {full_percent(self.free)} 计 {over} 个百分点，"
            f"{plain(points)} − {over} × {plain(self.per_point)}（最低 0）"
        )
