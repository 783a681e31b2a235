"""Workbooks for tests, made as departments make them: `fill` of a document, then a change by hand."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from perfxl.checks.finding import Finding
from perfxl.intake.discover import Found
from perfxl.layout import Layout, layout_of
from perfxl.layout.fields import FieldId
from perfxl.run.chunk import Scored, process_one
from perfxl.scheme.model import Scheme
from perfxl.template.fill import fill_template
from perfxl.workbook.limits import Limits

Document = dict[str, Any]
Edit = Callable[[Document], None]
_FILLED: dict[tuple[str, Scheme], bytes] = {}
_MOST_FILLED = 100


def edited(document: Document, *edits: Edit) -> Document:
    """A copy of a document with some edits done to it."""
    changed = copy.deepcopy(document)
    for edit in edits:
        edit(changed)
    return changed


def put(path: str, value: Any) -> Edit:
    """An edit that sets one leaf: `put("facts.contracts_total", "3")`, `put("kpis.0.weight", None)`."""

    def edit(document: Document) -> None:
        *parents, last = _split(path)
        holder: Any = document
        for name in parents:
            holder = holder[int(name)] if isinstance(holder, list) else holder[name]
        holder[last] = value

    return edit


def _split(path: str) -> list[str]:
    """Fact keys hold dots themselves, so what follows `facts.` is one name."""
    if path.startswith("facts."):
        return path.split(".", 1)
    return path.split(".")


def filled(document: Document, scheme: Scheme, path: Path) -> Path:
    """A workbook filled from a document; one that was filled before is copied."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = json.dumps(document), scheme
    if key in _FILLED:
        path.write_bytes(_FILLED[key])
        return path
    fill_template(document, scheme, path, path.name)
    if len(_FILLED) >= _MOST_FILLED:
        _FILLED.clear()
    _FILLED[key] = path.read_bytes()
    return path


def by_hand(path: Path, change: Callable[[Workbook], None]) -> Path:
    """Changes a workbook as a person would in Excel. What openpyxl loses (drop-downs) no reader needs."""
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def cell_of(scheme: Scheme, field: FieldId) -> tuple[str, str]:
    """Sheet and cell of a field in an untouched template; rows of open tables by their number."""
    layout: Layout = layout_of(scheme)
    table, key, column = field
    if table in layout.open_specs:
        block = layout.block(table)
        line = block.lines[int(key) - 1]
        return block.sheet, block.place(line, column).cell
    place = layout.places[field]
    return place.sheet, place.cell


def process(path: Path, scheme: Scheme) -> Scored:
    """What a run makes of one file."""
    return process_one(Found(path, path.name), scheme, Limits())


def codes(findings: list[Finding]) -> list[str]:
    """The codes of findings, sorted."""
    return sorted(finding.code for finding in findings)
