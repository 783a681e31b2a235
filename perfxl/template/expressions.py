"""Small Excel expressions that several sheets need, each beside the same calculation in exact decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.caches import cached
from perfxl.decimals import ZERO, amount, divide, half_up
from perfxl.layout import Place
from perfxl.references import column_letters, quoted_sheet
from perfxl.template.notes import LONGEST, SIGN
from perfxl.template.styles import MONEY

MICRO = Decimal("0.000001")
OWN_ROW = "\x01"
"""In a formula that is made once for all rows, the number of the row."""


def of_sheet(sheet: str) -> str:
    """How formulas and links name a sheet, with the `!` behind it: `'收支情况'!`."""
    return f"{quoted_sheet(sheet)}!"


@cached(maxsize=5_000)
def within(sheet: str, expression: str) -> str:
    """An expression for a cell of a sheet, which does not name its own: one that does is shared with no other cell."""
    prefix = of_sheet(sheet)
    if prefix not in expression:
        return expression
    # Every other part is a text, which may be a link to the sheet.
    parts = expression.split('"')
    parts[::2] = [part.replace(prefix, "") for part in parts[::2]]
    return '"'.join(parts)


def area(first: Place, last: Place) -> str:
    """The cells from one to another of the same sheet, as an absolute reference: `'收支情况'!$B$7:$D$9`."""
    return f"{first.ref}:{last.ref.rpartition('!')[2]}"


def cell(row: int, col: int) -> str:
    """A cell of the same sheet, `D7`."""
    return f"{column_letters(col)}{row + 1}"


def cells(first_row: int, last_row: int, col: int) -> str:
    """Cells of a column of the same sheet, `D7:D9`."""
    return f"{cell(first_row, col)}:{cell(last_row, col)}"


def both_numbers(left: str, right: str, expression: str) -> str:
    """The expression where two cells hold numbers, else an empty text."""
    return f'IF(AND(ISNUMBER({left}),ISNUMBER({right})),{expression},"")'


def share(part: str, whole: str) -> str:
    """part ÷ whole, empty where one is missing or the whole is not above 0."""
    return both_numbers(part, whole, f'IF({whole}>0,{part}/{whole},"")')


def share_value(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """`share`, computed."""
    return None if part is None or whole is None or whole <= 0 else divide(part, whole)


def growth(now: str, before: str) -> str:
    """(now − before) ÷ before, empty where one is missing or `before` is not above 0."""
    return both_numbers(now, before, f'IF({before}>0,({now}-{before})/{before},"")')


def growth_value(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """`growth`, computed."""
    return None if now is None or before is None or before <= 0 else divide(now - before, before)


def subtraction(left: str, right: str, places: int) -> str:
    """left − right, rounded half up; the inner ROUND takes away the noise of binary floats."""
    return both_numbers(left, right, f"ROUND(ROUND({left}-{right},9),{places})")


def subtraction_value(left: Decimal | None, right: Decimal | None, step: Decimal) -> Decimal | None:
    """`subtraction`, computed."""
    return None if left is None or right is None else half_up(left - right, step)


def column_sum(where: str, places: int) -> str:
    """The sum of a range, empty where it holds no number."""
    return f'IF(COUNT({where})=0,"",ROUND(SUM({where}),{places}))'


def column_sum_value(numbers: Iterable[Decimal | None], step: Decimal) -> Decimal | None:
    """`column_sum`, computed."""
    known = [number for number in numbers if number is not None]
    return half_up(sum(known, ZERO), step) if known else None


def parts_check(total: str, parts: Sequence[str]) -> str:
    """Whether parts add up to their total: 相符, or the difference; empty while something is missing."""
    difference = f"ROUND({'+'.join(parts)}-{total},6)"
    verdict = f'IF({difference}=0,"相符","{SIGN}差额 "&TEXT({difference},"{MONEY}"))'
    return f'IF(OR(COUNT({total})=0,COUNT({",".join(parts)})<{len(parts)}),"",{verdict})'


def parts_check_value(total: Decimal | None, parts: Sequence[Decimal | None]) -> str:
    """`parts_check`, computed."""
    known = [part for part in parts if part is not None]
    if total is None or len(known) < len(parts):
        return ""
    difference = half_up(sum(known, ZERO) - total, MICRO)
    return "相符" if difference == 0 else f"{SIGN}差额 {amount(difference)}"


def how_many(where: str, texts: Sequence[str]) -> str:
    """How many cells of a range hold one of some texts."""
    return "+".join(f'COUNTIF({where},"{text}")' for text in texts)


def summed_where(where: str, texts: Sequence[str], numbers: str) -> str:
    """The sum of the numbers beside the cells that hold one of some texts."""
    return "+".join(f'SUMIF({where},"{text}",{numbers})' for text in texts)


@dataclass(frozen=True)
class Piece:
    """Some parts of a formula joined. count: how many."""

    expression: str
    count: int


def in_pieces(parts: Sequence[str], sign: str, room: int = LONGEST) -> tuple[Piece, ...]:
    """The parts joined by a sign (`&`, `+`), in several pieces where a formula has no room for all of them."""
    pieces: list[list[str]] = [[]]
    length = 0
    for part in parts:
        length += len(part) + len(sign)
        if length > room and pieces[-1]:
            pieces.append([])
            length = len(part)
        pieces[-1].append(part)
    return tuple(Piece(sign.join(piece), len(piece)) for piece in pieces)
