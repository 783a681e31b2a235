"""The printed summaries: complete pages, no empty one, and nothing that Excel writes where a number does not fit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from tests.libreoffice import needs_libreoffice, recalculate
from tests.sample_batch import FIXED_SHEETS, sample_batch
from tests.sample_schemes import bare_scheme, district_scheme, project_scheme

PDFTOTEXT = shutil.which("pdftotext")
BROKEN = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "Err:5", "###")
SMALLEST_PAGE = 60  # signs; a page that a stray row or column makes has fewer
pytestmark = [
    *needs_libreoffice,
    pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext is not on the PATH"),
]


def pages(printed: Path) -> list[str]:
    """The text of each page without blanks."""
    assert PDFTOTEXT is not None
    done = subprocess.run([PDFTOTEXT, "-layout", str(printed), "-"], capture_output=True, check=True)
    return ["".join(page.split()) for page in done.stdout.decode("utf-8").split("\f")[:-1]]


def assert_readable(printed: list[str]) -> None:
    for number, page in enumerate(printed, 1):
        assert not [word for word in BROKEN if word in page], (number, page[:200])
        assert len(page) > SMALLEST_PAGE, (number, page)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("books")
    small, large = sample_batch(12), sample_batch(300, returned=15)
    write_summary(small, folder / "small.xlsx")
    write_summary(large, folder / "large.xlsx", department_sheets=False)
    write_department(Context.of(small), small.departments[1], folder / "department.xlsx")
    for scheme in (district_scheme(), project_scheme(), bare_scheme()):
        batch = sample_batch(12, scheme=scheme)
        write_summary(batch, folder / f"{scheme.id}.xlsx")
        write_department(Context.of(batch), batch.departments[1], folder / f"{scheme.id}-one.xlsx")
    books = sorted(folder.glob("*.xlsx"))
    return {path.stem: pages(path) for path in recalculate(books, folder / "pdf", "pdf")}


def test_nothing_is_broken_cut_or_empty(printed: dict[str, list[str]]) -> None:
    for book in printed.values():
        assert_readable(book)


def test_a_small_summary_has_one_page_a_department(printed: dict[str, list[str]]) -> None:
    book = printed["small"]
    assert "结果总览" in book[0]
    assert sum("结果总览" in page for page in book) == 1
    assert sum("自评结果表" in page for page in book) == 12
    assert len(book) <= 12 + 3 * len(FIXED_SHEETS)


def test_a_large_summary_has_a_sensible_number_of_pages(printed: dict[str, list[str]]) -> None:
    book = printed["large"]
    assert "需要处理的事项" in book[0], "总览 is one page"
    assert sum("认定减" in page for page in book) <= 12, "排名"
    assert sum("固定资产利用率" in page and "调整预算数" in page for page in book) <= 8, "得分矩阵"
    assert sum("计算说明" in page for page in book) <= 130, "扣分明细"
    assert len(book) <= 220


def test_a_department_workbook_is_five_pages(printed: dict[str, list[str]]) -> None:
    titles = ("自评结果表", "绩效指标完成情况", "支出情况", "问题与整改", "异议")
    assert len(printed["department"]) == 5
    assert all(title in page for title, page in zip(titles, printed["department"], strict=True))


def test_the_sheets_of_other_schemes_are_printed_too(printed: dict[str, list[str]]) -> None:
    assert sum("单位汇总" in page for page in printed["projects-2023"]) == 1
    assert [len(printed[f"{scheme}-one"]) for scheme in ("district-2023", "projects-2023", "bare-2023")] == [6, 5, 3]
    assert "填报事项和计算事项" in printed["district-2023-one"][3]
