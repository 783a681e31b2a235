"""Validation alone beside `crease`, a declarative per-cell Excel validator (https://pypi.org/project/crease/).

The same field rules: type, required, not below 0, whole, on the list. They are made from the layout, so both know the
same fields at the same places; crease finds them by the hidden keys as perfxl does, and is called as its page shows.
The workbooks have ten slips, no two alike, and both must tell all of them. perfxl is measured with all that it does
before scoring: looks into the package, moved and relabelled rows, odd spellings, checks between fields. crease stops at
single cells of a sheet that nobody has changed.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.measure import apart, interleaved, median_ratio
from perfxl.checks.catalogue import check_submissions
from perfxl.intake.discover import discover
from perfxl.intake.submission import take_in
from perfxl.intake.submission_tables import tables_of
from perfxl.layout import Block, Layout, layout_of
from perfxl.layout.fields import FieldSpec
from perfxl.layout.grid import END_MARK
from perfxl.run.garbage import gc_paused
from perfxl.scheme import load_scheme
from perfxl.workbook.limits import Limits

CHUNK = 64
NOT_THERE = "crease is not installed (pip install crease): this comparison was left out"
_TYPES = {"money": "number", "number": "number", "points": "number", "count": "integer"}
_CELL_CHECKS = "E1"


@dataclass(frozen=True)
class Validation:
    """Milliseconds of processor time a workbook of each, perfxl's over crease's, and the errors that each found."""

    milliseconds: float
    crease_milliseconds: float
    over_crease: float
    errors: int
    crease_errors: int


def is_there() -> bool:
    """Whether crease can be imported."""
    return find_spec("crease") is not None


def with_perfxl(folder: str) -> int:
    """Reads and checks every workbook of a folder; how many errors of single cells there are."""
    scheme, limits = load_scheme(None), Limits()
    layout = layout_of(scheme)
    found = discover(Path(folder), limits)
    errors = 0
    for start in range(0, len(found), CHUNK):
        # As in a run. What crease does takes no longer with the collector than without.
        with gc_paused():
            intakes = [take_in(item, layout, limits) for item in found[start : start + CHUNK]]
            findings = check_submissions(tables_of(intakes, layout))
        errors += sum(finding.code.startswith(_CELL_CHECKS) for finding in findings)
    return errors


def with_crease(folder: str) -> int:
    """The same with crease, by one template that is made once."""
    import crease  # type: ignore[import-not-found, import-untyped, unused-ignore]

    template = crease.Template.model_validate(crease_template(layout_of(load_scheme(None))))
    errors = 0
    for path in sorted(Path(folder).glob("*.xlsx")):
        _, report = crease.check(str(path), template)
        # Errors without a field are hints about the sheet as a whole; a blank comes twice, as it is read and judged.
        places = [error.loc for error in report.errors()]
        errors += len({(entity, row or 0, field) for entity, row, field in places if field is not None})
    return errors


def measure_validation(folder: Path, count: int, repeats: int) -> Validation | None:
    """Both over a folder of `count` workbooks, one process each; None where crease is not installed."""
    if not is_there():
        return None
    rounds = interleaved(
        repeats, {"ours": partial(apart, with_perfxl, folder), "crease": partial(apart, with_crease, folder)}
    )
    own, other = ([item.processor for item in rounds[name]] for name in ("ours", "crease"))
    return Validation(
        statistics.median(own) * 1000 / count,
        statistics.median(other) * 1000 / count,
        median_ratio(own, other),
        rounds["ours"][0].answer,
        rounds["crease"][0].answer,
    )


def crease_template(layout: Layout) -> dict[str, Any]:
    """The field rules of the layout as a template of crease: an entity for each column of a form, one for a table."""
    forms: dict[tuple[str, int], list[dict[str, Any]]] = {}
    entities = []
    for block in layout.blocks:
        if block.open:
            entities.append(_table(block))
            continue
        for column in block.inputs():
            forms.setdefault((block.sheet, column.col), []).extend(
                _field(f"{line.key}_{column.key}", line.specs[column.key]) | {"source_label": line.key}
                for line in block.lines
                if column.key in line.specs
            )
    for number, ((sheet, col), fields) in enumerate(forms.items()):
        locate = {"tab": sheet, "orientation": "property_sheet", "label_col": 0, "value_col": col}
        entities.append({"name": f"form{number}", "cardinality": "one", "locate": locate, "fields": fields})
    return {"template_id": "perfxl", "description": "perfxl", "null_tokens": [], "entities": entities}


def _table(block: Block) -> dict[str, Any]:
    specs = block.lines[0].specs
    locate = {
        "tab": block.sheet,
        "orientation": "flat",
        "header_row": block.key_row,
        "duplicate_policy": "ignore",
        "data_starts_row": block.first_row,
        "data_ends_at": {"type": "value_match", "column": 0, "value": END_MARK},
        "skip_row_if": [{"all_blank": list(specs)}],
    }
    fields = [_field(key, spec) | {"source_column": key} for key, spec in specs.items()]
    return {"name": block.key, "cardinality": "many", "locate": locate, "fields": fields}


def _field(name: str, spec: FieldSpec) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _TYPES.get(spec.type, "string"), "nullable": not spec.required}
    if field["type"] != "string" and not spec.negative:
        field["minimum"] = 0
    if spec.type in ("choice", "yes_no"):
        field["enum"] = list(spec.choices)
    return field
