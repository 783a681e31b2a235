"""By what the bureau's own lists are known: a hidden sheet in each, whatever name its file has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

LIST_SHEET = "_list"
"""The hidden sheet. A workbook that has the hidden sheet of the template too is a submission."""
LIST_FORMAT = 1


class Kind(StrEnum):
    """The bureau's lists. The values stand in the marks, and are the words that people know the lists by."""

    ROSTER = "部门名录"
    EXEMPTIONS = "豁免"
    OFFICIAL = "财政核定数"
    APPROVED = "绩效目标核定表"
    REGISTER = "往来登记"
    REVIEW = "复核表"

    @property
    def label(self) -> str:
        """What people call it in a sentence."""
        return "豁免名单" if self is Kind.EXEMPTIONS else str(self)


@dataclass(frozen=True)
class Mark:
    """The mark of a list. schemes: the codes of those that it was written for. more: what else its reader must know."""

    kind: Kind
    schemes: tuple[str, ...] = ()
    format: int = LIST_FORMAT
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Keys and values as they stand on the hidden sheet."""
        return [
            ("kind", str(self.kind)),
            ("format", str(self.format)),
            *(("scheme", scheme) for scheme in self.schemes),
            *self.more.items(),
        ]


def mark_in(rows: Sequence[Sequence[object]]) -> Mark | None:
    """The mark on a hidden sheet; None where it says nothing that is known."""
    pairs = [(str(row[0]).strip(), str(row[1]).strip()) for row in rows if len(row) > 1 and None not in row[:2]]
    values = dict(pairs)
    kind = values.pop("kind", "")
    if kind not in set(Kind):
        return None
    number = values.pop("format", "").removesuffix(".0")
    values.pop("scheme", None)
    schemes = tuple(text for key, text in pairs if key == "scheme")
    return Mark(Kind(kind), schemes, int(number) if number.isdecimal() else 0, values)
