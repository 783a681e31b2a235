"""The bureau's lists that a run used, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.checks.finding import Finding
from perfxl.intake.known_lists import NOT_USED
from perfxl.layout.list_marks import Kind
from perfxl.lists.exemptions import Exemption
from perfxl.results.batch import FileRecord
from perfxl.review.apply import Outcome
from perfxl.run.details import Entry
from perfxl.status import Status

_SHOWN = 3


@dataclass(frozen=True)
class Applied:
    """What a batch came to, as far as lists ask. entries: the files that count. exemptions: those that were used.

    notices: of the lists' lines without effect (W606). reviewed: what the reviews came to.
    """

    entries: Sequence[Entry]
    exemptions: frozenset[Exemption] = frozenset()
    notices: Sequence[Finding] = ()
    reviewed: Outcome = field(default_factory=Outcome)


@dataclass(frozen=True)
class Effect:
    """How many lines of a list took effect, and a few words on each that did not."""

    lines: int
    without: Sequence[str] = ()


@dataclass(frozen=True)
class UsedList:
    """A list that a run used. file: where it stands; path: the same as it is shown. lines: filled ones.

    effect: how many lines took effect, by what the batch came to. early: the same where it is known from the start.
    refused: why it is not used after all, empty where it is.
    """

    kind: Kind
    file: Path
    sha256: str
    bytes: int
    lines: int
    effect: Callable[[Applied], Effect]
    early: int | None = None
    refused: str = ""

    @property
    def path(self) -> str:
        """As it is shown."""
        return self.file.as_posix()

    @property
    def told(self) -> str:
        """What is told when the run begins."""
        if self.refused:
            return f"注意：{self.kind.label}没有采用：{self.file}。{self.refused}"
        known = "" if self.early is None else f"，{self.early} 行生效"
        return f"使用{self.kind.label}：{self.file}（{self.lines} 行{known}）"

    def record(self, applied: Applied) -> FileRecord:
        """Its line in the list of files."""
        if self.refused:
            reason = f"{NOT_USED}：{self.refused}"
            return FileRecord(self.path, self.sha256, self.bytes, Status.LIST, "", reason)
        effect = self.effect(applied)
        reason = f"已采用：{self.lines} 行，{effect.lines} 行生效"
        if effect.without:
            more = f"等 {len(effect.without)} 行" if len(effect.without) > _SHOWN else ""
            reason += f"；没有生效：{'；'.join(effect.without[:_SHOWN])}{more}"
        return FileRecord(self.path, self.sha256, self.bytes, Status.LIST, "", reason)


def fixed(lines: int, without: Sequence[str] = ()) -> Callable[[Applied], Effect]:
    """The effect that is known from the start."""
    return lambda applied: Effect(lines, without)
