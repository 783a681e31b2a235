"""总览 of a round of targets: who sent, what the bureau says, what is asked and what is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from perfxl.checks.finding import Severity
from perfxl.decimals import ZERO, half_up
from perfxl.official.approved import RETURNED
from perfxl.results.batch import Status
from perfxl.results.cells import Formula, Page
from perfxl.results.charts import Series, draw, pixels_high, pixels_wide
from perfxl.results.context import category_of
from perfxl.results.plan import OVERVIEW, SummaryPlan
from perfxl.results.sheets.files import SHEET as FILES
from perfxl.results.sheets.files import files_table, status_count
from perfxl.results.sheets.findings import SHEET as FINDINGS
from perfxl.results.sheets.matter import NAMES_SHOWN, Matter, department
from perfxl.results.sheets.overview import COLUMNS, section, tile
from perfxl.results.sheets.overview_lists import WIDTH
from perfxl.results.sheets.overview_matters import on_files, write_matters
from perfxl.results.sheets.owed import SHEET as OWED
from perfxl.results.sheets.targets_departments import SHEET as DEPARTMENTS
from perfxl.results.sheets.targets_departments import departments_table
from perfxl.results.statistics import rate
from perfxl.results.styles import SMALL
from perfxl.results.summary_sheet import SingleSheet
from perfxl.results.targets import DECISIONS, OPEN, DepartmentTargets, planned_total
from perfxl.results.text_height import row_height, text_lines
from perfxl.results.words import NO_ROSTER
from perfxl.scheme.model import Stage

ROW = 18.0
CHART_ROWS = 11
MATTERS = 11  # row of what is to be done, from 0
_CATEGORY_HEADINGS = ("指标项数", "户均项数", "定量占比", "计划资金（万元）", "警告", "通过")


def write_targets_overview(page: Page, plan: SummaryPlan) -> None:
    """Writes the sheet."""
    page.widths([WIDTH] * COLUMNS)
    header = plan.scheme.header
    title = f"{plan.scheme.year}年度绩效目标申报" if plan.shorts else header.title
    page.merged(0, 0, 0, COLUMNS - 1, f"{title}总览", "title center")
    page.height(0, 32)
    started = plan.batch.started.strftime("%Y-%m-%d %H:%M")
    about = f"{header.bureau}　　评分方案：{header.id} {header.version}　　生成时间：{started}"
    page.merged(1, 0, 1, COLUMNS - 1, about, "note center")
    for row in range(3, 60):
        page.height(row, ROW)
    section(page, 3, 0, COLUMNS, "报送情况")
    _received(page, plan)
    section(page, 7, 0, COLUMNS, "审核和指标情况")
    _decided(page, plan)
    page.height(10, 8)
    parts = [write_matters(page, MATTERS, [*on_files(plan), *_on_opinions(plan)]) + 1]
    parts.append(_categories(page, plan, parts[0]) + 1)
    row = _problems(page, plan, parts[1])
    for note in plan.batch.notes:
        page.merged(row, 0, row, COLUMNS - 1, note, "note wrap")
        page.height(row, row_height(text_lines(note, COLUMNS * WIDTH, SMALL), SMALL))
        row += 1
    page.print_setup(area=(row, COLUMNS - 1), parts=parts)


def _received(page: Page, plan: SummaryPlan) -> None:
    table = files_table(plan)
    counts = Counter(record.counted_as for record in plan.batch.files)

    def both(*statuses: Status) -> Formula:
        formulas = "+".join(status_count(plan, table, status) for status in statuses)
        return Formula(f"={formulas}", sum(counts[status] for status in statuses))

    own = (Status.SCORED, Status.RETURNED, Status.REJECTED)
    older, others = (Status.SUPERSEDED, Status.DUPLICATE), (Status.IGNORED, Status.ARCHIVE, Status.REPORT)
    files = FILES.link(plan, "A1")
    tiles = [
        ("收到填报", both(*own, *older), files),
        (plan.status_label(Status.SCORED), both(Status.SCORED), DEPARTMENTS.link(plan, "A1")),
        (Status.RETURNED.label, both(Status.RETURNED), FINDINGS.link(plan, "A1")),
        (Status.REJECTED.label, both(Status.REJECTED), files),
        ("被替代或重复", both(*older), files),
        ("其他阶段、其他文件", both(Status.OTHER_STAGE, *others), files),
    ]
    urgent = (2, 3)  # somebody has to do something
    for place, (label, value, target) in enumerate(tiles):
        tile(page, 4, place, label, value, "whole alert" if place in urgent and value.value else "whole", target)
    if plan.batch.rostered:
        missing = both(Status.MISSING)
        owed = OWED.link(plan, "A1") if OWED.present(plan.lists.batch) else files
        tile(page, 4, 6, Status.MISSING.label, missing, "whole alert" if missing.value else "whole", owed)
    else:
        page.merged(4, 12, 4, 13, Status.MISSING.label, "box center muted band small")
        page.merged(5, 12, 5, 13, NO_ROSTER, "box center muted wrap small")


def _decided(page: Page, plan: SummaryPlan) -> None:
    table, targets = departments_table(plan), plan.batch.targets
    link = DEPARTMENTS.link(plan, "A1")
    for place, word in enumerate(DECISIONS):
        count = sum(item.decision == word for item in targets)
        words = "=" + table.added(f'COUNTIF({{}},"{word}")', "decision")
        tile(page, 8, place, word, Formula(words, count), "whole", link)
    kpis, numbers = sum(item.count for item in targets), sum(item.numbers for item in targets)
    tile(page, 8, 4, "指标项数", Formula(f"={table.added('SUM({})', 'count')}", kpis), "whole", link)
    share = rate(Decimal(numbers), Decimal(kpis))
    formula = f'=IF(I10=0,"",({table.added("SUM({})", "numbers")})/I10)'
    tile(page, 8, 5, "定量指标占比", Formula(formula, share), "share", link)
    money = Formula(f"=ROUND({table.added('SUM({})', 'planned')},6)", planned_total(targets))
    tile(page, 8, 6, "计划资金（万元）", money, "money shrink", link)


def _on_opinions(plan: SummaryPlan) -> list[Matter]:
    """Whom the bureau has returned or not judged yet, with the most to be looked at first."""
    table, lines = departments_table(plan), []
    target = DEPARTMENTS.link(plan, "A1")
    for word in (RETURNED, OPEN):
        found = [item for item in plan.batch.targets if item.decision == word]
        found.sort(key=lambda item: (-item.errors, -item.warnings))
        named = [department(plan, item.result, _doubtful(item)) for item in found[:NAMES_SHOWN]]
        formula = "=" + table.added(f'COUNTIF({{}},"{word}")', "decision")
        back = word == RETURNED
        label, sheet = f"审核意见{word}" if back else word, DEPARTMENTS.name_in(plan)
        lines.append(Matter(label, formula, len(found), sheet, target, named, urgent=back))
    return lines


def _doubtful(item: DepartmentTargets) -> str:
    counts = (("错误", item.errors), ("警告", item.warnings))
    return "，".join(f"{word} {count}" for word, count in counts if count)


def _categories(page: Page, plan: SummaryPlan, row: int) -> int:
    """A line for each category; the row below."""
    section(page, row, 0, COLUMNS, f"分{plan.words.category}情况")
    heads = [plan.words.category, f"{plan.words.one}数", *_CATEGORY_HEADINGS[:3]]
    places = [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]
    row += 1
    for (first, last), head in zip(places, heads, strict=True):
        page.merged(row, first, row, last, head, "head")
    page.merged(row, 10, row, 11, _CATEGORY_HEADINGS[3], "head")
    page.row(row, 12, list(_CATEGORY_HEADINGS[4:]), "head")
    groups = _groups(plan)
    first = row + 1
    for category, members in groups.items():
        row += 1
        _category(page, plan, row, category, members)
    if not groups:
        row += 1
        page.merged(row, 0, row, COLUMNS - 1, "没有填报。", "box center muted")
        return row + 1
    row += 1
    _sums(page, row, first, plan.batch.targets)
    return row + 1


def _groups(plan: SummaryPlan) -> dict[str, list[DepartmentTargets]]:
    groups: dict[str, list[DepartmentTargets]] = {}
    for item in plan.batch.targets:
        groups.setdefault(category_of(item.result), []).append(item)
    known = [item.name for scheme in plan.batch.all_schemes for item in scheme.categories if item.name in groups]
    return {name: groups[name] for name in dict.fromkeys([*known, *groups])}


def _category(page: Page, plan: SummaryPlan, row: int, category: str, members: list[DepartmentTargets]) -> None:
    table, cell = departments_table(plan), f"$A{row + 1}"
    page.merged(row, 0, row, 1, category, "box text wrap small")
    page.at_least(row, row_height(text_lines(category, 2 * WIDTH, SMALL), SMALL))

    def summed(key: str, value: Decimal | int) -> Formula:
        return Formula("=" + table.added(f'SUMIFS({{}},{{}},"="&{cell})', key, "category"), value)

    count = Formula("=" + table.added(f'COUNTIFS({{}},"="&{cell})', "category"), len(members))
    kpis, numbers = sum(item.count for item in members), sum(item.numbers for item in members)
    page.merged(row, 2, row, 3, count, "box center whole")
    page.merged(row, 4, row, 5, summed("count", kpis), "box center whole")
    mean = rate(Decimal(kpis), Decimal(len(members)))
    page.merged(row, 6, row, 7, Formula(f"=ROUND(E{row + 1}/C{row + 1},1)", _tenth(mean)), "box center points")
    part = table.added(f'SUMIFS({{}},{{}},"="&{cell})', "numbers", "category")
    share = rate(Decimal(numbers), Decimal(kpis))
    page.merged(row, 8, row, 9, Formula(f'=IF(E{row + 1}=0,"",({part})/E{row + 1})', share), "box share")
    page.merged(row, 10, row, 11, summed("planned", planned_total(members)), "box money")
    page.put(row, 12, summed("warnings", sum(item.warnings for item in members)), "box center whole")
    passed = table.added(f'COUNTIFS({{}},"="&{cell},{{}},"{DECISIONS[0]}")', "category", "decision")
    page.put(row, 13, Formula(f"={passed}", sum(item.decision == DECISIONS[0] for item in members)), "box center whole")


def _tenth(value: Decimal | None) -> Decimal:
    return half_up(value or ZERO, Decimal("0.1"))


def _sums(page: Page, row: int, first: int, targets: Sequence[DepartmentTargets]) -> None:
    look = "box center bold band whole"
    page.merged(row, 0, row, 1, "合计", "box bold band center")
    kpis = sum(item.count for item in targets)

    def summed(letter: str, value: Decimal | int) -> Formula:
        return Formula(f"=SUM({letter}{first + 1}:{letter}{row})", value)

    page.merged(row, 2, row, 3, summed("C", len(targets)), look)
    page.merged(row, 4, row, 5, summed("E", kpis), look)
    mean = _tenth(rate(Decimal(kpis), Decimal(len(targets))))
    page.merged(row, 6, row, 7, Formula(f"=ROUND(E{row + 1}/C{row + 1},1)", mean), "box center points bold band")
    page.merged(row, 8, row, 9, Formula("=K10", rate(Decimal(sum(i.numbers for i in targets)), Decimal(kpis))),
                "box share bold band")  # fmt: skip
    page.merged(row, 10, row, 11, summed("K", planned_total(targets)), "box money bold band")
    page.put(row, 12, summed("M", sum(item.warnings for item in targets)), look)
    page.put(row, 13, summed("N", sum(item.decision == DECISIONS[0] for item in targets)), look)


def _problems(page: Page, plan: SummaryPlan, row: int) -> int:
    """What is doubtful most often, with a chart; and how far the bureau has come. The row below."""
    section(page, row, 0, 9, "主要问题")
    section(page, row, 10, 4, "审核进度")
    tally = plan.tally
    codes = [code for code in tally.of_forms if tally.first[code].severity is not Severity.INFO]
    codes = sorted(codes, key=lambda code: (-tally.counts[code], code))[:8]
    row += 1
    page.put(row, 0, "代码", "head")
    page.merged(row, 1, row, 5, "问题", "head")
    one = f"{plan.words.one}数" if len(plan.words.one) < 4 else "个数"
    page.row(row, 6, ["级别", "次数", one], "head")
    page.merged(row, 10, row, 12, "审核意见", "head")
    page.put(row, 13, one, "head")
    targets = plan.batch.targets
    counts = Counter(item.decision for item in targets)
    for place, (word, letter) in enumerate(zip(DECISIONS, "ACEG", strict=True), row + 1):
        page.merged(place, 10, place, 12, word, "box center")
        page.put(place, 13, Formula(f"={letter}10", counts[word]), "box center whole")
    for place, code in enumerate(codes, row + 1):
        first = tally.first[code]
        page.put(place, 0, code, "box center")
        page.merged(place, 1, place, 5, first.title, "box text wrap small")
        page.at_least(place, row_height(text_lines(first.title, 5 * WIDTH, SMALL), SMALL))
        page.put(place, 6, first.severity.label, "box center")
        page.row(place, 7, [tally.counts[code], tally.files[code]], "box center whole")
    if not codes:
        page.merged(row + 1, 0, row + 1, 8, "没有发现问题。", "box center muted")
    end = row + max(len(codes), len(DECISIONS), 1)
    if targets:
        height = pixels_high(ROW) * CHART_ROWS
        if codes:
            series = Series(None, (row + 1, row + len(codes)), 1, 7, label="#,##0")
            size = (9 * pixels_wide(WIDTH), height)
            draw(page, "bar", "主要问题（次数）", [series], (end + 1, 0), size, number="#,##0",
                 alt="，".join(f"{tally.first[code].title} {tally.counts[code]}" for code in codes))  # fmt: skip
        series = Series(None, (row + 1, row + len(DECISIONS)), 10, 13, label="#,##0")
        draw(page, "column", "审核进度", [series], (end + 1, 10), (4 * pixels_wide(WIDTH) - 4, height), number="#,##0",
             alt="，".join(f"{word} {counts[word]}" for word in DECISIONS))  # fmt: skip
        end += CHART_ROWS
    return end + 2


SHEET = SingleSheet(OVERVIEW, 10, write_targets_overview, long=False, common=True, stages=(Stage.TARGETS,))
