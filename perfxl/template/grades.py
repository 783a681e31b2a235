"""Grades beside a total, as formulas and computed: by category, held down by vetoes, and how far the next one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import plain
from perfxl.layout import Place
from perfxl.outcome import (
    BY_RANK,
    best_place,
    best_place_formula,
    by_category_formula,
    grade_formula,
    grade_of,
    to_next_grade,
    to_next_grade_formula,
)
from perfxl.references import literal
from perfxl.rules.percentages import full_percent
from perfxl.scheme.model import Grade, Scheme
from perfxl.scheme.records import ALL
from perfxl.template.book import Book

SHORT = 2_000
"""Characters of an expression that stands beside others in formulas."""
VETOED = "受否决条件限制"
"""In place of what is missing to the next grade, where a veto bars the way."""


@dataclass(frozen=True)
class GradeOf:
    """The grade of a total and the words beside it.

    place: where the total stands. best: by bands, the cell of the best grade that vetoes leave.
    """

    book: Book
    total: Decimal | None
    place: Place
    best: Mapping[tuple[Grade, ...], str]

    @property
    def _bands(self) -> tuple[Grade, ...]:
        return self.book.layout.scheme.bands_of(self.book.live.category)

    @property
    def _best(self) -> int:
        live = self.book.live
        return best_place(live.limits, self._bands, live.scheme) if self.best else 0

    def grade_formula(self) -> str:
        """The grade, for a formula of the same sheet."""
        total = self.place.cell
        return self._by_category(lambda bands: grade_formula(total, bands, self.best.get(tuple(bands), "")))

    @property
    def grade(self) -> str:
        """`grade_formula`, computed."""
        return grade_of(self.total, self._bands, self._best)

    def next_formula(self, sheet: str) -> str:
        """How far the total is from the next grade, for a formula of a sheet."""
        expression = self._next_formula(self.place.cell if sheet == self.place.sheet else self.place.ref)
        return expression if len(expression) <= SHORT else self._next_cell

    @cached_property
    def _next_cell(self) -> str:
        """Where it stands when it is too long to stand beside other things."""
        return self.book.lists.part_ref(self._next_formula(self.place.ref), self.next)

    def _next_formula(self, total: str) -> str:
        def words(bands: Sequence[Grade]) -> str:
            away, best = to_next_grade_formula(total, bands), self.best.get(tuple(bands))
            return f'IF({best}>1,"{VETOED}",{away})' if best else away

        return self._by_category(words)

    @property
    def next(self) -> str:
        """`next_formula`, computed."""
        return VETOED if self._best else to_next_grade(self.total, self._bands)

    def _by_category(self, expression: Callable[[Sequence[Grade]], str]) -> str:
        layout = self.book.layout
        return by_category_formula(layout.scheme, layout.category, expression)


def best_cells(book: Book) -> dict[tuple[Grade, ...], str]:
    """Cells that say the place of the best grade that vetoes leave, from 1, by the bands; none without vetoes."""
    live, scheme, found = book.live, book.layout.scheme, {}
    for bands in dict.fromkeys((scheme.grade_bands, *scheme.own_bands.values())):
        if expression := best_place_formula(bands, scheme, book.layout):
            found[bands] = book.lists.part_ref(expression, best_place(live.limits, bands, scheme) + 1)
    return found


def scale(scheme: Scheme, bands: Sequence[Grade]) -> str:
    """The grades with their bounds, and what is said of quotas."""
    bounds = [f"{band.name} ≥ {plain(band.floor)}" for band in bands[:-1]]
    words = "，".join([*bounds, f"其余为{bands[-1].name}" if bounds else bands[-1].name])
    names = {band.name for band in bands}
    return words + "".join(
        f"；“{quota.grade}”最多占{'全部' if quota.scope == ALL else '每类'}的 {full_percent(quota.share)}，{BY_RANK}"
        for quota in scheme.quotas
        if quota.grade in names
    )


def scale_formula(book: Book) -> str:
    """`scale` for the category as it stands, as a formula; empty where it is the same for all."""
    scheme, layout = book.layout.scheme, book.layout
    if not scheme.has_category_grades:
        return ""
    names = book.lists.range_ref(list(scheme.own_bands))
    texts = book.lists.range_ref([scale(scheme, bands) for bands in scheme.own_bands.values()])
    own = f"INDEX({texts},MATCH({layout.category},{names},0))"
    return f"IFERROR({own},{literal(scale(scheme, scheme.grade_bands))})"


def by_rank_formula(scheme: Scheme, grade: str) -> str:
    """Behind the grade in a cell: whether the ranking may change it. Empty where no grade has a quota."""
    names = dict.fromkeys(quota.grade for quota in scheme.quotas)
    if not names:
        return ""
    tests = ",".join(f"{grade}={literal(name)}" for name in names)
    return f'&IF(OR({tests}),"（{BY_RANK}）","")'


def by_rank(scheme: Scheme, grade: str) -> str:
    """`by_rank_formula`, computed."""
    return f"（{BY_RANK}）" if any(quota.grade == grade for quota in scheme.quotas) else ""
