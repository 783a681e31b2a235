"""What 总览 says of the matter: the most common deductions and findings, and what waits for a decision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal

from perfxl.checks.finding import Severity
from perfxl.checks.review import REVIEW_CHECKS
from perfxl.decimals import ZERO, percent, plain, two_places
from perfxl.outcome import WAITING, has_caps, has_vetoes
from perfxl.results.batch import Status
from perfxl.results.cells import Cell, Formula, Page, row_height, text_lines
from perfxl.results.held import BEYOND_QUOTA, CAPPED, VETOED, what_held
from perfxl.results.list_sheets import Table
from perfxl.results.plan import Figure, SummaryPlan
from perfxl.results.sheets.deductions import deductions_table
from perfxl.results.sheets.files import OUTSIDE, count_from_outside, files_table, lists_from_outside, status_count
from perfxl.results.sheets.files import SHEET as FILES
from perfxl.results.sheets.findings import LOOKS, findings_table
from perfxl.results.sheets.findings import SHEET as FINDINGS
from perfxl.results.sheets.owed import SHEET as OWED
from perfxl.results.sheets.owed import owed_table
from perfxl.results.sheets.ranking import SCORED, ranking_table
from perfxl.results.sheets.ranking import SHEET as RANKING
from perfxl.results.sheets.review_overview import on_reviews
from perfxl.results.styles import SMALL
from perfxl.results.words import NO_ROSTER, outside_name
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult

COMMON = 5
RIGHT = 7
NAMES_SHOWN = 8
WIDTH = 6.9
LIST_WIDTH = 11 * WIDTH  # characters of the columns that hold a list of names


def write_deductions(page: Page, plan: SummaryPlan, row: int) -> int:
    """Left: the indicators on which most departments lost points; returns the row below."""
    _section(page, row, 0, 6, "最常见的扣分")
    row += 1
    page.put(row, 0, "代码", "head")
    page.merged(row, 1, row, 3, "三级指标", "head")
    page.row(row, 4, [f"{plan.words.one}数", "共扣分"], "head")
    table = deductions_table(plan)
    counts: Counter[str] = Counter()
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for department in plan.ranked:
        for score in department.scores:
            if (lost := score.lost) > 0 and score.code in plan.scheme.indicator_by_code:
                counts[score.code] += 1
                sums[score.code] += lost
    order = sorted(counts, key=lambda code: (-counts[code], -sums[code], code))
    for code in order[:COMMON]:
        row += 1
        own = f"$A{row + 1}"
        count = table.added(f'COUNTIFS({{}},{own},{{}},">0")', "code", "rank")
        points = table.added(f'SUMIFS({{}},{{}},{own},{{}},">0")', "lost", "code", "rank")
        page.put(row, 0, code, "box center")
        _name(page, row, 1, outside_name(plan.scheme.indicator_by_code[code]))
        page.put(row, 4, Formula(f"={count}", counts[code]), "box center whole")
        page.put(row, 5, Formula(f"=ROUND({points},2)", sums[code]), "box score bold")
    if not order:
        row += 1
        page.merged(row, 0, row, 5, "没有扣分。", "box text muted")
    return row + 1


def write_findings(page: Page, plan: SummaryPlan, row: int) -> int:
    """Right: the findings that occur most, errors and warnings before what is only info; returns the row below."""
    _section(page, row, RIGHT, 7, "最常见的问题")
    row += 1
    page.put(row, RIGHT, "代码", "head")
    page.merged(row, RIGHT + 1, row, RIGHT + 3, "问题", "head")
    page.row(row, RIGHT + 4, ["级别", "次数", "文件数"], "head")
    first, counts, files = plan.tally.first, plan.tally.counts, plan.tally.files
    # What is to be said of reviewers says nothing of what was filled in.
    order = [code for code in first if code not in _OF_REVIEWS]
    order.sort(key=lambda code: (first[code].severity is Severity.INFO, -counts[code], code))
    table = findings_table(plan)
    for code in order[:COMMON]:
        row += 1
        own, severity = f"$H{row + 1}", first[code].severity
        page.put(row, RIGHT, code, "box center")
        _name(page, row, RIGHT + 1, first[code].title)
        page.put(row, RIGHT + 4, severity.label, f"box center {LOOKS[severity]}")
        count = table.added(f"COUNTIF({{}},{own})", "code")
        if plan.short:
            count = table.added(f"COUNTIFS({{}},{own},{{}},{plan.own_rows})", "code", "scheme")
        page.put(row, RIGHT + 5, Formula(f"={count}", counts[code]), "box center whole")
        page.put(row, RIGHT + 6, files[code], "box center whole")
    if not order:
        row += 1
        page.merged(row, RIGHT, row, RIGHT + 6, "没有发现问题。", "box text muted")
    return row + 1


def write_decisions(page: Page, plan: SummaryPlan, row: int) -> int:
    """What a person has to look at or decide, how often, and who is concerned; returns the row below."""
    page.row(row, 0, ["需要处理的事项"] + [None] * 13, "section")
    for label, formula, count, names, sheet in (*_on_scores(plan), *_waiting(plan), *_on_files(plan)):
        row += 1
        if not formula:
            page.merged(row, 0, row, 1, label, "box text bold band wrap small")
            page.put(row, 2, None, "box")
            page.merged(row, 3, row, 13, names[0], "box text wrap")
            page.height(row, max(_height(label, 2), row_height(text_lines(names[0], LIST_WIDTH))))
            continue
        page.merged(row, 0, row, 1, label, "box text bold band wrap small")
        page.put(row, 2, Formula(formula, count), "box center whole bold")
        text = "、".join(names) or "无"
        if count > NAMES_SHOWN:
            text += f" 等 {count} 个，详见“{sheet}”"
        page.merged(row, 3, row, 13, text, "box text wrap")
        page.height(row, max(_height(label, 2), row_height(text_lines(text, LIST_WIDTH))))
    return row + 1


def _name(page: Page, row: int, column: int, text: str) -> None:
    """A name over three columns, on as many lines as it takes."""
    page.merged(row, column, row, column + 2, text, "box text wrap small")
    page.at_least(row, _height(text, 3))


def _height(text: str, columns: int) -> float:
    return row_height(text_lines(text, columns * WIDTH, SMALL), SMALL)


_Line = tuple[str, str, int, list[str], str]
"""What it is, the formula and the number of those it concerns, the first of them by name, the sheet that has all.

