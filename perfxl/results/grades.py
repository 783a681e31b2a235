"""The grades of a scheme as the summary lists them: one list for all categories."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from perfxl.decimals import plain
from perfxl.outcome import has_vetoes
from perfxl.results.styles import tone
from perfxl.scheme.model import Scheme


class GradeTable:
    """All grades in force, with their bounds and looks."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The best first, those of single categories behind."""
        bands = [self._scheme.grade_bands, *self._scheme.own_bands.values()]
        return tuple(dict.fromkeys(band.name for own in bands for band in own))

    @cached_property
    def tones(self) -> dict[str, int]:
        """Which of the tones each grade wears, 0 for the best."""
        bands = [*reversed(list(self._scheme.own_bands.values())), self._scheme.grade_bands]
        return {band.name: tone(place, len(own)) for own in bands for place, band in enumerate(own)}

    @cached_property
    def by_total(self) -> bool:
        """Whether a grade follows from the total and one list of bounds alone."""
        return not (self._scheme.has_category_grades or self._scheme.quotas or has_vetoes(self._scheme))

    def floor(self, grade: str) -> Decimal | str:
        """The lower bound of a grade; in words where it is another one in some categories."""
        usual = {band.name: band.floor for band in self._scheme.grade_bands}
        others = {
            category: band.floor
            for category, bands in self._scheme.own_bands.items()
            for band in bands
            if band.name == grade and band.floor != usual.get(grade)
        }
        if not others:
            return usual[grade]
        words = "、".join(f"{category} {plain(floor)}" for category, floor in others.items())
        return f"{plain(usual[grade])}（{words}）" if grade in usual else words
