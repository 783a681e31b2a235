"""The sheets of the years for other schemes, several of them, and years that have nobody in common."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.years.model import Year, year_scheme
from tests.libreoffice import needs_libreoffice
from tests.package_rules import faults
from tests.paper import print_books
from tests.sample_batch import hostile_batch, sample_batch
from tests.sample_schemes import bare_scheme, district_scheme, project_scheme
from tests.test_results_several import PROJECTS, WHOLE, several_batch
from tests.year_cases import compared, departments_of, year_of, years_of

SHEETS = ["年度变化", "年度对比", "二级指标对比", "屡查屡犯"]


@pytest.mark.slow
@pytest.mark.parametrize("years", [1, 4])
@pytest.mark.parametrize(
    "scheme", [load_scheme(), district_scheme(), project_scheme(), bare_scheme()], ids=lambda scheme: scheme.id
)
def test_any_scheme_and_number_of_years(scheme: Scheme, years: int, tmp_path: Path) -> None:
    batch = sample_batch(12, scheme=scheme)
    batch.years = years_of(batch, years)
    write_summary(batch, tmp_path / "汇总.xlsx")
    assert faults(tmp_path / "汇总.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    assert [name for name in book.sheetnames if name in SHEETS] == SHEETS
    heads = [str(cell.value) for cell in book["年度对比"][3]]
    for ago in range(1, years + 1):
        assert f"{scheme.year - ago}\n总分" in heads and f"较{scheme.year - ago}\n名次升降" in heads
    for item in batch.departments[:3]:
        write_department(Context.of(batch), item, tmp_path / "部门.xlsx")
        assert faults(tmp_path / "部门.xlsx") == []


@pytest.mark.parametrize(("count", "returned"), [(0, 0), (1, 0), (1, 1)])
def test_small_batches(count: int, returned: int, tmp_path: Path) -> None:
    batch = sample_batch(count, returned=returned)
    batch.years = years_of(batch)
    write_summary(batch, tmp_path / "汇总.xlsx")
    assert faults(tmp_path / "汇总.xlsx") == []


def test_several_schemes_have_their_own(tmp_path: Path) -> None:
    batch = several_batch((WHOLE, 6, 1), (PROJECTS, 5, 1))
    batch.years = years_of(batch)
    write_summary(batch, tmp_path / "汇总.xlsx")
    assert faults(tmp_path / "汇总.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    for name in SHEETS:
        assert len([sheet for sheet in book.sheetnames if sheet.startswith(f"{name}（")]) == 2


def test_nobody_in_common(tmp_path: Path) -> None:
    scheme = load_scheme()
    batch, other = sample_batch(5), sample_batch(5)
    for item in other.departments:
        item.code, item.name = f"9{item.code}", f"旧{item.name}"
    batch.years = {scheme.id: compared(batch, scheme, [year_of(other, scheme, 2021)], {})}
    write_summary(batch, tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    assert {row[2].value for row in book["年度对比"].iter_rows(4)} == {"没有对应"}
    assert book["屡查屡犯"]["A4"].value == "没有发现屡查屡犯。"
    texts = [str(row[0].value) for row in book["年度变化"].iter_rows()]
    assert "没有总分升降的部门。" in texts and any("0 个与该年对应" in text for text in texts)
    item = batch.departments[0]
    write_department(Context.of(batch), item, tmp_path / "部门.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "部门.xlsx")["评分结果"]
    assert "历年对比" not in [cell.value for row in sheet.iter_rows() for cell in row]


def test_what_a_hostile_hand_wrote_is_text(tmp_path: Path) -> None:
    scheme = load_scheme()
    batch, other = hostile_batch("=1+1"), hostile_batch("=HYPERLINK(1)")
    batch.years = {scheme.id: compared(batch, scheme, [year_of(other, scheme, 2021, "=1+1")], {})}
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    assert faults(tmp_path / "汇总.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    # Beside 总览 stand the names that take several lines.
    allowed = ("=ROUND(", "='得分矩阵'!", "='总览'!", "=COUNTIFS(", "=(COUNTIFS(", "=$")
    for name in SHEETS:
        formulas = [cell.value for row in book[name].iter_rows() for cell in row if cell.data_type == "f"]
        assert all(str(formula).startswith(allowed) for formula in formulas)


def test_each_year_tells_whom_it_was(tmp_path: Path) -> None:
    """Another name two years ago is told, though last year it was the one of today."""
    batch = sample_batch(3)
    first, *_ = departments_of(batch, batch.scheme)
    older = replace(first, code="X1", name="从前的名称")
    before = [year_of(batch, batch.scheme, 2021), Year(2020, "2020年结果", (year_scheme(batch.scheme),), (older,))]
    batch.years = {batch.scheme.id: compared(batch, batch.scheme, before, {first.code: ["从前的名称"]})}
    write_summary(batch, tmp_path / "汇总.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)["年度对比"]
    told = {row[0]: row[2] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert told[first.name].startswith("2021：代码和名称\n2020：")
    assert told[first.name].endswith("：从前的名称")
    others = [words for name, words in told.items() if name != first.name]
    assert others == ["2021：代码和名称\n2020：没有对应"] * 2


@pytest.mark.slow
@needs_libreoffice[0]
@needs_libreoffice[1]
def test_every_mover_is_named_beside_its_bar(tmp_path: Path) -> None:
    """A chart that is too low leaves every second name out, without a word."""
    batch = sample_batch(12)
    batch.years = years_of(batch, 1)
    write_summary(batch, tmp_path / "a.xlsx", department_sheets=False)
    rows = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["年度变化"].iter_rows(values_only=True)
    # No font here has the emoji of one name.
    moved = [str(row[1]) for row in rows if row[0] in ("上升", "下降") and max(str(row[1])) < "\U00010000"]
    assert len(moved) > 5
    pages = print_books([tmp_path / "a.xlsx"], tmp_path / "pdf")["a"]
    first = next(number for number, page in enumerate(pages) if "年度变化" in page.text and "总分增减" in page.text)
    text = "".join(page.text for page in pages[first : first + 2]).partition("指标变化")[0]
    # In the chart and in the table.
    assert {name: text.count(name) for name in moved} == dict.fromkeys(moved, 2)