Without a formula nothing is counted, and a sentence stands for the names."""


def _on_scores(plan: SummaryPlan) -> list[_Line]:
    """Near a grade, held down, self score far above the accepted one, low spending: of the ranked departments."""
    table, bounds = ranking_table(plan), plan.scheme.thresholds
    ((state, near_cells, differences),) = table.ranges("state", "near", "difference")
    scored = f'{state},"{SCORED}"'
    near = _chosen(plan, lambda item: item.near_threshold, lambda item: f"{two_places(item.total)}，{item.grade}")
    over = _chosen(
        plan, lambda item: -item.difference > bounds.review_watch, lambda item: f"高 {two_places(-item.difference)}"
    )
    watch, low_rate = plain(bounds.review_watch), plain(bounds.low_rate)
    lines = [
        ("临界等级线", f'=COUNTIFS({near_cells},"临界",{scored})', *near, RANKING.name_in(plan)),
        *(_held(plan, table, scored) if plan.may_hold else []),
        (f"自评偏高 {watch} 分以上", f'=COUNTIFS({differences},"<-{watch}",{scored})', *over, RANKING.name_in(plan)),
    ]
    if plan.batch.reviewed:
        lines += on_reviews(plan)
    if Figure.RATE in plan.figures:
        ((rates,),) = table.ranges("spending")
        low = _chosen(
            plan,
            lambda item: item.spending_rate is not None and item.spending_rate < bounds.low_rate,
            lambda item: percent(item.spending_rate or ZERO),
        )
        label = f"{plan.rate_label}低于 {percent(bounds.low_rate, 0)}"
        lines.append((label, f'=COUNTIFS({rates},"<{low_rate}",{scored})', *low, RANKING.name_in(plan)))
    return lines


def _held(plan: SummaryPlan, table: Table[DepartmentResult], scored: str) -> list[_Line]:
    """Whose total or grade is held down, by what holds it."""
    scheme = plan.scheme
    ((cells,),) = table.ranges("held")
    lines: list[_Line] = []
    for word, there in ((CAPPED, has_caps(scheme)), (VETOED, has_vetoes(scheme)), (BEYOND_QUOTA, bool(scheme.quotas))):
        if there:
            count, names = _chosen(plan, _is_held(scheme, word), _change(word))
            lines.append((word, f'=COUNTIFS({cells},"*{word}*",{scored})', count, names, RANKING.name_in(plan)))
    return lines


def _is_held(scheme: Scheme, word: str) -> Callable[[DepartmentResult], bool]:
    return lambda item: word in what_held(scheme, item)


def _change(word: str) -> Callable[[DepartmentResult], str]:
    if word == CAPPED:
        return lambda item: f"{two_places(item.capped_from or item.total)} → {two_places(item.total)}"
    return lambda item: f"{item.grade_from} → {item.grade}"


def _waiting(plan: SummaryPlan) -> list[_Line]:
    """Indicators that wait for values of the bureau, each with how many departments it waits for."""
    if not plan.scheme.pendable:
        return []
    counts = Counter(score.code for item in plan.departments for score in item.scores if score.pending)
    one = plan.words.one
    names = [f"{item.code} {item.name}（{counts[item.code]} 个{one}）" for item in plan.indicators if counts[item.code]]
    words = "、".join(names[:NAMES_SHOWN]) or "无"
    words += f" 等 {len(names)} 个指标" if len(names) > NAMES_SHOWN else ""
    return [(f"{WAITING}的指标", "", 0, [words], "")]


def _chosen(
    plan: SummaryPlan, test: Callable[[DepartmentResult], bool], show: Callable[[DepartmentResult], str]
) -> tuple[int, list[str]]:
    """How many of the ranked departments pass a test, and the first of them by name with what is to be shown."""
    count, names = 0, []
    for item in plan.ranked:
        if test(item):
            count += 1
            if count <= NAMES_SHOWN:
                names.append(f"{item.title}（{show(item)}）")
    return count, names


def _on_files(plan: SummaryPlan) -> list[_Line]:
    """Returned, rejected and missing."""
    files = plan.batch.files
    table = files_table(plan)
    returned = [item.title for item in plan.departments if not item.ranked]
    rejected = [record.path for record in files if record.status is Status.REJECTED]
    missing = [record.department for record in files if record.status is Status.MISSING]
    lines: list[_Line] = []
    for status, names, sheet in (
        (Status.RETURNED, returned, FINDINGS.name),
        (Status.REJECTED, rejected, FILES.name),
        (Status.MISSING, missing, FILES.name),
    ):
        if status is Status.MISSING and not plan.batch.rostered:
            lines.append((status.label, "", 0, [NO_ROSTER], sheet))
            continue
        count = sum(record.status is status for record in files)
        lines.append((status.label, f"={status_count(plan, table, status)}", count, names[:NAMES_SHOWN], sheet))
    if outside := [record.path for record in lists_from_outside(plan)]:
        formula = f"={count_from_outside(table)}"
        lines.append((OUTSIDE, formula, len(outside), outside[:NAMES_SHOWN], FILES.name))
    return [*lines, *([_late(plan)] if OWED.present(plan.lists.batch) else [])]


def _late(plan: SummaryPlan) -> _Line:
    """Who is to be urged and has let the day pass."""
    table, late = owed_table(plan), [one for one in plan.batch.owed if one.late]
    names = [f"{one.project or one.name}（{one.state}，{one.late} 天）" for one in late[:NAMES_SHOWN]]
    formula = table.added('COUNTIF({},">0")', "late")
    if plan.short:
        formula = table.added(f'COUNTIFS({{}},">0",{{}},{plan.own_rows})', "late", "scheme")
    return "已逾期，需催报", f"={formula}", len(late), names, OWED.name


_OF_REVIEWS = frozenset(check.code for check in REVIEW_CHECKS)


def _section(page: Page, row: int, column: int, columns: int, text: str) -> None:
    cells: list[Cell] = [text, *([None] * (columns - 1))]
    page.row(row, column, cells, "section")
