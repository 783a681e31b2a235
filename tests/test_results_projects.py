"""Results where projects are evaluated: named after the project, with their units beside them and rolled up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl.ranking.units import unit_results
from perfxl.results.batch import Batch
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from tests.sample_batch import quiet_batch, sample_batch, scored_batch
from tests.sample_schemes import UNITS, project_scheme

SCHEME = project_scheme()
FIXED_SHEETS = ["总览", "排名", "单位汇总", "得分矩阵", "扣分明细", "指标分析", "问题清单", "收件清单"]


@pytest.fixture(scope="module")
def batch() -> Batch:
    return sample_batch(24, scheme=SCHEME)


@pytest.fixture(scope="module")
def book(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("summary") / "汇总.xlsx"
    write_summary(batch, path)
    return openpyxl.load_workbook(path, data_only=True)


def headings(book: Workbook, sheet: str) -> list[str]:
    return [str(cell.value).replace("\n", "") for cell in book[sheet][3] if cell.value]


def texts(book: Workbook) -> list[str]:
    return [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]


def test_there_is_a_sheet_of_units(book: Workbook) -> None:
    assert book.sheetnames[: len(FIXED_SHEETS)] == FIXED_SHEETS


def test_lists_have_the_project_and_its_unit(book: Workbook, batch: Batch) -> None:
    assert headings(book, "排名")[2:6] == ["实施单位代码", "项目名称", "实施单位", "项目类别"]
    for row, item in enumerate(batch.departments, 4):
        shown = [book["排名"].cell(row, column).value for column in (3, 4, 5)]
        assert shown == [item.code, item.project, item.name]
    assert headings(book, "得分矩阵")[:4] == ["名次", "项目名称", "实施单位", "项目类别"]
    assert [book["得分矩阵"].cell(7, column).value for column in (2, 3)] == [
        batch.departments[0].project, batch.departments[0].name,
    ]  # fmt: skip
    assert headings(book, "扣分明细")[1:3] == ["项目名称", "实施单位"]
    assert headings(book, "问题清单")[:2] == ["项目名称", "实施单位"]
    assert headings(book, "收件清单")[4:6] == ["项目名称", "实施单位"]
    units = {item.file: item.name for item in batch.departments}
    for row in book["收件清单"].iter_rows(min_row=4, values_only=True):
        assert row[5] == units.get(row[1])


def test_nothing_speaks_of_departments(tmp_path: Path) -> None:
    batch = quiet_batch(12, SCHEME)
    write_summary(batch, tmp_path / "汇总.xlsx")
    write_department(Context.of(batch), batch.departments[0], tmp_path / "项目.xlsx")
    shown = [text for name in ("汇总", "项目") for text in texts(openpyxl.load_workbook(tmp_path / f"{name}.xlsx"))]
    assert [text for text in shown if "部门" in text] == []
    assert "各类项目的得分和支出（万元）" in shown
    assert any(text.startswith("参加排名 10 个项目，") for text in shown)


def test_ranks_and_links_are_right_with_one_more_column(book: Workbook, batch: Batch) -> None:
    sheet = book["排名"]
    for row, item in enumerate(batch.ranked, 4):
        assert (sheet.cell(row, 1).value, sheet.cell(row, 2).value) == (item.rank, item.category_rank)
        target = sheet.cell(row, headings(book, "排名").index("结果页") + 1).hyperlink.location
        assert book[target[1:-4].replace("''", "'")]["A2"].hyperlink.location == f"'排名'!D{row}"


def test_two_projects_of_one_name_have_sheets_and_books_of_their_own(tmp_path: Path) -> None:
    batch = sample_batch(3, returned=0, scheme=SCHEME)
    for item in batch.departments:
        item.project = "科普惠民项目"
    write_summary(batch, tmp_path / "汇总.xlsx")
    names = openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames[len(FIXED_SHEETS) :]
    assert names == ["科普惠民项目", "科普惠民项目(2)", "科普惠民项目(3)"]
    context = Context.of(batch)
    files = [context.file_name(item) for item in batch.departments]
    assert files == ["科普惠民项目.xlsx", "科普惠民项目(2).xlsx", "科普惠民项目(3).xlsx"]


def test_a_projects_own_workbook_says_whose_it_is(tmp_path: Path, batch: Batch) -> None:
    item = batch.departments[0]
    write_department(Context.of(batch), item, tmp_path / "项目.xlsx")
    book = openpyxl.load_workbook(tmp_path / "项目.xlsx")
    rows = [row[:3] for row in book["评分结果"].iter_rows(max_row=8, values_only=True)]
    assert ("项目名称", None, f"{item.project}（{item.project_code}）") in rows
    assert ("实施单位", None, f"{item.name}（{item.code}）") in rows
    assert ("项目类别", None, item.category) in rows
    assert str(book["问题与整改"]["A2"].value).startswith(item.project)


def test_the_funds_table_has_the_schemes_rows_and_columns(tmp_path: Path, batch: Batch) -> None:
    item = batch.departments[0]
    write_department(Context.of(batch), item, tmp_path / "项目.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "项目.xlsx", data_only=True)["支出情况"]
    assert sheet["A2"].value == f"{item.title}　　单位：万元　　支出率 = 全年执行数 ÷ 全年预算数"
    assert sheet["A3"].value == "项目资金"
    heads = [cell.value for cell in sheet[4]]
    assert heads == ["支出类别", "全年预算数", "全年执行数", "结转数", "未支出数", "支出率", "提示"]
    total = item.funds[0]
    assert total.adjusted is not None and total.spent is not None
    left = float(total.adjusted - total.spent)
    shown = [cell.value for cell in sheet[5]]
    assert shown[:5] == ["合计", float(total.adjusted), float(total.spent), left, left]
    assert shown[5] == pytest.approx(float(total.spent / total.adjusted))


# 单位汇总.


def units_of(*projects: tuple[str, str, str, str | None]) -> Batch:
    """A batch of projects by code and name of the unit, total (of A01, in full marks but for it) and budget."""
    changes = [
        {
            "code": code, "name": name, "A01": str(Decimal(total) - 80),
            "adjusted": None if budget is None else Decimal(budget),
        }
        for code, name, total, budget in projects
    ]  # fmt: skip
    return scored_batch(SCHEME, *changes)


def test_means_are_weighted_by_money() -> None:
    batch = units_of(
        ("1", "甲", "90", "100"), ("1", "甲", "80", "300"), ("2", "乙", "95", "0"), ("2", "乙", "84", None)
    )
    found = [(unit.code, unit.name, unit.projects, unit.budget, unit.weighted_total, unit.grade, unit.rank)
             for unit in unit_results(SCHEME, batch.departments)]  # fmt: skip
    assert found == [
        ("2", "乙", 2, Decimal(0), Decimal("89.50"), "良", 1), ("1", "甲", 2, Decimal(400), Decimal("82.50"), "良", 2),
    ]  # fmt: skip


def test_a_project_without_a_budget_weighs_nothing_beside_others() -> None:
    batch = units_of(("1", "甲", "90", "100"), ("1", "甲", "81", None))
    assert [unit.weighted_total for unit in unit_results(SCHEME, batch.departments)] == [Decimal("90.00")]


def test_exact_halves_go_up_and_equal_units_share_a_rank() -> None:
    batch = units_of(
        ("1", "甲", "90.01", "1"), ("1", "甲", "90", "1"), ("2", "乙", "90.01", "7"), ("3", "丙", "89.99", "1")
    )
    found = [
        (unit.name, unit.weighted_total, unit.rank, unit.grade) for unit in unit_results(SCHEME, batch.departments)
    ]
    assert found == [
        ("甲", Decimal("90.01"), 1, "优"),
        ("乙", Decimal("90.01"), 1, "优"),
        ("丙", Decimal("89.99"), 3, "良"),
    ]


def test_returned_projects_do_not_count() -> None:
    batch = units_of(("1", "甲", "90", "100"), ("1", "甲", "80", "100"), ("2", "乙", "99", "1"))
    for item in batch.departments:
        if item.total != 90:
            item.rank = None
    (unit,) = unit_results(SCHEME, batch.departments)
    assert (unit.name, unit.projects, unit.weighted_total) == ("甲", 1, Decimal("90.00"))


def test_a_units_code_may_be_spelled_otherwise_and_where_it_is_blank_the_name_tells() -> None:
    batch = units_of(
        ("4401", "甲", "90", "1"), ("４４０１", "甲 ", "80", "1"), ("", "乙", "85", "1"), ("", "丙", "84", "1")
    )
    found = {unit.name: unit.projects for unit in unit_results(SCHEME, batch.departments)}
    assert found == {"甲": 2, "乙": 1, "丙": 1}


def test_departments_have_no_units() -> None:
    batch = sample_batch(12)
    assert unit_results(batch.scheme, batch.departments) == []


def test_the_sheet_shows_the_units_best_first(book: Workbook, batch: Batch) -> None:
    sheet = book["单位汇总"]
    assert headings(book, "单位汇总") == [
        "名次", "单位序号", "实施单位代码", "实施单位", "项目数", "全年预算数（万元）", "平均分", "等级",
    ]  # fmt: skip
    units = unit_results(SCHEME, batch.departments)
    assert {(unit.code, unit.name) for unit in units} == set(UNITS)
    for row, unit in enumerate(units, 4):
        shown = [cell.value for cell in sheet[row]]
        assert shown == [
            unit.rank, row - 3, unit.code, unit.name, unit.projects, float(unit.budget), float(unit.weighted_total),
            unit.grade,
        ]  # fmt: skip
    assert sheet.auto_filter.ref == f"A3:H{3 + len(units)}"


def test_without_projects_the_sheet_says_so(tmp_path: Path) -> None:
    write_summary(sample_batch(1, returned=1, scheme=SCHEME), tmp_path / "汇总.xlsx")
    assert openpyxl.load_workbook(tmp_path / "汇总.xlsx")["单位汇总"]["A4"].value == "没有参加排名的项目。"
