"""绩效指标计分: the KPI rows of some first-level kinds, each scored by itself, summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.decimals import ZERO, plain, two_places
from perfxl.rules.base import Inputs, Outcome, Refs, Rule, bounded, setting
from perfxl.rules.kpi_method import KpiRow, KpiScore, Weight

KPI_WORDS = {"symbol": "符号", "target": "年度指标值", "actual": "实际完成值", "weight": "权重"}


@dataclass(frozen=True)
class Kpi(Rule):
    """Σ scores of the KPI rows whose first level is one of `levels`, at most the points.

    Each row is rounded to two places before summing, so that what is shown adds up. Blank weights, where all are
    blank, are equal shares of the points. Source: scoring-scheme.md A01, A02 and "One KPI's score".
    """

    kind: ClassVar[str] = "kpi"
    title: ClassVar[str] = "绩效指标计分"
    about: ClassVar[str] = "绩效指标表中有关指标逐项计分后合计，最高得满分；权重合计应等于分值，全部留空时等权"

    levels: tuple[str, ...] = setting("一级指标", "texts", "绩效指标表的一级指标名称，可多行")

    def rows(self, inputs: Inputs) -> list[KpiRow]:
        """The KPI rows that count here."""
        return [kpi for kpi in inputs.kpis if kpi.level1 in self.levels]

    def weights(self, points: Decimal, rows: Sequence[KpiRow]) -> list[Weight | None]:
        """The weight of each row; None where it is blank beside others that are not."""
        if all(kpi.weight is None for kpi in rows):
            return [Weight(points, Decimal(len(rows)))] * len(rows)
        return [None if kpi.weight is None else Weight(kpi.weight) for kpi in rows]

    def row_scores(self, points: Decimal, inputs: Inputs) -> Sequence[KpiScore]:
        """Score of each row that counts here, in the order of `rows`."""
        known = self.levels, points
        if known not in inputs.memo:
            rows = self.rows(inputs)
            weights = self.weights(points, rows)
            inputs.memo[known] = [inputs.method.score(*row) for row in zip(rows, weights, strict=True)]
        scores: Sequence[KpiScore] = inputs.memo[known]
        return scores

    def score(self, points: Decimal, inputs: Inputs) -> Outcome:
        rows = self.rows(inputs)
        if not rows:
            return Outcome(None, ("、".join(self.levels),))
        scores = self.row_scores(points, inputs)
        missing = tuple(
            f"“{kpi.name or '未命名指标'}”的{KPI_WORDS[column]}"
            for kpi, score in zip(rows, scores, strict=True)
            for column in score.missing
        )
        if missing:
            return Outcome(None, missing)
        return Outcome(bounded(sum((score.score or ZERO for score in scores), ZERO), points))

    def formula(self, points: Decimal, refs: Refs) -> str:
        level, score = refs.kpi("level1"), refs.kpi("computed")
        rows = "+".join(f'COUNTIF({level},"{name}")' for name in self.levels)
        scored = "+".join(f'COUNTIFS({level},"{name}",{score},">=0")' for name in self.levels)
        total = "+".join(f'SUMIF({level},"{name}",{score})' for name in self.levels)
        return f'IF(OR({rows}=0,{scored}<{rows}),"",ROUND(MIN({total},{plain(points)}),2))'

    def weight_formula(self, points: Decimal, refs: Refs, weight: str) -> str:
        """The weight that counts for a row of these levels, as an Excel expression."""
        level, weights = refs.kpi("level1"), refs.kpi("weight")
        rows = "+".join(f'COUNTIF({level},"{name}")' for name in self.levels)
        given = "+".join(f'COUNTIFS({level},"{name}",{weights},"<>")' for name in self.levels)
        return f'IF(({given})=0,{plain(points)}/({rows}),IF(ISNUMBER({weight}),{weight},""))'

    def working(self, points: Decimal, inputs: Inputs) -> str:
        scores = [score.score or ZERO for score in self.row_scores(points, inputs)]
        parts = " + ".join(two_places(score) for score in scores)
        capped = f"（最高 {plain(points)}）" if sum(scores, ZERO) > points else ""
        if len(scores) == 1 and not capped:
            return "1 项指标得分"
        return f"{len(scores)} 项指标 {parts}{capped}"
