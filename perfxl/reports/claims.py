"""What a report claims: one number, grade or year of something that a workbook holds too, with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfxl.reports.figures import Figure
from perfxl.reports.sentences import Sentence


class Kind(StrEnum):
    """What a claim is about; with the words for it."""

    TOTAL = "总分"
    GRADE = "等级"
    YEAR = "年度"
    SCORE = "指标得分"
    FUNDS = "收支"
    TASK = "任务"
    LEVELS = "指标个数"
    KPI = "绩效指标"
    COUNT = "数量"
    NOT_DONE = "未完成"


POINTS, SCORE, RATE = "分值", "得分", "得分率"
INITIAL, ADJUSTED, BUDGET, SPENT = "initial", "adjusted", "budget", "spent"
"""Columns of money; BUDGET where it is not said which."""
RATE_OF = {INITIAL: "rate.initial", ADJUSTED: "rate.adjusted", BUDGET: "rate"}
"""Rates by the budget that they are of."""
TARGET, ACTUAL, COMPLETION, WEIGHT, OWN = "年度指标值", "实际完成值", "完成率", "权重", "自评得分"


@dataclass(frozen=True, slots=True)
class Claim:
    """subject: name of an indicator, task or KPI, key of a funds row. column: what of it. word: where it is no figure.

    number: which of several rows of one name. start, end: where it stands in the sentence.
    """

    kind: Kind
    subject: str
    column: str
    sentence: Sentence
    start: int
    end: int
    figure: Figure | None = None
    word: str = ""
    number: int = 0

    @property
    def quote(self) -> str:
        """The sentence, shortened around the claim."""
        return self.sentence.quote(self.start, self.end)

    @property
    def said(self) -> str:
        """The claim as it is written."""
        return self.figure.shown if self.figure else self.word
