"""Findings that template and run share: each a function that says where one can be made and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfxl.findings.condition import Condition, Value
from perfxl.findings.kind import FindingKind, Severity
from perfxl.layout import Layout

Words = Callable[[Value], Mapping[str, object]]


def _no_words(of: Value) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One place in which a finding can be made.

    table: facts, kpis, tasks or scores. blamed: in facts the key of the fact, else the column of the row, which may
    depend on what stands there. condition: over facts by their keys, over a row by the keys of its columns. words: what
    message, advice and expected need of the row. about: what the note speaks of. more: what it says behind the title.
    advised: what the advice needs, where the note gives that behind the title. beside: notes of facts stand beside the
    cell, others below the table. row: the one row of the table, by its key; empty for every row. Cases of a finding
    that share one condition differ in their rows only, and a run asks them at once. indicator: the code of that which
    a finding on a fact speaks of, where it may not apply. after: the condition of a graver finding on the same cell,
    which a run then does not repeat; the template shows the first of a row only.
    """

    table: str
    blamed: str | Callable[[Value], str]
    condition: Condition
    words: Words = _no_words
    about: str = ""
    more: str = ""
    advised: Mapping[str, object] | None = None
    beside: bool = True
    row: str = ""
    indicator: str = ""
    after: Condition | None = None


Cases = Callable[[Layout], Iterable[Case]]


@dataclass(frozen=True)
class SharedFinding:
    """A finding with its cases. only_shown: the run finds it in another way (while reading cells, over groups)."""

    kind: FindingKind
    cases: Cases
    only_shown: bool = False


_SHARED: list[SharedFinding] = []


def finding(
    code: str, severity: Severity, title: str, *, message: str, advice: str, expected: str = ""
) -> Callable[[Cases], FindingKind]:
    """Declares a finding that is both shown in the template and reported by a run; gives its kind.

    Notes of one row are asked in the order in which the findings are declared.
    """
    kind = FindingKind(code, severity, title, message, advice, expected)

    def register(cases: Cases) -> FindingKind:
        _SHARED.append(SharedFinding(kind, cases))
        return kind

    return register


def shown_where(kind: FindingKind) -> Callable[[Cases], Cases]:
    """Declares cases in which the template shows a finding that the run makes in another way."""

    def register(cases: Cases) -> Cases:
        _SHARED.append(SharedFinding(kind, cases, only_shown=True))
        return cases

    return register


def declared() -> Sequence[SharedFinding]:
    """All that were declared so far, in order."""
    return tuple(_SHARED)


def named(condition: Condition) -> Iterator[str]:
    """Every field that a condition asks for."""
    yield from condition.numbers()
    yield from condition.others()
