"""Text of several looks: what stands there, and what a person reads who leaves out what is struck out or raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfxl.workbook.container import damaged
from perfxl.workbook.hardened_xml import truth

_DEEPEST = 4


@dataclass
class RichText:
    """A text, told element by element without the one that holds it."""

    runs: list[tuple[str, bool]] = field(default_factory=list)
    odd: bool = False
    depth: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element inside the text begins. Raises RefusalError where one lies deeper than any text has it."""
        if name == "r":
            self.odd = False
        elif name == "strike":
            self.odd = self.odd or truth(attributes.get("val", "1"))
        elif name == "vertAlign":
            self.odd = self.odd or attributes.get("val") in ("superscript", "subscript")
        self.depth.append(name)
        if len(self.depth) > _DEEPEST:
            raise damaged()

    def end(self, name: str, words: str) -> None:
        """An element ends. words: the text in it, where it is one of text."""
        self.depth.pop()
        if name == "t" and "rPh" not in self.depth:
            self.runs.append((words, self.odd and "r" in self.depth))

    def texts(self) -> tuple[str, str]:
        """The whole text, and the part of it that is neither struck out nor raised or lowered."""
        return "".join(text for text, _ in self.runs), "".join(text for text, odd in self.runs if not odd)
