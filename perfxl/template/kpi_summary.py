"""The lines above the KPI table: for each indicator that counts KPIs, weights and scores so far and what is to do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfxl.decimals import ZERO, half_up, plain
from perfxl.findings import FindingKind
from perfxl.findings.kpis import NO_KPIS, WEIGHTS_DO_NOT_TOTAL, WEIGHTS_PARTLY_BLANK
from perfxl.layout import Block, Layout, Place
from perfxl.layout.sheets import TITLE_ROWS
from perfxl.references import literal
from perfxl.scheme.model import Indicator
from perfxl.template.applying import NOT_DUE, indicator_applies, indicator_waits
from perfxl.template.expressions import MICRO, cell, how_many, summed_where
from perfxl.template.live import Live, Shown
from perfxl.template.notes import SIGN
from perfxl.template.sheet import Sheet
from perfxl.template.styles import POINTS
from perfxl.template.text_height import row_height

HEADINGS = {
    "symbol": "分值",
    "target": "指标项数",
    "weight": "权重合计",
    "self_score": "自评合计",
    "counted_weight": "计分权重",
    "computed": "计算得分",
    "counted": "认定得分",
    "reason": "提示",
}
"""Headings by the column of the KPI table that each stands above."""
AWAITED = "年度指标值待财政部门核定"
NOT_COMPLETE, EQUAL_WEIGHTS = "有指标未填全，暂不能计算", "权重全部留空，按等权计分"


def write_summary(sheet: Sheet, block: Block) -> int:
    """One line for each indicator that counts KPI rows: weights and scores so far.

    Returns the first row of the pages that go on beside: this summary's where it goes on there.
    """
    columns = {column.key: column.col for column in block.columns if column.key in HEADINGS}
    # Before the self-review no column of reasons is wide enough, and the notes have one of their own.
    columns["reason"] = columns["reason"] if sheet.scheme.asks_scores else _hint_column(block)
    indicators = sheet.book.layout.kpi_indicators
    paper = sheet.paper
    assert paper is not None
    if not indicators:
        return block.head_row
    name_to = min(columns.values()) - 1
    last = block.columns[-1].col
    # Each part reaches to the next one, above the column that it sums up, but not beyond its page.
    starts = sorted(columns.values())
    parts = {
        key: (col, min(min((other for other in starts if other > col), default=last + 1) - 1, paper.end_of_page(col)))
        for key, col in columns.items()
    }
    if not sheet.stamped:
        sheet.text(TITLE_ROWS, 1, "对应指标", "head", to=name_to)
        for key, (first, to) in parts.items():
            sheet.text(TITLE_ROWS, first, HEADINGS[key], "head", to=to)
        headings = [(HEADINGS[key], sheet.span(*place) + 2) for key, place in parts.items()]
        sheet.height(TITLE_ROWS, row_height(headings))
    for row, indicator in enumerate(indicators, TITLE_ROWS + 1):
        _summary_line(sheet, indicator, row, parts, name_to)
        if sheet.stamped:
            continue
        hints = [(text, sheet.span(*parts["reason"])) for text in _texts(indicator).values()]
        sheet.height(row, row_height([(_label(indicator), sheet.span(1, name_to)), *hints]))
    return TITLE_ROWS if starts[-1] > paper.first_page else block.head_row


def _hint_column(block: Block) -> int:
    """The first column behind those that the summary adds up, where there is room to the end."""
    return max(column.col for column in block.columns if column.key in HEADINGS and column.key != "reason") + 1


def _summary_line(
    sheet: Sheet, indicator: Indicator, row: int, parts: dict[str, tuple[int, int]], name_to: int
) -> None:
    live, layout = sheet.live, sheet.book.layout
    rows = live.kpi_ordinals(indicator)
    own = {key: cell(row, first) for key, (first, _) in parts.items()}
    expressions = layout.once(_expressions, indicator.code, tuple(own.items()))
    sheet.text(row, 1, _label(indicator), "label", to=name_to)
    sheet.text(row, parts["symbol"][0], "", "label", to=parts["symbol"][1])
    sheet.number(row, parts["symbol"][0], indicator.points, "label", align="center")

    def formula(key: str, value: Shown, look: str = "computed", **other: Any) -> None:
        if key in parts:
            first, last = parts[key]
            sheet.formula(row, first, expressions[key], value, look, to=last, **other)

    formula("target", len(rows), align="center")

    def fields(key: str) -> list[Decimal]:
        known = (live.number(layout.keyed(("kpis", str(ordinal), key))) for ordinal in rows)
        return [value for value in known if value is not None]

    shown: dict[str, list[Decimal]] = {
        "weight": fields("weight"),
        "self_score": fields("self_score"),
        "counted_weight": [w for ordinal in rows if (w := live.kpis[ordinal].weight) is not None],
    }
    for key, values in shown.items():
        formula(key, half_up(sum(values, ZERO), MICRO) if rows else None, num_format=POINTS, align="center")
    for key, value in (("computed", live.kpi_sums[indicator.code]), ("counted", live.kpi_counted[indicator.code])):
        formula(key, value, "total", num_format=POINTS, align="center")

    first, last = parts["reason"]
    sheet.note(row, first, expressions["reason"], _hint_value(indicator, live), to=last)
    if sheet.scheme.asks_scores:
        places = tuple((key, Place(sheet.name, row, parts[key][0])) for key in ("target", "self_score", "counted"))
        sheet.book.sums[indicator.code] = layout.once(_sums, indicator.code, places)


def _expressions(layout: Layout, code: str, cells: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """The formulas of an indicator's line by their keys. cells: where they stand."""
    own, levels, level = dict(cells), layout.scheme.indicator_by_code[code].rule.kpi_levels, layout.kpi("level1")
    found = {"target": how_many(level, levels)}
    for key in own.keys() & {"weight", "self_score", "counted_weight"}:
        total = f"ROUND({summed_where(level, levels, layout.kpi(key))},6)"
        found[key] = f'IF({own["target"]}=0,"",{total})'
    for key in own.keys() & {"computed", "counted"}:
        found[key] = _sum_formula(layout, code, key)
    return found | {"reason": _hint(layout, code, own["target"], own["weight"], own.get("computed", ""))}


