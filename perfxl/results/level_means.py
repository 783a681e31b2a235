"""What a batch came to on a second-level indicator: numbers, and the formulas over 得分矩阵 that give them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, divide, half_up, plain
from perfxl.results.context import level_points, level_sums
from perfxl.results.plan import SummaryPlan
from perfxl.results.statistics import mean
from perfxl.scheme.model import Level


@dataclass(frozen=True)
class LevelMeans:
    """Mean and lowest score of the ranked departments, with the formulas that give them, without their `=`."""

    formula: str
    average: Decimal | None
    lowest_formula: str
    lowest: Decimal | None


def level_means(plan: SummaryPlan, level: Level) -> LevelMeans | None:
    """What a level came to; None where nothing of it applies to anybody.

    Where indicators do not apply to all, the scores are those of all points: the mean is that of the rate over all
    points that apply, the lowest that of the lowest rate of a department.
    """
    codes = [item.code for item in plan.indicators if item.level2 == level.name]
    columns = [plan.ranked_range(plan.indicator_column(code)) for code in codes]
    if not plan.scheme.restricted:
        means = "+".join(f"AVERAGE({cells})" for cells in columns) or "0"
        rows = zip(*(plan.scores[code] for code in codes), strict=True)
        scores = [sum((score for score in row if score is not None), ZERO) for row in rows]
        lowest = f"ROUND(MIN({'+'.join(columns) or '0'}),2)"
        return LevelMeans(means, mean(scores), lowest, min(scores, default=None))
    return _scaled(plan, level, codes, columns)


def _scaled(plan: SummaryPlan, level: Level, codes: list[str], columns: list[str]) -> LevelMeans | None:
    owns = [
        (level_sums(plan.scheme, item.scores).get(level.name, ZERO), points)
        for item in plan.ranked
        if (points := level_points(plan.scheme, item.scores)[level.name])
    ]
    if not owns:
        return None
    whole = plain(level.points)
    worth = [plain(plan.scheme.indicator_by_code[code].points) for code in codes]
    scores = "+".join(f"IF(ISNUMBER({cells}),{cells},0)" for cells in columns)
    applying = "+".join(f"IF(ISNUMBER({cells}),{value},0)" for cells, value in zip(columns, worth, strict=True))
    counted = "+".join(f"COUNT({cells})*{value}" for cells, value in zip(columns, worth, strict=True))
    lowest = min(divide(score * level.points, own) for score, own in owns)
    return LevelMeans(
        f"{whole}*SUM({','.join(columns)})/({counted})",
        divide(sum((score for score, _ in owns), ZERO) * level.points, sum((own for _, own in owns), ZERO)),
        f'ROUND(MIN(IF({applying}>0,{whole}*({scores})/({applying}),"")),2)',
        half_up(lowest),
    )
