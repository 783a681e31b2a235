"""指标分析: per indicator how the batch did; below it the weakest, the categories and how firm the ranks are."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.decimals import ZERO
from perfxl.results.cells import Cell, Formula, Name, Page
from perfxl.results.plan import FIRST_DEPARTMENT, SummaryPlan
from perfxl.results.plan_of_batch import known
from perfxl.results.sheets.analysis_lists import write_categories, write_ranges, write_weakest
from perfxl.results.sheets.matrix import SHEET as MATRIX
from perfxl.results.statistics import deviation, mean, rate
from perfxl.results.styles import SMALL, TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.words import outside_name
from perfxl.scheme.model import BASE, BONUS, Indicator

NAMES_SHOWN = 3
WIDTHS = (6.5, 24.0, 10.0, 6.0, 8.0, 8.0, 8.0, 8.0, 8.0, 7.0, 7.0, 8.0, *([12.1] * NAMES_SHOWN))
FIRST = 3  # 0-based row of the first indicator
LAST = len(WIDTHS) - 1
NAMES = LAST - NAMES_SHOWN + 1
"""The first of the columns with the names: a cell has one link, so that each name has its own."""
WEAK, NEGATIVE = Decimal("0.1"), ZERO  # discrimination below these is marked


def write_analysis(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    page.widths(list(WIDTHS))
    page.put(0, 0, plan.title(SHEET.name), "title")
    page.height(0, 28)
    note = _note(plan)
    page.merged(1, 0, 1, LAST, note, "note wrap left")
    page.height(1, row_height(text_lines(note, sum(WIDTHS), SMALL), SMALL))
    page.row(2, 0, _headings(plan.words.one), "head")
    page.merged(2, NAMES, 2, LAST, f"得分最低的{plan.words.one}", "head")
    page.height(2, 32)
    page.sheet.freeze_panes(3, 2)
    row = FIRST
    for indicator in plan.indicators:
        _indicator(page, plan, row, indicator)
        row += 1
    _marks(page, row - 1)
    parts: list[int] = []
    ranges = None
    if plan.ranked:
        parts.append(row + 1)
        row = write_weakest(page, plan, row + 1, WIDTHS, FIRST)
        parts.append(row + 1)
        row = write_categories(page, plan, row + 1, WIDTHS)
        parts.append(row + 1)
        ranges = write_ranges(page, plan, row + 1, WIDTHS)
        row = ranges.last
    # Headings stay with their first rows, charts with theirs; what goes on for pages has its headings again.
    page.print_setup(
        landscape=True,
        repeat=(ranges.head, ranges.head) if ranges and ranges.head else None,
        area=(row, LAST),
        parts=parts,
        flowing=ranges.first_rows if ranges else None,
    )


def _headings(one: str) -> list[Cell]:
    return [
        "代码", "三级指标", "二级指标", "分值", "平均分", "平均\n得分率", "最高分", "最低分", "标准差",
        f"满分\n{one}数", f"零分\n{one}数", "区分度",
    ]  # fmt: skip


def _note(plan: SummaryPlan) -> str:
    one = plan.words.one
    note = (
        f"只统计参加排名的 {plan.words.count(len(plan.ranked))}。标准差为总体标准差（STDEVP）。"
        f"区分度 = 总分前三分之一{one}的平均得分率 － 后三分之一{one}的平均得分率（按名次各取三分之一，尾数舍去）；"
        "接近 0 的指标拉不开差距，为负的值得检查。"
    )
    if any(map(plan.scheme.waits_outside, plan.scheme.indicators)):
        note += f"指标不适用或待核定的{one}不参加该项指标的统计。"
    elif plan.scheme.restricted:
        note += f"指标不适用的{one}不参加该项指标的统计。"
    if any(indicator.nature != BASE for indicator in plan.indicators):
        note += "加分、扣分指标不计得分率和区分度，右边几列是加分或扣分最多的。"
    return note


def _indicator(page: Page, plan: SummaryPlan, row: int, indicator: Indicator) -> None:
    scores, base = plan.known(indicator.code), indicator.nature == BASE
    page.put(row, 0, indicator.code, "box center")
    page.put(row, 1, outside_name(indicator), "box text wrap")
    page.put(row, 2, indicator.level2, "box center wrap small")
    page.put(row, 3, indicator.points, "box center points")
    if not scores:
        page.row(row, 4, [None] * (LAST - 3), "box")
        return
    cells = plan.ranked_range(plan.indicator_column(indicator.code))
    average = mean(scores)
    excel = row + 1
    page.put(row, 4, Formula(f"=AVERAGE({cells})", average), "box score bold")
    share = Formula(f"=E{excel}/D{excel}", rate(average, indicator.points)) if base else None
    page.put(row, 5, share, "box share bold")
    page.put(row, 6, Formula(f"=MAX({cells})", max(scores)), "box score")
    page.put(row, 7, Formula(f"=MIN({cells})", min(scores)), "box score")
    page.put(row, 8, Formula(f"=STDEVP({cells})", deviation(scores)), "box score")
    full, zeros = scores.count(indicator.points), scores.count(ZERO)
    page.put(row, 9, Formula(f"=COUNTIF({cells},D{excel})", full), "box center whole")
    page.put(row, 10, Formula(f"=COUNTIF({cells},0)", zeros), "box center whole")
    page.put(row, 11, _discrimination(plan, indicator, excel) if base else None, "box share")
    lines = _names(page, row, _lowest(plan, indicator) if base else _most(plan, indicator))
    lines = max(lines, text_lines(indicator.level2, WIDTHS[2], SMALL))
    page.height(row, max(row_height(lines, SMALL), row_height(text_lines(outside_name(indicator), WIDTHS[1]))))


def _discrimination(plan: SummaryPlan, indicator: Indicator, excel: int) -> Cell:
    """The mean rate of the best third less that of the last third; 得分矩阵 has the departments by rank."""
    scores, points = plan.scores[indicator.code], indicator.points
    third = len(scores) // 3
    best, last = mean(known(scores[:third])), mean(known(scores[-third:])) if third else None
    if best is None or last is None:
        return None
    column = plan.indicator_column(indicator.code)
    above = plan.matrix_range(column, FIRST_DEPARTMENT, FIRST_DEPARTMENT + third - 1)
    below = plan.matrix_range(column, plan.last_ranked - third + 1, plan.last_ranked)
    return Formula(f"=(AVERAGE({above})-AVERAGE({below}))/D{excel}", rate(best - last, points))


def _marks(page: Page, last: int) -> None:
    """Tones for a discrimination that is low or below 0; the number itself says so too."""
    for bound, tone in ((NEGATIVE, 3), (WEAK, 2)):
        fill, ink = TONES[tone]
        page.sheet.conditional_format(
            FIRST,
            11,
            last,
            11,
            {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER($L{FIRST + 1}),$L{FIRST + 1}<{bound})",
                "format": page.book.workbook.add_format({"bg_color": fill, "font_color": ink}),
                "stop_if_true": True,
            },
        )


def _names(page: Page, row: int, names: Sequence[Name]) -> int:
    """The names side by side, one alone over all columns; how many lines they take."""
    look = "box text wrap small"
    if len(names) == 1:
        page.merged(row, NAMES, row, LAST, names[0], look)
        return text_lines(names[0].text, sum(WIDTHS[NAMES:]), SMALL)
    page.row(row, NAMES, [*names, *[None] * (NAMES_SHOWN - len(names))], look)
    return max(text_lines(name.text, WIDTHS[NAMES], SMALL) for name in names)


def _lowest(plan: SummaryPlan, indicator: Indicator) -> list[Name]:
    low = min(plan.known(indicator.code))
    return [Name("全部满分", "")] if low >= indicator.points else _who(plan, indicator, low)


def _most(plan: SummaryPlan, indicator: Indicator) -> list[Name]:
    """Who is added or deducted most."""
    most = max(plan.known(indicator.code))
    if not most:
        return [Name(f"没有{indicator.nature}", "")]
    first, *others = _who(plan, indicator, most)
    return [first._replace(text=f"{indicator.nature}最多：{first.text}"), *others]


def _who(plan: SummaryPlan, indicator: Indicator, wanted: Decimal) -> list[Name]:
    """Those who have a score, the last in rank first; where they are many, the last one leads to where they all are."""
    scores = plan.scores[indicator.code]
    found = [item for item, score in zip(plan.ranked, scores, strict=True) if score == wanted]
    if indicator.nature != BONUS:
        found.reverse()
    if len(found) <= NAMES_SHOWN:
        return [plan.name(item) for item in found]
    column = plan.indicator_column(indicator.code)
    place = MATRIX.link(plan, f"{column}{plan.matrix_rows[found[0].file]}")
    return [*map(plan.name, found[: NAMES_SHOWN - 1]), Name(f"等 {len(found)} 个", place)]


SHEET = SingleSheet("指标分析", 50, write_analysis)
