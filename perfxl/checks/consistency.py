"""Checks of words against figures: the same rate given differently in two places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from perfxl.caches import cached
from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit
from perfxl.decimals import divide, half_up, percent
from perfxl.findings.named import rate_label
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import VALUE, FieldId
from perfxl.rules import Inputs
from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scheme.model import Scheme
from perfxl.text import fold

_RATE_WORDS = ("支出率", "支出进度", "执行率", "支出完成率")
_PERCENT_SIGNS = frozenset("%％﹪")
NEAR = Decimal("0.02")
"""A percentage within two points of a rate of the tables is taken to mean that rate, the total's first."""


@check(
    "W501", Severity.WARNING, "同一数据前后不一致",
    message="{label}里写的{rate_label}是 {said}，按表中数据计算应为 {rate}", advice="请核对文字和数据，改为一致",
    expected="{rate}",
)  # fmt: skip
def rate_told_differently(tables: Tables) -> Iterator[Hit]:
    """A text names a spending rate that the tables do not give, to the places that it is told with."""
    fields, called = _text_fields(tables.scheme), rate_label(tables.scheme)
    for file, submission in tables.submissions.items():
        # Few workbooks name a percentage at all.
        if texts := list(_texts(tables.values[file], fields)):
            for field, said, rate in _differences(submission, tables.inputs[file], tables.scheme, texts):
                yield hit(file, *field, said=f"{said}%", rate=percent(rate), rate_label=called)


@cached(maxsize=32)
def _rate_text(called: str) -> re.Pattern[str]:
    """A percentage behind one of the words for a spending rate, that of the scheme among them."""
    words = "|".join(re.escape(fold(word)) for word in (called, *_RATE_WORDS))
    return re.compile(rf"(?:{words})[^\d%。；;]{{0,8}}(\d{{1,3}}(?:\.\d+)?)\s*%")


def _differences(
    submission: Submission, inputs: Inputs, scheme: Scheme, texts: Iterable[tuple[FieldId, str]]
) -> Iterator[tuple[FieldId, str, Decimal]]:
    pattern, (total, *others) = _rate_text(rate_label(scheme)), _rates(submission, inputs, scheme)
    spending = scheme.spending_indicator
    for field, text in texts:
        # What stands beside the score of the spending rate speaks of the total; elsewhere any rate may be meant.
        about_total = spending is not None and field[:2] == ("scores", spending.code)
        rates = [rate for rate in ([total] if about_total else [total, *others]) if rate is not None]
        if not rates:
            continue
        for said in pattern.findall(fold(text)):
            figure = Decimal(said) / 100
            step = Decimal(1).scaleb(-len(said.partition(".")[2]) - 2)
            if any(half_up(rate, step) == figure for rate in rates):
                continue
            meant = next((rate for rate in rates if abs(rate - figure) <= NEAR), None)
            if meant is not None:
                yield field, said, meant


def _rates(submission: Submission, inputs: Inputs, scheme: Scheme) -> Iterator[Decimal | None]:
    """The spending rate, the rates of the funds rows, then execution rates of the tasks; None where unknown."""
    spending, table = scheme.spending_rate, scheme.funds_table
    yield None if spending is None else spending.value(inputs)
    for row in table.total_first() if table.has(ADJUSTED, SPENT) else ():
        if row.rate != spending:
            yield row.rate.value(inputs)
    for key in submission.rows("tasks"):
        spent, budget = submission.value("tasks", key, "spent"), submission.value("tasks", key, "budget")
        known = isinstance(spent, Decimal) and isinstance(budget, Decimal) and budget > 0
        yield divide(spent, budget) if known else None  # type: ignore[arg-type]


def _text_fields(scheme: Scheme) -> list[FieldId]:
    fields: list[FieldId] = [("identity", f"narrative.{part.key}", VALUE) for part in scheme.narrative]
    fields += [("scores", item.code, "reason") for item in scheme.indicators]
    return fields + [("facts", fact.key, VALUE) for fact in scheme.facts if fact.type == "text"]


def _texts(values: Mapping[FieldId, Decimal | str], fields: Iterable[FieldId]) -> Iterator[tuple[FieldId, str]]:
    """The texts in which a percentage stands."""
    for field in fields:
        value = values.get(field)
        if isinstance(value, str) and not _PERCENT_SIGNS.isdisjoint(value):
            yield field, value
