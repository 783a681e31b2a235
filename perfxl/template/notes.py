"""Red notes beside cells that break a rule: the findings that a run makes too, as formulas and the same computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from perfxl.findings import FindingKind, shared_findings
from perfxl.findings.declare import Case, named
from perfxl.findings.in_excel import Cell, Value
from perfxl.layout import Layout
from perfxl.references import literal

Subject = TypeVar("Subject")

SIGN = "！"
"""Every note begins with it: red is not all that tells it from a hint."""
LONGEST, MOST = 7_000, 40
"""Length and depth of a formula that leaves room for what stands around it; Excel takes 8192 and 64."""


@dataclass(frozen=True)
class Note(Generic[Subject]):
    """text: what is shown. formula: when, over cells. holds: the same over what the cells hold."""

    kind: FindingKind
    text: str
    formula: str
    holds: Callable[[Subject], bool]


def note(
    kind: FindingKind, formula: str, holds: Callable[[Subject], bool], *, more: str = "", about: str = ""
) -> Note[Subject]:
    """A note that shows the title of a finding. about: what it speaks of. more: what is to be said behind it."""
    about = f"（{about}）" if about else ""
    return Note(kind, f"{SIGN}{kind.title}{about}{'：' if more else ''}{more}", formula, holds)


def shared_notes(
    layout: Layout,
    cell: Cell,
    values: Callable[[Subject], Value],
    applies: Callable[[Case], bool],
    *,
    has: Callable[[str], bool] = lambda name: True,
) -> list[Note[Subject]]:
    """The notes of the shared findings, in the order of their declarations.

    cell: where a field stands. values: what the fields of a subject hold. applies: the cases to show here. has:
    whether there is such a field here; what asks for one that is not is left out.
    """
    return [
        _note_of(kind, case, cell, values)
        for kind, case in layout.once(_cases)
        if applies(case) and all(map(has, named(case.condition)))
    ]


def _cases(layout: Layout) -> list[tuple[FindingKind, Case]]:
    return [(item.kind, case) for item in shared_findings() for case in item.cases_in(layout)]


def _note_of(kind: FindingKind, case: Case, cell: Cell, values: Callable[[Subject], Value]) -> Note[Subject]:
    advice = "" if case.advised is None else kind.advice.format_map(case.advised)
    condition = case.condition
    return note(
        kind,
        condition.formula(cell),
        lambda subject: condition.holds(values(subject), as_shown=True),
        about=case.about,
        more=case.more or advice,
    )


def fitting(notes: Sequence[Note[Subject]]) -> Sequence[Note[Subject]]:
    """The notes of a cell as far as one formula can ask them: of a hundred alike the first ones will do."""
    length, kept = 0, []
    for item in notes[:MOST]:
        length += len(item.formula) + len(item.text) + len('IF(,"",)')
        if length <= LONGEST:
            kept.append(item)
    return kept


def first(notes: Sequence[Note[Subject]], otherwise: str = '""') -> str:
    """An Excel expression: the first note that holds, else another expression."""
    expression = otherwise
    for item in reversed(notes):
        expression = f"IF({item.formula},{literal(item.text)},{expression})"
    return expression


def first_value(notes: Iterable[Note[Subject]], subject: Subject, otherwise: str = "") -> str:
    """`first`, computed."""
    return next((item.text for item in notes if item.holds(subject)), otherwise)


def each(notes: Sequence[Note[Subject]]) -> list[str]:
    """Excel expressions: each note with a full stop where it holds, else an empty text."""
    return [f'IF({item.formula},{literal(f"{item.text}。")},"")' for item in notes]


def each_value(notes: Iterable[Note[Subject]], subject: Subject) -> list[str]:
    """`each`, computed."""
    return [f"{item.text}。" if item.holds(subject) else "" for item in notes]
