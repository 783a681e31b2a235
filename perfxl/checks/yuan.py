"""元 typed where 万元 belongs: what the signs of it come to (see `perfxl.checks.yuan_signs`), one line a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfxl.checks.catalogue import check, label_of
from perfxl.checks.covers import COVERS, Covers
from perfxl.checks.finding import Finding, Severity
from perfxl.checks.table_rows import Hit, hit
from perfxl.checks.yuan_doubts import WORDS
from perfxl.checks.yuan_signs import YUAN, doubts_of
from perfxl.decimals import CENT, amount
from perfxl.findings.funds import BUDGET_CHANGE_REASON, LOW_RATE_REASON
from perfxl.findings.yuan import IN_YUAN, MONEY_DOUBTED, MONEY_SURE
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.funds import ADJUSTED, SPENT, is_fund_key

ON_MONEY = frozenset({"E202", "E203", "W204", "W205", "W206", "I212", "I213", "E207", "W209"}) | {
    "E851", "W852", "E857", "W858",
}  # fmt: skip
"""Findings that compare amounts with each other, those of monitoring last."""


@check(
    "W210", Severity.WARNING, "疑似按元填报",
    message="{label} {amount}{more}疑似按“元”填报：{why}",
    advice="金额单位是万元；如按元填了，请除以 10000 后重新填写。属实的不用修改",
    expected="{expected_amount}",
)  # fmt: skip
def perhaps_yuan(tables: Tables) -> Iterator[Hit]:
    """One sign that amounts are in 元: one line a workbook."""
    return _hits(tables, certain=False)


@check(
    "E211", Severity.ERROR, "按元填报",
    message="{label} {amount}{more}应是按“元”填报的：{why}", advice="金额单位是万元，请除以 10000 后重新填写",
    expected="{expected_amount}",
)  # fmt: skip
def surely_yuan(tables: Tables) -> Iterator[Hit]:
    """Two signs agree that an amount is in 元: one line a workbook."""
    return _hits(tables, certain=True)


def _hits(tables: Tables, *, certain: bool) -> Iterator[Hit]:
    for file, doubts in doubts_of(tables).items():
        if doubts.certain is not certain:
            continue
        submission = tables.submissions[file]
        names = doubts.ordered(submission.fields)
        first, others = names[0], names[1:]
        value = submission.value(*first)
        assert isinstance(value, Decimal)
        labels = [label_of(name, submission, tables.layout) for name in others[:2]]
        more = f"（还有{'、'.join(labels)}{f'等共 {len(names)} 处' if len(others) > 2 else ''}）" if others else " "
        why = "，".join(WORDS[kind] for kind in sorted(doubts.signs[first]))
        yield hit(
            file, *first, why=why, more=more, amount=amount(value), expected_amount=amount(value / YUAN)
        ) | {COVERS: _covers(tables, names)}  # fmt: skip


def _covers(tables: Tables, names: Iterable[FieldId]) -> Covers:
    """What follows from amounts in 元: comparisons with their rows, columns, parts and wholes, and the scores."""
    scheme, keys = tables.scheme, {name[1] for name in names if name[0] == "facts"}
    beside = set(keys)
    for key in keys:
        if is_fund_key(key):
            beside |= {row.fact(column) for row in scheme.funds_table.rows for column in scheme.funds_table.columns}
            beside |= {BUDGET_CHANGE_REASON, LOW_RATE_REASON}
        else:
            beside |= {fact.key for fact in scheme.facts if key in (fact.part_of, fact.key) and fact.type == "money"}
    rows = frozenset(beside | {name[1] for name in names if name[0] == "tasks"})
    codes = frozenset(item.code for key in keys for item in scheme.users_of(key))
    return Covers(codes=ON_MONEY, rows=rows, indicators=codes)


def money_of(submission: Submission, findings: Iterable[Finding]) -> str:
    """Whether the amounts of the total row can be relied on, as the result of a department says it."""
    row = submission.layout.scheme.funds_table.total
    names = {("facts", row.fact(column), VALUE) for column in (ADJUSTED, SPENT)} if row is not None else set()
    if any(finding.code in IN_YUAN and not names.isdisjoint(finding.fields) for finding in findings):
        return MONEY_DOUBTED
    values = [submission.value(*name) for name in names]
    fine = [value for value in values if isinstance(value, Decimal) and value != value.quantize(CENT)]
    return MONEY_SURE if fine or not names.isdisjoint(submission.official) else ""
