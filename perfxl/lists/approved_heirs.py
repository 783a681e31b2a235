"""Whose approved targets a department of the roster has besides its own: of those that it was in the same year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from perfxl.lists.roster import Listed, Roster
from perfxl.official.approved import ApprovedTargets
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import Identity, code_key, identity_of, name_key


def with_heirs(
    values: ApprovedTargets, roster: Roster | None, schemes: Sequence[Scheme], tell: Callable[[str], None]
) -> ApprovedTargets:
    """The list with the heirs that the roster names (曾用名称或代码). tell: takes who has whose targets.

    Nobody inherits what another row of the roster still bears, or what several were: how it is split up only the bureau
    can say. Who has lines of its own that were written by hand has these alone: there it has said so.
    """
    heirs: dict[tuple[str, str, str], tuple[int, ...]] = {}
    if roster is None or not any(row.formerly for row in roster.rows):
        return values
    for scheme in schemes:
        rows = roster.of(scheme).rows
        units = _units(values, scheme)
        taken = {number for row in rows for number in _own(values, units, scheme, row)}
        claims = [(row, who, before) for row in rows for who, before in _formers(values, units, scheme, row)]
        counts = Counter(number for _, _, before in claims for number in set(before))
        for row, who, before in claims:
            own = values.index.numbers_of(scheme.id, who)[:1]
            more = tuple(number for number in dict.fromkeys(before) if number not in taken and counts[number] == 1)
            if not more or (own and not values.record(own[0]).sha256):
                continue
            for key in filter(None, (who.code, who.name)):
                heirs[scheme.id, key, who.project] = (*own, *more)
            tell(_told(values, row, more, shared=len(own) + len(more)))
    return replace(values, heirs=heirs) if heirs else values


Units = Mapping[str, Sequence[int]]
"""The numbers of the records by code and by name."""


def _units(values: ApprovedTargets, scheme: Scheme) -> Units:
    found: dict[str, list[int]] = {}
    for number, owner in enumerate(values.index.owners):
        for key in {owner.code, owner.name} - {""} if owner.scheme == scheme.id else ():
            found.setdefault(key, []).append(number)
    return found


def _own(values: ApprovedTargets, units: Units, scheme: Scheme, row: Listed) -> Iterator[int]:
    """The records that are a row's own; of a row without a project those of all its projects."""
    if scheme.evaluated.is_project and not row.project:
        yield from _of_unit(units, (row.code, row.name))
    else:
        project = row.project if scheme.evaluated.is_project else ""
        yield from values.index.numbers_of(scheme.id, identity_of(row.code, row.name, project))


def _of_unit(units: Units, called: Sequence[str]) -> list[int]:
    keys = {key for one in called for key in (code_key(one), name_key(one))} - {""}
    return sorted({number for key in keys for number in units.get(key, ())})


def _formers(
    values: ApprovedTargets, units: Units, scheme: Scheme, row: Listed
) -> Iterator[tuple[Identity, list[int]]]:
    """Who a row is, with the records of those that it was: of a unit's projects each by itself."""
    if not row.formerly:
        return
    before = _of_unit(units, row.formerly)
    if not scheme.evaluated.is_project:
        yield identity_of(row.code, row.name), before
        return
    owners = values.index.owners
    if row.project:
        key, called = name_key(row.project), set(map(name_key, row.formerly))
        unit = set(_of_unit(units, (row.code, row.name)))
        # A former name of a project of its own, or its project of the same name in a former unit.
        renamed = [number for number in sorted(unit) if owners[number].project in called]
        same = [number for number in before if owners[number].project == key]
        yield identity_of(row.code, row.name, row.project), [*renamed, *same]
        return
    for project in dict.fromkeys(owners[number].project for number in before):
        who = identity_of(row.code, row.name)._replace(project=project)
        yield who, [number for number in before if owners[number].project == project]


def _told(values: ApprovedTargets, row: Listed, numbers: Sequence[int], *, shared: int) -> str:
    names = "、".join(f"“{values.index.owners[number].shown}”" for number in numbers)
    weights = f"，权重按 {shared} 个合并折算" if shared > 1 else ""
    title = f"{row.project}（{row.name}）" if row.project else row.name
    return (
        f"“{title}”按部门名录的“曾用名称或代码”承接{names}的核定目标{weights}；"
        f"另行核定的，请在“{values.file}”中写上它自己的各行，“文件标识”留空。"
    )
