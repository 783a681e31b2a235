"""One slip, one finding, for single cells: findings that one other value would make vanish together are told once.

The checks themselves say what follows from what: they are asked again with a cell put right (see `corrections`). What
is left of the findings that vanish is the gravest, so that a workbook with an error always keeps one. Where none is an
error the workbook is scored as it is: that another score counts than the department's own is told in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from perfxl.checks.corrections import Correction, corrections
from perfxl.checks.finding import Finding, Severity, by_severity
from perfxl.decimals import plain
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.submission.reading import read_fields
from perfxl.submission.values import Reading, as_written

Found = Mapping[str, Sequence[Finding]]
Key = tuple[object, ...]
Name = Callable[[tuple[str, str, str], Submission], str]
_WEIGHTS = "E302"
_SHOWN = frozenset({"W701", "I702", "W703", "I022"})
"""Findings on what formulas show, which still is what they made of the slip."""
_READ = frozenset({"I113"})
"""Findings on how a cell was read, which no other value in it takes back."""
_COUNTS = frozenset({"W403", "I404"})
"""Findings on a score of the department's own beside that by the rules."""
_MOST = 20
"""Corrections that are tried for a workbook."""
_FAULTS = range(1, 9)
"""Errors and warnings of a workbook that one slip may explain; with more nobody could tell what follows from what."""


def told_once(found: Found, tables: Tables, ask: Callable[[Tables], Found], name: Name) -> dict[str, list[Finding]]:
    """The findings by file without those that only repeat a slip. ask: the checks. name: how a field is called."""
    tried: dict[str, tuple[str, Correction]] = {}
    for file, findings in found.items():
        if len(findings) > 1 and sum(item.severity is not Severity.INFO for item in findings) in _FAULTS:
            submission = tables.submissions[file]
            own = corrections(submission, findings, tables.scheme, tables.outcomes[file])[:_MOST]
            tried |= {f"{file}\0{number}": (file, item) for number, item in enumerate(own)}
    kept = {file: list(findings) for file, findings in found.items()}
    if not tried:
        return kept
    changed = {at: _corrected(tables.submissions[file], item) for at, (file, item) in tried.items()}
    after = ask(Tables(tables.layout, changed))
    gone: dict[str, list[tuple[Correction, list[Finding]]]] = {}
    for at, (file, item) in tried.items():
        before, left = {_key(one) for one in found[file]}, {_key(one) for one in after[at]}
        vanished = [one for one in found[file] if _key(one) not in left and one.code not in _READ]
        new = [one for one in after[at] if _key(one) not in before and not _may_come(one)]
        if len(vanished) > 1 and not new:
            gone.setdefault(file, []).append((item, vanished))
    for file, groups in gone.items():
        kept[file] = _without(kept[file], groups, tables.submissions[file], name)
    return kept


def _may_come(finding: Finding) -> bool:
    """Whether a finding that the correction brings says nothing against it: that something is explained after all."""
    return finding.severity is Severity.INFO or finding.code in _SHOWN


def _key(finding: Finding) -> Key:
    return finding.code, finding.fields or (finding.sheet, finding.cell)


def _corrected(submission: Submission, item: Correction) -> Submission:
    fields = dict(submission.fields)
    if item.clears:
        fields = {own: cell for own, cell in fields.items() if own[:2] != item.field[:2]}
    else:
        raw = float(item.value) if isinstance(item.value, Decimal) else item.value
        fields[item.field] = replace(fields[item.field], raw=raw, reading=Reading(item.value))
        if item.field[2] == "symbol":
            # What may stand beside a symbol depends on it.
            row = {own: cell.raw for own, cell in fields.items() if own[:2] == item.field[:2]}
            for own, (_, reading) in read_fields(row, submission.layout).items():
                fields[own] = replace(fields[own], reading=reading)
    return replace(submission, fields=fields)


def _without(
    findings: list[Finding], groups: list[tuple[Correction, list[Finding]]], submission: Submission, name: Name
) -> list[Finding]:
    """The findings with one of each group, the largest groups first."""
    left, used = list(findings), set[Key]()
    for item, vanished in sorted(groups, key=lambda group: -len(group[1])):
        keys = {_key(one) for one in vanished}
        if not used.isdisjoint(keys):
            continue
        used |= keys
        gravest = by_severity(vanished)[0].severity
        ours = [one for one in vanished if one.severity is gravest]
        # What would be right is worth more than that something is wrong.
        kept = min(ours, key=lambda one: (item.field not in one.fields, not one.expected))
        rivals = [other.field for other, also in groups if len(also) == len(vanished) and other.field != item.field]
        told = _advised(kept, item, submission, name) if item.advised and not rivals else kept
        stays = set() if gravest is Severity.ERROR else _COUNTS
        left = [
            told if one is kept else one for one in left if one is kept or one.code in stays or _key(one) not in keys
        ]
    return left


def _advised(finding: Finding, item: Correction, submission: Submission, name: Name) -> Finding:
    """The finding with what would put it right; the weights of a kind are told at the row that is wrong."""
    value = plain(item.value) if isinstance(item.value, Decimal) else f"“{item.value}”"
    advice = f"{name(item.field, submission)}改为 {value} 后各处即相符，请核对；{finding.advice.removeprefix('请')}"
    if finding.code != _WEIGHTS:
        return replace(finding, advice=advice)
    cell = submission.fields[item.field]
    sheet = submission.cells.titles.get(cell.place.sheet, cell.place.sheet)
    return replace(
        finding, advice=advice, sheet=sheet, cell=cell.place.cell, fields=(item.field,),
        value=as_written(cell.raw),
    )  # fmt: skip
