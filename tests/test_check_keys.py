"""Hidden keys against what can be read: sorted, moved or copied without its key is told, with it it reads as before.

The random workbooks have the rows of the real template, written plainly, so that hundreds of them take seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from perfxl.checks.finding import Finding
from perfxl.intake import submission as intake
from perfxl.intake.cells import Cells, read_cells
from perfxl.layout import Block, Layout, layout_of
from perfxl.references import column_letters
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import filled, process
from tests.findings import clean_document
from tests.test_check_structure import (
    FUNDS,
    IDENTITY,
    KPIS,
    MANAGEMENT,
    SCORES,
    TASKS,
    Change,
    document_after,
    findings_after,
    row_of,
)  # fmt: skip

Rows = list[list[Any]]
SCHEME = load_scheme()
LAYOUT = layout_of(SCHEME)
FORMS = [block for block in LAYOUT.blocks if not block.open and block.key != "department"]
SEVERAL_COLUMNS = [block for block in LAYOUT.blocks if len(block.inputs()) > 1]


@lru_cache(maxsize=1)
def _clean(folder: Path) -> dict[str, Rows]:
    path = filled(clean_document(), SCHEME, folder / "clean.xlsx")
    return {
        name: [list(row) for row in rows]
        for name, rows in read_cells(path.read_bytes(), (LAYOUT,), Limits()).sheets.items()
    }


def _plain(sheets: dict[str, Rows], path: Path) -> Path:
    """A workbook of these rows and nothing else."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for col, cell in enumerate(row):
                if cell != "":
                    sheet.write(number, col, cell)
    book.close()
    return path


def _changed(clean: dict[str, Rows], sheet: str) -> tuple[dict[str, Rows], Rows]:
    rows = [list(row) for row in clean[sheet]]
    return {**clean, sheet: rows}, rows


def _told(path: Path, code: str) -> set[tuple[str, str]]:
    return {(item.sheet, item.cell) for item in process(path, SCHEME).findings if item.code == code}


