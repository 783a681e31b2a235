"""Findings on money: sums that add up, spending against budget, changes and low rates that want a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from perfxl.decimals import amount, divide, percent
from perfxl.findings.cells import NOT_NUMBER
from perfxl.findings.condition import (
    Blank,
    Condition,
    Field,
    IsText,
    Value,
    added,
    all_of,
    before,
    given,
    one_of,
    times,
)
from perfxl.findings.declare import Case, Words, finding, shown_where
from perfxl.findings.kind import Severity
from perfxl.layout import Layout
from perfxl.layout.fields import VALUE
from perfxl.scheme.funds import ADJUSTED, FUNDS_COLUMNS, INITIAL, SPENT, FundsRow, is_fund_key
from perfxl.scheme.model import Indicator

_BUDGET_CHANGE_REASON, _LOW_RATE_REASON = "budget_change_reason", "low_rate_reason"
"""The facts in which a department explains what the two findings on its spending ask about."""


@finding(
    "E201", Severity.ERROR, "调整预算数为零",
    message="调整预算数合计为 0，支出率无法计算", advice="请填写实际的调整预算数", expected="大于 0",
)  # fmt: skip
def adjusted_zero(layout: Layout) -> Iterator[Case]:
    """Without an adjusted budget there is no spending rate."""
    key = layout.scheme.funds_table.total.fact(ADJUSTED)
    zero = given((key,), Field(key).equals(0))
    yield Case(table="facts", blamed=key, condition=zero, advised={}, beside=False)


@finding(
    "E202", Severity.ERROR, "分项之和不等于合计",
    message="{column}：{parts}之和为 {sum}，不等于合计 {total}", advice="请核对分项和合计", expected="{sum}",
)  # fmt: skip
def parts_do_not_add(layout: Layout) -> Iterator[Case]:
    """基本 + 项目 ≠ 合计, for each column in which all parts are given."""
    table = layout.scheme.funds_table
    labels = "、".join(row.label for row in table.parts)
    for column, heading in FUNDS_COLUMNS.items():
        yield _parts_apart(table.total.fact(column), [row.fact(column) for row in table.parts], heading, labels)


def _parts_apart(total: str, parts: Sequence[str], heading: str, labels: str) -> Case:
    sum_ = added(parts)

    def words(of: Value) -> Mapping[str, object]:
        return {"sum": amount(sum_.value_of(of)), "total": amount(of(total)), "column": heading, "parts": labels}

    apart = given((total, *parts), (sum_ - Field(total)).rounded(6).differs(0))
    return Case(
        table="facts", blamed=total, condition=apart, words=words, about=heading, advised={}, beside=False
    )  # fmt: skip


@finding(
    "E203", Severity.ERROR, "支出大于调整预算",
    message="{row}支出数 {spent} 大于调整预算数 {adjusted}", advice="请核对支出数和调整预算数（万元）",
    expected="不大于 {adjusted}",
)  # fmt: skip
def total_overspent(layout: Layout) -> Iterator[Case]:
    """The total spent more than its adjusted budget."""
    yield _overspent(layout.scheme.funds_table.total)


@finding(
    "W204", Severity.WARNING, "分项支出大于调整预算",
    message="{row}支出数 {spent} 大于调整预算数 {adjusted}", advice="请核对；如属实请说明原因",
    expected="不大于 {adjusted}",
)  # fmt: skip
def part_overspent(layout: Layout) -> Iterator[Case]:
    """A part spent more than its adjusted budget."""
    return (_overspent(row) for row in layout.scheme.funds_table.parts)


def _overspent(row: FundsRow) -> Case:
    spent, adjusted = row.fact(SPENT), row.fact(ADJUSTED)
    above = [Field(spent) > Field(adjusted)]
    if row.is_total:
        # A budget of 0 has a finding of its own where it makes the rate impossible.
        above.append(Field(adjusted) > 0)
    return Case(
        table="facts", blamed=spent, condition=given((spent, adjusted), all_of(*above)),
        words=lambda of: {"adjusted": amount(of(adjusted)), "spent": amount(of(spent)), "row": row.label},
        about=row.label, advised={}, beside=False,
    )  # fmt: skip


@finding(
    "W205", Severity.WARNING, "预算调整幅度大而未说明",
    message="年初预算 {initial} 调整为 {adjusted}，变动 {rate}，超过 {limit}，没有说明原因",
    advice="请在“{reason}”中说明",
)  # fmt: skip
def change_unexplained(layout: Layout) -> Iterator[Case]:
    """The budget was changed by more than the scheme's share, and nobody says why."""
    total, limit = layout.scheme.funds_table.total, layout.scheme.thresholds.budget_change
    initial, adjusted = total.fact(INITIAL), total.fact(ADJUSTED)
    change = abs(Field(adjusted) - Field(initial))
    changed = all_of(Field(initial) > 0, (change - times(limit, Field(initial))).rounded(9) > 0)

    def words(of: Value) -> Mapping[str, object]:
        return {
            "initial": amount(of(initial)), "adjusted": amount(of(adjusted)), "limit": percent(limit, 0),
            "rate": percent(divide(change.value_of(of), of(initial))),
        }  # fmt: skip

    return _unexplained(layout, _BUDGET_CHANGE_REASON, adjusted, given((initial, adjusted), changed), words)


