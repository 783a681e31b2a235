"""部门情况 of a round of targets: who asks for what, what is doubtful, and what the bureau says of it."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.results.cells import Page
from perfxl.results.context import category_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.summary_sheet import ListSheet
from perfxl.results.targets import DECISIONS, DepartmentTargets
from perfxl.scheme.model import Stage

LOOKS = dict(zip(DECISIONS, ("good", "fair", "bad", "weak"), strict=True))


def departments_table(plan: SummaryPlan) -> Table[DepartmentTargets]:
    """The columns and rows of the sheet, in the order of the batch."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), whole.batch.targets)


def write_departments(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    targets = plan.batch.targets
    words = [f"{word} {count}" for word in DECISIONS if (count := sum(item.decision == word for item in targets))]
    note = f"共 {plan.words.count(len(targets))}：{'，'.join(words)}。" if targets else ""
    departments_table(plan).write(pages, plan.title(SHEET.name), note, frozen=3, empty="没有填报。")


def _columns(plan: SummaryPlan) -> list[Column[DepartmentTargets]]:
    shorts, words = plan.shorts, plan.words
    unit = Column[DepartmentTargets]("unit", words.unit, 22, "box text wrap", lambda item, _: item.result.name)
    scheme = Column[DepartmentTargets](
        "scheme", SCHEME, 14, "box text wrap small", lambda item, _: shorts.get(item.result.scheme, UNKNOWN)
    )
    return [
        Column("number", "序号", 5, "box center", lambda item, row: row - 3),
        Column("code", words.code, 12, "box center small shrink", lambda item, _: item.result.code),
        Column("department", words.title, 26, "box text wrap", lambda item, _: plan.name(item.result)),
        *([unit] if plan.projects else []),
        *([scheme] if shorts else []),
        Column("category", words.category, 11, "box center wrap", lambda item, _: category_of(item.result)),
        Column("count", "指标\n项数", 7, "box center whole", lambda item, _: item.count),
        Column("numbers", "其中\n定量", 7, "box center whole", lambda item, _: item.numbers),
        Column("planned", "计划资金\n（万元）", 13, "box money", lambda item, _: item.planned, summed=True),
        Column("errors", "错误", 6, lambda i: f"box center{' bad' if i.errors else ''}", lambda item, _: item.errors),
        Column(
            "warnings", "警告", 6, lambda i: f"box center{' weak' if i.warnings else ''}", lambda item, _: item.warnings
        ),
        Column("problems", "主要问题", 34, "box text wrap small", lambda item, _: item.problems),
        Column("state", "报送情况", 22, "box text wrap small", lambda item, _: item.state),
        Column(
            "decision", "审核\n意见", 9, lambda item: f"box center bold {LOOKS[item.decision]}",
            lambda item, _: item.decision,
        ),
        Column("words", "说明", 24, "box text wrap small", lambda item, _: item.words),
    ]  # fmt: skip


SHEET = ListSheet("部门情况", 20, departments_table, write_departments, common=True, stages=(Stage.TARGETS,))
