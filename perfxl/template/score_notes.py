"""Notes beside the self scores: against their points, against the rules, and of the reasons given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.decimals import plain
from perfxl.findings.in_excel import Value
from perfxl.findings.scores import KPI_COUNT, KPI_OWN_COUNT, KPI_OWN_TOTAL, NOT_DONE_LIST
from perfxl.layout import Layout
from perfxl.layout.fields import VALUE
from perfxl.outcome import full_where_not_applying, words_while_pending
from perfxl.scheme.model import BASE, Indicator
from perfxl.template.live import Live
from perfxl.template.notes import Note, first, first_value, fitting, shared_notes

FILL_IN, NO_DATA = "请填自评得分", "有数据未填全，无法计算"


def not_due(layout: Layout, indicator: Indicator) -> str:
    """What is said of an indicator that does not apply."""
    if full_where_not_applying(indicator):
        return "不适用，按满分计"
    scaled = indicator.nature == BASE
    return f"不适用，其余指标折算为 {plain(layout.scheme.full_points)} 分" if scaled else "不适用，不计"


def waiting_note(layout: Layout, indicator: Indicator) -> str:
    """What is said of an indicator that waits for the bureau."""
    return words_while_pending(layout.scheme, indicator)


def note_formula(notes: Sequence[Note[Live]], indicator: Indicator, at: Mapping[str, str], blank_self: bool) -> str:
    """The note of an indicator that applies, as a formula; a blank self score and missing data ask to be filled in.

    blank_self: whether the self score may be left to the rules.
    """
    own, computed = at["self"], at["computed"]
    unfilled, no_data = '""', '""'
    if indicator.rule.computable:
        unfilled = '""' if blank_self else f'IF(ISNUMBER({computed}),"{FILL_IN}","")'
        no_data = f'IF(ISNUMBER({computed}),"","{NO_DATA}")'
    return f'IF({own}="",{unfilled},{first(notes, no_data)})'


def note_value(notes: Sequence[Note[Live]], indicator: Indicator, live: Live) -> str:
    """What stands in the cell of the note."""
    if indicator.code not in live.applying:
        return not_due(live.layout, indicator)
    if indicator.code in live.pending:
        return waiting_note(live.layout, indicator)
    lacking = indicator.rule.computable and live.computed[indicator.code] is None
    if live.value(("scores", indicator.code, "self")) is None:
        return FILL_IN if indicator.rule.computable and not lacking and not live.blank_self else ""
    return first_value(notes, live, NO_DATA if lacking else "")


def score_notes(
    layout: Layout, indicator: Indicator, at: Mapping[str, str], sums: Mapping[str, str], not_done: str
) -> Sequence[Note[Live]]:
    """What can be wrong with the self score of an indicator, the first that holds to be shown.

    at: the cells of its line by column key. sums: the cells of its summary above the KPI table, empty where it has
    none. not_done: the range of the words that say something was not done.
    """
    code = indicator.code
    cells = {**at, "points": plain(indicator.points), NOT_DONE_LIST: not_done, **_computed_cells(layout, indicator, at)}
    if not indicator.rule.computable:
        del cells["computed"]
    if indicator.rule.kpi_levels and sums:
        cells |= {KPI_COUNT: sums["target"], KPI_OWN_COUNT: sums["own_count"], KPI_OWN_TOTAL: sums["self_score"]}
    facts = {key for table, key, _ in layout.specs if table == "facts"}

    def values(live: Live) -> Value:
        def value(name: str) -> object:
            if name in live.computed:
                return live.computed[name]
            if name == "computed":
                return live.computed[code]
            if name == "points":
                return indicator.points
            if name == KPI_OWN_TOTAL:
                return live.kpi_self_total(indicator)
            field = ("facts", name, VALUE) if name in facts else ("scores", code, name)
            return live.value(field)

        return value

    return fitting(
        shared_notes(
            layout,
            lambda name: cells.get(name) or layout.fact(name),
            values,
            lambda case: case.table == "scores" and case.row in ("", code),
            has=lambda name: name in cells or name in facts,
        )
    )


def _computed_cells(layout: Layout, indicator: Indicator, at: Mapping[str, str]) -> dict[str, str]:
    """The cells of the computed scores by indicator code."""
    indicators = layout.scheme.indicators
    column = at["computed"].rstrip("0123456789")
    first_row = int(at["computed"][len(column) :]) - indicators.index(indicator)
    return {item.code: f"{column}{first_row + number}" for number, item in enumerate(indicators)}
