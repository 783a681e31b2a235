"""Where a watch says what happens."""

from __future__ import annotations

from typing import Protocol

from perfxl.status import Status


class Screen(Protocol):
    """Lines for a person."""

    def say(self, line: str, status: Status | None = None) -> None:
        """A line. status: of the file that it is about."""

    def busy(self, stage: str, done: int, total: int) -> None:
        """How far a run is."""
