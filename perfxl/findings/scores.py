"""Findings on self scores: against their points, against the rules, and on the reasons. The gravest of a row first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfxl.decimals import CENT, ONE, ZERO, divide, half_up, plain, two_places
from perfxl.findings.cells import NEGATIVE, NOT_NUMBER
from perfxl.findings.condition import Condition, Field, all_of, given
from perfxl.findings.declare import Case, finding, shown_where
from perfxl.findings.in_excel import Cell, Value, where_numbers
from perfxl.findings.kind import FindingKind, Severity
from perfxl.findings.one_field import Blank, IsText, Mentions, NotBlank, SideBySide
from perfxl.findings.rates import rate_from
from perfxl.findings.reasons import NoReason, gives_reason, no_reason
from perfxl.layout import Layout
from perfxl.scheme.model import BASE, BONUS, PENALTY, Indicator, Scheme

NOT_DONE = (
    "未完成", "未能", "没有完成", "没完成", "未达", "未按", "未及时", "不到位", "缺漏", "缺失", "不足", "滞后", "延期",
    "未开展", "未制定", "未公开", "扣减", "扣分",
)  # fmt: skip
"""Words of a reason that say something was not done."""
NOT_DONE_LIST = "not_done"
"""The range of the template in which these words stand, asked for as if it were a cell."""
KPI_COUNT, KPI_OWN_COUNT, KPI_OWN_TOTAL = "kpi_count", "kpi_own_count", "kpi_own_total"
"""Of an indicator that counts KPI rows: how many there are, how many have a self score, and the sum of these."""

NANO = Decimal("0.000000001")

OWN_SUMS_DIFFER = FindingKind(
    "W310", Severity.WARNING, "指标自评合计与自评得分不一致",
    message="“{levels}”类指标自评得分合计 {sum}，与 {indicator} 的自评得分 {self_score} 不一致",
    advice="请核对；如在整体上另行扣分，请在扣分原因中说明",
)  # fmt: skip
COMPLETION_FAR_FROM_SPENDING = FindingKind(
    "W406", Severity.WARNING, "指标完成与支出率不匹配",
    message="绩效指标得分率 {kpi_rate} 与{rate_label} {spending_rate} 相差 {gap} 个百分点，超过 {limit} 个百分点",
    advice="请核对指标值是否合理、支出是否及时",
)  # fmt: skip


def _rows(layout: Layout, *natures: str) -> Iterator[str]:
    """The rows of indicators of these natures: the empty text for every row where all are."""
    indicators = layout.scheme.indicators
    wanted = [item for item in indicators if item.nature in natures]
    if len(wanted) == len(indicators):
        yield ""
    else:
        yield from (item.code for item in wanted)


@shown_where(NOT_NUMBER)
def score_not_number(layout: Layout) -> Iterator[Case]:
    """A text for a self score."""
    yield Case(table="scores", blamed="self", condition=IsText("self"))


@shown_where(NEGATIVE)
def score_negative(layout: Layout) -> Iterator[Case]:
    """A self score below 0."""
    yield Case(table="scores", blamed="self", condition=Field("self") < 0)


_ABOVE_POINTS = Field("self") > Field("points")


@finding(
    "E401", Severity.ERROR, "自评得分高于分值",
    message="{label} {value} 高于分值 {points}", advice="请填写不高于分值的得分", expected="不高于 {points}",
)  # fmt: skip
def above_points(layout: Layout) -> Iterator[Case]:
    """A self score above the indicator's points."""
    yield Case(table="scores", blamed="self", condition=_ABOVE_POINTS, words=lambda of: {"points": of("points")})


@finding(
    "E402", Severity.ERROR, "扣分没有原因",
    message="{name}的自评得分 {self_score} 低于分值 {points}，没有写扣分原因",
    advice="请在“扣分原因”中说明扣了什么分、为什么",
)  # fmt: skip
def without_reason(layout: Layout) -> Iterator[Case]:
    """A self score below the points without a word why, of what makes up the hundred."""
    return _lost(layout, Blank("reason"))


