"""What stands in a scheme (评分方案): its tables (`records`) and switches, once they were checked.

Shares and rates are numbers (0.1 = 10%), money is in 万元.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from perfxl.scheme.evaluated import Evaluated
from perfxl.scheme.funds import FundsColumn, FundsRow
from perfxl.scheme.records import (
    Cap,
    Category,
    Derived,
    Fact,
    Grade,
    Indicator,
    KpiLevel,
    Level,
    Narrative,
    Quota,
    ReviewReason,
    Share,
    Symbol,
    TableColumn,
)
from perfxl.scheme.stage_records import Stage, StageField, StageRow
from perfxl.scheme.switches import Header, Options, Thresholds


@dataclass(frozen=True)
class SchemeContents:
    """The tables of a scheme that holds.

    written: texts with placeholders as they stand in the file, by table, column and the text that they come to.
    notices: what the check noticed and does not refuse. Neither makes two schemes different. stage, period: of a scheme
    that `scheme_at` derived; annual: from which one, None for that of the whole year.
    """

    header: Header
    options: Options
    thresholds: Thresholds
    categories: tuple[Category, ...]
    levels: tuple[Level, ...]
    indicators: tuple[Indicator, ...]
    funds: tuple[FundsRow, ...]
    facts: tuple[Fact, ...]
    kpi_levels: tuple[KpiLevel, ...]
    columns: tuple[TableColumn, ...]
    symbols: tuple[Symbol, ...]
    shares: tuple[Share, ...]
    grades: tuple[Grade, ...]
    caps: tuple[Cap, ...]
    narrative: tuple[Narrative, ...]
    evaluated: Evaluated = field(default_factory=Evaluated)
    fund_columns: tuple[FundsColumn, ...] = ()
    derived: tuple[Derived, ...] = ()
    quotas: tuple[Quota, ...] = ()
    review_reasons: tuple[ReviewReason, ...] = ()
    stages: tuple[StageRow, ...] = ()
    stage_fields: tuple[StageField, ...] = ()
    stage: Stage = Stage.SELF_REVIEW
    period: str = ""
    annual: SchemeContents | None = field(default=None, compare=False, repr=False)
    written: Mapping[tuple[str, str, str], str] = field(default_factory=dict, compare=False, repr=False)
    notices: Sequence[str] = field(default=(), compare=False, repr=False)

    def __hash__(self) -> int:
        """By what names it: caches ask often, and its contents are large."""
        return hash(self.header)

    @property
    def id(self) -> str:
        """The scheme's code, `guangzhou-2022`."""
        return self.header.id

    @property
    def year(self) -> int:
        """The year that is scored."""
        return self.header.year

    @property
    def asks_scores(self) -> bool:
        """Whether departments score themselves at this stage."""
        return self.stage is Stage.SELF_REVIEW

    @cached_property
    def limits(self) -> tuple[Cap, ...]:
        """The caps and vetoes in force."""
        return self.caps if self.options.caps_on else ()
