"""Which line of a list spoke first of a department or project, where lines may name it by code, by name or by both."""

from __future__ import annotations

from typing import Any, Protocol


class _Who(Protocol):
    """Of whom a line speaks, free of spelling; what it does not say is empty."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def project(self) -> str: ...


class Firsts:
    """The first line of each department or project: the same code, or the same name where one of two has no code."""

    def __init__(self) -> None:
        self._lines: dict[tuple[object, ...], Any] = {}

    def of(self, of: tuple[str, ...], who: _Who, line: Any) -> Any:
        """The line before that says the same of the same one; line itself where there is none, for those to come."""
        code, named, nameless = (
            (*of, who.project, sort, text) for sort, text in (("code", who.code), ("named", who.name), ("", who.name))
        )
        own = [code, named] if who.code else [nameless]
        asked = [code, nameless] if who.code else [nameless, named]
        found = next((self._lines[key] for key in asked if key[-1] and key in self._lines), line)
        for key in own:
            self._lines.setdefault(key, line)
        return found
