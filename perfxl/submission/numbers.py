"""Numbers and dates as people write them in cells: read where the meaning is certain, refused where not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from perfxl.text import fold

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
_BRACKETS = re.compile(r"\(\s*([\d., ]+?)\s*\)")
_SCALED = ("万", "亿", "千", "百", "十", "多", "余", "约", "左右", "以上", "以下", "几", "~", "-", "至")
_DATE = re.compile(
    r"(\d{4})(?:\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|(\d{2})(\d{2}))"
)
_COMMON_UNITS = ("个", "项", "场", "场次", "次", "人", "人次", "件", "份", "期", "所", "起", "家", "宗", "条", "处")
MINUS = str.maketrans({"－": "-", "−": "-", "–": "-", "﹣": "-"})
"""Signs that can only be a minus before a number; a long dash may be one of an enumeration."""
DASHES = MINUS | str.maketrans({"—": "-", "―": "-", "─": "-"})
NOTHING = frozenset({"-", "--", "---", "/", "\\", "N/A", "NA", "n/a", "无", "没有", "暂无", "空"})


def number_in(text: str, units: tuple[str, ...] = ()) -> Decimal | None:
    """The number that a text certainly means; None where it is no number or could mean another.

    units: what may stand behind the number without changing it (the unit of the field or of the row). 万, 约, 以上 and
    the like are taken away only as part of the row's own unit, for they change the meaning.
    """
    if any(unicodedata.category(letter) == "No" for letter in text):
        # ① and ² would become plain digits.
        return None
    folded = fold(text.translate(MINUS))
    for unit in sorted({fold(unit) for unit in units}, key=len, reverse=True):
        if unit and not unit[0].isdigit() and folded.endswith(unit):
            folded = folded.removesuffix(unit).rstrip()
            break
    if match := _BRACKETS.fullmatch(folded):
        folded = "-" + match[1]
    elif folded[:1] in ("+", "-"):
        folded = folded[0] + folded[1:].lstrip()
    return _decimal(folded) if _GROUPED.fullmatch(folded) or _PLAIN.fullmatch(folded) else None


def without_sign(text: str, signs: Sequence[str]) -> str:
    """The text without the comparison sign that it begins with, where that is one of the signs."""
    folded = fold(text)
    for sign in sorted((fold(sign) for sign in signs), key=len, reverse=True):
        if sign and folded.startswith(sign):
            return folded[len(sign) :]
    return text


def measure_words(unit: str) -> tuple[str, ...]:
    """What may stand behind a number: its unit and near kin (场 for 场次), or any measure word where it has none."""
    unit = fold(unit)
    if not unit:
        return _COMMON_UNITS
    if any(part in unit for part in _SCALED):
        return (unit,)
    return (unit, *(word for word in _COMMON_UNITS if word in unit or unit in word))


def fact_words(unit: str) -> tuple[str, ...]:
    """What may stand behind the number of a fact: its unit, and any measure word where that is no multiple (万人)."""
    own = measure_words(unit)
    scaled = any(part in fold(unit) for part in _SCALED)
    return own if scaled else tuple(dict.fromkeys((*own, *_COMMON_UNITS)))


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None


def date_in(raw: object) -> date | None:
    """The date of a cell: a real date or a text such as 2023-03-15, 2023年3月15日, 2023.3.15, 20230315."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str) and (match := _DATE.fullmatch(fold(raw.translate(DASHES)))):
        try:
            return date(*(int(part) for part in match.groups() if part))
        except ValueError:
            return None
    return None
