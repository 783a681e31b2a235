"""What 总览 counts: who is above the bound that is watched, and the most common deductions in their order."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from perfxl.checks.finding import Severity
from perfxl.results.batch import Batch
from perfxl.results.context import Context
from perfxl.results.plan import SummaryPlan
from perfxl.results.sheets.overview_lists import best_and_last
from perfxl.results.styles import TONES
from perfxl.results.summary import write_summary
from tests.sample_batch import ranked, sample_batch


def overview(batch: Batch, folder: Path) -> list[tuple[object, ...]]:
    write_summary(batch, folder / "汇总.xlsx", department_sheets=False)
    return list(openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)["总览"].iter_rows(values_only=True))


def line(rows: list[tuple[object, ...]], start: str) -> tuple[object, ...]:
    """The line whose first cell starts so."""
    return next(row for row in rows if str(row[0] or "").startswith(start))


def with_totals(*pairs: tuple[str, str]) -> Batch:
    """A batch of departments with these accepted and self totals."""
    batch = sample_batch(len(pairs), returned=0)
    for item, (total, own) in zip(batch.departments, pairs, strict=True):
        item.total, item.self_total, item.capped_from = Decimal(total), Decimal(own), None
    batch.departments = ranked(batch.departments)
    return batch


def test_a_self_score_is_watched_beyond_its_bound_and_not_on_it(tmp_path: Path) -> None:
    batch = with_totals(("90.00", "95.00"), ("80.00", "85.01"), ("70.00", "74.99"), ("60.00", "50.00"))
    over = batch.departments[1].name
    row = line(overview(batch, tmp_path), "自评偏高")
    assert 1 in row
    (named,) = [str(cell) for cell in row if "（高 " in str(cell)]
    assert named.startswith(f"{over}（高 5.01）") and "、" not in named


def deductions(rows: list[tuple[object, ...]]) -> list[tuple[object, object, object]]:
    """Code, number of departments and points lost of the most common deductions."""
    first = next(number for number, row in enumerate(rows) if row[0] == "最常见的扣分") + 2
    found = []
    for row in rows[first:]:
        if not row[0] or len(str(row[0])) > 3:
            break
        found.append((row[0], row[4], row[5]))
    return found


def losing(*lost: dict[str, str]) -> Batch:
    """A batch of departments that have full marks but for these points lost by indicator."""
    batch = sample_batch(len(lost), returned=0)
    for item, minus in zip(batch.departments, lost, strict=True):
        item.scores = tuple(
            replace(score, score=score.points - Decimal(minus.get(score.code, "0"))) for score in item.scores
        )
        item.total, item.capped_from = sum((score.score for score in item.scores), Decimal(0)), None
    batch.departments = ranked(batch.departments)
    return batch


def test_common_deductions_by_departments_then_points_then_code(tmp_path: Path) -> None:
    batch = losing(
        {"B11": "3", "B41": "1", "B43": "0.5", "B31": "0.25", "B21": "0.25"},
        {"A01": "0.1", "B41": "0.5", "B43": "2", "B52": "0.5"},
        {"A01": "0.1"},
    )
    assert deductions(overview(batch, tmp_path)) == [
        ("B43", 2, 2.5), ("B41", 2, 1.5), ("A01", 2, 0.2), ("B11", 1, 3), ("B52", 1, 0.5),
    ]  # fmt: skip
    batch = losing({"B31": "0.25", "B21": "0.25", "B22": "0.5"}, {})
    assert deductions(overview(batch, tmp_path)) == [("B22", 1, 0.5), ("B21", 1, 0.25), ("B31", 1, 0.25)]


def test_without_deductions_it_says_so(tmp_path: Path) -> None:
    batch = losing({}, {})
    rows = overview(batch, tmp_path)
    assert deductions(rows) == [] and line(rows, "没有扣分")


@pytest.mark.parametrize(("spent", "count"), [("90.00", 0), ("89.99", 1)])
def test_a_spending_rate_is_low_below_its_bound(spent: str, count: int, tmp_path: Path) -> None:
    batch = sample_batch(1, returned=0)
    (item,) = batch.departments
    total = replace(item.funds[0], amounts={**item.funds[0].amounts, "adjusted": Decimal(100), "spent": Decimal(spent)})
    item.funds, item.spending_rate = (total, *item.funds[1:]), Decimal(spent) / 100
    assert count in line(overview(batch, tmp_path), "支出率低于")


def best_last(batch: Batch) -> tuple[list[str], list[str]]:
    """Whom 总览 names as the first and as the last, by file."""
    plan = SummaryPlan(batch, Context.of(batch), (), department_sheets=False)
    first, last = best_and_last(plan)
    return [item.file for item in first], [item.file for item in last]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 12, 16, 17, 300])
def test_nobody_is_among_the_first_and_the_last(count: int) -> None:
    batch = sample_batch(count, returned=0, seed=count + 1)
    first, last = best_last(batch)
    assert not set(first) & set(last)
    assert len(first) == min(8, (count + 1) // 2) and len(last) <= 8
    by_file = {item.file: item for item in batch.ranked}
    assert all(by_file[file].grade != "优" for file in last)
    # The lowest first.
    ranks = [by_file[file].rank or 0 for file in last]
    assert ranks == sorted(ranks, reverse=True)
    if count > 1 and batch.ranked[-1].grade != "优":
        assert last[0] == batch.ranked[-1].file


def test_where_all_are_of_the_best_grade_nobody_is_the_last(tmp_path: Path) -> None:
    batch = with_totals(*[(f"{99 - number / 10:.2f}", "99.00") for number in range(12)])
    for item in batch.departments:
        item.grade = "优"
    assert best_last(batch)[1] == []
    assert any("没有低于“优”的其他名次。" in row for row in overview(batch, tmp_path))


def test_who_shares_a_rank_with_the_first_is_not_among_the_last() -> None:
    batch = with_totals(*[("75.00", "75.00")] * 10)
    for item in batch.departments:
        item.grade = "中"
    first, last = best_last(batch)
    assert (len(first), last) == (5, [])


def test_tiles_names_and_sheets_are_linked_and_money_has_one_format(tmp_path: Path) -> None:
    write_summary(sample_batch(40), tmp_path / "汇总.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["总览"]
    linked = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert {"收到填报", "已评分", "退回修改", "无法受理", "最低分"} <= set(linked)
    # The names of the first and the last are formulas, which programs wrap.
    assert sum("'得分矩阵'!$B$" in text for text in linked) == 16
    money = [cell for row in sheet.iter_rows() for cell in row if cell.number_format.startswith("#,##0.00")]
    assert len(money) >= 2 + 2 * 4


def test_each_bar_of_the_grades_has_the_colour_of_its_grade(tmp_path: Path) -> None:
    write_summary(sample_batch(40), tmp_path / "汇总.xlsx", department_sheets=False)
    with ZipFile(tmp_path / "汇总.xlsx") as book:
        charts = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/charts/chart")]
    (grades,) = [text for text in charts if "各等级" in text]
    assert re.findall(r'<c:dPt>.*?<a:srgbClr val="(\w+)"', grades) == [ink.strip("#") for _, ink in TONES]
    assert [text for text in charts if "各类部门支出率" in text]


def test_data_bars_are_solid(tmp_path: Path) -> None:
    write_summary(sample_batch(12), tmp_path / "汇总.xlsx", department_sheets=False)
    with ZipFile(tmp_path / "汇总.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    bars = [bar for text in sheets for bar in re.findall(r"<x14:dataBar [^>]*>", text)]
    assert bars and all('gradient="0"' in bar for bar in bars)
    assert sum(text.count("<dataBar") for text in sheets) == len(bars)


def test_who_has_the_most_errors_comes_first_with_the_number_of_them(tmp_path: Path) -> None:
    batch = sample_batch(9, returned=3)
    few, many, warned = (item for item in batch.departments if not item.ranked)
    error, warning = (
        next(found for found in batch.findings if found.severity is severity)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    given = ((few, [error] + [warning] * 3), (many, [error] * 3), (warned, [error] + [warning] * 9))
    batch.findings = [replace(found, file=item.file) for item, those in given for found in those]
    row = next(row for row, values in enumerate(overview(batch, tmp_path)) if values[0] == "退回修改")
    text = str(overview(batch, tmp_path)[row])
    assert many.name in text and warned.name not in text
    rows = [str(values) for values in overview(batch, tmp_path)[row : row + 3]]
    places = [next(place for place, words in enumerate(rows) if item.name in words) for item in (many, warned, few)]
    assert places == sorted(places)


@pytest.mark.parametrize("department_sheets", [True, False])
def test_a_name_of_two_lines_is_linked_and_keeps_what_is_told_of_it(tmp_path: Path, department_sheets: bool) -> None:
    batch = with_totals(("90.00", "99.00"), ("80.00", "80.00"))
    batch.departments[0].name = "区农业农村和水务海洋渔业综合行政执法协调领导小组办公室" * 3
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=department_sheets)
    shown = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)["总览"]
    (cell,) = [cell for row in shown.iter_rows(max_col=14) for cell in row if "（高 9.00）" in str(cell.value)]
    assert str(cell.value).startswith(batch.departments[0].name) and cell.hyperlink


@pytest.mark.parametrize("name", ["区水务局", "区水务局（河涌管理和供排水监督服务中心）" * 3])
def test_no_block_is_cut_by_the_end_of_a_page(tmp_path: Path, name: str) -> None:
    batch = sample_batch(60)
    for number, item in enumerate(batch.departments):
        item.name = f"{name}{number}"
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["总览"]
    breaks = [found.id for found in sheet.row_breaks.brk]
    # A program that fits a sheet to a page's width would pass over them.
    assert breaks and not sheet.sheet_properties.pageSetUpPr.fitToPage
    starts = {cell.row - 1 for cell in sheet["A"] if str(cell.value or "")[:4] in ("等级分布", "最常见的", "前 8 ")}
    starts |= {cell.row - 2 for cell in sheet["A"] if str(cell.value or "").startswith("各类")}
    assert set(breaks) <= starts


@pytest.mark.parametrize("count", [12, 40, 300])
def test_the_first_page_is_full(tmp_path: Path, count: int) -> None:
    """The categories stand below the charts, where the ranks did not fit and a fifth of the page was blank."""
    write_summary(sample_batch(count), tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["总览"]
    first = {str(cell.value)[:4].rstrip("0123456789 "): cell.row for cell in sheet["A"] if cell.value}
    assert first["等级分布"] < first["各类部门"] < first["前"]
    assert [found.id for found in sheet.row_breaks.brk] == [first["前"] - 1]


def test_the_charts_stay_on_the_first_page_below_long_names(tmp_path: Path) -> None:
    batch = sample_batch(300)
    for number, item in enumerate(batch.departments):
        item.name = f"区农业农村和水务海洋渔业综合行政执法协调领导小组办公室第{number}"
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["总览"]
    (charts,) = [cell.row for cell in sheet["A"] if cell.value == "等级分布"]
    assert min(found.id for found in sheet.row_breaks.brk) > charts
