"""One slip, one finding, for single cells and pairs of them: findings that one other value would make vanish together,
or two contents in each other's place, are told once.

The checks themselves say what follows from what: they are asked again with a cell put right (see `corrections`). What
is left of the findings that vanish is the gravest, so that a workbook with an error always keeps one. Where none is an
error the workbook is scored as it is: that another score counts than the department's own is told in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from perfxl.checks.corrections import Correction, corrections
from perfxl.checks.covers import LESS, MORE
from perfxl.checks.finding import Finding, Severity, by_severity
from perfxl.checks.swapped import swaps
from perfxl.decimals import plain
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.submission.reading import read_fields
from perfxl.submission.values import Reading, as_written

Found = Mapping[str, Sequence[Finding]]
Key = tuple[object, ...]
Group = tuple[Correction, list[Finding]]
"""A correction and the findings that vanish with it."""
Name = Callable[[tuple[str, str, str], Submission], str]
_WEIGHTS = "E302"
_SHOWN = frozenset({"W701", "I702", "W703", "I022"})
"""Findings on what formulas show, which still is what they made of the slip."""
_READ = frozenset({"I113"})
"""Findings on how a cell was read, which no other value in it takes back."""
_COUNTS = frozenset({MORE, LESS})
_MOST = 20
"""Corrections that are tried for a workbook."""
_FAULTS = range(1, 9)
"""Errors and warnings of a workbook that one slip may explain; with more nobody could tell what follows from what."""


def told_once(found: Found, tables: Tables, ask: Callable[[Tables], Found], name: Name) -> dict[str, list[Finding]]:
    """The findings by file without those that only repeat a slip. ask: the checks. name: how a field is called."""
    doubled = {file: findings for file, findings in found.items() if _may_be_one_slip(findings)}
    of_cells: dict[str, Sequence[Correction]] = {}
    for file, findings in doubled.items():
        submission = tables.submissions[file]
        of_cells[file] = corrections(submission, findings, tables.scheme, tables.outcomes[file])[:_MOST]
    gone = _vanishing(found, tables, ask, of_cells)
    of_pairs: dict[str, Sequence[Correction]] = {}
    for file, findings in doubled.items():
        # A single cell is likelier than two; pairs are for what no cell explains.
        if not any(len(vanished) == _told(findings) for _, vanished in gone.get(file, ())):
            pairs = swaps(tables.submissions[file], findings, tables.scheme)
            of_pairs[file] = [Correction(one, None, advised=True, other=other) for one, other in pairs]
    for file, groups in _vanishing(found, tables, ask, of_pairs).items():
        gone.setdefault(file, []).extend(groups)
    kept = {file: list(findings) for file, findings in found.items()}
    for file, groups in gone.items():
        kept[file] = _without(kept[file], groups, tables.submissions[file], name)
    return kept


def _may_be_one_slip(findings: Sequence[Finding]) -> bool:
    faults = [item for item in findings if item.severity is not Severity.INFO and item.code not in _SHOWN]
    return len(findings) > 1 and len(faults) in _FAULTS


def _told(findings: Sequence[Finding]) -> int:
    return sum(item.code not in _SHOWN and item.code not in _READ for item in findings)


def _vanishing(
    found: Found, tables: Tables, ask: Callable[[Tables], Found], tried: Mapping[str, Sequence[Correction]]
) -> dict[str, list[Group]]:
    """By file the corrections with which at least two findings vanish and none comes, with what vanishes."""
    named = {f"{file}\0{at}": (file, item) for file, items in tried.items() for at, item in enumerate(items)}
    if not named:
        return {}
    after = ask(
        Tables(tables.layout, {at: _corrected(tables.submissions[file], item) for at, (file, item) in named.items()})
    )
    gone: dict[str, list[Group]] = {}
    for at, (file, item) in named.items():
        before, left = {_key(one) for one in found[file]}, {_key(one) for one in after[at]}
        vanished = [one for one in found[file] if _key(one) not in left and one.code not in _READ]
        new = [one for one in after[at] if _key(one) not in before and not _may_come(one)]
        if len(vanished) > 1 and not new and not _is_guess(item, vanished):
            gone.setdefault(file, []).append((item, vanished))
    return gone


def _is_guess(item: Correction, vanished: Sequence[Finding]) -> bool:
    """Whether nothing but better scores speaks for two facts in each other's place: many numbers would give those."""
    return item.other is not None and item.field[0] != "scores" and all(one.code == MORE for one in vanished)


def _may_come(finding: Finding) -> bool:
    """Whether a finding that the correction brings says nothing against it: that something is explained after all."""
    return finding.severity is Severity.INFO or finding.code in _SHOWN


def _key(finding: Finding) -> Key:
    return finding.code, finding.fields or (finding.sheet, finding.cell)


def _corrected(submission: Submission, item: Correction) -> Submission:
    fields = dict(submission.fields)
    if item.other is not None:
        one, other = item.field, item.other
        # The row that a cell stands in says how it is read.
        rows = {one[:2], other[:2]}
        contents = {name: cell.raw for name, cell in fields.items() if name[:2] in rows}
        contents[one], contents[other] = contents[other], contents[one]
        asked = rows if {"symbol", "unit"} & {one[2], other[2]} else {one, other}
        for name, (raw, reading) in read_fields(contents, submission.layout).items():
            if name in asked or name[:2] in asked:
                fields[name] = replace(fields[name], raw=raw, reading=reading)
    elif item.clears:
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


def _without(findings: list[Finding], groups: list[Group], submission: Submission, name: Name) -> list[Finding]:
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
        rivals = [1 for other, also in groups if len(also) == len(vanished) and other != item]
        told = _advised(kept, item, submission, name) if item.advised and not rivals else kept
        # Of two scores in each other's place the one that is cut says enough.
        stays = frozenset() if gravest is Severity.ERROR else _COUNTS if item.other is None else _COUNTS - {LESS}
        left = [
            told if one is kept else one for one in left if one is kept or one.code in stays or _key(one) not in keys
        ]
    return left


def _advised(finding: Finding, item: Correction, submission: Submission, name: Name) -> Finding:
    """The finding with what would put it right; the weights of a kind are told at the row that is wrong."""
    own = finding.advice.removeprefix("请")
    # Nobody is asked twice to look.
    rest = "" if own.startswith("核对") else f"；{own}"
    if item.other is not None:
        both = f"{name(item.field, submission)}和{name(item.other, submission)}"
        return replace(finding, advice=f"{both}可能填反了，对调后各处即相符，请核对{rest}")
    value = plain(item.value) if isinstance(item.value, Decimal) else f"“{item.value}”"
    advice = f"{name(item.field, submission)}改为 {value} 后各处即相符，请核对{rest}"
    if finding.code != _WEIGHTS:
        return replace(finding, advice=advice)
    cell = submission.fields[item.field]
    sheet = submission.cells.titles.get(cell.place.sheet, cell.place.sheet)
    return replace(
        finding, advice=advice, sheet=sheet, cell=cell.place.cell, fields=(item.field,),
        value=as_written(cell.raw),
    )  # fmt: skip
