"""Findings on self scores: against their points, against the rules, and on the reasons. The gravest of a row first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.decimals import CENT, ZERO, divide, half_up, plain, two_places
from perfxl.findings.cells import NEGATIVE, NOT_NUMBER
from perfxl.findings.condition import (
    Blank,
    Cell,
    Field,
    IsText,
    Mentions,
    SideBySide,
    Value,
    all_of,
    given,
    where_numbers,
)
from perfxl.findings.declare import Case, finding, shown_where
from perfxl.findings.kind import FindingKind, Severity
from perfxl.layout import Layout

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
    message="绩效指标得分率 {kpi_rate} 与支出率得分率 {spending_rate} 相差 {gap} 个百分点，超过 {limit} 个百分点",
    advice="请核对指标值是否合理、支出是否及时",
)  # fmt: skip


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
    """A self score below the points without a word why."""
    yield Case(
        table="scores", blamed="reason", condition=all_of(Field("self") < Field("points"), Blank("reason")),
        words=lambda of: {"name": f"{of('key')} {of('name')}", "self_score": of("self"), "points": of("points")},
    )  # fmt: skip


@finding(
    "W403", Severity.WARNING, "自评得分高于计算得分",
    message="{label} {value}，按规则计算为 {computed}，按较低的计算得分计", advice="请核对自评得分和有关数据",
    expected="{computed}",
)  # fmt: skip
def above_computed(layout: Layout) -> Iterator[Case]:
    """The self score is higher than the rule gives by more than the scheme's margin."""
    above = (Field("self") - Field("computed")).rounded(6) > layout.scheme.thresholds.self_over
    yield Case(
        table="scores", blamed="self", condition=given(("self", "computed"), above),
        words=lambda of: {"computed": two_places(of("computed"))}, after=_ABOVE_POINTS,
    )  # fmt: skip


def _own_sums_excel(cell: Cell) -> str:
    complete = f"AND({cell(KPI_COUNT)}>0,{cell(KPI_OWN_COUNT)}={cell(KPI_COUNT)})"
    apart = f"ROUND(ABS(ROUND({cell(KPI_OWN_TOTAL)},2)-{cell('self')})-{plain(CENT)},9)>0"
    return f"IF({complete},{apart},FALSE)"


def _own_sums_exact(of: Value) -> bool:
    self_score, total = of("self"), of(KPI_OWN_TOTAL)
    # Equal shares of the points rarely add to the cent.
    return isinstance(self_score, Decimal) and total is not None and abs(half_up(total) - self_score) > CENT


OWN_SUMS_APART = SideBySide(("self", KPI_COUNT, KPI_OWN_COUNT, KPI_OWN_TOTAL), _own_sums_excel, _own_sums_exact)
"""The self scores of an indicator's KPIs do not add to its self score; a total of None: not all have one."""


@shown_where(OWN_SUMS_DIFFER)
def own_sums_differ(layout: Layout) -> Iterator[Case]:
    """Asked of the indicators that count KPI rows."""
    yield Case(table="scores", blamed="self", condition=OWN_SUMS_APART)


@finding(
    "W405", Severity.WARNING, "满分而有扣分说明",
    message="{name}得满分 {self_score}，扣分原因却写着“{value}”", advice="请核对：没有扣分就不写原因，有问题就据实扣分",
)  # fmt: skip
def full_marks_with_reason(layout: Layout) -> Iterator[Case]:
    """Full marks beside a reason that says something was not done."""
    condition = all_of(Field("self").equals(Field("points")), Mentions("reason", NOT_DONE, NOT_DONE_LIST))
    yield Case(
        table="scores", blamed="reason", condition=condition,
        words=lambda of: {"name": f"{of('key')} {of('name')}", "self_score": of("self")},
    )  # fmt: skip


@shown_where(COMPLETION_FAR_FROM_SPENDING)
def completion_far_from_spending(layout: Layout) -> Iterator[Case]:
    """Score rate of the KPI indicators and of the spending rate are further apart than the scheme's points.

    Over the computed scores by indicator code and the facts by their keys. Without an adjusted budget there is no
    rate, and a finding of its own.
    """
    scheme = layout.scheme
    kpis, spending = scheme.kpi_indicators, scheme.spending_indicator
    if not kpis or spending is None or (quotient := spending.rule.quotient) is None:
        return
    codes, budget = [item.code for item in (*kpis, spending)], quotient.denominator
    worth, points = sum((item.points for item in kpis), ZERO), spending.points
    limit = scheme.thresholds.completion_gap

    def excel(cell: Cell) -> str:
        *cells, computed = (cell(code) for code in codes)
        rates = f"({'+'.join(cells)})/{plain(worth)}-{computed}/{plain(points)}"
        apart = f"ROUND(ABS({rates})*100-{plain(limit)},9)>0"
        return where_numbers((*cells, computed), f"AND({quotient.sums(cell)[1]}<>0,{apart})")

    def exact(of: Value) -> bool:
        numbers = [of(name) for name in (*codes, *budget)]
        if not all(isinstance(number, Decimal) for number in numbers) or not sum(map(of, budget), ZERO):
            return False
        kpi_rate, rate = score_rates(layout, of)
        return half_up(abs(kpi_rate - rate) * 100 - limit, NANO) > 0

    yield Case(
        table="scores", row=spending.code, blamed="self", condition=SideBySide((*codes, *budget), excel, exact)
    )  # fmt: skip


def score_rates(layout: Layout, of: Value) -> tuple[Decimal, Decimal]:
    """Score rate of the KPI indicators together and of the spending rate, from computed scores by code (1 = 100%)."""
    scheme = layout.scheme
    kpis, spending = scheme.kpi_indicators, scheme.spending_indicator
    assert spending is not None
    earned, worth = sum((of(item.code) for item in kpis), ZERO), sum((item.points for item in kpis), ZERO)
    return divide(earned, worth), divide(of(spending.code), spending.points)
