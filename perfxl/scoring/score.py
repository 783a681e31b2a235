"""Scores one submission: computed, self and accepted score per indicator, total and grade, all in exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfxl.decimals import ZERO, decimal_of, divide, half_up, interned, plain
from perfxl.intake.submission import Submission
from perfxl.layout.fields import YES_NO
from perfxl.outcome import (
    NOT_APPLICABLE,
    accepted,
    applying,
    finish,
    full_where_not_applying,
    left_out,
    limit_words,
    limits_that_hold,
    score_where_not_applying,
    score_while_pending,
    words_while_pending,
)
from perfxl.rules.base import Computed, Inputs
from perfxl.rules.inputs import MICRO, as_percent
from perfxl.rules.kpi_method import KpiRow, KpiScore
from perfxl.rules.rate import quotient_words
from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scheme.model import BY_COMPUTED, Derived, Fact, Indicator, Scheme
from perfxl.scoring.result import (
    ClaimResult,
    DepartmentResult,
    FactResult,
    FundsResult,
    IndicatorScore,
    KpiResult,
    TaskResult,
)
from perfxl.scoring.supplied import (
    lacking_words,
    official_results,
    officials_behind,
    target_awaited,
    target_behind,
)
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
    category = submission.text("department.category")
    applies = _applying(submission, scheme, category)
    scores = tuple(
        _indicator_score(indicator, inputs, outcomes[indicator.code], submission, scheme, applies=applies)
        for indicator in scheme.indicators
    )
    rate, whole = scheme.spending_rate.value(inputs) if scheme.spending_rate else None, scheme.funds_table.total
    limits = limits_that_hold(scheme, inputs) if scheme.limits else ()
    outcome = finish(scheme, scores, limits, category)
    official = official_results(submission)
    result = DepartmentResult(
        code=submission.text("department.code"),
        name=submission.text("department.name"),
        category=category,
        file=file,
        status=status,
        scores=scores,
        total=outcome.total,
        grade=outcome.grade,
        self_total=outcome.self_total,
        self_grade=outcome.self_grade,
        near_threshold=outcome.near_threshold,
        capped_from=outcome.capped_from,
        adjusted=inputs.number(whole.fact(ADJUSTED)) if whole else None,
        spent=inputs.number(whole.fact(SPENT)) if whole else None,
        spending_rate=rate,
        limits=limits,
        scheme=scheme.id,
        stage="" if scheme.asks_scores else scheme.stage.label + (f"（{scheme.period}）" if scheme.period else ""),
        officials=len(official),
        limit_words=tuple([limit_words(scheme, inputs, number) for number in limits]),
        facts=_facts(submission, scheme, inputs),
        funds=_funds(scheme, inputs),
        kpis=_kpis(submission, scheme, inputs),
        tasks=_tasks(submission, scheme),
        official=official,
        claims=_claims(submission, scheme),
        narrative={part.key: submission.text(f"narrative.{part.key}") for part in scheme.narrative},
        contact=submission.text("department.contact"),
        phone=submission.text("department.phone"),
    )
    if scheme.evaluated.is_project:
        result.project = submission.text("department.project")
        result.project_code = submission.text("department.project_code")
    result.take(outcome)
    return result


def _applying(submission: Submission, scheme: Scheme, category: str) -> frozenset[str] | None:
    """Codes of the indicators that apply, None where all of them always do."""
    if not scheme.restricted:
        return None
    own = {item.code for item in scheme.indicators if submission.value("scores", item.code, "self") == NOT_APPLICABLE}
    return applying(scheme, category, own)


def _indicator_score(
    indicator: Indicator,
    inputs: Inputs,
    outcome: Computed,
    submission: Submission,
    scheme: Scheme,
    *,
    applies: frozenset[str] | None,
) -> IndicatorScore:
    reason = submission.value("scores", indicator.code, "reason")
    reason_text = None if reason is None else str(reason)
    if applies is not None and indicator.code not in applies:
        return not_applying(indicator, reason_text)
    if indicator.code in submission.pending:
        return _waiting(indicator, submission, reason_text)
    self_score, computed = _number(submission.value("scores", indicator.code, "self")), outcome.score
    counted = None if computed is None else indicator.rule.kpi_counted(indicator.points, inputs)
    blank_self = scheme.options.blank_self == BY_COMPUTED
    # What cannot be computed counts 0 in a provisional total.
    score = accepted(indicator, self_score, computed, counted=counted, blank_self=blank_self) or half_up(ZERO)
    return IndicatorScore(
        code=indicator.code,
        points=indicator.points,
        self_score=None if self_score is None else interned(self_score),
        computed=None if computed is None else interned(computed),
        review=None,
        score=interned(score),
        nature=indicator.nature,
        reason=reason_text,
        explanation=indicator.rule.explain(indicator.points, inputs, outcome) + officials_behind(submission, indicator),
    )


def _waiting(indicator: Indicator, submission: Submission, reason: str | None) -> IndicatorScore:
    """The score of an indicator that waits for the bureau."""
    scheme = submission.layout.scheme
    out, score = left_out(scheme), score_while_pending(scheme, indicator)
    self_score = _number(submission.value("scores", indicator.code, "self"))
    return IndicatorScore(
        code=indicator.code,
        points=indicator.points,
        self_score=None if out or self_score is None else interned(self_score),
        computed=None,
        review=None,
        score=interned(score),
        nature=indicator.nature,
        applies=not out,
        pending=True,
        reason=reason,
        explanation=f"{words_while_pending(scheme, indicator)}：{lacking_words(submission, indicator)}",
    )


def not_applying(indicator: Indicator, reason: str | None) -> IndicatorScore:
    """The score of an indicator that does not apply."""
    full = full_where_not_applying(indicator)
    score = score_where_not_applying(indicator)
    return IndicatorScore(
        code=indicator.code,
        points=indicator.points,
        self_score=None,
        computed=score if full else None,
        review=None,
        score=score,
        nature=indicator.nature,
        applies=False,
        reason=reason,
        explanation="不适用，得满分" if full else "不适用，不计分",
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
    columns = scheme.funds_table.columns
    return tuple(
        FundsResult(row.label, row.is_total, {column: inputs.number(row.fact(column)) for column in columns})
        for row in scheme.funds
    )


def _facts(submission: Submission, scheme: Scheme, inputs: Inputs) -> tuple[FactResult, ...]:
    """What is shown beside the scores, where there is anything to show."""
    found = [_fact(item, submission, inputs) for item in scheme.info_facts]
    return tuple([item for item in found if item is not None])


def _fact(item: Fact | Derived, submission: Submission, inputs: Inputs) -> FactResult | None:
    scheme = submission.layout.scheme
    if isinstance(item, Fact):
        value = submission.value("facts", item.key)
        if value is None or value == "":
            return None
        return FactResult(item.key, item.label, item.shown_unit, scheme.in_words(item.key, value))
    if inputs.missing((item.key,)) or (exact := inputs.fraction(item.key)) is None:
        return FactResult(item.key, item.label, item.shown_unit, "", "缺少数据或分母为 0，无法计算")
    number = decimal_of(exact)
    shown = as_percent(number).removesuffix("%") if item.percent else scheme.in_words(item.key, half_up(number, MICRO))
    words = quotient_words(inputs, item.quotient).removeprefix("= ").removesuffix("= ").strip()
    return FactResult(item.key, item.label, item.shown_unit, shown, words)


def _claims(submission: Submission, scheme: Scheme) -> tuple[ClaimResult, ...]:
    """What the department says of last year's findings, where the scheme asks and it answered."""
    fact = scheme.rectified
    answer = submission.value("facts", fact.key) if fact is not None else None
    if fact is None or answer not in YES_NO:
        return ()
    return (ClaimResult(fact.key, fact.label, answer == YES_NO[0], submission.place_of("facts", fact.key)),)


