"""Figures as the sentences of documents have them, and the scores of levels as a department gave them itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perfxl.decimals import ZERO, amount, divide, percent, plain
from perfxl.outcome.applicable import full_where_not_applying
from perfxl.scheme.model import BASE, Indicator, Level, Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore


def points(value: Decimal | None) -> str:
    """Points as sentences have them: 12.5, 48.95, 50; empty where there are none."""
    return "" if value is None else plain(value)


def money(value: Decimal | None) -> str:
    """Money in 万元 with two places at least; empty where there is none."""
    return "" if value is None else amount(value)


def rate_of(part: Decimal | None, whole: Decimal | None) -> str:
    """A part of a whole as a percentage; empty where there is none."""
    return "" if part is None or not whole else percent(divide(part, whole))


def points_rate(score: Decimal, whole: Decimal) -> str:
    """得分率, with two places unless it is whole: 97.90%, 95%."""
    text = percent(divide(score, whole)) if whole else "100.00%"
    return text.replace(".00%", "%")


def day(value: date) -> str:
    """A date as documents have it, 2023年6月30日."""
    return f"{value.year}年{value.month}月{value.day}日"


def ended(text: str) -> str:
    """A sentence without the stop at its end, to go into another."""
    return text.strip().rstrip("。．.；;，,、 \n")


@dataclass(frozen=True)
class Scored:
    """An indicator of the scheme with a department's score. own: the department's own score; where it gave none, the
    accepted one. counted: whether its points count for the department.
    """

    indicator: Indicator
    score: IndicatorScore

    @property
    def own(self) -> Decimal:
        """The self score that counts in sentences of the department's own."""
        if not self.score.applies or self.score.self_score is None:
            return self.score.score
        return self.score.self_score

    @property
    def counted(self) -> bool:
        """Whether its points count for the department: it applies, or gives full marks where it does not."""
        return self.score.applies or full_where_not_applying(self.indicator)

    @property
    def own_loss(self) -> Decimal:
        """What the department deducted itself of what makes up the hundred."""
        return self.score.points - self.own if self.counted and self.indicator.nature == BASE else ZERO


def scored(scheme: Scheme, department: DepartmentResult) -> Iterator[Scored]:
    """The indicators with their scores, in the order of the scheme."""
    scores = {score.code: score for score in department.scores}
    return (Scored(item, scores[item.code]) for item in scheme.indicators if item.code in scores)


@dataclass(frozen=True)
class LevelScored:
    """A second-level indicator with those of the department's indicators that count in it."""

    level: Level
    nature: str
    members: tuple[Scored, ...]

    @property
    def points(self) -> Decimal:
        """Its points, as far as they count for the department."""
        if self.nature != BASE:
            return self.level.points
        return sum((item.score.points for item in self.members), ZERO)

    @property
    def own(self) -> Decimal:
        """The self score."""
        return sum((item.own for item in self.members), ZERO)

    @property
    def accepted(self) -> Decimal:
        """The accepted score."""
        return sum((item.score.score for item in self.members), ZERO)


def levels_scored(scheme: Scheme, department: DepartmentResult) -> list[LevelScored]:
    """The second-level indicators of which anything counts for the department, in the order of the scheme."""
    members: dict[str, list[Scored]] = {}
    for item in scored(scheme, department):
        if item.counted:
            members.setdefault(item.indicator.level2, []).append(item)
    return [
        LevelScored(level, scheme.nature_of(level.parent), tuple(members[level.name]))
        for level in scheme.second_levels
        if level.name in members
    ]
