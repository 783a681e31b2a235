"""What a workbook's formulas come to, in exact decimals, so that each is written with its value.

Programs that show a workbook without calculating show these values; reading a returned one never trusts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import CENT, ZERO, half_up
from perfxl.layout import Layout
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.inputs import inputs_of, kpi_rows
from perfxl.outcome import accepted, capped
from perfxl.rules.base import Inputs, KpiRow
from perfxl.rules.kpi_method import Weight
from perfxl.scheme.model import Indicator
from perfxl.template.expressions import column_sum_value

Value = Decimal | str
Shown = Decimal | int | str | None
"""What a formula gives; None and an empty text show nothing."""


@dataclass(frozen=True)
class KpiLive:
    """The formulas of one KPI row. completion: 1 = 100%, not rounded."""

    completion: Decimal | None
    weight: Decimal | None
    score: Decimal | None


class Live:
    """The values of one workbook and what is computed from them. Fields are named by the keys in their rows."""

    def __init__(self, layout: Layout, values: Mapping[FieldId, Value]) -> None:
        self.layout = layout
        self.scheme = layout.scheme
        self._by_ordinal = values
        self._values = {layout.keyed(field): value for field, value in values.items() if value != ""}

    def value(self, field: FieldId) -> Value | None:
        """What is written in a field, None where nothing is."""
        return self._values.get(field)

    def number(self, field: FieldId) -> Decimal | None:
        """The number in a field, None where it is blank or a text."""
        value = self._values.get(field)
        return value if isinstance(value, Decimal) else None

    def fact(self, key: str) -> Decimal | None:
        """The number of a fact, None where it is blank or a text."""
        return self.number(("facts", key, VALUE))

    def facts(self, *keys: str) -> list[Decimal] | None:
        """The numbers of facts, None where one of them has none."""
        known = [number for key in keys if (number := self.fact(key)) is not None]
        return known if len(known) == len(keys) else None

    @cached_property
    def inputs(self) -> Inputs:
        """What the rules take."""
        return inputs_of(self.scheme, self._by_ordinal)

    @cached_property
    def kpis(self) -> dict[int, KpiLive]:
        """The formulas of the KPI rows that hold anything, by ordinal."""
        weights: dict[int, Weight | None] = {}
        for indicator in self.layout.kpi_indicators:
            weights |= self._weights(indicator)
        return {ordinal: self._kpi(row, weights.get(ordinal)) for ordinal, row in self._kpi_rows.items()}

    @cached_property
    def _kpi_rows(self) -> dict[int, KpiRow]:
        return kpi_rows(self._by_ordinal)

    def kpi_ordinals(self, indicator: Indicator) -> list[int]:
        """The KPI rows that count for an indicator."""
        levels = indicator.rule.kpi_levels
        return [ordinal for ordinal, row in self._kpi_rows.items() if row.level1 in levels]

    def _weights(self, indicator: Indicator) -> dict[int, Weight | None]:
        rows = self.kpi_ordinals(indicator)
        # A text in a weight cell is no number, yet the cell is not blank: no equal weights then, as in the sheet.
        if all(self._by_ordinal.get(("kpis", str(row), "weight")) in (None, "") for row in rows):
            return dict.fromkeys(rows, Weight(indicator.points, Decimal(len(rows)))) if rows else {}
        given = {row: self._kpi_rows[row].weight for row in rows}
        return {row: None if weight is None else Weight(weight) for row, weight in given.items()}

    def _kpi(self, row: KpiRow, weight: Weight | None) -> KpiLive:
        result = self.inputs.method.score(row, weight)
        return KpiLive(result.completion, weight.value if weight else None, result.score)

    @cached_property
    def computed(self) -> dict[str, Decimal | None]:
        """The computed score of each indicator, None where its formula shows nothing."""
        return {indicator.code: self._computed(indicator) for indicator in self.scheme.indicators}

    def _computed(self, indicator: Indicator) -> Decimal | None:
        if not indicator.rule.kpi_levels:
            return indicator.rule.score(indicator.points, self.inputs).score
        scores = [self.kpis[ordinal].score for ordinal in self.kpi_ordinals(indicator)]
        known = [score for score in scores if score is not None and score >= 0]
        return indicator.rule.kpi_total(indicator.points, known) if scores and len(known) == len(scores) else None

    def kpi_self_total(self, indicator: Indicator) -> Decimal | None:
        """The sum of the self scores of an indicator's KPI rows, None where one of them has none."""
        rows = self.kpi_ordinals(indicator)
        given = [self.number(self.layout.keyed(("kpis", str(row), "self_score"))) for row in rows]
        known = [score for score in given if score is not None and score >= 0]
        return sum(known, ZERO) if rows and len(known) == len(rows) else None

    def self_score(self, code: str) -> Decimal | None:
        """The self score of an indicator."""
        return self.number(("scores", code, "self"))

    def difference(self, code: str) -> Decimal | None:
        """Self score less computed score, two places."""
        given, computed = self.self_score(code), self.computed[code]
        return None if given is None or computed is None else half_up(given - computed)

    @cached_property
    def accepted(self) -> dict[str, Decimal | None]:
        """The accepted score of each indicator, None where its formula shows nothing."""
        return {
            indicator.code: accepted(indicator, self.self_score(indicator.code), self.computed[indicator.code])
            for indicator in self.scheme.indicators
        }

    @cached_property
    def totals(self) -> dict[str, Decimal | None]:
        """Totals, two places: `computed`, `self`, `lower` of the accepted scores, `accepted` the same under the cap."""
        codes = [indicator.code for indicator in self.scheme.indicators]
        lower = column_sum_value((self.accepted[code] for code in codes), CENT)
        return {
            "computed": column_sum_value((self.computed[code] for code in codes), CENT),
            "self": column_sum_value((self.self_score(code) for code in codes), CENT),
            "lower": lower,
            "accepted": None
            if lower is None
            else capped(lower, self.scheme.spending_rate.value(self.inputs.number), self.scheme),
        }
