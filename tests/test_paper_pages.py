"""What stands on which printed page: headings of the table that goes on there, whole titles, rows enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.layout.list_marks import Kind, Mark
from perfxl.lists.columns import Heading
from perfxl.lists.look import ListSheet, write_book
from perfxl.results.batch import Batch
from perfxl.results.column_widths import by_content
from perfxl.results.in_full import IN_FULL
from perfxl.results.summary import write_summary
from perfxl.review_books.book import book_bytes
from perfxl.review_books.make import source_of
from perfxl.template.text_height import HIGHEST, LINE_HEIGHT, MOST_LINES, PADDING, lines
from perfxl.template.text_height import pieces as template_pieces
from perfxl.xlsx.flow import balanced_breaks, block_breaks
from tests.libreoffice import needs_libreoffice
from tests.paper import Printed, assert_nothing_cut, assert_readable, print_books
from tests.review_runs import all_of, kept_run
from tests.sample_batch import sample_batch
from tests.year_cases import years_of

NAME = "区农业农村和水务海洋渔业综合行政执法协调领导小组办公室第一"
LONG = "".join(f"第{number}条：项目受疫情影响未按计划开展；" for number in range(200))


def batch_of(reason: str) -> Batch:
    """Twelve departments with names of 30 letters, which all give the same reason."""
    batch = sample_batch(12)
    for number, item in enumerate(batch.departments):
        item.name = f"{NAME}{number}"
        item.scores = tuple(replace(score, reason=reason) if score.lost else score for score in item.scores)
    return batch


def on_paper(test: Callable[..., None]) -> Callable[..., None]:
    """Marks a test of what LibreOffice prints."""
    for mark in (*needs_libreoffice, pytest.mark.slow):
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Printed]]:
    folder = tmp_path_factory.mktemp("books")
    batch = batch_of("项目受疫情影响未按计划开展，酌情扣减")
    write_summary(batch, folder / "summary.xlsx", department_sheets=False)
    batch.years = years_of(batch, 4)
    write_summary(batch, folder / "years.xlsx", department_sheets=False)
    for name, reason in (("review", "受疫情影响"), ("long", LONG)):
        made = batch_of(reason)
        made.departments[0].kpis = tuple(replace(kpi, reason=reason) for kpi in made.departments[0].kpis)
        last = kept_run(made, folder / name)
        (folder / f"{name}.xlsx").write_bytes(book_bytes(source_of(last), all_of(last)[:1]))
    write_wide(folder / "list.xlsx")
    return print_books(sorted(folder.glob("*.xlsx")), folder / "pdf")


@on_paper
def test_a_review_has_headings_on_every_page_and_its_title_whole(printed: dict[str, list[Printed]]) -> None:
    _, *pages = printed["review"]
    assert len(pages) >= 4
    for page in pages:
        assert "三级指标" in page.text and ("复核理由" in page.text) != ("计算说明" in page.text), page.number
        assert min(page.sizes) >= 7
    titled = [page for page in pages if f"{NAME}0（复核）" in page.text]
    assert [page.number for page in titled] == [2, 3]
    assert ["再运行一次。" in page.text for page in titled] == [True, False]
    # Those of the indicators hold for KPIs too, and no heading of theirs stands alone.
    (first, *_) = [page for page in pages if "绩效指标（" in page.text]
    assert "产出指标" in first.text


@on_paper
def test_what_is_longer_than_a_row_is_read_in_full_in_a_review(printed: dict[str, list[Printed]]) -> None:
    text = "".join(page.text for page in printed["long"])
    assert "见表下“说明全文”" in text and text.count("第199条") >= 3
    assert "部门说明的原因第0条" in text


@on_paper
def test_titles_are_whole_on_each_page_beside(printed: dict[str, list[Printed]]) -> None:
    for name in ("二级指标对比", "年度对比", "得分矩阵"):
        title = f"2022年度部门整体支出绩效评价{name}"
        pages = [page for page in printed["years"] if title[:12] in page.text and name[-4:] in page.text]
        titled = [page for page in pages if title in page.text]
        assert len(titled) >= (2 if name != "得分矩阵" else 1), name
    assert_readable(printed["years"])


@on_paper
def test_a_wide_list_of_the_bureau_has_its_title_whole_on_each_page(printed: dict[str, list[Printed]]) -> None:
    pages = printed["list"]
    assert len(pages) >= 3
    for page in pages:
        assert "2022年度部门整体支出财政核定数" in page.text and "部门代码" in page.text
        assert ("填好以后放进文件夹。" in page.text) == (page.number == 1)
    # What stands under one heading is on one page.
    assert [page.number for page in pages if "第4组" in page.text] == [
        page.number for page in pages if "事项40" in page.text or "事项41" in page.text
    ]


@on_paper
def test_many_rows_stand_on_a_page_with_long_names(printed: dict[str, list[Printed]]) -> None:
    pages = [page for page in printed["summary"] if "扣分原因（部门或复核填写）" in page.text]
    rows = [page.text.count(NAME) for page in pages]
    assert all(count >= 15 for count in rows[1:-1]), rows
    assert all(min(page.sizes) >= 7 for page in pages)


@on_paper
def test_the_list_of_ranks_begins_with_rows_below_its_head(printed: dict[str, list[Printed]]) -> None:
    (page,) = [page for page in printed["summary"] if "名次稳定性（" in page.text]
    assert "去掉一项最好名次" in page.text and page.text.count(NAME) >= 3


def test_nothing_that_runs_over_columns_is_cut_by_the_end_of_a_page(tmp_path: Path) -> None:
    batch = batch_of(LONG)
    batch.departments[0].kpis = tuple(replace(kpi, reason=LONG) for kpi in batch.departments[0].kpis)
    batch.years = years_of(batch, 4)
    write_summary(batch, tmp_path / "summary.xlsx", department_sheets=False)
    last = kept_run(batch, tmp_path)
    (tmp_path / "review.xlsx").write_bytes(book_bytes(source_of(last), all_of(last)[:1]))
    write_wide(tmp_path / "list.xlsx")
    beside = [
        sheet.title
        for name in ("summary", "review", "list")
        for sheet in openpyxl.load_workbook(tmp_path / f"{name}.xlsx").worksheets
        if assert_nothing_cut(sheet)
    ]
    assert {"得分矩阵", "二级指标对比", "年度对比", "财政核定数"} < set(beside)
    assert len([name for name in beside if name.startswith("区农业农村")]) == 1


def write_wide(path: Path) -> None:
    """A list of the bureau with more columns than a page takes."""
    names = (Heading("code", "部门代码", 14, type="code"), Heading("name", "部门名称", 26))
    columns = [
        Heading(f"v{group}{place}", f"事项{group}{place}", 14, type="money", group=f"第{group}组")
        for group in range(8)
        for place in range(3)
    ]
    rows = [{"code": "440118001", "name": NAME}]
    how = ("填写各部门的金额，" * 12, "填好以后放进文件夹。")
    sheet = ListSheet(
        "财政核定数", "2022年度部门整体支出财政核定数", how, (*names, *columns), rows, 5, keyed=True, frozen=2
    )
    write_book(path, Mark(Kind.OFFICIAL, ("guangzhou-2022",)), [sheet])


# What follows from numbers.


@given(
    st.lists(st.lists(st.floats(3, 300), min_size=3, max_size=3), min_size=1, max_size=30),
    st.lists(st.floats(6, 20), min_size=3, max_size=3),
    st.floats(20, 120),
)
def test_widths_by_content_fit_and_are_never_less_than_the_least(
    rows: list[list[float]], least: list[float], room: float
) -> None:
    found = by_content(rows, least, room)
    assert sum(found) <= max(room, sum(least)) + 1e-6
    assert all(width >= narrow - 1e-9 for width, narrow in zip(found, least, strict=True))


def test_what_needs_more_room_gets_it() -> None:
    names, reasons = by_content([[60.0, 20.0]] * 5, [10.0, 10.0], 60.0)
    assert names >= 2 * reasons
    # Two lines at most.
    assert 2 * (names - 1.4) >= 60 and 2 * (reasons - 1.4) >= 20


@given(st.lists(st.floats(15, 200), min_size=2, max_size=60), st.floats(250, 700), st.data())
def test_even_pages_are_no_more_and_hold_their_blocks(heights: list[float], room: float, data: st.DataObject) -> None:
    starts = sorted(data.draw(st.sets(st.integers(1, len(heights) - 1))))
    even = balanced_breaks(heights, starts, room)
    assert len(even) == len(block_breaks(heights, starts, room))
    assert set(even) <= set(starts)


def test_pages_are_about_equally_full() -> None:
    heights = [20.0] * 32
    assert block_breaks(heights, range(1, 32), 600) == [30]
    assert balanced_breaks(heights, range(1, 32), 600) == [16]


@given(st.text(alphabet="长文a 1\n，", max_size=4000), st.floats(6, 80), st.sampled_from([12, MOST_LINES]))
def test_pieces_in_the_looks_of_the_template_fit_and_lose_nothing(text: str, width: float, most: int) -> None:
    found = template_pieces(text, width, most)
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    for piece in found:
        assert lines(piece, width) * LINE_HEIGHT + PADDING <= HIGHEST
        assert lines(piece, width) <= most


def test_a_long_reason_stands_below_the_table_of_a_review(tmp_path: Path) -> None:
    last = kept_run(batch_of(LONG), tmp_path)
    path = tmp_path / "x.xlsx"
    path.write_bytes(book_bytes(source_of(last), all_of(last)[:1]))
    sheet = openpyxl.load_workbook(path).worksheets[1]
    top = next(cell.row for cell in sheet["B"] if cell.value == IN_FULL)
    texts = [str(cell.value or "") for row in sheet.iter_rows(top + 1, min_col=3) for cell in row]
    department = all_of(last)[0].candidate.department
    lost = sum(score.lost > 0 and bool(score.reason) for score in department.scores)
    assert "".join(texts).replace("\n", "").count(LONG) == lost > 0
    heights = [row.height for row in sheet.row_dimensions.values() if row.height]
    assert max(heights) < 409
