"""红黄灯清单: every red or yellow light, red ones first, with what the department says of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from perfxl.monitoring.lights import Light
from perfxl.monitoring.records import Monitored
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.summary_sheet import ListSheet
from perfxl.results.watch import LOOKS, Warned, warnings_of
from perfxl.scheme.model import Stage

GRAVITIES = (Light.RED, Light.YELLOW)


@dataclass(frozen=True)
class Warnings(Collection[Warned]):
    """All of a batch: red before yellow, departments in the order of the batch."""

    plan: SummaryPlan

    def __iter__(self) -> Iterator[Warned]:
        for gravity in GRAVITIES:
            for row in self.plan.watch.rows:
                if not row.warned[gravity]:
                    continue
                full = self.plan.batch.full_result(row.department)
                found = warnings_of(row.department, full.monitored or Monitored())
                yield from (one for one in found if one.gravity is gravity)

    def __len__(self) -> int:
        return sum(row.warned[gravity] for row in self.plan.watch.rows for gravity in GRAVITIES)

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)


def warnings_table(plan: SummaryPlan) -> Table[Warned]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name_in(plan), _columns(plan), Warnings(plan), fitting=True)


def write_warnings(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    watch = plan.watch
    counts = [sum(row.warned[gravity] for row in watch.rows) for gravity in GRAVITIES]
    note = f"红灯 {counts[0]} 条，黄灯 {counts[1]} 条（当前或全年预计有一个即列入）。灯的界线：{watch.bounds.words}。"
    note += "随时间累计的与时间进度比，其余（百分比、越小越好、定性）与全年目标比。"
    warnings_table(plan).write(pages, plan.title(SHEET.name), note, frozen=2, empty="没有红灯和黄灯。")


def _columns(plan: SummaryPlan) -> list[Column[Warned]]:
    bounds = plan.watch.bounds
    # Small: a page should hold many rows, be names as long as they are.
    small, centre = "box text wrap small", "box center wrap small"
    columns: list[Column[Warned]] = [
        Column("number", "序号", 5, "box center", lambda item, row: row - 3),
        Column("department", plan.words.title, 20, small, lambda item, _: plan.name(item.department), least=11,
               names=True),
        *(
            [Column[Warned]("unit", plan.words.unit, 20, small, lambda item, _: item.department.name, least=9)]
            if plan.projects
            else []
        ),
        Column("kind", "类别", 6, centre, lambda item, _: item.kind, least=6),
        Column("name", "事项", 20, small, lambda item, _: item.name, least=10, names=True),
        Column("target", "预算或年度\n指标值", 12, centre, lambda item, _: item.target, least=8.5),
        Column("done", f"{plan.scheme.period}\n完成", 11, centre, lambda item, _: item.done, least=7.5),
        Column("rate", "完成率", 7.5, "box rate small", lambda item, _: item.rate),
        Column("pace", "进度", 7.5, "box rate small", lambda item, _: item.pace),
        Column("light", "灯", 5.5, lambda item: f"box center bold {LOOKS[item.light]}", lambda item, row: Formula(
            f"={bounds.formula(table.cell('pace', row))}", item.light.label)),
        Column("expected", "全年\n预计", 11, centre, lambda item, _: item.expected, least=7.5),
        Column("expected_rate", "预计\n完成率", 7.5, "box rate small", lambda item, _: item.expected_rate),
        Column("expected_light", "预计\n灯", 5.5, lambda item: f"box center bold {LOOKS[item.expected_light]}",
               lambda item, row: Formula(
                   f"={bounds.formula(table.cell('expected_rate', row))}", item.expected_light.label)),
        Column("chance", "完成\n可能性", 8, centre, lambda item, _: item.chance, least=6.5),
        Column("cause", "偏差\n原因", 8, centre, lambda item, _: item.cause, least=6.5),
        Column("reason", "原因说明", 22, small, _words("reason"), least=10),
        Column("measures", "改进措施", 22, small, _words("measures"), least=10),
    ]  # fmt: skip
    table = Table[Warned]("", columns, ())
    return columns


def _words(name: str) -> Callable[[Warned, int], Cell]:
    def value(item: Warned, _: int) -> Cell:
        text: str = getattr(item, name)
        return text or None

    return value


SHEET = ListSheet("红黄灯清单", 20, warnings_table, write_warnings, stages=(Stage.MONITORING,))
