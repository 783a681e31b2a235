"""What a cell shows for its number: Excel's number formats, as far as what they show is certain.

A format is up to four sections (positive; negative; zero; text) of digit places, scaling commas, percent signs and
literal text. Dates are told apart; fractions, conditions and words in brackets beyond colour and currency are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from perfxl.decimals import plain

BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""The formats that a file names by number alone."""
BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
GENERAL = frozenset({"", "general", "g/通用格式", "@"})
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>[Gg]eneral|G/通用格式)|(?P<exponent>[eE][+-])|(?P<digits>[0#?]+)|(?P<other>.)",
    re.DOTALL,
)
_DATE = re.compile(r"[ymdhsbg]|e(?![+-])|上午|下午|年|月|日", re.IGNORECASE)
_COLOUR = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+"
    r"|黑色|蓝色|青色|绿色|洋红|红色|白色|黄色|颜色 ?\d+)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"\$(?P<sign>[^-]*)(?:-[0-9A-Fa-f]+)?|DBNum0", re.IGNORECASE)


@dataclass(frozen=True)
class Section:
    """One section of a format. before, behind: literal text. whole, places: how many digit places stand before and
    behind the point, `required` of them always. thousands: commas that divide. percent: signs that multiply by 100."""

    before: str
    behind: str
    whole: int
    places: int
    required: int
    grouped: bool
    thousands: int
    percent: int
    digits: bool


def is_date(code: str) -> bool:
    """Whether a format shows a number as a date or a time."""
    kept = "".join(match[0] for match in _TOKEN.finditer(code.partition(";")[0]) if match["other"] or match["exponent"])
    times = any(re.fullmatch(r"[hmsHMS]+", found) for found in re.findall(r"\[([^\]]*)\]", code))
    return times or (bool(_DATE.search(kept)) and not _is_general(code))


def _is_general(code: str) -> bool:
    return code.strip().lower() in GENERAL


@dataclass(frozen=True)
class Shown:
    """What a cell shows for its number: the text, None where it cannot be told.

    certain: whether its digits are the number's own (and not words of the format).
    """

    text: str | None
    certain: bool = True


def as_displayed(value: Decimal, code: str) -> Shown:
    """What a cell of this format shows for a number; the text is empty where it shows nothing."""
    if _is_general(code):
        return Shown(plain(value))
    sections = _sections(code)
    if sections is None:
        return Shown(None, False)
    chosen, sign = _choose(value, sections)
    if isinstance(chosen, str):
        return Shown((sign + chosen).strip(), False)
    literal = chosen.before + chosen.behind
    own = chosen.digits and not any(letter.isnumeric() for letter in literal)
    return Shown((sign + _written(abs(value), chosen)).strip(), own)


def shown_text(text: str, code: str) -> str | None:
    """What a cell of this format shows for a text, empty where it shows nothing; None where it cannot be told."""
    parts = _split(code)
    last = parts[-1]
    if len(parts) > 4:
        return None
    if len(parts) < 4 and not any(token["other"] == "@" for token in last):
        # No section is one for texts.
        return text
    pieces = [text if token["other"] == "@" else _literal(token) for token in last]
    return None if None in pieces else "".join(piece for piece in pieces if piece)


def _choose(value: Decimal, sections: tuple[Section | str, ...]) -> tuple[Section | str, str]:
    """The section of a value, and the sign that Excel sets before what it shows."""
    if len(sections) == 1:
        return sections[0], "-" if value < 0 else ""
    if value < 0:
        return sections[1], ""
    if value == 0 and len(sections) > 2:
        return sections[2], ""
    return sections[0], ""


def _sections(code: str) -> tuple[Section | str, ...] | None:
    """The sections for numbers, literal text as itself; None where one of them is not understood."""
    parts = _split(code)
    read = [_section(part) for part in parts[:3]]
    if len(parts) > 4 or any(section is None for section in read):
        return None
    return tuple(section for section in read if section is not None)


def _split(code: str) -> list[list[re.Match[str]]]:
    """The tokens of each section."""
    parts: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            parts.append([])
        else:
            parts[-1].append(match)
    return parts


def _section(tokens: list[re.Match[str]]) -> Section | str | None:
    before, behind, number = "", "", ""
    percent = 0
    closed = False
    for token in tokens:
        literal = _literal(token)
        if literal is None:
            return None
        mark = token["other"] or ""
        if token["digits"] or ((mark in ".,") and mark):
            if closed:
                return None
            number += token[0]
            continue
        percent += mark == "%"
        if number:
            # Digits that go on behind other text (0!.0) show another number than is there.
            closed = closed or bool(literal.strip())
            behind += literal
        else:
            before += literal
    if not number:
        return before + behind
    return _digits(before, behind, number, percent)


def _literal(token: re.Match[str]) -> str | None:
    """The text that a token shows; None for one that is not understood, "" for digit places."""
    if token["quoted"] is not None:
        return token["quoted"]
    if token["escaped"] is not None:
        return token["escaped"]
    if token["space"] is not None:
        return " "
    if token["bracket"] is not None:
        if _COLOUR.fullmatch(token["bracket"]):
            return ""
        currency = _CURRENCY.fullmatch(token["bracket"])
        return None if currency is None else currency["sign"] or ""
    if token["fill"] is not None or token["digits"]:
        return ""
    if token["general"] or token["exponent"]:
        return None
    mark = token["other"]
    if mark in ".,":
        return ""
    return mark if mark in "$-+()（）: '{}<>=^&~%¥￥ " or not mark.isascii() else None


def _digits(before: str, behind: str, number: str, percent: int) -> Section | None:
    body = number.rstrip(",")
    thousands = len(number) - len(body)
    whole, point, fraction = body.partition(".")
    if "." in fraction or "," in fraction or (not point and fraction):
        return None
    if whole.endswith(","):
        # Commas before the point divide too.
        thousands += len(whole) - len(whole.rstrip(","))
        whole = whole.rstrip(",")
    required = len(fraction.rstrip("#?"))
    return Section(
        before,
        behind,
        whole.count("0"),
        len(fraction),
        required,
        "," in whole,
        thousands,
        percent,
        bool(whole.strip(",")),
    )


def _written(value: Decimal, section: Section) -> str:
    with localcontext() as context:
        context.prec = 60
        scaled = value * Decimal(100) ** section.percent / Decimal(1000) ** section.thousands
        rounded = scaled.quantize(Decimal(1).scaleb(-section.places), ROUND_HALF_UP)
    whole, _, fraction = format(rounded, "f").partition(".")
    while len(fraction) > section.required and fraction.endswith("0"):
        fraction = fraction[:-1]
    whole = whole.lstrip("0").rjust(section.whole, "0")
    if section.grouped and len(whole) > 3:
        whole = f"{int(whole):,}".rjust(len(whole), "0")
    point = "." if section.places else ""
    return f"{section.before}{whole}{point}{fraction}{section.behind}"
