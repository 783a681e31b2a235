"""What a template takes in whole, a chart or a picture: markup of our own, with the parts of the package it needs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple


class Part(NamedTuple):
    """A part that a document gets beside those of its template. key: of the relationship from the main document.

    kind: its content type, empty where the ending of its name says it. relation: the type of the relationship, empty
    where the main document has none with it (a chart's own workbook).
    """

    key: str
    name: str
    kind: str
    relation: str
    content: bytes


class Parts:
    """The parts that a document gets while its template is filled. taken: names that the template has already."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.added: list[Part] = []
        self._taken = {name.casefold() for name in taken}

    def free(self, pattern: str) -> str:
        """A name that no part has: `word/charts/chart{}.xml` with the first number that is free."""
        return next(name for number in count(1) if (name := pattern.format(number)).casefold() not in self._taken)

    def add(self, name: str, content: bytes, kind: str = "", relation: str = "") -> str:
        """Takes in a part; the id of the relationship from the main document."""
        key = f"rIdX{len(self.added) + 1}"
        self.added.append(Part(key, name, kind, relation, content))
        self._taken.add(name.casefold())
        return key


class Insert:
    """Stands in a template alone in its paragraph, as `{{p 名称 }}`."""

    @abstractmethod
    def markup(self, parts: Parts) -> str:
        """The paragraphs or tables (WordprocessingML) that take the place of the paragraph."""


@dataclass(frozen=True)
class Placed:
    """An insert on its way into a document: its parts come in where, and as often as, the template has it."""

    insert: Insert
    parts: Parts

    def markup(self) -> str:
        """Its markup, with parts of its own."""
        return self.insert.markup(self.parts)
