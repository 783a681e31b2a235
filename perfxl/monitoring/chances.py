"""完成可能性: what the department says of its chances, and where its own numbers say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Chance(StrEnum):
    """What a department says of a target."""

    SURE = "sure"
    MAYBE = "maybe"
    NEVER = "never"


def chance_of(word: str, words: Sequence[str]) -> Chance | None:
    """The meaning of one of the scheme's words, which go from the surest to the least sure; None of any other."""
    if word not in words:
        return None
    place = words.index(word)
    if place == 0:
        return Chance.SURE
    return Chance.NEVER if place == len(words) - 1 else Chance.MAYBE


@dataclass(frozen=True)
class Contradiction:
    """What a department says of its chances, against its numbers. expects: whether it is the expected one."""

    chance: Chance
    expects: bool = True


def contradiction(
    chance: Chance | None, reached: Fraction | None, expected: Fraction | None, *, timed: bool
) -> Contradiction | None:
    """Where 确定能 stands beside an expected value below the target, or 完全不可能 beside one that reaches it.

    reached, expected: completion by now and by the end of the year. timed: whether what is reached cannot be lost.
    """
    if chance is Chance.SURE and expected is not None and expected < 1:
        return Contradiction(chance)
    if chance is Chance.NEVER:
        if expected is not None and expected >= 1:
            return Contradiction(chance)
        if timed and reached is not None and reached >= 1:
            return Contradiction(chance, expects=False)
    return None
