"""指标灯色: every KPI of every department with its lights; 指标分析: the same counted by kind of KPI."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from perfxl.monitoring.records import KpiState, Monitored
from perfxl.results.cells import Formula, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.summary_sheet import ListSheet
from perfxl.results.watch import LOOKS, counts
from perfxl.scheme.model import Stage
from perfxl.scoring.result import DepartmentResult


@dataclass(frozen=True, slots=True)
class OwnKpi:
    """A KPI of a department."""

    department: DepartmentResult
    kpi: KpiState


@dataclass(frozen=True)
class Kpis(Collection[OwnKpi]):
    """All of a batch, in the order of the batch."""

    plan: SummaryPlan

    def __iter__(self) -> Iterator[OwnKpi]:
        for row in self.plan.watch.rows:
            full = self.plan.batch.full_result(row.department)
            for kpi in (full.monitored or Monitored()).kpi_states:
                yield OwnKpi(row.department, kpi)

    def __len__(self) -> int:
        return sum(row.kpis for row in self.plan.watch.rows)

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)


RANKED, NOT_RANKED = "是", "否"


def kpis_table(plan: SummaryPlan) -> Table[OwnKpi]:
    """The columns and rows of the sheet."""
    return Table(SHEET.name_in(plan), _columns(plan), Kpis(plan))


def write_kpis(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    table = kpis_table(plan)
    note = f"共 {len(table.items)} 项。“进度”：随时间累计的指标为 完成率 ÷ 时间进度，其余与完成率相同；"
    note += "灯按进度，预计灯按预计完成率。"
    table.write(pages, plan.title(SHEET.name), note, frozen=2, empty="没有绩效指标。")


def _columns(plan: SummaryPlan) -> list[Column[OwnKpi]]:
    watch = plan.watch
    bounds, share = watch.bounds, watch.share_formula
    small = "box center wrap small"
    columns: list[Column[OwnKpi]] = [
        Column("department", plan.words.title, plan.name_width(24), "box text wrap",
               lambda item, _: plan.name(item.department)),
        Column("name", "三级指标", 26, "box text wrap", lambda item, _: item.kpi.name),
        Column("level1", "一级指标", 11, small, lambda item, _: item.kpi.level1),
        Column("level2", "二级指标", 13, small, lambda item, _: item.kpi.level2),
        Column("target", "年度\n指标值", 12, small, lambda item, _: item.kpi.aim),
        Column("done", f"{plan.scheme.period}\n完成值", 12, small, lambda item, _: item.kpi.done),
        Column("rate", "完成率", 9, "box rate", lambda item, _: item.kpi.rate),
        Column("timed", "随时间\n累计", 7, "box center", lambda item, _: "是" if item.kpi.timed else "否"),
        Column("pace", "进度", 9, "box rate", lambda item, row: None if item.kpi.pace is None else Formula(
            f'=IF({table.cell("timed", row)}="是",{table.cell("rate", row)}/{share},{table.cell("rate", row)})',
            item.kpi.pace)),
        Column("light", "灯", 6, lambda item: f"box center bold {LOOKS[item.kpi.light]}", lambda item, row: Formula(
            f"={bounds.formula(table.cell('pace', row))}", item.kpi.light.label)),
        Column("expected", "全年预计\n完成值", 12, small, lambda item, _: item.kpi.expected),
        Column("expected_rate", "预计\n完成率", 9, "box rate", lambda item, _: item.kpi.expected_rate),
        Column("expected_light", "预计灯", 7, lambda item: f"box center bold {LOOKS[item.kpi.expected_light]}",
               lambda item, row: Formula(
                   f"={bounds.formula(table.cell('expected_rate', row))}", item.kpi.expected_light.label)),
        Column("chance", "完成\n可能性", 10, small, lambda item, _: item.kpi.chance),
        Column("cause", "偏差原因", 11, small, lambda item, _: item.kpi.cause),
        Column("counts", "计入\n统计", 6, "box center", lambda i, _: RANKED if counts(i.department) else NOT_RANKED),
    ]  # fmt: skip
    table = Table[OwnKpi]("", columns, ())
    return columns


SHEET = ListSheet(
    "指标灯色", 32, kpis_table, write_kpis, stages=(Stage.MONITORING,), wanted=lambda scheme: scheme.has_kpis
)  # fmt: skip
