"""The first sheet: how far one is, what is missing, and how far the next grade is."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import COVER, IDENTITY, META
from perfxl.outcome import to_next_grade
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.template.cover_progress import LISTED
from perfxl.template.missing import BETWEEN
from perfxl.template.progress import bar_value
from tests.template_books import Values, strict_options, write


def cover_of(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path, data_only=True)[COVER]


def values_of(case: dict[str, Any], scheme: Scheme) -> Values:
    return {name: value for name, value in field_values(case["submission"], scheme).items() if value != ""}


def progress(sheet: Worksheet) -> dict[str, list[Any]]:
    """Due, filled, bar, status and notes of each sheet."""
    rows = list(sheet.iter_rows())
    head = next(number for number, row in enumerate(rows) if row[1].value == "工作表")
    lines = takewhile(lambda row: row[1].value, rows[head + 1 :])
    return {str(row[1].value): [cell.value for cell in row[3:8]] for row in lines}


def listed(path: Path) -> list[tuple[str, str]]:
    """The missing places that the first sheet names: what is said and where its link leads."""
    sheet, book = cover_of(path), openpyxl.load_workbook(path)
    entries = {str(entry).partition(BETWEEN)[2]: str(entry).partition(BETWEEN)[0] for entry in meta_entries(path)}
    found = []
    for row in book[COVER].iter_rows():
        for cell in row:
            shown = sheet[cell.coordinate].value if cell.data_type == "f" else None
            if cell.data_type == "f" and "HYPERLINK" in cell.value and shown:
                found.append((str(shown), entries[str(shown)]))
    return found


def meta_entries(path: Path) -> list[str]:
    sheet = openpyxl.load_workbook(path, data_only=True)[META]
    return [cell.value for row in sheet.iter_rows() for cell in row if BETWEEN in str(cell.value or "")]


def test_a_blank_template_lists_what_comes_first(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    write(path, scheme)
    places = layout_of(scheme).places
    found = listed(path)
    assert len(found) == LISTED
    for name, key in zip(("部门代码", "部门名称", "部门类别"), ("code", "name", "category"), strict=True):
        place = places["identity", f"department.{key}", VALUE]
        assert (f"{IDENTITY}：{name}", f"'{IDENTITY}'!{place.cell}") in found[:3]
    assert all(numbers[1] == 0 and numbers[3] == "未填写" for numbers in progress(cover_of(path)).values())
    texts = [cell.value for row in cover_of(path).iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(re.fullmatch(r"先列前 20 处，填好后依次列出其余 \d+ 处。", text) for text in texts)
    assert any(text.startswith("□" * 30 + " 0%") for text in texts)


def test_a_filled_one_lists_nothing(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "full.xlsx"
    write(path, scheme, values_of(case, scheme))
    assert listed(path) == []
    texts = [cell.value for row in cover_of(path).iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "应填内容已全部填写。" in texts
    assert any(text.startswith("■" * 30 + " 100%") and text.endswith("已填全") for text in texts)
    assert all(numbers[0] == numbers[1] for numbers in progress(cover_of(path)).values())


@pytest.mark.parametrize(
    ("field", "blank", "name"),
    [
        (("identity", "department.category", VALUE), None, "基本信息：部门类别"),
        (("identity", "department.name", VALUE), "  ", "基本信息：部门名称"),
        (("facts", "contracts_total", VALUE), None, "管理效率：采购合同总数"),
        (("facts", "funds.total.spent", VALUE), None, "收支情况：合计支出数"),
        (("scores", "B53", "self"), None, "自评得分：B53 采购活动合规性"),
        (("kpis", "3", "actual"), None, "绩效指标：第 3 项的实际完成值"),
        (("tasks", "1", "spent"), None, "重点任务：第 1 项的支出金额"),
    ],
)
@pytest.mark.slow
def test_each_missing_place_is_named_with_a_link(
    scheme: Scheme, case: dict[str, Any], tmp_path: Path, field: tuple[str, str, str], blank: str | None, name: str
) -> None:
    values = values_of(case, scheme)
    del values[field]
    if blank is not None:
        values[field] = blank
    path = tmp_path / "lacking.xlsx"
    write(path, scheme, values)
    layout = layout_of(scheme)
    place = layout.places[layout.keyed(field)]
    assert listed(path) == [(name, f"'{place.sheet}'!{place.cell}")]
    due, filled, bar, status, _ = progress(cover_of(path))[place.sheet]
    assert (due - filled, status) == (1, "还差 1 项")
    assert bar.count("□") > 0
    assert "100%" not in bar


def test_no_kpi_of_a_kind_is_missing(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    values = {name: value for name, value in values_of(case, scheme).items() if name[0] != "kpis"}
    write(tmp_path / "none.xlsx", scheme, values)
    names = [name for name, _ in listed(tmp_path / "none.xlsx")]
    assert names == ["绩效指标：没有绩效指标（产出指标）", "绩效指标：没有绩效指标（效益指标、满意度指标）"]
    assert progress(cover_of(tmp_path / "none.xlsx"))["绩效指标"][:4] == [2, 0, "□" * 10 + " 0%", "未填写"]


@pytest.mark.parametrize(
    ("due", "filled", "bar"),
    [(0, 0, "□□□□ 0%"), (3, 0, "□□□□ 0%"), (200, 199, "■■■□ 99%"), (100, 29, "■□□□ 29%"), (7, 7, "■■■■ 100%"),
     (7, 9, "■■■■ 100%")],
)  # fmt: skip
def test_only_a_full_bar_says_100_percent(due: int, filled: int, bar: str) -> None:
    assert bar_value(due, filled, 4) == bar


@pytest.mark.parametrize(
    ("total", "four", "five"),
    [
        ("96.45", "已是最高等级“优”", "已是最高等级“优”"),
        ("90", "已是最高等级“优”", "已是最高等级“优”"),
        ("89.99", "距“优”还差 0.01 分", "距“优”还差 0.01 分"),
        ("80", "距“优”还差 10.00 分", "距“优”还差 10.00 分"),
        ("75.5", "距“良”还差 4.50 分", "距“良”还差 4.50 分"),
        ("69", "距“良”还差 11.00 分", "距“中”还差 1.00 分"),
        ("0", "距“中”还差 60.00 分", "距“低”还差 60.00 分"),
        (None, "", ""),
    ],
)
def test_distance_to_the_next_grade(scheme: Scheme, total: str | None, four: str, five: str) -> None:
    number = None if total is None else Decimal(total)
    assert to_next_grade(number, scheme.grade_bands) == four
    assert to_next_grade(number, strict_options(scheme).grade_bands) == five


def test_distance_stands_beside_total_and_grade(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    values = values_of(case, scheme)
    values["scores", "A01", "self"], values["scores", "A01", "reason"] = Decimal(13), "酌情扣减"
    path = tmp_path / "distance.xlsx"
    write(path, scheme, values)
    texts = {cell.value for row in cover_of(path).iter_rows() for cell in row}
    assert "良，距“优”还差 0.55 分" in texts
    book = openpyxl.load_workbook(path, data_only=True)
    ((sheet, cell),) = book.defined_names["距下一等级"].destinations
    assert book[sheet][cell.replace("$", "")].value == "自评距“优”还差 0.55 分；认定距“优”还差 0.55 分"
