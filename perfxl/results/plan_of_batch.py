"""What a summary tells of its batch: who stands in it in which order, by which names, and where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from typing import Self

from perfxl.ranking.units import UnitResult, unit_results
from perfxl.references import literal
from perfxl.results.batch import Batch, Status
from perfxl.results.cells import Name
from perfxl.results.context import Context, category_of
from perfxl.results.names import behind, continued, quoted, sheet_names
from perfxl.results.places import Places
from perfxl.results.score_column import ScoreColumn
from perfxl.results.tally import Tally, tally_of
from perfxl.results.text_height import one_line
from perfxl.results.watch import Watch, watch_of
from perfxl.results.words import Words
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.years.result import SchemeYears

UNKNOWN = "—"  # of what has none of the schemes
WIDEST_NAME = 25.0  # a column's width, for twelve signs
MOST_PARTS = 20  # sheets over which a list may go on, whose names no department gets


@dataclass(frozen=True)
class PlanOfBatch:
    """What one summary tells of its batch.

    fixed_sheets: the names of the sheets on the batch, which no department gets. Where there are several schemes, each
    has a plan of its part of the batch, with `short` behind the names of its sheets; `whole` is the plan of the lists
    that are one for all, which has the short titles of all schemes by their codes in `shorts`. above: rows of the
    overview that tell what is to be done, above the grades.
    """

    batch: Batch
    context: Context
    fixed_sheets: Sequence[str]
    department_sheets: bool
    department_books: bool = True
    short: str = ""
    whole: Self | None = None
    shorts: Mapping[str, str] = field(default_factory=dict)
    above: int = 0

    @property
    def lists(self) -> Self:
        """The plan of the lists that are one for all schemes."""
        return self.whole or self

    def named(self, sheet: str) -> str:
        """The name in this summary of a sheet as it declares it: where there are several schemes, that of its own."""
        return behind(sheet, self.short)

    @cached_property
    def own_rows(self) -> str:
        """The condition of COUNTIFS that leaves the plan's scheme of a list that is one for all.

        As `Table.added` takes it, with braces doubled.
        """
        return literal(f"={self.short}").replace("{", "{{").replace("}", "}}")

    @cached_property
    def _schemes(self) -> dict[str, str]:
        return {record.path: record.scheme for record in self.batch.files}

    def short_of(self, file: str) -> str:
        """The short title of the scheme of a file, where there are several."""
        return self.shorts.get(self._schemes.get(file, ""), UNKNOWN)

    def scheme_of(self, file: str) -> Scheme:
        """The scheme of a file."""
        if not self.shorts:
            return self.scheme
        return self._by_code.get(self._schemes.get(file, ""), self.scheme)

    @cached_property
    def _by_code(self) -> dict[str, Scheme]:
        return {scheme.id: scheme for scheme in self.batch.all_schemes}

    @property
    def scheme(self) -> Scheme:
        """The scheme of the batch."""
        return self.batch.scheme

    @property
    def words(self) -> Words:
        """What those that are evaluated are called."""
        return self.context.words

    @property
    def projects(self) -> bool:
        """Whether projects are evaluated, be it by one scheme of several."""
        schemes = self.batch.all_schemes if self.shorts else (self.scheme,)
        return any(scheme.evaluated.is_project for scheme in schemes)

    def status_label(self, status: Status) -> str:
        """What a status of a file is called at the stage of the batch."""
        return status.label_where(scored=self.scheme.asks_scores)

    def title(self, sheet: str) -> str:
        """The title of a sheet."""
        if self.shorts:
            what = "绩效评价" if self.scheme.asks_scores else f"{self.scheme.period}{self.scheme.stage.label}"
            return f"{self.scheme.year}年度{what}{sheet}"
        return f"{self.scheme.header.results_title}{sheet}"

    @cached_property
    def tally(self) -> Tally:
        """What the findings come to."""
        return tally_of(self.batch.findings)

    # Who is shown.

    @cached_property
    def departments(self) -> list[DepartmentResult]:
        """Ranked ones first, the returned ones behind: the order of all sheets."""
        return [*self.ranked, *(item for item in self.batch.departments if not item.ranked)]

    @cached_property
    def watch(self) -> Watch:
        """What monitoring came to, of a run in the middle of the year."""
        return watch_of(self.batch, self.scheme, self.departments)

    @cached_property
    def ranked(self) -> list[DepartmentResult]:
        """The ranked ones, best first."""
        return self.batch.ranked

    @cached_property
    def doubted(self) -> list[DepartmentResult]:
        """The ranked ones whose money seems to be in 元, and stands in no sum."""
        return [item for item in self.ranked if not item.summed]

    @cached_property
    def names_of_units(self) -> dict[str, str]:
        """The unit of each project, by the project's file."""
        return {item.file: item.name for item in self.batch.departments if item.project or not self.shorts}

    @cached_property
    def units(self) -> list[UnitResult]:
        """The units of the ranked projects, best first; none where no projects are evaluated."""
        return unit_results(self.scheme, self.ranked)

    @cached_property
    def unit_numbers(self) -> dict[str, int]:
        """Which unit each ranked project belongs to, the first is 1, by the project's file."""
        return {file: number for number, unit in enumerate(self.units, 1) for file in unit.files}

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The name of each department's sheet, by its file; none where departments have no sheets."""
        if self.whole is not None:
            return self.whole.sheets
        if not self.department_sheets:
            return {}
        taken = [name for sheet in self.fixed_sheets for name in continued(sheet, MOST_PARTS)]
        names = sheet_names([item.title for item in self.batch.departments], taken)
        return dict(zip((item.file for item in self.batch.departments), names, strict=True))

    def place(self, item: DepartmentResult) -> str:
        """The target of a link to a department's sheet, or to its workbook; empty where it has neither."""
        has = self.department_sheets or self.department_books
        return _place(self.sheets, self.context, item) if has else ""

    def name_width(self, usual: float) -> float:
        """The width of a column of names: the usual one, or more where names then take one line."""
        return max(usual, self.lists.widest_name)

    @cached_property
    def widest_name(self) -> float:
        """The width at which the names of all take one line, but for those that are too long for it; 0 of none."""
        fit = (one_line(item.title) for item in self.batch.departments)
        return max((width for width in fit if width <= WIDEST_NAME), default=0.0)

    def name(self, item: DepartmentResult) -> Name:
        """A department's name as a cell shows it, which leads to its place."""
        return Name(item.title, self.places.of(item.file))

    @cached_property
    def places(self) -> Places:
        """Where names lead, over all schemes."""
        if self.whole is not None:
            return self.whole.places
        if not (self.department_sheets or self.department_books):
            return Places((), lambda _: "")
        # Not by a method of the plan, which would hold itself alive by it: the collector is paused in a run.
        return Places(self.batch.departments, partial(_place, self.sheets, self.context))

    @cached_property
    def categories(self) -> list[str]:
        """The categories with ranked departments, in the order of the scheme, others behind."""
        found = dict.fromkeys(map(category_of, self.ranked))
        known = [item.name for item in self.scheme.categories if item.name in found]
        return [*known, *(name for name in found if name not in known)]

    @cached_property
    def members(self) -> dict[str, list[DepartmentResult]]:
        """The ranked departments of each category."""
        groups: dict[str, list[DepartmentResult]] = {category: [] for category in self.categories}
        for item in self.ranked:
            groups[category_of(item)].append(item)
        return groups

    @cached_property
    def scores(self) -> dict[str, ScoreColumn]:
        """The ranked departments' scores by indicator, in the order of the ranking; None where it does not apply."""
        return {item.code: ScoreColumn(self.ranked, item.code, at) for at, item in enumerate(self.indicators)}

    def known(self, code: str) -> list[Decimal]:
        """The scores of the ranked departments to which an indicator applies, in the order of the ranking."""
        return known(self.scores[code])

    def own_rank(self, item: DepartmentResult) -> int:
        """Where a ranked department would stand by the totals that all gave themselves."""
        return self._own_ranks[item.self_total]

    @cached_property
    def _own_ranks(self) -> dict[Decimal, int]:
        places: dict[Decimal, int] = {}
        for place, total in enumerate(sorted((item.self_total for item in self.ranked), reverse=True), 1):
            places.setdefault(total, place)
        return places

    @property
    def totals(self) -> list[Decimal]:
        """The ranked departments' totals."""
        return [item.total for item in self.ranked]

    @property
    def years(self) -> SchemeYears | None:
        """The years before beside this one, None where none are known."""
        return self.batch.years.get(self.scheme.id)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators in the order of the matrix."""
        return self.scheme.indicators


def known(scores: Iterable[Decimal | None]) -> list[Decimal]:
    """The scores that there are."""
    return [score for score in scores if score is not None]


def _place(sheets: Mapping[str, str], context: Context, item: DepartmentResult) -> str:
    """The target of a link to a department's sheet, or to its workbook where it has none."""
    return f"internal:{quoted(sheets[item.file])}!A1" if sheets else f"external:{context.book_path(item)}"
