"""What the columns of a bureau's list are: the same words for who writes and who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from perfxl.scheme.evaluated import FORMER_TITLES, Evaluated


@dataclass(frozen=True)
class Heading:
    """A column of a list. usual: another heading under which it is known too; others: still more of them.

    required: whether each entry must have it filled. width: in characters. note: what a cell asks for, shown beside it
    when it is chosen. type: `text`, `code`, `date`, `choice`, or one of a fact's (`money`, `count`, `number`,
    `percent`, `points`); says format and alignment only, what is typed stays free. choices: a drop-down; source: one
    from a formula instead, such as a range. strict: whether only what is listed may be typed. locked: grey, nothing
    to fill. hidden: not shown, for keys. group: the heading above the headings, shared by neighbours.
    """

    key: str
    text: str
    required: bool = True
    width: float = 16
    note: str = ""
    usual: str = ""
    others: tuple[str, ...] = ()
    type: str = "text"
    choices: tuple[str, ...] = ()
    source: str = ""
    strict: bool = True
    locked: bool = False
    hidden: bool = False
    group: str = ""


def known_also(part: str, **more: Any) -> Heading:
    """The column of a part of a department's identity, as it is called where no scheme says otherwise.

    It is known too by what it was called in lists that were handed out. more: of the heading.
    """
    text, former = Evaluated().titles[part], FORMER_TITLES[part]
    return Heading(part, text, usual=former if former != text else "", **more)
