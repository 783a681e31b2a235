"""What scoring says of one department, and what ranking adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from perfxl.decimals import ZERO, interned
from perfxl.findings.yuan import MONEY_DOUBTED
from perfxl.monitoring.records import Monitored
from perfxl.outcome import NOT_APPLICABLE, WAITING, DepartmentOutcome
from perfxl.records import Record
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT
from perfxl.scheme.model import BASE, BONUS, PENALTY
from perfxl.status import Status
from perfxl.submission.earlier import EarlierFinding

_STATED = "stated"


def _stated(**default: Any) -> Any:
    """A field that says what stands in the workbook, or how it was computed: no later step of the batch changes it.

    In a large batch these fields wait on disk. All others stay in memory, where the bureau's lists, the ranking and
    reviews change them, and go into the department's workbook from there.
    """
    return field(metadata={_STATED: True}, **default)


def stated_fields(kind: type[Any]) -> tuple[str, ...]:
    """The names of the fields of a result or score that no later step changes."""
    return tuple(item.name for item in fields(kind) if item.metadata.get(_STATED))


@dataclass(frozen=True, slots=True)
class IndicatorScore(Record):
    """One third-level indicator of one department. Scores have two places.

    self_score: the department's own (自评分), None where missing. computed: by the rule, None where an input is missing
    or the rule is judged. review: the bureau's score, None without a review. score: the accepted one. nature: 计分,
    加分 or 扣分. applies: whether the indicator applies to the department; one that does not has full points or is left
    out. pending: whether it waits for a value of the bureau (待核定); one that is left out meanwhile does not apply.
    explanation: how `computed` comes about, in Chinese with its numbers. before: the accepted score as it was before
    the review, None without one. review_reason, review_basis: the reviewers' words.
    """

    code: str
    points: Decimal
    self_score: Decimal | None
    computed: Decimal | None
    review: Decimal | None
    score: Decimal
    nature: str = BASE
    applies: bool = True
    pending: bool = False
    reason: str | None = _stated(default=None)
    explanation: str = _stated(default="")
    before: Decimal | None = None
    review_reason: str = ""
    review_basis: str = ""

    @property
    def word(self) -> str:
        """What stands in the place of a score that does not count in the points."""
        return WAITING if self.pending else NOT_APPLICABLE

    @property
    def lost(self) -> Decimal:
        """Points lost: of what makes up the hundred the rest of the points, of 扣分 what is deducted."""
        if not self.applies or self.nature == BONUS:
            return ZERO
        return self.score if self.nature == PENALTY else self.points - self.score

    @property
    def contribution(self) -> Decimal:
        """What it adds to the total; what is deducted is negative."""
        return -self.score if self.nature == PENALTY else self.score


@dataclass(frozen=True, slots=True)
class OfficialResult(Record):
    """A value of the bureau that counted. fact: its key, of a KPI target `kpis.1.target`. label: as people call it.

    written, official: as text, the first empty where nothing was written. differs: beyond the scheme's tolerance.
    source: the list that says so; basis, person, day: why, who and when, empty where not told; place: where it stands.
    """

    fact: str
    label: str
    unit: str
    written: str
    official: str
    differs: bool
    source: str
    basis: str = ""
    person: str = ""
    day: str = ""
    place: str = ""

    @property
    def who(self) -> str:
        """Who says so, as far as that is told: list, basis, person, date."""
        return "，".join(part for part in (self.source, self.basis, self.person, self.day) if part)


@dataclass(frozen=True, slots=True)
class KpiResult(Record):
    """One KPI row with what it came to. target, actual: as text. completion: 1 = 100%, None where unknown.

    weight: the weight that counted. self_score: the department's own score of the row. counted: what counts of it, the
    lower of self score and computed score. own: what stands in the columns that are the scheme's own, in its order.
    key: of its row in the template; place: of its target, `绩效指标!F12`, empty where it has no cell.
    """

    level1: str
    level2: str
    name: str
    symbol: str
    target: str
    unit: str
    actual: str
    weight: Decimal | None
    self_score: Decimal | None
    completion: Decimal | None
    computed: Decimal | None
    explanation: str
    reason: str
    evidence: str
    counted: Decimal | None = None
    own: tuple[str, ...] = ()
    key: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ClaimResult(Record):
    """What a department claims to have done about last year's findings. fact: its key; label: what it is called.

    done: whether it answered yes. place: `管理效率!D17`, empty where it has no cell.
    """

    fact: str
    label: str
    done: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class FactResult(Record):
    """A fact for information, a text or a derived fact, as results show it. value: as text with its places.

    explanation: how a derived fact comes about.
    """

    key: str
    label: str
    unit: str
    value: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class FundsResult(Record):
    """One row of the funds table. amounts: 万元 by column, None where blank."""

    label: str
    is_total: bool
    amounts: Mapping[str, Decimal | None]

    @property
    def initial(self) -> Decimal | None:
        """The initial budget, 万元."""
        return self.amounts.get(INITIAL)

    @property
    def adjusted(self) -> Decimal | None:
        """The adjusted budget, 万元."""
        return self.amounts.get(ADJUSTED)

    @property
    def spent(self) -> Decimal | None:
        """What was spent, 万元."""
        return self.amounts.get(SPENT)


@dataclass(frozen=True, slots=True)
class TaskResult(Record):
    """One key task, 万元. rate: spent ÷ budget, not rounded. own: further columns of a stage of the year."""

    name: str
    budget: Decimal | None
    spent: Decimal | None
    rate: Decimal | None
    result: str
    reason: str
    own: tuple[str, ...] = ()


@dataclass(slots=True)
class DepartmentResult:
    """The result (结果) of one department.

    status: scored or returned (provisional, not ranked). total: rounded, after a cap. adjusted, spent: of the total
    row of the funds table, 万元. spending_rate: by the scheme (1 = 100%), not rounded. limits: the caps and vetoes that
    hold, by their places in the scheme; limit_words: a sentence on each. project, project_code: where projects are
    evaluated. scheme: the code of the scheme that it was scored by. facts: what is shown beside the scores. claims:
    what it says of last year's findings. official: values of the bureau that stand in place of what the department
    wrote; officials: how many. money: MONEY_SURE where
    the total row's amounts can only be in 万元, MONEY_DOUBTED where they seem to be in 元 and stand in no sum. mends:
    the SHA-256 of the file that it mends, empty where it is no copy to mend; earlier: the findings on that. monitored:
    of the middle of the year, where the scores are a forecast; None of a self-review. rank, category_rank: set by
    ranking, within the scheme; None where not ranked. joint_rank: over all schemes of the run; None where that is not
    wanted. review_status: 已复核, 部分复核 or 未复核, empty where the run has no review; then total_before,
    grade_before and rank_before are what it came to without any review, and reviewers are those who reviewed it. stage:
    what the stage of the year is called, empty for the self-review; nothing is scored before that. The rest: see
    `DepartmentOutcome`.
    """

    code: str
    name: str
    category: str
    file: str
    status: Status
    scores: tuple[IndicatorScore, ...]
    total: Decimal
    grade: str
    self_total: Decimal
    self_grade: str
    near_threshold: bool
    capped_from: Decimal | None
    adjusted: Decimal | None
    spent: Decimal | None
    spending_rate: Decimal | None
    base: Decimal = ZERO
    bonus: Decimal = ZERO
    penalty: Decimal = ZERO
    applied_points: Decimal | None = None
    grade_from: str = ""
    grade_by: str = ""
    limits: tuple[int, ...] = ()
    project: str = ""
    project_code: str = ""
    scheme: str = ""
    mends: str = ""
    officials: int = 0
    money: str = ""
    limit_words: tuple[str, ...] = _stated(default=())
    facts: tuple[FactResult, ...] = _stated(default=())
    funds: tuple[FundsResult, ...] = _stated(default=())
    kpis: tuple[KpiResult, ...] = _stated(default=())
    tasks: tuple[TaskResult, ...] = _stated(default=())
    official: tuple[OfficialResult, ...] = _stated(default=())
    narrative: Mapping[str, str] = _stated(default_factory=dict)
    earlier: tuple[EarlierFinding, ...] = _stated(default=())
    claims: tuple[ClaimResult, ...] = _stated(default=())
    monitored: Monitored | None = _stated(default=None)
    contact: str = _stated(default="")
    phone: str = _stated(default="")
    rank: int | None = None
    category_rank: int | None = None
    joint_rank: int | None = None
    review_status: str = ""
    reviewers: tuple[str, ...] = ()
    total_before: Decimal | None = None
    grade_before: str = ""
    rank_before: int | None = None
    stage: str = ""

    def take(self, outcome: DepartmentOutcome) -> None:
        """Puts what follows from the scores in place."""
        for item in fields(outcome):
            value = getattr(outcome, item.name)
            # In thousands of departments the same totals come again and again: one object serves for all.
            setattr(self, item.name, interned(value) if isinstance(value, Decimal) else value)

    @property
    def title(self) -> str:
        """What it is called in lists: the project where projects are evaluated, else the department."""
        return self.project or self.name

    @property
    def summed(self) -> bool:
        """Whether its budget and spending stand in the sums of the batch: not where they seem to be in 元."""
        return self.money != MONEY_DOUBTED

    @property
    def cap(self) -> Decimal | None:
        """The highest total, where that holds the total down."""
        return None if self.capped_from is None else self.total

    @property
    def ranked(self) -> bool:
        """Whether the department takes part in the ranking."""
        return self.rank is not None

    @property
    def difference(self) -> Decimal:
        """Accepted total minus self total."""
        return self.total - self.self_total

    def score_of(self, code: str) -> Decimal:
        """The accepted score of an indicator, 0 where it has none."""
        return next((score.score for score in self.scores if score.code == code), ZERO)
