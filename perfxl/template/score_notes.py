"""Notes beside the self scores: against their points, against the rules, and of the reasons given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from perfxl.decimals import CENT, ZERO, divide, half_up, plain
from perfxl.layout import Layout
from perfxl.layout import finding_words as words
from perfxl.scheme.model import Indicator, Scheme
from perfxl.template.expressions import MICRO
from perfxl.template.fact_notes import NANO
from perfxl.template.live import Live
from perfxl.template.notes import Note, blank, first, first_value, is_blank, note, where_numbers

FILL_IN, NO_DATA = "请填自评得分", "有数据未填全，无法计算"


def note_formula(notes: Sequence[Note[Live]], indicator: Indicator, at: Mapping[str, str]) -> str:
    """The note of an indicator as a formula; a blank self score and missing data ask to be filled in."""
    own, computed = at["self"], at["computed"]
    unfilled, no_data = '""', '""'
    if indicator.rule.computable:
        unfilled = f'IF(ISNUMBER({computed}),"{FILL_IN}","")'
        no_data = f'IF(ISNUMBER({computed}),"","{NO_DATA}")'
    return f'IF({own}="",{unfilled},{first(notes, no_data)})'


def note_value(notes: Sequence[Note[Live]], indicator: Indicator, live: Live) -> str:
    """`note_formula`, computed."""
    computed = live.computed[indicator.code]
    lacking = indicator.rule.computable and computed is None
    if live.value(("scores", indicator.code, "self")) is None:
        return FILL_IN if indicator.rule.computable and not lacking else ""
    return first_value(notes, live, NO_DATA if lacking else "")


def score_notes(
    layout: Layout, indicator: Indicator, at: Mapping[str, str], sums: Mapping[str, str], not_done: str
) -> list[Note[Live]]:
    """What can be wrong with the self score of an indicator, the first that holds to be shown.

    at: the cells of its line by column key. sums: the cells of its summary above the KPI table, empty where it has
    none. not_done: the range of the words that say something was not done.
    """
    code, points, own, reason = indicator.code, indicator.points, at["self"], at["reason"]

    def own_of(live: Live) -> Decimal:
        return live.self_score(code) or ZERO

    def reason_of(live: Live) -> object:
        return live.value(("scores", code, "reason"))

    text = plain(points)
    full = f"AND({own}={text},SUMPRODUCT(--ISNUMBER(SEARCH({not_done},{reason})))>0)"
    return [
        note(words.NOT_NUMBER, f"ISTEXT({own})", lambda live: live.self_score(code) is None),
        note(words.NEGATIVE, f"{own}<0", lambda live: own_of(live) < 0),
        note(words.ABOVE_POINTS, f"{own}>{text}", lambda live: own_of(live) > points),
        note(
            words.WITHOUT_REASON,
            f"AND({own}<{text},{blank(reason)})",
            lambda live: own_of(live) < points and is_blank(reason_of(live)),
        ),
        *_computed_notes(layout.scheme, indicator, at),
        *_kpi_sum_notes(indicator, own, sums),
        note(
            words.FULL_MARKS_WITH_REASON,
            full,
            lambda live: own_of(live) == points and any(word in str(reason_of(live)) for word in words.NOT_DONE),
        ),
        *_spending_notes(layout, indicator, at["computed"]),
    ]


def _computed_notes(scheme: Scheme, indicator: Indicator, at: Mapping[str, str]) -> list[Note[Live]]:
    if not indicator.rule.computable:
        return []
    own, computed, over = at["self"], at["computed"], scheme.thresholds.self_over

    def above(live: Live) -> bool:
        score, given = live.computed[indicator.code], live.self_score(indicator.code)
        return score is not None and given is not None and half_up(given - score, MICRO) > over

    condition = where_numbers((own, computed), f"ROUND({own}-{computed},6)>{plain(over)}")
    return [note(words.ABOVE_COMPUTED, condition, above)]


def _kpi_sum_notes(indicator: Indicator, own: str, sums: Mapping[str, str]) -> list[Note[Live]]:
    """The self scores of an indicator's KPIs do not add to its self score. Equal shares rarely add to the cent."""
    if not indicator.rule.kpi_levels or not sums:
        return []

    def differ(live: Live) -> bool:
        given, total = live.self_score(indicator.code), live.kpi_self_total(indicator)
        return given is not None and total is not None and abs(half_up(total) - given) > CENT

    complete = f"AND({sums['target']}>0,{sums['own_count']}={sums['target']})"
    apart = f"ROUND(ABS(ROUND({sums['self_score']},2)-{own})-{plain(CENT)},9)>0"
    return [note(words.OWN_SUMS_DIFFER, f"IF({complete},{apart},FALSE)", differ)]


def _spending_notes(layout: Layout, indicator: Indicator, computed: str) -> list[Note[Live]]:
    """Score rate of the KPI indicators and of the spending rate are further apart than the scheme's points.

    Without an adjusted budget there is no rate, and a note of its own.
    """
    scheme, rate = layout.scheme, indicator.rule.quotient
    kpis = scheme.kpi_indicators
    if indicator is not scheme.spending_indicator or rate is None or not kpis:
        return []
    budget, whole = rate.denominator, rate.sums(layout.fact)[1]
    column = computed.rstrip("0123456789")
    first_row = int(computed[len(column) :]) - scheme.indicators.index(indicator)
    cells = [f"{column}{first_row + scheme.indicators.index(item)}" for item in kpis]
    worth = sum((item.points for item in kpis), ZERO)
    limit = scheme.thresholds.completion_gap

    def far(live: Live) -> bool:
        scores = [live.computed[item.code] for item in (*kpis, indicator)]
        known = [score for score in scores if score is not None]
        if len(known) < len(scores) or not sum(live.facts(*budget) or (), ZERO):
            return False
        gap = divide(sum(known[:-1], ZERO), worth) - divide(known[-1], indicator.points)
        return half_up(abs(gap) * 100 - limit, NANO) > 0

    rates = f"({'+'.join(cells)})/{plain(worth)}-{computed}/{plain(indicator.points)}"
    apart = f"ROUND(ABS({rates})*100-{plain(limit)},9)>0"
    condition = where_numbers((*cells, computed), f"AND({whole}<>0,{apart})")
    return [note(words.COMPLETION_FAR_FROM_SPENDING, condition, far)]
