"""A faulty scheme workbook gets a copy beside it, in which every fault links to its cell; itself it is not changed."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from perfxl.cli.app import perfxl
from perfxl.errors import Fault, SchemeError
from perfxl.palette import ALERT_FILL
from perfxl.scheme import load_scheme
from perfxl.scheme.workbook_faults import RESULT_SHEET, checked_copy, copy_name, target_of
from perfxl.scheme.workbook_file import scheme_workbook


def check(path: Path) -> Result:
    return CliRunner().invoke(perfxl, ["scheme", "check", str(path)], standalone_mode=False)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A workbook edited in Excel with three faults: a text for a number, a blank name, a sheet that is missing."""
    book = openpyxl.load_workbook(io.BytesIO(scheme_workbook(load_scheme())))
    book["选项"]["B4"] = "六成"
    book["部门类别"]["A4"] = "镇街"
    del book["等级"]
    path = tmp_path / "本区方案.xlsx"
    book.save(path)
    return path


def test_the_copy_links_every_fault_to_its_cell(faulty: Path) -> None:
    before = faulty.read_bytes()
    result = check(faulty)
    assert isinstance(result.exception, SchemeError)
    assert f"已另存标出错误的副本：{copy_name(faulty)}" in result.output
    assert faulty.read_bytes() == before
    book = openpyxl.load_workbook(copy_name(faulty))
    assert book.sheetnames[0] == RESULT_SHEET and book.active is book[RESULT_SHEET]
    sheet = book[RESULT_SHEET]
    faults = result.exception.faults
    assert sheet["A1"].value == f"“本区方案.xlsx”有 {len(faults)} 处错误"
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_col=4)]
    assert lines == [[number, *(fault.place, fault.what, fault.advice)] for number, fault in enumerate(faults, 1)]
    for number, fault in enumerate(faults, 4):
        target = target_of(fault.place, book.sheetnames)
        link = sheet.cell(number, 2).hyperlink
        if target is None:
            assert link is None
            continue
        assert link is not None and link.location == f"'{target[0]}'!{target[1]}"
        marked = book[target[0]][target[1]]
        assert marked.fill.fgColor.rgb == f"00{ALERT_FILL[1:]}"
        assert fault.what in marked.comment.text
    assert {fault.place for fault in faults} >= {"本区方案.xlsx", "工作表“选项”单元格 B4"}


def test_the_copy_is_written_anew_and_can_itself_be_checked(faulty: Path) -> None:
    check(faulty)
    first = copy_name(faulty).read_bytes()
    assert isinstance(check(faulty).exception, SchemeError)
    assert openpyxl.load_workbook(copy_name(faulty)).sheetnames == openpyxl.load_workbook(io.BytesIO(first)).sheetnames
    again = check(copy_name(faulty))
    assert isinstance(again.exception, SchemeError)
    assert [fault.what for fault in again.exception.faults] == [
        fault.what
        for fault in check(faulty).exception.faults  # type: ignore[union-attr]
    ]


def test_drop_downs_and_the_other_sheets_stay(faulty: Path) -> None:
    check(faulty)
    book, old = openpyxl.load_workbook(copy_name(faulty)), openpyxl.load_workbook(faulty)
    assert book.sheetnames[1:] == old.sheetnames
    for name in old.sheetnames:
        assert len(book[name].data_validations.dataValidation) == len(old[name].data_validations.dataValidation)


def test_no_copy_of_what_holds_and_of_a_text_file(tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(scheme_workbook(load_scheme()))
    assert check(tmp_path / "好.xlsx").exception is None
    (tmp_path / "坏.toml").write_text("[header]\n", "utf-8")
    assert isinstance(check(tmp_path / "坏.toml").exception, SchemeError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["坏.toml", "好.xlsx"]


def test_faults_are_told_where_no_copy_can_be_written(faulty: Path) -> None:
    copy_name(faulty).mkdir()
    result = check(faulty)
    assert isinstance(result.exception, SchemeError)
    assert "没有写出标出错误的副本" in result.output


def test_places_of_faults() -> None:
    sheets = ["三级指标", "a’b"]
    assert target_of("工作表“三级指标”单元格 AB12", sheets) == ("三级指标", "AB12")
    assert target_of("工作表“三级指标”第 7 行", sheets) == ("三级指标", "A7")
    assert target_of("工作表“三级指标”", sheets) == ("三级指标", "A1")
    assert target_of("工作表“没有”单元格 A1", sheets) is None
    assert target_of("方案.xlsx", sheets) is None


def test_a_fault_that_begins_like_a_formula_is_a_text() -> None:
    data = scheme_workbook(load_scheme())
    copy = checked_copy(data, [Fault("工作表“等级”单元格 A3", "=1+1", "=2")], "x.xlsx")
    cell = openpyxl.load_workbook(io.BytesIO(copy))[RESULT_SHEET]["C4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_fonts_of_the_copy_are_in_the_order_of_the_standard(faulty: Path) -> None:
    """Microsoft's validator refuses what openpyxl writes."""
    check(faulty)
    with zipfile.ZipFile(copy_name(faulty)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    fonts = re.findall(r"<font>(.*?)</font>", styles)
    names = [re.findall(r"<(\w+) ", font) for font in fonts]
    order = ["b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme"]
    assert len(names) > 5
    assert all(found == sorted(found, key=order.index) for found in names)
