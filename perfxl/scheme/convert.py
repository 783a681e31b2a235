"""From what stands in a cell or a TOML value to the value of a column: exact numbers, trimmed text, codes."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from perfxl.decimals import from_float, plain
from perfxl.scheme.columns import ColumnSpec
from perfxl.scheme.words import hint, listed
from perfxl.text import CELL_TEXT, fold_all, trimmed

YES, NO = "是", "否"
DIGITS = 15  # what an Excel cell keeps of a number
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_BOUND = Decimal(10) ** 12
_MINUS, _PLUS = "-－−–", "+＋"
_PLACES = -10


class UnfitError(Exception):
    """A value that cannot stand in its column: what is wrong, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


def convert(spec: ColumnSpec, value: Any) -> Any:
    """The value of a column from a value that is not blank.

    `text` str, `number` Decimal, `whole` int, `yes_no` bool, `choice` one of the choices, `texts` tuple of str.
    Raises `UnfitError`.
    """
    match spec.kind:
        case "text":
            return text(value)
        case "number":
            return number(value)
        case "whole":
            return whole_number(value)
        case "yes_no":
            return yes_no(value)
        case "choice":
            return choice(spec, value)
        case "texts":
            return texts(value)


def text(value: Any) -> str:
    """A text without blanks at its ends; numbers and dates as a person writes them."""
    if isinstance(value, str):
        plain_text = trimmed(value)
        if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in plain_text):
            raise UnfitError("含有看不见的控制字符", "请重新输入这段文字")
        if len(plain_text.encode("utf-16-le")) // 2 > CELL_TEXT:
            raise UnfitError(f"文字超过 {CELL_TEXT} 个字符", "请缩短")
        return plain_text
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return plain(number(value))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise UnfitError(f"{quoted(value)}不是文字", "请填写文字")


def number(value: Any) -> Decimal:
    """An exact number; text in full width or with thousands separators is read too."""
    if isinstance(value, str):
        written = unicodedata.normalize("NFKC", trimmed(value)).replace("−", "-").replace(" ", "")
        if _THOUSANDS.fullmatch(written):
            written = written.replace(",", "")
        if not _NUMBER.fullmatch(written):
            advice = "请写成小数，例如 10% 写 0.1" if written.endswith("%") else "请只填数字"
            raise UnfitError(f"“{value}”不是数字", advice)
        exact = Decimal(written)
    elif isinstance(value, float):
        exact = from_float(value)
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        exact = Decimal(value)
    else:
        raise UnfitError(f"{quoted(value)}不是数字", "请只填数字")
    if not exact.is_finite():
        raise UnfitError(f"{quoted(value)}不是数字", "请只填数字")
    if exact and not (exact.adjusted() >= _PLACES and abs(exact) < _BOUND):
        raise UnfitError(f"{quoted(value)}过大或过小", "请核对小数点和单位")
    exact = Decimal(plain(exact))
    if len(exact.as_tuple().digits) > DIGITS or int(exact.as_tuple().exponent) < _PLACES:
        raise UnfitError(f"{quoted(value)}位数过多", f"请保留 {DIGITS} 位有效数字、{-_PLACES} 位小数以内")
    return exact


def whole_number(value: Any) -> int:
    """A whole number."""
    exact = number(value)
    if exact != exact.to_integral_value():
        raise UnfitError(f"{quoted(value)}不是整数", "请填整数")
    return int(exact)


def yes_no(value: Any) -> bool:
    """是 or 否, in TOML also true or false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and fold_all(value) in (YES, NO):
        return fold_all(value) == YES
    raise UnfitError(f"{quoted(value)}不是“是”或“否”", "请填“是”或“否”")


def choice(spec: ColumnSpec, value: Any) -> str:
    """One of the choices, written as code or in words."""
    written = fold_all(value) if isinstance(value, str) else ""
    for code, word in zip(spec.choices, spec.words or spec.choices, strict=True):
        if written in (fold_all(code), fold_all(word)):
            return code
    offered = spec.words or spec.choices
    raise UnfitError(f"{quoted(value)}不在可选范围内", hint(str(value), offered, f"应为{listed(offered)}之一"))


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts, or a text with 顿号 or line ends between them."""
    if isinstance(value, (list, tuple)):
        items = [text(item) for item in value]
    else:
        items = [trimmed(part) for part in re.split("[、\n]", text(value))]
    if any("、" in item or "\n" in item for item in items):
        raise UnfitError("一种写法里不能有顿号或换行", "请分成几种写法")
    return tuple(item for item in items if item)


def terms(written: tuple[str, ...]) -> tuple[str, ...]:
    """The terms of a signed sum in one form: any minus as `-`, a plus left out, no blank behind them."""
    found = []
    for item in written:
        sign, rest = item[:1], item[1:].strip()
        found.append(f"-{rest}" if sign in _MINUS else rest if sign in _PLUS else item)
    return tuple(found)


def quoted(value: Any) -> str:
    """The value in quotes as the person wrote it, for a message."""
    if isinstance(value, bool):
        return f"“{YES if value else NO}”"
    if isinstance(value, (list, tuple, dict)):
        return "一组值"
    if isinstance(value, float):
        return f"“{plain(from_float(value))}”"
    written = str(value)
    return f"“{written if len(written) <= 40 else written[:40] + '…'}”"
