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
    """One row of the KPI table as the rules see it; None where nothing certain was written.

    absent: whether the department left out an approved KPI, which then scores nothing.
    """

    level1: str | None
    name: str | None
    symbol: str | None
    target: FactValue
    actual: FactValue
    weight: Decimal | None
    self_score: Decimal | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The shares of the weight that a qualitative result can earn, both ends included; alike where it earns one."""

    low: Decimal
    high: Decimal

    @property
    def open(self) -> bool:
        """Whether the department's own score decides within it."""
        return self.low < self.high


@dataclass(frozen=True, slots=True)
class KpiScore:
    """Completion rate (1 = 100%) and score, two places, of one KPI row; None where it cannot be scored.

    counted: what counts of it, the lower of self score and computed score where the row has a self score (就低).
    """

    completion: Decimal | None
    score: Decimal | None
    missing: tuple[str, ...] = ()
    counted: Decimal | None = None


@dataclass(frozen=True)
class KpiCells:
    """The cells of a KPI row and, for qualitative results, the ranges of their labels and the ends of their bands."""

    symbol: str
    target: str
    actual: str
    self_score: str
    weight: str
    labels: str
    lows: str
    highs: str


@dataclass(frozen=True)
class KpiMethod:
    """symbols: symbol → direction. shares: qualitative result → band. The options are None where off.

    floor: a completion below it scores 0. penalty_from, penalty: at or above target × (1 + penalty_from) the
    KPI loses `penalty` points. negative: whether a target may be below 0.
    """

    symbols: Mapping[str, str]
    shares: Mapping[str, Band]
    floor: Decimal | None = None
    penalty_from: Decimal | None = None
    penalty: Decimal = ZERO
    negative: bool = False

    def missing(self, kpi: KpiRow) -> tuple[str, ...]:
        """Column keys without which the row has no completion rate."""
        if kpi.absent:
            return ()
        direction = self.symbols.get(kpi.symbol or "")
        if direction is None:
            return ("symbol",)
        if direction == QUALITATIVE:
            return () if kpi.actual in self.shares else ("actual",)
        lacking = []
        if not isinstance(kpi.target, Decimal) or (kpi.target < 0 and not self.negative):
            lacking.append("target")
        if not isinstance(kpi.actual, Decimal):
            lacking.append("actual")
        return tuple(lacking)

    def band(self, kpi: KpiRow) -> Band | None:
        """The band of a row's qualitative result, None where it has no such result."""
        if self.symbols.get(kpi.symbol or "") != QUALITATIVE:
            return None
        return self.shares.get(kpi.actual) if isinstance(kpi.actual, str) else None

    def rate(self, kpi: KpiRow, weight: Decimal | None = None) -> tuple[Decimal, Decimal]:
        """The completion rate of a complete row as dividend and divisor, never negative, not yet capped at 1.

        Within a band the department's own share of the weight counts, without a self score the top. What falls short
        of a negative target loses in proportion to its size: −3% for ≤ −5% is 60%.
        """
        band = self.band(kpi)
        if band is not None:
            if not band.open or kpi.self_score is None or weight is None or weight <= 0:
                return band.high, ONE
            return min(max(kpi.self_score, band.low * weight), band.high * weight), weight
        direction, target, actual = self.symbols[kpi.symbol or ""], kpi.target, kpi.actual
        assert isinstance(target, Decimal) and isinstance(actual, Decimal)
        size = abs(target)
        if target == 0:
            met = direction == AT_LEAST or actual <= 0
            return (ONE if met else ZERO), ONE
        if direction == AT_MOST:
            return min(max(size + target - actual, ZERO), size), size
        if target > 0:
            return max(actual, ZERO), target
        if direction == EQUAL:
            return max(-actual, ZERO), size
        return min(max(size - target + actual, ZERO), size), size

    def score(self, kpi: KpiRow, weight: Decimal | None) -> KpiScore:
        """Completion rate and exact score of one row, and what counts of it."""
        if kpi.absent:
            return KpiScore(None, half_up(ZERO), (), half_up(ZERO))
        lacking = self.missing(kpi)
        if lacking:
            return KpiScore(None, None, lacking)
        dividend, divisor = self.rate(kpi, weight)
        completion = divide(dividend, divisor)
        if weight is None:
            return KpiScore(completion, None, ("weight",))
        if self.floor is not None and dividend < self.floor * divisor:
            score = half_up(ZERO)
        else:
            earned = min(dividend, divisor) * weight
            if self.penalty_from is not None and dividend >= (ONE + self.penalty_from) * divisor:
                earned = max(earned - self.penalty * divisor, ZERO)
            score = half_up(divide(earned, divisor))
        own = kpi.self_score
        return KpiScore(completion, score, (), score if own is None else max(min(own, score), ZERO))

    def rate_formula(self, at: KpiCells) -> str:
        """The completion rate as an Excel expression; an empty text where it cannot be told."""
        target, actual = at.target, at.actual
        zero = f"IF({actual}<=0,1,0)"
        less = f"MIN(MAX({actual}-2*{target},0),-{target})/-{target}"
        by_direction = {
            AT_LEAST: f"IF({target}=0,1,IF({target}>0,MAX({actual},0)/{target},{less}))",
            EQUAL: f"IF({target}=0,{zero},IF({target}>0,MAX({actual},0),MAX(-{actual},0))/ABS({target}))",
            AT_MOST: f"IF({target}=0,{zero},MIN(MAX(ABS({target})+{target}-{actual},0),ABS({target}))/ABS({target}))",
        }
        numbers = '""'
        for direction, expression in by_direction.items():
            if tests := self._symbol_test(at.symbol, direction):
                numbers = f"IF({tests},{expression},{numbers})"
        # AND does not stop at the first FALSE, but comparing a text with a number is no error.
        refused = "" if self.negative else f'IF({target}<0,"",'
        closed = "" if self.negative else ")"
        numeric = f'IF(AND(ISNUMBER({target}),ISNUMBER({actual})),{refused}{numbers}{closed},"")'
        qualitative = self._symbol_test(at.symbol, QUALITATIVE)
        return f"IF({qualitative},{self._share_formula(at)},{numeric})" if qualitative else numeric

    def _share_formula(self, at: KpiCells) -> str:
        """The share of a qualitative result, looked up: there may be more of them than formulas nest."""
        if not self.shares:
            return '""'
        high = f"SUMPRODUCT(({at.labels}={at.actual})*{at.highs})"
        share = high
        if any(band.open for band in self.shares.values()):
            low = f"SUMPRODUCT(({at.labels}={at.actual})*{at.lows})"
            own = f"MIN(MAX({at.self_score}/{at.weight},{low}),{high})"
            share = f"IF(AND(ISNUMBER({at.self_score}),N({at.weight})>0),{own},{high})"
            share = f"IF({low}<{high},{share},{high})"
        return f'IF(SUMPRODUCT(--({at.labels}={at.actual}))>0,{share},"")'

    def score_formula(self, rate: str, weight: str) -> str:
        """The row's score as an Excel expression over the cells of completion rate and weight."""
        earned = f"MIN({rate},1)*{weight}"
        if self.penalty_from is not None:
            bound = plain(ONE + self.penalty_from)
            earned = f"MAX({earned}-IF(ROUND({rate}-{bound},9)>=0,{plain(self.penalty)},0),0)"
        if self.floor is not None:
            earned = f"IF(ROUND({rate}-{plain(self.floor)},9)<0,0,{earned})"
        return f'IF(AND(ISNUMBER({rate}),ISNUMBER({weight})),ROUND(ROUND({earned},9),2),"")'

    def counted_formula(self, score: str, self_score: str) -> str:
        """What counts of a row as an Excel expression over the cells of its score and self score."""
        lower = f"IF(ISNUMBER({self_score}),MAX(MIN({self_score},{score}),0),{score})"
        return f'IF(ISNUMBER({score}),{lower},"")'

    def _symbol_test(self, cell: str, direction: str) -> str:
        tests = [f'{cell}="{symbol}"' for symbol, toward in self.symbols.items() if toward == direction]
        return tests[0] if len(tests) == 1 else "OR(" + ",".join(tests) + ")" if tests else ""

    def working(self, kpi: KpiRow, weight: Decimal | None, result: KpiScore | None = None) -> str:
        """How the row's score comes about, with its numbers: `30 ÷ 35 × 4 = 3.43`. result: of `score`, where known."""
        if kpi.absent:
            return "核定的指标没有填报，得 0.00 分"
        result = result or self.score(kpi, weight)
        if result.score is None or result.completion is None or weight is None:
            return "资料不全，无法计分"
        words = self._computed_words(kpi, weight, result.score, result.completion)
        own = kpi.self_score
        if own is not None and result.counted is not None and result.counted < result.score:
            return f"{words}；自评 {two_places(own)} 较低，认定 {two_places(result.counted)}"
        return words

    def _computed_words(self, kpi: KpiRow, weight: Decimal, score: Decimal, completion: Decimal) -> str:
        worth, end = plain(weight), f" = {two_places(score)}"
        if self.floor is not None and completion < self.floor:
            rate = percent_beside(completion, [self.floor])
            return f"完成率 {rate} 低于 {full_percent(self.floor)}，得分 = 0.00"
        penalty = ""
        if self.penalty_from is not None and completion >= ONE + self.penalty_from:
            penalty = f" − {plain(self.penalty)}（超目标扣分）"
        band = self.band(kpi)
        if band is not None:
            return self._band_words(kpi, band, worth, completion, f"{penalty}{end}")
        assert isinstance(kpi.actual, Decimal) and isinstance(kpi.target, Decimal)
        actual, target = plain(kpi.actual), plain(kpi.target)
        direction = self.symbols[kpi.symbol or ""]
        if kpi.target == 0 and direction == AT_LEAST:
            return f"目标为 0，得权重 {worth}{end}"
        if completion >= 1:
            at_most = direction == AT_MOST or kpi.target == 0 or (kpi.target < 0 and direction == EQUAL)
            return f"{actual} {'≤' if at_most else '≥'} {target}，得权重 {worth}{penalty}{end}"
        if completion == 0:
            return f"{actual} 对目标 {target}，完成率 0%，得分{end}"
        if direction == AT_MOST:
            below = target if kpi.target > 0 else f"{plain(-kpi.target)}"
            less = target if kpi.target > 0 else f"（{target}）"
            return f"（1 −（{actual} − {less}）÷ {below}）× {worth}{penalty}{end}"
        if kpi.target < 0 and direction == AT_LEAST:
            less = f"（{actual}）" if kpi.actual < 0 else actual
            return f"（1 −（{target} − {less}）÷ {plain(-kpi.target)}）× {worth}{penalty}{end}"
        return f"{actual} ÷ {target if kpi.target > 0 else f'（{target}）'} × {worth}{penalty}{end}"

    def _band_words(self, kpi: KpiRow, band: Band, worth: str, completion: Decimal, end: str) -> str:
        if not band.open:
            return f"{kpi.actual} {full_percent(completion)} × {worth}{end}"
        bounds = f"{kpi.actual}（{full_percent(band.low)}～{full_percent(band.high)}）"
        if kpi.self_score is None:
            return f"{bounds}，没有自评得分，按上限 {full_percent(band.high)} × {worth}{end}"
        if completion in (band.low, band.high) and kpi.self_score != half_up(completion * Decimal(worth)):
            return f"{bounds}，自评 {plain(kpi.self_score)} 在区间外，按 {full_percent(completion)} × {worth}{end}"
        return f"{bounds}，自评 {plain(kpi.self_score)} 在区间内，得分{end}"
