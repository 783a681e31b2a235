"""Texts as people type them into cells: what is blank, when two writings are one, and how much a cell holds.

`fold` is for what departments fill in, where inner space or the case may matter; `fold_all` is for names and headings,
where neither does.
"""

from __future__ import annotations

import re
import unicodedata

from perfxl.caches import cached

CELL_TEXT = 32_767
"""What a cell holds, in UTF-16 units."""

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0f"
_DROP_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))
# str.strip() alone leaves the invisible ones; U+3000 is the last white space.
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + _INVISIBLE
_NO_CELL = re.compile("[\ufffe\uffff\ud800-\udfff]")
_LABEL = 40
"""Labels, keys and choices, which repeat in every workbook, are no longer."""


def fold(text: str) -> str:
    """The text with full-width letters, digits and signs made half-width, invisible characters and outer space gone."""
    if text.isascii():
        return text.strip()
    return _fold_label(text) if len(text) <= _LABEL else _fold_long(text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DROP_INVISIBLE).strip()


_fold_label = cached(maxsize=4_096)(_fold)
_fold_long = cached(maxsize=16)(_fold)
"""Several looks at a cell follow one another."""


def fold_all(text: str) -> str:
    """The folded text in one case and without its inner space and line breaks too."""
    return "".join(fold(text).split()).casefold()


def trimmed(text: str) -> str:
    """The text as it is written, without space and invisible characters at its ends, line ends as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


def without_invisible(text: str) -> str:
    """The text as it is written, without invisible characters and outer space."""
    return text.translate(_DROP_INVISIBLE).strip()


def is_blank(content: object) -> bool:
    """Whether nothing can be seen in a cell or a text."""
    if isinstance(content, str):
        # Nearly every text begins with a letter or a digit.
        return not content[:1].isalnum() and not fold(content)
    return content is None


def as_cell_holds(text: str) -> str:
    """The text as a cell can hold it: no more of it, no character that XML has no place for."""
    if text.isprintable() and len(text) <= CELL_TEXT // 2:
        return text
    if len(text) > CELL_TEXT // 2:
        text = text.encode("utf-16-le", "replace")[: 2 * CELL_TEXT].decode("utf-16-le", "ignore")
    return _NO_CELL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """A number from 0 to 9,999 in Chinese numerals as headings have them, 12 → 十二; others in digits."""
    if not 0 <= number <= 9_999:
        return str(number)
    text, blank = "", False
    for place, unit in zip((1000, 100, 10, 1), "千百十 ", strict=True):
        digit = number // place % 10
        if digit:
            text += ("零" if blank and text else "") + _DIGITS[digit] + unit.strip()
        blank = not digit
    return text.removeprefix("一") if 10 <= number < 20 else text or _DIGITS[0]
