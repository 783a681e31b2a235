"""Findings that template and run share: each a function that says where one can be made and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfxl.findings.condition import Condition
from perfxl.findings.in_excel import Value
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

    def cases_in(self, layout: Layout) -> Iterator[Case]:
        """The cases of a template that has all that they ask for: what a stage of the year does not ask has none."""
        return (case for case in self.cases(layout) if _has(layout, case))


def _has(layout: Layout, case: Case) -> bool:
    if case.table not in _TABLES:
        return True
    if not layout.has(case.table):
        return False
    if case.table == "scores":
        return True
    columns = {column.key for column in layout.block(case.table).columns}
    blamed = {case.blamed} if isinstance(case.blamed, str) else set()
    return {name for name in named(case.condition) if name not in RANGES} | blamed <= columns


_TABLES = ("kpis", "tasks", "scores")
"""Tables that a scheme, or a stage of the year, may be without."""
LEVELS1, LEVELS2, RESULTS = RANGES = ("kpi_levels1", "kpi_levels2", "kpi_results")
"""Ranges of the template, asked for as if they were cells: first levels, the second levels that belong to them beside
each, and the qualitative results."""


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
