"""Who or what a workbook speaks of: codes and names that clash, names of files, the roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from perfxl.checks.batch import (
    CATEGORY,
    CODE,
    CODE_OF_ANOTHER,
    NAME,
    NOT_IN_ROSTER,
    NOT_UNDER_SCHEME,
    OTHER_IN_FILE_NAME,
    OTHER_THAN_ROSTER,
    PROJECT,
    PROJECT_CODE,
    PROJECT_NOT_IN_ROSTER,
    SHARED_CODE,
    SHARED_NAME,
    SHARED_PROJECT_CODE,
    SHARED_PROJECT_NAME,
    UNIT_OF_TWO_CODES,
    Fields,
    in_words_of,
    on_identity,
    quoted,
)
from perfxl.checks.declared import Declaration
from perfxl.lists.roster import Listed, Roster
from perfxl.results.batch import FileRecord, Status
from perfxl.run.details import Entry
from perfxl.scheme.model import Evaluated, Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key
from perfxl.text import fold

Pair = tuple[Entry, DepartmentResult]
Key = Callable[[DepartmentResult], str]
SHORTEST_NAME = 4
"""A name of fewer characters may stand in a file's name by chance."""


def call_by_roster(entries: Sequence[Entry], roster: Roster, scheme: Scheme) -> None:
    """Says what messages call each department: the roster's name where the workbook's own name leads to it.

    By its code alone where nobody else has that: with one code and several names it is told who wrote what.
    """
    own, by_code = roster.of(scheme), dict[str, set[str]]()
    found: list[tuple[Entry, DepartmentResult, Listed]] = []
    for item in entries:
        result = item.result
        listed = None if result is None else own.of_name(result.name) or own.of_code(result.code)
        if result is not None and listed is not None:
            found.append((item, result, listed))
            by_code.setdefault(listed.code, set()).add(name_key(result.name))
    for item, result, listed in found:
        if own.of_name(result.name) is listed or len(by_code[listed.code]) == 1:
            item.called = listed.name


def compare_identities(counted: Sequence[Entry], scheme: Scheme) -> None:
    """Findings where departments or projects share a code or a name, or a file is named after another one."""
    pairs = [(item, item.result) for item in counted if item.result is not None]
    words = scheme.evaluated
    if words.is_project:
        _compare_projects(pairs, words)
    else:
        _compare_codes(pairs, words, SHARED_CODE, _unit_code, CODE, shown=lambda result: result.code)
        _compare_names(pairs, words, SHARED_NAME, CODE, _unit_name, _unit_code, shown=lambda result: result.code)
    _compare_file_names(pairs, NAME, lambda result: result.name)


def _unit_code(result: DepartmentResult) -> str:
    return code_key(result.code)


def _unit_name(result: DepartmentResult) -> str:
    return name_key(result.name)


def _compare_projects(pairs: Sequence[Pair], words: Evaluated) -> None:
    """Many projects of one unit share its code and name; a code of a project is that project's alone."""

    def project(result: DepartmentResult) -> str:
        own, unit = name_key(result.project), _unit_code(result) or _unit_name(result)
        return f"{unit}\n{own}" if own else ""

    def project_code(result: DepartmentResult) -> str:
        return code_key(result.project_code)

    _compare_codes(pairs, words, SHARED_PROJECT_CODE, project_code, PROJECT_CODE, lambda result: result.project_code)
    _compare_names(
        pairs, words, SHARED_PROJECT_NAME, PROJECT_CODE, project, project_code, lambda result: result.project_code
    )
    # Units: the first workbook of each name and code speaks for all of its projects.
    units: dict[tuple[str, str], list[Pair]] = {}
    for item, result in pairs:
        units.setdefault((_unit_code(result), _unit_name(result)), []).append((item, result))
    _compare_units(units, words, SHARED_CODE, 0)
    _compare_units(units, words, UNIT_OF_TWO_CODES, 1)
    _compare_file_names(pairs, PROJECT, lambda result: result.project)


def _compare_units(units: dict[tuple[str, str], list[Pair]], words: Evaluated, check: Declaration, shared: int) -> None:
    """Units with one code and two names (shared 0), or one name and two codes (shared 1)."""
    alike: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        if unit[0] and unit[1]:
            alike.setdefault(unit[shared], []).append(unit)
    for group in alike.values():
        for unit in group if len(group) > 1 else ():
            others = [units[other][0] for other in group if other != unit]
            told = (
                quoted(sorted(item.unit for item, _ in others)) if shared == 0 else _listed(it.code for _, it in others)
            )
            for item, result in units[unit]:
                _add(item, result, check, words, result.code, CODE, department=item.unit, others=told)


def _compare_codes(
    pairs: Sequence[Pair], words: Evaluated, check: Declaration, key: Key, fields: Fields, shown: Key
) -> None:
    for group in _shared(pairs, key).values():
        for item, result in group:
            others = quoted(sorted({_with_code(pair, result, shown) for pair in group if pair[1] is not result}))
            _add(item, result, check, words, shown(result), fields, department=item.title, others=others)


