"""Scores one submission: computed, self and accepted score per indicator, total and grade, all in exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfxl.decimals import ZERO, divide, half_up, plain, same
from perfxl.intake.submission import Submission
from perfxl.rules.base import Inputs, Outcome
from perfxl.rules.kpi_method import KpiRow, KpiScore, Weight
from perfxl.scheme.funds import ADJUSTED, FUNDS_COLUMNS, SPENT
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scoring.grade import cap_of, grade_of, is_near_threshold
from perfxl.scoring.levels import first_level, level_scores, second_level
from perfxl.scoring.result import DepartmentResult, FundsResult, IndicatorScore, KpiResult, TaskResult
from perfxl.submission.values import Value

NO_ROW = KpiRow(None, None, None, None, None, None)
_KPI_TEXTS = ("level1", "level2", "name", "symbol", "target", "unit", "actual", "reason", "evidence")


def score_submission(
    submission: Submission,
    scheme: Scheme,
    inputs: Inputs,
    outcomes: Mapping[str, Outcome],
    *,
    file: str,
    status: str,
) -> DepartmentResult:
    """The result of one department, not yet ranked. A missing input or self score counts 0.

    inputs: what the rules take of the submission; outcomes: the computed score by indicator code.
    """
    scores = tuple(
        _indicator_score(indicator, inputs, outcomes[indicator.code], submission) for indicator in scheme.indicators
    )
    raw_total = sum((score.score for score in scores), ZERO)
    rate, whole = scheme.spending_rate.value(inputs.number), scheme.funds_table.total
    cap = cap_of(rate, scheme)
    total = half_up(raw_total if cap is None else min(raw_total, cap))
    self_total = half_up(sum((score.own or ZERO for score in scores), ZERO))
    second = level_scores(scheme, scores, second_level)
    return DepartmentResult(
        code=submission.text("department.code"),
        name=submission.text("department.name"),
        category=submission.text("department.category"),
        file=file,
        status=status,
        scores=scores,
        total=total,
        grade=grade_of(total, scheme),
        self_total=self_total,
        self_grade=grade_of(self_total, scheme),
        near_threshold=is_near_threshold(total, scheme),
        capped_from=half_up(raw_total) if cap is not None and raw_total > cap else None,
        adjusted=inputs.number(whole.fact(ADJUSTED)),
        spent=inputs.number(whole.fact(SPENT)),
        spending_rate=rate,
        first_level=level_scores(scheme, scores, first_level),
        second_level=second,
        funds=_funds(scheme, inputs),
        kpis=_kpis(submission, scheme, inputs),
        tasks=_tasks(submission),
        narrative={part.key: submission.text(f"narrative.{part.key}") for part in scheme.narrative},
        contact=submission.text("department.contact"),
        phone=submission.text("department.phone"),
    )


def _indicator_score(indicator: Indicator, inputs: Inputs, outcome: Outcome, submission: Submission) -> IndicatorScore:
    computed = outcome.score
    own = _number(submission.value("scores", indicator.code, "self"))
    accepted = ZERO if own is None else min(own, indicator.points)
    if indicator.rule.computable:
        # 就低不就高: the lower of self score and computed score.
        accepted = min(accepted, computed or ZERO)
    reason = submission.value("scores", indicator.code, "reason")
    return IndicatorScore(
        code=indicator.code,
        points=indicator.points,
        own=None if own is None else same(own),
        computed=None if computed is None else same(computed),
        review=None,
        score=same(half_up(accepted)),
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
                own=_number(submission.value("kpis", key, "self_score")),
                completion=outcome.completion,
                computed=outcome.score,
                explanation=scheme.kpi_method.working(row, weight, outcome),
            )
        )
    return tuple(results)