@finding(
    "W413", Severity.WARNING, "扣分原因没有说明什么",
    message="{name}的自评得分 {self_score} 低于分值 {points}，扣分原因只写了“{value}”",
    advice="请在“扣分原因”中说明扣了什么分、为什么",
)  # fmt: skip
def reason_says_nothing(layout: Layout) -> Iterator[Case]:
    """Points were lost, and all that is said is 无 or the like: no error, as something was written."""
    return _lost(layout, all_of(NotBlank("reason"), NoReason("reason")))


def _lost(layout: Layout, reason: Condition) -> Iterator[Case]:
    unexplained = all_of(Field("self") < Field("points"), reason)
    for row in _rows(layout, BASE):
        yield Case(
            table="scores", blamed="reason", condition=unexplained,
            words=lambda of: {"name": f"{of('key')} {of('name')}", "self_score": of("self"), "points": of("points")},
            row=row,
        )  # fmt: skip


@finding(
    "W411", Severity.WARNING, "加减分没有写依据",
    message="{name}自评{nature} {self_score}，没有写依据", advice="请在“扣分原因”中写明依据（文件、事项）",
)  # fmt: skip
def outside_without_basis(layout: Layout) -> Iterator[Case]:
    """Points that come on top or go off without a word what for."""
    for nature in (BONUS, PENALTY):
        condition = all_of(Field("self") > 0, NoReason("reason"))
        for row in _rows(layout, nature):
            yield _without_basis(row, nature, condition)


def _without_basis(row: str, nature: str, condition: Condition) -> Case:
    return Case(
        table="scores", blamed="reason", condition=condition,
        words=lambda of: {"name": f"{of('key')} {of('name')}", "self_score": of("self"), "nature": nature}, row=row,
    )  # fmt: skip


@finding(
    "W403", Severity.WARNING, "自评得分高于计算得分",
    message="{label} {value}，按规则计算为 {computed}，按较低的计算得分计", advice="请核对自评得分和有关数据",
    expected="{computed}",
)  # fmt: skip
def above_computed(layout: Layout) -> Iterator[Case]:
    """The self score is higher than the rule gives by more than the scheme's margin."""
    above = (Field("self") - Field("computed")).rounded(6) > layout.scheme.thresholds.self_over
    condition = given(("self", "computed"), above)
    for row in _rows(layout, BASE, BONUS):
        yield Case(
            table="scores", blamed="self", condition=condition,
            words=lambda of: {"computed": two_places(of("computed"))}, after=_ABOVE_POINTS, row=row,
        )  # fmt: skip


@finding(
    "W412", Severity.WARNING, "自评扣分低于计算扣分",
    message="{label} {value}，按规则应扣 {computed}，按较高的计算扣分计", advice="请核对自评扣分和有关数据",
    expected="{computed}",
)  # fmt: skip
def below_computed_penalty(layout: Layout) -> Iterator[Case]:
    """The department deducts less than the rule does by more than the scheme's margin."""
    below = (Field("computed") - Field("self")).rounded(6) > layout.scheme.thresholds.self_over
    condition = given(("self", "computed"), below)
    for row in _rows(layout, PENALTY):
        yield Case(
            table="scores", blamed="self", condition=condition,
            words=lambda of: {"computed": two_places(of("computed"))}, row=row,
        )  # fmt: skip


def _own_sums_excel(cell: Cell) -> str:
    complete = f"AND({cell(KPI_COUNT)}>0,{cell(KPI_OWN_COUNT)}={cell(KPI_COUNT)})"
    apart = f"ROUND(ABS(ROUND({cell(KPI_OWN_TOTAL)},2)-{cell('self')})-{plain(CENT)},9)>0"
    unexplained = f"OR({cell('self')}>{cell(KPI_OWN_TOTAL)},{no_reason(cell('reason'))})"
    return f"IF({complete},AND({apart},{unexplained}),FALSE)"


def _own_sums_exact(of: Value) -> bool:
    self_score, total = of("self"), of(KPI_OWN_TOTAL)
    # Equal shares of the points rarely add to the cent.
    if not isinstance(self_score, Decimal) or total is None or abs(half_up(total) - self_score) <= CENT:
        return False
    return self_score > total or not gives_reason(of("reason"))


OWN_SUMS_APART = SideBySide(
    ("self", "reason", KPI_COUNT, KPI_OWN_COUNT, KPI_OWN_TOTAL), _own_sums_excel, _own_sums_exact
)  # fmt: skip
"""The self scores of an indicator's KPIs do not add to its self score, and no reason is given for what it has less.

A total of None: not all have one."""


