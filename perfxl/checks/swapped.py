"""Two neighbouring cells whose contents may stand in each other's place: tried where several findings speak of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from perfxl.checks.finding import Finding
from perfxl.intake.submission import Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.template_layout import field_id
from perfxl.scheme.model import Scheme
from perfxl.submission.values import Trouble

_SUM, _WEIGHTS = "E202", "E302"
_SCORED = frozenset({"W403", "I404", "W412"})
_MOST = 16
"""Pairs that are tried for a workbook, those of which most findings speak."""

Pair = tuple[FieldId, FieldId]


def swaps(submission: Submission, findings: Sequence[Finding], scheme: Scheme) -> list[Pair]:
    """Neighbours, beside or below each other, one of which every finding of at least two may come from."""
    spoken = Counter[FieldId]()
    about: list[frozenset[FieldId]] = []
    for finding in findings:
        cells = frozenset(_cells_of(finding, submission, scheme))
        about.append(cells)
        spoken.update(cells)
    pairs = [
        pair
        for pair in _neighbours(submission)
        if (pair[0] in spoken or pair[1] in spoken) and _may_be_swapped(submission, pair)
    ]
    told = {pair: sum(not cells.isdisjoint(pair) for cells in about) for pair in pairs}
    likely = [pair for pair in pairs if told[pair] > 1]
    return sorted(likely, key=lambda pair: -told[pair] * 2 - (pair[0] in spoken and pair[1] in spoken))[:_MOST]


def _cells_of(finding: Finding, submission: Submission, scheme: Scheme) -> Iterator[FieldId]:
    """The cells that a finding may come from: the funds' column or row, the row of a table, all weights, what a score
    is computed from.
    """
    table = scheme.funds_table
    of_funds = {row.fact(column): (row, column) for row in table.rows for column in table.columns}
    for name in finding.fields:
        own, key, _ = name
        if own == "facts" and key in of_funds:
            row, column = of_funds[key]
            if finding.code == _SUM:
                yield from (("facts", item.fact(column), VALUE) for item in table.rows)
            else:
                yield from (("facts", row.fact(item), VALUE) for item in table.columns)
        elif own in ("kpis", "tasks", "scores"):
            yield from (other for other in submission.fields if other[:2] == name[:2])
            if finding.code == _WEIGHTS:
                yield from (("kpis", row, "weight") for row in submission.rows("kpis"))
            if finding.code in _SCORED and key in scheme.indicator_by_code:
                facts = scheme.plain_facts(scheme.indicator_by_code[key].rule.facts())
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
    one, other = (submission.fields[name] for name in pair)
    if one.raw == other.raw or not submission.official.keys().isdisjoint(pair):
        return False
    return Trouble.NO_PLACE not in (one.reading.trouble, other.reading.trouble)
