"""The lower part of 指标分析: the weakest indicators, the categories of departments, and how firm the ranks are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO, percent
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.context import category_of
from perfxl.results.plan import SummaryPlan
from perfxl.results.sensitivity import FAIR, STEADY, WORDS, rank_ranges, spans
from perfxl.results.sheets.ranking import SCORED, ranking_table
from perfxl.results.statistics import mean, rate
from perfxl.results.styles import SMALL, TONES
from perfxl.results.text_height import ROW_HEIGHT, row_height, text_lines
from perfxl.scheme.model import BASE

WEAKEST = 10
KEPT = 3
"""Rows that stay with their headings where a page ends."""


def _range_note(plan: SummaryPlan) -> str:
    one, (steady, fair) = plan.words.one, spans(len(plan.ranked))
    note = (
        f"名次稳定性：“去掉一项”是把二级指标逐项去掉、其余得分按比例折算到满分后，该{one}名次的最好和最差；“权重±10%”是把二级指标"
        f"的分值逐项上调、下调 10%，再按比例折算到满分后的最好和最差。总分封顶的{one}仍按封顶计。比较时不取两位小数。"
        f"最好和最差名次相差（两种情形取大的）不超过{one}数的 {percent(STEADY, 0)}（本批 {steady} 名）为“稳定”，"
        f"不超过 {percent(FAIR, 0)}（本批 {fair} 名）为“较稳定”，其余为“敏感”。"
        "“影响最大的指标”是去掉后名次变动最大的二级指标。"
    )
    if any(indicator.nature != BASE for indicator in plan.indicators):
        note += "加分、扣分不折算。"
    return note


def write_weakest(page: Page, plan: SummaryPlan, row: int, widths: Sequence[float], source_row: int) -> int:
    """The indicators with the lowest mean score rates, with a chart; returns the row below.

    source_row: of the first indicator in the table above.
    """
    rates = {
        item.code: (rate(mean(scores), item.points) or ZERO, source_row + place)
        for place, item in enumerate(plan.indicators)
        if item.nature == BASE and (scores := plan.known(item.code))
    }
    codes = sorted(rates, key=lambda code: rates[code])[:WEAKEST]
    _section(page, row, f"平均得分率最低的 {len(codes)} 项指标", len(widths))
    page.row(row + 1, 0, ["代码", "三级指标", "二级指标", "分值", "平均分", "平均\n得分率"], "head")
    page.height(row + 1, 32)
    first = row + 2
    indicators = plan.scheme.indicator_by_code
    for offset, code in enumerate(codes):
        value, source = rates[code]
        indicator = indicators[code]
        line = first + offset
        page.put(line, 0, code, "box center")
        page.put(line, 1, indicator.name, "box text wrap")
        page.put(line, 2, indicator.level2, "box center wrap small")
        page.put(line, 3, Formula(f"=D{source + 1}", indicator.points), "box center points")
        page.put(line, 4, Formula(f"=E{source + 1}", mean(plan.known(code))), "box score")
        page.put(line, 5, Formula(f"=F{source + 1}", value), "box share bold")
        small = row_height(text_lines(indicator.level2, widths[2], SMALL), SMALL)
        page.height(line, max(22, small, row_height(text_lines(indicator.name, widths[1]))))
    last = first + len(codes) - 1
    series = Series(None, (first, last), 1, 5)
    size = (sum(map(pixels_wide, widths[6:])), pixels_high(32) + pixels_high(22) * len(codes))
    alt = "，".join(f"{indicators[code].name} {percent(rates[code][0], 1)}" for code in codes)
    draw(page, "bar", "平均得分率", [series], (row + 1, 6), size, top=1, alt=alt)
    return last + 2


def write_categories(page: Page, plan: SummaryPlan, row: int, widths: Sequence[float]) -> int:
    """Count, mean, highest, lowest and grades of each category; returns the row below."""
    words = plan.words
    _section(page, row, f"各类{words.one}的得分和等级", len(widths))
    headings: list[Cell] = ["序号", words.category, f"{words.one}数", "平均分", "最高分", "最低分"]
    page.row(row + 1, 0, [*headings, *plan.grades.names], "head")
    page.height(row + 1, 20)
    page.row(row + 2, 0, ["分数线"] + [None] * 5, "box center muted")
    for place, grade in enumerate(plan.grades.names, len(headings)):
        floor = plan.grades.floor(grade)
        page.put(row + 2, place, floor, "box center points muted" + (" wrap small" if isinstance(floor, str) else ""))
        if isinstance(floor, str):
            page.at_least(row + 2, row_height(text_lines(floor, widths[place], SMALL), SMALL))
    categories, totals = plan.ranked_range(plan.category_column), plan.ranked_range(plan.total_column)
    table = ranking_table(plan)
    ((of_category, of_grade, of_state),) = table.ranges("category", "grade", "state")
    for number, category in enumerate(plan.categories, 1):
        line = row + 2 + number
        excel = line + 1
        members = plan.members[category]
        values = [item.total for item in members]
        own = f'{categories},"="&$B{excel}'
        page.put(line, 0, number, "box center")
        page.put(line, 1, category, "box text wrap")
        page.height(line, row_height(text_lines(category, widths[1])))
        page.put(line, 2, Formula(f"=COUNTIF({own})", len(members)), "box center whole")
        page.put(line, 3, Formula(f"=AVERAGEIF({own},{totals})", mean(values)), "box score bold")
        for column, function, value in ((4, "MAX", max(values)), (5, "MIN", min(values))):
            formula = f"={function}(IF({categories}=$B{excel},{totals}))"
            page.put(line, column, Formula(formula, value, array=True), "box score")
        ranked = f'{of_category},"="&$B{excel},{of_state},"{SCORED}"'
        for place, grade in enumerate(plan.grades.names, len(headings)):
            formula = f'=COUNTIFS({ranked},{of_grade},"="&{xl_col_to_name(place)}${row + 2})'
            count = sum(item.grade == grade for item in members)
            page.put(line, place, Formula(formula, count), "box center whole")
    return row + 4 + len(plan.categories)


class Ranges(NamedTuple):
    """Where the list of 名次稳定性 stands, from row 0: its headings (0 where there is none) and its last row.

    first_rows: the row below those that stay with the headings.
    """

    head: int
    first_rows: int
    last: int


def write_ranges(page: Page, plan: SummaryPlan, row: int, widths: Sequence[float]) -> Ranges:
    """How far the rank of each department depends on the weights of the second-level indicators."""
    ranges = rank_ranges(plan.scheme, plan.ranked)
    if not ranges:
        return Ranges(0, row, row)
    words = [item.word for item in ranges]
    counts = "，".join(f"{word} {words.count(word)} 个" for word in WORDS)
    last = len(widths) - 1
    _section(page, row, f"名次稳定性（{counts}）", len(widths))
    note = _range_note(plan)
    page.merged(row + 1, 0, row + 1, last, note, "note wrap left")
    page.height(row + 1, row_height(text_lines(note, sum(widths), SMALL), SMALL))
    head = row + 2
    page.row(
        head,
        0,
        [
            "名次", plan.words.title, plan.words.category, "总分", "去掉一项\n最好名次", "去掉一项\n最差名次",
            "权重±10%\n最好名次", "权重±10%\n最差名次", "稳定性", "影响最大\n的指标",
        ],
        "head",
    )  # fmt: skip
    page.height(head, 32)
    totals = plan.ranked_range(plan.total_column)
    for line, (item, found) in enumerate(zip(plan.ranked, ranges, strict=True), head + 1):
        excel = line + 1
        page.put(line, 0, Formula(f"=RANK($D{excel},{totals})", found.rank), "box center")
        page.put(line, 1, plan.name(item), "box text wrap")
        page.put(line, 2, category_of(item), "box center wrap small")
        page.put(line, 3, Formula(f"={plan.matrix_cell(item, plan.total_column)}", item.total), "box score")
        bounds: list[Cell] = [found.best_out, found.worst_out, found.best_weighed, found.worst_weighed]
        page.row(line, 4, bounds, "box center whole")
        page.put(line, 8, found.word, "box center")
        page.put(line, 9, found.level or "无", "box center wrap small")
        small = max(text_lines(found.level or "", widths[9], SMALL), text_lines(category_of(item), widths[2], SMALL))
        height = max(row_height(small, SMALL), row_height(text_lines(item.title, widths[1])))
        page.height(line, max(ROW_HEIGHT, height))
        if line > head + KEPT:
            page.finish(line)
    _word_tones(page, head + 1, head + len(ranges))
    page.sheet.autofilter(head, 0, head + len(ranges), 9)
    return Ranges(head, head + 1 + min(KEPT, len(ranges)), head + len(ranges))


def _word_tones(page: Page, first: int, last: int) -> None:
    for word, tone in zip(WORDS, (0, 1, 2), strict=True):
        fill, ink = TONES[tone]
        form = page.book.workbook.add_format({"bg_color": fill, "font_color": ink})
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form}
        page.sheet.conditional_format(first, 8, last, 8, rule)


def _section(page: Page, row: int, text: str, columns: int) -> None:
    page.row(row, 0, [text] + [None] * (columns - 1), "section")
    page.height(row, 20)
