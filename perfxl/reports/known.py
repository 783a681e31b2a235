"""What a workbook says of everything that a report may claim, with the place where it stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from perfxl.decimals import ZERO, amount, divide, percent, plain
from perfxl.intake.submission import Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.outcome import full_where_not_applying
from perfxl.reports import claims as c
from perfxl.reports.claims import Kind
from perfxl.reports.names import Names, names_of
from perfxl.reports.sentences import plain_of
from perfxl.scheme.funds import fund_key
from perfxl.scheme.model import BASE, Indicator, Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore

Key = tuple[Kind, str, str, int]
"""Kind, subject, column and number of a claim."""


@dataclass(frozen=True, slots=True)
class Value:
    """numbers: what counts as the same, the first is told. fields: where it stands, or what it is computed of.

    label: what it is called. unit: 万元, 分, %, or that of a KPI. how: what it is computed of, where it stands nowhere
    by itself.
    """

    label: str
    numbers: tuple[Decimal, ...] = ()
    fields: tuple[FieldId, ...] = ()
    unit: str = ""
    how: str = ""
    word: str = ""

    @property
    def shown(self) -> str:
        """Its number as people write it."""
        if not self.numbers:
            return self.word
        number = self.numbers[0]
        if self.unit == "%":
            return percent(divide(number, Decimal(100)))
        if self.unit == "万元":
            return f"{amount(number)} 万元"
        return f"{plain(number)} {self.unit}".strip()


@dataclass
class Known:
    """values: by what is claimed. full: the indicators on output with full self scores, where KPIs have such."""

    names: Names
    department: str
    grade: str
    values: dict[Key, Value] = field(default_factory=dict)
    full: tuple[tuple[str, Value], ...] = ()

    def value(self, kind: Kind, subject: str = "", column: str = "", number: int = 0) -> Value | None:
        """What the workbook says of that, None where it says nothing."""
        return self.values.get((kind, subject, column, number))


def known_of(submission: Submission, result: DepartmentResult, scheme: Scheme) -> Known:
    """What the workbook says. result: of the same submission."""
    kpis = [(row.name, row.unit) for row in result.kpis]
    names = names_of(scheme, result.name, [task.name for task in result.tasks], kpis)
    known = Known(names, result.title, result.self_grade)
    for key, value in (
        *_totals(result, scheme),
        *_scores(result, scheme),
        *_funds(submission, result, scheme),
        *_tasks(submission, result),
        *_kpis(submission, result),
        *_levels(result, scheme),
    ):
        # Two of one name: either may be meant.
        before = known.values.get(key)
        known.values[key] = value if before is None else _both(before, value)
    known.full = tuple(_full(result, scheme))
    return known


def _both(first: Value, second: Value) -> Value:
    return Value(first.label, (*first.numbers, *second.numbers), first.fields, first.unit, first.how, first.word)


def _totals(result: DepartmentResult, scheme: Scheme) -> Iterator[tuple[Key, Value]]:
    fields = tuple([("scores", item.code, "self") for item in scheme.indicators])
    # Before anything is capped the self scores may add up to more.
    added = sum((_own(item) if item.applies else ZERO for item in result.scores if item.nature == BASE), ZERO)
    yield (Kind.TOTAL, "", "", 0), Value("自评总分", (result.self_total, added), fields, "分", "（各项自评得分之和）")
    yield (Kind.GRADE, "", "", 0), Value("自评等级", (), fields, word=result.self_grade)
    yield (Kind.YEAR, "", "", 0), Value("评价年度", (Decimal(scheme.year),), (), "")


def _own(score: IndicatorScore) -> Decimal:
    return score.score if not score.applies or score.self_score is None else score.self_score


def _scores(result: DepartmentResult, scheme: Scheme) -> Iterator[tuple[Key, Value]]:
    scores = {score.code: score for score in result.scores}
    groups: dict[str, list[Indicator]] = {}
    for item in scheme.indicators:
        if item.code in scores:
            yield from _score(item.name, [item], scores)
            for level in {item.level1, item.level2} - {""}:
                groups.setdefault(level, []).append(item)
    for level, items in groups.items():
        counted = [item for item in items if scores[item.code].applies or full_where_not_applying(item)]
        if counted:
            yield from _score(level, counted, scores)


def _score(name: str, items: list[Indicator], scores: Mapping[str, IndicatorScore]) -> Iterator[tuple[Key, Value]]:
    subject = plain_of(name)[0]
    fields = tuple([("scores", item.code, "self") for item in items])
    points = sum((scores[item.code].points for item in items), ZERO)
    whole = sum((item.points for item in items), ZERO)
    own = sum((_own(scores[item.code]) for item in items), ZERO)
    several = len(items) > 1
    added = "（各三级指标之和）"
    yield (Kind.SCORE, subject, c.POINTS, 0), Value(f"“{name}”的分值", (points, whole), fields, "分")
    yield (
        (Kind.SCORE, subject, c.SCORE, 0),
        Value(f"“{name}”的自评得分", (own,), fields, "分", added if several else ""),
    )
    if points:
        rate = divide(own * 100, points)
        yield (
            (Kind.SCORE, subject, c.RATE, 0),
            Value(f"“{name}”的得分率", (rate,), fields, "%", f"（{plain(own)} ÷ {plain(points)}）"),
        )


def _funds(submission: Submission, result: DepartmentResult, scheme: Scheme) -> Iterator[tuple[Key, Value]]:
    table = scheme.funds_table
    for row in table.rows:
        amounts: dict[str, tuple[Decimal, ...]] = {}
        fields: dict[str, FieldId] = {}
        for column in (c.INITIAL, c.ADJUSTED, c.SPENT):
            name: FieldId = ("facts", fund_key(row.key, column), VALUE)
            if found := _numbers(submission, name):
                amounts[column], fields[column] = found, name
                label = f"{row.label}的{table.columns.get(column, '')}"
                yield (Kind.FUNDS, row.key, column, 0), Value(label, found, (name,), "万元")
        budgets = [amounts[column] for column in (c.ADJUSTED, c.INITIAL) if column in amounts]
        if not budgets:
            continue
        first = fields[c.ADJUSTED if c.ADJUSTED in fields else c.INITIAL]
        both = tuple(number for numbers in budgets for number in numbers)
        yield (Kind.FUNDS, row.key, c.BUDGET, 0), Value(f"{row.label}的预算数", both, (first,), "万元")
        rates: list[Decimal] = []
        if row.is_total and result.spending_rate is not None:
            rates.append(result.spending_rate * 100)
        for column in (c.ADJUSTED, c.INITIAL):
            own = [divide(s * 100, b) for s in amounts.get(c.SPENT, ()) for b in amounts.get(column, ()) if b]
            rates += own
            if own:
                label = f"{row.label}的支出数÷{table.columns.get(column, '')}"
                of = (fields[c.SPENT], fields[column])
                how = f"（{amount(amounts[c.SPENT][0])} ÷ {amount(amounts[column][0])}）"
                yield (Kind.FUNDS, row.key, c.RATE_OF[column], 0), Value(label, tuple(own), of, "%", how)
        if rates:
            label = f"{row.label}的支出数÷{table.columns.get(c.ADJUSTED, '预算数')}"
            both_fields = (fields[c.SPENT], first) if c.SPENT in fields else (first,)
            spent = amounts.get(c.SPENT)
            how = f"（{amount(spent[0])} ÷ {amount(budgets[0][0])}）" if spent else ""
            yield (Kind.FUNDS, row.key, c.RATE_OF[c.BUDGET], 0), Value(label, tuple(rates), both_fields, "%", how)


def _numbers(submission: Submission, name: FieldId) -> tuple[Decimal, ...]:
    """The value of a field, and what the department wrote there before the bureau's value took its place."""
    cells = (submission.fields.get(name), submission.written.get(name))
    return tuple([cell.reading.value for cell in cells if cell and isinstance(cell.reading.value, Decimal)])


