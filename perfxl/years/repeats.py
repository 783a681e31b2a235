"""What is as it was the year before: the same deductions and findings, claims against them, targets below results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.decimals import plain, two_places
from perfxl.submission.identity import name_key
from perfxl.submission.numbers import number_in
from perfxl.years.match import match_kpis
from perfxl.years.model import YearDepartment, YearFinding, YearKpi
from perfxl.years.result import Repeat, Repeated

AT_MOST, QUALITATIVE = "at_most", "qualitative"
OWN_CODES = frozenset({"W671", "W672"})
"""Findings of the comparison itself."""
Codes = Mapping[str, str]


class Lowered(NamedTuple):
    """A target that asks for less than was reached the year before."""

    now: YearKpi
    then: YearKpi


def same_findings(now: Iterable[YearFinding], before: Sequence[YearDepartment]) -> dict[str, tuple[int, int]]:
    """How often each finding stands there, this year and then, of those of both years that are more than hints."""
    mine = Counter(item.code for item in now if item.weighs and item.code not in OWN_CODES)
    its = Counter(item.code for one in before for item in one.findings if item.weighs)
    return {code: (count, its[code]) for code, count in sorted(mine.items()) if code in its}


def lowered_targets(now: YearDepartment, before: Sequence[YearDepartment]) -> list[Lowered]:
    """The numeric targets that ask for less than was reached, of KPIs in the same unit and of the same direction."""
    found = []
    for own, its in match_kpis(now.kpis or (), [kpi for one in before for kpi in one.kpis or ()]):
        less = own.direction == AT_MOST
        # Where last year's results do not tell how they were to be read, the symbol must be the same.
        alike = (its.direction == AT_MOST) == less if its.direction else its.symbol == own.symbol
        if not alike or QUALITATIVE in (own.direction, its.direction) or name_key(own.unit) != name_key(its.unit):
            continue
        target, reached = (number_in(text, (own.unit, "%")) for text in (own.target, its.actual))
        if target is not None and reached is not None and (target > reached if less else target < reached):
            found.append(Lowered(own, its))
    return found


def repeats(
    now: YearDepartment, before: Sequence[Sequence[YearDepartment]], codes: Sequence[Codes], names: Mapping[str, str]
) -> tuple[Repeat, ...]:
    """All that repeats itself, the gravest first. before: what it was in each year before, that last gone first.

    codes: for each of these years its codes by this year's. names: of this year's indicators.
    """
    if not before or not before[0]:
        return ()
    last = before[0]
    same = same_findings(now.findings, last)
    found = [_finding(code, counts, now, before) for code, counts in same.items()]
    found += [_lowered(item) for item in lowered_targets(now, last)]
    lost = [_lost(now, before, codes, code, names) for code in _losing(now)]
    found += sorted(filter(None, lost), key=lambda item: -item.years)
    order = list(Repeated)
    return tuple(sorted(found, key=lambda item: order.index(item.kind)))


def _finding(
    code: str, counts: tuple[int, int], now: YearDepartment, before: Sequence[Sequence[YearDepartment]]
) -> Repeat:
    own = [item for item in now.findings if item.code == code]
    kind = Repeated.CLAIMED if now.rectified else Repeated.FINDING
    years = 1 + _running(before, lambda one: any(item.code == code and item.weighs for item in one.findings))
    return Repeat(
        kind, f"{code} {own[0].title}", f"{counts[1]} 处", f"{counts[0]} 处", years,
        "、".join(dict.fromkeys(item.place for item in own[:3] if item.place)),
    )  # fmt: skip


def _lowered(item: Lowered) -> Repeat:
    now, then = item
    words = f"目标 {then.symbol}{then.target}{then.unit}，完成 {then.actual}{then.unit}"
    return Repeat(Repeated.LOWERED, now.name, words, f"目标 {now.symbol}{now.target}{now.unit}", 2, now.place)


def _losing(item: YearDepartment) -> list[str]:
    return [score.code for score in item.scores if score.lost > 0]


def _lost(
    now: YearDepartment,
    before: Sequence[Sequence[YearDepartment]],
    codes: Sequence[Codes],
    code: str,
    names: Mapping[str, str],
) -> Repeat | None:
    """The indicator that lost points this year and the year before; None where it did not."""
    running, last = 0, ""
    for ones, known in zip(before, codes, strict=True):
        then = [score for one in ones for score in one.scores if score.code == known.get(code) and score.lost > 0]
        if not then:
            break
        running += 1
        last = last or "；".join(_loss(score.lost, score.points) for score in then)
    if not running:
        return None
    own = next(score for score in now.scores if score.code == code)
    return Repeat(
        Repeated.LOST, f"{code} {names.get(code, '')}".strip(), last, _loss(own.lost, own.points), 1 + running
    )


def _loss(lost: Decimal, points: Decimal) -> str:
    return f"扣 {two_places(lost)} 分（分值 {plain(points)}）"


def _running(before: Sequence[Sequence[YearDepartment]], has: Callable[[YearDepartment], bool]) -> int:
    """In how many years running, from the last one back."""
    count = 0
    for ones in before:
        if not any(map(has, ones)):
            break
        count += 1
    return count
