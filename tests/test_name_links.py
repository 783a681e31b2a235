"""Names of departments lead to their sheets, or to their workbooks, wherever the summary has them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.register.owed import NEVER, RETURNED, Owed
from perfxl.results import cells
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.results.context import Context
from perfxl.results.plan import SummaryPlan
from perfxl.results.summary import write_summary
from perfxl.xlsx.writer import SWITCH
from tests.package_rules import faults
from tests.review_cases import book_of, departments, random_said, run
from tests.sample_batch import sample_batch
from tests.xlsx_parts import differing
from tests.year_cases import years_of

SHEETS = {
    "排名": "D", "得分矩阵": "B", "扣分明细": "B", "问题清单": "A", "收件清单": "E", "催报清单": "D",
    "年度对比": "A", "二级指标对比": "A", "屡查屡犯": "A",
}  # fmt: skip
"""The sheets that name departments row by row, with the columns of the names."""


def batch_of(count: int = 12) -> Batch:
    batch = sample_batch(count)
    batch.years = years_of(batch, 1)
    returned = next(item for item in batch.departments if not item.ranked)
    about = (None, batch.scheme.id, "2022")
    batch.owed = [
        Owed("镇街", returned.code, returned.name, "", RETURNED, *about),
        Owed("镇街", "990000000", "从未报送的部门", "", NEVER, *about),
    ]
    return batch


def links(sheet: Worksheet, column: str) -> list[tuple[str, str]]:
    """Each name of a column with where it leads, `部门结果/甲.xlsx` or `'甲'!A1`."""
    found = []
    for cell in sheet[column]:
        if cell.hyperlink:
            target = unquote(str(cell.hyperlink.location or cell.hyperlink.target)).replace("\\", "/")
            found.append((str(cell.value), target))
    return found


@pytest.mark.parametrize("sheets", [True, False])
def test_names_lead_to_sheets_or_workbooks(tmp_path: Path, sheets: bool) -> None:
    batch = batch_of()
    context = Context.of(batch)
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=sheets)
    assert faults(tmp_path / "汇总.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    shown = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    titles = {item.title for item in batch.departments}
    fixed = book.sheetnames[: len(book.sheetnames) - len(titles)] if sheets else book.sheetnames
    plan = SummaryPlan(batch, context, fixed, department_sheets=sheets)
    places = {
        item.title: "'" + plan.sheets[item.file].replace("'", "''") + "'!A1" if sheets else context.book_path(item)
        for item in batch.departments
    }
    for name, column in SHEETS.items():
        found = links(shown[name], column)
        named = [str(cell.value) for cell in shown[name][column] if str(cell.value) in titles]
        # Every one of them, as the plain name, and nothing else.
        assert [text for text, _ in found] == named != [], name
        assert {(text, target) for text, target in found} <= set(places.items()), name
        # A name is a text, or where it takes several lines a reference to the one cell that holds it as a text.
        for cell in book[name][column]:
            if cell.data_type == "f":
                sheet, _, place = str(cell.value).removeprefix("='").replace("$", "").partition("'!")
                holder = book[sheet][place]
                assert (holder.data_type, holder.value) == ("s", shown[name][cell.coordinate].value)
    assert [text for text, _ in links(shown["指标分析"], "B")] == [item.title for item in batch.ranked]


def test_names_of_several_lines_stay_whole_and_right_whatever_is_done_to_the_list(tmp_path: Path) -> None:
    batch = batch_of(100)
    write_summary(batch, tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    long = max((item.title for item in batch.departments), key=len)
    found = {
        (name, cell.value)
        for name in ("排名", "得分矩阵", "扣分明细", "问题清单", "收件清单")
        for cell in book[name][SHEETS[name]]
        if cell.data_type == "f"
    }
    # On all sheets the same cells, none of which is in a list: these are sorted, and rows of them deleted.
    assert all(re.fullmatch(r"='总览'!\$[A-Z]{1,3}\$1", str(formula)) for _, formula in found)
    held = [cell.value for cell in book["总览"][1][14:]]
    assert long in held and len(set(held)) == len(held)
    columns = book["总览"].column_dimensions.values()
    assert all(each.hidden == (each.min > 14) for each in columns)
    assert str(book["总览"].print_area).split(":")[1].startswith("$N$")


def test_whoever_has_neither_is_plain_text(tmp_path: Path) -> None:
    batch = batch_of()
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False, department_books=False)
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert not any(links(book[name], column) for name, column in SHEETS.items())
    write_summary(batch, tmp_path / "汇总.xlsx")
    owed = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["催报清单"]
    assert [cell.value for cell in owed["D"][3:] if not cell.hyperlink] == ["从未报送的部门"]


def test_an_older_file_leads_to_the_result_and_two_of_a_name_to_none(tmp_path: Path) -> None:
    batch = sample_batch(12)
    first, second, third = batch.departments[:3]
    older = [
        FileRecord(f"旧/{item.name}.xlsx", "0" * 64, 1, Status.SUPERSEDED, item.name, "")
        for item in (first, second)
    ]  # fmt: skip
    second.name = third.name = "同名部门"
    older[1] = replace(older[1], department="同名部门")
    batch.files = [*older, *batch.files]
    write_summary(batch, tmp_path / "汇总.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["收件清单"]
    rows = {str(row[1].value): row[4] for row in sheet.iter_rows(min_row=4)}
    assert rows[older[0].path].hyperlink is not None
    assert rows[older[1].path].value == "同名部门" and rows[older[1].path].hyperlink is None


def test_of_many_rows_the_first_of_each_department_is_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = sample_batch(12)
    monkeypatch.setattr(cells, "LINKED_ROWS", 20)
    write_summary(batch, tmp_path / "汇总.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)["扣分明细"]
    found = links(sheet, "B")
    assert sheet.max_row > 23 and len(found) == len({text for text, _ in found}) == len({target for _, target in found})
    assert {text for text, _ in found} == {cell.value for cell in sheet["B"][3:]}


def test_no_sheet_has_more_links_than_excel_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "LINKS", 32)
    write_summary(sample_batch(12), tmp_path / "汇总.xlsx")
    with ZipFile(tmp_path / "汇总.xlsx") as package:
        texts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert max(text.count("<hyperlink ") for text in texts) <= 32
    ranking = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["排名"]
    # The columns that open a result go before the names.
    assert all(row[-1].hyperlink and row[-2].hyperlink for row in ranking.iter_rows(min_row=4))
    assert len(links(ranking, "D")) == 8


@pytest.mark.parametrize("sheets", [True, False])
def test_both_writers_write_the_same_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheets: bool) -> None:
    for writer in ("quick", "plain"):
        monkeypatch.setenv(SWITCH, writer)
        write_summary(sample_batch(12), tmp_path / f"{writer}.xlsx", department_sheets=sheets)
    assert differing(tmp_path / "quick.xlsx", tmp_path / "plain.xlsx") == []
    assert faults(tmp_path / "quick.xlsx") == []


def test_levels_have_bars_whose_names_do_not_run_together(tmp_path: Path) -> None:
    write_summary(sample_batch(12), tmp_path / "汇总.xlsx", department_sheets=False)
    with ZipFile(tmp_path / "汇总.xlsx") as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    (levels,) = [text for text in charts if "二级指标平均得分率" in text]
    assert re.findall(r'<c:barDir val="(\w+)"', levels) == ["bar"]


LONG = "广州市增城区应急管理综合行政执法监察大队（安全生产执法监察大队）"


@pytest.mark.parametrize("writer", ["quick", "plain"])
def test_names_of_departments_stand_whole_beside_the_bars_of_charts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    monkeypatch.setenv(SWITCH, writer)
    batch = sample_batch(12)
    batch.years = years_of(batch, 1)
    results = departments(batch.scheme, 12)
    for number, item in enumerate([*batch.departments, *results]):
        item.name = f"{LONG}{number}"
    books = [book_of(batch.scheme, results, one, 1) for one in random_said(batch.scheme, results, 3)]
    for name, one, title in (
        ("年度", batch, "总分增减"),
        ("复核", run(batch.scheme, results, books), "自评总分和复核后"),
    ):
        write_summary(one, tmp_path / f"{name}.xlsx", department_sheets=False)
        with ZipFile(tmp_path / f"{name}.xlsx") as package:
            charts = [package.read(part).decode() for part in package.namelist() if part.startswith("xl/charts/chart")]
        (chart,) = [text for text in charts if title in text]
        # Below columns names are turned and cut.
        assert '<c:barDir val="bar"/>' in chart
        (names, *_) = re.findall(r"<c:cat>.*?</c:cat>", chart)
        kept = re.findall(r"<c:v>(.*?)</c:v>", names)
        assert len(kept) >= 2 and {re.sub(r"\d+$", "", text) for text in kept} == {LONG}


def test_a_column_of_names_is_as_wide_as_they_need_up_to_twelve_signs(tmp_path: Path) -> None:
    widths = {}
    for name in ("局", "示例区疾病预防控制中心", "广州市增城区科学技术协会", LONG):
        batch = sample_batch(12)
        batch.years = years_of(batch, 1)
        for item in batch.departments:
            item.name = name
        write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
        sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["屡查屡犯"]
        widths[name] = sheet.column_dimensions["A"].width
        plain = [cell.data_type == "s" for cell in sheet["A"][3:]]
        # A name of one line is a plain text, which people find and copy.
        assert all(plain) if name != LONG else not any(plain)
    short, middle, twelve, long = widths.values()
    assert short == long < middle < twelve < 27


@pytest.mark.parametrize(("count", "several"), [(12, {1, 2, 3}), (60, {1, 4})])
def test_whoever_scores_lowest_has_a_link_each(tmp_path: Path, count: int, several: set[int]) -> None:
    """A cell has one link: each of several names has its own, the last in rank first; many are where one link leads."""
    batch = batch_of(count)
    context = Context.of(batch)
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)["指标分析"]
    matrix = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)["得分矩阵"]
    sizes = set()
    for row, indicator in enumerate(batch.scheme.indicators, 4):
        scores = {item.title: item.score_of(indicator.code) for item in batch.ranked}
        lowest = min(scores.values())
        found = [item for item in reversed(batch.ranked) if scores[item.title] == lowest]
        cells = [cell for cell in sheet[row][12:15] if cell.value is not None]
        if lowest == indicator.points:
            assert [cell.value for cell in cells] == ["全部满分"] and cells[0].hyperlink is None
            continue
        sizes.add(min(len(found), 4))
        shown = found if len(found) <= 3 else found[:2]
        for cell, item in zip(cells, shown, strict=False):
            assert cell.value == item.title
            target = unquote(str(cell.hyperlink.target)).replace("\\", "/")
            assert target == context.book_path(item).replace("\\", "/")
        if len(found) > 3:
            assert cells[2].value == f"等 {len(found)} 个"
            name, _, place = str(cells[2].hyperlink.location).rpartition("!")
            assert name == "'得分矩阵'" and matrix[place].value == float(lowest)
            assert matrix.cell(4, matrix[place].column).value == indicator.code
        else:
            assert len(cells) == len(found)
    assert sizes >= several
