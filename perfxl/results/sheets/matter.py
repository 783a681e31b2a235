"""A line of 总览 on what a person has to look at or decide: how many it concerns, and who they are, worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from perfxl.results.cells import Formula
from perfxl.results.names import quoted
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.ranking import place_link
from perfxl.scoring.result import DepartmentResult

NAMES_SHOWN = 6


@dataclass(frozen=True)
class Named:
    """Somebody or something that a line names. note: what is told of it. target: where a click leads, if anywhere.

    cell: the cell of the summary that holds the title, from where a formula may take it.
    """

    title: str
    note: str = ""
    target: str = ""
    cell: str = ""

    @property
    def text(self) -> str:
        """As it is read."""
        return f"{self.title}（{self.note}）" if self.note else self.title

    @property
    def content(self) -> Formula | None:
        """The title as a formula, which is wrapped where the text of a link is not; None where no cell has it."""
        return Formula(f"={self.cell}", self.title) if self.cell else None


@dataclass(frozen=True)
class Matter:
    """label: what it is. formula, count: how many it concerns; without a formula nothing is counted.

    named: the worst of them, at most NAMES_SHOWN. said: a sentence, which stands in place of names. sheet, target: the
    sheet that has all, by its name and as a link. urgent: whether somebody has to do something before all is scored.
    """

    label: str
    formula: str
    count: int
    sheet: str
    target: str
    named: Sequence[Named] = ()
    said: str = ""
    urgent: bool = False

    @property
    def shown(self) -> list[Named]:
        """What stands in its cells: the names, with a word on the others where there are more."""
        if self.said:
            return [Named(self.said)]
        if not self.count:
            return [Named("无")]
        if self.count <= NAMES_SHOWN:
            return list(self.named)
        return [*self.named[: NAMES_SHOWN - 1], Named(f"等 {self.count} 个，全部见“{self.sheet}”", target=self.target)]


def worst(
    plan: SummaryPlan,
    departments: Iterable[DepartmentResult],
    order: Callable[[DepartmentResult], object],
    show: Callable[[DepartmentResult], str],
) -> tuple[int, list[Named]]:
    """How many departments there are, and the worst of them, those of the lowest order, with what is to be shown."""
    found = sorted(departments, key=order)  # type: ignore[arg-type]
    return len(found), [department(plan, item, show(item)) for item in found[:NAMES_SHOWN]]


def department(plan: SummaryPlan, item: DepartmentResult, note: str = "") -> Named:
    """A department with a link to its sheet, or to its place in 排名 where it has none.

    Before the end of the year nobody is ranked, and over several schemes each has a ranking of its own: there a name
    leads where names lead in lists.
    """
    if not plan.scheme.asks_scores or plan.shorts:
        return Named(item.title, note, plan.name(item).target)
    target = f"internal:{quoted(plan.sheets[item.file])}!A1" if plan.department_sheets else place_link(plan, item)
    return Named(item.title, note, target, plan.matrix_cell(item, plan.title_column))
