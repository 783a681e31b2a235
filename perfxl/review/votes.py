"""What reviewers of one indicator come to together: one of them, several who agree, several who do not.

The scheme says what counts where they disagree (`Options.review_rule`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from perfxl.decimals import half_up_fraction, two_places
from perfxl.scheme.records import PENALTY
from perfxl.scheme.switches import LOWER, MEAN, THIRD

_ENOUGH = 3
"""So many reviewers decide by the middle of their scores."""


@dataclass(frozen=True)
class Vote:
    """What one reviewer gives an indicator. score: two places, within its points.

    started: of the run that the review workbook was made of. said: whether a score was filled in; otherwise the
    reviewer left the indicator as it is.
    """

    key: str
    reviewer: str
    score: Decimal
    started: str
    book: str
    said: bool = True

    @property
    def words(self) -> str:
        """`李四 4.00`."""
        return f"{self.reviewer} {two_places(self.score)}" + ("" if self.said else "（同意认定）")


@dataclass(frozen=True)
class Resolved:
    """What the votes come to. score: None where it waits for a third reviewer. disagree: whether they differ.

    words: what became of those that differ.
    """

    score: Decimal | None
    disagree: bool = False
    words: str = ""


def resolve(votes: Sequence[Vote], rule: str, nature: str) -> Resolved:
    """What votes of different reviewers come to, by the scheme's rule. votes: one for each reviewer, at least one."""
    scores = sorted(vote.score for vote in votes)
    if scores[0] == scores[-1]:
        return Resolved(scores[0])
    if rule == LOWER:
        # Of a deduction the higher one is the lower total.
        lower = scores[-1] if nature == PENALTY else scores[0]
        return Resolved(lower, True, f"按评分方案“{LOWER}”取 {two_places(lower)}")
    if rule == THIRD:
        if len(scores) < _ENOUGH:
            return Resolved(None, True, "等第三人复核，认定得分不变")
        middle = _middle(scores)
        return Resolved(middle, True, f"{len(scores)} 人复核，取居中的 {two_places(middle)}")
    mean = _mean(scores)
    return Resolved(mean, True, f"按评分方案“{MEAN}”取 {two_places(mean)}")


def _mean(scores: Sequence[Decimal]) -> Decimal:
    """Exact, rounded half up to two places."""
    return half_up_fraction(sum(map(Fraction, scores), Fraction(0)) / len(scores))


def _middle(scores: Sequence[Decimal]) -> Decimal:
    """Of an even number the mean of the two in the middle. scores: sorted."""
    half = len(scores) // 2
    return scores[half] if len(scores) % 2 else _mean(scores[half - 1 : half + 1])
