"""What fits on a page of A4 so that it can be read: widths of columns, and the scale at which they are printed.

A column is as wide as so many digits of the workbook's font. Programs that lack the font take another with wider
digits; what fits with those fits everywhere, and is printed larger where digits are narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from perfxl.xlsx.texts import clean

LEAST = 7.05
"""Points that the smallest text has on paper: 7, and what programs round."""
DIGIT, BESIDE = 6.37, 4.55
"""Points of a digit of 10 points, in the widest font that stands in, and what a column has beside its digits."""
A4 = (595.3, 841.9)
"""Points of the short side and the long one."""
SPARE = 0.99
"""What programs round in widths and scales must not push a column off the page."""


NAME_LENGTH = 60
"""Signs of a name above a page."""
MANY = 32_767
"""Pages one below the other, as many as it takes: without a number some programs shrink a sheet to save a page."""


def header_text(left: str, center: str = "", *, font: str = "", longest: int = NAME_LENGTH) -> str:
    """What stands above every page as Excel writes it: who at the left, the name of the sheet at the right.

    font: with the size of 9 points; the workbook's own where there is none. longest: signs of a name. A header takes
    255 characters in all, so a name is cut; an ampersand would be a command, and a number after a size another size.
    """
    look = f'&"{font},Regular"&9 ' if font else ""
    who, what = (_on_one_line(text, longest).replace("&", "&&") for text in (left, center))
    return f"&L{look}{who}{f'&C{look}{what}' if what else ''}&R{look}&A"


def _on_one_line(text: str, longest: int) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def least_scale(size: float) -> int:
    """The smallest scale, in percent, at which text of this size (points) can be read on paper."""
    return ceil(100 * LEAST / size - 1e-9)


def points_wide(widths: Sequence[float]) -> float:
    """How wide columns of these widths are in all, in points."""
    return sum(widths) * DIGIT + len(widths) * BESIDE


def printable(*, landscape: bool, margins: float, size: float) -> float:
    """Points between the margins at the smallest scale for this size. margins: left and right together, in inches."""
    return SPARE * (A4[landscape] - 72 * margins) * 100 / least_scale(size)


def room(columns: int, *, landscape: bool, margins: float, size: float) -> float:
    """The widths that so many columns may have in all on one page."""
    return (printable(landscape=landscape, margins=margins, size=size) - columns * BESIDE) / DIGIT


def fitted(widths: Sequence[float], least: Sequence[float], room: float) -> tuple[float, ...]:
    """Widths that fit, as far as columns can be narrowed to their least, each by the same share of what it can give."""
    excess = sum(widths) - room
    gives = [max(width - narrow, 0.0) for width, narrow in zip(widths, least, strict=True)]
    if excess <= 0 or not any(gives):
        return tuple(widths)
    share = min(1.0, excess / sum(gives))
    # Down to tenths, so that rounding does not add up to more than there is room for.
    return tuple(
        width if give == 0 else int(10 * (width - share * give)) / 10 for width, give in zip(widths, gives, strict=True)
    )
