"""Checks of money: sums that add up, spending against budget, changes and low rates that want a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.frames import Hit, hit, numbers, rows, total
from perfxl.decimals import amount, divide, percent
from perfxl.intake.tables import Tables
from perfxl.layout import finding_words as words
from perfxl.scheme.funds import ADJUSTED, FUNDS_COLUMNS, INITIAL, SPENT, FundsRow, is_fund_key


@check(
    words.ADJUSTED_ZERO.code, Severity.ERROR, words.ADJUSTED_ZERO.title,
    message="调整预算数合计为 0，支出率无法计算", advice=words.ADJUSTED_ZERO.advice, expected="大于 0",
)  # fmt: skip
def adjusted_zero(tables: Tables) -> Iterator[Hit]:
    """Without an adjusted budget there is no spending rate."""
    key = tables.scheme.funds_table.total.fact(ADJUSTED)
    facts = numbers(tables, "facts", key)
    return (hit(file, "facts", key) for file in facts.index[facts[key] == 0])


@check(
    words.PARTS_DO_NOT_ADD.code, Severity.ERROR, words.PARTS_DO_NOT_ADD.title,
    message="{column}：{parts}之和为 {sum}，不等于合计 {total}", advice=words.PARTS_DO_NOT_ADD.advice, expected="{sum}",
)  # fmt: skip
def parts_do_not_add(tables: Tables) -> Iterator[Hit]:
    """基本 + 项目 ≠ 合计, for each column in which all parts are given."""
    table = tables.scheme.funds_table
    labels = "、".join(row.label for row in table.parts)
    for column, heading in FUNDS_COLUMNS.items():
        key, names = table.total.fact(column), [row.fact(column) for row in table.parts]
        for file, whole, *amounts in rows(numbers(tables, "facts", key, *names), key, *names):
            if (added := total(amounts)) != whole:
                yield hit(file, "facts", key, sum=amount(added), total=amount(whole), column=heading, parts=labels)


@check(
    words.OVERSPENT.code, Severity.ERROR, words.OVERSPENT.title,
    message="{row}支出数 {spent} 大于调整预算数 {adjusted}", advice=words.OVERSPENT.advice,
    expected="不大于 {adjusted}",
)  # fmt: skip
def total_overspent(tables: Tables) -> Iterator[Hit]:
    """The total spent more than its adjusted budget."""
    return _overspent(tables, [tables.scheme.funds_table.total])


@check(
    words.PART_OVERSPENT.code, Severity.WARNING, words.PART_OVERSPENT.title,
    message="{row}支出数 {spent} 大于调整预算数 {adjusted}", advice=words.PART_OVERSPENT.advice,
    expected="不大于 {adjusted}",
)  # fmt: skip
def part_overspent(tables: Tables) -> Iterator[Hit]:
    """A part spent more than its adjusted budget."""
    return _overspent(tables, tables.scheme.funds_table.parts)


def _overspent(tables: Tables, funds: Iterable[FundsRow]) -> Iterator[Hit]:
    for row in funds:
        budget, actual = row.fact(ADJUSTED), row.fact(SPENT)
        facts = numbers(tables, "facts", budget, actual)
        for file, adjusted, spent in rows(facts, budget, actual):
            # A budget of 0 has a finding of its own where it makes the rate impossible.
            if spent > adjusted and (adjusted > 0 or not row.is_total):
                yield hit(file, "facts", actual, adjusted=amount(adjusted), spent=amount(spent), row=row.label)


@check(
    words.CHANGE_UNEXPLAINED.code, Severity.WARNING, words.CHANGE_UNEXPLAINED.title,
    message="年初预算 {initial} 调整为 {adjusted}，变动 {rate}，超过 {limit}，没有说明原因",
    advice=words.CHANGE_UNEXPLAINED.advice,
)  # fmt: skip
def change_without_reason(tables: Tables) -> Iterator[Hit]:
    """The budget was changed by more than the scheme's share, and nobody says why."""
    funds, limit = tables.scheme.funds_table.total, tables.scheme.thresholds.budget_change
    names = funds.fact(INITIAL), funds.fact(ADJUSTED)
    for file, initial, adjusted, reason in _unexplained(tables, words.BUDGET_CHANGE_REASON, *names):
        if initial > 0 and (change := divide(abs(adjusted - initial), initial)) > limit:
            yield hit(
                file, "facts", funds.fact(ADJUSTED), initial=amount(initial), adjusted=amount(adjusted),
                rate=percent(change), limit=percent(limit, 0), reason=reason,
            )  # fmt: skip


