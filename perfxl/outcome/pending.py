"""What waits for the bureau (待核定): indicators that hang on values which it supplies and has not given yet.

The one home of it: scoring and template ask here. What becomes of them meanwhile is the scheme's choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from perfxl.decimals import half_up, plain
from perfxl.references import literal
from perfxl.rules.kpi_method import QUALITATIVE, KpiRow
from perfxl.rules.quotient import Refs
from perfxl.scheme.model import BASE, FULL_POINTS, LEFT_OUT, Indicator, Scheme

WAITING = "待核定"
"""What stands in the place of a score."""


def pending(
    scheme: Scheme, lacks: Callable[[str], bool], rows: Iterable[KpiRow], codes: frozenset[str] | None = None
) -> frozenset[str]:
    """Codes of the indicators that wait. lacks: whether a fact of the bureau that applies to the department is not
    given yet. rows: the KPI rows. codes: of the indicators that apply, None for all.
    """
    if not scheme.pendable:
        return frozenset()
    lacking = {key for key in scheme.bureau_facts if lacks(key)}
    levels = {row.level1 for row in rows if row.target is None and _asks_for_target(scheme, row)}
    levels = levels if scheme.bureau_targets else set()
    return frozenset(
        item.code
        for item in scheme.indicators
        if item.code in scheme.pendable
        and (codes is None or item.code in codes)
        and (not lacking.isdisjoint(needed_facts(scheme, item)) or not levels.isdisjoint(item.rule.kpi_levels))
    )


def needed_facts(scheme: Scheme, indicator: Indicator) -> tuple[str, ...]:
    """The facts of the bureau that an indicator hangs on, be it through derived ones."""
    return tuple(key for key in scheme.facts_of[indicator.code] if key in scheme.bureau_facts)


def _asks_for_target(scheme: Scheme, row: KpiRow) -> bool:
    """Whether a KPI is one of numbers; a qualitative one is judged by its result alone."""
    return row.symbol is not None and scheme.kpi_method.symbols.get(row.symbol, QUALITATIVE) != QUALITATIVE


def left_out(scheme: Scheme) -> bool:
    """Whether what waits is left out of the points, and the others are scaled up."""
    return scheme.options.pending == LEFT_OUT


def score_while_pending(scheme: Scheme, indicator: Indicator) -> Decimal:
    """The accepted score of an indicator that waits."""
    full = scheme.options.pending == FULL_POINTS and indicator.nature == BASE
    return half_up(indicator.points if full else Decimal(0))


def shown_while_pending(scheme: Scheme, indicator: Indicator) -> str:
    """`score_while_pending` as an Excel expression, the word where it is left out of the points."""
    return literal(WAITING) if left_out(scheme) else plain(score_while_pending(scheme, indicator))


def words_while_pending(scheme: Scheme, indicator: Indicator) -> str:
    """A sentence on an indicator that waits, without what it lacks."""
    if left_out(scheme):
        scaled = f"，其余指标折算为 {plain(scheme.full_points)} 分" if indicator.nature == BASE else ""
        return f"{WAITING}，暂不计分{scaled}"
    return f"{WAITING}，暂按 {plain(score_while_pending(scheme, indicator))} 分计"


def pending_formula(scheme: Scheme, indicator: Indicator, refs: Refs, applies: Callable[[str], str]) -> str:
    """Whether an indicator waits as an Excel condition; empty where it never does.

    applies: when a fact applies to the department, as an Excel condition, empty for always.
    """
    tests = []
    for key in needed_facts(scheme, indicator):
        blank, due = f"LEN({refs.fact(key)})=0", applies(key)
        tests.append(f"AND({due},{blank})" if due else blank)
    levels = indicator.rule.kpi_levels
    if scheme.bureau_targets and levels:
        symbols = [symbol for symbol, kind in scheme.kpi_method.symbols.items() if kind != QUALITATIVE]
        own = "+".join(f"({refs.kpi('level1')}={literal(level)})" for level in levels)
        asks = "+".join(f"({refs.kpi('symbol')}={literal(symbol)})" for symbol in symbols) or "0"
        tests.append(f"SUMPRODUCT(({own})*({asks})*(LEN({refs.kpi('target')})=0))>0")
    return "" if not tests else tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
