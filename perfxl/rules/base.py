"""What a rule kind is: settings from the scheme, and three views of one calculation.

`score` is the exact number, `formula` the same as an Excel expression for the template's live
scoring, `explain` the sentence that shows the numbers put in. All three treat a missing input
alike: the indicator then has no score and counts as 0 in a provisional total
(scoring-scheme.md, "What a reviewer of the bureau looks for").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar, Literal

from perfxl.decimals import ZERO, divide, half_up, half_up_fraction, plain, two_places
from perfxl.rules.inputs import Inputs
from perfxl.rules.kpi_method import FactValue, KpiMethod, KpiRow, KpiScore
from perfxl.rules.quotient import Quotient, Refs, numbers_given, sum_of, unsigned

__all__ = ["Computed", "FactValue", "Inputs", "KpiMethod", "KpiRow", "Refs", "Rule", "SettingSpec", "setting"]

SettingKind = Literal["facts", "fact", "number", "choice", "fact_points", "number_points", "texts"]
NUMBERS = ("money", "count", "number", "percent")
"""Types of the facts that are numbers."""


@dataclass(frozen=True)
class SettingSpec:
    """One setting of a rule kind: how the scheme workbook names it and what may stand there.

    kind: `facts` one or more fact keys, their values are summed; `fact` one of them; `number` one number; `choice` one
    of `choices` or blank; `texts` one or more words; `fact_points` rows of a fact key with points; `number_points` rows
    of a bound with points. aliases: other names by which older schemes call it. rate: whether its number is of the same
    kind as what is scored, so that it is a percentage where that is a rate.
    """

    label: str
    kind: SettingKind
    note: str
    choices: tuple[str, ...] = ()
    fact_types: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    rate: bool = False


def setting(
    label: str,
    kind: SettingKind,
    note: str,
    *,
    choices: tuple[str, ...] = (),
    fact_types: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    rate: bool = False,
    **default: Any,
) -> Any:
    """A dataclass field of a rule that the scheme fills; without a default it is required."""
    spec = SettingSpec(label, kind, note, choices, fact_types, aliases, rate)
    return field(metadata={"setting": spec}, **default)


@dataclass(frozen=True, slots=True)
class Computed:
    """The computed score, two places, never below 0 or above the points; None where it cannot be computed.

    `missing` are the keys of the inputs that are missing.
    """

    score: Decimal | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule kind with its settings. Subclasses set `kind` and `title` and are registered by `kind`.

    former: names that older schemes have for the kind.
    """

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    computable: ClassVar[bool] = True
    former: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[dict[str, type[Rule]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.kind:
            Rule.kinds[cls.kind] = cls

    @classmethod
    def settings(cls) -> dict[str, SettingSpec]:
        """The settings by name, in the order of the class."""
        return {f.name: f.metadata["setting"] for f in fields(cls) if "setting" in f.metadata}

    @classmethod
    def required_settings(cls) -> tuple[str, ...]:
        """Names of the settings that the scheme must give."""
        return tuple(f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING)

    def facts(self) -> tuple[str, ...]:
        """Keys of all facts that the rule needs."""
        return self._facts

    @cached_property
    def _facts(self) -> tuple[str, ...]:
        keys: list[str] = []
        for name, spec in self.settings().items():
            value = getattr(self, name)
            if spec.kind == "facts":
                keys.extend(map(unsigned, value))
            elif spec.kind == "fact" and value:
                keys.append(value)
            elif spec.kind == "fact_points":
                keys.extend(key for key, _ in value)
        return tuple(dict.fromkeys(keys))

    # What a kind can do beside its score. Whoever asks takes it from here and never asks for the kind.

    @property
    def quotient(self) -> Quotient | None:
        """The rate that is scored, None where the rule scores no facts over facts."""
        return None

    @property
    def full_at_zero(self) -> bool:
        """Whether a denominator of 0 (nothing was due, nothing was missed) gives full marks."""
        return False

    @property
    def zero_whole(self) -> tuple[str, ...]:
        """The facts whose sum of 0 leaves nothing to compute and gives no points; none where that cannot be."""
        return () if self.quotient is None or self.full_at_zero else self.quotient.denominator

    @property
    def kpi_levels(self) -> tuple[str, ...]:
        """The first levels of the KPI rows that are counted, none where the rule counts no KPI rows."""
        return ()

    def kpi_rows(self, inputs: Inputs) -> list[KpiRow]:
        """The KPI rows that count here."""
        levels = self.kpi_levels
        return [kpi for kpi in inputs.kpis if kpi.level1 in levels]

    def kpi_weights(self, points: Decimal, rows: Sequence[KpiRow]) -> list[Decimal | None]:
        """The weight of each row; None where it is blank beside others that are not.

        All blank: the points are shared out to the cent, cumulatively in the order of the rows, so that the shares add
        to the points (scoring-scheme.md, "One KPI's score").
        """
        if any(kpi.weight is not None for kpi in rows):
            return [kpi.weight for kpi in rows]
        return list(equal_shares(points, len(rows)))

    def kpi_scores(self, points: Decimal, inputs: Inputs) -> Sequence[KpiScore]:
        """Score of each row that counts here, in the order of `kpi_rows`."""
        known = self.kpi_levels, points
        if known not in inputs.memo:
            rows = self.kpi_rows(inputs)
            weights = self.kpi_weights(points, rows)
            inputs.memo[known] = [inputs.method.score(*row) for row in zip(rows, weights, strict=True)]
        scores: Sequence[KpiScore] = inputs.memo[known]
        return scores

    def kpi_counted(self, points: Decimal, inputs: Inputs) -> Decimal | None:
        """What counts of the rows together: of each the lower of self score and computed score (就低).

        None where the rule counts no rows, or one of them cannot be scored.
        """
        if not self.kpi_levels:
            return None
        counted = [score.counted for score in self.kpi_scores(points, inputs)]
        known = [score for score in counted if score is not None]
        return self.kpi_total(points, known) if counted and len(known) == len(counted) else None

    def kpi_total(self, points: Decimal, scores: Sequence[Decimal]) -> Decimal:
        """The computed score of a rule that counts KPI rows, from the scores of all of them."""
        raise NotImplementedError

    def kpi_sum_formula(self, points: Decimal, refs: Refs, column: str) -> str:
        """The sum over the rows of `kpi_levels` of a column of the KPI table (computed, counted), at most the points.

        An Excel expression; an empty text where a row has no number there, or there is none.
        """
        raise NotImplementedError

    def kpi_weight_formula(self, points: Decimal, refs: Refs, weight: str, above: str) -> str:
        """The weight that counts for a row of `kpi_levels`, as an Excel expression over its own cell `weight`.

        above: the first levels from the first row of the table to the row itself.
        """
        level, weights = refs.kpi("level1"), refs.kpi("weight")
        rows, place = ("+".join(f'COUNTIF({where},"{name}")' for name in self.kpi_levels) for where in (level, above))
        given = "+".join(f'COUNTIFS({level},"{name}",{weights},"<>")' for name in self.kpi_levels)
        upto, before = (f"ROUND(ROUND({plain(points)}*({place}{less})/({rows}),9),2)" for less in ("", "-1"))
        return f'IF(({given})=0,ROUND({upto}-{before},2),IF(ISNUMBER({weight}),{weight},""))'

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        """What is wrong with the settings for an indicator of these points: (setting name, what) each."""
        return []

    def score(self, points: Decimal, inputs: Inputs) -> Computed:
        """The exact computed score."""
        lacking = inputs.missing(self.facts())
        if lacking:
            return Computed(None, lacking)
        return Computed(bounded(self.exact(points, inputs), points))

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal | Fraction:
        """The score before rounding and bounds; called only where every fact has its value."""
        raise NotImplementedError

    def formula(self, points: Decimal, refs: Refs) -> str:
        """The score as an Excel expression without the leading `=`; an empty text where an input is missing."""
        keys = self.facts()
        expression = rounded(self.expression(points, refs), points)
        if not keys:
            return expression
        return f'IF({self.complete(refs)},{expression},"")'

    def complete(self, refs: Refs) -> str:
        """An Excel condition: every input of the rule has a value that can be used."""
        return numbers_given(refs, self.facts())

    def expression(self, points: Decimal, refs: Refs) -> str:
        """`exact` as an Excel expression."""
        raise NotImplementedError

    def explain(self, points: Decimal, inputs: Inputs, outcome: Computed | None = None) -> str:
        """One Chinese sentence that shows how the score comes from the numbers. outcome: of `score`, where known."""
        outcome = outcome or self.score(points, inputs)
        if outcome.score is None:
            return "缺少" + "、".join(inputs.label(key) for key in outcome.missing) + "，按 0 分计"
        return f"{self.working(points, inputs)} = {two_places(outcome.score)}"

    def working(self, points: Decimal, inputs: Inputs) -> str:
        """The calculation without its result, `639.15 ÷ 642.40 × 10`."""
        raise NotImplementedError


def equal_shares(points: Decimal, count: int) -> list[Decimal]:
    """The points in so many shares that add to them, each to the cent: share k ends at points × k ÷ count."""
    ends = [half_up(divide(points * number, Decimal(count))) for number in range(count + 1)] if count else []
    return [end - before for before, end in pairwise(ends)]


def bounded(exact: Decimal | Fraction, points: Decimal) -> Decimal:
    """A score rounded half up to two places, between 0 and the points."""
    if isinstance(exact, Fraction):
        # Points have two places, so that it is all the same whether the bounds come before the rounding or behind.
        exact = half_up_fraction(exact)
    return half_up(min(max(exact, ZERO), points))


def rounded(expression: str, points: Decimal) -> str:
    """`bounded` as an Excel expression.

    The inner ROUND takes away the noise of binary floats, so that exact halves round up as in Decimal.
    """
    return f"ROUND(ROUND(MIN(MAX({expression},0),{plain(points)}),9),2)"


def summed(refs: Refs, keys: Sequence[str]) -> str:
    """An Excel expression for the sum of facts."""
    return sum_of(refs, keys)
