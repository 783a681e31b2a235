"""The summary workbook, read back: sheets, order, links, formulas, and no user text that turned into one."""

from __future__ import annotations

import html
import importlib
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import perfxl.results.sheets
from perfxl.checks.finding import by_severity
from perfxl.results import list_sheets
from perfxl.results.batch import Batch
from perfxl.results.context import Context
from perfxl.results.plan import SummaryPlan
from perfxl.results.summary import write_summary
from perfxl.xlsx.paper import MANY
from tests.sample_batch import FIXED_SHEETS, HOSTILE_NAMES, sample_batch
from tests.year_cases import years_of

# Whatever a formula of the summary may be made of; anything else would be text from a department.
WORDS = {
    "ABS", "AND", "AVERAGE", "AVERAGEIF", "COUNTIF", "COUNTIFS", "IF", "INDEX", "ISNUMBER", "MAX", "MEDIAN", "MIN",
    "RANK", "ROUND", "STDEVP", "SUBTOTAL", "SUM", "SUMIF", "SUMIFS",
}  # fmt: skip
TEXTS = {
    "",
    "=",
    ">",
    ">=",
    ">0",
    "<-5",
    "<0.9",
    "临界",
    "已评分",
    "退回修改",
    "无法受理",
    "已被更新报送替代",
    "重复",
    "自评报告，与*",
    "<>自评报告，与*",
    "已忽略",
    "压缩包",
    "自评报告",
    "未报送",
}


@pytest.fixture(scope="module", params=[12, pytest.param(100, marks=pytest.mark.slow)])
def batch(request: pytest.FixtureRequest) -> Batch:
    return sample_batch(request.param)


@pytest.fixture(scope="module")
def book(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("summary") / "汇总.xlsx"
    write_summary(batch, path)
    return openpyxl.load_workbook(path)


def column(sheet: Worksheet, heading: str) -> int:
    """The column of a heading in row 3, from 1."""
    return 1 + [str(cell.value).replace("\n", "") for cell in sheet[3]].index(heading)


def formulas(book: Workbook) -> Iterator[tuple[Worksheet, Cell, str]]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet, cell, getattr(cell.value, "text", cell.value)


def test_sheets_stand_in_order(book: Workbook, batch: Batch) -> None:
    sheets = SummaryPlan(batch, Context.of(batch), FIXED_SHEETS, department_sheets=True).sheets
    departments = [sheets[item.file] for item in batch.departments]
    assert book.sheetnames == [*FIXED_SHEETS, *departments]
    assert book.active.title == "总览"


def test_every_formula_is_made_of_known_words_only(book: Workbook) -> None:
    seen = 0
    for sheet, cell, formula in formulas(book):
        seen += 1
        place = f"{sheet.title}!{cell.coordinate}: {formula}"
        body = formula.removeprefix("=")
        for sheet_name in re.findall(r"'([^']*)'!", body):
            assert sheet_name in FIXED_SHEETS, place
        body = re.sub(r"'[^']*'!", "", body)
        assert set(re.findall(r'"([^"]*)"', body)) <= TEXTS, place
        body = re.sub(r'"[^"]*"', "", body)
        assert set(re.findall(r"[A-Z][A-Z.]+(?=\()", body)) <= WORDS, place
        rest = re.sub(r"[A-Z]+\(|\$?[A-Z]{1,3}\$?\d+|\d+(\.\d+)?", "", body)
        assert set(rest) <= set("(),:+-*/<>&="), place
    assert seen > 500


def test_hostile_names_are_texts(book: Workbook, batch: Batch) -> None:
    names = {item.name for item in batch.departments}
    shown = [cell for cell in book["排名"]["D"] if cell.value in names]
    assert all(cell.data_type == "s" for cell in shown)
    # Those of several lines are taken from a cell, for programs that do not wrap the text of a link.
    taken = [cell for cell in book["排名"]["D"] if re.fullmatch(r"='总览'!\$[A-Z]+\$1", str(cell.value))]
    assert len(shown) + len(taken) == len(names) and len(shown) > len(taken)
    assert names & set(HOSTILE_NAMES)


def test_ranking_and_department_sheets_are_linked_both_ways(book: Workbook, batch: Batch) -> None:
    sheets = SummaryPlan(batch, Context.of(batch), FIXED_SHEETS, department_sheets=True).sheets
    ranking = book["排名"]
    for row, item in enumerate(batch.departments, 4):
        name = sheets[item.file]
        there = ranking.cell(row, column(ranking, "结果页")).hyperlink.location
        assert there == "'" + name.replace("'", "''") + "'!A1"
        assert book[name]["A2"].hyperlink.location == f"'排名'!D{row}"
        workbook = ranking.cell(row, column(ranking, "工作簿")).hyperlink.target
        assert workbook.replace("\\", "/").startswith("部门结果/" if item.ranked else "暂定结果/")


def test_filters_reach_the_last_row(book: Workbook, batch: Batch) -> None:
    assert book["排名"].auto_filter.ref == f"A3:R{3 + len(batch.departments)}"
    assert book["问题清单"].auto_filter.ref == f"A3:K{3 + len(batch.findings)}"
    assert book["收件清单"].auto_filter.ref == f"A3:F{3 + len(batch.files)}"
    for name in ("排名", "得分矩阵", "扣分明细", "指标分析", "问题清单", "收件清单"):
        assert book[name].freeze_panes


def test_returned_departments_stand_below_without_rank(book: Workbook, batch: Batch) -> None:
    ranking = book["排名"]
    last = 3 + len(batch.departments)
    for row in (last - 1, last):
        assert ranking.cell(row, 1).value == "—"
        assert ranking.cell(row, column(ranking, "状态")).value == "退回修改"


def test_overview_counts_every_file(book: Workbook, batch: Batch, tmp_path: Path) -> None:
    labels = [book["总览"].cell(5, column).value for column in range(1, 15, 2)]
    assert labels == ["收到填报", "已评分", "退回修改", "无法受理", "被替代或重复", "已忽略、压缩包", "未报送"]


def test_overview_counts_findings_and_the_files_that_have_them(tmp_path: Path) -> None:
    batch = sample_batch(12)
    one, other = batch.departments[0].file, batch.departments[1].file
    first = replace(batch.findings[0], code="E9", file=one)
    between = replace(first, code="E8")
    batch.findings = [first, between, first, between, replace(first, file=other)]
    write_summary(batch, tmp_path / "汇总.xlsx")
    overview = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)["总览"]
    counts = {row[7].value: (row[12].value, row[13].value) for row in overview.iter_rows()}
    assert (counts["E9"], counts["E8"]) == ((3, 2), (2, 1))