@shown_where(OWN_SUMS_DIFFER)
def own_sums_differ(layout: Layout) -> Iterator[Case]:
    """Asked of the indicators that count KPI rows."""
    yield Case(table="scores", blamed="self", condition=OWN_SUMS_APART)


@finding(
    "W405", Severity.WARNING, "满分而有扣分说明",
    message="{name}得满分 {self_score}，扣分原因却写着“{value}”", advice="请核对：没有扣分就不写原因，有问题就据实扣分",
)  # fmt: skip
def full_marks_with_reason(layout: Layout) -> Iterator[Case]:
    """Full marks beside a reason that says something was not done, of what makes up the hundred."""
    condition = all_of(Field("self").equals(Field("points")), Mentions("reason", NOT_DONE, NOT_DONE_LIST))
    for row in _rows(layout, BASE):
        yield Case(
            table="scores", blamed="reason", condition=condition,
            words=lambda of: {"name": f"{of('key')} {of('name')}", "self_score": of("self")}, row=row,
        )  # fmt: skip


@shown_where(COMPLETION_FAR_FROM_SPENDING)
def completion_far_from_spending(layout: Layout) -> Iterator[Case]:
    """Score rate of the KPI indicators and the spending rate are further apart than the scheme's points.

    Over the computed scores by indicator code and the facts by their keys. Beyond 100% nothing more could be spent.
    """
    scheme = layout.scheme
    kpis, quotient, limit = scheme.kpi_indicators, scheme.spending_rate, scheme.thresholds.completion_gap
    if not kpis or quotient is None:
        return
    # Without a rule that scores the rate, the note stands beside the first of the indicators that it compares.
    row = (scheme.spending_indicator or kpis[0]).code
    codes, facts = [item.code for item in kpis], scheme.plain_facts(quotient.keys())

    def excel(cell: Cell) -> str:
        cells = [cell(code) for code in codes]
        earned, worth = "+".join(cells), plain(_worth(kpis))
        if not all(item.always for item in kpis):
            earned = f"SUM({','.join(cells)})"
            worth = "+".join(f"ISNUMBER({at})*{plain(item.points)}" for at, item in zip(cells, kpis, strict=True))
        spent = f"MIN({quotient.quotient_formula(layout)},1)"
        apart = f"ROUND(ABS(({earned})/({worth})-{spent})*100-{plain(limit)},9)>0"
        apart = quotient.known_formula(layout, apart, "FALSE")
        always = [at for at, item in zip(cells, kpis, strict=True) if item.always]
        if len(always) < len(cells):
            apart = f"IF(COUNT({','.join(cells)})>0,{apart},FALSE)"
        return where_numbers(always, apart) if always else apart

    def exact(of: Value) -> bool:
        kpi_rate, rate = kpi_score_rate(scheme, of), rate_from(scheme, quotient, of)
        return kpi_rate is not None and rate is not None and are_far_apart(scheme, kpi_rate, rate)

    yield Case(table="scores", row=row, blamed="self", condition=SideBySide((*codes, *facts), excel, exact))


def _worth(indicators: Iterable[Indicator]) -> Decimal:
    return sum((item.points for item in indicators), ZERO)


def kpi_score_rate(scheme: Scheme, of: Value) -> Decimal | None:
    """Score rate of the KPI indicators together (1 = 100%); None where it is unknown.

    of: computed scores by code. What may not apply counts where it has a score.
    """
    scored = [item for item in scheme.kpi_indicators if item.always or isinstance(of(item.code), Decimal)]
    earned = [score for item in scored if isinstance(score := of(item.code), Decimal)]
    known = bool(scored) and len(earned) == len(scored)
    return divide(sum(earned, ZERO), _worth(scored)) if known else None


def are_far_apart(scheme: Scheme, kpi_rate: Decimal, spending_rate: Decimal) -> bool:
    """Whether the two are further apart than the scheme lets them be."""
    return half_up(rates_apart(kpi_rate, spending_rate) - scheme.thresholds.completion_gap, NANO) > 0


def rates_apart(kpi_rate: Decimal, spending_rate: Decimal) -> Decimal:
    """How far the two are apart, in percentage points."""
    return abs(kpi_rate - min(spending_rate, ONE)) * 100
