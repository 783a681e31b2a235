"""What a workbook's formulas come to, in exact decimals, so that each is written with its value.

Programs that show a workbook without calculating show these values; reading a returned one never trusts them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import ZERO, half_up
from perfxl.layout import Layout
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.inputs import inputs_of, kpi_rows
from perfxl.outcome import (
    NOT_APPLICABLE,
    WAITING,
    accepted,
    applying,
    fact_applies,
    full_where_not_applying,
    left_out,
    limits_that_hold,
    pending,
    score_where_not_applying,
    score_while_pending,
)
from perfxl.rules.base import Inputs, KpiRow, equal_shares
from perfxl.scheme.model import BY_COMPUTED, Indicator

Value = Decimal | str
Shown = Decimal | int | str | None
"""What a formula gives; None and an empty text show nothing."""


@dataclass(frozen=True)
class KpiLive:
    """The formulas of one KPI row. completion: 1 = 100%, not rounded. counted: what counts of the score."""

    completion: Decimal | None
    weight: Decimal | None
    score: Decimal | None
    counted: Decimal | None


class Live:
    """The values of one workbook and what is computed from them. Fields are named by the keys in their rows."""

    def __init__(
        self, layout: Layout, values: Mapping[FieldId, Value], keyed: Mapping[FieldId, FieldId] | None = None
    ) -> None:
        """keyed: the fields by the keys in their rows, where that is known."""
        self.layout = layout
        self.scheme = layout.scheme
        self._by_ordinal = values
        if keyed is None:
            keyed = {field: layout.keyed(field) for field in values}
        self._values = {keyed[field]: value for field, value in values.items() if value or isinstance(value, Decimal)}
        # Asked a thousand times a workbook.
        self.value: Callable[[FieldId], Value | None] = self._values.get
        """What is written in a field, None where nothing is."""
        self.blank_self = self.scheme.options.blank_self == BY_COMPUTED

    @cached_property
    def rows(self) -> frozenset[tuple[str, str]]:
        """The rows in which anything is written, by table and key."""
        return frozenset((table, key) for table, key, _ in self._values)

    def number(self, field: FieldId) -> Decimal | None:
        """The number in a field, None where it is blank or a text."""
        value = self._values.get(field)
        return value if isinstance(value, Decimal) else None

    def fact(self, key: str) -> Decimal | None:
        """The number of a fact as it is written, None where it is blank or a text."""
        return self.number(("facts", key, VALUE))

    def derived(self, key: str) -> Decimal | None:
        """What a derived fact comes to, None where that cannot be told."""
        return self.scheme.definitions[key].value(self.inputs)

    @cached_property
    def inputs(self) -> Inputs:
        """What the rules take."""
        return inputs_of(self.scheme, self._by_ordinal)

    # What applies.

    @cached_property
    def category(self) -> str:
        """The department's category, empty where it is blank."""
        return str(self.value(("identity", "department.category", VALUE)) or "")

    @cached_property
    def applying(self) -> frozenset[str]:
        """Codes of the indicators that apply."""
        declared = [
            item.code
            for item in self.scheme.indicators
            if item.declared and self.value(("scores", item.code, "self")) == NOT_APPLICABLE
        ]
        return applying(self.scheme, self.category, declared)

    def fact_applies(self, key: str) -> bool:
        """Whether a fact must be filled."""
        return fact_applies(self.scheme, key, self.category, self.applying)

    @cached_property
    def pending(self) -> frozenset[str]:
        """Codes of the indicators that wait for the bureau."""
        return pending(self.scheme, self._lacks, self._kpi_rows.values(), self.applying)

    def _lacks(self, key: str) -> bool:
        return self.value(("facts", key, VALUE)) is None and self.fact_applies(key)

    @cached_property
    def outside(self) -> frozenset[str]:
        """Codes of the indicators that wait and are left out of the points meanwhile."""
        return self.pending if left_out(self.scheme) else frozenset()

    @cached_property
    def limits(self) -> tuple[int, ...]:
        """The caps and vetoes that hold."""
        return limits_that_hold(self.scheme, self.inputs) if self.scheme.limits else ()

    # KPI rows.

    @cached_property
    def kpis(self) -> dict[int, KpiLive]:
        """The formulas of the KPI rows that hold anything, by ordinal."""
        weights: dict[int, Decimal | None] = {}
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

    def _weights(self, indicator: Indicator) -> dict[int, Decimal | None]:
        rows = self.kpi_ordinals(indicator)
        # A text in a weight cell is no number, yet the cell is not blank: no equal weights then, as in the sheet.
        if all(self._by_ordinal.get(("kpis", str(row), "weight")) in (None, "") for row in rows):
            return dict(zip(rows, equal_shares(indicator.points, len(rows)), strict=True)) if rows else {}
        return {row: self._kpi_rows[row].weight for row in rows}

    def _kpi(self, row: KpiRow, weight: Decimal | None) -> KpiLive:
        result = self.inputs.method.score(row, weight)
        return KpiLive(result.completion, weight, result.score, result.counted)

    @cached_property
    def kpi_sums(self) -> dict[str, Decimal | None]:
        """The computed score of each indicator that counts KPI rows, None where its formula shows nothing."""
        return {item.code: self._kpi_sum(item, "score") for item in self.layout.kpi_indicators}

    @cached_property
    def kpi_counted(self) -> dict[str, Decimal | None]:
        """What counts of the rows of each indicator that counts KPI rows, None as above."""
        return {item.code: self._kpi_sum(item, "counted") for item in self.layout.kpi_indicators}

    def _kpi_sum(self, indicator: Indicator, part: str) -> Decimal | None:
        scores = [getattr(self.kpis[ordinal], part) for ordinal in self.kpi_ordinals(indicator)]
        known = [score for score in scores if score is not None and score >= 0]
        return indicator.rule.kpi_total(indicator.points, known) if scores and len(known) == len(scores) else None

    def kpi_self_total(self, indicator: Indicator) -> Decimal | None:
        """The sum of the self scores of an indicator's KPI rows, None where one of them has none."""
        rows = self.kpi_ordinals(indicator)
        given = [self.number(self.layout.keyed(("kpis", str(row), "self_score"))) for row in rows]
        known = [score for score in given if score is not None and score >= 0]
        return sum(known, ZERO) if rows and len(known) == len(rows) else None

    # Scores.

    @cached_property
    def computed(self) -> dict[str, Decimal | None]:
        """The computed score of each indicator, None where its formula shows no number."""
        return {indicator.code: self._computed(indicator) for indicator in self.scheme.indicators}

    def _computed(self, indicator: Indicator) -> Decimal | None:
        if indicator.code not in self.applying:
            return score_where_not_applying(indicator) if full_where_not_applying(indicator) else None
        if indicator.code in self.pending:
            return None
        if indicator.rule.kpi_levels:
            return self.kpi_sums[indicator.code]
        return indicator.rule.score(indicator.points, self.inputs).score

    def self_score(self, code: str) -> Decimal | None:
        """The self score of an indicator."""
        return self.number(("scores", code, "self"))

    def difference(self, code: str) -> Decimal | None:
        """Self score less computed score, two places."""
        given, computed = self.self_score(code), self.computed[code]
        known = given is not None and computed is not None and code in self.applying
        return half_up(given - computed) if known else None  # type: ignore[operator]

    @cached_property
    def accepted(self) -> dict[str, Decimal | None]:
        """The accepted score of each indicator, None where its formula shows no number."""
        return {indicator.code: self._accepted(indicator) for indicator in self.scheme.indicators}

    def _accepted(self, indicator: Indicator) -> Decimal | None:
        code = indicator.code
        if code not in self.applying:
            return score_where_not_applying(indicator) if full_where_not_applying(indicator) else None
        if code in self.pending:
            return None if code in self.outside else score_while_pending(self.scheme, indicator)
        return accepted(
            indicator,
            self.self_score(code),
            self.computed[code],
            counted=self.kpi_counted.get(code),
            # A text is no number, yet the cell is not blank.
            blank_self=self.blank_self and self.value(("scores", code, "self")) is None,
        )

    @cached_property
    def own(self) -> dict[str, Decimal | None]:
        """What the department gives itself for each indicator, None where that is no number."""
        return {indicator.code: self._own(indicator) for indicator in self.scheme.indicators}

    def _own(self, indicator: Indicator) -> Decimal | None:
        code = indicator.code
        if code not in self.applying:
            return score_where_not_applying(indicator) if full_where_not_applying(indicator) else None
        if code in self.outside:
            return None
        given = self.self_score(code)
        return self.accepted[code] if given is None and self.blank_self else given

    def shown(self, code: str, number: Decimal | None, *, computed: bool = False) -> Shown:
        """A score as its formula shows it. computed: whether it is the computed one, which waits in any case."""
        if number is None and code in (self.pending if computed else self.outside):
            return WAITING
        return NOT_APPLICABLE if number is None and code not in self.applying else number
