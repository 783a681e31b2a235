"""A scheme at a stage of the year: derived from the annual one, a scheme like any other.

Template, intake, checks and results of a stage are therefore those of every scheme. What a stage asks is what the
scheme says (`stages`, `stage_fields`, the column 阶段 of facts), else what is usual (`stage_defaults`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from perfxl.caches import cached
from perfxl.errors import UsageError
from perfxl.scheme.funds import INITIAL, STANDARD_COLUMNS, FundsColumn
from perfxl.scheme.model import (
    BY_BUREAU,
    BY_COMPUTED,
    BY_DEPARTMENT,
    Fact,
    Indicator,
    Narrative,
    Scheme,
    TableColumn,
)
from perfxl.scheme.records import Derived
from perfxl.scheme.stage_defaults import STAGE_FIELDS, STAGE_ROWS, VAGUE
from perfxl.scheme.stage_records import (
    FUNDS,
    KPIS,
    MONTHS,
    NARRATIVE,
    PERIOD,
    TASKS,
    Stage,
    StageField,
    StageRow,
    plain_period,
)

__all__ = [
    "Stage",
    "annual",
    "period_share",
    "periods_of",
    "scheme_at",
    "stage_row",
    "stage_schemes",
    "stage_title",
    "vague_words",
]

SELF_WORDS = ("绩效自评", "绩效评价", "自评", "评价")
"""What the title of the annual scheme calls its own stage."""
_IN_TITLE = {Stage.TARGETS: "目标申报", Stage.MONITORING: "运行监控"}
DEFAULT_WIDTH = 12


def annual(scheme: Scheme) -> Scheme:
    """The scheme of the whole year that one of a stage was derived from; an annual scheme itself."""
    return scheme.annual or scheme


def scored_by(scheme: Scheme) -> Scheme:
    """The scheme whose rules the scores of a stage follow: in the middle of the year they are a forecast of its end."""
    return annual(scheme) if scheme.stage is Stage.MONITORING else scheme


def stage_rows(scheme: Scheme, stage: Stage) -> tuple[StageRow, ...]:
    """The rows of a stage as the scheme has them, else the usual ones; none for 自评."""
    own = tuple(row for row in annual(scheme).stages if row.stage == stage)
    return own or tuple(row for row in STAGE_ROWS if row.stage == stage)


def periods_of(scheme: Scheme) -> tuple[str, ...]:
    """The periods that are monitored, in the order of the scheme."""
    return tuple(row.period for row in stage_rows(scheme, Stage.MONITORING))


def stage_row(scheme: Scheme, stage: Stage, period: str = "") -> StageRow:
    """The row of a stage and period. period: blank for the first one, or its number among the scheme's, for scripts
    that must be plain ASCII. Raises UsageError where there is none such.
    """
    rows = stage_rows(scheme, stage)
    wanted = plain_period(period)
    found = [row for row in rows if not wanted or plain_period(row.period) == wanted]
    if not found and wanted.isascii() and wanted.isdecimal():
        found = list(rows[int(wanted[:4]) - 1 : int(wanted[:4])] if int(wanted[:4]) else ())
    if not found:
        periods = "、".join(row.period for row in rows)
        raise UsageError(f"方案“{scheme.id}”没有监控期间“{period}”。可选：{periods}；要增加的，写在方案的“阶段”表中")
    return found[0]


def period_share(scheme: Scheme, period: str = "") -> Fraction:
    """The share of the year that has passed at the end of a period of monitoring, 7/12. Raises UsageError."""
    months = stage_row(scheme, Stage.MONITORING, period or scheme.period).months
    return Fraction(months if months is not None else Decimal(MONTHS)) / MONTHS


@cached(maxsize=32)
def scheme_at(scheme: Scheme, stage: Stage, period: str = "") -> Scheme:
    """The scheme at a stage; at 自评 the annual one itself. period: of 监控, blank for the first.

    Id, version and year are those of the annual scheme. Raises UsageError where the scheme has no such period.
    """
    whole = annual(scheme)
    if stage is Stage.SELF_REVIEW:
        return whole
    row = stage_row(whole, stage, period)
    fields = _Fields(whole, stage, row.period)
    facts = tuple(fact for fact in whole.facts if str(stage) in fact.stages)
    columns = (*fields.columns(KPIS), *fields.columns(TASKS))
    # What is planned is the department's own word.
    rows = tuple(replace(line, bureau=()) for line in whole.funds) if stage is Stage.TARGETS else whole.funds
    made = replace(
        whole,
        header=replace(
            whole.header, title=stage_title(whole, stage, row.period), results="", deadline=row.deadline,
        ),
        options=replace(whole.options, blank_self=BY_COMPUTED, caps_on=False),
        indicators=_kpi_indicators(whole),
        funds=rows,
        fund_columns=fields.fund_columns(),
        facts=_parts_kept(facts),
        derived=(),
        columns=columns,
        caps=(),
        quotas=(),
        narrative=fields.narrative(),
        evaluated=replace(whole.evaluated, spending_rate=""),
        stage=stage,
        period=row.period,
        annual=whole,
        written={},
        notices=(),
    )  # fmt: skip
    known = set(made.fact_by_key)
    kept: list[Derived] = []
    for item in whole.derived:
        # A number of facts that are all asked at this stage is shown at this stage.
        if set(item.quotient.keys()) <= known | {one.key for one in kept}:
            kept.append(item)
    rate = whole.evaluated.spending_rate
    named = rate if any(item.key == rate for item in kept) else ""
    return replace(made, derived=tuple(kept), evaluated=replace(made.evaluated, spending_rate=named))


def _kpi_indicators(scheme: Scheme) -> tuple[Indicator, ...]:
    """The indicators that KPI rows count for: their points are what weights add up to. No stage but 自评 declares."""
    return tuple(replace(item, declared=False) for item in scheme.indicators if item.rule.kpi_levels)


def _parts_kept(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts, none of them a part of one that is not asked."""
    keys = {fact.key for fact in facts}
    return tuple(fact if fact.part_of in keys else replace(fact, part_of="") for fact in facts)


