"""限额计分: full points on the right side of a limit, none on the other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from perfxl.decimals import ZERO, plain
from perfxl.rules.base import NUMBERS, Inputs, Rule, setting, summed
from perfxl.rules.quotient import Quotient, Refs, unsigned, where_known

AT_LEAST, AT_MOST = "不低于", "不高于"


@dataclass(frozen=True)
class Limit(Rule):
    """The points where the value keeps the limit, else 0. Source: scoring-scheme.md B62 (at least), B72 (at most).

    The limit is a sum of facts, or a number. A limit of 0 can give full points without a look at the value (nothing was
    due); so can a derived value that cannot be worked out, because its denominator is 0.
    """

    kind: ClassVar[str] = "limit"
    title: ClassVar[str] = "限额计分"
    about: ClassVar[str] = "数值不高于（或不低于）限额得满分，否则 0 分；限额是有关事项的合计，或一个固定的数"

    value: tuple[str, ...] = setting("数值", "facts", "事项代码，可多行，合计", fact_types=NUMBERS)
    side: str = setting("方向", "choice", "不高于 或 不低于", choices=(AT_MOST, AT_LEAST))
    bound: tuple[str, ...] = setting("限额", "facts", "事项代码，可多行，合计", fact_types=NUMBERS, default=())
    fixed: Decimal | None = setting("固定限额", "number", "不用“限额”时：一个数，1 即 100%", default=None, rate=True)
    na: str = setting("限额为零时", "choice", "满分 = 无此事项得满分；留空 = 照常比较", choices=("满分",), default="")

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        if self.bound and self.fixed is not None:
            return [("fixed", "“限额”和“固定限额”只能用一种")]
        if not self.bound and self.fixed is None:
            return [("bound", "应填“限额”或“固定限额”")]
        return []

    def _sums(self, inputs: Inputs) -> tuple[Fraction, Fraction] | None:
        """Value and limit; None where a derived fact cannot be worked out."""
        value = inputs.total(self.value)
        bound = inputs.total(self.bound) if self.fixed is None else Fraction(self.fixed)
        return None if value is None or bound is None else (value, bound)

    def keeps(self, inputs: Inputs) -> bool:
        """Whether the value keeps the limit."""
        sums = self._sums(inputs)
        if sums is None:
            return bool(self.na)
        value, bound = sums
        if self._nothing_due(bound):
            return True
        return value >= bound if self.side == AT_LEAST else value <= bound

    def _nothing_due(self, bound: Fraction) -> bool:
        return bool(self.na) and self.fixed is None and bound == 0

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        return points if self.keeps(inputs) else ZERO

    def expression(self, points: Decimal, refs: Refs) -> str:
        sign = ">=" if self.side == AT_LEAST else "<="
        derived = [key for key in map(unsigned, (*self.value, *self.bound)) if refs.definition(key) is not None]
        single = refs.definition(self.value[0]) if len(self.value) == 1 and derived else None
        if single is not None and self.fixed is not None:
            test = single.compare_formula(refs, sign, self.fixed)
        elif self.fixed is not None:
            test = Quotient(self.value).compare_formula(refs, sign, self.fixed)
        else:
            value, bound = summed(refs, self.value), summed(refs, self.bound)
            test = f"ROUND({value}-({bound}),9){sign}0" if derived else f"{value}{sign}{bound}"
            if self.na:
                test = f"OR({bound}=0,{test})"
        kept = f"IF({test},{plain(points)},0)"
        return where_known(refs, (*self.value, *self.bound), kept, plain(points if self.na else ZERO))

    def working(self, points: Decimal, inputs: Inputs) -> str:
        sums = self._sums(inputs)
        if sums is None:
            return "无此事项，得满分" if self.na else "分母为 0，无法计算，得分"
        if self._nothing_due(sums[1]):
            return "无此事项，得满分"
        keeps = self.keeps(inputs)
        sign = ("≥" if keeps else "<") if self.side == AT_LEAST else ("≤" if keeps else ">")
        verdict = "符合要求" if keeps else "不符合要求"
        return f"{self._value_words(inputs)} {sign} {self._bound_words(inputs)}，{verdict}，得分"

    def _value_words(self, inputs: Inputs) -> str:
        own = inputs.in_words(self.value)
        return f"{inputs.label(self.value[0])} {own}" if len(self.value) == 1 and self.fixed is not None else own

    def _bound_words(self, inputs: Inputs) -> str:
        if self.fixed is None:
            return inputs.in_words(self.bound)
        return inputs.shown(self.fixed, self.value)
