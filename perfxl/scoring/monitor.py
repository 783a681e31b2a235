"""The result of one department in the middle of the year: lights, forecast, money to be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from perfxl.decimals import amount, decimal_of, plain
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import applying_values
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.inputs import inputs_of
from perfxl.monitoring.chances import Chance, chance_of
from perfxl.monitoring.pace import Weighed
from perfxl.monitoring.records import KpiState, MoneyState, Monitored, TakeBack, TaskState
from perfxl.monitoring.states import (
    CAUSE,
    CHANCE,
    EXPECTED,
    EXPECTED_SPENT,
    MEASURES,
    REASON,
    KpiRates,
    Yardstick,
    as_decimal,
    chance_words,
    kpi_state,
    money_state,
    rates_by_row,
    whole_of,
    yardstick_of,
)
from perfxl.monitoring.takeback import to_take_back, will_miss
from perfxl.outcome import applying, limit_words
from perfxl.rules.base import Computed, Inputs
from perfxl.rules.percentages import full_percent, percent_beside
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT, fund_cell, fund_key
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import annual
from perfxl.scoring.forecast import foresee
from perfxl.scoring.result import DepartmentResult
from perfxl.scoring.score import score_submission
from perfxl.status import Status
from perfxl.submission.values import Value


def monitor_submission(
    submission: Submission,
    scheme: Scheme,
    inputs: Inputs,
    outcomes: Mapping[str, Computed],
    *,
    file: str,
    status: Status,
) -> DepartmentResult:
    """The result of one department in a period. scheme: that of the stage, which the submission was read by.

    Scores, total and grade are those that the scheme of the year makes of the expected values.
    """
    result = score_submission(submission, scheme, inputs, outcomes, file=file, status=status)
    whole = annual(scheme)
    foreseen = foresee(whole, expected_inputs(whole, submission), result.category, _applying(whole, result.category))
    result.scores = foreseen.scores
    result.limits = foreseen.limits
    result.limit_words = tuple(
        [limit_words(whole, expected_inputs(whole, submission), number) for number in foreseen.limits]
    )
    result.take(foreseen.outcome)
    yardstick = yardstick_of(scheme)
    money = tuple(_money(submission, scheme, yardstick))
    rates = rates_by_row(
        yardstick, inputs, submission.rows("kpis"), lambda key, column: submission.value("kpis", key, column)
    )
    weights = _weights(scheme, inputs)
    words = chance_words(scheme)
    states = tuple([_kpi(submission, yardstick, row, rates[row], weights.get(row)) for row in rates])
    total = next((row for row in money if row.is_total), None)
    paces = [Weighed(rates[state.row].pace, state.weight) for state in states]
    lights = whole_of(yardstick.bounds, yardstick.bounds.light(None) if total is None else total.light, paces)
    tasks = tuple(_tasks(submission, yardstick))
    misses = [will_miss(chance_of(state.chance, words), rates[state.row].expected) for state in states]
    result.monitored = Monitored(
        period=scheme.period,
        share=decimal_of(yardstick.share),
        funds=lights.funds,
        kpis=lights.kpis,
        whole=lights.whole,
        kpi_rate=as_decimal(lights.kpi_rate),
        forecast=foreseen.forecast,
        money=money,
        kpi_states=states,
        tasks=tasks,
        take_back=tuple(_take_back(whole.thresholds.take_back, total, states, misses, tasks, words)),
    )
    return result


def expected_inputs(scheme: Scheme, submission: Submission) -> Inputs:
    """What the rules of the year take if all comes as a department expects: expected values for what will be there.

    scheme: that of the year.
    """
    values: dict[FieldId, Decimal | str] = {}
    for (table, key, column), value in applying_values(submission).items():
        cell = fund_cell(key) if table == "facts" else None
        if cell is not None:
            row, name = cell
            if name != SPENT:
                values[table, fund_key(row, SPENT) if name == EXPECTED else key, column] = value
        elif table != "kpis" or column not in ("actual", "self_score"):
            values[table, key, "actual" if table == "kpis" and column == EXPECTED else column] = value
    return inputs_of(scheme, values)


def _applying(scheme: Scheme, category: str) -> frozenset[str] | None:
    """Codes of the indicators that apply. In the middle of the year nobody says 不适用."""
    return applying(scheme, category, ()) if scheme.restricted else None


def _weights(scheme: Scheme, inputs: Inputs) -> dict[str, Decimal | None]:
    """The weight that counts of each KPI row, by its key."""
    ordinals = {id(row): str(number) for number, row in zip(inputs.ordinals, inputs.kpis, strict=True)}
    found: dict[str, Decimal | None] = {}
    for indicator in scheme.kpi_indicators:
        rows = indicator.rule.kpi_rows(inputs)
        for row, weight in zip(rows, indicator.rule.kpi_weights(indicator.points, rows), strict=True):
            found[ordinals[id(row)]] = weight
    return found


def _money(submission: Submission, scheme: Scheme, yardstick: Yardstick) -> Iterable[MoneyState]:
    for row in scheme.funds:
        given = {name: _number(submission.value("facts", row.fact(name), VALUE)) for name in scheme.funds_table.columns}
        yield money_state(
            yardstick,
            row.label,
            initial=given.get(INITIAL),
            budget=given.get(ADJUSTED),
            spent=given.get(SPENT),
            expected=given.get(EXPECTED),
            is_total=row.is_total,
        )


def _kpi(submission: Submission, yardstick: Yardstick, row: str, rates: KpiRates, weight: Decimal | None) -> KpiState:
    columns = {
        "level1": "level1", "level2": "level2", "name": "name", "symbol": "symbol", "target": "target", "unit": "unit",
        "done": "actual", "expected": EXPECTED, "chance": CHANCE, "cause": CAUSE, "reason": REASON,
        "measures": MEASURES,
    }  # fmt: skip
    texts = {name: _text(submission.value("kpis", row, column)) for name, column in columns.items()}
    return kpi_state(yardstick, row, rates, texts, weight)


def _tasks(submission: Submission, yardstick: Yardstick) -> Iterable[TaskState]:
    for key in submission.rows("tasks"):
        value = {
            name: submission.value("tasks", key, name)
            for name in ("name", "budget", SPENT, EXPECTED_SPENT, "result", EXPECTED, CHANCE, CAUSE, REASON, MEASURES)
        }
        money = money_state(
            yardstick,
            _text(value["name"]),
            budget=_number(value["budget"]),
            spent=_number(value[SPENT]),
            expected=_number(value[EXPECTED_SPENT]),
        )
        yield TaskState(
            money,
            result=_text(value["result"]),
            expected=_text(value[EXPECTED]),
            chance=_text(value[CHANCE]),
            cause=_text(value[CAUSE]),
            reason=_text(value[REASON]),
            measures=_text(value[MEASURES]),
        )


def _take_back(
    low: Decimal,
    total: MoneyState | None,
    states: Sequence[KpiState],
    misses: Sequence[bool],
    tasks: Sequence[TaskState],
    words: Sequence[str],
) -> Iterable[TakeBack]:
    """What is to be taken back of the department as a whole, then task by task."""
    whole = None if total is None else to_take_back(total.budget, total.expected, low, misses)
    if whole is not None and total is not None:
        missed = [state.name for state, misses_it in zip(states, misses, strict=True) if misses_it]
        few = "、".join(f"“{name}”" for name in missed[:3])
        why = f"{_rate_words(total, low)}，{few}{f' 等 {len(missed)} 项' if len(missed) > 3 else ''}指标预计完不成"
        yield _taken("", total, whole, why)
    for task in tasks:
        never = chance_of(task.chance, words) is Chance.NEVER
        part = to_take_back(task.money.budget, task.money.expected, low, [never])
        if part is not None:
            told = "；".join(filter(None, (task.cause, task.reason)))
            why = f"{_rate_words(task.money, low)}，完成可能性为“{task.chance}”{f'（{told}）' if told else ''}"
            yield _taken(task.money.label, task.money, part, why, within=whole is not None)


def _taken(task: str, money: MoneyState, part: Decimal, why: str, *, within: bool = False) -> TakeBack:
    assert money.budget is not None and money.expected is not None
    return TakeBack(task, money.budget, money.expected, part, why, within)


def _rate_words(money: MoneyState, low: Decimal) -> str:
    assert money.budget is not None and money.expected is not None
    rate = decimal_of(Fraction(money.expected) / Fraction(money.budget))
    shown = f"全年预计执行 {amount(money.expected)}，为预算 {amount(money.budget)} 的 {percent_beside(rate, (low,))}"
    return f"{shown}，低于 {full_percent(low)}"


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _text(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else value or ""
