"""What monitoring says of one department in a period, as results and run.json carry it.

Rates are decimals, 1 = as it should be; they are shown, lights were told from exact fractions. Money is in 万元.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO
from perfxl.monitoring.lights import Light
from perfxl.records import Record


@dataclass(frozen=True, slots=True)
class MoneyState(Record):
    """A row of the funds table, or a task. rate: spent of the budget in force; pace: the same against the time gone;
    light: of the pace; expected_rate, expected_light: by the end of the year.
    """

    label: str
    is_total: bool
    initial: Decimal | None
    budget: Decimal | None
    spent: Decimal | None
    expected: Decimal | None
    rate: Decimal | None
    pace: Decimal | None
    light: Light
    expected_rate: Decimal | None
    expected_light: Light


@dataclass(frozen=True, slots=True)
class KpiState(Record):
    """A KPI. target, done, expected: as text. rate: completion by now; timed: whether it grows with the year; pace:
    against the time gone where it does, else the rate; chance, cause, reason, measures: the department's.
    """

    row: str
    level1: str
    level2: str
    name: str
    symbol: str
    target: str
    unit: str
    weight: Decimal | None
    done: str
    expected: str
    timed: bool
    rate: Decimal | None
    pace: Decimal | None
    light: Light
    expected_rate: Decimal | None
    expected_light: Light
    chance: str
    cause: str
    reason: str
    measures: str

    @property
    def aim(self) -> str:
        """Symbol, target and unit as people write them: `≥35场`, `定性：达成预期`."""
        between = "：" if self.symbol.isalpha() and self.target else ""
        return f"{self.symbol}{between}{self.target}{self.unit}"


@dataclass(frozen=True, slots=True)
class TaskState(Record):
    """A key task with its money. result: how it stands, expected: at the end of the year, in the department's words."""

    money: MoneyState
    result: str
    expected: str
    chance: str
    cause: str
    reason: str
    measures: str


@dataclass(frozen=True, slots=True)
class TakeBack(Record):
    """Money to be taken back. task: its name, empty of the department as a whole; within: whether it is a part of what
    is to be taken back of the department as a whole; why: a sentence.
    """

    task: str
    budget: Decimal
    expected: Decimal
    amount: Decimal
    why: str
    within: bool = False


@dataclass(frozen=True, slots=True)
class Forecast(Record):
    """What the scheme makes of the expected values, beside the total. assumed: codes of the indicators of which
    monitoring asks nothing,
    which have full points (of 加分 and 扣分 none); known_points, known_score: of the others within the hundred;
    known_total: these scaled to the full points, None where there are none.
    """

    assumed: tuple[str, ...]
    known_points: Decimal
    known_score: Decimal
    known_total: Decimal | None


@dataclass(frozen=True, slots=True)
class Monitored(Record):
    """What a workbook of monitoring comes to. share: of the year that has gone. funds: the light of the total row;
    kpis: of all KPIs together, with their rate; whole: the graver of both. Empty where it waits on disk.
    """

    period: str = ""
    share: Decimal = ZERO
    funds: Light = Light.NONE
    kpis: Light = Light.NONE
    whole: Light = Light.NONE
    kpi_rate: Decimal | None = None
    forecast: Forecast | None = None
    money: tuple[MoneyState, ...] = ()
    kpi_states: tuple[KpiState, ...] = ()
    tasks: tuple[TaskState, ...] = ()
    take_back: tuple[TakeBack, ...] = ()

    @property
    def total(self) -> MoneyState | None:
        """The total row of the funds table."""
        return next((row for row in self.money if row.is_total), None)

    @property
    def counts(self) -> Mapping[Light, int]:
        """How many KPIs have each light."""
        return counted(item.light for item in self.kpi_states)

    @property
    def taken_back(self) -> Decimal:
        """What is to be taken back in all."""
        return sum((item.amount for item in self.take_back if not item.within), ZERO)


def counted(lights: Iterable[Light]) -> Mapping[Light, int]:
    """How many there are of each light, in the order of the lights."""
    found = Counter(lights)
    return {light: found[light] for light in Light}
