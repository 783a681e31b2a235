"""Notes on facts: what a cell cannot hold, and what facts must agree with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from perfxl.decimals import ZERO
from perfxl.findings import FindingKind
from perfxl.findings import cells as kinds
from perfxl.findings.declare import Case
from perfxl.findings.funds import change_unexplained, low_rate_unexplained
from perfxl.findings.in_excel import Value
from perfxl.layout import Block, Layout
from perfxl.layout.fields import VALUE
from perfxl.layout.template_layout import field_id
from perfxl.references import literal
from perfxl.template.live import Live
from perfxl.template.notes import Note, fitting, note, shared_notes


def cell_notes(layout: Layout, key: str) -> Sequence[Note[Live]]:
    """What can be wrong with the cell of one fact, the first that holds to be shown."""
    return fitting(_cell_notes(layout, key))


def _cell_notes(layout: Layout, key: str) -> list[Note[Live]]:
    where, spec = layout.fact(key), layout.specs["facts", key, VALUE]
    if spec.bureau:
        # Whatever stands there, the department has not written it.
        return []

    def value(live: Live) -> Decimal | str | None:
        return live.value(("facts", key, VALUE))

    def number(live: Live) -> Decimal:
        return live.fact(key) or ZERO

    if spec.choices:
        others = ",".join(f"{where}<>{literal(choice)}" for choice in spec.choices)
        off_list = f"AND(LEN({where})>0,{others})"
        return [note(kinds.OFF_LIST, off_list, lambda live: value(live) not in (None, *spec.choices))]
    if not spec.numeric:
        return []
    found: list[Note[Live]] = [note(kinds.NOT_NUMBER, f"ISTEXT({where})", lambda live: isinstance(value(live), str))]
    if not spec.negative:
        found.append(note(kinds.NEGATIVE, f"N({where})<0", lambda live: number(live) < 0))
    if spec.type == "count":
        not_whole = f"N({where})<>INT(N({where}))"
        found.append(note(kinds.NOT_WHOLE, not_whole, lambda live: number(live) != number(live).to_integral_value()))
    return found + _shared(layout, lambda case: case.beside and case.blamed == key)


def _shared(layout: Layout, applies: Callable[[Case], bool]) -> list[Note[Live]]:
    return shared_notes(layout, layout.fact, _facts, lambda case: case.table == "facts" and applies(case))


def _facts(live: Live) -> Value:
    return lambda key: live.value(("facts", key, VALUE))


def matrix_notes(layout: Layout, block: Block) -> list[Note[Live]]:
    """What can be wrong with the facts of a table, all that hold to be shown below it."""
    keys = [field_id(block, line.key, column)[1] for line in block.lines for column in line.specs]
    found: list[Note[Live]] = []
    for key in keys:
        label, own = layout.scheme.fact_labels[key], cell_notes(layout, key)
        found += [note(item.kind, item.formula, item.holds, about=label) for item in own]
    return found + _shared(layout, lambda case: not case.beside and case.blamed in keys)


def change_note(layout: Layout) -> Note[Live] | None:
    """The budget was changed by more than the scheme's share, and nobody says why; None where no fact is to say it."""
    return _of_kind(layout, change_unexplained)


def rate_note(layout: Layout) -> Note[Live] | None:
    """Less was spent than the scheme's share of the adjusted budget, and nobody says why; None as above."""
    return _of_kind(layout, low_rate_unexplained)


def _of_kind(layout: Layout, kind: FindingKind) -> Note[Live] | None:
    return next((item for item in _shared(layout, lambda case: True) if item.kind is kind), None)
