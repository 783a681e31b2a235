"""What does not apply to every department: when it does, as an Excel condition and as a workbook has it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from perfxl.decimals import plain
from perfxl.layout import Block, Layout, Line
from perfxl.layout.template_layout import field_id
from perfxl.outcome import (
    NOT_APPLICABLE,
    applies_formula,
    fact_applies_formula,
    full_where_not_applying,
    pending_formula,
    score_where_not_applying,
)
from perfxl.references import literal
from perfxl.scheme.model import Indicator
from perfxl.template.live import Live

NOT_DUE = "本项不适用，不用填写。"
"""Beside what the department's category, or what it says not to apply, spares it."""


@dataclass(frozen=True)
class Applies:
    """formula: an Excel condition. now: whether it holds of a workbook."""

    formula: str
    now: Callable[[Live], bool]


def applies(layout: Layout, block: Block, line: Line, key: str) -> Applies | None:
    """When a field of a form must be looked at; None where it always must."""
    if block.table == "scores":
        return indicator_applies(layout, line.key)
    return fact_applies(layout, field_id(block, line.key, key)[1]) if block.table == "facts" else None


def indicator_applies(layout: Layout, code: str) -> Applies | None:
    """When an indicator applies; None where it always does."""
    indicator = layout.scheme.indicator_by_code[code]
    if indicator.always:
        return None
    formula = applies_formula(indicator, layout.category, self_cell(layout, code))
    return Applies(formula, lambda live: code in live.applying) if formula else None


def where_not_applying(indicator: Indicator) -> str:
    """What stands for the score of an indicator that does not apply, in a formula."""
    if full_where_not_applying(indicator):
        return plain(score_where_not_applying(indicator))
    return literal(NOT_APPLICABLE)


def indicator_waits(layout: Layout, code: str) -> Applies | None:
    """When an indicator waits for the bureau; None where it never does."""
    scheme = layout.scheme
    if code not in scheme.pendable:
        return None

    def due(key: str) -> str:
        applies = fact_applies(layout, key)
        return applies.formula if applies else ""

    formula = pending_formula(scheme, scheme.indicator_by_code[code], layout, due)
    return Applies(formula, lambda live: code in live.pending) if formula else None


def fact_applies(layout: Layout, key: str) -> Applies | None:
    """When a fact must be filled; None where it always must."""
    if not layout.scheme.restricted:
        return None
    formula = fact_applies_formula(layout.scheme, key, layout.category, lambda code: self_cell(layout, code))
    return Applies(formula, lambda live: live.fact_applies(key)) if formula else None


def self_cell(layout: Layout, code: str) -> str:
    """Where the self score of an indicator stands."""
    return layout.places["scores", code, "self"].ref
