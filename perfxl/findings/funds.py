"""Findings on money: sums that add up, spending against budget, changes and low rates that want a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from perfxl.decimals import ZERO, amount, divide, percent, plain
from perfxl.findings.cells import NOT_NUMBER
from perfxl.findings.condition import Condition, Field, added, all_of, before, given, one_of, times
from perfxl.findings.declare import Case, Words, finding, shown_where
from perfxl.findings.in_excel import Value
from perfxl.findings.kind import Severity
from perfxl.findings.named import money_names, rate_label, task_names
from perfxl.findings.one_field import IsText
from perfxl.findings.rates import below, not_above_zero, rate_from, total_from
from perfxl.findings.reasons import Unexplained
from perfxl.layout import Layout
from perfxl.layout.fields import VALUE
from perfxl.rules import Inputs
from perfxl.rules.quotient import MINUS, unsigned
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT, FundsRow, is_fund_key
from perfxl.scheme.model import Indicator, Scheme

BUDGET_CHANGE_REASON, LOW_RATE_REASON = "budget_change_reason", "low_rate_reason"
"""The facts in which a department explains what the two findings on its spending ask about, where a scheme has them."""


def _budget(scheme: Scheme) -> str:
    """The fact that is the whole of the spending rate in the total row of the funds table, empty where none is."""
    table, rate = scheme.funds_table, scheme.spending_rate
    if rate is None or table.total is None or not table.has(ADJUSTED):
        return ""
    key = table.total.fact(ADJUSTED)
    return key if key in scheme.plain_facts(rate.denominator) else ""


@finding(
    "E201", Severity.ERROR, "调整预算数为零",
    message="{budget_label}合计为 0，{rate_label}无法计算", advice="请填写实际的{budget_label}", expected="大于 0",
)  # fmt: skip
def adjusted_zero(layout: Layout) -> Iterator[Case]:
    """Without an adjusted budget there is no spending rate."""
    if key := _budget(layout.scheme):
        words = money_names(layout.scheme)
        zero = given((key,), Field(key).equals(0))
        yield Case(table="facts", blamed=key, condition=zero, words=lambda of: words, advised=words, beside=False)


@finding(
    "E202", Severity.ERROR, "分项之和不等于合计",
    message="{column}：{parts}之和为 {sum}，不等于合计 {total}", advice="请核对分项和合计", expected="{sum}",
)  # fmt: skip
def parts_do_not_add(layout: Layout) -> Iterator[Case]:
    """基本 + 项目 ≠ 合计, for each column in which all parts are given."""
    table = layout.scheme.funds_table
    labels = "、".join(row.label for row in table.parts)
    if table.total is None or not table.parts:
        return
    for column, heading in table.columns.items():
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
    message="{row}{spent_label} {spent} 大于{budget_label} {adjusted}",
    advice="请核对{spent_label}和{budget_label}（万元）", expected="不大于 {adjusted}",
)  # fmt: skip
def total_overspent(layout: Layout) -> Iterator[Case]:
    """The total spent more than its adjusted budget."""
    table = layout.scheme.funds_table
    if table.total and table.has(ADJUSTED, SPENT):
        yield _overspent(layout, table.total)


@finding(
    "W204", Severity.WARNING, "分项支出大于调整预算",
    message="{row}{spent_label} {spent} 大于{budget_label} {adjusted}", advice="请核对；如属实请说明原因",
    expected="不大于 {adjusted}",
)  # fmt: skip
def part_overspent(layout: Layout) -> Iterator[Case]:
    """A part spent more than its adjusted budget."""
    table = layout.scheme.funds_table
    return (_overspent(layout, row) for row in table.parts if table.has(ADJUSTED, SPENT))


def _overspent(layout: Layout, row: FundsRow) -> Case:
    spent, adjusted, headings = row.fact(SPENT), row.fact(ADJUSTED), money_names(layout.scheme)
    above = [Field(spent) > Field(adjusted)]
    if row.is_total and adjusted == _budget(layout.scheme):
        # A budget of 0 has a finding of its own where it makes the rate impossible.
        above.append(Field(adjusted) > 0)
    return Case(
        table="facts", blamed=spent, condition=given((spent, adjusted), all_of(*above)),
        words=lambda of: {
            "adjusted": amount(of(adjusted)), "spent": amount(of(spent)), "row": row.label, **headings,
        },
        about=row.label, advised=headings, beside=False,
    )  # fmt: skip


@finding(
    "W205", Severity.WARNING, "预算调整幅度大而未说明",
    message="年初预算 {initial} 调整为 {adjusted}，变动 {rate}，超过 {limit}，没有说明原因",
    advice="请在“{reason}”中说明",
)  # fmt: skip
def change_unexplained(layout: Layout) -> Iterator[Case]:
    """The budget was changed by more than the scheme's share, and nobody says why."""
    table, limit = layout.scheme.funds_table, layout.scheme.thresholds.budget_change
    if table.total is None or not table.has(INITIAL, ADJUSTED):
        return
    initial, adjusted = table.total.fact(INITIAL), table.total.fact(ADJUSTED)
    change = abs(Field(adjusted) - Field(initial))
    changed = all_of(Field(initial) > 0, (change - times(limit, Field(initial))).rounded(9) > 0)

    def words(of: Value) -> Mapping[str, object]:
        return {
            "initial": amount(of(initial)), "adjusted": amount(of(adjusted)), "limit": percent(limit, 0),
            "rate": percent(divide(change.value_of(of), of(initial))),
        }  # fmt: skip

    yield from _unexplained(layout, BUDGET_CHANGE_REASON, adjusted, given((initial, adjusted), changed), words)


