"""The years before in a run: which results they are, what they bring to light, and the comparison of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.checks.finding import Finding
from perfxl.checks.years import BELOW_LAST_YEAR, STILL_THERE
from perfxl.errors import UsageError
from perfxl.lists.exemptions import Exemption
from perfxl.lists.roster import Roster
from perfxl.results.kept_years import manifest_of, previous_year
from perfxl.run.details import DetailsFile, Entry
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import ClaimResult, DepartmentResult
from perfxl.submission.identity import name_key
from perfxl.years.compare import MatchedYear, compare, match_years
from perfxl.years.model import Year, YearDepartment, place_of, settled, year_department, year_scheme
from perfxl.years.repeats import AT_MOST, Lowered, lowered_targets, same_findings
from perfxl.years.result import SchemeYears

Full = Callable[[DepartmentResult], DepartmentResult]
BELOW_ITS_OWN = "W333"
"""The same of a target, by what the department itself says that it reached the year before."""


def previous_years(paths: Sequence[Path], schemes: Sequence[Scheme], output: Path) -> list[Year]:
    """The results that were named, the year last gone first; those of one year and different schemes as one.

    Raises UsageError where one cannot be read, is not of a year before, or stands where this run writes.
    """
    years: list[Year] = []
    for path in paths:
        years = with_year(years, path, schemes, output)
    return years


def with_year(years: Sequence[Year], path: Path, schemes: Sequence[Scheme], output: Path) -> list[Year]:
    """The years and one more, the year last gone first. Raises UsageError as `previous_years`."""
    this_year = schemes[0].year
    if manifest_of(path).parent.resolve() == output.resolve():
        raise UsageError(
            f"上年结果“{path}”就在本次结果的文件夹“{output}”里，运行后会被换掉。"
            "请先把上年的结果移到别的文件夹，或用 -o 另外指定本次结果的文件夹"
        )
    year = previous_year(path)
    if year.year >= this_year:
        raise UsageError(f"“{path}”是 {year.year} 年度的结果，本次评的是 {this_year} 年度，不能作为以前年度的结果")
    if not any(item.scored for item in year.departments):
        raise UsageError(f"上年结果“{path}”里没有已评分的结果，没有什么可以比较")
    by_year = {one.year: one for one in years}
    there = by_year.get(year.year)
    by_year[year.year] = year if there is None else _joined(there, year)
    return sorted(by_year.values(), key=lambda one: -one.year)


def _joined(one: Year, other: Year) -> Year:
    """Two outputs of a year as one: of departments and of projects, say."""
    shared = {scheme.id for scheme in one.schemes} & {scheme.id for scheme in other.schemes}
    if shared:
        raise UsageError(
            f"“{one.source}”和“{other.source}”都是 {one.year} 年度的结果，方案也相同（{'、'.join(sorted(shared))}）。"
            "请只写其中一个"
        )
    return Year(
        one.year,
        f"{one.source}、{other.source}",
        (*one.schemes, *other.schemes),
        (*one.departments, *other.departments),
        (*one.lacking, *other.lacking),
    )


@dataclass
class Yearly:
    """The years before in one run. years: the one last gone first."""

    years: Sequence[Year]
    roster: Roster | None = None
    _matched: dict[str, list[MatchedYear]] = field(default_factory=dict)
    _current: dict[str, dict[str, YearDepartment]] = field(default_factory=dict)

    def hold(
        self,
        schemes: Sequence[Scheme],
        counted: Sequence[Entry],
        details: DetailsFile,
        accepted: Callable[[DepartmentResult], Sequence[Exemption]],
    ) -> None:
        """Puts what the years bring to light to the findings of the files that count.

        accepted: the exemptions that hold for a department.
        """
        stored = details.stored
        for scheme in schemes:
            entries = [item for item in counted if item.result is not None and item.result.scheme == scheme.id]
            current: list[YearDepartment] = []
            formers: list[tuple[str, ...]] = []
            for item in entries:
                assert item.result is not None
                # One full result at a time: those of thousands would not fit.
                result = stored.result(item.result)
                findings = [*stored[item.record.path], *item.added]
                own = accepted(result)
                kept = [one for one in findings if not any(each.covers(one) for each in own)]
                current.append(year_department(result, kept, scheme))
                formers.append(self._formers(scheme, result))
            matched = match_years(year_scheme(scheme), current, formers, self.years)
            paths = [item.record.path for item in entries]
            self._current[scheme.id] = dict(zip(paths, current, strict=True))
            self._matched[scheme.id] = matched
            if not matched:
                continue
            last = matched[0]
            for item, now, found in zip(entries, current, last.matched, strict=True):
                if found.before and item.result is not None:
                    full = stored.result(item.result)
                    told = {place_of(one) for one in stored[item.record.path] if one.code == BELOW_ITS_OWN}
                    item.added += tuple(
                        one for one in _findings(full, now, found.before, last.year.year)
                        if one.code != BELOW_LAST_YEAR.code or place_of(one) not in told
                    )  # fmt: skip

    def compared(self, scheme: Scheme, departments: Iterable[DepartmentResult]) -> SchemeYears:
        """The comparison of a scheme's departments, as the batch has made them since."""
        by_file, before = {item.file: item for item in departments}, self._current[scheme.id]
        current = [settled(item, by_file[file]) for file, item in before.items()]
        return compare(year_scheme(scheme), scheme.year, list(before), current, self._matched[scheme.id])

    def _formers(self, scheme: Scheme, item: DepartmentResult) -> tuple[str, ...]:
        """What the roster says that one was called before."""
        if self.roster is None:
            return ()
        part = self.roster.of(scheme)
        listed = part.of_code(item.code)
        if listed is None:
            return ()
        own = name_key(item.project)
        rows = [row for row in part.rows_of(listed) if not row.project or name_key(row.project) == own]
        return tuple(dict.fromkeys(one for row in rows for one in row.formerly))


def _findings(
    result: DepartmentResult, now: YearDepartment, before: Sequence[YearDepartment], year: int
) -> Iterable[Finding]:
    """What last year's results bring to light of one department."""
    same = same_findings(now.findings, before)
    claim = next((one for one in result.claims if one.done), None)
    if claim is not None and same:
        yield _still_there(result, claim, now, same, year)
    for item in lowered_targets(now, before):
        yield _lowered(result, item, year)


def _still_there(
    result: DepartmentResult, claim: ClaimResult, now: YearDepartment, same: Mapping[str, tuple[int, int]], year: int
) -> Finding:
    titles = {item.code: item.title for item in now.findings}
    words = "；".join(
        f"{code} {titles[code]}（{year} 年 {then} 处，今年 {own} 处）" for code, (own, then) in same.items()
    )
    given = {"department": result.title, "label": claim.label, "value": "是", "year": year, "same": words}
    sheet, _, cell = claim.place.rpartition("!")
    fields = (("facts", claim.fact, "value"),)
    return STILL_THERE.finding(result.file, result.title, given, sheet=sheet, cell=cell, fields=fields)


def _lowered(result: DepartmentResult, item: Lowered, year: int) -> Finding:
    now, then = item
    less = now.direction == AT_MOST
    given = {
        "name": now.name, "symbol": now.symbol, "value": now.target, "unit": now.unit, "year": year,
        "reached": then.actual, "how": "更高" if less else "更低", "other": "高于" if less else "低于",
    }  # fmt: skip
    sheet, _, cell = now.place.rpartition("!")
    fields = (("kpis", now.key, "target"),)
    return BELOW_LAST_YEAR.finding(result.file, result.title, given, sheet=sheet, cell=cell, fields=fields)
