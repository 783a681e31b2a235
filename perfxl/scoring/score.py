"""Scores one submission: computed, self and accepted score per indicator, total and grade, all in exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfxl.decimals import ZERO, divide, half_up, interned, plain
from perfxl.intake.submission import Submission
from perfxl.outcome import accepted, finish
from perfxl.rules.base import Computed, Inputs
from perfxl.rules.kpi_method import KpiRow, KpiScore, Weight
from perfxl.scheme.funds import ADJUSTED, FUNDS_COLUMNS, SPENT
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scoring.result import DepartmentResult, FundsResult, IndicatorScore, KpiResult, TaskResult
from perfxl.status import Status
from perfxl.submission.values import Value

NO_ROW = KpiRow(None, None, None, None, None, None)
_KPI_TEXTS = ("level1", "level2", "name", "symbol", "target", "unit", "actual", "reason", "evidence")


def score_submission(
    submission: Submission,
    scheme: Scheme,
    inputs: Inputs,
    outcomes: Mapping[str, Computed],
    *,
    file: str,
    status: Status,
) -> DepartmentResult:
    """The result of one department, not yet ranked. A missing input or self score counts 0.

    inputs: what the rules take of the submission; outcomes: the computed score by indicator code.
    """
    scores = tuple(
        _indicator_score(indicator, inputs, outcomes[indicator.code], submission) for indicator in scheme.indicators
    )
    rate, whole = scheme.spending_rate.value(inputs.number), scheme.funds_table.total
    outcome = finish(scheme, scores, rate)
    return DepartmentResult(
        code=submission.text("department.code"),
        name=submission.text("department.name"),
        category=submission.text("department.category"),
        file=file,
        status=status,
        scores=scores,
        total=outcome.total,
        grade=outcome.grade,
        self_total=outcome.self_total,
        self_grade=outcome.self_grade,
        near_threshold=outcome.near_threshold,
        capped_from=outcome.capped_from,
        adjusted=inputs.number(whole.fact(ADJUSTED)),
        spent=inputs.number(whole.fact(SPENT)),
        spending_rate=rate,
        funds=_funds(scheme, inputs),
        kpis=_kpis(submission, scheme, inputs),
        tasks=_tasks(submission),
        narrative={part.key: submission.text(f"narrative.{part.key}") for part in scheme.narrative},
        contact=submission.text("department.contact"),
        phone=submission.text("department.phone"),
    )


def _indicator_score(indicator: Indicator, inputs: Inputs, outcome: Computed, submission: Submission) -> IndicatorScore:
    self_score, computed = _number(submission.value("scores", indicator.code, "self")), outcome.score
    # What cannot be computed counts 0 in a provisional total.
    score = accepted(indicator, self_score, computed) or half_up(ZERO)
    reason = submission.value("scores", indicator.code, "reason")
    return IndicatorScore(
        code=indicator.code,
        points=indicator.points,
        self_score=None if self_score is None else interned(self_score),
        computed=None if computed is None else interned(computed),
        review=None,
        score=interned(score),
        reason=None if reason is None else str(reason),
        explanation=indicator.rule.explain(indicator.points, inputs, outcome),
    )


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return value or ""


def _rate(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return divide(part, whole) if part is not None and whole is not None and whole > 0 else None


def _funds(scheme: Scheme, inputs: Inputs) -> tuple[FundsResult, ...]:
    return tuple(
        FundsResult(row.label, row.is_total, {column: inputs.number(row.fact(column)) for column in FUNDS_COLUMNS})
        for row in scheme.funds
    )


def _tasks(submission: Submission) -> tuple[TaskResult, ...]:
    tasks = []
    for key in submission.rows("tasks"):
        budget, spent = (_number(submission.value("tasks", key, name)) for name in ("budget", "spent"))
        name, result, reason = (_text(submission.value("tasks", key, part)) for part in ("name", "result", "reason"))
        tasks.append(TaskResult(name, budget, spent, _rate(spent, budget), result, reason))
    return tuple(tasks)


def _kpis(submission: Submission, scheme: Scheme, inputs: Inputs) -> tuple[KpiResult, ...]:
    """Every KPI row in the order of the workbook, those that count for no indicator included."""
    rows = dict(zip(inputs.ordinals, inputs.kpis, strict=True))
    scored: dict[int, tuple[Weight | None, KpiScore]] = {}
    for indicator in scheme.kpi_indicators:
        counted = indicator.rule.kpi_rows(inputs)
        weights = indicator.rule.kpi_weights(indicator.points, counted)
        scores = indicator.rule.kpi_scores(indicator.points, inputs)
        for row, weight, outcome in zip(counted, weights, scores, strict=True):
            scored[id(row)] = weight, outcome
    results = []
    for key in submission.rows("kpis"):
        row = rows.get(int(key), NO_ROW)
        weight, outcome = scored.get(id(row)) or (None, scheme.kpi_method.score(row, None))
        texts = {column: _text(submission.value("kpis", key, column)) for column in _KPI_TEXTS}
        results.append(
            KpiResult(
                **texts,
                weight=weight.value if weight else None,
                self_score=_number(submission.value("kpis", key, "self_score")),
                completion=outcome.completion,
                computed=outcome.score,
                explanation=scheme.kpi_method.working(row, weight, outcome),
            )
        )
    return tuple(results)