orders = st.sampled_from(FORMS).flatmap(
    lambda block: st.tuples(st.just(block), st.permutations(range(len(block.lines))))
)
column_orders = st.sampled_from(SEVERAL_COLUMNS).flatmap(
    lambda block: st.tuples(st.just(block), st.permutations(range(len(block.inputs()))))
)
few = settings(max_examples=40, deadline=None)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """The rows of the clean workbook by sheet."""
    return _clean(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the random workbooks are written, one over the other."""
    return tmp_path_factory.mktemp("random") / "book.xlsx"


def _sort(rows: Rows, block: Block, order: Sequence[int], first_col: int) -> None:
    lines = [rows[block.first_row + number][first_col:] for number in order]
    for number, cells in enumerate(lines):
        rows[block.first_row + number][first_col:] = cells


@few
@given(orders)
def test_rows_sorted_without_their_keys_are_errors(
    clean: dict[str, Rows], path: Path, order: tuple[Block, list[int]]
) -> None:
    block, numbers = order
    sheets, rows = _changed(clean, block.sheet)
    _sort(rows, block, numbers, 1)
    col = block.column("code" if block.key == "scores" else "label").col
    out_of_place = {
        (block.sheet, f"{column_letters(col)}{block.first_row + place + 1}")
        for place, number in enumerate(numbers)
        if place != number
    }
    assert _told(_plain(sheets, path), "E014") == out_of_place


@few
@given(orders)
def test_rows_sorted_with_their_keys_read_the_same(
    clean: dict[str, Rows], path: Path, order: tuple[Block, list[int]]
) -> None:
    block, numbers = order
    sheets, rows = _changed(clean, block.sheet)
    _sort(rows, block, numbers, 0)
    assert not _told(_plain(sheets, path), "E014")
    assert document_after(path, SCHEME) == clean_document()


def _move(rows: Rows, block: Block, order: Sequence[int], *, keys: bool) -> None:
    cols = [column.col for column in block.inputs()]
    end = block.next_row if block.open else block.last_row + 1
    for row in rows[block.key_row if keys else block.head_row : end]:
        cells = [row[cols[number]] for number in order]
        for col, cell in zip(cols, cells, strict=True):
            row[col] = cell


@few
@given(column_orders)
def test_columns_moved_without_their_keys_are_errors(
    clean: dict[str, Rows], path: Path, order: tuple[Block, list[int]]
) -> None:
    block, numbers = order
    sheets, rows = _changed(clean, block.sheet)
    _move(rows, block, numbers, keys=False)
    cols = [column_letters(column.col) for column in block.inputs()]
    out_of_place = {
        (block.sheet, f"{cols[place]}{block.head_row + 1}") for place, number in enumerate(numbers) if place != number
    }
    assert _told(_plain(sheets, path), "E015") == out_of_place


@few
@given(column_orders)
def test_columns_moved_with_their_keys_read_the_same(
    clean: dict[str, Rows], path: Path, order: tuple[Block, list[int]]
) -> None:
    block, numbers = order
    sheets, rows = _changed(clean, block.sheet)
    _move(rows, block, numbers, keys=True)
    assert not _told(_plain(sheets, path), "E015")
    assert document_after(path, SCHEME) == clean_document()


# One at a time, as a person does it.


def _visible(sheet: Any, key: str) -> list[Any]:
    at = row_of(sheet, key)
    return [sheet.cell(at, col).value for col in range(2, sheet.max_column + 1)]


def _unmerge(sheet: Any) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))


def _show(sheet: Any, key: str, values: Sequence[Any]) -> None:
    at = row_of(sheet, key)
    for col, value in enumerate(values, 2):
        sheet.cell(at, col).value = value


def swap_rows(sheet_name: str, one: str, other: str) -> Change:
    def change(book: Workbook) -> None:
        sheet = book[sheet_name]
        _unmerge(sheet)
        first, second = _visible(sheet, one), _visible(sheet, other)
        _show(sheet, one, second)
        _show(sheet, other, first)

    return change


def blank_name_and_row_without_key(book: Workbook) -> None:
    """The cells of a row moved into a new row, the hidden key left where it was."""
    sheet = book[MANAGEMENT]
    at = row_of(sheet, "contracts_total")
    sheet.insert_rows(at + 1)
    for col in range(2, 8):
        sheet.cell(at + 1, col).value, sheet.cell(at, col).value = sheet.cell(at, col).value, None


def total_in_the_place_of_a_row(book: Workbook) -> None:
    sheet = book[FUNDS]
    at = row_of(sheet, "three_public.reception")
    for col in range(2, 5):
        one, other = sheet.cell(at, col), sheet.cell(at + 1, col)
        one.value, other.value = other.value, one.value


def other_indicator_by_name_only(book: Workbook) -> None:
    sheet = book[SCORES]
    one, other = sheet.cell(row_of(sheet, "B54"), 5), sheet.cell(row_of(sheet, "B55"), 5)
    one.value, other.value = other.value, one.value


def spell_otherwise(book: Workbook) -> None:
    """The name of another row in other width and with spaces."""
    sheet = book[MANAGEMENT]
    sheet.cell(row_of(sheet, "contracts_filed"), 2).value = " ３０ 日内\n签订合同数　"


def computed_over_own(book: Workbook) -> None:
    """The computed and the own score have changed places, the hidden keys have not."""
    sheet = book[SCORES]
    for row in range(5, row_of(sheet, "B72") + 1):
        one, other = sheet.cell(row, 8), sheet.cell(row, 9)
        one.value, other.value = other.value, one.value


FIRES = ("E014", "E015", "E016", "W017", "W018", "W019")
"""The findings of this module's cases."""
ODD: dict[str, tuple[Change, str, dict[str, tuple[str, ...]]]] = {
    "list": (
        swap_rows(MANAGEMENT, "contracts_total", "contracts_filed"), "E014",
        {"B46": ("第 46 行", "采购合同总数", "却是“按期备案合同数”"), "B48": ("按期备案合同数", "却是“采购合同总数”")},
    ),
    "blocks": (
        swap_rows(MANAGEMENT, "minor_findings", "cost_items_assessed"), "E014",
        {"B12": ("财务管理一般问题数", "参评单位成本项数"), "B69": ("财务管理一般问题数", "参评单位成本项数")},
    ),
    "matrix": (
        swap_rows(FUNDS, "funds.basic", "funds.project"), "E014", {"B7": ("基本支出",), "B8": ("项目支出",)},
    ),
    "text": (
        swap_rows(FUNDS, "budget_change_reason", "low_rate_reason"), "E014",
        {"B15": ("预算调整幅度",), "B16": ("支出率低于",)},
    ),
    "narrative": (
        swap_rows(IDENTITY, "narrative.duties", "narrative.problems"), "E014",
        {"B17": ("部门主要职责",), "B22": ("存在的主要问题",)},
    ),
    "identity": (
        swap_rows(IDENTITY, "department.contact", "department.phone"), "E014",
        {"B9": ("填报人",), "B10": ("联系电话",)},
    ),
    "scores": (
        swap_rows(SCORES, "B54", "B55"), "E014", {"D20": ("B54 ", "却是“B55 "), "D21": ("B55 ", "却是“B54 ")},
    ),
    "scores by name": (
        other_indicator_by_name_only, "E014", {"E20": ("B54 ", "却是“B55 "), "E21": ("B55 ", "却是“B54 ")},
    ),
    "no key": (blank_name_and_row_without_key, "E014", {"B47": ("第 46 行", "采购合同总数", "在第 47 行")}),
    "total": (total_in_the_place_of_a_row, "E014", {"B24": ("公务接待费", "合计")}),
    "spelling": (spell_otherwise, "E014", {"B48": ("按期备案合同数", "30 日内签订合同数")}),
    "computed": (computed_over_own, "E015", {"I5": ("自评得分", "却是“计算得分”")}),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_a_name_that_belongs_to_another_key_returns_the_workbook(case: str, scheme: Scheme, tmp_path: Path) -> None:
    change, code, cells = ODD[case]
    found = [item for item in findings_after(change, scheme, tmp_path / "book.xlsx") if item.code == code]
    assert {item.cell for item in found} == set(cells), [item.message for item in found]
    for item in found:
        assert item.severity == "error"
        assert item.fields
        for word in cells[item.cell]:
            assert word in item.message
    scored = process(tmp_path / "book.xlsx", scheme)
    assert scored.result is not None


def reword(book: Workbook) -> None:
    """Other words, other widths, and nothing at all."""
    sheet = book[MANAGEMENT]
    sheet.cell(row_of(sheet, "contracts_total"), 2).value = "采购合同（总数，个）"
    sheet.cell(row_of(sheet, "contracts_filed"), 2).value = None
    sheet.cell(row_of(sheet, "procurement_total"), 2).value = " 采购　总额\n"
    sheet = book[SCORES]
    for key in ("A01", "A02"):
        sheet.cell(row_of(sheet, key), 4).value = None
        sheet.cell(row_of(sheet, key), 5).value = "产出"
    sheet = book[FUNDS]
    sheet.cell(row_of(sheet, "funds.total"), 2).value = "部门整体"
    sheet.cell(5, 3).value, sheet.cell(5, 4).value = "年初数", None


def blank_names(book: Workbook) -> None:
    for name in (MANAGEMENT, FUNDS, IDENTITY):
        sheet = book[name]
        for row in range(1, sheet.max_row + 1):
            if sheet.cell(row, 1).value and not str(sheet.cell(row, 1).value).startswith("@"):
                sheet.cell(row, 2).value = None


def other_levels(book: Workbook) -> None:
    """What several rows may say is no name of theirs."""
    sheet = book[SCORES]
    _unmerge(sheet)
    for key in ("A01", "B55"):
        sheet.cell(row_of(sheet, key), 3).value = "预算编制"
    sheet = book[MANAGEMENT]
    sheet.cell(row_of(sheet, "contracts_filed"), 4).value = "采购总额"


@pytest.mark.parametrize("change", [reword, blank_names, other_levels], ids=lambda change: change.__name__)
def test_names_that_are_nobody_elses_are_no_fault(change: Change, scheme: Scheme, tmp_path: Path) -> None:
    assert findings_after(change, scheme, tmp_path / "book.xlsx") == []
    assert document_after(tmp_path / "book.xlsx", scheme) == clean_document()


# Copies.


def _copy(book: Workbook, source: str, rows: tuple[int, int], target: str, at: int, offset: int = 0) -> None:
    sheet, other = book[source], book[target]
    cells = [[sheet.cell(row, col).value for col in range(1, 9)] for row in range(rows[0], rows[1] + 1)]
    for row, values in enumerate(cells, at):
        for col, value in enumerate(values, 1 + offset):
            other.cell(row, col).value = value


def copy_below(book: Workbook) -> None:
    _copy(book, FUNDS, (18, 25), FUNDS, 40)


def copy_beside(book: Workbook) -> None:
    _copy(book, FUNDS, (18, 25), FUNDS, 18, 9)


def copy_beside_below(book: Workbook) -> None:
    _copy(book, FUNDS, (18, 25), FUNDS, 45, 9)


def copy_to_other_sheet(book: Workbook) -> None:
    _copy(book, FUNDS, (18, 25), MANAGEMENT, 80)


def copy_into_new_sheet(book: Workbook) -> None:
    book.create_sheet("草稿")
    _copy(book, FUNDS, (18, 25), "草稿", 3)


def copy_into_new_sheet_far_right(book: Workbook) -> None:
    book.create_sheet("草稿")
    _copy(book, FUNDS, (18, 25), "草稿", 3, 20)


def copy_column(book: Workbook) -> None:
    sheet = book[FUNDS]
    for row in range(18, 25):
        sheet.cell(row, 9).value = sheet.cell(row, 4).value


def _copied_row(after: str, edit: Callable[[Any, int], None] = lambda sheet, row: None) -> Change:
    def change(book: Workbook) -> None:
        sheet = book[MANAGEMENT]
        at, to = row_of(sheet, "contracts_total"), row_of(sheet, after) + 1
        values = [sheet.cell(at, col).value for col in range(1, 8)]
        sheet.insert_rows(to)
        for col, value in enumerate(values, 1):
            sheet.cell(to, col).value = value
        edit(sheet, to)

    return change


def _other_value(sheet: Any, row: int) -> None:
    sheet.cell(row, 3).value = 99


def _no_value(sheet: Any, row: int) -> None:
    sheet.cell(row, 3).value = " "


def _same_value_as_text(sheet: Any, row: int) -> None:
    sheet.cell(row, 3).value = f" {sheet.cell(row, 3).value}　"


COPIES: dict[str, tuple[Change, str, str, str, tuple[str, ...]]] = {
    "below": (copy_below, "W017", FUNDS, "A41", ("“三公”经费", "第 19 行起", "第 41 行起")),
    "beside": (copy_beside, "W017", FUNDS, "J19", ("第 19 行起",)),
    "beside below": (copy_beside_below, "W017", FUNDS, "J46", ("第 46 行起",)),
    "other sheet": (copy_to_other_sheet, "W017", MANAGEMENT, "A81", ("“收支情况”第 19 行起", "“管理效率”第 81 行起")),
    "new sheet": (copy_into_new_sheet, "W011", "草稿", "", ("“收支情况”",)),
    "far right": (copy_into_new_sheet_far_right, "W011", "草稿", "", ("“收支情况”",)),
    "column": (copy_column, "W018", FUNDS, "I19", ("决算数",)),
    "row": (_copied_row("contracts_total"), "W006", MANAGEMENT, "A47", ("第 47 行与第 46 行",)),
    "row, other section": (_copied_row("minor_findings"), "W006", MANAGEMENT, "A13", ("第 13 行与第 47 行",)),
    "row, blank": (_copied_row("contracts_total", _no_value), "W006", MANAGEMENT, "A47", ()),
    "row, text": (_copied_row("contracts_total", _same_value_as_text), "W006", MANAGEMENT, "A47", ()),
    "row, changed": (_copied_row("contracts_total", _other_value), "E016", MANAGEMENT, "A47", ("第 47 行与第 46 行",)),
    "row, changed elsewhere": (_copied_row("minor_findings", _other_value), "E016", MANAGEMENT, "A13", ("第 47 行",)),
}


@pytest.mark.parametrize("case", COPIES)
def test_what_stands_there_twice_is_told_with_both_places(case: str, scheme: Scheme, tmp_path: Path) -> None:
    change, code, sheet, cell, words = COPIES[case]
    found = findings_after(change, scheme, tmp_path / "book.xlsx")
    assert [(item.code, item.sheet, item.cell) for item in found] == [(code, sheet, cell)], [
        f"{item.code} {item.cell} {item.message}" for item in found
    ]
    for word in words:
        assert word in found[0].message
    assert document_after(tmp_path / "book.xlsx", scheme) == clean_document()


# Hidden sheets of nearly the same name.


def _hidden_findings(
    monkeypatch: pytest.MonkeyPatch, scheme: Scheme, path: Path, change: Change, hidden: Sequence[str]
) -> list[Finding]:
    def read(data: bytes, layouts: Sequence[Layout], limits: Limits) -> Cells:
        cells = read_cells(data, layouts, limits)
        cells.package.states.update(dict.fromkeys(hidden, "veryHidden"))
        return cells

    monkeypatch.setattr(intake, "read_cells", read)
    return findings_after(change, scheme, path)


def _double(hidden_title: str, visible_title: str) -> Change:
    """Two copies of 重点任务, the first with other amounts."""

    def change(book: Workbook) -> None:
        copy = book.copy_worksheet(book[TASKS])
        book[TASKS].title = "first"
        book["first"].cell(6, 3).value = 1
        book["first"].title, copy.title = hidden_title, visible_title
        book.move_sheet(copy, -1)

    return change


@pytest.mark.parametrize(
    ("hidden", "visible"),
    [
        ("重点任务", "重点任务 (2)"),
        ("重点任务", "重点任务 "),
        (" 重点任务", "重点任务"),
        ("重点 任务2", "重点任务"),
        ("重点任务２", "重点任务1"),
    ],
)
def test_of_two_sheets_of_nearly_one_name_the_visible_is_read(
    hidden: str, visible: str, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.xlsx"
    found = _hidden_findings(monkeypatch, scheme, path, _double(hidden, visible), [hidden])
    told = [item for item in found if item.code == "W019"]
    assert [item.sheet for item in told] == [hidden]
    assert f"“{visible}”" in told[0].message
    assert {item.code for item in found} <= {"W019", "W010"}
    assert document_after(path, scheme) == clean_document()


def test_hidden_sheets_of_other_names_are_nobodys_double(
    scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("底稿")["A1"] = "计算过程"

    assert not _hidden_findings(monkeypatch, scheme, tmp_path / "book.xlsx", change, ["底稿", KPIS])
