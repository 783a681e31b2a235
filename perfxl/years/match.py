"""Who is who, and what is what, in two years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from perfxl.submission.identity import code_key, name_key
from perfxl.years.model import YearDepartment, YearIndicator, YearKpi

BOTH, BY_CODE, BY_NAME, FORMER = "代码和名称", "代码", "名称", "名录的曾用名称"
Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


@dataclass(frozen=True)
class Matched:
    """Whom one of this year was in a year before. basis: by what that is known, the first of them first."""

    before: tuple[YearDepartment, ...] = ()
    basis: tuple[str, ...] = ()


@dataclass
class _Side:
    """One of this year while it is matched, by the place of each that it was."""

    item: YearDepartment
    formers: tuple[str, ...]
    found: dict[int, str] = field(default_factory=dict)


def match_departments(
    current: Sequence[YearDepartment], before: Sequence[YearDepartment], formers: Sequence[Iterable[str]]
) -> list[Matched]:
    """Whom each of this year was, in their order: by code, then by name, and whom the roster says it was.

    Those alike in code and name come first, then what the roster says, then the code alone, then the name alone; what
    somebody has is nobody else's by code or name alone, and what two have in common tells nobody. formers: codes and
    names that the roster gives each (曾用名称或代码); for a project they may be its own or those of its unit.
    """
    sides = [
        _Side(item, tuple(dict.fromkeys(key for one in own for key in (name_key(one), code_key(one)) if key)))
        for item, own in zip(current, formers, strict=True)
    ]
    taken: set[int] = set()
    _pair(sides, before, BOTH, lambda item: [_both(item)], taken)
    if any(side.formers for side in sides):
        _by_roster(sides, before, taken)
    _pair(sides, before, BY_CODE, lambda item: [_code(item)], taken)
    _pair(sides, before, BY_NAME, _names, taken)
    return [
        Matched(tuple(before[place] for place in side.found), tuple(dict.fromkeys(side.found.values())))
        for side in sides
    ]


def _both(item: YearDepartment) -> Hashable:
    code, names = _code(item), _names(item)
    return (code, names[-1]) if code and names else None


def _code(item: YearDepartment) -> str:
    return code_key(item.project_code if item.project else item.code)


def _names(item: YearDepartment) -> list[Hashable]:
    """What it is called; a project within its unit, by the unit's code and by its name."""
    own = name_key(item.title)
    if not item.project or not own:
        return [own] if own else []
    units = (("code", code_key(item.code)), ("name", name_key(item.name)))
    return [(kind, unit, own) for kind, unit in units if unit]


def _pair(
    sides: Sequence[_Side],
    before: Sequence[YearDepartment],
    basis: str,
    keys: Callable[[YearDepartment], Sequence[Hashable]],
    taken: set[int],
) -> None:
    """Pairs those that share a key with one alone of the other year."""
    mine: dict[Hashable, list[int]] = {}
    theirs: dict[Hashable, list[int]] = {}
    for place, side in enumerate(sides):
        for key in keys(side.item) if set(side.found.values()) <= {FORMER} else ():
            mine.setdefault(key, []).append(place)
    for place, item in enumerate(before):
        for key in keys(item) if place not in taken else ():
            theirs.setdefault(key, []).append(place)
    for key, own in mine.items():
        its = theirs.get(key, [])
        if key and len(own) == 1 and len(its) == 1 and its[0] not in taken:
            side = sides[own[0]]
            if set(side.found.values()) <= {FORMER}:
                side.found[its[0]] = basis
                taken.add(its[0])


def _by_roster(sides: Sequence[_Side], before: Sequence[YearDepartment], taken: set[int]) -> None:
    """What the roster says; one that was split up stands with several."""
    called: dict[str, list[int]] = {}
    for place, item in enumerate(before):
        for key in {code_key(item.code), name_key(item.name), name_key(item.project), code_key(item.project_code)}:
            if key:
                called.setdefault(key, []).append(place)
    for side in sides:
        for key in side.formers:
            for place in called.get(key, ()):
                if place not in side.found and _meant(side.item, before[place], key):
                    side.found[place] = FORMER
                    taken.add(place)


def _meant(item: YearDepartment, before: YearDepartment, key: str) -> bool:
    """Whether a former code or name means that one: of a project's unit, only its project of the same name."""
    if not item.project:
        return not before.project
    if key in (name_key(before.project), code_key(before.project_code)):
        return True
    return name_key(before.project) == name_key(item.project)


def match_indicators(current: Sequence[YearIndicator], before: Sequence[YearIndicator]) -> dict[str, str]:
    """The code in the year before of each indicator that was there, by its code of this year.

    By code, then by name. Where indicators were renumbered, a code that now is another's name is not the same.
    """
    names_now, names_then = {name_key(item.name) for item in current}, {name_key(item.name) for item in before}
    then = {code_key(item.code): item for item in before}
    found: dict[str, str] = {}
    for item in current:
        other = then.get(code_key(item.code))
        if other is None:
            continue
        own, its = name_key(item.name), name_key(other.name)
        if own == its or not its or (own not in names_then and its not in names_now):
            found[item.code] = other.code
    taken = set(found.values())
    by_name = _alone(before, lambda item: name_key(item.name))
    for item in current:
        other = by_name.get(name_key(item.name))
        if item.code not in found and other is not None and other.code not in taken:
            found[item.code] = other.code
            taken.add(other.code)
    return found


def match_kpis(current: Sequence[YearKpi], before: Sequence[YearKpi]) -> list[tuple[YearKpi, YearKpi]]:
    """The KPIs of this year that were there before, with what they were: by name, of like ones by their level too."""
    pairs: list[tuple[YearKpi, YearKpi]] = []
    seen: set[int] = set()
    by_name: list[Callable[[YearKpi], Hashable]] = [
        lambda item: name_key(item.name),
        lambda item: (name_key(item.name), name_key(item.level2)) if item.name else "",
    ]
    for key in by_name:
        if len(pairs) in (len(current), len(before)):
            # Nothing is left that could have another.
            break
        mine, theirs = _alone(current, key), _alone(before, key)
        for own, item in mine.items():
            if own and own in theirs and id(item) not in seen:
                seen.add(id(item))
                pairs.append((item, theirs[own]))
    order = {id(item): place for place, item in enumerate(current)}
    return sorted(pairs, key=lambda pair: order[id(pair[0])])


def _alone(items: Iterable[Item], key: Callable[[Item], Key]) -> Mapping[Key, Item]:
    """The items by what they share with no other."""
    keyed = [(key(item), item) for item in items]
    counts = Counter(own for own, _ in keyed)
    return {own: item for own, item in keyed if counts[own] == 1}