@finding(
    "W206", Severity.WARNING, "支出率低而未说明",
    message="支出率 {rate}，低于 {limit}，没有说明原因", advice="请在“{reason}”中说明",
)  # fmt: skip
def low_rate_unexplained(layout: Layout) -> Iterator[Case]:
    """Less was spent than the scheme's share of the adjusted budget, and nobody says why."""
    total, limit = layout.scheme.funds_table.total, layout.scheme.thresholds.low_rate
    adjusted, spent = total.fact(ADJUSTED), total.fact(SPENT)
    low = all_of(Field(adjusted) > 0, (Field(spent) - times(limit, Field(adjusted))).rounded(9) < 0)

    def words(of: Value) -> Mapping[str, object]:
        return {"rate": percent(divide(of(spent), of(adjusted))), "limit": percent(limit, 0)}

    return _unexplained(layout, _LOW_RATE_REASON, spent, given((adjusted, spent), low), words)


def _unexplained(layout: Layout, reason: str, blamed: str, condition: Condition, words: Words) -> Iterator[Case]:
    """The condition where the explaining fact is blank; nothing where the scheme has no such fact."""
    if ("facts", reason, VALUE) in layout.places:
        label = {"reason": layout.scheme.fact_labels[reason]}
        yield Case(
            table="facts", blamed=blamed, condition=before(Blank(reason), condition),
            words=lambda of: {**words(of), **label}, advised=label, beside=False,
        )  # fmt: skip


@finding(
    "E207", Severity.ERROR, "部分大于整体",
    message="{label} {value} 大于“{whole_label}”{whole}", advice="请核对两处数据", expected="不大于 {whole}",
)  # fmt: skip
def part_above_whole(layout: Layout) -> Iterator[Case]:
    """A fact that the scheme calls part of another is larger than it (contracts signed > contracts)."""
    facts = layout.scheme.fact_by_key
    # In the order of the template.
    for table, key, _ in layout.specs:
        if table == "facts" and (whole := facts[key].part_of):
            yield _above_whole(key, whole, facts[whole].label)


def _above_whole(part: str, whole: str, label: str) -> Case:
    return Case(
        table="facts", blamed=part, condition=given((part, whole), Field(part) > Field(whole)),
        words=lambda of: {"whole": of(whole), "whole_label": label}, more=f"不大于“{label}”",
    )  # fmt: skip


@finding(
    "W208", Severity.WARNING, "分母为零",
    message="{label}为 0，{indicators}无法计算，按 0 分计", advice="请核对；确实为 0 请联系财政部门",
)  # fmt: skip
def denominator_zero(layout: Layout) -> Iterator[Case]:
    """A whole is 0 where the scheme gives no full points for that. The funds table has a finding of its own."""
    for indicator in layout.scheme.indicators:
        names = indicator.rule.zero_whole
        if names and not is_fund_key(names[0]):
            yield _zero(names, indicator)


def _zero(names: Sequence[str], indicator: Indicator) -> Case:
    return Case(
        table="facts", blamed=names[0], condition=given(names, added(names).rounded(6).equals(0)),
        words=lambda of: {"indicators": f"{indicator.code} {indicator.name}"}, more=f"{indicator.code} 无法计算",
    )  # fmt: skip


@shown_where(NOT_NUMBER)
def task_not_number(layout: Layout) -> Iterator[Case]:
    """A text for an amount of a task."""
    yield Case(table="tasks", blamed="budget", condition=one_of(IsText("budget"), IsText("spent")))


@finding(
    "W209", Severity.WARNING, "任务支出大于预算",
    message="{label} {amount} 大于预算金额 {budget}", advice="请核对；如属实请在“未完成原因”或“完成情况”中说明",
    expected="不大于 {budget}",
)  # fmt: skip
def task_overspent(layout: Layout) -> Iterator[Case]:
    """A key task spent more than its budget."""
    yield Case(
        table="tasks", blamed="spent",
        condition=given(("spent", "budget"), Field("spent") > Field("budget")),
        words=lambda of: {"amount": amount(of("spent")), "budget": amount(of("budget"))},
    )  # fmt: skip
