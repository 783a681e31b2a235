"""Checks of money: sums that add up, spending against budget, changes and low rates that want a reason."""

from __future__ import annotations

import pandas as pd

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.frames import filled, hits, mapped, no_hits, numbers, total
from perfxl.decimals import amount, divide, percent
from perfxl.intake.tables import Tables
from perfxl.layout import finding_words as words
from perfxl.rules.ratio import Ratio
from perfxl.rules.tiers import Tiers
from perfxl.scheme.model import FUNDS_COLUMNS, FundsRow, Scheme


def _total_row(scheme: Scheme) -> FundsRow:
    return next(row for row in scheme.funds if row.role == "合计")


def _total_keys(scheme: Scheme) -> dict[str, str]:
    """Fact keys of the total row by column: initial, adjusted, spent."""
    row = _total_row(scheme)
    return {column: f"funds.{row.key}.{column}" for column in FUNDS_COLUMNS}


@check(
    words.ADJUSTED_ZERO.code, Severity.ERROR, words.ADJUSTED_ZERO.title,
    message="调整预算数合计为 0，支出率无法计算", advice=words.ADJUSTED_ZERO.advice, expected="大于 0",
)  # fmt: skip
def adjusted_zero(tables: Tables) -> pd.DataFrame:
    """Without an adjusted budget there is no spending rate."""
    key = _total_keys(tables.scheme)["adjusted"]
    wide = numbers(tables.facts_wide, key)
    return hits(wide[wide[key] == 0][[]], "facts", key)


@check(
    words.PARTS_DO_NOT_ADD.code, Severity.ERROR, words.PARTS_DO_NOT_ADD.title,
    message="{column}：{parts}之和为 {sum}，不等于合计 {total}", advice=words.PARTS_DO_NOT_ADD.advice, expected="{sum}",
)  # fmt: skip
def parts_do_not_add(tables: Tables) -> pd.DataFrame:
    """基本 + 项目 ≠ 合计, for each column in which all parts are given."""
    scheme = tables.scheme
    parts = [row for row in scheme.funds if row.role == "分项"]
    found = []
    for column, heading in FUNDS_COLUMNS.items():
        key = _total_keys(scheme)[column]
        names = [f"funds.{row.key}.{column}" for row in parts]
        wide = numbers(tables.facts_wide, key, *names)
        wide = wide.assign(sum=mapped(wide, lambda *amounts: total(amounts), *names))
        wrong = wide[wide["sum"] != wide[key]]
        wrong = wrong.assign(sum=wrong["sum"].map(amount), total=wrong[key].map(amount))[["sum", "total"]]
        named = "、".join(row.label for row in parts)
        found.append(hits(wrong.assign(column=heading, parts=named), "facts", key))
    return pd.concat(found)


@check(
    words.OVERSPENT.code, Severity.ERROR, words.OVERSPENT.title,
    message="{row}支出数 {spent} 大于调整预算数 {adjusted}", advice=words.OVERSPENT.advice,
    expected="不大于 {adjusted}",
)  # fmt: skip
def total_overspent(tables: Tables) -> pd.DataFrame:
    """The total spent more than its adjusted budget."""
    return _overspent(tables, "合计")


@check(
    words.PART_OVERSPENT.code, Severity.WARNING, words.PART_OVERSPENT.title,
    message="{row}支出数 {spent} 大于调整预算数 {adjusted}", advice=words.PART_OVERSPENT.advice,
    expected="不大于 {adjusted}",
)  # fmt: skip
def part_overspent(tables: Tables) -> pd.DataFrame:
    """A part spent more than its adjusted budget."""
    return _overspent(tables, "分项")


def _overspent(tables: Tables, role: str) -> pd.DataFrame:
    found = [no_hits()]
    for row in tables.scheme.funds:
        if row.role != role:
            continue
        adjusted, spent = f"funds.{row.key}.adjusted", f"funds.{row.key}.spent"
        wide = numbers(tables.facts_wide, adjusted, spent)
        # A budget of 0 has a finding of its own where it makes the rate impossible.
        over = wide[(wide[spent] > wide[adjusted]) & ((wide[adjusted] > 0) | (role == "分项"))]
        found.append(
            hits(
                over.assign(adjusted=over[adjusted].map(amount), spent=over[spent].map(amount), row=row.label)[
                    ["adjusted", "spent", "row"]
                ],
                "facts",
                spent,
            )
        )
    return pd.concat(found)


