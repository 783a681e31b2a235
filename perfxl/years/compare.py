"""This year's departments beside what they were: totals, places, rates, and what repeats itself."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from perfxl.decimals import ZERO, divide, half_up, interned, plain
from perfxl.scheme.model import BASE
from perfxl.status import Status
from perfxl.submission.identity import name_key
from perfxl.years.match import Matched, match_departments, match_indicators
from perfxl.years.model import Year, YearDepartment, YearScheme, YearScore
from perfxl.years.repeats import repeats
from perfxl.years.result import DepartmentYears, Figures, IndicatorThen, SchemeYears, Then, YearHead

MERGED, SPLIT = "合并", "拆分"


@dataclass(frozen=True)
class MatchedYear:
    """A year before with whom each of this year's departments was, in their order."""

    year: Year
    matched: Sequence[Matched]

    @property
    def shared(self) -> set[int]:
        """The identities of those that several of this year were."""
        counts = Counter(id(one) for item in self.matched for one in item.before)
        return {one for one, count in counts.items() if count > 1}


def match_years(
    scheme: YearScheme, current: Sequence[YearDepartment], formers: Sequence[Iterable[str]], years: Sequence[Year]
) -> list[MatchedYear]:
    """Who was whom in each year: departments among departments, projects among projects. years: in any order.

    formers: what the roster calls each former code or name. The year last gone comes first.
    """
    found = []
    for year in sorted(years, key=lambda one: -one.year):
        kin = [item for item in year.departments if year.scheme_of(item).project == scheme.project]
        found.append(MatchedYear(year, match_departments(current, kin, formers)))
    return found


def compare(
    scheme: YearScheme, this_year: int, files: Sequence[str], current: Sequence[YearDepartment],
    matched: Sequence[MatchedYear],
) -> SchemeYears:  # fmt: skip
    """The departments of a scheme over the years. files, current: this year's, in one order, which is that of matched.

    Of several merged into one, money is added up and scores are averaged; they have no place. Totals and scores are
    compared as rates where points have changed.
    """
    own_levels = _levels(scheme)
    now = [_figures(item, item.scores, own_levels, scheme.points, scheme.points) for item in current]
    columns = [_column(scheme, current, one, own_levels) for one in matched]
    names = {item.code: item.name for item in scheme.indicators}
    departments = {}
    for number, (file, item) in enumerate(zip(files, current, strict=True)):
        thens = tuple([column.thens[number] for column in columns])
        before = [column.matched.matched[number].before for column in columns]
        codes = [column.codes_of(number) for column in columns]
        departments[file] = DepartmentYears(now[number], thens, repeats(item, before, codes, names))
    indicators = {
        item.code: tuple([_indicator(item.code, now, column) for column in columns]) for item in scheme.indicators
    }
    return SchemeYears(this_year, tuple([_head(scheme, column) for column in columns]), departments, indicators)


@dataclass(frozen=True)
class _Column:
    """A year before as it is compared. codes: for each of its schemes its codes by this year's."""

    matched: MatchedYear
    thens: Sequence[Then | None]
    codes: Mapping[str, Mapping[str, str]]

    def codes_of(self, number: int) -> Mapping[str, str]:
        """Its codes, by this year's, for one of this year's departments."""
        before = self.matched.matched[number].before
        return self.codes[self.matched.year.scheme_of(before[0]).id] if before else {}


def _column(
    scheme: YearScheme, current: Sequence[YearDepartment], one: MatchedYear, own_levels: Mapping[str, str]
) -> _Column:
    year = one.year
    codes = {own.id: match_indicators(scheme.indicators, own.indicators) for own in year.schemes}
    levels = {
        own.id: _levels(own, {its: mine for mine, its in codes[own.id].items()}, own_levels) for own in year.schemes
    }
    shared = one.shared
    thens = [
        _then(scheme, item, matched, year, codes, levels, split=any(id(was) in shared for was in matched.before))
        for item, matched in zip(current, one.matched, strict=True)
    ]
    there = [number for number, then in enumerate(thens) if then is not None and then.comparable]
    places_then = places(
        [then.figures.total for number in there if (then := thens[number]) and then.figures.total is not None]
    )
    places_now = places([total for number in there if (total := current[number].total) is not None])
    for number, place_then, place_now in zip(there, places_then, places_now, strict=True):
        then = thens[number]
        assert then is not None
        thens[number] = replace(then, place_then=place_then, place_now=place_now)
    return _Column(one, thens, codes)


