"""What run.json keeps for the years to come: what indicators were called, money, KPI results, what was claimed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfxl.decimals import half_up, plain
from perfxl.results.manifest_lists import places
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import ClaimResult, DepartmentResult, KpiResult

RATE_STEP = Decimal(1).scaleb(-10)
"""A rate has ten places there."""
NOTHING: Mapping[str, Any] = {"adjusted": None, "spent": None, "spending_rate": None, "claims": [], "kpis": []}
"""Of a department that sent nothing."""


def of_scheme(scheme: Scheme) -> dict[str, Any]:
    """What a year to come needs of a scheme: its indicators, its grades with their floors, the best first."""
    return {
        "deadline": scheme.header.deadline,
        "project": scheme.evaluated.is_project,
        "grades": [{"name": band.name, "floor": plain(band.floor)} for band in scheme.grade_bands],
        "indicators": [
            {
                "code": item.code,
                "name": item.name,
                "level2": item.level2,
                "points": plain(item.points),
                "nature": item.nature,
            }
            for item in scheme.indicators
        ],
    }


def of_department(full: DepartmentResult, directions: Mapping[str, str]) -> dict[str, Any]:
    """What it needs of a department. Money is in 万元, a rate of 1 is 100%.

    directions: how the scheme's symbols are to be read.
    """
    return {
        "adjusted": _plain(full.adjusted),
        "spent": _plain(full.spent),
        "spending_rate": rate_text(full.spending_rate),
        "claims": list(map(_claim, full.claims)),
        "kpis": [_kpi(item, directions) for item in full.kpis],
    }


def directions_of(scheme: Scheme) -> dict[str, str]:
    """How the symbols of a scheme are to be read."""
    return {symbol.symbol: symbol.direction for symbol in scheme.symbols}


def rate_text(rate: Decimal | None) -> str | None:
    """A rate as it stands there."""
    return None if rate is None else plain(half_up(rate, RATE_STEP))


def _claim(item: ClaimResult) -> dict[str, Any]:
    return {"fact": item.fact, "label": item.label, "done": item.done}


def _kpi(item: KpiResult, directions: Mapping[str, str]) -> dict[str, Any]:
    """points: the weight that counted; score: what counts of it."""
    return {
        "level1": item.level1,
        "level2": item.level2,
        "name": item.name,
        "symbol": item.symbol,
        "direction": directions.get(item.symbol, ""),
        "target": item.target,
        "unit": item.unit,
        "result": item.actual,
        "completion": rate_text(item.completion),
        "points": places(item.weight),
        "self": places(item.self_score),
        "computed": places(item.computed),
        "score": places(item.counted),
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