def _compare_names(
    pairs: Sequence[Pair], words: Evaluated, check: Declaration, fields: Fields, key: Key, code: Key, shown: Key
) -> None:
    for group in _shared(pairs, key).values():
        codes = {code(result): shown(result) for _, result in group}
        for item, result in group if len(codes) > 1 else ():
            others = _listed(text for other, text in codes.items() if other != code(result))
            _add(item, result, check, words, shown(result), fields, department=item.title, others=others)


def _listed(codes: Iterable[str]) -> str:
    return "、".join(sorted(filter(None, codes)))


def _add(
    item: Entry,
    result: DepartmentResult,
    check: Declaration,
    words: Evaluated,
    value: str,
    fields: Fields,
    **more: str,
) -> None:
    check = in_words_of(check, words)
    item.added += (on_identity(check, item.record.path, result.title, value, fields, **more),)


def _with_code(pair: Pair, result: DepartmentResult, code: Key) -> str:
    """The name of another one, with its code where that is spelled otherwise."""
    item, other = pair
    return item.title if code(other) == code(result) else f"{item.title}（{code(other)}）"


def _shared(pairs: Sequence[Pair], key: Key) -> dict[str, list[Pair]]:
    """The results that share a key with others, by the key. Blank keys are not shared."""
    counts = Counter(key(result) for _, result in pairs)
    groups: dict[str, list[Pair]] = {}
    for item, result in pairs:
        if (own := key(result)) and counts[own] > 1:
            groups.setdefault(own, []).append((item, result))
    return groups


def _compare_file_names(pairs: Sequence[Pair], fields: Fields, called: Key) -> None:
    """Looks for others' names in the names of files. Names are found by their first characters."""
    names = {name for _, result in pairs if (name := called(result))}
    by_start: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        folded = fold(name)
        if len(folded) >= SHORTEST_NAME:
            by_start.setdefault(folded[:SHORTEST_NAME], []).append((folded, name))
    for item, result in pairs:
        file, own = fold(item.record.path.rpartition("/")[2]), called(result)
        if not own or fold(own) in file:
            continue
        starts = (file[at : at + SHORTEST_NAME] for at in range(len(file) - SHORTEST_NAME + 1))
        named = [found for start in starts for found in by_start.get(start, ()) if found[0] in file]
        if named:
            path, other = item.record.path, max(named, key=lambda found: len(found[0]))[1]
            item.added += (on_identity(OTHER_IN_FILE_NAME, path, result.title, own, fields, named=other),)


def apply_roster(counted: Sequence[Entry], roster: Roster, scheme: Scheme) -> list[FileRecord]:
    """Names and categories of the roster take the place of what was filled in; those who sent nothing come back."""
    words = scheme.evaluated
    whole, roster = roster, roster.of(scheme)
    seen: set[Listed] = set()
    for item in counted:
        result = item.result
        if result is None:
            continue
        by_code, by_name = roster.of_code(result.code), roster.of_name(result.name)
        unit = by_code or by_name
        if by_code and by_name and by_code is not by_name:
            seen.update(_sent(roster, by_name, result))
            named = {"department": result.name, "owner": by_code.name}
            _add(item, result, CODE_OF_ANOTHER, words, result.code, CODE, **named)
            continue
        if unit is None:
            elsewhere = whole.of_code(result.code) or whole.of_name(result.name)
            if elsewhere is None:
                _add(item, result, NOT_IN_ROSTER, words, result.code, CODE, department=result.name)
            else:
                told = {"department": result.name, "scheme": scheme.header.title}
                _add(item, result, NOT_UNDER_SCHEME, words, result.code, CODE, **told)
            continue
        sent = _sent(roster, unit, result)
        seen.update(sent)
        if not sent:
            _add(item, result, PROJECT_NOT_IN_ROSTER, words, result.project, PROJECT, unit=unit.name)
        _take_from_roster(item, result, next((row for row in sent if row.project), unit), words)
    return [_absent(listed, scheme) for listed in roster.rows if listed not in seen]


def _sent(roster: Roster, unit: Listed, result: DepartmentResult) -> list[Listed]:
    """The rows of a unit that its workbook answers: that of its project, and one that names none."""
    own = name_key(result.project)
    return [row for row in roster.rows_of(unit) if not row.project or name_key(row.project) == own]


def _absent(listed: Listed, scheme: Scheme) -> FileRecord:
    reason = "在部门名录中，没有收到工作簿"
    if listed.project:
        reason = f"在部门名录中，没有收到“{listed.name}”这个项目的工作簿"
    name = listed.project or listed.name
    return FileRecord("", "", 0, Status.MISSING, name, reason, listed.code, listed.category, scheme.id)


def _take_from_roster(item: Entry, result: DepartmentResult, listed: Listed, words: Evaluated) -> None:
    title = result.title
    for what, attribute, fields in (
        (words.code_title, "code", CODE),
        (words.name_title, "name", NAME),
        (words.category_title, "category", CATEGORY),
    ):
        value, expected = getattr(result, attribute), getattr(listed, attribute)
        # A blank has its own finding.
        if value and fold(value) != fold(expected):
            told = {"what": what, "listed": expected}
            item.added += (on_identity(OTHER_THAN_ROSTER, item.record.path, title, value, fields, **told),)
        setattr(result, attribute, expected)
    item.renamed = result.title != title
