"""The types of all facts of a scheme that is being checked: of the funds table, the facts table, and derived ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.rules.base import NUMBERS
from perfxl.scheme.funds import STANDARD_COLUMNS, fund_key
from perfxl.scheme.lines import Draft
from perfxl.scheme.model import FACT_TYPE_WORDS, FACT_TYPES

DERIVED = "derived"
"""Stands for the type of a derived fact, which is a number."""
TYPE_WORDS = dict(zip(FACT_TYPES, FACT_TYPE_WORDS, strict=True)) | {DERIVED: "计算事项"}


@dataclass(frozen=True)
class FactTypes:
    """The type of every fact by key, None where it does not fit, `derived` of derived ones. sure: all are known."""

    types: Mapping[str, str | None]
    sure: bool

    def is_number(self, key: str) -> bool:
        """Whether a fact is a number, as far as its type is known."""
        return self.types.get(key) in (*NUMBERS, DERIVED, None)

    def word(self, key: str) -> str:
        """The type in words."""
        return TYPE_WORDS.get(self.types.get(key) or "", "")


def fact_types(draft: Draft) -> FactTypes:
    """The facts of the draft. Where a key stands twice, that is told elsewhere, and a plain fact goes first."""
    types: dict[str, str | None] = {line["key"]: DERIVED for line in draft.valued("derived", "key")}
    for row in draft.valued("funds", "key"):
        types |= {fund_key(row["key"], name): "money" for name in fund_columns(draft)}
    types |= {line["key"]: line["type"] for line in draft.valued("facts", "key")}
    return FactTypes(types, all(draft.sure(table, "key") for table in ("funds", "fund_columns", "facts", "derived")))


def fund_columns(draft: Draft) -> list[str]:
    """The keys of the columns of the funds table."""
    return [line["key"] for line in draft.valued("fund_columns", "key")] or list(STANDARD_COLUMNS)
