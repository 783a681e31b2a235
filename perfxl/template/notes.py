"""Red notes beside cells that break a rule: each one declaration with two views, an Excel condition and the same exact.

Conditions are those of the checks (`perfxl.checks`), as far as a formula can say them, and so are the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from perfxl.layout.finding_words import FindingWords

Subject = TypeVar("Subject")

SIGN = "！"
"""Every note begins with it: red is not all that tells it from a hint."""


@dataclass(frozen=True)
class Note(Generic[Subject]):
    """text: what is shown. formula: when, over cells. holds: the same over what the cells hold."""

    words: FindingWords
    text: str
    formula: str
    holds: Callable[[Subject], bool]


def note(
    words: FindingWords, formula: str, holds: Callable[[Subject], bool], *, more: str = "", about: str = ""
) -> Note[Subject]:
    """A note that shows the title of a finding. about: what it speaks of. more: what is to be said behind it."""
    about = f"（{about}）" if about else ""
    return Note(words, f"{SIGN}{words.title}{about}{'：' if more else ''}{more}", formula, holds)


def first(notes: Sequence[Note[Subject]], otherwise: str = '""') -> str:
    """An Excel expression: the first note that holds, else another expression."""
    expression = otherwise
    for item in reversed(notes):
        expression = f'IF({item.formula},"{quoted(item.text)}",{expression})'
    return expression


def first_value(notes: Iterable[Note[Subject]], subject: Subject, otherwise: str = "") -> str:
    """`first`, computed."""
    return next((item.text for item in notes if item.holds(subject)), otherwise)


def every(notes: Sequence[Note[Subject]]) -> str:
    """An Excel expression: all notes that hold, one after the other."""
    return "&".join(f'IF({item.formula},"{quoted(item.text)}。","")' for item in notes)


def every_value(notes: Iterable[Note[Subject]], subject: Subject) -> str:
    """`every`, computed."""
    return "".join(f"{item.text}。" for item in notes if item.holds(subject))


def quoted(text: str) -> str:
    """A text as it stands between quotes in a formula."""
    return text.replace('"', '""')


def numbers(*cells: str) -> str:
    """An Excel condition: all of the cells hold numbers."""
    return f"COUNT({','.join(cells)})={len(cells)}"


def where_numbers(cells: Sequence[str], condition: str) -> str:
    """An Excel condition that is asked only where all cells hold numbers, so that it can calculate with them."""
    return f"IF({numbers(*cells)},{condition},FALSE)"


def blank(where: str) -> str:
    """An Excel condition: nothing visible stands in the cell."""
    return f"LEN(TRIM({where}))=0"


def is_blank(value: object) -> bool:
    """`blank`, computed."""
    return value is None or (isinstance(value, str) and not value.strip(" "))
