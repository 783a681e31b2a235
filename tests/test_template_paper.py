"""The template on paper, of every scheme and stage: what stands on which page, and that nothing is cut or alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import META
from perfxl.lists.approved_columns import whole_rows
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.template import write_template
from perfxl.template.paper import MARGIN
from perfxl.template.styles import BODY_SIZE
from perfxl.xlsx.flow import LAST, NEARLY_EMPTY, balanced_breaks, block_breaks, last_page_filled, page_ends
from perfxl.xlsx.paper import points_wide, printable
from perfxl.xlsx.side_pages import divided
from tests.libreoffice import needs_libreoffice, recalculate
from tests.paper import cut_texts, filled_to, pages_of
from tests.template_books import Values, random_values

FORMS = [(scheme_id, stage) for scheme_id in builtin_ids() for stage in Stage]
LEAST_FILLED = 0.2
"""How far down a page is written on: a sheet of three amounts takes so much."""
NAME = "区农业农村和水务海洋渔业综合行政执法协调领导小组办公室（区乡村振兴工作专班）"
TEXT = "按照年度工作部署组织实施，部分内容未按计划开展，已列入下年度计划；" * 3
Area = tuple[int, int, int, int]


def areas_of(sheet: Worksheet) -> list[Area]:
    """What is printed of a sheet: first column and row, last column and row, counted from 1."""
    return [range_boundaries(part.rpartition("!")[2].replace("$", "")) for part in str(sheet.print_area).split(",")]


def forms(scheme: Scheme, path: Path) -> Iterator[Worksheet]:
    write_template(scheme, path)
    yield from (sheet for sheet in openpyxl.load_workbook(path).worksheets if sheet.title != META)


@pytest.mark.parametrize(("scheme_id", "stage"), FORMS)
def test_every_page_has_something_to_fill_and_no_cell_reaches_beyond_it(
    scheme_id: str, stage: Stage, tmp_path: Path
) -> None:
    scheme = scheme_at(load_scheme(scheme_id), stage)
    for sheet in forms(scheme, tmp_path / "a.xlsx"):
        first, *beside = areas_of(sheet)
        for left, top, right, bottom in beside:
            cells = [sheet.cell(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]
            assert any(not cell.protection.locked and cell.data_type != "f" for cell in cells), sheet.title
        for merged in sheet.merged_cells.ranges:
            reached = [
                area for area in (first, *beside)
                if merged.min_col <= area[2] and merged.max_col >= area[0]
                and merged.min_row <= area[3] and merged.max_row >= area[1]
            ]  # fmt: skip
            assert len(reached) == 1, (sheet.title, str(merged))
            assert reached[0][0] <= merged.min_col and merged.max_col <= reached[0][2], (sheet.title, str(merged))
        if beside:
            assert sheet.page_setup.scale == 71 and not sheet.sheet_properties.pageSetUpPr.fitToPage
            names = [sheet.column_dimensions[letter].width for letter in "BCD"]
            for left, _, right, _ in beside:
                own = [
                    sheet.column_dimensions[sheet.cell(1, col).column_letter].width for col in range(left, right + 1)
                ]
                # 0.71 is what Excel adds to a width for what is beside the digits.
                wide = points_wide([width - 0.71 for width in [*names, *own]])
                assert wide <= printable(landscape=True, margins=2 * MARGIN, size=BODY_SIZE) * 1.001


WIDTHS = st.lists(st.tuples(st.floats(6, 40), st.floats(0.5, 1)), min_size=12, max_size=20)


@given(WIDTHS, st.integers(1, 3), st.integers(0, 2))
def test_columns_go_on_beside_on_few_pages_that_none_is_too_wide_for(
    columns: list[tuple[float, float]], names: int, helpers: int
) -> None:
    widths = [width for width, _ in columns]
    least = [width * share for width, share in columns]
    room = 140.0
    found, ends = divided(widths, least, names, lambda count: room - count, helpers)
    pages = [*pairwise((names, *ends, len(widths)))]
    assert all(first < end for first, end in pages)
    assert all(low - 0.11 <= new <= wide for low, new, wide in zip(least, found, widths, strict=True))
    for first, end in pages:
        count = names + end - first
        assert sum(found[:names]) + sum(found[first:end]) <= room - count + 0.01 or end - first == 1
    if len(pages) > 1 and sum(least) > room:
        assert len(widths) - pages[-1][0] > helpers or len(pages) > 4


def test_two_pages_are_about_equally_narrowed() -> None:
    found, ends = divided([10.0] * 3 + [20.0] * 12, [5.0] * 3 + [10.0] * 12, 3, lambda _: 150.0)
    assert ends == (9,)
    assert found == (10.0,) * 3 + (20.0,) * 12


HEIGHTS = st.lists(st.floats(15, 120), min_size=4, max_size=80)


@given(HEIGHTS, st.floats(400, 700), st.integers(1, 6))
def test_a_last_page_takes_rows_of_the_page_before(heights: list[float], room: float, below: int) -> None:
    table = max(len(heights) - 1 - below, 1)
    breaks = last_page_filled(heights, room, 0, table)
    ends = page_ends(heights, room, 0)
    for row in breaks:
        assert row < ends[-1]
        last = heights[0] + sum(heights[row:])
        assert last <= room
        assert row <= table or last + heights[row - 1] > room or row <= (ends[-2] if len(ends) > 1 else 1) + 1
    filled = (heights[0] + sum(heights[ends[-1] :])) / room if ends else 1
    if filled >= NEARLY_EMPTY and (not ends or ends[-1] <= table):
        assert breaks == []


@given(HEIGHTS, st.sets(st.integers(1, 79), max_size=8), st.floats(400, 700))
def test_forms_take_as_few_pages_when_these_are_equally_full(
    heights: list[float], starts: set[int], room: float
) -> None:
    within = sorted(start for start in starts if start < len(heights))
    breaks = balanced_breaks(heights, within, room)
    assert len(breaks) == len(block_breaks(heights, within, room))
    assert set(breaks) <= set(within)


def test_a_table_that_ends_with_the_page_leaves_no_page_of_signatures() -> None:
    heights = [40.0, *[22.0] * 30, 22.0, 40.0]
    room = sum(heights[:-2]) + 5
    (row,) = last_page_filled(heights, room, 0, 30)
    assert row <= 30
    assert (heights[0] + sum(heights[row:])) / room >= LAST


# As LibreOffice prints it.


def long_values(scheme: Scheme) -> Values:
    """The longest that a department writes into every field."""
    layout = layout_of(scheme)
    values = random_values(scheme, 1, junk=0)
    for (table, key, column), spec in layout.specs.items():
        row = str(int(key[1:])) if table in ("kpis", "tasks") else key
        if (table, row, column) in values and spec.type in ("text", "long_text"):
            values[table, row, column] = NAME if "name" in (column, key) or spec.type == "text" else TEXT
    return values


def approved_values(scheme: Scheme) -> Values:
    """Targets as the bureau has approved them."""
    fields = ("level1", "level2", "name", "symbol", "target", "unit", "weight")
    values = {name: value for name, value in long_values(scheme).items() if name[0] == "kpis" and name[2] in fields}
    return values | {("identity", "department.name", VALUE): NAME}


def assert_printed(books: dict[str, Path], folder: Path) -> None:
    for pdf in recalculate(list(books.values()), folder, "pdf"):
        pages = list(pages_of(pdf))
        assert cut_texts(pdf) == [], pdf.stem
        for page, filled in zip(pages, filled_to(pdf), strict=True):
            assert min(page.sizes) >= 7, (pdf.stem, page.number, page.smallest[:80])
            assert filled >= LEAST_FILLED, (pdf.stem, page.number, page.text[:80])
        assert any("（单位公章）" in page.text for page in pages)


@pytest.mark.libreoffice
def test_forms_to_fill_are_printed_in_full(tmp_path: Path) -> None:
    books = {}
    for scheme_id, stage in FORMS:
        books[f"{scheme_id}{stage.value}"] = tmp_path / f"{scheme_id}{stage.value}.xlsx"
        write_template(scheme_at(load_scheme(scheme_id), stage), books[f"{scheme_id}{stage.value}"])
    assert_printed(books, tmp_path / "pdf")


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["filled", "approved"])
def test_filled_forms_are_printed_in_full(kind: str, tmp_path: Path) -> None:
    books = {}
    for scheme_id, stage in FORMS:
        scheme = scheme_at(load_scheme(scheme_id), stage)
        books[f"{scheme_id}{stage.value}"] = path = tmp_path / f"{scheme_id}{stage.value}.xlsx"
        values = long_values(scheme) if kind == "filled" else approved_values(scheme)
        fixed = whole_rows(scheme, [name for name in values if name[0] == "kpis"]) if kind == "approved" else ()
        write_template(scheme, path, values, fixed=fixed)
    assert_printed(books, tmp_path / "pdf")


for printed in (test_forms_to_fill_are_printed_in_full, test_filled_forms_are_printed_in_full):
    printed.pytestmark += needs_libreoffice[1:]  # type: ignore[attr-defined]
