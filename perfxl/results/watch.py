"""What monitoring came to over a whole batch: one pass over the departments' results, which may wait on disk.

Kept of each department is what the sheets on the batch show in a line; its KPIs are counted, and read again by lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from perfxl.decimals import ZERO, amount
from perfxl.monitoring.lights import Bounds, Light
from perfxl.monitoring.pace import progress, spent_rate
from perfxl.monitoring.records import KpiState, MoneyState, Monitored
from perfxl.monitoring.states import as_decimal
from perfxl.results.batch import Batch
from perfxl.results.context import category_of
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import period_share
from perfxl.scoring.result import DepartmentResult

LOOKS = {Light.RED: "bad", Light.YELLOW: "weak", Light.GREEN: "good", Light.BLUE: "fair", Light.NONE: "muted"}
"""How a light looks; its word stands in the cell as well."""
SHOWN = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE)


@dataclass(frozen=True, slots=True)
class Watched:
    """A department in a line. department: without what waits on disk; state: without its rows; counts, expected: KPIs
    by light, now and at the end of the year; warned: how many lines it has among the warnings.
    """

    department: DepartmentResult
    state: Monitored
    total: MoneyState | None
    counts: Mapping[Light, int]
    expected: Mapping[Light, int]
    taken_back: Decimal
    take_back: int
    warned: Mapping[Light, int]

    @property
    def kpis(self) -> int:
        """How many KPIs it has."""
        return sum(self.counts.values())


@dataclass(slots=True)
class LevelCount:
    """The KPIs of one kind over the ranked departments, by light now and at the end of the year."""

    level1: str
    level2: str
    counts: dict[Light, int] = field(default_factory=lambda: dict.fromkeys(Light, 0))
    expected: dict[Light, int] = field(default_factory=lambda: dict.fromkeys(Light, 0))


@dataclass(frozen=True, slots=True)
class Group:
    """Some departments together: their money, the light of its pace, the lights of their KPIs. rate, pace: None where
    there is no budget; kpi_rate: the mean of the departments' rates.
    """

    name: str
    departments: int
    budget: Decimal
    spent: Decimal
    expected: Decimal
    rate: Decimal | None
    pace: Decimal | None
    light: Light
    kpi_rate: Decimal | None
    kpi_light: Light
    counts: Mapping[Light, int]
    taken_back: Decimal


@dataclass(frozen=True)
class Watch:
    """The whole batch. rows: in the order of the batch's sheets, ranked ones first; levels: KPIs by kind, in the order
    of the scheme.
    """

    scheme: Scheme
    bounds: Bounds
    share: Fraction
    rows: Sequence[Watched]
    levels: Sequence[LevelCount]

    @property
    def ranked(self) -> list[Watched]:
        """Those that count in sums and means: without those whose money seems to be in 元."""
        return [row for row in self.rows if counts(row.department)]

    def group(self, name: str, rows: Iterable[Watched]) -> Group:
        """What some departments come to together."""
        some = list(rows)
        totals = [row.total for row in some if row.total is not None]
        budget, spent, expected = (
            sum((getattr(total, part) or ZERO for total in totals), ZERO) for part in ("budget", "spent", "expected")
        )
        rate = spent_rate(spent, budget)
        pace = progress(rate, self.share, timed=True)
        rates = [Fraction(row.state.kpi_rate) for row in some if row.state.kpi_rate is not None]
        mean = sum(rates, Fraction(0)) / len(rates) if rates else None
        return Group(
            name=name,
            departments=len(some),
            budget=budget,
            spent=spent,
            expected=expected,
            rate=as_decimal(rate),
            pace=as_decimal(pace),
            light=self.bounds.light(pace),
            kpi_rate=as_decimal(mean),
            kpi_light=self.bounds.light(mean),
            counts={light: sum(row.counts[light] for row in some) for light in Light},
            taken_back=sum((row.taken_back for row in some), ZERO),
        )

    @property
    def whole(self) -> Group:
        """All ranked departments."""
        return self.group("合计", self.ranked)

    @property
    def categories(self) -> list[Group]:
        """The ranked departments by category, in the order of the scheme."""
        groups: dict[str, list[Watched]] = {item.name: [] for item in self.scheme.categories}
        for row in self.ranked:
            groups.setdefault(category_of(row.department), []).append(row)
        return [self.group(name, rows) for name, rows in groups.items() if rows]

    @property
    def share_formula(self) -> str:
        """The share of the year that has gone, as Excel works it out exactly enough: `7/12`."""
        return f"({self.share.numerator}/{self.share.denominator})"


def counts(item: DepartmentResult) -> bool:
    """Whether a department counts in sums and means."""
    return item.ranked and item.summed


def watch_of(batch: Batch, scheme: Scheme, departments: Iterable[DepartmentResult]) -> Watch:
    """One pass over some departments of a batch, in their order."""
    kinds = {(level.level1, level.level2): LevelCount(level.level1, level.level2) for level in scheme.kpi_levels}
    rows = []
    # Nearly all departments lack the same: one object for thousands of them.
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    for item in departments:
        full = batch.full_result(item)
        state = full.monitored or Monitored()
        if state.forecast is not None:
            assumed = shared.setdefault(state.forecast.assumed, state.forecast.assumed)
            state = replace(state, forecast=replace(state.forecast, assumed=assumed))
        rows.append(_watched(item, state))
        for kpi in state.kpi_states if counts(item) else ():
            kind = kinds.setdefault((kpi.level1, kpi.level2), LevelCount(kpi.level1, kpi.level2))
            kind.counts[kpi.light] += 1
            kind.expected[kpi.expected_light] += 1
    levels = [kind for kind in kinds.values() if any(kind.counts.values())]
    return Watch(scheme, Bounds.of(scheme), period_share(scheme), rows, levels)


def _watched(item: DepartmentResult, state: Monitored) -> Watched:
    expected = dict.fromkeys(Light, 0)
    for kpi in state.kpi_states:
        expected[kpi.expected_light] += 1
    warned = dict.fromkeys(Light, 0)
    for one in warnings_of(item, state):
        warned[one.gravity] += 1
    return Watched(
        department=item,
        state=replace(state, money=(), kpi_states=(), tasks=(), take_back=()),
        total=state.total,
        counts=state.counts,
        expected=expected,
        taken_back=state.taken_back,
        take_back=len(state.take_back),
        warned=warned,
    )


MONEY, KPI, TASK = "支出", "绩效指标", "重点任务"


@dataclass(frozen=True, slots=True)
class Warned:
    """A red or yellow light, now or at the end of the year. kind: MONEY, KPI or TASK."""

    department: DepartmentResult
    kind: str
    name: str
    target: str
    done: str
    expected: str
    rate: Decimal | None
    pace: Decimal | None
    light: Light
    expected_rate: Decimal | None
    expected_light: Light
    chance: str = ""
    cause: str = ""
    reason: str = ""
    measures: str = ""

    @property
    def gravity(self) -> Light:
        """Red where one of both is."""
        return Light.RED if Light.RED in (self.light, self.expected_light) else Light.YELLOW


def warnings_of(item: DepartmentResult, state: Monitored) -> Iterator[Warned]:
    """The warnings on a department: its money as a whole, its KPIs, its tasks."""
    if (total := state.total) is not None and warns(total):
        yield _of_money(item, MONEY, total)
    for kpi in filter(warns, state.kpi_states):
        yield Warned(
            item, KPI, kpi.name, kpi.aim, f"{kpi.done}{kpi.unit if kpi.done else ''}",
            f"{kpi.expected}{kpi.unit if kpi.expected else ''}", kpi.rate, kpi.pace, kpi.light, kpi.expected_rate,
            kpi.expected_light, kpi.chance, kpi.cause, kpi.reason, kpi.measures,
        )  # fmt: skip
    for task in state.tasks:
        if warns(task.money):
            one = _of_money(item, TASK, task.money)
            yield replace(
                one, chance=task.chance, cause=task.cause, reason=task.reason, measures=task.measures
            )  # fmt: skip


def warns(state: MoneyState | KpiState) -> bool:
    """Whether a light is red or yellow, now or at the end of the year."""
    return state.light.warns or state.expected_light.warns


def _of_money(item: DepartmentResult, kind: str, money: MoneyState) -> Warned:
    return Warned(
        item, kind, money.label, _amount(money.budget), _amount(money.spent), _amount(money.expected), money.rate,
        money.pace, money.light, money.expected_rate, money.expected_light,
    )  # fmt: skip


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{amount(value)} 万元"


def slowest(item: Watched) -> Decimal:
    """The lower of the paces of money and KPIs; very high where there is neither."""
    rates = [rate for rate in (item.total.pace if item.total else None, item.state.kpi_rate) if rate is not None]
    return min(rates, default=Decimal(9))
