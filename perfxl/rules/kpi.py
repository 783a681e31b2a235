"""绩效指标计分: the KPI rows of some first-level kinds, each scored by itself, summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.decimals import ZERO, plain, two_places
from perfxl.rules.base import Computed, Inputs, Refs, Rule, bounded, setting

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
        level, score = refs.kpi("level1"), refs.kpi("computed")
        rows = "+".join(f'COUNTIF({level},"{name}")' for name in self.levels)
        scored = "+".join(f'COUNTIFS({level},"{name}",{score},">=0")' for name in self.levels)
        total = "+".join(f'SUMIF({level},"{name}",{score})' for name in self.levels)
        return f'IF(OR({rows}=0,{scored}<{rows}),"",ROUND(MIN({total},{plain(points)}),2))'

    def working(self, points: Decimal, inputs: Inputs) -> str:
        scores = [score.score or ZERO for score in self.kpi_scores(points, inputs)]
        parts = " + ".join(two_places(score) for score in scores)
        capped = f"（最高 {plain(points)}）" if sum(scores, ZERO) > points else ""
        if len(scores) == 1 and not capped:
            return "1 项指标得分"
        return f"{len(scores)} 项指标 {parts}{capped}"
