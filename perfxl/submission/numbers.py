"""Numbers and dates as people write them in cells: read where the meaning is certain, refused where not."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
_WITH_UNIT = re.compile(r"(?P<number>[+-]?[\d,]*\.?\d+)\s*(?P<unit>[^\d\s.,+\-]{1,6})")
_BRACKETS = re.compile(r"\((?P<number>[\d,]+\.?\d*)\)")
_SCALED = ("万", "亿", "千", "百", "十", "多", "余", "约", "左右", "以上", "以下", "几", "~", "-", "至")
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
DASHES = str.maketrans({"－": "-", "−": "-", "–": "-", "—": "-", "﹣": "-"})
NOTHING = frozenset({"-", "--", "---", "/", "\\", "N/A", "NA", "n/a", "无", "没有", "暂无", "空"})


def fold(text: str) -> str:
    """The text with full-width letters, digits and signs made half-width, invisible characters and outer space gone."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()


def is_blank(text: str) -> bool:
    """Whether nothing can be seen in the text."""
    return not text[:1].isalnum() and not fold(text)


def number_in(text: str, units: tuple[str, ...] = ()) -> Decimal | None:
    """The number that a text certainly means; None where it is no number or could mean another.

    units: what may stand behind the number without changing it (the unit of the field or of the row). A percent sign
    counts as a unit. 万, 约, 以上 and the like are never taken away, for they change the meaning.
    """
    folded = fold(text.translate(DASHES)).replace(" ", "").lstrip("¥￥")
    if _BRACKETS.fullmatch(folded):
        folded = "-" + folded[1:-1]
    if _THOUSANDS.fullmatch(folded) or _PLAIN.fullmatch(folded):
        return _decimal(folded)
    if match := _WITH_UNIT.fullmatch(folded):
        unit, number = match["unit"], match["number"]
        known = {fold(known) for known in units if known}
        if unit in known and (_THOUSANDS.fullmatch(number) or _PLAIN.fullmatch(number)):
            return _decimal(number)
    return None


def measure_words(unit: str) -> tuple[str, ...]:
    """The units under which a count may be written, with those of the row itself."""
    common = ("个", "项", "场", "场次", "次", "人", "人次", "件", "份", "期", "所", "起", "家", "宗", "条", "处")
    return (unit, *common) if unit and not any(part in unit for part in _SCALED) else (*common, unit)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def date_in(raw: object) -> date | None:
    """The date of a cell: a real date or a text such as 2023-03-15, 2023年3月15日, 2023.3.15."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str) and (match := _DATE.fullmatch(fold(raw))):
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
    return None
