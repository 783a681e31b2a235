"""Everything that is written can be read on paper: sizes as printed, for short and long texts, whatever the scheme."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.cli.app import perfxl
from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import IDENTITY
from perfxl.results.batch import Batch
from perfxl.results.beside import page_breaks
from perfxl.results.cells import MARGIN
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.in_full import CONTINUED, IN_FULL
from perfxl.results.styles import SIZE, SMALL
from perfxl.results.summary import write_summary
from perfxl.results.text_height import REST, TALLEST, pieces, row_height, shortened, text_lines
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.template import write_template
from perfxl.template.forms import LONGER
from perfxl.xlsx.paper import fitted, points_wide, printable, room
from tests.libreoffice import needs_libreoffice
from tests.paper import assert_readable, cut_texts, print_books
from tests.random_schemes import make_scheme
from tests.sample_batch import sample_batch
from tests.sample_schemes import district_scheme, project_scheme
from tests.scheme_files import toml_scheme
from tests.template_books import random_values
from tests.template_schemes import crowded, district
from tests.test_results_several import several_batch

EXAMPLES = Path(__file__).parent.parent / "input"
LONG_NAME = "区农业农村和水务海洋渔业综合行政执法协调领导小组办公室（区乡村振兴工作专班）" * 2
LONG_TEXT = "".join(f"第{number}条：项目受疫情影响未按计划开展，已列入下年度计划；" for number in range(160))
WIDE = [pytest.param(name, marks=pytest.mark.slow) for name in builtin_ids() if name != "guangzhou-2022"]


def call(*arguments: str | Path) -> None:
    result = CliRunner().invoke(perfxl, [*map(str, arguments)], catch_exceptions=False)
    assert result.exit_code in (0, 3), result.output


def batch_of(names: str, texts: str) -> Batch:
    """A batch whose departments have the same long or short name (with a number) and texts."""
    batch = sample_batch(12)
    for number, item in enumerate(batch.departments):
        item.name = f"{names}{number}"
        item.scores = tuple(replace(score, reason=texts) if score.lost else score for score in item.scores)
        item.kpis = tuple(replace(kpi, name=names, reason=texts, evidence=texts) for kpi in item.kpis)
        item.tasks = tuple(replace(task, name=names, result=texts, reason=texts) for task in item.tasks)
    batch.findings = [replace(item, message=texts, advice=texts, value=names) for item in batch.findings]
    return batch


# As LibreOffice prints it.


@pytest.mark.libreoffice
@pytest.mark.parametrize("scheme_id", ["guangzhou-2022", *WIDE])
def test_template_and_lists_are_read_on_paper(tmp_path: Path, scheme_id: str) -> None:
    call("template", "--scheme", scheme_id, "-o", tmp_path)
    call("scheme", "export", scheme_id, "-o", tmp_path / "方案.xlsx")
    books = sorted(tmp_path.glob("*.xlsx"))
    assert len(books) == 5
    printed = print_books(books, tmp_path / "pdf")
    for name, pages in printed.items():
        assert all(min(page.sizes) >= 7 for page in pages if page.sides == (595, 842)), name
        # The scheme workbook has columns of numbers that are hidden.
        assert name == "方案" or cut_texts(tmp_path / "pdf" / f"{name}.pdf") == [], name
    (cover, *_) = next(pages for name, pages in printed.items() if "模板" in name)
    assert "填报步骤" in cover.text
    # Not the line to sign and the grade alone.
    assert next(pages for name, pages in printed.items() if "模板" in name)[-1].filled >= 0.3


test_template_and_lists_are_read_on_paper.pytestmark += needs_libreoffice[1:]  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("make", [crowded, district], ids=["crowded", "district"])
def test_filled_templates_of_large_schemes_are_read_on_paper(tmp_path: Path, make: object) -> None:
    read_of(tmp_path, [make()])  # type: ignore[operator]


@pytest.mark.slow
def test_templates_of_any_scheme_are_read_on_paper(tmp_path: Path) -> None:
    read_of(tmp_path, [toml_scheme(make_scheme(seed)) for seed in range(6)])


def read_of(folder: Path, schemes: list[Scheme]) -> None:
    for number, scheme in enumerate(schemes):
        write_template(scheme, folder / f"{number}.xlsx", random_values(scheme, number))
    for name, pages in print_books(sorted(folder.glob("*.xlsx")), folder / "pdf").items():
        for page in pages:
            assert min(page.sizes, default=7) >= 7, (name, page.number, min(page.sizes), page.smallest[:80])


test_filled_templates_of_large_schemes_are_read_on_paper.pytestmark += needs_libreoffice  # type: ignore[attr-defined]
test_templates_of_any_scheme_are_read_on_paper.pytestmark += needs_libreoffice  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    call("run", EXAMPLES, "-o", folder)
    call("review", folder)
    return folder


@pytest.mark.slow
def test_what_a_run_writes_beside_the_results_is_read_on_paper(output: Path, tmp_path: Path) -> None:
    (returned,) = (output / "退回修改").glob("*.xlsx")
    books = [output / "往来登记.xlsx", returned, *(output / "复核").glob("*.xlsx")]
    assert len(books) == 3
    for pages in print_books(books, tmp_path / "pdf").values():
        for page in pages:
            assert min(page.sizes) >= 7, (page.book, page.number, min(page.sizes), page.smallest[:80])
            # The legend of a copy to mend has a colour more; its cover ends on the same page.
            assert page.book != returned.stem or page.filled >= 0.15, (page.book, page.number)
        assert cut_texts(tmp_path / "pdf" / f"{pages[0].book}.pdf") == [], pages[0].book


test_what_a_run_writes_beside_the_results_is_read_on_paper.pytestmark += needs_libreoffice  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize(("names", "texts"), [("局", "无"), (LONG_NAME, LONG_TEXT)], ids=["short", "long"])
def test_long_names_and_texts_are_read_on_paper(tmp_path: Path, names: str, texts: str) -> None:
    batch = batch_of(names, texts)
    write_summary(batch, tmp_path / "summary.xlsx")
    write_department(Context.of(batch), batch.departments[2], tmp_path / "one.xlsx")
    for pages in print_books([tmp_path / "summary.xlsx", tmp_path / "one.xlsx"], tmp_path / "pdf").values():
        assert_readable(pages)


test_long_names_and_texts_are_read_on_paper.pytestmark += needs_libreoffice  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_summary_of_several_schemes_is_read_on_paper(tmp_path: Path) -> None:
    batch = several_batch((load_scheme(), 8, 1), (project_scheme(), 6, 1), (district_scheme(), 6, 1))
    write_summary(batch, tmp_path / "summary.xlsx")
    (pages,) = print_books([tmp_path / "summary.xlsx"], tmp_path / "pdf").values()
    for page in pages:
        assert min(page.sizes) >= 7, (page.number, min(page.sizes), page.smallest[:80])


test_the_summary_of_several_schemes_is_read_on_paper.pytestmark += needs_libreoffice  # type: ignore[attr-defined]


# What follows from numbers.


def shown_in(sheet: Worksheet) -> str:
    return "".join(str(cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))


def test_a_long_text_goes_on_in_more_rows_or_says_where_the_rest_stands(tmp_path: Path) -> None:
    batch = batch_of("区教育局", LONG_TEXT)
    department = next(item for item in batch.departments if Context.of(batch).findings_of(item))
    write_department(Context.of(batch), department, tmp_path / "one.xlsx")
    write_summary(batch, tmp_path / "summary.xlsx", department_sheets=False)
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    lost = sum(score.lost > 0 for score in department.scores)
    found = len(Context.of(batch).findings_of(department))
    # The reasons, and of each finding what it says and what is to do.
    assert shown_in(book["评分结果"]).replace("\n", "").count(LONG_TEXT) == lost + 2 * found
    summary = openpyxl.load_workbook(tmp_path / "summary.xlsx")
    for sheet, texts in ((book["指标完成"], 2 * len(department.kpis)), (summary["扣分明细"], 0)):
        assert REST in shown_in(sheet)
        # In full below the list, with whom and what it is about.
        top = next(cell.row for cell in sheet["A"] if str(cell.value).startswith(IN_FULL))
        below = [row for row in sheet.iter_rows(top, values_only=True) if any(row)]
        whole = "".join(str(text) for row in below for text in row[1:] if text).replace("\n", "")
        named = [row[0] for row in below if row[0] != CONTINUED]
        assert whole.count(LONG_TEXT) == len(named) == (texts or sheet_losses(batch))
        assert all(str(name).count("\n") >= 2 for name in named)
    # A task goes on in the next rows.
    assert shown_in(book["支出情况"]).replace("\n", "").count("第159条") == 2 * len(department.tasks)
    for sheet in book.worksheets:
        assert max((row.height or 0 for row in sheet.row_dimensions.values()), default=0) <= 409


def sheet_losses(batch: Batch) -> int:
    """How many losses of points a batch has."""
    return sum(score.lost > 0 for item in batch.departments for score in item.scores)


@given(st.text(alphabet="长文a 1\n，", max_size=4000), st.floats(6, 80), st.sampled_from([SIZE, SMALL]))
def test_pieces_of_a_text_fit_and_lose_nothing(text: str, width: float, size: float) -> None:
    found = pieces(text, width, size)
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    for piece in found:
        assert 5 + text_lines(piece, width, size) * size * 1.5 <= TALLEST + 5
    short = shortened(text, width, size)
    assert short == text or (short.endswith(REST) and row_height(text_lines(short, width, size), size) <= TALLEST)


@given(st.lists(st.tuples(st.floats(4, 60), st.floats(0.4, 1)), min_size=1, max_size=30), st.booleans())
def test_columns_give_way_until_they_fit_and_no_further(columns: list[tuple[float, float]], landscape: bool) -> None:
    widths = tuple(width for width, _ in columns)
    least = tuple(width * share for width, share in columns)
    space = room(len(widths), landscape=landscape, margins=0.7, size=SMALL)
    found = fitted(widths, least, space)
    if sum(widths) <= space:
        assert found == widths
    assert all(low - 0.11 <= new <= width for new, low, width in zip(found, least, widths, strict=True))
    assert sum(found) <= max(space, sum(least)) + 1e-6


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.floats(4, 12))
def test_a_matrix_is_divided_between_groups(groups: list[int], width: float) -> None:
    widths = [6.0, 22.0, 11.0, *([width] * sum(groups))]
    breaks = page_breaks(widths, 3, groups)
    space = printable(landscape=True, margins=2 * MARGIN, size=SMALL)
    for first, end in zip([3, *breaks], [*breaks, len(widths)], strict=True):
        assert points_wide(widths[:3]) + points_wide(widths[first:end]) <= space
    ends = {3 + end for end in accumulate(groups)}
    if points_wide(widths[:3]) + 9 * points_wide([width]) <= space * 0.7:
        assert set(breaks) <= ends


def test_the_template_says_where_a_text_is_longer_than_the_tallest_row(tmp_path: Path) -> None:
    scheme = load_scheme()
    field = next(
        line.key
        for block in layout_of(scheme).sheet_blocks(IDENTITY)
        for line in block.lines
        if line.specs[VALUE].type == "long_text"
    )
    for text, told in ((LONG_TEXT, True), (LONG_TEXT[:200], False)):
        write_template(scheme, tmp_path / "template.xlsx", {("identity", field, VALUE): text})
        assert (LONGER in shown_in(openpyxl.load_workbook(tmp_path / "template.xlsx")[IDENTITY])) == told


SCREEN, ROOM = (1366, 768), (0.6, 0.55)
"""The smaller screen, and how much of it may be taken by what stays in view."""


def test_what_stays_in_view_leaves_room_on_a_small_screen(tmp_path: Path) -> None:
    batch = batch_of(LONG_NAME, "无")
    write_summary(batch, tmp_path / "summary.xlsx", department_sheets=False)
    write_department(Context.of(batch), batch.departments[2], tmp_path / "one.xlsx")
    write_template(load_scheme(), tmp_path / "template.xlsx")
    frozen = 0
    for name in ("summary", "one", "template"):
        for sheet in openpyxl.load_workbook(tmp_path / f"{name}.xlsx").worksheets:
            if sheet.sheet_state != "visible" or sheet.freeze_panes is None:
                continue
            frozen += 1
            corner = sheet[sheet.freeze_panes]
            wide = sum(
                (each.width or 9) * 7
                for each in sheet.column_dimensions.values()
                if not each.hidden and each.min < corner.column
                for _ in range(each.min, min(each.max, corner.column - 1) + 1)
            )
            high = sum(
                (sheet.row_dimensions[row].height or 15) * 4 / 3
                for row in range(1, corner.row)
                if not sheet.row_dimensions[row].hidden
            )
            assert wide <= SCREEN[0] * ROOM[0], (name, sheet.title, wide)
            assert high <= SCREEN[1] * ROOM[1], (name, sheet.title, high)
    assert frozen >= 12