def _tasks(submission: Submission, result: DepartmentResult) -> Iterator[tuple[Key, Value]]:
    rows = {submission.value("tasks", key, "name"): key for key in reversed(submission.rows("tasks"))}
    for task in result.tasks:
        key = rows.get(task.name, "")
        subject = plain_of(task.name)[0]
        for column, number, label in ((c.BUDGET, task.budget, "预算金额"), (c.SPENT, task.spent, "实际支出金额")):
            if number is not None:
                field_of: FieldId = ("tasks", key, column)
                yield (
                    (Kind.TASK, subject, column, 0),
                    Value(f"任务“{task.name}”的{label}", (number,), (field_of,), "万元"),
                )
        if task.rate is not None:
            fields = (("tasks", key, c.SPENT), ("tasks", key, c.BUDGET))
            value = Value(f"任务“{task.name}”的预算执行率", (task.rate * 100,), fields, "%")
            yield (Kind.TASK, subject, c.RATE_OF[c.BUDGET], 0), value


def _kpis(submission: Submission, result: DepartmentResult) -> Iterator[tuple[Key, Value]]:
    keys = submission.rows("kpis")
    for number, row in enumerate(result.kpis):
        key = keys[number] if number < len(keys) else ""
        subject = plain_of(row.name)[0]
        columns = (
            (c.TARGET, "target", _number_of(row.target), row.target),
            (c.ACTUAL, "actual", _number_of(row.actual), row.actual),
            (c.WEIGHT, "weight", row.weight, ""),
            (c.OWN, "self_score", row.counted if row.self_score is None else row.self_score, ""),
        )
        for column, name, value, word in columns:
            unit = "分" if column in (c.WEIGHT, c.OWN) else row.unit
            told = Value(
                f"指标“{row.name}”的{column}",
                () if value is None else (value,),
                (("kpis", key, name),),
                unit,
                word=word,
            )
            if value is not None or word:
                yield (Kind.KPI, subject, column, number), told
        if row.completion is not None:
            fields = (("kpis", key, "actual"), ("kpis", key, "target"))
            told = Value(f"指标“{row.name}”的完成率", (row.completion * 100,), fields, "%")
            yield (Kind.KPI, subject, c.COMPLETION, number), told


