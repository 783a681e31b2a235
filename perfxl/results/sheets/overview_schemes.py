"""总览 of a run with several schemes: a line for each, and where it is wanted the ranking over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from perfxl.references import column_letters, literal
from perfxl.results.batch import Status
from perfxl.results.cells import Cell, Formula, Link, Name, Page, page_room
from perfxl.results.context import category_of
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.several import SchemePlan
from perfxl.results.sheets.files import counted_files, files_table, status_count
from perfxl.results.sheets.matter import Matter
from perfxl.results.sheets.overview import section
from perfxl.results.sheets.overview_matters import Grid, on_files, on_money, on_scores, write_matters
from perfxl.results.sheets.ranking import SCORED, grade_cell, ranking_table
from perfxl.results.sheets.ranking import SHEET as RANKING
from perfxl.results.sheets.review_overview import progress
from perfxl.results.statistics import mean
from perfxl.results.styles import SMALL
from perfxl.results.text_height import ROW_HEIGHT, row_height, text_lines
from perfxl.scoring.result import DepartmentResult
from perfxl.xlsx.paper import fitted

RECEIVED = (Status.SCORED, Status.RETURNED, Status.REJECTED, Status.SUPERSEDED, Status.DUPLICATE)
STATES = (*RECEIVED, Status.MISSING)
HEADINGS: list[Cell] = [
    SCHEME,
    "方案名称",
    "收到填报",
    *(status.label for status in STATES),
    "平均分",
    "最高分",
    "最低分",
]
WIDTHS = (15.0, 34.0, 13.0, 12.0, *([8.5] * (len(STATES) - 1)), 8.5, 8.5, 8.5)
LEAST = (12.0, 22.0, 10.0, 10.0, *WIDTHS[4:])
COUNT, STATE, MEAN, GRADE = 2, 3, 3 + len(STATES), 6 + len(STATES)
"""The columns of what was received, its states, the mean with what is beside it, and the grades."""
NARROW, LINKS = 5.5, 8.5
HEADING = 3  # row of the headings, from 0
JOINT = ("合并\n名次", "名称", SCHEME, "类别", "总分", "等级", "方案内\n名次")
TOTAL = 4  # the column of the totals in the joint ranking


def write_schemes(page: Page, whole: SummaryPlan, parts: Sequence[SchemePlan]) -> None:
    """Writes the sheet."""
    grades = list(dict.fromkeys(name for part in parts for name in part.plan.grades.names))
    declared = {sheet.name: sheet for part in parts for sheet in part.sheets}
    sheets = sorted(declared, key=lambda name: declared[name].order)
    columns = GRADE + len(grades) + len(sheets)
    # The links are for the screen: without them it fits on a page.
    printed = columns - len(sheets)
    wanted, least = ([*some, *([NARROW] * len(grades))] for some in (WIDTHS, LEAST))
    room = page_room(printed)
    widths = [*fitted(wanted, least, room), *([LINKS] * len(sheets))]
    page.widths(widths)
    page.put(0, 0, whole.title("结果总览"), "title")
    page.height(0, 32)
    started = whole.batch.started.strftime("%Y-%m-%d %H:%M")
    about = f"{whole.scheme.header.bureau}　　{SCHEME} {len(parts)} 个　　生成时间：{started}"
    page.put(1, 0, about, "note")
    section(page, HEADING - 1, 0, columns, f"各{SCHEME}的报送和得分情况")
    page.height(HEADING - 1, 22)
    page.row(HEADING, 0, [*HEADINGS, *grades, *sheets], "head")
    page.height(HEADING, 34)
    row = HEADING + 1
    for part in parts:
        _scheme(page, row, part, grades, sheets)
        row += 1
    row = _others(page, row, whole, columns - len(sheets))
    _sums(page, row, whole, parts, grades)
    row += 2
    wide = sum(widths[:printed]) > room
    # What is printed beside would cut it off.
    last = (len(WIDTHS) if wide else printed) - 1
    grid = Grid(COUNT, STATE, STATE + len(STATES) - 1, last, widths)
    row = write_matters(page, row, _matters(whole, parts), grid) + 1
    notes = [f"{part.plan.short}：{progress(part.plan)}" for part in parts if part.plan.batch.reviewed]
    for note in (*notes, *whole.batch.notes):
        page.merged(row, 0, row, last, note, "note wrap")
        page.height(row, row_height(text_lines(note, sum(widths[: last + 1]), SMALL), SMALL))
        row += 1
    if whole.batch.joint:
        row = _joint(page, row + 1, whole, parts, columns)
    page.print_setup(landscape=True, area=(row, printed - 1), beside=1 if wide else None)


def _matters(whole: SummaryPlan, parts: Sequence[SchemePlan]) -> list[Matter]:
    """What is to be done over all schemes, then what there is to be looked at in the scores of each."""
    found = on_files(whole)
    for part in parts:
        if part.sheets:
            own = [*on_money(part.plan), *on_scores(part.plan)]
            found += [replace(one, label=f"{one.label}（{part.plan.short}）") for one in own if one.count]
    return found


def _scheme(page: Page, row: int, part: SchemePlan, grades: Sequence[str], sheets: Sequence[str]) -> None:
    plan, files = part.plan, files_table(part.plan)
    has = {sheet.name: sheet for sheet in part.sheets}
    ranking = has.get(RANKING.name)
    page.put(row, 0, Name(plan.short, ranking.link(plan, "A1") if ranking else ""), "box text wrap")
    title = f"{plan.scheme.header.title}（{plan.scheme.id} {plan.scheme.header.version}）"
    page.put(row, 1, title, "box text wrap")
    lines = (text_lines(text, width) for text, width in zip((plan.short, title), page.columns, strict=False))
    page.height(row, row_height(max(lines)))
    counts = dict.fromkeys(Status, 0)
    for record in plan.batch.files:
        counts[record.counted_as] += 1
    states: list[Cell] = [Formula(f"={status_count(plan, files, status)}", counts[status]) for status in STATES]
    _counts(page, row, _with_unknown(states, counts[Status.MISSING], plan.lists), counts)
    totals, cells = plan.totals, plan.ranked_range(plan.total_column)
    if totals:
        values = (("AVERAGE", mean(totals)), ("MAX", max(totals)), ("MIN", min(totals)))
        page.row(row, MEAN, [Formula(f"={function}({cells})", value) for function, value in values], "box score bold")
    else:
        page.row(row, MEAN, [None] * 3, "box")
    for column, grade in enumerate(grades, GRADE):
        count = None
        if part.sheets and grade in plan.grades.names:
            ((of_grade, of_state),) = ranking_table(plan).ranges("grade", "state")
            own = f"{column_letters(column)}${HEADING + 1}"
            words = f'=COUNTIFS({of_grade},"="&{own},{of_state},"{SCORED}")'
            count = Formula(words, sum(item.grade == grade for item in plan.ranked))
        page.put(row, column, count, "box center whole")
    for column, sheet in enumerate(sheets, GRADE + len(grades)):
        link = Link(has[sheet].link(plan, "A1"), "查看") if sheet in has else None
        page.put(row, column, link, "box center link" if link else "box")


def _with_unknown(states: Sequence[Cell], missing: int, whole: SummaryPlan) -> list[Cell]:
    """What stands in the columns of STATES: without a roster nobody knows who is missing."""
    if missing or whole.batch.rostered:
        return list(states)
    return [UNKNOWN if status is Status.MISSING else cell for status, cell in zip(STATES, states, strict=True)]


def _counts(page: Page, row: int, states: Sequence[Cell], counts: dict[Status, int]) -> None:
    first, last = column_letters(STATE), column_letters(STATE + len(RECEIVED) - 1)
    received = sum(counts[status] for status in RECEIVED)
    page.put(row, COUNT, Formula(f"=SUM({first}{row + 1}:{last}{row + 1})", received), "box center whole bold")
    page.row(row, STATE, list(states), "box center whole")


def _others(page: Page, row: int, whole: SummaryPlan, columns: int) -> int:
    """A line on workbooks of which nobody knows the scheme, where there are any; returns the row below."""
    counts = dict.fromkeys(Status, 0)
    for record in whole.batch.files:
        if record.scheme not in whole.shorts:
            counts[record.counted_as] += 1
    if not any(counts[status] for status in STATES):
        return row
    files = files_table(whole)
    page.put(row, 0, UNKNOWN, "box text")
    words = f"没有可用的{SCHEME}，或无法识别"
    page.put(row, 1, words, "box text wrap muted")
    page.height(row, row_height(text_lines(words, page.columns[1])))
    own = literal(f"={UNKNOWN}")
    states = [
        Formula("=" + counted_files(files, status, status.label, [("scheme", own)]), counts[status])
        for status in STATES
    ]
    _counts(page, row, _with_unknown(states, counts[Status.MISSING], whole), counts)
    page.row(row, MEAN, [None] * (columns - MEAN), "box")
    return row + 1


def _sums(page: Page, row: int, whole: SummaryPlan, parts: Sequence[SchemePlan], grades: Sequence[str]) -> None:
    """The last line: of all schemes."""
    look = "box center bold band whole"
    counts = [sum(record.counted_as is status for record in whole.batch.files) for status in STATES]
    received = sum(counts[: len(RECEIVED)])
    graded = [sum(item.grade == grade for part in parts for item in part.plan.ranked) for grade in grades]

    def added(column: int, value: int) -> Formula:
        letter = column_letters(column)
        return Formula(f"=SUM({letter}{HEADING + 2}:{letter}{row})", value)

    page.row(row, 0, ["合计", None], "box bold band center")
    page.put(row, COUNT, added(COUNT, received), look)
    sums = [added(column, value) for column, value in enumerate(counts, STATE)]
    page.row(row, STATE, _with_unknown(sums, counts[STATES.index(Status.MISSING)], whole), look)
    page.row(row, MEAN, [None] * 3, "box center bold band")
    for column, value in enumerate(graded, GRADE):
        page.put(row, column, added(column, value), look)
    page.height(row, ROW_HEIGHT + 2)


def _joint(page: Page, row: int, whole: SummaryPlan, parts: Sequence[SchemePlan], columns: int) -> int:
    """The ranking over all schemes on their totals; its last row."""
    links = whole.department_sheets or whole.department_books
    section(page, row, 0, columns, "合并排名（各方案按总分合并，同分同名次）")
    page.height(row, 22)
    row += 1
    headings: list[Cell] = [*JOINT, *(["结果"] if links else [])]
    page.row(row, 0, headings, "head")
    page.height(row, 32)
    ranked = sorted(
        ((item.joint_rank, number, item, part.plan) for number, part in enumerate(parts) for item in part.plan.ranked
         if item.joint_rank is not None),
        key=lambda entry: entry[:2],
    )  # fmt: skip
    first, last = row + 2, row + 1 + len(ranked)
    letter = column_letters(TOTAL)
    for place, _, item, plan in ranked:
        row += 1
        own = f"${letter}{row + 1}"
        name = f"{item.title}（{item.name}）" if item.project else item.title
        page.put(row, 0, Formula(f"=RANK({own},${letter}${first}:${letter}${last})", place), "box center bold")
        page.put(row, 1, Name(name, plan.places.of(item.file)), "box text wrap")
        page.put(row, 2, plan.short, "box center wrap small")
        page.put(row, 3, category_of(item), "box center wrap small")
        page.put(row, TOTAL, Formula(f"={plan.matrix_cell(item, plan.total_column)}", item.total), "box score bold")
        page.put(row, TOTAL + 1, grade_cell(plan, item, own), "box center")
        own_rank = f"=RANK({own},{plan.ranked_range(plan.total_column)})"
        page.put(row, TOTAL + 2, Formula(own_rank, item.rank), "box center")
        if links:
            page.put(row, TOTAL + 3, _link(plan, item), "box center link")
        widths = page.columns
        small = max(text_lines(plan.short, widths[2], SMALL), text_lines(category_of(item), widths[3], SMALL))
        page.height(row, max(row_height(text_lines(name, widths[1])), row_height(small, SMALL)))
    if ranked:
        page.sheet.autofilter(first - 2, 0, last - 1, len(headings) - 1)
        return row
    page.put(row + 1, 0, "没有参加排名的。", "muted")
    return row + 1


def _link(plan: SummaryPlan, item: DepartmentResult) -> Link:
    """To the sheet of a department, or to its workbook where it has no sheet."""
    return Link(plan.place(item), "查看" if plan.department_sheets else "打开")
