"""Number formats of OpenDocument as Excel's codes, held against the text that the file itself shows for the value.

The file says both the value and what its program showed for it. Where the format does not explain that text, the cell
gets a format that shows it, so that whoever looks at formats sees what a person saw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from perfxl.workbook.plain_styles import GENERAL

Kind = Literal["number", "percentage", "date", "text"]
Piece = tuple[str, str]
"""A piece of Excel's code, and the pattern of what it shows, without spaces."""
ISO_DATE, ISO_MOMENT, HOURS = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss"
NUMBER_SHOWN = r"([-+]?[\d,]*\.?\d+)"
SCIENTIFIC_SHOWN = r"([-+]?[\d.]+[Ee][-+]?\d+)"
_CONDITION = re.compile(r"value\(\)\s*(>=|<=|!=|<>|>|<|=)\s*(-?\d+(?:\.\d+)?)")
_SIMPLE = re.compile(r"[-+]?(?:\d[\d,]*)?(?:\.\d+)?%?")
_SPACES = re.compile(r"\s+")
_EXACT = Decimal("1e-9")
_LONGEST_SHOWN = 200


@dataclass(slots=True)
class NumberFormat:
    """A data style. scale: what a shown number is multiplied with. maps: condition and name of another style.

    known: whether all its elements have a form in Excel's codes.
    """

    kind: Kind
    pieces: list[Piece] = field(default_factory=list)
    scale: Decimal = Decimal(1)
    maps: list[tuple[str, str]] = field(default_factory=list)
    known: bool = True

    @property
    def general(self) -> bool:
        """Whether it shows a number as it comes."""
        return [code for code, _ in self.pieces] == [GENERAL]


def literal(text: str) -> str:
    """A text in a format code; what stands for itself there stays as it is."""
    if text and not text.strip(" +-():/"):
        return text
    return "".join('\\"' if part == '"' else f'"{part}"' for part in re.split('(")', text) if part)


def pattern_of(text: str) -> str:
    """What a literal text shows."""
    return re.escape(_SPACES.sub("", text))


def number_code(attributes: dict[str, str]) -> tuple[str, Decimal] | None:
    """Code and scale of a `number:number` by its attributes, None for what no code says."""
    places = attributes.get("decimal-places")
    if places is None and attributes.get("grouping") != "true" and "display-factor" not in attributes:
        return GENERAL, Decimal(1)
    most, least = _count(places), _count(attributes.get("min-decimal-places", places))
    digits = "0" * _count(attributes.get("min-integer-digits", "1"))
    if attributes.get("grouping") == "true":
        digits = digits.rjust(4, "#")
        digits = f"{digits[:-3]},{digits[-3:]}"
    decimals = "0" * min(least, most) + "#" * (most - least)
    factor = attributes.get("display-factor", "1")
    thousands = (len(factor) - 1) // 3
    if thousands > 5 or factor != "1" + "000" * thousands:
        return None
    return (digits or "#") + ("." + decimals if decimals else "") + "," * thousands, Decimal(1000) ** thousands


def _count(text: str | None) -> int:
    return min(int(text), 15) if text is not None and text.isdecimal() and len(text) < 4 else 0


