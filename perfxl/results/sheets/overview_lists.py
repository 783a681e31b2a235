"""The lower half of 总览: best and last, categories, common findings, and what waits for a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from perfxl.checks.finding import Finding, Severity
from perfxl.decimals import two_places
from perfxl.results.batch import Status
from perfxl.results.cells import Cell, Formula, Link, Page, row_height, text_lines
from perfxl.results.names import quoted
from perfxl.results.plan import GRADE_FLOOR, GRADE_NAME, Plan
from perfxl.results.sheets.files import files_table
from perfxl.results.sheets.findings import LOOKS, findings_table
from perfxl.results.sheets.ranking import ranking_table
from perfxl.results.statistics import mean
from perfxl.results.styles import SMALL
from perfxl.scoring.result import DepartmentResult

BEST, LAST, COMMON = 10, 5, 5
NAMES_SHOWN = 12
WIDTH = 8.6
WIDE = 11 * WIDTH  # characters of the columns that hold a list of names


def write_lists(page: Page, plan: Plan, row: int) -> int:
    """Writes from this row on; returns the last row. Rows count from 0."""
    _section(page, row, 0, 6, f"前 {BEST} 名")
    left = _places(page, plan, row + 1, 0, 6, plan.ranked[:BEST])
    _section(page, row, 7, 7, f"后 {LAST} 名")
    right = _places(page, plan, row + 1, 7, 7, plan.ranked[-LAST:])
    right = _categories(page, plan, right + 1)
    row = _common(page, plan, max(left, right) + 1)
    row = _decisions(page, plan, row + 1)
    for note in plan.batch.notes:
        page.merged(row, 0, row, 13, note, "note wrap")
        page.height(row, row_height(text_lines(note, 14 * WIDTH, SMALL), SMALL))
        row += 1
    return row - 1


def _section(page: Page, row: int, column: int, columns: int, text: str) -> None:
    page.row(row, column, [text] + [None] * (columns - 1), "section")


def _places(
    page: Page, plan: Plan, row: int, column: int, columns: int, departments: Sequence[DepartmentResult]
) -> int:
    """Rank, name, total and grade of some departments; returns the row below."""
    last = column + columns - 1
    page.put(row, column, "名次", "head")
    page.merged(row, column + 1, row, last - 2, "部门名称", "head")
    page.row(row, last - 1, ["总分", "等级"], "head")
    totals = plan.ranked_range(plan.total_column)
    names, floors = plan.grade_range(GRADE_NAME), plan.grade_range(GRADE_FLOOR)
    letter = chr(ord("A") + last - 1)
    for item in departments:
        row += 1
        own = f"${letter}${row + 1}"
        lines = text_lines(item.name, (columns - 3) * WIDTH)
        page.at_least(row, row_height(lines) if lines > 1 else 0)
        name: Cell = item.name
        # LibreOffice doesn't wrap a link.
        if plan.department_sheets and lines == 1:
            name = Link(f"internal:{quoted(plan.context.sheets[item.file])}!A1", item.name)
        page.put(row, column, Formula(f"=RANK({own},{totals})", item.rank), "box center")
        look = "box text link" if isinstance(name, Link) else "box text wrap"
        page.merged(row, column + 1, row, last - 2, name, look)
        total = Formula(f"={plan.matrix_cell(item, plan.total_column)}", item.total)
        page.put(row, last - 1, total, "box score bold")
        grade = Formula(f'=INDEX({names},COUNTIF({floors},">"&{own})+1)', item.grade)
        page.put(row, last, grade, "box center")
    return row + 1


def _categories(page: Page, plan: Plan, row: int) -> int:
    _section(page, row, 7, 7, "各类部门平均分")
    row += 1
    page.merged(row, 7, row, 9, "部门类别", "head")
    page.merged(row, 10, row, 11, "部门数", "head")
    page.merged(row, 12, row, 13, "平均分", "head")
    categories, totals = plan.ranked_range("C"), plan.ranked_range(plan.total_column)
    for category in plan.categories:
        row += 1
        own = f'{categories},"="&$H${row + 1}'
        values = [item.total for item in plan.members[category]]
        page.merged(row, 7, row, 9, category, "box text")
        page.merged(row, 10, row, 11, Formula(f"=COUNTIF({own})", len(values)), "box center whole")
        page.merged(row, 12, row, 13, Formula(f"=AVERAGEIF({own},{totals})", mean(values)), "box center score bold")
    return row + 1


def _common(page: Page, plan: Plan, row: int) -> int:
    """The findings that occur most, errors and warnings before what is only info."""
    _section(page, row, 0, 14, "常见问题")
    row += 1
    page.merged(row, 0, row, 1, "代码", "head")
    page.merged(row, 2, row, 8, "问题", "head")
    page.put(row, 9, "级别", "head")
    page.merged(row, 10, row, 11, "次数", "head")
    page.merged(row, 12, row, 13, "涉及文件", "head")
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in plan.batch.findings:
        groups[finding.code].append(finding)
    order = sorted(groups, key=lambda code: (groups[code][0].severity is Severity.INFO, -len(groups[code]), code))
    codes = findings_table(plan).range("code")
    for code in order[:COMMON]:
        row += 1
        group = groups[code]
        severity = group[0].severity
        page.merged(row, 0, row, 1, code, "box center")
        page.merged(row, 2, row, 8, group[0].title, "box text shrink")
        page.put(row, 9, severity.label, f"box center {LOOKS[severity]}")
        page.merged(row, 10, row, 11, Formula(f"=COUNTIF({codes},$A${row + 1})", len(group)), "box center whole")
        page.merged(row, 12, row, 13, len({finding.file for finding in group}), "box center whole")
    if not order:
        row += 1
        page.merged(row, 0, row, 13, "没有发现问题。", "box text muted")
    return row + 1


def _decisions(page: Page, plan: Plan, row: int) -> int:
    _section(page, row, 0, 14, "需要处理的事项")
    departments = plan.departments
    near = [f"{item.name}（{two_places(item.total)}，{item.grade}）" for item in departments if item.near_threshold]
    returned = [item.name for item in departments if not item.ranked]
    files = plan.batch.files
    rejected = [record.path for record in files if record.status is Status.REJECTED]
    missing = [record.department for record in files if record.status is Status.MISSING]
    statuses = files_table(plan).range("status")
    table = ranking_table(plan)
    lines: list[tuple[str, str, int, list[str], str]] = [
        ("临界等级线", f'=COUNTIF({table.range("near")},"临界")', len(near), near, "排名"),
    ]
    for status, names, sheet in (
        (Status.RETURNED, returned, "问题清单"),
        (Status.REJECTED, rejected, "收件清单"),
        (Status.MISSING, missing, "收件清单"),
    ):
        count = sum(record.status is status for record in files)
        lines.append((status.label, f'=COUNTIF({statuses},"{status.label}")', count, names, sheet))
    for label, formula, count, names, sheet in lines:
        row += 1
        page.merged(row, 0, row, 1, label, "box text bold band")
        page.put(row, 2, Formula(formula, count), "box center whole bold")
        text = "、".join(names[:NAMES_SHOWN]) or "无"
        if len(names) > NAMES_SHOWN:
            text += f" 等 {len(names)} 个，详见“{sheet}”"
        page.merged(row, 3, row, 13, text, "box text wrap")
        page.height(row, row_height(text_lines(text, WIDE)))
    return row + 1