def test_charts_keep_what_their_cells_say(batch: Batch, book: Workbook, tmp_path: Path) -> None:
    """A viewer that does not read the cells shows what a chart keeps of them."""
    write_summary(batch, tmp_path / "汇总.xlsx")
    labels = 0
    with zipfile.ZipFile(tmp_path / "汇总.xlsx") as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/")]
    for chart in charts:
        for reference, kept in re.findall(r"<c:strRef><c:f>(.*?)</c:f><c:strCache>(.*?)</c:strCache>", chart):
            sheet, _, place = html.unescape(reference).rpartition("!")
            cells = book[sheet.strip("'").replace("''", "'")][place.replace("$", "")]
            column = [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]
            shown = [html.unescape(text) for text in re.findall(r"<c:v>(.*?)</c:v>", kept)]
            assert shown == [str(value) for value in column], reference
            labels += len(shown)
    assert labels > 20


def test_each_department_sheet_has_a_chart_of_its_own_cells(batch: Batch, tmp_path: Path) -> None:
    write_summary(batch, tmp_path / "汇总.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True).worksheets[len(FIXED_SHEETS) :]
    assert len(sheets) == len(batch.departments)
    axes = set()
    for sheet in sheets:
        (chart,) = sheet._charts
        axes.add(chart.x_axis.axId)
        for series in chart.series:
            name, _, cells = series.val.numRef.f.rpartition("!")
            assert name.strip("'").replace("''", "'") == sheet.title
            kept = [float(point.v) for point in series.val.numRef.numCache.pt]
            assert kept == pytest.approx([row[0].value for row in sheet[cells.replace("$", "")]])
    assert len(axes) == len(sheets)


def test_print_setup(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert int(sheet.page_setup.paperSize) == 9
        # Breaks are heeded where the scale is given.
        broken = bool(sheet.row_breaks.brk or sheet.col_breaks.brk)
        assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) is not broken
        assert sheet.title in ("总览", "得分矩阵", "指标分析") or not broken
        assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert book["排名"].print_title_rows == "$3:$3"
    assert book["排名"].page_setup.fitToHeight == MANY
    matrix = book["得分矩阵"]
    assert (matrix.print_title_rows, matrix.print_title_cols) == ("$3:$6", "$A:$C")
    # By second-level indicators: a page begins where a heading over several indicators does.
    headings = {cell.column for cell in matrix[3] if cell.value}
    assert matrix.col_breaks.brk and {each.id + 1 for each in matrix.col_breaks.brk} <= headings


def test_without_department_sheets(tmp_path: Path) -> None:
    batch = sample_batch(12)
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert book.sheetnames == list(FIXED_SHEETS)
    headings = [cell.value for cell in book["排名"][3]]
    assert "工作簿" in headings
    assert "结果页" not in headings


def test_notes_of_the_batch_stand_on_the_overview(tmp_path: Path) -> None:
    batch = sample_batch(12)
    batch.notes.append("名录中有 1 个部门没有报送。")
    write_summary(batch, tmp_path / "汇总.xlsx")
    first = [cell.value for cell in openpyxl.load_workbook(tmp_path / "汇总.xlsx")["总览"]["A"]]
    assert "名录中有 1 个部门没有报送。" in first


def test_a_list_longer_than_a_sheet_goes_on_on_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_sheets, "LAST_ROW", 20)
    batch = sample_batch(12)
    batch.departments[0].name = "问题清单（2）"
    write_summary(batch, tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    parts = [name for name in book.sheetnames if name.startswith("问题清单")]
    assert parts == ["问题清单", "问题清单（2）", "问题清单（2）(2)"]
    assert book.sheetnames.index(parts[1]) == book.sheetnames.index(parts[0]) + 1
    assert book.sheetnames[-1] != "问题清单（2）"
    rows = [row for name in parts[:2] for row in book[name].iter_rows(min_row=4, values_only=True)]
    assert [row[9] for row in rows] == [finding.message for finding in by_severity(batch.findings)]
    for number, name in enumerate(parts[:2], 1):
        assert book[name]["A2"].value.startswith(f"行数超过一张工作表的上限，分为 2 张，这是第 {number} 张。")
        assert book[name].auto_filter.ref == f"A3:K{book[name].max_row}"
    counts = [row[12].value for row in book["总览"].iter_rows() if str(row[12].value).startswith("=COUNTIF")]
    counts = [formula for formula in counts if "问题清单" in formula]
    assert counts and all("'问题清单'!" in formula and "'问题清单（2）'!" in formula for formula in counts)


def test_same_batch_gives_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_summary(sample_batch(12), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(("count", "returned"), [(0, 0), (1, 0), (1, 1), (3, 3)])
def test_small_batches(tmp_path: Path, count: int, returned: int) -> None:
    write_summary(sample_batch(count, returned=returned), tmp_path / "汇总.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames) == len(FIXED_SHEETS) + count


def test_change_marks_against_the_own_score_and_last_year(tmp_path: Path) -> None:
    batch = sample_batch(12)
    batch.years = years_of(batch, 1)
    thens = [batch.years[batch.scheme.id].departments[item.file].thens[0] for item in batch.ranked]
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    sheet = book["排名"]
    own = [item.self_total for item in batch.ranked]
    for row, item in enumerate(batch.ranked, 4):
        expected = 1 + sum(total > item.self_total for total in own) - item.rank
        assert sheet.cell(row, column(sheet, "较自评")).value == expected
    since = column(sheet, "较上年")
    assert [sheet.cell(row, since).value for row in range(4, 4 + len(thens))] == [then and then.moved for then in thens]
    assert len({then and then.moved for then in thens}) > 3
    assert sheet.cell(4, since).number_format == '"↑"0;"↓"0;"—"'


def test_without_last_year_there_is_no_column_of_it(book: Workbook) -> None:
    headings = [cell.value for cell in book["排名"][3]]
    assert "较自评" in headings
    assert "较上年" not in headings


def test_no_links_to_workbooks_that_are_not_written(tmp_path: Path) -> None:
    write_summary(sample_batch(12), tmp_path / "汇总.xlsx", department_sheets=False, department_books=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["排名"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_discrimination_is_the_gap_between_the_best_and_the_last_third(tmp_path: Path, batch: Batch) -> None:
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)["指标分析"]
    third = len(batch.ranked) // 3
    for row, indicator in enumerate(batch.scheme.indicators, 4):
        scores = [item.score_of(indicator.code) for item in batch.ranked]
        gap = (sum(scores[:third]) - sum(scores[-third:])) / third / indicator.points
        assert sheet.cell(row, 12).value == pytest.approx(float(gap))


def test_overview_says_what_is_common_and_what_waits(book: Workbook, batch: Batch) -> None:
    cells = {str(cell.value): cell for row in book["总览"].iter_rows() for cell in row if cell.value is not None}
    for heading in ("最常见的扣分", "最常见的问题", "需要处理的事项", "各类部门的得分和支出（万元）"):
        assert heading in cells
    low = sum(item.spending_rate < Decimal("0.9") for item in batch.ranked)
    row = cells["支出率低于 90%"].row
    below = [str(cell.value) for line in book["总览"].iter_rows(min_row=row, max_row=row + 5) for cell in line]
    assert any(f"等 {low} 个，全部见“排名”" in text for text in below) == (low > 6)
    # The worst is named first, with a link.
    worst = min(batch.ranked, key=lambda item: item.spending_rate)
    first = book["总览"].cell(row, 4)
    assert str(first.value).startswith(worst.title) and first.hyperlink is not None


def test_each_chart_says_in_words_what_it_shows(tmp_path: Path, batch: Batch) -> None:
    write_summary(batch, tmp_path / "汇总.xlsx")
    with zipfile.ZipFile(tmp_path / "汇总.xlsx") as package:
        drawings = "".join(
            package.read(name).decode("utf-8") for name in package.namelist() if name.startswith("xl/drawings/drawing")
        )
    texts = re.findall(r'descr="([^"]*)"', drawings)
    assert len(texts) == 4 + len(batch.departments)
    assert all("：" in text and any(sign.isdigit() for sign in text) for text in texts)


EXTRA = '''"""A sheet that is one file."""

from perfxl.results.cells import Link
from perfxl.results.sheets.findings import SHEET as FINDINGS
from perfxl.results.summary_sheet import SingleSheet


def write_extra(page, plan):
    page.put(0, 0, Link(FINDINGS.link(plan, "B4"), f"{len(plan.departments)} 个部门"), "link")


SHEET = SingleSheet("复核情况", 45, write_extra)
'''


@pytest.fixture
def extra_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder that joins the sheets of the summary with one more in it, and leaves again."""
    folder = tmp_path / "sheets"
    folder.mkdir()
    (folder / "extra.py").write_text(EXTRA, "utf-8")
    monkeypatch.setattr(perfxl.results.sheets, "__path__", [*perfxl.results.sheets.__path__, str(folder)])
    importlib.invalidate_caches()
    yield "复核情况"
    sys.modules.pop("perfxl.results.sheets.extra", None)
    vars(perfxl.results.sheets).pop("extra", None)


def test_a_new_sheet_is_one_new_file(extra_sheet: str, tmp_path: Path) -> None:
    batch = sample_batch(12)
    batch = replace(batch, departments=[replace(batch.departments[0], name=extra_sheet), *batch.departments[1:]])
    write_summary(batch, tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    fixed = [*FIXED_SHEETS[:4], extra_sheet, *FIXED_SHEETS[4:]]
    assert book.sheetnames[: len(fixed)] == fixed
    assert f"{extra_sheet}(1)" in book.sheetnames or f"{extra_sheet}(2)" in book.sheetnames, "a department gives way"
    cell = book[extra_sheet]["A1"]
    assert (cell.value, cell.hyperlink.location) == ("12 个部门", "'问题清单'!B4")


def test_a_sheet_that_has_left_is_gone(batch: Batch, tmp_path: Path) -> None:
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    assert openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames == list(FIXED_SHEETS)
