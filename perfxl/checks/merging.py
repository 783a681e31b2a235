"""Findings that say the same of many cells, as one line: below each other, beside each other, or over a sheet."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from perfxl.checks.finding import Finding
from perfxl.findings.cells import BLANK, NOT_NUMBER

READ_AS, NO_EVIDENCE, ABOVE_WEIGHT = "I113", "I311", "E305"
_FEWEST = 3
"""Cells from which on one line says more than several."""
_OPEN = frozenset({"kpis", "tasks"})
_LEVELS = frozenset({"level1", "level2"})
_LABEL = re.compile(r"^(“.*?”的|第 \d+ 项的)(.+?)没有填写$")
_HOW = re.compile(r"，已(按.+?)(?:；|$)")
_QUOTED = re.compile(r"“[^”]*”")
_NUMBER = re.compile(r"[\d.,+-]+")
_BEHIND = re.compile(r"^[\d.,，\s]*\d[\d.,，\s]*(\D{1,6})$")


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of a file with those that say the same put together, in their order."""
    return list(_below(_spread(_beside(findings))))


def _below(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same finding in three or more cells below each other becomes one line with their range."""
    runs: list[list[Finding]] = []
    for finding in findings:
        if runs and _follows(runs[-1][-1], finding):
            runs[-1].append(finding)
        else:
            runs.append([finding])
    for run in runs:
        if len(run) < _FEWEST:
            yield from run
        else:
            yield _range(run)


def _split(cell: str) -> tuple[str, int]:
    letters = cell.rstrip("0123456789")
    return letters, int(cell[len(letters) :] or 0)


def _follows(first: Finding, second: Finding) -> bool:
    same = (first.code, first.sheet, first.value, first.advice) == (
        second.code, second.sheet, second.value, second.advice,
    )  # fmt: skip
    if not same or not first.cell or not second.cell or ":" in first.cell + second.cell:
        return False
    (letters, row), (other_letters, other_row) = _split(first.cell), _split(second.cell)
    return letters == other_letters and other_row == row + 1


def _range(run: list[Finding]) -> Finding:
    first, last = run[0], run[-1]
    return Finding(
        first.code, first.severity, first.title, first.file, first.department, first.sheet,
        f"{first.cell}:{last.cell}", first.value, first.expected,
        f"{first.message}；直到 {last.cell} 共 {len(run)} 个单元格都是如此", first.advice,
        tuple(name for finding in run for name in finding.fields),
    )  # fmt: skip


def _beside(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Three or more blank cells of one row of an open table become one line, unless fewer columns say the same."""
    rows: dict[tuple[str, str], list[int]] = {}
    for place, finding in enumerate(findings):
        if finding.code == BLANK.code and len(finding.fields) == 1 and finding.fields[0][0] in _OPEN:
            rows.setdefault(finding.fields[0][:2], []).append(place)
    long = {row: places for row, places in rows.items() if len(places) >= _FEWEST}
    columns = {findings[place].fields[0][2] for places in long.values() for place in places}
    if not long or len(columns) < len(long):
        return findings
    first = {places[0]: places for places in long.values()}
    inside = {place for places in long.values() for place in places}
    return [
        _row([findings[other] for other in first[place]]) if place in first else finding
        for place, finding in enumerate(findings)
        if place in first or not (place in inside or _lacks_evidence(finding, long.keys()))
    ]


def _lacks_evidence(finding: Finding, rows: Collection[tuple[str, str]]) -> bool:
    """Whether it asks for the evidence of a row in which hardly anything stands."""
    return finding.code == NO_EVIDENCE and finding.fields[0][:2] in rows


def _row(run: list[Finding]) -> Finding:
    found = [_LABEL.match(item.message) for item in run]
    labels = [match[2] if match else item.message for match, item in zip(found, run, strict=True)]
    row = found[0][1] if found[0] else ""
    return replace(
        run[0],
        message=f"{row}{'、'.join(labels)}没有填写（一行共 {len(run)} 格）",
        advice="请把这一行填全；不是指标或任务的，请把整行清空",
        fields=tuple(name for item in run for name in item.fields),
    )


def _spread(findings: Sequence[Finding]) -> Sequence[Finding]:
    """What a whole sheet was filled with (numbers as text, the unit behind each) is one line a sheet."""
    groups: dict[Hashable, list[int]] = {}
    for place, finding in enumerate(findings):
        if (kind := _kind(finding)) is not None:
            groups.setdefault((finding.code, finding.sheet, kind), []).append(place)
    first = {
        places[0]: places for places in groups.values()
        if len(places) >= _FEWEST and not _is_run([findings[place] for place in places])
    }  # fmt: skip
    inside = {place for places in first.values() for place in places}
    return [
        _sheet([findings[other] for other in first[place]]) if place in first else finding
        for place, finding in enumerate(findings)
        if place in first or place not in inside
    ]


def _is_run(findings: Sequence[Finding]) -> bool:
    """Whether they are one finding in cells below each other, which has a range of its own."""
    return all(_follows(one, other) for one, other in pairwise(findings))


def _kind(finding: Finding) -> Hashable | None:
    """What findings over a sheet must share to be one line."""
    if finding.code == READ_AS and (how := _HOW.search(finding.message)):
        return _NUMBER.sub("", _QUOTED.sub("", how[1]))
    if finding.code == NOT_NUMBER.code and (behind := _BEHIND.match(finding.value)):
        return behind[1]
    if len(finding.fields) == 1 and finding.fields[0][0] in _OPEN and finding.fields[0][2] in _LEVELS:
        # A level written once, above all rows that have it.
        return _LEVELS if finding.code == BLANK.code else None
    if finding.code == ABOVE_WEIGHT:
        return ABOVE_WEIGHT
    if finding.code == NOT_NUMBER.code and finding.fields and finding.fields[0][0] in _OPEN:
        # 4/4, 5/5 or 已完成 down a column.
        return finding.fields[0][0], finding.fields[0][2]
    return None


def _sheet(run: list[Finding]) -> Finding:
    first = run[0]
    advice, words = first.advice, f"“{first.sheet}”中共 {len(run)} 个单元格都是这样写的"
    if first.code == BLANK.code:
        advice = "请逐行填写，不要只写在每类的第一行，也不要合并单元格"
        words = f"“{first.sheet}”的一级指标、二级指标中共 {len(run)} 格没有填写"
    if first.code == ABOVE_WEIGHT:
        words = f"“{first.sheet}”中共 {len(run)} 项都是如此"
    if first.code == NOT_NUMBER.code and (behind := _BEHIND.match(first.value)) and behind[1].strip() == "元":
        advice = "金额请按模板的单位（万元）只填数字，不要写“元”；原来是元的，除以 10000 后填写"
    return replace(
        first,
        message=f"{first.message}；{words}",
        advice=advice,
        fields=tuple(name for item in run for name in item.fields),
    )
