"""调减建议: money to be taken back where neither the money nor what it was given for will be reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from perfxl.monitoring.records import Monitored, TakeBack
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.context import category_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.summary_sheet import ListSheet
from perfxl.rules.percentages import full_percent
from perfxl.scheme.model import Stage
from perfxl.scheme.stages import annual
from perfxl.scoring.result import DepartmentResult


@dataclass(frozen=True, slots=True)
class Taken:
    """A line of the list."""

    department: DepartmentResult
    item: TakeBack


@dataclass(frozen=True)
class TakenBack(Collection[Taken]):
    """All of a batch, in its order, of those that are ranked: what is returned is not certain yet."""

    plan: SummaryPlan

    def __iter__(self) -> Iterator[Taken]:
        for row in self.plan.watch.ranked:
            if row.take_back:
                full = self.plan.batch.full_result(row.department)
                yield from (Taken(row.department, one) for one in (full.monitored or Monitored()).take_back)

    def __len__(self) -> int:
        return sum(row.take_back for row in self.plan.watch.ranked)

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)


def take_back_table(plan: SummaryPlan) -> Table[Taken]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name_in(plan), _columns(plan), TakenBack(plan))


def write_take_back(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many lines for one."""
    low = full_percent(annual(plan.scheme).thresholds.take_back)
    note = f"全年预计执行率低于 {low}、且目标也完不成的。单位：万元。"
    note += f"“其中”的任务已包括在本{plan.words.one}整体的金额里，不重复计入合计。"
    empty = "没有建议调减的预算。"
    if not plan.scheme.has_kpis and not plan.scheme.table_columns("tasks"):
        # Without targets nothing tells whether they will be missed, however little is spent.
        empty = "这个方案不填绩效指标和重点任务，无从判断目标能否完成，不提出调减建议；支出进度见“部门情况”。"
    take_back_table(plan).write(pages, plan.title(SHEET.name), note, frozen=2, empty=empty)


def _columns(plan: SummaryPlan) -> list[Column[Taken]]:
    unit = Column[Taken]("unit", plan.words.unit, 22, "box text wrap", lambda item, _: item.department.name)

    def amount(item: Taken, row: int) -> Cell:
        formula = f"=ROUND({table.cell('budget', row)}-{table.cell('expected', row)},6)"
        return Formula(formula, item.item.amount)

    def counted(item: Taken, row: int) -> Cell:
        if item.item.within:
            return None
        return Formula(f"={table.cell('amount', row)}", item.item.amount)

    columns: list[Column[Taken]] = [
        Column("number", "序号", 5, "box center", lambda item, row: row - 3),
        Column("department", plan.words.title, 26, "box text wrap", lambda item, _: plan.name(item.department)),
        *([unit] if plan.projects else []),
        Column("category", plan.words.category, 11, "box center wrap", lambda item, _: category_of(item.department)),
        Column("task", "范围", 28, "box text wrap", _scope(plan)),
        Column("budget", "调整预算数", 13, "box money", lambda item, _: item.item.budget),
        Column("expected", "全年预计\n执行数", 13, "box money", lambda item, _: item.item.expected),
        Column("amount", "建议调减", 12, "box money", amount),
        Column("counted", "计入合计", 12, "box money", counted, summed=True),
        Column("why", "理由", 52, "box text wrap small", lambda item, _: item.item.why),
    ]
    table = Table[Taken]("", columns, ())
    return columns


def _scope(plan: SummaryPlan) -> Callable[[Taken, int], Cell]:
    def words(item: Taken, _: int) -> Cell:
        if not item.item.task:
            return f"{plan.words.one}整体"
        return f"其中：{item.item.task}" if item.item.within else item.item.task

    return words


SHEET = ListSheet("调减建议", 50, take_back_table, write_take_back, stages=(Stage.MONITORING,))
