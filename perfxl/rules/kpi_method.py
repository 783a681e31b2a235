"""How one row of the KPI table is scored: symbol, target, actual value and weight to points.

Source: scoring-scheme.md, "One KPI's score". `KpiMethod` is built from the scheme's symbols, shares and
options; the template's row formulas and the exact scores come from the same object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ONE, ZERO, divide, half_up, plain, two_places
from perfxl.rules.percentages import full_percent, percent_beside

AT_LEAST, EQUAL, AT_MOST, QUALITATIVE = "at_least", "equal", "at_most", "qualitative"
DIRECTIONS = (AT_LEAST, EQUAL, AT_MOST, QUALITATIVE)


FactValue = Decimal | str | None


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One row of the KPI table as the rules see it; None where nothing certain was written."""

    level1: str | None
    name: str | None
    symbol: str | None
    target: FactValue
    actual: FactValue
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight as dividend and divisor, so that an equal share of the points (20 ÷ 3) stays exact."""

    dividend: Decimal
    divisor: Decimal = ONE

    @property
    def value(self) -> Decimal:
        """The weight as a number, to 60 digits."""
        return divide(self.dividend, self.divisor)


@dataclass(frozen=True, slots=True)
class KpiScore:
    """Completion rate (1 = 100%) and score, two places, of one KPI row; None where it cannot be scored."""

    completion: Decimal | None
    score: Decimal | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class KpiMethod:
    """symbols: symbol → direction. shares: qualitative result → share. The options are None where off.

    floor: a completion below it scores 0. penalty_from, penalty: at or above target × (1 + penalty_from) the
    KPI loses `penalty` points.
    """

    symbols: Mapping[str, str]
    shares: Mapping[str, Decimal]
    floor: Decimal | None = None
    penalty_from: Decimal | None = None
    penalty: Decimal = ZERO

    def missing(self, kpi: KpiRow) -> tuple[str, ...]:
        """Column keys without which the row has no completion rate."""
        direction = self.symbols.get(kpi.symbol or "")
        if direction is None:
            return ("symbol",)
        if direction == QUALITATIVE:
            return () if kpi.actual in self.shares else ("actual",)
        lacking = []
        if not isinstance(kpi.target, Decimal) or kpi.target < 0:
            lacking.append("target")
        if not isinstance(kpi.actual, Decimal):
            lacking.append("actual")
        return tuple(lacking)

    def rate(self, kpi: KpiRow) -> tuple[Decimal, Decimal]:
        """The completion rate of a complete row as dividend and divisor, never negative, not yet capped at 1."""
        direction = self.symbols[kpi.symbol or ""]
        if direction == QUALITATIVE:
            return self.shares[str(kpi.actual)], ONE
        target, actual = kpi.target, kpi.actual
        assert isinstance(target, Decimal) and isinstance(actual, Decimal)
        if target == 0:
            met = direction == AT_LEAST or actual <= 0
            return (ONE if met else ZERO), ONE
        if direction == AT_MOST:
            return min(max(2 * target - actual, ZERO), target), target
        return max(actual, ZERO), target

    def score(self, kpi: KpiRow, weight: Weight | None) -> KpiScore:
        """Completion rate and exact score of one row."""
        lacking = self.missing(kpi)
        if lacking:
            return KpiScore(None, None, lacking)
        dividend, divisor = self.rate(kpi)
        completion = divide(dividend, divisor)
        if weight is None:
            return KpiScore(completion, None, ("weight",))
        if self.floor is not None and dividend < self.floor * divisor:
            return KpiScore(completion, half_up(ZERO))
        earned = min(dividend, divisor) * weight.dividend
        scale = divisor * weight.divisor
        if self.penalty_from is not None and dividend >= (ONE + self.penalty_from) * divisor:
            earned = max(earned - self.penalty * scale, ZERO)
        return KpiScore(completion, half_up(divide(earned, scale)))

    def rate_formula(self, symbol: str, target: str, actual: str) -> str:
        """The completion rate as an Excel expression over three cells; an empty text where it cannot be told."""
        by_direction = {
            AT_LEAST: f"IF({target}=0,1,MAX({actual},0)/{target})",
            EQUAL: f"IF({target}=0,IF({actual}<=0,1,0),MAX({actual},0)/{target})",
            AT_MOST: f"IF({target}=0,IF({actual}<=0,1,0),MIN(MAX(2*{target}-{actual},0),{target})/{target})",
        }
        shares = '""'
        for label, share in reversed(list(self.shares.items())):
            shares = f'IF({actual}="{label}",{plain(share)},{shares})'
        numbers = '""'
        for direction, expression in by_direction.items():
            if tests := self._symbol_test(symbol, direction):
                numbers = f"IF({tests},{expression},{numbers})"
        # AND does not stop at the first FALSE, but comparing a text with a number is no error.
        numeric = f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),IF({target}<0,"",{numbers}),"")'
        qualitative = self._symbol_test(symbol, QUALITATIVE)
        return f"IF({qualitative},{shares},{numeric})" if qualitative else numeric

    def score_formula(self, rate: str, weight: str) -> str:
        """The row's score as an Excel expression over the cells of completion rate and weight."""
        earned = f"MIN({rate},1)*{weight}"
        if self.penalty_from is not None:
            bound = plain(ONE + self.penalty_from)
            earned = f"MAX({earned}-IF(ROUND({rate}-{bound},9)>=0,{plain(self.penalty)},0),0)"
        if self.floor is not None:
            earned = f"IF(ROUND({rate}-{plain(self.floor)},9)<0,0,{earned})"
        return f'IF(AND(ISNUMBER({rate}),ISNUMBER({weight})),ROUND(ROUND({earned},9),2),"")'

    def _symbol_test(self, cell: str, direction: str) -> str:
        tests = [f'{cell}="{symbol}"' for symbol, toward in self.symbols.items() if toward == direction]
        return tests[0] if len(tests) == 1 else "OR(" + ",".join(tests) + ")" if tests else ""

    def working(self, kpi: KpiRow, weight: Weight | None, result: KpiScore | None = None) -> str:
        """How the row's score comes about, with its numbers: `30 ÷ 35 × 4 = 3.43`. result: of `score`, where known."""
        result = result or self.score(kpi, weight)
        if result.score is None or result.completion is None or weight is None:
            return "资料不全，无法计分"
        worth = plain(half_up(weight.value, Decimal("0.0001")))
        end = f" = {two_places(result.score)}"
        if self.floor is not None and result.completion < self.floor:
            rate = percent_beside(result.completion, [self.floor])
            return f"完成率 {rate} 低于 {full_percent(self.floor)}，得分 = 0.00"
        penalty = ""
        if self.penalty_from is not None and result.completion >= ONE + self.penalty_from:
            penalty = f" − {plain(self.penalty)}（超目标扣分）"
        if isinstance(kpi.actual, Decimal) and isinstance(kpi.target, Decimal):
            actual, target = plain(kpi.actual), plain(kpi.target)
            direction = self.symbols[kpi.symbol or ""]
            if kpi.target == 0 and direction == AT_LEAST:
                return f"目标为 0，得权重 {worth}{end}"
            if result.completion >= 1:
                sign = "≤" if direction == AT_MOST or kpi.target == 0 else "≥"
                return f"{actual} {sign} {target}，得权重 {worth}{penalty}{end}"
            if result.completion == 0:
                return f"{actual} 对目标 {target}，完成率 0%，得分{end}"
            if direction == AT_MOST:
                return f"（1 −（{actual} − {target}）÷ {target}）× {worth}{penalty}{end}"
            return f"{actual} ÷ {target} × {worth}{penalty}{end}"
        return f"{kpi.actual} {full_percent(result.completion)} × {worth}{penalty}{end}"
