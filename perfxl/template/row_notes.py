"""Notes on the rows of the open tables: KPIs and tasks. Formulas name the cells of their own row by column key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, half_up, plain
from perfxl.layout import finding_words as words
from perfxl.rules.kpi_method import AT_LEAST, EQUAL, QUALITATIVE
from perfxl.scheme.model import Scheme
from perfxl.template.expressions import MICRO, any_of
from perfxl.template.fact_notes import NANO
from perfxl.template.live import KpiLive, Value
from perfxl.template.notes import Note, blank, is_blank, note, where_numbers

SMALL, LARGE = Decimal(1), Decimal(10)
"""A percentage at most the one beside one above the other is probably 95% typed for 95."""


@dataclass(frozen=True)
class Row:
    """What stands in one row of an open table; live: what its formulas come to."""

    values: Mapping[str, Value]
    live: KpiLive

    def number(self, column: str) -> Decimal | None:
        """The number in a column, None where it is blank or a text."""
        value = self.values.get(column)
        return value if isinstance(value, Decimal) else None

    def difference(self, column: str, other: str) -> Decimal:
        """One number less another, 0 where either is missing."""
        first, second = self.number(column), self.number(other)
        return ZERO if first is None or second is None else first - second

    def is_text(self, *columns: str) -> bool:
        """Whether a text stands in one of the columns."""
        return any(isinstance(self.values.get(column), str) for column in columns)


def kpi_notes(scheme: Scheme, at: Mapping[str, str], levels: tuple[str, str], results: str) -> list[Note[Row]]:
    """What can be wrong with a KPI row, the first that holds to be shown.

    at: the row's cells by column key. levels: the ranges of the first levels and of the second levels that belong to
    them. results: the range of the qualitative results.
    """
    return [
        *_value_notes(scheme, at, results),
        *_weight_notes(scheme, at),
        *_level_notes(scheme, at, levels),
        *_target_notes(scheme, at),
        *_score_notes(scheme, at),
    ]


def task_notes(at: Mapping[str, str]) -> list[Note[Row]]:
    """What can be wrong with a task row."""
    spent, budget = at["spent"], at["budget"]
    condition = where_numbers((spent, budget), f"{spent}>{budget}")
    return [
        note(words.NOT_NUMBER, f"OR(ISTEXT({budget}),ISTEXT({spent}))", lambda row: row.is_text("budget", "spent")),
        note(words.TASK_OVERSPENT, condition, lambda row: row.difference("spent", "budget") > 0),
    ]


def _value_notes(scheme: Scheme, at: Mapping[str, str], results: str) -> list[Note[Row]]:
    """What target and actual value cannot be."""
    target, actual, symbol = at["target"], at["actual"], at["symbol"]
    in_words, in_numbers = _symbols(scheme, QUALITATIVE), _symbols(scheme, QUALITATIVE, but=True)
    labels = [share.label for share in scheme.shares]
    found: list[Note[Row]] = [
        note(words.NEGATIVE_TARGET, f"N({target})<0", lambda row: (row.number("target") or ZERO) < 0)
    ]
    if in_numbers:
        found.append(
            note(
                words.NOT_NUMBER,
                f"AND({any_of(symbol, in_numbers)},OR(ISTEXT({target}),ISTEXT({actual})))",
                lambda row: row.values.get("symbol") in in_numbers and row.is_text("target", "actual"),
            )
        )
    if in_words and labels:
        found.append(
            note(
                words.OFF_LIST,
                f"IF(AND({any_of(symbol, in_words)},LEN({actual})>0),COUNTIF({results},{actual})=0,FALSE)",
                lambda row: row.values.get("symbol") in in_words and row.values.get("actual") not in (None, *labels),
            )
        )
    return found


def _weight_notes(scheme: Scheme, at: Mapping[str, str]) -> list[Note[Row]]:
    weight, own, counted, level = at["weight"], at["self_score"], at["counted_weight"], at["level1"]
    levels = list(scheme.kpi_indicator)
    above = where_numbers((own, weight), f"{own}>{weight}")
    found: list[Note[Row]] = [note(words.ABOVE_WEIGHT, above, lambda row: row.difference("self_score", "weight") > 0)]
    if levels:
        found.append(
            note(
                words.WEIGHTS_PARTLY_BLANK,
                f"AND(LEN({weight})=0,NOT(ISNUMBER({counted})),{any_of(level, levels)})",
                lambda row: (
                    row.values.get("weight") is None and row.live.weight is None and row.values.get("level1") in levels
                ),
            )
        )
    return found


def _level_notes(scheme: Scheme, at: Mapping[str, str], ranges: tuple[str, str]) -> list[Note[Row]]:
    """A second-level kind that belongs to another first level."""
    one, two = at["level1"], at["level2"]
    pairs = {(level.level1, level.level2) for level in scheme.kpi_levels}

    def elsewhere(row: Row) -> bool:
        first, second = row.values.get("level1"), row.values.get("level2")
        return first is not None and second is not None and (first, second) not in pairs

    condition = f"COUNTIFS({ranges[0]},{one},{ranges[1]},{two})=0"
    condition = f"IF(AND(LEN({one})>0,LEN({two})>0),{condition},FALSE)"
    return [note(words.LEVEL2_ELSEWHERE, condition, elsewhere)]


def _target_notes(scheme: Scheme, at: Mapping[str, str]) -> list[Note[Row]]:
    """Targets that say nothing, are too low or written in another way than the actual value."""
    target, actual, symbol, unit, rate = (at[key] for key in ("target", "actual", "symbol", "unit", "completion"))
    to_reach, to_meet = _symbols(scheme, AT_LEAST), _symbols(scheme, AT_LEAST, EQUAL)
    limit = scheme.thresholds.over_target
    found: list[Note[Row]] = []
    if to_reach:
        condition = f"AND({any_of(symbol, to_reach)},{target}=0)"
        found.append(
            note(
                words.TARGET_ZERO,
                where_numbers((target, actual), condition),
                lambda row: (
                    row.values.get("symbol") in to_reach
                    and row.number("target") == 0
                    and row.number("actual") is not None
                ),
            )
        )
    if to_meet:
        condition = f"AND({any_of(symbol, to_meet)},{target}>0,ROUND({rate}-{plain(limit)},9)>0)"
        found.append(
            note(
                words.OVER_TARGET,
                where_numbers((target, actual, rate), condition),
                lambda row: (
                    row.values.get("symbol") in to_meet
                    and (row.number("target") or ZERO) > 0
                    and half_up((row.live.completion or ZERO) - limit, NANO) > 0
                ),
            )
        )
    pairs = ((target, actual), (actual, target))
    apart = "OR(" + ",".join(f"AND({one}>0,{one}<={SMALL},{other}>{LARGE})" for one, other in pairs) + ")"
    percent = f'OR(ISNUMBER(SEARCH("%",{unit})),ISNUMBER(SEARCH("％",{unit})))'
    condition = where_numbers((target, actual), f"AND({percent},{apart})")
    return [*found, note(words.PERCENT_FORMATS, condition, _percent_formats)]


def _percent_formats(row: Row) -> bool:
    target, actual, unit = row.number("target"), row.number("actual"), row.values.get("unit")
    if target is None or actual is None or not isinstance(unit, str) or not {"%", "％"}.intersection(unit):
        return False
    return 0 < min(target, actual) <= SMALL and max(target, actual) > LARGE


def _score_notes(scheme: Scheme, at: Mapping[str, str]) -> list[Note[Row]]:
    weight, own, computed, reason = (at[key] for key in ("weight", "self_score", "computed", "reason"))
    over = scheme.thresholds.self_over
    higher = where_numbers((own, weight, computed), f"ROUND({own}-{computed},6)>{plain(over)}")

    def is_higher(row: Row) -> bool:
        score, own = row.live.score, row.number("self_score")
        if score is None or own is None or row.number("weight") is None:
            return False
        return half_up(own - score, MICRO) > over

    lower = where_numbers((own, weight), f"AND({own}<{weight},{blank(reason)})")
    return [
        note(words.KPI_ABOVE_COMPUTED, higher, is_higher),
        note(
            words.KPI_WITHOUT_REASON,
            lower,
            lambda row: row.difference("self_score", "weight") < 0 and is_blank(row.values.get("reason")),
        ),
    ]


def _symbols(scheme: Scheme, *directions: str, but: bool = False) -> list[str]:
    """The symbols of these directions, or (`but`) of all others."""
    return [symbol.symbol for symbol in scheme.symbols if (symbol.direction in directions) is not but]