def places(totals: Sequence[Decimal]) -> list[int]:
    """The place of each total among all, 1, 2, 2, 4."""
    ordered = sorted(-total for total in totals)
    return [bisect_left(ordered, -total) + 1 for total in totals]


def _then(
    scheme: YearScheme,
    now: YearDepartment,
    matched: Matched,
    year: Year,
    codes: Mapping[str, Mapping[str, str]],
    levels: Mapping[str, Mapping[str, str]],
    *,
    split: bool,
) -> Then | None:
    if not matched.before:
        return None
    scored = [item for item in matched.before if item.scored]
    all_ = []
    for item in scored or matched.before[:1]:
        own = year.scheme_of(item)
        figures = _figures(item, item.scores, levels[own.id], own.points, scheme.points)
        mine = {its: code for code, its in codes[own.id].items()}
        all_.append(replace(figures, rates={mine[code]: rate for code, rate in figures.rates.items() if code in mine}))
    figures = all_[0] if len(all_) == 1 else _merged(all_)
    one = matched.before[0] if len(matched.before) == 1 else None
    basis = "、".join(matched.basis) + (f"（{MERGED}）" if one is None else "") + (f"（{SPLIT}）" if split else "")
    comparable = one is not None and not split and one.rank is not None and now.rank is not None
    state = "" if scored else _label(matched.before[0].status)
    titles = tuple(item.title for item in matched.before)
    rank = one.rank if one is not None else None
    return Then(titles, basis, state, figures, rank, comparable and figures.total is not None)


def _label(status: str) -> str:
    return Status(status).label if status in set(Status) else status


