"""What a department explains of its own accord takes the place of the finding that asks for it, and is quoted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit
from perfxl.decimals import amount, divide, percent
from perfxl.findings.funds import BUDGET_CHANGE_REASON, LOW_RATE_REASON
from perfxl.findings.named import rate_label
from perfxl.findings.reasons import explains
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.funds import ADJUSTED, INITIAL

READ = "已有说明，无需补充；请财政部门审核说明是否成立"


@check(
    "I212", Severity.INFO, "支出率低，部门已说明",
    message="{rate_label} {rate}，低于 {limit}，部门说明：“{why}”", advice=READ,
)  # fmt: skip
def low_rate_explained(tables: Tables) -> Iterator[Hit]:
    """A spending rate below the scheme's bound with the department's words. What is written beside the score only says
    why points were lost."""
    scheme, limit = tables.scheme, tables.scheme.thresholds.low_rate
    if scheme.spending_rate is None:
        return
    for file, submission in tables.submissions.items():
        rate = scheme.spending_rate.value(tables.inputs[file])
        if rate is None or rate >= limit or (at := _told(submission, LOW_RATE_REASON)) is None:
            continue
        yield hit(
            file, *at, rate=percent(rate), limit=percent(limit, 0), rate_label=rate_label(scheme),
            why=submission.value(*at),
        )  # fmt: skip


@check(
    "I213", Severity.INFO, "预算调整幅度大，部门已说明",
    message="年初预算 {initial} 调整为 {adjusted}，变动 {rate}，超过 {limit}，部门说明：“{why}”", advice=READ,
)  # fmt: skip
def change_explained(tables: Tables) -> Iterator[Hit]:
    """A budget that was changed by more than the scheme's share, with the department's words."""
    table, limit = tables.scheme.funds_table, tables.scheme.thresholds.budget_change
    if table.total is None or not table.has(INITIAL, ADJUSTED):
        return
    for file, submission in tables.submissions.items():
        initial, adjusted = (submission.value("facts", table.total.fact(name)) for name in (INITIAL, ADJUSTED))
        at = _told(submission, BUDGET_CHANGE_REASON)
        if at is None or not isinstance(initial, Decimal) or not isinstance(adjusted, Decimal) or initial <= 0:
            continue
        change = divide(abs(adjusted - initial), initial)
        if change > limit and adjusted > 0:
            yield hit(
                file, *at, initial=amount(initial), adjusted=amount(adjusted), rate=percent(change),
                limit=percent(limit, 0), why=submission.value(*at),
            )  # fmt: skip


@check(
    "I214", Severity.INFO, "任务支出大于预算，部门已说明",
    message="{label} {spent} 大于预算金额 {budget}，部门说明：“{why}”", advice=READ,
)  # fmt: skip
def overspent_task_explained(tables: Tables) -> Iterator[Hit]:
    """A key task that spent more than its budget, with the department's words."""
    if not tables.layout.has("tasks") or "reason" not in tables.tasks:
        return
    for file, key, budget, spent, why in tables.tasks.rows("key", "budget", "spent", "reason"):
        if isinstance(budget, Decimal) and isinstance(spent, Decimal) and spent > budget and explains(why):
            yield hit(file, "tasks", key, "spent", spent=amount(spent), budget=amount(budget), why=why)


def _told(submission: Submission, key: str) -> FieldId | None:
    """The fact, where anything is said in it."""
    return ("facts", key, VALUE) if explains(submission.value("facts", key)) else None
