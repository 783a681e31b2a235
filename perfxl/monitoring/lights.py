"""Lights (红黄绿蓝灯): a rate (1 = as it should be) against the bounds of the scheme. Source: other-forms.md.

The one home of the bounds: exact, and as an Excel expression.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from perfxl.decimals import plain
from perfxl.rules.percentages import full_percent, percent_beside
from perfxl.scheme.model import Scheme


class Light(StrEnum):
    """What a rate looks like. NONE: it cannot be told."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    NONE = "none"

    @property
    def label(self) -> str:
        """The Chinese word, a dash where it cannot be told."""
        return LABELS[self]

    @property
    def warns(self) -> bool:
        """Whether it asks for a reason and measures."""
        return self in (Light.RED, Light.YELLOW)


LABELS = {Light.RED: "红灯", Light.YELLOW: "黄灯", Light.GREEN: "绿灯", Light.BLUE: "蓝灯", Light.NONE: "—"}
GRAVITY = (Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.NONE)
"""From the gravest on: what runs far ahead of a target was planned amiss, but is done."""


@dataclass(frozen=True)
class Bounds:
    """Below red: red; below yellow: yellow; from blue on: blue; green between. Shares, 1 = 100%."""

    red: Decimal
    yellow: Decimal
    blue: Decimal

    @classmethod
    def of(cls, scheme: Scheme) -> Bounds:
        """Those of a scheme."""
        thresholds = scheme.thresholds
        return cls(thresholds.light_red, thresholds.light_yellow, thresholds.light_blue)

    def light(self, rate: Fraction | None) -> Light:
        """The light of a rate, which is compared exactly."""
        if rate is None:
            return Light.NONE
        if rate < Fraction(self.red):
            return Light.RED
        if rate < Fraction(self.yellow):
            return Light.YELLOW
        return Light.BLUE if rate >= Fraction(self.blue) else Light.GREEN

    def shown(self, rate: Decimal) -> str:
        """A rate in words that do not contradict its light (`59.9999%` is red, `60%` is not)."""
        return percent_beside(rate, (self.red, self.yellow, self.blue))

    def formula(self, rate: str) -> str:
        """`light` as an Excel expression over the cell of a rate. Binary noise decides nothing."""
        words = LABELS
        shown = f"ROUND({rate},9)"
        return (
            f'IF(ISNUMBER({rate}),IF({shown}<{plain(self.red)},"{words[Light.RED]}",'
            f'IF({shown}<{plain(self.yellow)},"{words[Light.YELLOW]}",'
            f'IF({shown}<{plain(self.blue)},"{words[Light.GREEN]}","{words[Light.BLUE]}"))),"{words[Light.NONE]}")'
        )

    @property
    def words(self) -> str:
        """The bounds in a sentence."""
        red, yellow, blue = map(full_percent, (self.red, self.yellow, self.blue))
        return f"低于 {red} 红灯，{red}～{yellow} 黄灯，{yellow}～{blue} 绿灯，{blue} 及以上蓝灯"


def gravest(lights: Iterable[Light]) -> Light:
    """The gravest of some lights, NONE where there is none."""
    return min(lights, key=GRAVITY.index, default=Light.NONE)