def _merged(all_: Sequence[Figures]) -> Figures:
    """Several as one: money added up, scores averaged, spending by the money where it is known."""
    adjusted, spent = _sum(one.adjusted for one in all_), _sum(one.spent for one in all_)
    rate = divide(spent, adjusted) if adjusted and spent is not None else _mean([one.rate for one in all_])
    totals = _mean([one.total for one in all_])
    return Figures(
        None if totals is None else half_up(totals),
        "、".join(dict.fromkeys(one.grade for one in all_ if one.grade)),
        adjusted,
        spent,
        rate,
        _count([one.done for one in all_]),
        _count([one.known for one in all_]),
        _means([one.levels for one in all_]),
        _means([one.rates for one in all_]),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    values = list(values)
    return None if None in values else sum((value for value in values if value is not None), ZERO)


def _count(values: Sequence[int | None]) -> int | None:
    return None if None in values else sum(value for value in values if value is not None)


def _mean(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return divide(sum(known, ZERO), Decimal(len(known))) if known else None


def _means(maps: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    keys = dict.fromkeys(key for one in maps for key in one)
    return {key: mean for key in keys if (mean := _mean([one.get(key) for one in maps])) is not None}


def _levels(
    scheme: YearScheme, this_years: Mapping[str, str] | None = None, own: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The second-level indicator of each code, by its name of this year.

    this_years: this year's code of each; own: this year's levels by code, for results that do not name levels.
    """
    found = {}
    mine = {name_key(level): level for level in (own or {}).values()}
    for item in scheme.indicators:
        if item.nature != BASE:
            continue
        level = item.level2 or (own or {}).get((this_years or {}).get(item.code, ""), "")
        found[item.code] = mine.get(name_key(level), level)
    return found


def _figures(
    item: YearDepartment, scores: Sequence[YearScore], levels: Mapping[str, str], points: Decimal, full: Decimal
) -> Figures:
    """points: the full points of its scheme; full: those of this year's."""
    got: dict[str, Decimal] = {}
    of: dict[str, Decimal] = {}
    rates = {}
    for score in scores:
        if score.nature != BASE or not score.applies or score.points <= 0:
            continue
        rates[score.code] = interned(divide(score.score, score.points))
        if level := levels.get(score.code):
            got[level] = got.get(level, ZERO) + score.score
            of[level] = of.get(level, ZERO) + score.points
    known = None if item.kpis is None else [kpi for kpi in item.kpis if kpi.completion is not None]
    done = None if known is None else sum(kpi.completion is not None and kpi.completion >= 1 for kpi in known)
    total = item.total if item.scored else None
    if total is not None and points > 0 and points != full:
        total = half_up(divide(total * full, points))
    return Figures(
        total, item.grade if item.scored else "", item.adjusted, item.spent, item.rate, done,
        None if known is None else len(known), {level: interned(divide(got[level], of[level])) for level in got}, rates,
    )  # fmt: skip


def _indicator(code: str, now: Sequence[Figures], column: _Column) -> IndicatorThen:
    """An indicator among those that have a rate in both years."""
    there = next(
        ((own, codes[code]) for own in column.matched.year.schemes if code in (codes := column.codes[own.id])), None
    )
    if there is None:
        return IndicatorThen()
    scheme, its = there
    pairs = [
        (then.figures.rates[code], own.rates[code])
        for own, then in zip(now, column.thens, strict=True)
        if then is not None and own.total is not None and then.figures.total is not None
        if code in own.rates and code in then.figures.rates
    ]
    return IndicatorThen(
        its, scheme.by_code[its].points, _mean([then for then, _ in pairs]), _mean([own for _, own in pairs]),
        len(pairs), sum(own < then for then, own in pairs), sum(own > then for then, own in pairs),
    )  # fmt: skip


def _head(scheme: YearScheme, column: _Column) -> YearHead:
    year, matched = column.matched.year, column.matched.matched
    used = {id(one) for item in matched for one in item.before}
    gone = [
        item.title
        for item in year.departments
        if id(item) not in used and year.scheme_of(item).project == scheme.project
    ]
    used_schemes = dict.fromkeys(year.scheme_of(one).id for item in matched for one in item.before)
    notes = list(year.lacking)
    for own in year.schemes:
        if own.id in used_schemes:
            notes += _differences(scheme, own, column.codes[own.id], year.year)
    count = sum(bool(item.before) for item in matched)
    comparable = sum(then is not None and then.comparable for then in column.thens)
    return YearHead(year.year, year.source, count, comparable, tuple(gone), tuple(dict.fromkeys(notes)))


def _differences(scheme: YearScheme, own: YearScheme, codes: Mapping[str, str], year: int) -> list[str]:
    """What makes the years not quite alike, in sentences."""
    notes = []
    if own.points != scheme.points and own.points:
        notes.append(f"{year} 年满分 {plain(own.points)}，本年 {plain(scheme.points)}，该年总分已按比例折算")
    if own.grades and own.grades != scheme.grades:
        notes.append(f"等级标准不同：{year} 年为{_scale(own)}，本年为{_scale(scheme)}，等级不宜直接比较")
    changed = [mine for mine, its in codes.items() if own.by_code[its].points != scheme.by_code[mine].points]
    if changed:
        notes.append(f"与 {year} 年相比有 {len(changed)} 项指标分值不同，按得分率比较")
    new = len(scheme.indicators) - len(codes)
    left = len(own.indicators) - len(set(codes.values()))
    if new or left:
        notes.append(f"与 {year} 年相比新增 {new} 项指标，取消 {left} 项，这些指标不比较")
    return notes


def _scale(scheme: YearScheme) -> str:
    return "、".join(f"{name} {plain(floor)}" for name, floor in scheme.grades)
