"""What a scheme (评分方案) is: its tables (`records`), and what follows from them.

Shares and rates are numbers (0.1 = 10%), money is in 万元.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import ZERO, amount, plain
from perfxl.rules.kpi_method import Band, KpiMethod
from perfxl.rules.quotient import Quotient, plain_keys
from perfxl.scheme.evaluated import Evaluated
from perfxl.scheme.funds import ADJUSTED, SPENT, STANDARD_COLUMNS, FundsColumn, FundsRow, FundsTable
from perfxl.scheme.records import (
    BASE,
    BONUS,
    BY_BUREAU,
    BY_DEPARTMENT,
    FACT_TYPE_WORDS,
    FACT_TYPES,
    FULL_MARKS,
    LAST_YEAR_RECTIFIED,
    NATURES,
    NOT_RETURNED,
    ON_TIME,
    PENALTY,
    SCALED,
    SOURCES,
    TABLE_COLUMNS,
    UNITS,
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


@dataclass(frozen=True)
class Scheme:
    """A scheme that holds: everything that is scored in a year, and how.

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
    annual: Scheme | None = field(default=None, compare=False, repr=False)
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

    # Facts.

    @cached_property
    def funds_table(self) -> FundsTable:
        """The funds table: its rows, its columns and the keys of their facts. False where there is none."""
        columns = {column.key: column.label for column in self.fund_columns}
        return FundsTable(self.funds, columns or STANDARD_COLUMNS)

    @cached_property
    def spending_rate(self) -> Quotient | None:
        """The 支出率: the derived fact that the scheme names, else what the total row spent of its adjusted budget.

        None where there is neither.
        """
        if self.evaluated.spending_rate:
            return self.definitions.get(self.evaluated.spending_rate)
        return self.funds_table.total.rate if self.funds_table.total and self.funds_table.has(ADJUSTED, SPENT) else None

    @cached_property
    def rectified(self) -> Fact | None:
        """The fact in which a department claims that last year's findings are rectified, None where there is none."""
        key = self.evaluated.rectified or LAST_YEAR_RECTIFIED
        return next((fact for fact in self.facts if fact.key == key and fact.type == "yes_no"), None)

    @cached_property
    def spending_indicator(self) -> Indicator | None:
        """The indicator that scores the spending rate, None where the scheme has none."""
        spending, named = self.spending_rate, self.evaluated.spending_rate
        if spending is None:
            return None
        for item in self.indicators:
            rate = item.rule.quotient
            if rate is None:
                continue
            if rate.numerator == (named,) or (rate.numerator, rate.denominator) == (
                spending.numerator,
                spending.denominator,
            ):
                return item
        return None

    @cached_property
    def fund_facts(self) -> tuple[Fact, ...]:
        """The funds table as facts: `funds.total.initial` and so on, in 万元."""
        whole = {column.key for column in self.fund_columns if column.source == BY_BUREAU}
        return tuple(
            Fact(
                key=row.fact(name),
                label=f"{row.label}{heading}",
                type="money",
                sheet=self.evaluated.funds_sheet,
                section=self.evaluated.funds_title,
                required=row.requires(name),
                row_label=row.label,
                column_label=heading,
                source=BY_BUREAU if name in row.bureau or name in whole else BY_DEPARTMENT,
            )
            for row in self.funds
            for name, heading in self.funds_table.columns.items()
        )

    @cached_property
    def fact_by_key(self) -> Mapping[str, Fact]:
        """All plain facts, those of the funds table included, by key."""
        return {fact.key: fact for fact in (*self.fund_facts, *self.facts)}

    @cached_property
    def derived_by_key(self) -> Mapping[str, Derived]:
        """The derived facts by key."""
        return {item.key: item for item in self.derived}

    @cached_property
    def definitions(self) -> Mapping[str, Quotient]:
        """How each derived fact is worked out, by key."""
        return {item.key: item.quotient for item in self.derived}

    @cached_property
    def fact_labels(self) -> Mapping[str, str]:
        """The label of every fact and derived fact by key."""
        plain = {key: fact.label for key, fact in self.fact_by_key.items()}
        return plain | {item.key: item.label for item in self.derived}

    @cached_property
    def money_facts(self) -> frozenset[str]:
        """Keys of the facts in 万元."""
        return frozenset(key for key, fact in self.fact_by_key.items() if fact.type == "money")

    @cached_property
    def amounts(self) -> frozenset[str]:
        """Keys of the facts and derived facts in 万元, which sentences and tables show as money."""
        return self.money_facts | {item.key for item in self.derived if item.shown_unit == UNITS["money"]}

    def in_words(self, key: str, value: Decimal | str) -> str:
        """What a fact or derived fact is, as sentences have it; of any other field, a number without more places."""
        if isinstance(value, str):
            return value
        return amount(value) if key in self.amounts else plain(value)

    @cached_property
    def percent_facts(self) -> frozenset[str]:
        """Keys of the facts that are typed in percentage points and count as rates."""
        return frozenset(key for key, fact in self.fact_by_key.items() if fact.type == "percent")

    def unit_of(self, key: str) -> str:
        """The unit that stands beside a fact or derived fact."""
        derived = self.derived_by_key.get(key)
        return self.fact_by_key[key].shown_unit if derived is None else derived.shown_unit

    def plain_facts(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The plain facts behind facts and derived facts."""
        return plain_keys(keys, self.definitions)

    @cached_property
    def _users(self) -> Mapping[str, tuple[Indicator, ...]]:
        users: dict[str, tuple[Indicator, ...]] = {}
        for item in self.indicators:
            for key in self.plain_facts(item.rule.facts()):
                users[key] = (*users.get(key, ()), item)
        return users

    def users_of(self, key: str) -> tuple[Indicator, ...]:
        """The indicators whose rules need a plain fact, be it through derived ones."""
        return self._users.get(key, ())

    @cached_property
    def always_asked(self) -> frozenset[str]:
        """The plain facts that are asked though no indicator that uses them applies: those of the funds table, of the
        spending rate and of caps and vetoes, out of which nobody gets by calling an indicator 不适用.
        """
        rate = self.spending_rate.keys() if self.spending_rate is not None else ()
        limited = [cap.fact for cap in self.limits if cap.fact]
        return frozenset((*(fact.key for fact in self.fund_facts), *self.plain_facts((*rate, *limited))))

    def zero_whole(self, indicator: Indicator) -> tuple[str, ...]:
        """The facts whose sum of 0 leaves an indicator nothing to compute and gives no points."""
        rule = indicator.rule
        if rule.full_at_zero or rule.quotient is None:
            return ()
        definition = self.definitions.get(rule.quotient.numerator[0]) if not rule.quotient.denominator else None
        return rule.zero_whole if definition is None else definition.denominator

    @cached_property
    def fact_sheets(self) -> tuple[str, ...]:
        """The sheets of the template that hold facts, in the order in which the scheme names them."""
        facts: tuple[Fact | Derived, ...] = (*self.fund_facts, *self.facts, *self.derived)
        return tuple(dict.fromkeys(item.sheet for item in facts))

    @cached_property
    def info_facts(self) -> tuple[Fact | Derived, ...]:
        """What results show beside the scores: facts that no rule uses, texts, and derived facts."""
        parts = {fact.part_of for fact in self.facts}
        shown = (fact for fact in self.facts if not self.users_of(fact.key) and fact.key not in parts)
        return (*shown, *self.derived)

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
            if any(key in self.bureau_facts for key in self.plain_facts(item.rule.facts()))
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

    @cached_property
    def limits(self) -> tuple[Cap, ...]:
        """The caps and vetoes in force."""
        return self.caps if self.options.caps_on else ()