@finding(
    "W206", Severity.WARNING, "支出率低而未说明",
    message="{rate_label} {rate}，低于 {limit}，没有说明原因", advice="请在“{reason}”中说明",
)  # fmt: skip
def low_rate_unexplained(layout: Layout) -> Iterator[Case]:
    """The spending rate is below the scheme's bound, and nobody says why."""
    scheme, limit = layout.scheme, layout.scheme.thresholds.low_rate
    quotient, label = scheme.spending_rate, rate_label(layout.scheme)
    if quotient is None:
        return

    def words(of: Value) -> Mapping[str, object]:
        rate = rate_from(scheme, quotient, of)
        return {"rate": percent(rate or ZERO), "limit": percent(limit, 0), "rate_label": label}

    (blamed, *_) = scheme.plain_facts(quotient.numerator)
    yield from _unexplained(layout, LOW_RATE_REASON, blamed, below(layout, quotient, limit), words)


def _unexplained(layout: Layout, reason: str, blamed: str, condition: Condition, words: Words) -> Iterator[Case]:
    """The condition where the explaining fact is blank; nothing where the scheme has no such fact."""
    if ("facts", reason, VALUE) in layout.places:
        label = {"reason": layout.scheme.fact_labels[reason]}
        yield Case(
            table="facts", blamed=blamed, condition=before(Unexplained(reason), condition),
            words=lambda of: {**words(of), **label}, advised=label, beside=not is_fund_key(blamed),
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
            yield _above_whole(layout.scheme, key, whole)


def _above_whole(scheme: Scheme, part: str, whole: str) -> Case:
    label = scheme.fact_labels[whole]
    return Case(
        table="facts", blamed=part, condition=given((part, whole), Field(part) > Field(whole)),
        words=lambda of: {"whole": scheme.in_words(whole, of(whole)), "whole_label": label}, more=f"不大于“{label}”",
    )  # fmt: skip


@finding(
    "W208", Severity.WARNING, "分母为零",
    message="{whole}为 {zero}，{indicators}无法计算，按 0 分计", advice="请核对；确实为 0 请联系财政部门",
)  # fmt: skip
def denominator_zero(layout: Layout) -> Iterator[Case]:
    """A whole is 0 where the scheme gives no full points for that. The adjusted budget has a finding of its own."""
    scheme = layout.scheme
    for indicator in scheme.indicators:
        wholes = [terms for terms in _wholes(scheme, indicator) if scheme.plain_facts(terms) != (_budget(scheme),)]
        for terms in wholes if _gives_nothing(scheme, indicator) else ():
            yield _zero(layout, terms, indicator)


def _wholes(scheme: Scheme, indicator: Indicator) -> Iterable[tuple[str, ...]]:
    """The sums that must be above 0 for an indicator to be computed: its own, and those of derived facts."""
    found = dict.fromkeys([scheme.zero_whole(indicator)])
    needed = list(indicator.rule.facts())
    for key in needed:
        definition = scheme.definitions.get(key)
        if definition is not None:
            found[definition.denominator] = None
            named = definition.keys()
            needed += [other for other in named if other not in needed]
    return filter(None, found)


def _gives_nothing(scheme: Scheme, indicator: Indicator) -> bool:
    """Whether a rule has no points where all of its facts are 0."""
    nothing: dict[str, Decimal | str | None] = dict.fromkeys(scheme.facts_of[indicator.code], ZERO)
    return not indicator.rule.score(indicator.points, Inputs(nothing, definitions=scheme.definitions)).score


def _zero(layout: Layout, terms: tuple[str, ...], indicator: Indicator) -> Case:
    scheme, (blamed, *_) = layout.scheme, layout.scheme.plain_facts(terms)
    labels, named = scheme.fact_labels, {"indicators": f"{indicator.code} {indicator.name}"}
    if all(term in scheme.fact_by_key for term in terms):
        condition: Condition = given(terms, added(terms).rounded(6).equals(0))
        whole = f"“{labels[terms[0]]}”"
    else:
        condition = not_above_zero(layout, terms)
        signed = "".join(
            f"{'－' if term.startswith(MINUS) else '＋'}“{labels[unsigned(term)]}”" for term in terms
        ).removeprefix("＋")
        whole = signed if len(terms) == 1 else f"{signed}的结果"

    def words(of: Value) -> Mapping[str, object]:
        found = total_from(scheme, terms, of) or ZERO
        money = found and scheme.amounts.issuperset(map(unsigned, terms))
        return {**named, "whole": whole, "zero": amount(found) if money else plain(found)}

    return Case(
        table="facts", blamed=blamed, condition=condition, words=words, more=f"{indicator.code} 无法计算",
        indicator=indicator.code,
    )  # fmt: skip


@shown_where(NOT_NUMBER)
def task_not_number(layout: Layout) -> Iterator[Case]:
    """A text for an amount of a task."""
    columns = [column.key for column in layout.scheme.table_columns("tasks")]
    text = one_of(*(IsText(key) for key in ("budget", "spent") if key in columns))
    yield Case(table="tasks", blamed="budget", condition=text)


@finding(
    "W209", Severity.WARNING, "任务支出大于预算",
    message="{label} {amount} 大于{budget_name} {budget}",
    advice="请核对；如属实请在“{why_name}”中说明", expected="不大于 {budget}",
)  # fmt: skip
def task_overspent(layout: Layout) -> Iterator[Case]:
    """A key task spent more than its budget, and nobody says why."""
    names, above = task_names(layout.scheme), Field("spent") > Field("budget")
    explains = any(column.key == "reason" for column in layout.scheme.table_columns("tasks"))
    yield Case(
        table="tasks", blamed="spent",
        condition=given(("spent", "budget"), all_of(above, Unexplained("reason")) if explains else above),
        words=lambda of: {"amount": amount(of("spent")), "budget": amount(of("budget")), **names},
    )  # fmt: skip
