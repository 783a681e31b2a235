"""Cells to readings, field by field, with what one field means for its neighbours in a KPI row."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.layout import Layout
from perfxl.layout.fields import NOT_APPLICABLE, FieldId, FieldSpec
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.scheme.model import Scheme
from perfxl.submission.document import spec_of
from perfxl.submission.values import Reading, Trouble, leaf, read_value
from perfxl.text import fold
from perfxl.workbook.sheet_cells import Raw


def read_fields(cells: Mapping[FieldId, Raw], layout: Layout) -> dict[FieldId, tuple[Raw, Reading]]:
    """What each cell says. cells: the raw content of every cell of a field; those of unknown fields are left out."""
    readings: dict[FieldId, tuple[Raw, Reading]] = {}
    context: dict[str, tuple[str, bool | None, tuple[str, ...]]] = {}
    for field, raw in cells.items():
        spec = spec_of(layout, field)
        if spec is None:
            continue
        table, row, column = field
        if table != "kpis" or not (spec.type == "value" or spec.numeric):
            reading = read_value(raw, spec)
            if reading.trouble == Trouble.NOT_NUMBER and table == "scores" and _says_not_applicable(raw):
                reading = Reading(None, Trouble.NOT_APPLICABLE)
            readings[field] = raw, reading
            continue
        if row not in context:
            context[row] = _row_context(cells, row, layout.open_specs["kpis"], layout.scheme)
        unit, qualitative, signs = context[row]
        # "≥35" as a target says its symbol twice; as an actual value it is no certain number.
        own = signs if column == "target" else ()
        readings[field] = raw, read_value(raw, spec, unit=unit, qualitative=qualitative, signs=own)
    return readings


def _says_not_applicable(raw: Raw) -> bool:
    return isinstance(raw, str) and fold(raw) == NOT_APPLICABLE


def _row_context(
    cells: Mapping[FieldId, Raw], row: str, specs: Mapping[str, FieldSpec], scheme: Scheme
) -> tuple[str, bool | None, tuple[str, ...]]:
    """Unit of a KPI row, whether its symbol asks for words (None where it cannot be told), writings of its symbol."""
    unit = cells.get(("kpis", row, "unit"))
    symbol = read_value(cells.get(("kpis", row, "symbol")), specs["symbol"]).value
    direction = scheme.kpi_method.symbols.get(str(symbol))
    signs = next(((item.symbol, *item.aliases) for item in scheme.symbols if item.symbol == symbol), ())
    asks_for_words = None if direction is None else direction == QUALITATIVE
    return (unit if isinstance(unit, str) else ""), asks_for_words, signs


def texts(readings: Mapping[FieldId, tuple[Raw, Reading]]) -> dict[FieldId, str]:
    """The document's text of every field that has one."""
    found = {field: leaf(raw, reading) for field, (raw, reading) in readings.items()}
    return {field: text for field, text in found.items() if text is not None}