def stage_title(scheme: Scheme, stage: Stage, period: str = "") -> str:
    """The title of the template of a stage: that of the scheme with the stage's name in place of 自评."""
    whole = annual(scheme)
    if stage is Stage.SELF_REVIEW:
        return whole.header.title
    row = stage_row(whole, stage, period)
    if row.title:
        return row.title.replace(PERIOD, row.period)
    title = whole.header.title
    behind = f"（{row.period}）" if row.period else ""
    for word in SELF_WORDS:
        if word in title:
            kept = "绩效" if word.startswith("绩效") else ""
            return title.replace(word, kept + _IN_TITLE[stage]) + behind
    return f"{title}绩效{_IN_TITLE[stage]}{behind}"


def vague_words(scheme: Scheme) -> tuple[str, ...]:
    """The words for which a target without a number cannot be measured."""
    own = next((row.vague for row in stage_rows(scheme, Stage.TARGETS) if row.vague), ())
    return own or VAGUE


def stage_schemes(schemes: Iterable[Scheme]) -> list[Scheme]:
    """Every stage and period of some schemes, each scheme's own year first: what a workbook may be made from."""
    found = []
    for scheme in schemes:
        found.append(annual(scheme))
        found.append(scheme_at(scheme, Stage.TARGETS))
        found += [scheme_at(scheme, Stage.MONITORING, period) for period in periods_of(scheme)]
    return found


class _Fields:
    """What a stage asks, table by table."""

    def __init__(self, scheme: Scheme, stage: Stage, period: str) -> None:
        self._scheme, self._stage, self._period = scheme, stage, period

    def _of(self, table: str) -> list[StageField]:
        own = [item for item in self._scheme.stage_fields if item.stage == self._stage and item.table == table]
        return own or [item for item in STAGE_FIELDS if item.stage == self._stage and item.table == table]

    def _named(self, text: str) -> str:
        return text.replace(PERIOD, self._period)

    def fund_columns(self) -> tuple[FundsColumn, ...]:
        """The columns of the funds table; none where the scheme has no such table."""
        if not self._scheme.funds:
            return ()
        annual_columns = {column.key: column for column in self._scheme.fund_columns} or {
            key: FundsColumn(key, label) for key, label in STANDARD_COLUMNS.items()
        }
        found = []
        for item in self._of(FUNDS):
            known = annual_columns.get(item.key)
            if known is None and item.key == INITIAL and not item.label:
                # The scheme knows no budget of the start.
                continue
            label = self._named(item.label) or (known.label if known else item.key)
            # What departments plan, they say themselves.
            source = known.source if known and self._stage is Stage.MONITORING else BY_DEPARTMENT
            found.append(FundsColumn(item.key, label, source))
        return tuple(found)

    def columns(self, table: str) -> tuple[TableColumn, ...]:
        """The columns of an open table; none where the scheme has no such table."""
        annual_columns = {column.key: column for column in self._scheme.table_columns(table)}
        return (
            tuple(self._column(item, annual_columns.get(item.key)) for item in self._of(table))
            if annual_columns
            else ()
        )

    def _column(self, item: StageField, known: TableColumn | None) -> TableColumn:
        supplied = known is not None and known.source == BY_BUREAU and self._stage is Stage.MONITORING
        made = TableColumn(
            table=item.table,
            key=item.key,
            label=self._named(item.label) or (known.label if known else item.key),
            type=known.type if known else item.type,
            required=item.required if item.label or known is None else known.required,
            width=item.width or (known.width if known else DEFAULT_WIDTH),
            hint=self._named(item.hint) or (known.hint if known and not item.label else ""),
            source=BY_BUREAU if supplied else BY_DEPARTMENT,
        )
        return replace(made, choices=item.choices)

    def narrative(self) -> tuple[Narrative, ...]:
        """The department's own words."""
        return tuple(
            replace(
                Narrative(item.key, self._named(item.label) or item.key, self._named(item.hint)),
                required=item.required,
            )
            for item in self._of(NARRATIVE)
        )