def _sums(layout: Layout, code: str, places: tuple[tuple[str, Place], ...]) -> Mapping[str, str]:
    """What the scores ask of an indicator's line. places: its cells."""
    level, own = layout.kpi("level1"), layout.kpi("self_score")
    levels = layout.scheme.indicator_by_code[code].rule.kpi_levels
    count = "+".join(f'COUNTIFS({level},"{name}",{own},">=0")' for name in levels)
    return {key: place.ref for key, place in places} | {"own_count": f"({count})"}


def _label(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator.name}（{'、'.join(indicator.rule.kpi_levels)}）"


def _sum_formula(layout: Layout, code: str, column: str) -> str:
    indicator = layout.scheme.indicator_by_code[code]
    return indicator.rule.kpi_sum_formula(indicator.points, layout, column)


def _hint(layout: Layout, code: str, target: str, weight: str, computed: str) -> str:
    """What is to do about the KPIs of an indicator; target and so on: the cells of its summary line."""
    indicator = layout.scheme.indicator_by_code[code]
    rule, texts = indicator.rule, {kind: literal(text) for kind, text in _texts(indicator).items()}
    level, weights, points = layout.kpi("level1"), layout.kpi("weight"), plain(indicator.points)
    given = "+".join(f'COUNTIFS({level},"{name}",{weights},"<>")' for name in rule.kpi_levels)
    # An inserted row has no formulas until they are filled down; a formula that shows nothing is not blank.
    worked_out = layout.kpi("computed" if computed else "counted_weight")
    bare = "+".join(f'SUMPRODUCT(({level}="{name}")*ISBLANK({worked_out}))' for name in rule.kpi_levels)
    words = f'IF({weight}={points},"",{texts[WEIGHTS_DO_NOT_TOTAL]})'
    words = f'IF(({given})=0,"{EQUAL_WEIGHTS}",{words})'
    words = f'IF({computed}="","{NOT_COMPLETE}",{words})' if computed else words
    if (waits := indicator_waits(layout, code)) is not None:
        words = f'IF({waits.formula},"{AWAITED}",{words})'
    words = f"IF(AND(({given})>0,({given})<{target}),{texts[WEIGHTS_PARTLY_BLANK]},{words})"
    words = f'IF(({bare})>0,"{SIGN}有 "&({bare})&" 行没有公式：把上一行的灰色单元格向下填充到该行",{words})'
    words = f"IF({target}=0,{texts[NO_KPIS]},{words})"
    applies = indicator_applies(layout, code)
    return f'IF({applies.formula},{words},"{NOT_DUE}")' if applies else words


def _texts(indicator: Indicator) -> dict[FindingKind, str]:
    """What is shown for each finding on an indicator's KPIs."""
    points = plain(indicator.points)
    return {
        # Nobody has begun: no fault yet, so without the sign.
        NO_KPIS: f"{NO_KPIS.title}：{NO_KPIS.advice}（{'、'.join(indicator.rule.kpi_levels)}）",
        WEIGHTS_PARTLY_BLANK: f"{SIGN}{WEIGHTS_PARTLY_BLANK.title}："
        + WEIGHTS_PARTLY_BLANK.advice.format(points=points),
        WEIGHTS_DO_NOT_TOTAL: f"{SIGN}{WEIGHTS_DO_NOT_TOTAL.title} {points}：{WEIGHTS_DO_NOT_TOTAL.advice}",
    }


def _hint_value(indicator: Indicator, live: Live) -> str:
    """`_hint`, computed. The writer leaves no row without formulas."""
    if indicator.code not in live.applying:
        return NOT_DUE
    texts = _texts(indicator)
    rows = live.kpi_ordinals(indicator)
    fields = [live.layout.keyed(("kpis", str(ordinal), "weight")) for ordinal in rows]
    given = sum(live.value(name) is not None for name in fields)
    if not rows:
        return texts[NO_KPIS]
    if 0 < given < len(rows):
        return texts[WEIGHTS_PARTLY_BLANK]
    if indicator.code in live.pending:
        return AWAITED
    if live.scheme.asks_scores and live.kpi_sums[indicator.code] is None:
        return NOT_COMPLETE
    if not given:
        return EQUAL_WEIGHTS
    total = half_up(sum((live.number(name) or ZERO for name in fields), ZERO), MICRO)
    return "" if total == indicator.points else texts[WEIGHTS_DO_NOT_TOTAL]
