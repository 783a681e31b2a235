"""Where a finding's cell is in the copy that goes back to its department (退回修改)."""

from __future__ import annotations

from perfxl.checks.finding import Finding
from perfxl.layout import Place, layout_of
from perfxl.results.batch import Batch
from perfxl.results.cells import Link
from perfxl.results.names import quoted
from perfxl.results.returned import RETURNED_FOLDER
from perfxl.scheme.model import Scheme

ROWS_STEP = 100


def copy_link(batch: Batch, scheme: Scheme, finding: Finding) -> Link | None:
    """A link to the finding's first field in the copy, or to the copy where it has none; None without a copy."""
    name = batch.copies.get(finding.file)
    if name is None:
        return None
    place = _place(scheme, finding.fields[0]) if finding.fields else None
    anchor = f"#{quoted(place.sheet)}!{place.cell}" if place else ""
    return Link(f"external:{RETURNED_FOLDER}/{name}{anchor}", "打开" if place is None else place.cell)


def _place(scheme: Scheme, field: tuple[str, str, str]) -> Place | None:
    layout = layout_of(scheme)
    keyed = layout.keyed(field)
    if keyed not in layout.places and field[0] in layout.open_specs and field[1].isdigit():
        # A copy has as many rows as its department filled.
        rows = -(-int(field[1]) // ROWS_STEP) * ROWS_STEP
        layout = layout_of(scheme, rows, rows)
    return layout.places.get(keyed)
