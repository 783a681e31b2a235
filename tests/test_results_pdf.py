"""The printed summaries: complete pages, no empty one, nothing too small to read or wider than its cell."""

from __future__ import annotations

import pytest

from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from tests.libreoffice import needs_libreoffice
from tests.paper import Printed, assert_readable, print_books
from tests.sample_batch import sample_batch
from tests.sample_schemes import bare_scheme, district_scheme, project_scheme

pytestmark = [*needs_libreoffice, pytest.mark.slow]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Printed]]:
    folder = tmp_path_factory.mktemp("books")
    small, large = sample_batch(12), sample_batch(300, returned=15)
    write_summary(small, folder / "small.xlsx")
    write_summary(large, folder / "large.xlsx", department_sheets=False)
    write_department(Context.of(small), small.departments[1], folder / "department.xlsx")
    for scheme in (district_scheme(), project_scheme(), bare_scheme()):
        batch = sample_batch(12, scheme=scheme)
        write_summary(batch, folder / f"{scheme.id}.xlsx")
        write_department(Context.of(batch), batch.departments[1], folder / f"{scheme.id}-one.xlsx")
    return print_books(sorted(folder.glob("*.xlsx")), folder / "pdf")


def pages_with(pages: list[Printed], words: str) -> list[Printed]:
    return [page for page in pages if words in page.text]


def test_nothing_is_broken_too_small_or_empty(printed: dict[str, list[Printed]]) -> None:
    for book in printed.values():
        assert_readable(book)


def test_a_department_takes_two_or_three_pages_with_its_headings_on_each(printed: dict[str, list[Printed]]) -> None:
    book = printed["small"]
    assert "结果总览" in book[0].text
    assert len(pages_with(book, "结果总览")) == 1
    starts = [number for number, page in enumerate(book) if "评价结果表" in page.text]
    assert len(starts) == 12
    for start, end in zip(starts, [*starts[1:], len(book)], strict=True):
        pages = book[start:end]
        assert 2 <= len(pages) <= 3
        assert all("三级指标" in page.text and "计算说明和扣分原因" in page.text for page in pages)
        # Full down to where the next row would not fit, and no last page with next to nothing.
        assert all(page.filled > 0.8 for page in pages[:-1])
        assert pages[-1].filled > 0.3


def test_a_large_summary_has_a_sensible_number_of_pages(printed: dict[str, list[Printed]]) -> None:
    book = printed["large"]
    assert pages_with(book[:3], "需要处理的事项")
    assert len(pages_with(book, "认定减")) <= 24, "排名"
    matrix = [page for page in book if "得分矩阵" in page.text or ("B66" in page.text and "分值" in page.text)]
    assert matrix and all(page.sides == (595, 842) for page in matrix)
    assert len(pages_with(book, "计算说明")) <= 260, "扣分明细"
    assert len(book) <= 400


def test_a_department_workbook_has_its_sheets(printed: dict[str, list[Printed]]) -> None:
    titles = ("评价结果表", "绩效指标完成情况", "支出情况", "问题与整改", "异议：")
    assert [len(pages_with(printed["department"], title)) >= 1 for title in titles] == [True] * 5
    assert len(printed["department"]) <= 8


def test_the_sheets_of_other_schemes_are_printed_too(printed: dict[str, list[Printed]]) -> None:
    assert len(pages_with(printed["projects-2023"], "单位汇总")) >= 1
    assert pages_with(printed["district-2023-one"], "填报事项和计算事项")
    assert [len(printed[f"{scheme}-one"]) for scheme in ("district-2023", "projects-2023", "bare-2023")] <= [10, 8, 4]
