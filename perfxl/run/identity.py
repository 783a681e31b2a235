"""Who a workbook is from: codes and names that clash, the roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from perfxl.checks.batch import (
    CODE_OF_ANOTHER,
    FIELDS,
    NAME,
    NOT_IN_ROSTER,
    OTHER_IN_FILE_NAME,
    OTHER_THAN_ROSTER,
    SHARED_CODE,
    SHARED_NAME,
    on_identity,
    quoted,
)
from perfxl.lists.roster import Listed, Roster
from perfxl.results.batch import FileRecord, Status
from perfxl.run.details import Entry
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key
from perfxl.text import fold

Pair = tuple[Entry, DepartmentResult]
SHORTEST_NAME = 4
"""A name of fewer characters may stand in a file's name by chance."""


def compare_identities(counted: Sequence[Entry]) -> None:
    """Findings where departments share a code or a name, or a file is named after another department."""
    pairs = [(item, item.result) for item in counted if item.result is not None]
    for group in _shared(pairs, lambda result: code_key(result.code)).values():
        for item, result in group:
            others = quoted(sorted({_with_code(other, result) for _, other in group if other is not result}))
            item.added += (on_identity(SHARED_CODE, item.record.path, result.name, result.code, others=others),)
    for group in _shared(pairs, lambda result: name_key(result.name)).values():
        codes = {code_key(result.code): result.code for _, result in group}
        for item, result in group if len(codes) > 1 else ():
            other_codes = "、".join(sorted(code for key, code in codes.items() if key != code_key(result.code)))
            item.added += (on_identity(SHARED_NAME, item.record.path, result.name, result.code, others=other_codes),)
    _compare_file_names(pairs, {result.name for _, result in pairs if result.name})


def _with_code(other: DepartmentResult, result: DepartmentResult) -> str:
    """The name of another department, with its code where that is spelled otherwise."""
    return other.name if other.code == result.code else f"{other.name}（{other.code}）"


def _shared(pairs: Sequence[Pair], key: Callable[[DepartmentResult], str]) -> dict[str, list[Pair]]:
    """The departments that share a key with others, by the key. Blank keys are not shared."""
    counts = Counter(key(result) for _, result in pairs)
    groups: dict[str, list[Pair]] = {}
    for item, result in pairs:
        if (own := key(result)) and counts[own] > 1:
            groups.setdefault(own, []).append((item, result))
    return groups


def _compare_file_names(pairs: Sequence[Pair], names: Iterable[str]) -> None:
    """Looks for other departments' names in the names of files. Names are found by their first characters."""
    by_start: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        folded = fold(name)
        if len(folded) >= SHORTEST_NAME:
            by_start.setdefault(folded[:SHORTEST_NAME], []).append((folded, name))
    for item, result in pairs:
        file = fold(item.record.path.rpartition("/")[2])
        if not result.name or fold(result.name) in file:
            continue
        starts = (file[at : at + SHORTEST_NAME] for at in range(len(file) - SHORTEST_NAME + 1))
        named = [found for start in starts for found in by_start.get(start, ()) if found[0] in file]
        if named:
            path, other = item.record.path, max(named, key=lambda found: len(found[0]))[1]
            item.added += (on_identity(OTHER_IN_FILE_NAME, path, result.name, result.name, NAME, named=other),)


def apply_roster(counted: Sequence[Entry], roster: Roster) -> list[FileRecord]:
    """Names and categories of the roster take the place of what was filled in; those who sent nothing come back."""
    seen: set[str] = set()
    for item in counted:
        result = item.result
        if result is None:
            continue
        by_code, by_name = roster.of_code(result.code), roster.of_name(result.name)
        listed = by_code or by_name
        if by_code and by_name and by_code is not by_name:
            seen.add(by_name.code)
            path, owner = item.record.path, by_code.name
            item.added += (on_identity(CODE_OF_ANOTHER, path, result.name, result.code, owner=owner),)
            continue
        if listed is None:
            item.added += (on_identity(NOT_IN_ROSTER, item.record.path, result.name, result.code),)
            continue
        seen.add(listed.code)
        _take_from_roster(item, result, listed)
    return [
        FileRecord("", "", 0, Status.MISSING, listed.name, "在部门名录中，没有收到工作簿", listed.code, listed.category)
        for listed in roster.departments.values()
        if listed.code not in seen
    ]


def _take_from_roster(item: Entry, result: DepartmentResult, listed: Listed) -> None:
    file, filled_name = item.record.path, result.name
    for what, attribute in (("单位代码", "code"), ("单位名称", "name"), ("部门类别", "category")):
        value, expected = getattr(result, attribute), getattr(listed, attribute)
        # A blank has its own finding.
        if value and fold(value) != fold(expected):
            words = {"what": what, "listed": expected}
            item.added += (on_identity(OTHER_THAN_ROSTER, file, filled_name, value, FIELDS[what], **words),)
        setattr(result, attribute, expected)
