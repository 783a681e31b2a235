"""From what a workbook says of money and KPIs to their states: rates, paces and lights."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from perfxl.decimals import decimal_of
from perfxl.monitoring.lights import Bounds, Light, gravest
from perfxl.monitoring.pace import Weighed, completion, grows, overall, progress, spent_rate
from perfxl.monitoring.records import KpiState, MoneyState
from perfxl.rules.base import Inputs
from perfxl.rules.kpi_method import FactValue, KpiMethod, KpiRow
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import period_share


@dataclass(frozen=True)
class Yardstick:
    """What states are told by. share: of the year that has gone, above 0, exact. steady: units of KPIs that do not
    grow with the year.
    """

    bounds: Bounds
    share: Fraction
    method: KpiMethod
    steady: Collection[str]


@dataclass(frozen=True)
class KpiRates:
    """What is known of a KPI exactly. timed: whether it grows with the year; reached, expected: completion by now and
    by the end of the year; pace: what its light tells; at_best: what the expected word may be worth by its band.
    """

    timed: bool
    reached: Fraction | None
    pace: Fraction | None
    expected: Fraction | None
    at_best: Fraction | None


EXPECTED, EXPECTED_SPENT = "expected", "expected_spent"
"""The columns of what is expected at the end of the year: of the funds table and of KPIs, and of the money of tasks."""
CHANCE, CAUSE, REASON, MEASURES = "likelihood", "cause", "reason", "measures"
"""The columns of KPIs and tasks in which a department speaks of its chances."""
_NO_ROW = KpiRow(None, None, None, None, None, None)


def yardstick_of(scheme: Scheme) -> Yardstick:
    """What the states of a stage's scheme are told by."""
    return Yardstick(Bounds.of(scheme), period_share(scheme), scheme.kpi_method, scheme.options.steady_units)


def chance_words(scheme: Scheme, table: str = "kpis") -> Sequence[str]:
    """The words for how likely a target will be reached, the surest first; none where the scheme does not ask."""
    return next((column.choices for column in scheme.table_columns(table) if column.key == CHANCE), ())


def rates_by_row(
    yardstick: Yardstick, inputs: Inputs, keys: Iterable[str], value: Callable[[str, str], FactValue]
) -> dict[str, KpiRates]:
    """How far each KPI row is, by the keys of the rows, in their order. value: of a row and column."""
    rows = {str(number): row for number, row in zip(inputs.ordinals, inputs.kpis, strict=True)}
    found = {}
    for key in keys:
        row, unit = rows.get(key, _NO_ROW), value(key, "unit")
        found[key] = kpi_rates(yardstick, row, str(unit or ""), row.actual, value(key, EXPECTED))
    return found


def money_state(
    yardstick: Yardstick,
    label: str,
    *,
    budget: Decimal | None,
    spent: Decimal | None,
    expected: Decimal | None,
    initial: Decimal | None = None,
    is_total: bool = False,
) -> MoneyState:
    """A sum of money with its lights."""
    rate, expected_rate = spent_rate(spent, budget), spent_rate(expected, budget)
    pace = progress(rate, yardstick.share, timed=True)
    return MoneyState(
        label=label,
        is_total=is_total,
        initial=initial,
        budget=budget,
        spent=spent,
        expected=expected,
        rate=as_decimal(rate),
        pace=as_decimal(pace),
        light=yardstick.bounds.light(pace),
        expected_rate=as_decimal(expected_rate),
        expected_light=yardstick.bounds.light(expected_rate),
    )


def kpi_rates(yardstick: Yardstick, kpi: KpiRow, unit: str, done: FactValue, expected: FactValue) -> KpiRates:
    """How far a KPI is. kpi: its symbol and target; what it holds as actual value is not looked at."""
    method = yardstick.method
    timed, reached = grows(method, kpi, unit, yardstick.steady), completion(method, kpi, done)
    pace = progress(reached, yardstick.share, timed=timed)
    by_then = completion(method, kpi, expected)
    return KpiRates(timed, reached, pace, by_then, completion(method, kpi, expected, at_best=True))


def kpi_state(
    yardstick: Yardstick, row: str, rates: KpiRates, texts: Mapping[str, str], weight: Decimal | None
) -> KpiState:
    """A KPI with its lights. texts: what stands in its columns, by the names of the record's fields."""
    return KpiState(
        row=row,
        weight=weight,
        timed=rates.timed,
        rate=as_decimal(rates.reached),
        pace=as_decimal(rates.pace),
        light=yardstick.bounds.light(rates.pace),
        expected_rate=as_decimal(rates.expected),
        expected_light=yardstick.bounds.light(rates.expected),
        **texts,
    )


@dataclass(frozen=True)
class Whole:
    """The lights of a department: of its money, of all its KPIs with their rate, and the graver of both."""

    funds: Light
    kpis: Light
    kpi_rate: Fraction | None

    @property
    def whole(self) -> Light:
        """The graver of both."""
        return gravest((self.funds, self.kpis))


def whole_of(bounds: Bounds, funds: Light, rates: Iterable[Weighed]) -> Whole:
    """The lights of a department, of a category or of all. funds: the light of their money; rates: the KPIs' paces."""
    rate = overall(rates)
    return Whole(funds, bounds.light(rate), rate)


def as_decimal(rate: Fraction | None) -> Decimal | None:
    """An exact rate as results carry it, to 60 digits."""
    return None if rate is None else decimal_of(rate)