def _number_of(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _levels(result: DepartmentResult, scheme: Scheme) -> Iterator[tuple[Key, Value]]:
    """How many KPIs of each level there are; a report may as well count the indicators of the scheme."""
    of_scheme = (
        len({item.level1 for item in scheme.indicators}),
        len({(item.level1, item.level2) for item in scheme.indicators}),
        len(scheme.indicators),
    )
    rows = result.kpis
    firsts, seconds = {row.level1 for row in rows}, {row.level2 for row in rows if row.level2}
    pairs = {(row.level1, row.level2) for row in rows if row.level2}
    for level, own, scheme_own in zip(
        ("一级", "二级", "三级"), ((len(firsts),), (len(seconds), len(pairs)), (len(rows),)), of_scheme, strict=True
    ):
        if rows:
            numbers = tuple(map(Decimal, (*own, scheme_own)))
            fields: tuple[FieldId, ...] = (("kpis", "1", {"一级": "level1", "二级": "level2"}.get(level, "name")),)
            yield (Kind.LEVELS, level, "", 0), Value(f"绩效指标表的{level}指标个数", numbers, fields, "个")


def _full(result: DepartmentResult, scheme: Scheme) -> Iterator[tuple[str, Value]]:
    """Indicators on output of which the department deducted nothing."""
    scores = {score.code: score for score in result.scores}
    for item in scheme.kpi_indicators:
        score = scores.get(item.code)
        if score is None or not score.applies or not any("产出" in level for level in item.rule.kpi_levels):
            continue
        if score.self_score is not None and score.self_score >= score.points > 0:
            yield (
                item.name,
                Value(f"“{item.name}”的自评得分", (score.self_score,), (("scores", item.code, "self"),), "分"),
            )