@check(
    words.CHANGE_UNEXPLAINED.code, Severity.WARNING, words.CHANGE_UNEXPLAINED.title,
    message="年初预算 {initial} 调整为 {adjusted}，变动 {rate}，超过 {limit}，没有说明原因",
    advice=words.CHANGE_UNEXPLAINED.advice,
)  # fmt: skip
def change_without_reason(tables: Tables) -> pd.DataFrame:
    """The budget was changed by more than the scheme's share, and nobody says why."""
    keys, limit = _total_keys(tables.scheme), tables.scheme.thresholds.budget_change
    wide = numbers(tables.facts_wide, keys["initial"], keys["adjusted"])
    wide = wide[wide[keys["initial"]] > 0]
    change = mapped(
        wide, lambda initial, adjusted: divide(abs(adjusted - initial), initial), keys["initial"], keys["adjusted"]
    )
    wide = wide.assign(
        change=change, initial=wide[keys["initial"]].map(amount), adjusted=wide[keys["adjusted"]].map(amount)
    )
    found = _unexplained(tables, wide[wide["change"] > limit], words.BUDGET_CHANGE_REASON)
    found = found.assign(rate=found["change"].map(percent), limit=percent(limit, 0))
    return hits(found[["initial", "adjusted", "rate", "limit", "reason"]], "facts", keys["adjusted"])


@check(
    words.LOW_RATE_UNEXPLAINED.code, Severity.WARNING, words.LOW_RATE_UNEXPLAINED.title,
    message="支出率 {rate}，低于 {limit}，没有说明原因", advice=words.LOW_RATE_UNEXPLAINED.advice,
)  # fmt: skip
def low_rate_without_reason(tables: Tables) -> pd.DataFrame:
    """Less was spent than the scheme's share of the adjusted budget, and nobody says why."""
    keys, limit = _total_keys(tables.scheme), tables.scheme.thresholds.low_rate
    wide = numbers(tables.facts_wide, keys["adjusted"], keys["spent"])
    wide = wide[wide[keys["adjusted"]] > 0]
    low = wide[wide[keys["spent"]] < mapped(wide, lambda adjusted: adjusted * limit, keys["adjusted"])]
    found = _unexplained(tables, low, words.LOW_RATE_REASON)
    rates = mapped(found, lambda spent, adjusted: percent(divide(spent, adjusted)), keys["spent"], keys["adjusted"])
    return hits(found.assign(rate=rates, limit=percent(limit, 0))[["rate", "limit", "reason"]], "facts", keys["spent"])


def _unexplained(tables: Tables, wide: pd.DataFrame, reason: str) -> pd.DataFrame:
    """The rows without the explaining fact; none where the scheme has no such fact."""
    fact = tables.scheme.fact_by_key.get(reason)
    if fact is None or reason not in wide.columns:
        return wide.iloc[0:0].assign(reason="")
    return wide[wide[reason].isna()].assign(reason=fact.label)


@check(
    words.PART_ABOVE_WHOLE.code, Severity.ERROR, words.PART_ABOVE_WHOLE.title,
    message="{label} {value} 大于“{whole_label}”{whole}", advice=words.PART_ABOVE_WHOLE.advice,
    expected="不大于 {whole}",
)  # fmt: skip
def part_above_whole(tables: Tables) -> pd.DataFrame:
    """A fact that the scheme calls part of another is larger than it (contracts signed > contracts)."""
    facts = filled(tables.facts, "value")
    whole_of = {fact.key: fact.part_of for fact in tables.scheme.facts if fact.part_of}
    parts = facts[facts["key"].isin(list(whole_of))]
    parts = parts.assign(whole_key=parts["key"].map(whole_of))
    wholes = facts[["file", "key", "value", "label"]].rename(
        columns={"key": "whole_key", "value": "whole", "label": "whole_label"}
    )
    both = parts.merge(wholes, on=["file", "whole_key"])
    over = both[both["value"] > both["whole"]]
    return hits(over[["file", "key", "whole", "whole_label"]], "facts")


@check(
    words.DENOMINATOR_ZERO.code, Severity.WARNING, words.DENOMINATOR_ZERO.title,
    message="{label}为 0，{indicators}无法计算，按 0 分计", advice=words.DENOMINATOR_ZERO.advice,
)  # fmt: skip
def denominator_zero(tables: Tables) -> pd.DataFrame:
    """A whole is 0 where the scheme gives no full points for that. The funds table has its own check."""
    found = [no_hits()]
    for indicator in tables.scheme.indicators:
        rule = indicator.rule
        if not isinstance(rule, Ratio | Tiers) or rule.na or rule.denominator[0].startswith("funds."):
            continue
        wide = numbers(tables.facts_wide, *rule.denominator)
        sums = mapped(wide, lambda *amounts: total(amounts), *rule.denominator)
        zero = wide[sums == 0][[]].assign(indicators=f"{indicator.code} {indicator.name}")
        found.append(hits(zero, "facts", rule.denominator[0]))
    return pd.concat(found)


@check(
    words.TASK_OVERSPENT.code, Severity.WARNING, words.TASK_OVERSPENT.title,
    message="{label} {amount} 大于预算金额 {budget}", advice=words.TASK_OVERSPENT.advice,
    expected="不大于 {budget}",
)  # fmt: skip
def task_overspent(tables: Tables) -> pd.DataFrame:
    """A key task spent more than its budget."""
    tasks = numbers(tables.tasks, "budget", "spent")
    over = tasks[tasks["spent"] > tasks["budget"]]
    shown = over.assign(amount=over["spent"].map(amount), budget=over["budget"].map(amount))
    return hits(shown[["file", "key", "amount", "budget"]], "tasks", field="spent")
