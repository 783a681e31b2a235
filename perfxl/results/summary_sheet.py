"""What a sheet of the summary declares of itself: its name, its place in the order, and how it is written.

A sheet is a module in `results/sheets` whose `SHEET` is one of the two kinds below. Where one sheet points to another
it asks that declaration, so that a name stands once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfxl.results.batch import Batch
from perfxl.results.cells import Book, Page
from perfxl.results.list_sheets import Table
from perfxl.results.names import quoted
from perfxl.results.plan import SummaryPlan
from perfxl.scheme.model import Scheme, Stage

EVERY_STAGE = tuple(Stage)


@dataclass(frozen=True)
class SummarySheet(ABC):
    """One sheet of the summary. order: sheets stand from the lowest number to the highest, left to right.

    wanted: whether a scheme has the sheet at all. common: whether it is one for all where a run has several schemes,
    each of which has the other sheets of its own. present: whether a batch has anything for it. stages: at which stages
    of the year there is such a sheet.
    """

    name: str
    order: int
    wanted: Callable[[Scheme], bool] = field(default=lambda _: True, kw_only=True)
    common: bool = field(default=False, kw_only=True)
    present: Callable[[Batch], bool] = field(default=lambda _: True, kw_only=True)
    stages: tuple[Stage, ...] = field(default=(Stage.SELF_REVIEW,), kw_only=True)

    def link(self, plan: SummaryPlan, cell: str) -> str:
        """The target of a link to a cell of this sheet, as `Link` takes it."""
        return f"internal:{quoted(self.name_in(plan))}!{cell}"

    def name_in(self, plan: SummaryPlan) -> str:
        """What the sheet is called in a summary."""
        return self.name if self.common else plan.named(self.name)

    @abstractmethod
    def write(self, book: Book, plan: SummaryPlan) -> None:
        """Adds the sheet to a workbook and fills it."""


@dataclass(frozen=True)
class SingleSheet(SummarySheet):
    """A sheet that is always one. long: whether it has a row for each department, which leave memory once finished."""

    fill: Callable[[Page, SummaryPlan], None]
    long: bool = True

    def write(self, book: Book, plan: SummaryPlan) -> None:
        """Adds the sheet to a workbook and fills it."""
        name = self.name_in(plan)
        self.fill(book.long_page(name) if self.long else book.page(name), plan)


@dataclass(frozen=True)
class ListSheet(SummarySheet):
    """A list, which goes on over several sheets where it is longer than one. table: says on how many."""

    table: Callable[[SummaryPlan], Table[Any]]
    fill: Callable[[Sequence[Page], SummaryPlan], None]

    def write(self, book: Book, plan: SummaryPlan) -> None:
        """Adds the sheets to a workbook and fills them."""
        self.fill([book.long_page(sheet) for sheet in self.table(plan).sheets], plan)
