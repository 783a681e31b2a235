"""What of a scheme does not apply to the department of a workbook: of its cells nothing is asked and nothing is said.

That hangs on the category as the workbook has it, and on the indicators that it declares to be 不适用.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from perfxl.caches import cached
from perfxl.intake.cell import Cell
from perfxl.layout import Layout
from perfxl.layout.fields import NOT_APPLICABLE, VALUE, FieldId
from perfxl.outcome.applicable import applying, fact_applies
from perfxl.scheme.model import Scheme
from perfxl.submission.values import Reading, as_written
from perfxl.text import is_blank


@dataclass(frozen=True, slots=True)
class Applying:
    """What applies to one department. codes: of the indicators. aside: table and key of the rows that do not apply."""

    codes: frozenset[str]
    aside: frozenset[tuple[str, str]]


def set_aside(fields: Mapping[FieldId, Cell], layout: Layout) -> Applying | None:
    """Takes the troubles from the cells that do not apply. None where all do, whoever the department is."""
    scheme = layout.scheme
    if not scheme.restricted:
        return None
    category = _text(fields, ("identity", "department.category", VALUE))
    declared = [
        item.code
        for item in scheme.indicators
        if item.declared and _text(fields, ("scores", item.code, "self")) == NOT_APPLICABLE
    ]
    codes = applying(scheme, category, declared)
    facts = _facts_aside(scheme, category, codes)
    if not facts and len(codes) == len(scheme.indicators):
        return Applying(codes, frozenset())
    rows = {(table, key) for table, key, _ in fields}
    aside = frozenset(row for row in rows if not _applies(*row, fields, scheme, codes, facts))
    for (table, key, _), cell in fields.items():
        if (cell.reading.trouble or cell.reading.note) and (table, key) in aside:
            cell.reading = _as_it_stands(cell)
    return Applying(codes, aside)


@cached(maxsize=256)
def _facts_aside(scheme: Scheme, category: str, codes: frozenset[str]) -> frozenset[str]:
    """The plain facts that do not apply; departments of one category are mostly alike."""
    return frozenset(key for key in scheme.fact_by_key if not fact_applies(scheme, key, category, codes))


def _applies(
    table: str,
    key: str,
    fields: Mapping[FieldId, Cell],
    scheme: Scheme,
    codes: frozenset[str],
    facts_aside: Collection[str],
) -> bool:
    if table == "facts":
        return key not in facts_aside
    if table == "scores":
        return key in codes
    if table == "kpis":
        owner = scheme.kpi_indicator.get(_text(fields, ("kpis", key, "level1")))
        return owner is None or owner.code in codes
    return True


def _text(fields: Mapping[FieldId, Cell], name: FieldId) -> str:
    cell = fields.get(name)
    return cell.reading.value if cell is not None and isinstance(cell.reading.value, str) else ""


def _as_it_stands(cell: Cell) -> Reading:
    """What a cell was read as, without a word on it; where it gave no value, what is written there."""
    if cell.reading.trouble is None:
        return Reading(cell.reading.value)
    return Reading(None if is_blank(cell.raw) else as_written(cell.raw))
