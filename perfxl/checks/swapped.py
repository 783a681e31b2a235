"""Two neighbouring cells whose contents may stand in each other's place: tried where several findings speak of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from perfxl.checks.covers import LESS, MORE
from perfxl.checks.finding import Finding
from perfxl.intake.submission import Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.template_layout import field_id
from perfxl.scheme.funds import fund_cell, fund_key
from perfxl.scheme.model import Scheme
from perfxl.submission.document import spec_of
from perfxl.submission.values import Trouble, read_value

_SUM, _WEIGHTS, _LEVEL = "E202", "E302", "W306"
_SCORED = frozenset({MORE, LESS})
_ALIKE = frozenset(
    {"E101", "E102", "E104", "E105", "E201", "E203", "W204", "W205", "W206", "E207", "W209", "W308", "W309",
     "W312", "E305", "E401", "E402", "W405", "E851", "W852", "E853", "W854", "E855", "W856", "E857", "W858"}
) | {_SUM, _WEIGHTS, _LEVEL, *_SCORED}  # fmt: skip
"""Findings that two contents in each other's place bring; others are no sign of it."""
_MOST = 6
"""Pairs that are tried for a workbook, those of which most findings speak: each costs as much as all checks of it."""

Pair = tuple[FieldId, FieldId]


def swaps(submission: Submission, findings: Sequence[Finding], scheme: Scheme) -> list[Pair]:
    """Neighbours, beside or below each other, from which at least two of the findings may come."""
    about: dict[FieldId, set[int]] = {}
    blamed = {name for finding in findings for name in finding.fields}
    for number, finding in enumerate(findings):
        if finding.code in _ALIKE:
            for name in _cells_of(finding, submission, scheme):
                about.setdefault(name, set()).add(number)
    told: dict[Pair, tuple[int, int, bool]] = {}
    for one, other in _neighbours(submission) if about else ():
        numbers = about.get(one, set()) | about.get(other, set())
        # Where all scores are too high, no two contents are in each other's place: one would be too low.
        if len(numbers) > 1 and {findings[number].code for number in numbers} != {MORE}:
            told[one, other] = len(numbers), (one in blamed) + (other in blamed), one in about and other in about
    likely = sorted(told, key=lambda pair: told[pair], reverse=True)
    return list(islice((pair for pair in likely if _may_be_swapped(submission, pair)), _MOST))


def _cells_of(finding: Finding, submission: Submission, scheme: Scheme) -> Iterator[FieldId]:
    """The cells that a finding may come from: the funds' column or row, the row of a table, all weights, what a score
    is computed from.
    """
    table = scheme.funds_table
    for name in finding.fields:
        own, key, _ = name
        if own == "facts" and (cell := fund_cell(key)) is not None:
            row, column = cell
            if finding.code == _SUM:
                yield from (("facts", item.fact(column), VALUE) for item in table.rows)
            else:
                yield from (("facts", fund_key(row, item), VALUE) for item in table.columns)
        elif finding.code == _LEVEL:
            yield from (("kpis", key, column) for column in ("level1", "level2"))
        elif own in ("kpis", "tasks", "scores"):
            yield from (other for other in submission.fields if other[:2] == name[:2])
            if finding.code == _WEIGHTS:
                yield from (("kpis", row, "weight") for row in submission.rows("kpis"))
            if finding.code in _SCORED and key in scheme.indicator_by_code:
                facts = scheme.facts_of[key]
                yield from (("facts", fact, VALUE) for fact in facts)
        else:
            yield name
            fact = scheme.fact_by_key.get(key) if own == "facts" else None
            if fact is not None and fact.part_of:
                yield ("facts", fact.part_of, VALUE)


def _neighbours(submission: Submission) -> Iterator[Pair]:
    """Cells of one block that stand beside or below each other."""
    for block in submission.layout.blocks:
        if block.table == "identity":
            continue
        keys = submission.rows(block.table) if block.open else [line.key for line in block.lines]
        names = [[field_id(block, key, column.key) for column in block.inputs()] for key in keys]
        beside = (pair for row in names for pair in pairwise(row))
        below = (pair for upper, lower in pairwise(names) for pair in zip(upper, lower, strict=True))
        for one, other in (*beside, *below):
            if one in submission.fields and other in submission.fields:
                yield one, other


def _may_be_swapped(submission: Submission, pair: Pair) -> bool:
    """Whether each content could stand in the other's place. How a KPI's values are read depends on their row."""
    one, other = (submission.fields[name] for name in pair)
    if one.raw == other.raw or not submission.official.keys().isdisjoint(pair):
        return False
    if Trouble.NO_PLACE in (one.reading.trouble, other.reading.trouble):
        return False
    specs = [spec_of(submission.layout, name) for name in pair]
    return all(
        spec is not None and (spec.type == "value" or read_value(cell.raw, spec).trouble is None)
        for spec, cell in zip(specs, (other, one), strict=True)
    )
