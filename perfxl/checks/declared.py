"""A check as it is declared, once: its code, its severity and its words."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from perfxl.checks.finding import Finding
from perfxl.findings import FindingKind

LONGEST_WORD = 200


def shortened(text: str) -> str:
    """What a message quotes of a text: enough to know it again."""
    return text if len(text) <= LONGEST_WORD else f"{text[: LONGEST_WORD - 1]}…"


@dataclass(frozen=True)
class Declaration(FindingKind):
    """A kind of finding that a run makes; a hit fills the {names} of its words."""

    def finding(
        self,
        file: str,
        department: str,
        words: Mapping[str, Any],
        *,
        sheet: str = "",
        cell: str = "",
        fields: tuple[tuple[str, str, str], ...] = (),
    ) -> Finding:
        """The finding of one hit; `value` among the words is what was written."""
        words = {name: shortened(word) if isinstance(word, str) else word for name, word in words.items()}
        message, advice, expected = (text.format_map(words) for text in (self.message, self.advice, self.expected))
        # What is the same in thousands of findings is kept and sent to other processes once.
        file, department, sheet, advice = map(sys.intern, (file, department, sheet, advice))
        return Finding(
            self.code, self.severity, self.title, file, department, sheet, cell, str(words.get("value", "")), expected,
            message, advice, fields,
        )  # fmt: skip
