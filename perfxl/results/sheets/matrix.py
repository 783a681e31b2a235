"""得分矩阵: departments × indicators, the one place where every score stands; all statistics refer to it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO
from perfxl.outcome import NOT_APPLICABLE, WAITING, held_formula, total_formula
from perfxl.palette import TONE_COLOURS
from perfxl.results.beside import page_breaks, write_head
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.context import category_of
from perfxl.results.plan import FIRST_DEPARTMENT, MATRIX, POINTS_ROW, Figure, SummaryPlan
from perfxl.results.plan_of_batch import known
from perfxl.results.statistics import mean, rate
from perfxl.results.styles import TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.text_height import ROW_HEIGHT, row_height, text_lines
from perfxl.results.words import tell_nature
from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scheme.model import BASE, BONUS, PENALTY
from perfxl.scoring.result import DepartmentResult

HEAT = ((Decimal("0.6"), 3), (Decimal("0.8"), 2), (Decimal("0.95"), 1))
OUTSIDE = ((BONUS, 0), (PENALTY, 2))
"""Tones of what is added and deducted outside the hundred."""
_ADDED, _DEDUCTED = (TONE_COLOURS[tone] for _, tone in OUTSIDE)
OUTSIDE_WORDS = f"加分（{_ADDED}）、扣分（{_DEDUCTED}）在 100 分以外。"
NAME_WIDTH, UNIT_WIDTH, SCORE_WIDTH = 22, 18, 6.6
WIDTHS = {
    Figure.TOTAL: 8,
    Figure.BEFORE: 8,
    Figure.OWN: 8,
    Figure.ADJUSTED: 13,
    Figure.SPENT: 13,
    Figure.RATE: 9,
    Figure.UNIT: 6,
}
NOBODY = "—"
_ROW = "#"


def write_matrix(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    breaks = _headings(page, plan)
    # The same in every row but for its number.
    total = total_formula(plan.scheme, lambda code: f"{plan.indicator_column(code)}{_ROW}")
    for row, department in enumerate(plan.departments, FIRST_DEPARTMENT - 1):
        _department(page, plan, department, total)
        page.finish(row)
    last = _means(page, plan)
    _heat(page, plan, last)
    page.sheet.freeze_panes(FIRST_DEPARTMENT - 1, plan.first_indicator)
    beside = plan.first_indicator if breaks else None
    page.sheet.set_v_pagebreaks(breaks)
    area = (last, plan.first_indicator + len(plan.indicators) + len(plan.figures) - 1)
    page.print_setup(landscape=True, repeat=(2, POINTS_ROW - 1), area=area, beside=beside)


def _headings(page: Page, plan: SummaryPlan) -> list[int]:
    """Everything above the departments; the columns before which a page ends."""
    indicators, words, figures = plan.indicators, plan.words, plan.figures
    unit = [UNIT_WIDTH] if plan.projects else []
    widths = [6, NAME_WIDTH, *unit, 11, *([SCORE_WIDTH] * len(indicators)), *(WIDTHS[figure] for figure in figures)]
    page.widths(widths)
    levels = [len(list(group)) for _, group in groupby(indicators, key=lambda item: (item.level2, item.nature))]
    breaks = page_breaks(widths, plan.first_indicator, [*levels, len(figures)])
    end = breaks[0] if breaks else len(widths)
    write_head(page, plan.title(MATRIX), _note(plan), plan.first_indicator if breaks else 0, end)
    names = ["名次", words.title, *([words.unit] if plan.projects else []), words.category]
    for column, heading in enumerate(names):
        page.merged(2, column, POINTS_ROW - 2, column, heading, "head")
        page.put(POINTS_ROW - 1, column, "分值" if column == 1 else None, "head")
    start = plan.first_indicator
    page.height(2, 20)
    pages = [bisect(breaks, start + place) for place in range(len(indicators))]
    levels_on = groupby(zip(indicators, pages, strict=True), key=lambda on: (on[0].level2, on[0].nature, on[1]))
    for (level, nature, _), group in levels_on:
        count, name = len(list(group)), tell_nature(level, nature, "\n")
        page.merged(2, start, 2, start + count - 1, name, "head")
        if nature != BASE:
            page.at_least(2, row_height(text_lines(name, count * SCORE_WIDTH)))
        start += count
    for column, indicator in enumerate(indicators, plan.first_indicator):
        page.put(3, column, indicator.code, "head small")
        page.put(4, column, indicator.name, "head small")
        page.put(5, column, indicator.points, "head points")
    behind = plan.first_indicator + len(indicators)
    money = plan.scheme.funds_table.columns
    headings = {
        Figure.TOTAL: "总分",
        Figure.BEFORE: "复核前\n总分",
        Figure.OWN: "自评总分",
        Figure.ADJUSTED: money.get(ADJUSTED, ""),
        Figure.SPENT: money.get(SPENT, ""),
        Figure.RATE: plan.rate_label,
        Figure.UNIT: "单位\n序号",
    }
    for column, figure in enumerate(figures, behind):
        page.merged(2, column, 4, column, headings[figure], "head")
        page.put(5, column, None, "head")
    ranges = ",".join(f"{first}{POINTS_ROW}:{last}{POINTS_ROW}" for first, last in plan.base_runs)
    page.put(5, behind, Formula(f"=SUM({ranges})", plan.scheme.full_points), "head points")
    page.height(4, 84)
    return breaks


def _note(plan: SummaryPlan) -> str:
    scheme, one = plan.scheme, plan.words.one
    words = [NOT_APPLICABLE] if any(not item.always for item in scheme.indicators) else []
    words += [WAITING] if any(map(scheme.waits_outside, scheme.indicators)) else []
    bounds = "，".join(f"低于 {float(bound):.0%} 为{TONE_COLOURS[tone]}" for bound, tone in HEAT)
    return (
        f"单位：分{'；资金单位：万元' if plan.has_money else ''}。"
        f"底色表示得分率：{bounds}（取先到的），不低于 {float(HEAT[-1][0]):.0%} 不着色。"
        f"均值只统计参加排名的{one}，退回修改的{one}为暂定分，列在最后。"
        + (f"“{'”“'.join(words)}”的不参加该项指标的统计。" if scheme.restricted else "")
        + (f"有指标{'、'.join(words)}的，其余指标的得分折算到 {scheme.full_points:f} 分。" if scheme.scaled else "")
        + ("加粗的是复核改过的得分。" if plan.batch.reviewed else "")
        + (OUTSIDE_WORDS if any(scheme.nature_indicators(nature) for nature, _ in OUTSIDE) else "")
    )


def _department(page: Page, plan: SummaryPlan, department: DepartmentResult, total: str) -> None:
    row = plan.matrix_rows[department.file]
    ranked, figures = department.ranked, plan.figures
    look = "box center" if ranked else "box center muted"
    name_look = "box text wrap" if ranked else "box text wrap muted"
    rank: Cell = "退回"
    if ranked:
        cell = f"{plan.total_column}{row}"
        rank = Formula(f"=RANK({cell},{_here(plan.ranked_range(plan.total_column))})", department.rank)
    page.put(row - 1, 0, rank, look)
    page.put(row - 1, 1, plan.name(department), name_look)
    lines = text_lines(department.title, NAME_WIDTH)
    if plan.projects:
        page.put(row - 1, 2, department.name, name_look)
        lines = max(lines, text_lines(department.name, UNIT_WIDTH))
    page.put(row - 1, plan.first_indicator - 1, category_of(department), look)
    page.height(row - 1, row_height(lines))
    scores = {score.code: score.score if score.applies else score.word for score in department.scores}
    changed = {score.code for score in department.scores if score.before not in (None, score.score)}
    for column, indicator in enumerate(plan.indicators, plan.first_indicator):
        score = scores.get(indicator.code, ZERO)
        usual = "box score bold" if indicator.code in changed else "box score"
        page.put(row - 1, column, score, "box center small muted" if isinstance(score, str) else usual)
    if full := plan.full_anyway(department):
        total = total_formula(plan.scheme, lambda code: f"{plan.indicator_column(code)}{_ROW}", full)
    total = held_formula(total.replace(_ROW, str(row)), department.cap)
    spending: Cell = department.spending_rate
    if spending is not None and plan.rate_of_columns:
        spending = Formula(f"={figures[Figure.SPENT]}{row}/{figures[Figure.ADJUSTED]}{row}", department.spending_rate)
    values: dict[Figure, tuple[Cell, str]] = {
        Figure.TOTAL: (Formula(f"={total}", department.total), "box score bold band"),
        Figure.BEFORE: (department.total_before, "box score"),
        Figure.OWN: (department.self_total, "box score"),
        Figure.ADJUSTED: (department.adjusted, "box money"),
        Figure.SPENT: (department.spent, "box money"),
        Figure.RATE: (spending, "box rate"),
        Figure.UNIT: (plan.unit_numbers.get(department.file) if plan.projects else None, "box center"),
    }
    for column, figure in enumerate(figures, plan.first_indicator + len(plan.indicators)):
        page.put(row - 1, column, *values[figure])


def _here(reference: str) -> str:
    return reference.split("!", 1)[1]


def _means(page: Page, plan: SummaryPlan) -> int:
    """Means of all and of each category; returns the last row, as Excel counts it."""
    row = plan.mean_row
    if not plan.ranked:
        return row
    columns: list[Sequence[Decimal | None]] = [*plan.scores.values(), plan.totals]
    points: list[Decimal | None] = [item.points if item.nature == BASE else None for item in plan.indicators]
    points.append(plan.scheme.full_points)
    first = plan.first_indicator
    letters = [xl_col_to_name(first + offset) for offset in range(len(columns))]
    means = [mean(known(column)) for column in columns]
    everybody, behind = f"全部参加排名的{plan.words.one}", [None] * (first - 2)
    page.row(row - 1, 0, ["平均分", everybody, *behind], "box center bold band")
    page.row(row, 0, ["得分率", everybody, *behind], "box center bold band")
    for offset, letter in enumerate(letters):
        average = _average(plan, f"AVERAGE({_here(plan.ranked_range(letter))})", means[offset])
        share = None
        if points[offset] is not None and means[offset] is not None:
            share = Formula(f"={letter}{row}/{letter}${POINTS_ROW}", rate(means[offset], points[offset]))
        page.put(row - 1, first + offset, average, _with(average, "box score bold band"))
        page.put(row, first + offset, share, "box percent bold band")
    row += 1
    for line in range(plan.mean_row - 1, row + len(plan.categories)):
        page.height(line, ROW_HEIGHT)
    own = plan.category_column
    categories = _here(plan.ranked_range(own))
    for category in plan.categories:
        row += 1
        places = [place for place, item in enumerate(plan.ranked) if category_of(item) == category]
        page.row(row - 1, 0, ["平均分", f"其中 {len(places)} 个：", *behind[1:], category], "box center band")
        for offset, letter in enumerate(letters):
            formula = f'AVERAGEIF({categories},"="&${own}{row},{_here(plan.ranked_range(letter))})'
            value = mean(known(columns[offset][place] for place in places))
            average = _average(plan, formula, value)
            page.put(row - 1, first + offset, average, _with(average, "box score band"))
    return row


def _average(plan: SummaryPlan, formula: str, value: Decimal | None) -> Formula:
    """A mean; where an indicator may concern nobody there is none."""
    if not plan.scheme.restricted:
        return Formula(f"={formula}", value)
    return Formula(f'=IFERROR({formula},"{NOBODY}")', NOBODY if value is None else value)


def _with(average: Formula, look: str) -> str:
    return f"{look} center" if average.value == NOBODY else look


def _heat(page: Page, plan: SummaryPlan, last: int) -> None:
    """Fill by score rate, lowest first; one rule covers a whole block. What lies outside the hundred has its own."""
    blocks = ((FIRST_DEPARTMENT, plan.mean_row), (plan.mean_row + 2, last))
    for top, bottom in blocks:
        if top > bottom:
            continue
        for first, end in plan.base_runs:
            for bound, tone in HEAT:
                test = f"=AND(ISNUMBER({first}{top}),{first}{top}<{bound}*{first}${POINTS_ROW})"
                _fill(page, f"{first}{top}:{end}{bottom}", test, tone)
        for nature, tone in OUTSIDE:
            for first, end in plan.runs(plan.scheme.nature_indicators(nature)):
                _fill(page, f"{first}{top}:{end}{bottom}", f"=AND(ISNUMBER({first}{top}),{first}{top}>0)", tone)


def _fill(page: Page, cells: str, test: str, tone: int) -> None:
    fill, ink = TONES[tone]
    rule = {
        "type": "formula",
        "criteria": test,
        "format": page.book.workbook.add_format({"bg_color": fill, "font_color": ink}),
        "stop_if_true": True,
    }
    page.sheet.conditional_format(cells, rule)


SHEET = SingleSheet(MATRIX, 30, write_matrix)
