"""Years before beside batches made by code, for the tests of sheets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from perfxl.results.batch import Batch
from perfxl.scheme.model import Scheme
from perfxl.years.compare import compare, match_years
from perfxl.years.model import Year, YearDepartment, year_department, year_scheme
from perfxl.years.result import SchemeYears
from tests.sample_batch import sample_batch


def year_of(batch: Batch, scheme: Scheme, year: int, source: str = "上年结果") -> Year:
    """What a scheme's part of a batch would be as the results of a year."""
    return Year(year, source, (year_scheme(scheme),), tuple(departments_of(batch, scheme)))


def departments_of(batch: Batch, scheme: Scheme) -> list[YearDepartment]:
    """The departments of a scheme as years take them."""
    own = batch.of(scheme)
    return [
        year_department(item, [one for one in own.findings if one.file == item.file], scheme)
        for item in own.departments
    ]


def years_of(batch: Batch, years: int = 2, formers: dict[str, list[str]] | None = None) -> dict[str, SchemeYears]:
    """Years before that are much like a batch: some departments were other ones, some not there, some merged."""
    found = {}
    for scheme in batch.all_schemes:
        own = batch.of(scheme)
        before = []
        for ago in range(1, years + 1):
            other = sample_batch(max(len(own.departments), 1), returned=1, scheme=scheme, seed=ago)
            before.append(year_of(other, scheme, scheme.year - ago, f"{scheme.year - ago}年结果"))
        found[scheme.id] = compared(batch, scheme, before, formers or {})
    return found


def compared(batch: Batch, scheme: Scheme, before: list[Year], formers: dict[str, list[str]]) -> SchemeYears:
    """A scheme's part of a batch beside years. formers: by code."""
    own = batch.of(scheme)
    current = departments_of(batch, scheme)
    called = [formers.get(item.code, []) for item in current]
    matched = match_years(year_scheme(scheme), current, called, before)
    return compare(year_scheme(scheme), scheme.year, [item.file for item in own.departments], current, matched)


def department(code: str, name: str, total: str | None = "90", rank: int | None = 1, **more: object) -> YearDepartment:
    """One of a year with nothing but what is told."""
    status = "scored" if total is not None else "missing"
    number = None if total is None else Decimal(total)
    item = YearDepartment("s", code, name, "", "", status, rank, number, "良" if total else "", ())
    return replace(item, **more)  # type: ignore[arg-type]
