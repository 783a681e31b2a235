"""What a scheme (评分方案) is: its tables (`contents`), its facts (`facts`), and what follows from them here.

Shares and rates are numbers (0.1 = 10%), money is in 万元.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import ZERO
from perfxl.rules.kpi_method import Band, KpiMethod
from perfxl.scheme.evaluated import Evaluated
from perfxl.scheme.facts import SchemeFacts
from perfxl.scheme.records import (
    BASE,
    BONUS,
    BY_BUREAU,
    BY_DEPARTMENT,
    FACT_TYPE_WORDS,
    FACT_TYPES,
    FULL_MARKS,
    NATURES,
    NOT_RETURNED,
    ON_TIME,
    PENALTY,
    SCALED,
    SOURCES,
    TABLE_COLUMNS,
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
    RuleSetting,
    Share,
    Symbol,
    TableColumn,
)
from perfxl.scheme.stage_records import Stage, StageField, StageRow
from perfxl.scheme.switches import (
    BY_COMPUTED,
    FULL_POINTS,
    LEFT_OUT,
    NO_POINTS,
    REQUIRED,
    Header,
    Options,
    Thresholds,
)

__all__ = [
    "BASE",
    "BONUS",
    "BY_BUREAU",
    "BY_COMPUTED",
    "BY_DEPARTMENT",
    "FACT_TYPES",
    "FACT_TYPE_WORDS",
    "FULL_MARKS",
    "FULL_POINTS",
    "LEFT_OUT",
    "NATURES",
    "NOT_RETURNED",
    "NO_POINTS",
    "ON_TIME",
    "PENALTY",
    "REQUIRED",
    "SCALED",
    "SOURCES",
    "Cap",
    "Category",
    "Derived",
    "Evaluated",
    "Fact",
    "Grade",
    "Header",
    "Indicator",
    "KpiLevel",
    "Level",
    "Narrative",
    "Options",
    "Quota",
    "ReviewReason",
    "RuleSetting",
    "Scheme",
    "Share",
    "Stage",
    "StageField",
    "StageRow",
    "Symbol",
    "TableColumn",
    "Thresholds",
]


class Scheme(SchemeFacts):
    """A scheme that holds: everything that is scored in a year, and how."""

    annual: Scheme | None

    # Indicators, and how KPIs are scored.

    @cached_property
    def indicator_by_code(self) -> Mapping[str, Indicator]:
        """The third-level indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def kpi_indicators(self) -> tuple[Indicator, ...]:
        """The indicators whose rules count KPI rows, in the order of the scheme."""
        return tuple(indicator for indicator in self.indicators if indicator.rule.kpi_levels)

    @cached_property
    def kpi_indicator(self) -> Mapping[str, Indicator]:
        """The indicator that a KPI's first level counts for, by first level."""
        return {level: indicator for indicator in self.kpi_indicators for level in indicator.rule.kpi_levels}

    @cached_property
    def kpi_method(self) -> KpiMethod:
        """How one KPI row is scored under this scheme."""
        options = self.options
        return KpiMethod(
            symbols={symbol.symbol: symbol.direction for symbol in self.symbols},
            shares={share.label: Band(share.lowest, share.share) for share in self.shares},
            floor=options.floor if options.floor_on else None,
            penalty_from=options.penalty_from if options.penalty_on else None,
            penalty=options.penalty,
            negative=options.negative_targets,
        )

    # What the bureau itself supplies.

    @cached_property
    def bureau_facts(self) -> Mapping[str, Fact]:
        """The plain facts that the bureau supplies and departments do not fill, by key, in template order."""
        return {key: fact for key, fact in self.fact_by_key.items() if fact.source == BY_BUREAU}

    @cached_property
    def bureau_targets(self) -> bool:
        """Whether the bureau supplies the KPI targets (年度指标值)."""
        return any(column.key == "target" and column.source == BY_BUREAU for column in self.table_columns("kpis"))

    @cached_property
    def pendable(self) -> frozenset[str]:
        """Codes of the indicators that wait (待核定) as long as the bureau has not given what they hang on."""
        return frozenset(
            item.code
            for item in self.indicators
            if any(key in self.bureau_facts for key in self.facts_of[item.code])
            or (self.bureau_targets and item.rule.kpi_levels)
        )

    @cached_property
    def has_kpis(self) -> bool:
        """Whether the template has a KPI table."""
        return any(column.table == "kpis" for column in self.columns)

    @cached_property
    def has_tasks(self) -> bool:
        """Whether the template has a table of key tasks."""
        return any(column.table == "tasks" for column in self.columns)

    def table_columns(self, table: str) -> tuple[TableColumn, ...]:
        """The columns of `kpis` or `tasks`, in the order of the template."""
        return tuple(spec for spec in self.columns if spec.table == table)

    @cached_property
    def own_kpi_columns(self) -> tuple[TableColumn, ...]:
        """Columns of the KPI table that are the scheme's own: filled and shown, and nothing is computed of them."""
        return tuple(column for column in self.table_columns("kpis") if column.key not in TABLE_COLUMNS["kpis"])

    @cached_property
    def own_task_columns(self) -> tuple[TableColumn, ...]:
        """Columns of the table of tasks that a stage of the year has beside those of the self-review."""
        return tuple(column for column in self.table_columns("tasks") if column.key not in TABLE_COLUMNS["tasks"])

    # Levels, and to whom indicators apply.

    @property
    def first_levels(self) -> tuple[Level, ...]:
        """The first-level indicators."""
        return tuple(level for level in self.levels if not level.parent)

    @property
    def second_levels(self) -> tuple[Level, ...]:
        """The second-level indicators, in the order of the scheme."""
        return tuple(level for level in self.levels if level.parent)

    @cached_property
    def base_levels(self) -> tuple[Level, ...]:
        """The second-level indicators that make up the hundred."""
        return tuple(level for level in self.second_levels if self.nature_of(level.parent) == BASE)

    def nature_of(self, level1: str) -> str:
        """What the points of a first-level indicator do."""
        return next((level.nature for level in self.levels if level.name == level1 and not level.parent), BASE)

    def nature_indicators(self, nature: str) -> tuple[Indicator, ...]:
        """The indicators of that nature, in the order of the scheme."""
        return tuple(item for item in self.indicators if item.nature == nature)

    @cached_property
    def full_points(self) -> Decimal:
        """The points of all indicators that make up the total, without those outside it."""
        return sum((item.points for item in self.nature_indicators(BASE)), ZERO)

    @cached_property
    def restricted(self) -> bool:
        """Whether any indicator or fact may not apply to a department, or be left out of the points meanwhile."""
        return (
            any(not item.always for item in self.indicators)
            or any(fact.categories for fact in self.facts)
            or any(map(self.waits_outside, self.indicators))
        )

    @cached_property
    def scaled(self) -> bool:
        """Whether totals may have to be scaled up because an indicator does not apply."""
        return any(not item.always and item.na == SCALED and item.nature == BASE for item in self.indicators) or any(
            self.waits_outside(item) for item in self.nature_indicators(BASE)
        )

    def waits_outside(self, indicator: Indicator) -> bool:
        """Whether an indicator may have to wait for the bureau and is then left out of the points."""
        return self.options.pending == LEFT_OUT and indicator.code in self.pendable

    # Grades.

    @cached_property
    def _bands(self) -> Mapping[str, tuple[Grade, ...]]:
        chosen = "五档" if self.options.five_grades else "四档"
        bands: dict[str, list[Grade]] = {"": []}
        for grade in self.grades:
            if grade.set == chosen:
                bands.setdefault(grade.category, []).append(grade)
        return {category: tuple(sorted(own, key=lambda g: -g.floor)) for category, own in bands.items()}

    @property
    def grade_bands(self) -> tuple[Grade, ...]:
        """The grades in force, highest first, for categories without grades of their own."""
        return self._bands[""] or next(iter(self._bands.values()))

    def bands_of(self, category: str) -> tuple[Grade, ...]:
        """The grades in force for a category, highest first."""
        return self._bands.get(category) or self.grade_bands

    @cached_property
    def own_bands(self) -> Mapping[str, tuple[Grade, ...]]:
        """The categories that have grades of their own, with these."""
        return {category: bands for category, bands in self._bands.items() if category and bands}

    @property
    def has_category_grades(self) -> bool:
        """Whether a category has grades of its own."""
        return bool(self.own_bands)
