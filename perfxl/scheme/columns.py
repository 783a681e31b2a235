"""How a column of a scheme table is described: where it is declared, for the TOML file, the scheme workbook, its checks
and its notes alike (`perfxl.scheme.raw_scheme`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

ColumnKind = Literal["text", "number", "whole", "yes_no", "choice", "texts"]


@dataclass(frozen=True)
class ColumnSpec:
    """One column of a scheme table: heading and note for the clerk, kind and choices for the checks.

    words: what the scheme workbook shows for each of the choices, where they are codes. added: whether schemes of the
    first format have no such column, so that it may be missing. rate: whether its number is one (0.1 = 10%).
    """

    heading: str
    kind: ColumnKind
    note: str
    choices: tuple[str, ...] = ()
    width: int = 14
    words: tuple[str, ...] = ()
    added: bool = False
    rate: bool = False


def column(
    heading: str,
    kind: ColumnKind,
    note: str,
    *,
    choices: tuple[str, ...] = (),
    width: int = 14,
    words: tuple[str, ...] = (),
    added: bool = False,
    rate: bool = False,
    **default: Any,
) -> Any:
    """A dataclass field that is a column of its table; without a default it must be filled."""
    return field(metadata={"column": ColumnSpec(heading, kind, note, choices, width, words, added, rate)}, **default)