def _tasks(submission: Submission, scheme: Scheme) -> tuple[TaskResult, ...]:
    own = [column.key for column in scheme.own_task_columns]
    tasks = []
    for key in submission.rows("tasks"):
        budget, spent = (_number(submission.value("tasks", key, name)) for name in ("budget", "spent"))
        name, result, reason = (_text(submission.value("tasks", key, part)) for part in ("name", "result", "reason"))
        more = tuple([_text(submission.value("tasks", key, column)) for column in own])
        tasks.append(TaskResult(name, budget, spent, _rate(spent, budget), result, reason, more))
    return tuple(tasks)


def _kpis(submission: Submission, scheme: Scheme, inputs: Inputs) -> tuple[KpiResult, ...]:
    """Every KPI row in the order of the workbook, those that count for no indicator included."""
    rows = dict(zip(inputs.ordinals, inputs.kpis, strict=True))
    scored: dict[int, tuple[Decimal | None, KpiScore]] = {}
    for indicator in scheme.kpi_indicators:
        counted = indicator.rule.kpi_rows(inputs)
        weights = indicator.rule.kpi_weights(indicator.points, counted)
        scores = indicator.rule.kpi_scores(indicator.points, inputs)
        for row, weight, outcome in zip(counted, weights, scores, strict=True):
            scored[id(row)] = weight, outcome
    own = [column.key for column in scheme.own_kpi_columns]
    results = []
    for key in submission.rows("kpis"):
        row = rows.get(int(key), NO_ROW)
        weight, outcome = scored.get(id(row)) or (None, scheme.kpi_method.score(row, None))
        texts = {column: _text(submission.value("kpis", key, column)) for column in _KPI_TEXTS}
        results.append(
            KpiResult(
                **texts,
                weight=weight,
                self_score=_number(submission.value("kpis", key, "self_score")),
                completion=outcome.completion,
                computed=outcome.score,
                explanation=target_awaited(submission, key, outcome.score)
                or scheme.kpi_method.working(row, weight, outcome) + target_behind(submission, key),
                counted=outcome.counted,
                own=tuple([_text(submission.value("kpis", key, column)) for column in own]),
                key=key,
                place=submission.place_of("kpis", key, "target"),
            )
        )
    return tuple(results)
