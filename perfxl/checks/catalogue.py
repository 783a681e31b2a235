"""The catalogue of checks: each declares its condition and its words once.

A check is a function from the tables of a chunk to its hits: each names its file, table, key and field (the cell to
blame; table "" where no cell applies) and whatever its words need. It is registered with its code, severity, title,
message (where and what is wrong), advice (what to do) and, where that can be said, what was expected. `{label}` and
`{value}` in the words are the cell's own. A check is found by standing in a module of this folder; the
findings that the template shows too (`perfxl.findings`) are in the catalogue by being declared.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache, partial
from typing import Any

import perfxl.checks
from perfxl.checks.covers import (
    COVERS,
    NO_WHOLE,
    PERCENT,
    SOME_WEIGHTS,
    Covers,
    Slip,
    Slips,
    by_missing_weights,
    by_percent,
    by_wrong_fact,
    by_zero,
)
from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Finding, Severity
from perfxl.checks.merging import merged
from perfxl.checks.one_slip import told_once
from perfxl.checks.shared import hits_of
from perfxl.checks.table_rows import OFFICIAL, Hit
from perfxl.decimals import plain
from perfxl.findings import FindingKind, shared_findings
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout import Layout
from perfxl.layout.fields import FieldId
from perfxl.submission.document import spec_of
from perfxl.submission.values import as_written

Condition = Callable[[Tables], Iterable[Hit]]
CELL = frozenset({"file", "table", "key", "field", "fields", OFFICIAL, COVERS})
BUREAU = "不用部门修改；请财政部门核对，其他数据是否也要更正"


@dataclass(frozen=True, kw_only=True)
class Check(Declaration):
    """One declaration of the catalogue. stage: a file with an error of an earlier stage is not asked further."""

    stage: int
    condition: Condition


_CHECKS: dict[str, Check] = {}


def check(
    code: str,
    severity: Severity,
    title: str,
    *,
    message: str,
    advice: str,
    expected: str = "",
    stage: int = 2,
) -> Callable[[Condition], Condition]:
    """Registers a condition under its code. Codes are unique."""

    return check_of(FindingKind(code, severity, title, message, advice, expected), stage)


def check_of(kind: FindingKind, stage: int = 2) -> Callable[[Condition], Condition]:
    """`check` for a kind of finding whose words stand where the template finds them too."""

    def register(condition: Condition) -> Condition:
        if kind.code in _CHECKS:
            raise ValueError(f"check {kind.code} is declared twice")
        _CHECKS[kind.code] = _check(kind, stage, condition)
        return condition

    return register


def _check(kind: FindingKind, stage: int, condition: Condition) -> Check:
    words = (getattr(kind, field.name) for field in fields(FindingKind))
    return Check(*words, stage=stage, condition=condition)


def catalogue() -> tuple[Check, ...]:
    """Every check of a workbook, in the order of the codes."""
    _import_all(tuple(perfxl.checks.__path__))
    found = list(_CHECKS.values())
    found += (_check(item.kind, 2, partial(hits_of, item)) for item in shared_findings() if not item.only_shown)
    return tuple(sorted(found, key=lambda item: (item.code[1:], item.code[0])))


@cache
def _import_all(folders: tuple[str, ...]) -> None:
    for module in pkgutil.iter_modules(folders):
        importlib.import_module(f"{perfxl.checks.__name__}.{module.name}")


def check_submissions(tables: Tables) -> list[Finding]:
    """All findings of the submissions of a chunk, by file in its order, then by check."""
    if not tables.submissions:
        return []
    left = told_once(_found(tables), tables, _found, partial(label_of, layout=tables.layout))
    return [finding for findings in left.values() for finding in merged(findings)]


def _found(tables: Tables) -> dict[str, Sequence[Finding]]:
    """The findings by file, without those that a slip explains which a check has found as what it is."""
    found: dict[str, list[Finding]] = {file: [] for file in tables.submissions}
    stopped: dict[str, int] = {}
    slips = Slips()
    for item in sorted(catalogue(), key=lambda item: item.stage):
        for hit in item.condition(tables):
            file = hit["file"]
            if stopped.get(file, item.stage) < item.stage:
                continue
            finding = _finding(item, hit, tables.submissions[file], tables.layout)
            found[file].append(finding)
            if (covers := _covers(item, hit, tables)) is not None:
                slips.add(file, Slip(finding.code, finding.severity, covers))
            if item.severity is Severity.ERROR and item.stage < 2:
                stopped[file] = item.stage
    return {file: slips.without_consequences(file, findings, tables.scheme) for file, findings in found.items()}


def _covers(item: Check, hit: Hit, tables: Tables) -> Covers | None:
    if item.code == PERCENT:
        owner = tables.scheme.kpi_indicator.get(
            str(tables.submissions[hit["file"]].value("kpis", hit["key"], "level1"))
        )
        return by_percent(hit["key"], owner.code if owner else None)
    if item.code == NO_WHOLE:
        return by_zero(tables.scheme, hit["key"], str(hit["indicators"]))
    if item.code == SOME_WEIGHTS:
        return by_missing_weights(tables.submissions[hit["file"]])
    covers: Covers | None = hit.get(COVERS)
    if covers is None and item.severity is Severity.ERROR and hit["table"] == "facts":
        return by_wrong_fact(tables.scheme, hit["key"])
    return covers


def _finding(item: Check, hit: Hit, submission: Submission, layout: Layout) -> Finding:
    sheet = cell = ""
    blamed: tuple[FieldId, ...] = tuple(hit.get("fields", ()))
    words: dict[str, Any] = {name: _word(content) for name, content in hit.items() if name not in CELL}
    if hit["table"]:
        field: FieldId = (hit["table"], hit["key"], hit["field"])
        blamed = (field,)
        words["label"] = label_of(field, submission, layout)
        spec = spec_of(layout, field)
        words["choices"] = "、".join(spec.choices) if spec else ""
        content = submission.fields.get(field)
        place = content.place if content else layout.places.get(layout.keyed(field))
        if place is not None:
            sheet, cell = submission.cells.titles.get(place.sheet, place.sheet), place.cell
        words.setdefault("value", as_written(content.raw) if content else "")
    elif "sheet" in hit:
        sheet, cell = str(hit["sheet"]), str(hit.get("cell", ""))
    department = submission.text("department.project") or submission.text("department.name")
    finding = item.finding(str(hit["file"]), department, words, sheet=sheet, cell=cell, fields=blamed)
    if hit.get(OFFICIAL) and item.severity is Severity.ERROR:
        # A workbook does not go back for what the bureau itself has put in.
        message = f"{finding.message}（其中有财政部门的数据）"
        return replace(finding, severity=Severity.WARNING, message=message, advice=BUREAU)
    return finding


def label_of(field: FieldId, submission: Submission, layout: Layout) -> str:
    """How a message names a field: with the name of its row where it stands in a table."""
    table, key, column = field
    spec = spec_of(layout, field)
    label = spec.label if spec else column
    if table in layout.open_specs:
        name = submission.value(table, key, "name")
        return f"“{name}”的{label}" if name else f"第 {key} 项的{label}"
    if table == "scores":
        indicator = layout.scheme.indicator_by_code.get(key)
        return f"{key} {indicator.name if indicator else ''}的{label}"
    return f"“{label}”"


def _word(content: Any) -> str:
    if isinstance(content, Decimal):
        return plain(content)
    return "" if content is None else str(content)
