"""目标清单: every KPI that is asked for, with what is doubtful about it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from perfxl.checks.finding import Severity
from perfxl.results.cells import Cell, Page
from perfxl.results.context import category_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.sheets.findings import LOOKS as SEVERITY_LOOKS
from perfxl.results.sheets.targets_departments import LOOKS
from perfxl.results.summary_sheet import ListSheet
from perfxl.results.targets import TargetLine, TargetLines
from perfxl.scheme.model import Stage
from perfxl.scheme.stages import annual


def targets_table(plan: SummaryPlan) -> Table[TargetLine]:
    """The columns and rows of the sheet, department by department."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), TargetLines(whole.batch, whole.batch.targets))


def write_targets(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    note = f"共 {len(targets_table(plan).items)} 项指标。可以按“需要核对”筛选；上年完成值由{plan.words.one}填报。"
    targets_table(plan).write(pages, plan.title(SHEET.name), note, frozen=4, empty="没有绩效指标。")


def number_or_text(text: str) -> Cell:
    """A number as one, so that it can be sorted; other texts as they are."""
    with suppress(InvalidOperation):
        number = Decimal(text)
        if number.is_finite():
            return number
    return text or None


def problem_look(severity: Severity | None) -> str:
    """The look of what is doubtful, by how grave it is."""
    return "box text wrap small" if severity is None else f"box text wrap small {SEVERITY_LOOKS[severity]}"


def _columns(plan: SummaryPlan) -> list[Column[TargetLine]]:
    shorts, words = plan.shorts, plan.words
    labels = {column.key: column.label for column in annual(plan.scheme).table_columns("kpis")}
    unit = Column[TargetLine]("owner", words.unit, 20, "box text wrap small", lambda item, _: item.result.name)
    scheme = Column[TargetLine](
        "scheme", SCHEME, 12, "box text wrap small", lambda item, _: shorts.get(item.result.scheme, UNKNOWN)
    )
    return [
        Column("number", "序号", 5, "box center", lambda item, row: row - 3),
        Column("department", words.title, plan.name_width(20), "box text wrap small",
               lambda item, _: plan.name(item.result)),
        *([unit] if plan.projects else []),
        *([scheme] if shorts else []),
        Column("category", words.category, 10, "box center wrap small", lambda item, _: category_of(item.result)),
        Column("name", labels.get("name", "三级指标"), 26, "box text wrap", lambda item, _: item.kpi.name),
        Column("level1", labels.get("level1", "一级指标"), 10, "box center wrap small", lambda i, _: i.kpi.level1),
        Column("level2", labels.get("level2", "二级指标"), 12, "box center wrap small", lambda i, _: i.kpi.level2),
        Column("symbol", labels.get("symbol", "符号"), 6, "box center", lambda item, _: item.kpi.symbol),
        Column("target", labels.get("target", "年度指标值"), 12, "box center points wrap",
               lambda item, _: number_or_text(item.kpi.target)),
        Column("unit", labels.get("unit", "单位"), 7, "box center wrap", lambda item, _: item.kpi.unit),
        Column("weight", labels.get("weight", "权重"), 7, "box score", lambda item, _: item.kpi.weight),
        Column("last", "上年\n完成值", 10, "box center points wrap", lambda item, _: number_or_text(item.last)),
        Column("basis", "设定依据", 22, "box text wrap small", lambda item, _: item.basis),
        Column("problems", "需要核对", 22, lambda item: problem_look(item.severity), lambda item, _: item.problems),
        Column("opinion", "核定\n意见", 8, lambda item: f"box center {LOOKS.get(item.opinion, '')}".strip(),
               lambda item, _: item.opinion),
    ]  # fmt: skip


SHEET = ListSheet("目标清单", 30, targets_table, write_targets, common=True, stages=(Stage.TARGETS,))
