"""What 总览 says first: what a person has to look at or decide, how often, and who is concerned, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from perfxl.checks.finding import Severity
from perfxl.decimals import ZERO, amount, percent, plain, two_places
from perfxl.outcome import WAITING, has_caps, has_vetoes
from perfxl.results.batch import FileRecord, Status
from perfxl.results.cells import Formula, Link, Page
from perfxl.results.held import BEYOND_QUOTA, CAPPED, VETOED, what_held
from perfxl.results.list_sheets import Table
from perfxl.results.plan import Figure, SummaryPlan
from perfxl.results.sheets.files import OUTSIDE, count_from_outside, files_table, lists_from_outside, status_count
from perfxl.results.sheets.files import SHEET as FILES
from perfxl.results.sheets.findings import SHEET as FINDINGS
from perfxl.results.sheets.matter import NAMES_SHOWN, Matter, Named, department, worst
from perfxl.results.sheets.owed import SHEET as OWED
from perfxl.results.sheets.owed import owed_table
from perfxl.results.sheets.ranking import SCORED, ranking_table
from perfxl.results.sheets.ranking import SHEET as RANKING
from perfxl.results.sheets.review_overview import on_reviews
from perfxl.results.styles import SMALL
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.words import NO_ROSTER
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult


@dataclass(frozen=True)
class Grid:
    """The columns over which they stand: the label up to the one before `count`, then names from `left` and from
    `middle` to `last`. widths: of all columns of the page.
    """

    count: int
    left: int
    middle: int
    last: int
    widths: Sequence[float]

    def takes(self, text: str, first: int, last: int) -> int:
        """How many lines a small text takes in these columns."""
        return text_lines(text, sum(self.widths[first : last + 1]), SMALL)


GRID = Grid(2, 3, 9, 13, [6.9] * 14)

IN_YUAN = "疑似按元填报"
"""The line on those whose money stands in no sum."""


def with_matters(plan: SummaryPlan) -> SummaryPlan:
    """The plan that knows how many rows there are on what is to be done, above the grades."""
    return replace(plan, above=1 + sum(len(_lines(one, GRID)) for one in matters(plan)))


def matters(plan: SummaryPlan) -> list[Matter]:
    """All of them: who has to send something first, then what is to be looked at in the scores."""
    return [*on_files(plan), *on_money(plan), *_waiting(plan), *on_scores(plan)]


def write_matters(page: Page, row: int, found: Sequence[Matter], grid: Grid = GRID) -> int:
    """Writes some of them from this row on; returns the row below."""
    page.row(row, 0, ["需要处理的事项"] + [None] * grid.last, "section")
    row += 1
    for one in found:
        row = _write(page, row, one, grid)
    return row


def _lines(matter: Matter, grid: Grid) -> list[list[Named]]:
    """The names as they stand in rows: two side by side where they fit."""
    lines: list[list[Named]] = []
    for named in matter.shown:
        half = grid.takes(named.text, grid.middle, grid.last) == 1
        if half and lines and len(lines[-1]) == 1 and _is_short(lines[-1][0], grid):
            lines[-1].append(named)
        else:
            lines.append([named])
    return lines


def _is_short(named: Named, grid: Grid) -> bool:
    return grid.takes(named.text, grid.left, grid.middle - 1) == 1


def _write(page: Page, row: int, matter: Matter, grid: Grid) -> int:
    lines = _lines(matter, grid)
    bottom, count = row + len(lines) - 1, grid.count
    needed = grid.takes(matter.label, 0, count - 1)
    label = Link(matter.target, matter.label) if needed == 1 else matter.label
    page.merged(row, 0, bottom, count - 1, label, f"box text bold band small {'link' if needed == 1 else 'wrap'}")
    look = f"box center whole bold{' bad' if matter.count and matter.urgent else ''}"
    if matter.formula:
        page.linked(row, count, bottom, count, matter.target, Formula(matter.formula, matter.count), look)
    else:
        page.merged(row, count, bottom, count, matter.count or None, look)
    least = row_height(needed, SMALL) / len(lines)
    for line, pair in enumerate(lines, row):
        page.height(line, max(least, row_height(1, SMALL)))
        if len(pair) == 1:
            _name(page, line, grid.left, grid.last, pair[0], grid)
        else:
            _name(page, line, grid.left, grid.middle - 1, pair[0], grid)
            _name(page, line, grid.middle, grid.last, pair[1], grid)
    return bottom + 1


def _name(page: Page, row: int, first: int, last: int, named: Named, grid: Grid) -> None:
    lines = grid.takes(named.text, first, last)
    page.at_least(row, row_height(lines, SMALL))
    if named.target and lines == 1:
        page.merged(row, first, row, last, Link(named.target, named.text), "box text small link")
    elif named.target:
        # What a formula comes to is wrapped, the text of a link is not.
        content = Formula(f"={page.book.name_cell(named.text)}", named.text)
        page.linked(row, first, row, last, named.target, content, "box text wrap small link")
    else:
        page.merged(row, first, row, last, named.text, "box text wrap small")


def on_scores(plan: SummaryPlan) -> list[Matter]:
    """Near a grade, held down, self score far above the accepted one, low spending: of the ranked departments."""
    table, bounds = ranking_table(plan), plan.scheme.thresholds
    ((state, near_cells, differences),) = table.ranges("state", "near", "difference")
    scored = f'{state},"{SCORED}"'
    watch, low_rate = plain(bounds.review_watch), plain(bounds.low_rate)

    def line(label: str, formula: str, found: tuple[int, list[Named]]) -> Matter:
        return Matter(label, formula, found[0], RANKING.name_in(plan), RANKING.link(plan, "A1"), found[1])

    over = worst(
        plan,
        (item for item in plan.ranked if -item.difference > bounds.review_watch),
        lambda item: item.difference,
        lambda item: f"高 {two_places(-item.difference)}",
    )
    near = worst(
        plan,
        (item for item in plan.ranked if item.near_threshold),
        lambda item: min((abs(item.total - band.floor) for band in plan.scheme.bands_of(item.category)), default=ZERO),
        lambda item: f"{two_places(item.total)}，{item.grade}",
    )
    lines = [
        *(_held(plan, table, scored, line) if plan.may_hold else []),
        line(f"自评偏高 {watch} 分以上", f'=COUNTIFS({differences},"<-{watch}",{scored})', over),
    ]
    if plan.batch.reviewed:
        lines += on_reviews(plan)
    if Figure.RATE in plan.figures:
        ((rates,),) = table.ranges("spending")
        low = worst(
            plan,
            (item for item in plan.ranked if item.spending_rate is not None and item.spending_rate < bounds.low_rate),
            lambda item: item.spending_rate,
            lambda item: percent(item.spending_rate or ZERO),
        )
        label = f"{plan.rate_label}低于 {percent(bounds.low_rate, 0)}"
        lines.append(line(label, f'=COUNTIFS({rates},"<{low_rate}",{scored})', low))
    return [*lines, line("临界等级线", f'=COUNTIFS({near_cells},"临界",{scored})', near)]


def _held(
    plan: SummaryPlan,
    table: Table[DepartmentResult],
    scored: str,
    line: Callable[[str, str, tuple[int, list[Named]]], Matter],
) -> list[Matter]:
    """Whose total or grade is held down, by what holds it; the lowest first."""
    scheme = plan.scheme
    ((cells,),) = table.ranges("held")
    lines = []
    for word, there in ((VETOED, has_vetoes(scheme)), (CAPPED, has_caps(scheme)), (BEYOND_QUOTA, bool(scheme.quotas))):
        if there:
            found = worst(plan, _with(plan, scheme, word), lambda item: item.total, _change(word))
            lines.append(line(word, f'=COUNTIFS({cells},"*{word}*",{scored})', found))
    return lines


def _with(plan: SummaryPlan, scheme: Scheme, word: str) -> Iterable[DepartmentResult]:
    return (item for item in plan.ranked if word in what_held(scheme, item))


def _change(word: str) -> Callable[[DepartmentResult], str]:
    if word == CAPPED:
        return lambda item: f"{two_places(item.capped_from or item.total)} → {two_places(item.total)}"
    return lambda item: f"{item.grade_from} → {item.grade}"


def _waiting(plan: SummaryPlan) -> list[Matter]:
    """Indicators that wait for values of the bureau, each with how many departments it waits for."""
    if not plan.scheme.pendable:
        return []
    counts = Counter(score.code for item in plan.departments for score in item.scores if score.pending)
    one = plan.words.one
    found = [item for item in plan.indicators if counts[item.code]]
    found.sort(key=lambda item: -counts[item.code])
    names = [f"{item.code} {item.name}（{counts[item.code]} 个{one}）" for item in found]
    words = "、".join(names[:NAMES_SHOWN]) or "无"
    words += f" 等 {len(names)} 个指标" if len(names) > NAMES_SHOWN else ""
    return [Matter(f"{WAITING}的指标", "", 0, RANKING.name_in(plan), RANKING.link(plan, "A1"), said=words)]


def on_files(plan: SummaryPlan) -> list[Matter]:
    """Returned, rejected, late and missing."""
    table, records = files_table(plan), plan.batch.files
    reasons = {record.path: record.reason.partition("，")[0] for record in records}
    returned = [item for item in plan.departments if not item.ranked]
    # Those with the most errors first, as the names say how many, then those with the most to be looked at.
    returned.sort(key=lambda item: (-_errors(plan, item), -plan.context.count_of(item)))
    back = [department(plan, item, reasons.get(item.file, "")) for item in returned[:NAMES_SHOWN]]

    def line(status: Status, named: Sequence[Named], sheet: str, target: str) -> Matter:
        count = sum(record.status is status for record in records)
        formula = f"={status_count(plan, table, status)}"
        return Matter(status.label, formula, count, sheet, target, named, urgent=True)

    listed = FILES.name, FILES.link(plan, "A1")
    lines = [
        line(Status.RETURNED, back, FINDINGS.name, FINDINGS.link(plan, "A1")),
        line(Status.REJECTED, _listed(plan, Status.REJECTED), *listed),
    ]
    if OWED.present(plan.lists.batch):
        lines.append(_late(plan))
    missing = line(Status.MISSING, _listed(plan, Status.MISSING), *listed)
    lines.append(missing if plan.batch.rostered else replace(missing, formula="", said=NO_ROSTER))
    if outside := lists_from_outside(plan):
        named = [_file(plan, record) for record in outside[:NAMES_SHOWN]]
        lines.append(Matter(OUTSIDE, f"={count_from_outside(table)}", len(outside), *listed, named))
    return lines


def on_money(plan: SummaryPlan) -> list[Matter]:
    """Whose money seems to be in 元 and stands in no sum, the highest first; nothing where there is nobody."""
    if not plan.doubted:
        return []
    named = [
        department(plan, item, f"{amount(item.adjusted or ZERO)} 万元")
        for item in sorted(plan.doubted, key=lambda item: -(item.adjusted or ZERO))[:NAMES_SHOWN]
    ]
    # Which of the findings on money is the reason does not show in their list.
    target = FINDINGS.link(plan.lists, "A1")
    return [Matter(IN_YUAN, "", len(plan.doubted), FINDINGS.name_in(plan.lists), target, named, urgent=True)]


def _errors(plan: SummaryPlan, item: DepartmentResult) -> int:
    return sum(finding.severity is Severity.ERROR for finding in plan.context.findings_of(item))


def _listed(plan: SummaryPlan, status: Status) -> list[Named]:
    """The first files of a status, with links to their lines."""
    found = [record for record in plan.batch.files if record.status is status]
    return [_file(plan, record) for record in found[:NAMES_SHOWN]]


def _file(plan: SummaryPlan, record: FileRecord) -> Named:
    table, place = files_table(plan), plan.lists.batch.files.index(record)
    column = "path" if record.path else "department"
    cell = table.cell(column, table.first + place)
    sheet = table.sheets[0]
    note = record.reason if record.status is Status.REJECTED and len(record.reason) <= 20 else ""
    # Beyond the first of several sheets there is no link.
    return Named(record.path or record.department, note, f"internal:'{sheet}'!{cell.replace('$', '')}")


def _late(plan: SummaryPlan) -> Matter:
    """Who is to be urged and has let the day pass; the longest first."""
    table = owed_table(plan)
    late = sorted((one for one in plan.batch.owed if one.late), key=lambda one: -one.late)
    named = [Named(one.project or one.name, f"{one.state}，{one.late} 天", OWED.link(plan, "A1")) for one in late]
    formula = table.added('COUNTIF({},">0")', "late")
    if plan.short:
        formula = table.added(f'COUNTIFS({{}},">0",{{}},{plan.own_rows})', "late", "scheme")
    target = OWED.link(plan, "A1")
    return Matter("已逾期，需催报", f"={formula}", len(late), OWED.name, target, named[:NAMES_SHOWN], urgent=True)