@check(
    words.LOW_RATE_UNEXPLAINED.code, Severity.WARNING, words.LOW_RATE_UNEXPLAINED.title,
    message="支出率 {rate}，低于 {limit}，没有说明原因", advice=words.LOW_RATE_UNEXPLAINED.advice,
)  # fmt: skip
def low_rate_without_reason(tables: Tables) -> Iterator[Hit]:
    """Less was spent than the scheme's share of the adjusted budget, and nobody says why."""
    funds, limit = tables.scheme.funds_table.total, tables.scheme.thresholds.low_rate
    names = funds.fact(ADJUSTED), funds.fact(SPENT)
    for file, adjusted, spent, reason in _unexplained(tables, words.LOW_RATE_REASON, *names):
        if adjusted > 0 and spent < adjusted * limit:
            rate = percent(divide(spent, adjusted))
            yield hit(file, "facts", funds.fact(SPENT), rate=rate, limit=percent(limit, 0), reason=reason)


def _unexplained(tables: Tables, reason: str, *keys: str) -> Iterator[tuple[Any, ...]]:
    """File, these amounts and the label of the explaining fact where it is blank; none where there is no such fact."""
    fact = tables.scheme.fact_by_key.get(reason)
    if fact is None:
        return
    facts = numbers(tables, "facts", *keys)
    for row in rows(facts[facts[reason].isna()], *keys):
        yield *row, fact.label


@check(
    words.PART_ABOVE_WHOLE.code, Severity.ERROR, words.PART_ABOVE_WHOLE.title,
    message="{label} {value} 大于“{whole_label}”{whole}", advice=words.PART_ABOVE_WHOLE.advice,
    expected="不大于 {whole}",
)  # fmt: skip
def part_above_whole(tables: Tables) -> Iterator[Hit]:
    """A fact that the scheme calls part of another is larger than it (contracts signed > contracts)."""
    facts = tables.scheme.fact_by_key
    # In the order of the template.
    for key in tables.facts.columns:
        whole_key = facts[key].part_of
        if not whole_key:
            continue
        for file, part, whole in rows(numbers(tables, "facts", key, whole_key), key, whole_key):
            if part > whole:
                yield hit(file, "facts", key, whole=whole, whole_label=facts[whole_key].label)


@check(
    words.DENOMINATOR_ZERO.code, Severity.WARNING, words.DENOMINATOR_ZERO.title,
    message="{label}为 0，{indicators}无法计算，按 0 分计", advice=words.DENOMINATOR_ZERO.advice,
)  # fmt: skip
def denominator_zero(tables: Tables) -> Iterator[Hit]:
    """A whole is 0 where the scheme gives no full points for that. The funds table has its own check."""
    for indicator in tables.scheme.indicators:
        names = indicator.rule.zero_whole
        if not names or is_fund_key(names[0]):
            continue
        for file, *amounts in rows(numbers(tables, "facts", *names), *names):
            if total(amounts) == 0:
                yield hit(file, "facts", names[0], indicators=f"{indicator.code} {indicator.name}")


@check(
    words.TASK_OVERSPENT.code, Severity.WARNING, words.TASK_OVERSPENT.title,
    message="{label} {amount} 大于预算金额 {budget}", advice=words.TASK_OVERSPENT.advice,
    expected="不大于 {budget}",
)  # fmt: skip
def task_overspent(tables: Tables) -> Iterator[Hit]:
    """A key task spent more than its budget."""
    tasks = numbers(tables, "tasks", "budget", "spent")
    for file, key, spent, budget in rows(tasks[tasks["spent"] > tasks["budget"]], "key", "spent", "budget"):
        yield hit(file, "tasks", key, "spent", amount=amount(spent), budget=amount(budget))
