"""绩效指标计分: the KPI rows of some first-level kinds, each scored by itself, summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.decimals import ZERO, plain, two_places
from perfxl.rules.base import Computed, Inputs, Rule, bounded, setting
from perfxl.rules.quotient import Refs

KPI_WORDS = {"symbol": "符号", "target": "年度指标值", "actual": "实际完成值", "weight": "权重"}


@dataclass(frozen=True)
class Kpi(Rule):
    """Σ scores of the KPI rows whose first level is one of `levels`, at most the points.

    Each row is rounded to two places before summing, so that what is shown adds up. Blank weights, where all are
    blank, share the points out. What counts for the department is the sum of what counts of each row (`kpi_counted`).
    Source: scoring-scheme.md A01, A02 and "One KPI's score".
    """

    kind: ClassVar[str] = "kpi"
    title: ClassVar[str] = "绩效指标计分"
    about: ClassVar[str] = (
        "绩效指标表中有关指标逐项计分后合计，最高得满分；权重合计应等于分值，全部留空时等权；认定时逐项就低"
    )

    levels: tuple[str, ...] = setting("一级指标", "texts", "绩效指标表的一级指标名称，可多行")

    @property
    def kpi_levels(self) -> tuple[str, ...]:
        return self.levels

    def score(self, points: Decimal, inputs: Inputs) -> Computed:
        rows = self.kpi_rows(inputs)
        if not rows:
            return Computed(None, ("、".join(self.levels),))
        scores = self.kpi_scores(points, inputs)
        missing = tuple(
            f"“{kpi.name or '未命名指标'}”的{KPI_WORDS[column]}"
            for kpi, score in zip(rows, scores, strict=True)
            for column in score.missing
        )
        if missing:
            return Computed(None, missing)
        return Computed(self.kpi_total(points, [score.score or ZERO for score in scores]))

    def kpi_total(self, points: Decimal, scores: Sequence[Decimal]) -> Decimal:
        return bounded(sum(scores, ZERO), points)

    def formula(self, points: Decimal, refs: Refs) -> str:
        return self.kpi_sum_formula(points, refs, "computed")

    def kpi_sum_formula(self, points: Decimal, refs: Refs, column: str) -> str:
        level, score = refs.kpi("level1"), refs.kpi(column)
        rows = "+".join(f'COUNTIF({level},"{name}")' for name in self.levels)
        scored = "+".join(f'COUNTIFS({level},"{name}",{score},">=0")' for name in self.levels)
        total = "+".join(f'SUMIF({level},"{name}",{score})' for name in self.levels)
        return f'IF(OR({rows}=0,{scored}<{rows}),"",ROUND(ROUND(MIN({total},{plain(points)}),9),2))'

    def explain(self, points: Decimal, inputs: Inputs, outcome: Computed | None = None) -> str:
        words = super().explain(points, inputs, outcome)
        counted, scores = self.kpi_counted(points, inputs), self.kpi_scores(points, inputs)
        lower = [
            f"{kpi.name or '未命名指标'} {two_places(score.counted)}（计算 {two_places(score.score)}）"
            for kpi, score in zip(self.kpi_rows(inputs), scores, strict=True)
            if score.counted is not None and score.score is not None and score.counted < score.score
        ]
        if counted is None or not lower:
            return words
        return f"{words}；逐项就低：{'、'.join(lower)}，合计认定 {two_places(counted)}"

    def working(self, points: Decimal, inputs: Inputs) -> str:
        scores = [score.score or ZERO for score in self.kpi_scores(points, inputs)]
        parts = " + ".join(two_places(score) for score in scores)
        capped = f"（最高 {plain(points)}）" if sum(scores, ZERO) > points else ""
        if len(scores) == 1 and not capped:
            return "1 项指标得分"
        return f"{len(scores)} 项指标 {parts}{capped}"