class NumberFormats:
    """The data styles of a workbook by their names."""

    def __init__(self) -> None:
        self.by_name: dict[str, NumberFormat] = {}

    def code(self, name: str) -> str | None:
        """Excel's code, with all sections, None for what has none."""
        own = self.by_name.get(name)
        if own is None:
            return GENERAL
        parts = [(condition, self.by_name.get(other)) for condition, other in own.maps] + [("", own)]
        if not all(part is not None and part.known for _, part in parts):
            return None
        codes = ["".join(code for code, _ in part.pieces) for _, part in parts if part is not None]
        conditions = [condition for condition, _ in parts[:-1]]
        if conditions in ([], [">=0"], [">0", "<0"], [">0", "<0", "=0"]):
            return ";".join(codes) or '""'
        if len(conditions) > 2:
            return None
        return ";".join(
            f"[{condition}]{code}" if condition else code for (condition, _), code in zip(parts, codes, strict=True)
        )

    def fitting(self, name: str, value: Decimal, shown: str | None) -> str:
        """A code for the value that shows what the file shows for it; None for a text that is not known."""
        code = self.code(name)
        if shown is None or set(shown) == {"#"}:
            # Numbers that a column is too narrow for are no evidence.
            return code or GENERAL
        if code is not None and self._explains(name, value, shown):
            return code
        return _plain_code(value, shown) or _shows(shown, negative=value < 0)

    def fitting_date(self, name: str, moment: datetime, hours: int, shown: str | None, default: str) -> str:
        """The same for a date, or for a time of day that may have more than 24 `hours`."""
        own = self.by_name.get(name)
        code = self.code(name) if own is not None and own.kind == "date" and not own.maps else None
        if not shown:
            return code or default
        known = {moment.year, moment.year % 100, moment.month, moment.day, moment.hour, moment.hour % 12 or 12,
                 moment.minute, moment.second, hours}  # fmt: skip
        digits = [int(run) for run in re.findall(r"[0-9]{1,9}", shown)]
        if not digits or set(digits) <= known:
            return code or default
        return literal(shown)

    def fitting_text(self, name: str, value: str, shown: str) -> str:
        """The same for a text."""
        if _SPACES.sub("", value) == _SPACES.sub("", shown):
            return GENERAL
        code = self.code(name)
        own = self.by_name.get(name)
        if code is not None and own is not None and own.kind == "text":
            return code
        return f";;;{literal(shown[:_LONGEST_SHOWN])}"

    def _explains(self, name: str, value: Decimal, shown: str) -> bool:
        own = self.by_name.get(name)
        section, unsigned = self._section(own, value) if own is not None else (None, False)
        if section is None or section.general:
            return _is_general(value, shown)
        if len(shown) > _LONGEST_SHOWN:
            return False
        pattern = "".join(pattern for _, pattern in section.pieces)
        compact = _SPACES.sub("", shown)
        minus = compact.startswith("-") and not unsigned
        match = re.fullmatch(pattern, compact) or (re.fullmatch(pattern, compact[1:]) if minus else None)
        if match is None:
            return False
        if not match.groups():
            return True
        number = _decimal(match[1])
        if number is None:
            return False
        expected = value / section.scale * (100 if section.kind == "percentage" else 1)
        if unsigned:
            return _rounds_to(abs(expected), abs(number), match[1])
        return _rounds_to(expected, -abs(number) if minus else number, match[1])

    def _section(self, own: NumberFormat, value: Decimal) -> tuple[NumberFormat | None, bool]:
        """The style that applies to a value, and whether it shows negative numbers without their sign."""
        for condition, other in own.maps:
            if _holds(condition, value):
                return self.by_name.get(other), value < 0
        return own, bool(own.maps) and value < 0


def _holds(condition: str, value: Decimal) -> bool:
    match = re.fullmatch(r"(>=|<=|<>|>|<|=)(-?\d+(?:\.\d+)?)", condition)
    if match is None:
        return False
    limit = Decimal(match[2])
    return {
        ">=": value >= limit, "<=": value <= limit, "<>": value != limit, ">": value > limit, "<": value < limit,
        "=": value == limit,
    }[match[1]]  # fmt: skip


def condition_of(text: str) -> str:
    """`value()>=0` → `>=0`; empty for what is no such condition."""
    match = _CONDITION.fullmatch(text.strip()[:100])
    return match[1].replace("!=", "<>") + match[2] if match else ""


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "")) if len(text) <= _LONGEST_SHOWN else None
    except InvalidOperation:
        return None
    # No cell holds a number of more digits, and arithmetic with one may fail.
    return number if number is not None and number.is_finite() and abs(number.adjusted()) < 400 else None


def _rounds_to(value: Decimal, shown: Decimal, text: str) -> bool:
    """Whether the value is shown so, with the decimals of the text."""
    exponent = shown.as_tuple().exponent
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    noise = abs(value) * _EXACT if "e" in text.lower() or abs(value) > 10**15 else abs(value) * Decimal("1e-14")
    return abs(value - shown) <= unit / 2 + noise


def _is_general(value: Decimal, shown: str) -> bool:
    number = _decimal(shown.strip())
    return number is not None and "," not in shown and abs(value - number) <= max(abs(value), abs(number)) * _EXACT


def _plain_code(value: Decimal, shown: str) -> str | None:
    """A code for a text that is the rounded value, as `1,234.5` or `35%`; None where it is none."""
    text = _SPACES.sub("", shown)
    if not _SIMPLE.fullmatch(text) or (number := _decimal(text.rstrip("%"))) is None:
        return None
    percent = text.endswith("%")
    if not _rounds_to(value * 100 if percent else value, number, text):
        return None
    _, _, decimals = text.rstrip("%").partition(".")
    whole = "#,##0" if "," in text else "0"
    return whole + ("." + "0" * min(len(decimals), 30) if decimals else "") + ("%" if percent else "")


def _shows(shown: str, *, negative: bool) -> str:
    """A code that shows nothing but the text."""
    code = literal(shown[:_LONGEST_SHOWN]) or '""'
    return f"{code};{code}" if negative else code
