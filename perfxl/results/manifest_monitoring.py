"""What run.json says of a department in the middle of the year: lights, forecast, KPIs, money to be taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from perfxl.decimals import half_up, plain, two_places
from perfxl.monitoring.records import KpiState, MoneyState, Monitored, TakeBack, TaskState

_RATE = Decimal("0.000001")


def monitoring(state: Monitored) -> dict[str, Any]:
    """Lights are `red`, `yellow`, `green`, `blue`, or `none` where there is nothing to tell them by. Rates are texts,
    1 = 100%, with six places; money is in 万元, exact. `total` and `grade` beside them are those that are forecast;
    nobody has scored himself.
    """
    forecast = state.forecast
    return {
        "self_total": None,
        "self_grade": None,
        "lights": {
            "whole": state.whole.value,
            "funds": state.funds.value,
            "kpis": state.kpis.value,
            "kpi_rate": _rate(state.kpi_rate),
            "counts": {light.value: count for light, count in state.counts.items()},
        },
        "forecast": None
        if forecast is None
        else {
            "assumed": list(forecast.assumed),
            "known_points": two_places(forecast.known_points),
            "known_score": two_places(forecast.known_score),
            "known_total": None if forecast.known_total is None else two_places(forecast.known_total),
        },
        "money": list(map(_money, state.money)),
        "kpis": list(map(_kpi, state.kpi_states)),
        "tasks": list(map(_task, state.tasks)),
        "take_back": list(map(_take_back, state.take_back)),
    }


def _money(item: MoneyState) -> dict[str, Any]:
    return {
        "label": item.label,
        "total": item.is_total,
        "initial": _amount(item.initial),
        "budget": _amount(item.budget),
        "spent": _amount(item.spent),
        "expected": _amount(item.expected),
        "rate": _rate(item.rate),
        "pace": _rate(item.pace),
        "light": item.light.value,
        "expected_rate": _rate(item.expected_rate),
        "expected_light": item.expected_light.value,
    }


def _kpi(item: KpiState) -> dict[str, Any]:
    return {
        "level1": item.level1,
        "level2": item.level2,
        "name": item.name,
        "symbol": item.symbol,
        "target": item.target,
        "unit": item.unit,
        "done": item.done,
        "expected": item.expected,
        "rate": _rate(item.rate),
        "pace": _rate(item.pace),
        "light": item.light.value,
        "expected_rate": _rate(item.expected_rate),
        "expected_light": item.expected_light.value,
        "chance": item.chance,
        "cause": item.cause,
        "reason": item.reason,
        "measures": item.measures,
    }


def _task(item: TaskState) -> dict[str, Any]:
    said = {"chance": item.chance, "cause": item.cause, "reason": item.reason, "measures": item.measures}
    return _money(item.money) | {"result": item.result, "expected_result": item.expected} | said


def _take_back(item: TakeBack) -> dict[str, Any]:
    return {
        "task": item.task,
        "budget": _amount(item.budget),
        "expected": _amount(item.expected),
        "amount": _amount(item.amount),
        "within": item.within,
        "why": item.why,
    }


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _rate(value: Decimal | None) -> str | None:
    return None if value is None else plain(half_up(value, _RATE))
