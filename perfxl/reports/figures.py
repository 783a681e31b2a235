"""Numbers as people write them in sentences: 3.6 万, 36000, 近 5000 人, 三个, 99.5%, and how exact they are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import half_up

ABOUT = r"(?:大约|约|将近|接近|近|超过|超|逾|突破|至少|不少于|不低于|高达)?"
BEHIND = r"(?:余|多|来)?"
LOOSELY = r"(?:左右|上下|以上|以内)?"
DIGITS = r"\d{1,15}(?:\.\d{1,10})?"
_SCALES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}
SCALE = r"(?:十万|百万|千万|万|亿|千|百)?"
MONEY = re.compile(
    rf"(?P<about>{ABOUT})(?P<digits>{DIGITS})(?P<behind>{BEHIND})(?P<scale>{SCALE})(?P<more>{BEHIND})元(?P<loosely>{LOOSELY})"
)
PERCENT = re.compile(
    rf"(?P<about>{ABOUT})(?P<digits>{DIGITS})(?P<behind>{BEHIND})%(?P<loosely>{LOOSELY})(?!以)|百分之(?P<words>[零〇一二三四五六七八九十百点]+)"
)
POINTS = rf"(?P<digits>{DIGITS})分"
CHINESE = r"[零〇一二两三四五六七八九十百]{1,5}"
_VALUES = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TOLERANCE = Decimal("0.1")
"""How far what is said with 约 may be from the figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence. value: in 万元 for money, percentage points for a rate. loose: said with 约 or the like.

    shown: as it is written, with its unit. The exponent of the value is that of its last written digit.
    """

    value: Decimal
    shown: str
    loose: bool = False

    def agrees(self, exact: Decimal) -> bool:
        """Whether it says that number: rounded as it is written, or near enough for what is said with 约."""
        exponent = self.value.as_tuple().exponent
        assert isinstance(exponent, int)
        if half_up(exact, Decimal((0, (1,), exponent))) == self.value:
            return True
        return self.loose and abs(self.value - exact) <= abs(exact) * _TOLERANCE


def figure_of(found: re.Match[str], unit: int = 0) -> Figure:
    """The figure of a match of one of these patterns. unit: the exponent of its unit: −4 makes 元 of 万元."""
    parts = found.groupdict()
    shown = found[0]
    if words := parts.get("words"):
        return Figure(_spoken(words), shown)
    about, behind = (
        parts.get("about") or "",
        f"{parts.get('behind') or ''}{parts.get('more') or ''}{parts.get('loosely') or ''}",
    )
    value = Decimal(found["digits"]).scaleb(_SCALES[parts.get("scale") or ""] + unit)
    return Figure(value, shown, bool(about or behind))


def money_of(found: re.Match[str]) -> Figure:
    """The figure of a match of MONEY, in 万元."""
    return figure_of(found, -4)


def counted(text: str) -> Decimal | None:
    """A count in digits or Chinese numerals up to 999; None for what is none."""
    if text.isascii() and text.isdigit():
        return Decimal(text)
    total, digit = 0, -1
    for letter in text:
        if letter in _VALUES:
            digit = _VALUES[letter]
        elif letter in "十百":
            total += (1 if digit < 0 else digit) * (10 if letter == "十" else 100)
            digit = -1
        else:
            return None
    return Decimal(total + max(digit, 0)) if text else None


def _spoken(words: str) -> Decimal:
    """百分之九十九点五 without its first three letters."""
    whole, _, behind = words.partition("点")
    places = "".join(str(_VALUES.get(letter, 0)) for letter in behind)
    return Decimal(f"{counted(whole) or 0}" + (f".{places}" if places else ""))
