"""年度变化: what is compared with what, who moved most, and which indicators fell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from perfxl.decimals import ZERO, half_up
from perfxl.results.cells import Cell, Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.years_columns import years_of
from perfxl.results.styles import SMALL, TONES
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.text_height import row_height, text_lines
from perfxl.scheme.model import BASE, Indicator
from perfxl.scoring.result import DepartmentResult
from perfxl.years.result import IndicatorThen, Then, YearHead

WIDTHS = (8.0, 28.0, 11.0, 9.0, 9.0, 10.0, 10.0, 10.0, 9.0, 9.0, 9.0)
LAST = len(WIDTHS) - 1
MOVERS = 5  # so many up and down
OLDER = 3  # so many years before the last stand beside the indicators
NAMED = 8
ROW = 18.0
CHART, BAR = 40, 25  # pixels of a chart's title and of each of its bars


def write_changes(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    years = plan.years
    assert years is not None
    page.widths([*WIDTHS, *[7.5] * min(len(years.heads) - 1, OLDER)])
    page.put(0, 0, plan.title(SHEET.name), "title")
    page.height(0, 28)
    row = 1
    for head in years.heads:
        for text in (_about(plan, head), *head.notes):
            page.merged(row, 0, row, LAST, text if text.endswith("。") else f"{text}。", "note wrap left")
            page.height(row, row_height(text_lines(text, sum(WIDTHS), SMALL), SMALL))
            row += 1
    row = _movers(page, plan, row + 1)
    row = _indicators(page, plan, row + 1)
    page.print_setup(landscape=True, area=(row - 1, len(page.columns) - 1))


def _about(plan: SummaryPlan, head: YearHead) -> str:
    one = plan.words.one
    text = (
        f"{head.year} 年度：结果读自“{head.source}”。本年 {plan.words.count(len(plan.departments))}中 "
        f"{head.matched} 个与该年对应，其中 {head.comparable} 个两年都有名次，名次只在它们中比较。"
    )
    if head.gone:
        more = f"等 {len(head.gone)} 个" if len(head.gone) > NAMED else ""
        text += f"该年有而本年没有对应的{one}：{'、'.join(head.gone[:NAMED])}{more}。"
    return text


def _movers(page: Page, plan: SummaryPlan, row: int) -> int:
    """Who won and lost most against the year last gone; the row below."""
    years, one = plan.years, plan.words.one
    assert years is not None
    head = years.heads[0]
    _section(page, row, f"与 {head.year} 年度相比总分升降最大的{one}")
    moved = [
        (half_up(item.total - then.figures.total), item, then)
        for item in plan.ranked
        if (then := years_of(plan, item).thens[0]) is not None and then.figures.total is not None
    ]
    up = sorted((each for each in moved if each[0] > 0), key=lambda each: -each[0])[:MOVERS]
    down = sorted((each for each in moved if each[0] < 0), key=lambda each: each[0])[:MOVERS]
    if not up and not down:
        page.put(row + 1, 0, f"没有总分升降的{one}。", "muted")
        return row + 2
    count = len(up) + len(down)
    # Over the whole width, so that long names stay whole, and above the table, where no page ends within it.
    size = (sum(map(pixels_wide, WIDTHS)), CHART + BAR * count)
    head_row = row + 1 + ceil(size[1] / pixels_high(ROW)) + 1
    for each in range(row + 1, head_row):
        page.height(each, ROW)
    page.height(head_row - 1, 8)
    series = [Series((head_row, 5), (head_row + 1, head_row + count), 1, 5, label="+0.00;-0.00")]
    told = "，".join(f"{item.title} {change:+}" for change, item, _ in [*up, *down])
    title = f"总分增减（较 {head.year} 年度）"
    draw(page, "bar", title, series, (row + 1, 0), size, bottom=None, number="0", alt=told)
    headings: list[Cell] = [
        "升降", plan.words.title, "类别", f"{head.year}\n总分", f"{years.year}\n总分", "总分\n增减", "可比名次\n升降",
    ]  # fmt: skip
    page.row(head_row, 0, headings, "head")
    page.height(head_row, 32)
    line = head_row + 1
    for word, tone, some in (("上升", "good", up), ("下降", "bad", down[::-1])):
        for change, item, then in some:
            _mover(page, plan, line, (word, tone), item, then, change)
            line += 1
    return line


def _mover(
    page: Page, plan: SummaryPlan, line: int, word: tuple[str, str], item: DepartmentResult, then: Then, change: Decimal
) -> None:
    excel = line + 1
    page.put(line, 0, word[0], f"box center {word[1]}")
    page.put(line, 1, plan.name(item), "box text wrap")
    page.put(line, 2, item.category, "box center shrink")
    page.put(line, 3, then.figures.total, "box score")
    page.put(line, 4, Formula(f"={plan.matrix_cell(item, plan.total_column)}", item.total), "box score bold")
    page.put(line, 5, Formula(f"=ROUND(E{excel}-D{excel},2)", change), "box signed")
    page.put(line, 6, then.moved, "box places")
    page.height(line, max(20, row_height(text_lines(item.title, WIDTHS[1]))))


def _indicators(page: Page, plan: SummaryPlan, row: int) -> int:
    """The indicators, those that fell most first; the row below."""
    years, one = plan.years, plan.words.one
    assert years is not None
    last, older = years.heads[0].year, years.heads[1 : 1 + OLDER]
    _section(page, row, f"指标变化（与 {last} 年度相比，下降多的在前）")
    text = f"平均得分率只统计两年都已评分的{one}；“上升”“下降”是得分率上升、下降的{one}数。增减以百分点计。"
    page.merged(row + 1, 0, row + 1, LAST, text, "note wrap left")
    headings: list[Cell] = [
        "代码", "三级指标", "二级指标", f"{last}\n分值", f"{years.year}\n分值", f"{last}\n平均得分率",
        f"{years.year}\n平均得分率", "增减\n（百分点）", "下降", "上升", f"{one}数",
        *[f"较 {head.year}\n增减" for head in older],
    ]  # fmt: skip
    page.row(row + 2, 0, headings, "head")
    page.height(row + 2, 32)
    first = line = row + 3
    for indicator in _ordered(plan):
        _indicator(page, plan, line, indicator)
        line += 1
    fill, ink = TONES[3]
    form = page.book.workbook.add_format({"bg_color": fill, "font_color": ink})
    rule = {"type": "cell", "criteria": "<", "value": 0, "format": form}
    page.sheet.conditional_format(first, 7, max(line - 1, first), 7, rule)
    return line


def _ordered(plan: SummaryPlan) -> Sequence[Indicator]:
    """Those that were there before, by how far they fell; new ones behind."""

    def key(indicator: Indicator) -> tuple[bool, Decimal]:
        then = _last(plan, indicator)
        change = _change(then)
        return change is None, change or ZERO

    return sorted((item for item in plan.indicators if item.nature == BASE), key=key)


def _last(plan: SummaryPlan, indicator: Indicator) -> IndicatorThen:
    assert plan.years is not None
    return plan.years.indicators[indicator.code][0]


def _change(then: IndicatorThen) -> Decimal | None:
    """Percentage points."""
    return None if then.now is None or then.then is None else round((then.now - then.then) * 100, 6) + ZERO


def _indicator(page: Page, plan: SummaryPlan, line: int, indicator: Indicator) -> None:
    then, excel = _last(plan, indicator), line + 1
    change = _change(then)
    page.put(line, 0, indicator.code, "box center")
    renamed = f"（原 {then.code}）" if then.code and then.code != indicator.code else ""
    name = f"{indicator.name}{renamed}"
    page.put(line, 1, name, "box text wrap")
    page.put(line, 2, indicator.level2, "box center shrink")
    page.put(line, 3, "新增" if then.points is None else then.points, "box center points")
    page.put(line, 4, indicator.points, "box center points")
    page.put(line, 5, then.then, "box share")
    page.put(line, 6, then.now, "box share bold")
    page.put(line, 7, None if change is None else Formula(f"=ROUND((G{excel}-F{excel})*100,6)", change), "box signed")
    for column, count in enumerate((then.fell, then.rose, then.count), 8):
        page.put(line, column, None if then.points is None else count, "box center whole")
    assert plan.years is not None
    for column, before in enumerate(plan.years.indicators[indicator.code][1 : 1 + OLDER], LAST + 1):
        page.put(line, column, _change(before), "box signed")
    page.height(line, max(20, row_height(text_lines(name, WIDTHS[1]))))


def _section(page: Page, row: int, text: str) -> None:
    page.row(row, 0, [text] + [None] * LAST, "section")
    page.height(row, 20)


SHEET = SingleSheet("年度变化", 51, write_changes, long=False, present=lambda batch: bool(batch.years))
