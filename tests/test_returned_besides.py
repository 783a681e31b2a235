"""A copy to mend brings back what was the department's own: sheets, comments, texts beside and below the tables."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.workbook import Workbook

from perfxl import caches
from perfxl.intake.submission import read_submission
from perfxl.layout import Layout, layout_of
from perfxl.lists.roster import Listed, Roster
from perfxl.results.batch import Status
from perfxl.results.returned import write_returned_copy
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.template import write_template, writer
from perfxl.template.book import Blank
from perfxl.template.correction import Returning
from perfxl.workbook.limits import Limits
from perfxl.xlsx.writer import SWITCH
from tests.books import filled
from tests.findings import clean_document, patch_part, put
from tests.random_schemes import make_scheme
from tests.scheme_files import toml_scheme
from tests.template_books import random_values

NAME = "广州市增城区科学技术协会"
DAY = datetime(2023, 5, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
LISTED = "原表其他内容"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def sent(scheme: Scheme, folder: Path, change: Callable[[Workbook], None], **options: Any) -> RunReport:
    """A run over a faulty workbook that somebody has added to."""
    path = filled(clean_document(put("facts.contracts_total", None)), scheme, folder / "in" / "a.xlsx")
    change_book(path, change)
    return run_folder(folder / "in", folder / "out", scheme, RunOptions(jobs=1, started=DAY, **options))


def change_book(path: Path, change: Callable[[Workbook], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def copy_of(report: RunReport) -> Workbook:
    return openpyxl.load_workbook(report.output / "退回修改" / f"{NAME}.xlsx")


def listed(book: Workbook) -> list[tuple[Any, ...]]:
    return [row[2:6] for row in book[LISTED].iter_rows(values_only=True) if row[0] == "@note"]


def add_all(book: Workbook) -> None:
    own = book.create_sheet("明细表")
    own["B2"], own["C2"], own["C3"] = "一处", 0.536, 12.5
    own["C2"].number_format = "0.0%"
    own["D5"] = "=1+1"
    own["E6"] = '=HYPERLINK("http://x.example","点")'
    book["收支情况"]["E6"].comment = Comment("按决算口径", "张会计")
    money = book["收支情况"]
    money.cell(8, money.max_column + 2, "含上年结转")
    tasks = book["重点任务"]
    tasks.cell(tasks.max_row + 3, 2, "经办：李示例")


def test_sheets_comments_and_notes_come_back(scheme: Scheme, tmp_path: Path) -> None:
    report = sent(scheme, tmp_path, add_all)
    book = copy_of(report)
    notes = {(sheet, kind): text for sheet, _, kind, text in listed(book)}
    assert notes == {
        ("收支情况", "批注"): "按决算口径",
        ("收支情况", "表外文字"): "含上年结转",
        ("重点任务", "表外文字"): "经办：李示例",
    }
    own = book["明细表"]
    assert (own["B2"].value, own["C2"].value, own["C3"].value) == ("一处", "53.6%", 12.5)
    # A formula that was never calculated shows nothing; none is taken over.
    assert not [cell for row in own for cell in row if cell.data_type == "f"]
    assert LISTED in " ".join(str(row[1]) for row in book["审核意见"].iter_rows(max_row=8, values_only=True))


TEXT_BOX = (
    '<oneCellAnchor><from><col>8</col><colOff>0</colOff><row>11</row><rowOff>0</rowOff></from><ext cx="900" cy="900"/>'
    '<sp><nvSpPr><cNvPr id="9" name="文本框"/><cNvSpPr txBox="1"/></nvSpPr><spPr/>'
    '<txBody><a:bodyPr xmlns:a="{0}"/><a:p xmlns:a="{0}"><a:r><a:t>=上年结转</a:t></a:r></a:p>'
    '<a:p xmlns:a="{0}"><a:r><a:t>已核对</a:t></a:r></a:p></txBody></sp><clientData/></oneCellAnchor>'
).format("http://schemas.openxmlformats.org/drawingml/2006/main")


class Picture(Image):
    """A picture of one point; openpyxl itself needs an imaging package to look at it."""

    def __init__(self, anchor: str) -> None:
        self.ref, self.anchor = io.BytesIO(base64.b64decode(PIXEL)), anchor
        self.width = self.height = 1
        self.format = "png"

    def _data(self) -> bytes:
        return base64.b64decode(PIXEL)


def test_text_boxes_come_back_and_pictures_are_told(scheme: Scheme, tmp_path: Path) -> None:
    """What lies above the cells of the department's workbook is not lost without a word."""
    path = filled(clean_document(put("facts.contracts_total", None)), scheme, tmp_path / "in" / "a.xlsx")

    def draw(book: Workbook) -> None:
        book["收支情况"].add_image(Picture("I3"))
        own = book.create_sheet("走势")
        own.append([1, 2])
        chart = BarChart()
        chart.add_data(Reference(own, min_col=1, max_col=2, min_row=1))
        own.add_chart(chart, "C3")
        book.create_chartsheet("总图")

    change_book(path, draw)
    with zipfile.ZipFile(path) as archive:
        part = next(name for name in archive.namelist() if b"<pic>" in archive.read(name))
    patch_part(path, part, lambda xml: xml.replace(b"</wsDr>", f"{TEXT_BOX}</wsDr>".encode()))
    report = run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1, started=DAY))
    book = copy_of(report)
    assert listed(book) == [("收支情况", "I12", "文本框", "=上年结转\n已核对")]
    assert all(cell.data_type != "f" for row in book[LISTED] for cell in row)
    about = str(book[LISTED]["B2"].value)
    lost = ("工作表“收支情况”中的图片 1 个没有带出", "工作表“走势”中的图表 1 个没有带出", "图表工作表“总图”没有带出")
    assert f"{'；'.join(lost)}，请对照原文件。" in about


def test_notes_pasted_over_a_hidden_row_come_back(scheme: Scheme, tmp_path: Path) -> None:
    def paste(book: Workbook) -> None:
        for row in range(3, 8):
            book["收支情况"].cell(row, 9, f"旁注{row}")

    notes = listed(copy_of(sent(scheme, tmp_path, paste)))
    assert [note[3] for note in notes] == ["旁注3", "旁注4", "旁注5", "旁注6", "旁注7"]


def test_the_template_is_made_once_for_copies(scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in it is read from the one that all copies begin as."""
    monkeypatch.setenv(SWITCH, "quick")
    change_book(filled(clean_document(put("facts.contracts_total", None)), scheme, tmp_path / "in" / "a.xlsx"), add_all)
    made: list[bool] = []

    def make(layout: Layout, marked: bool) -> Blank:
        made.append(marked)
        return blank(layout, marked)

    blank = writer._blank
    monkeypatch.setattr(writer, "_blank", make)
    caches.clear()
    assert listed(copy_of(run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1, started=DAY))))
    assert made == [True]


def test_a_workbook_with_nothing_of_its_own_has_no_such_sheet(scheme: Scheme, tmp_path: Path) -> None:
    """Whatever the template says itself is not the department's, in a table with rows inserted neither."""

    def insert(book: Workbook) -> None:
        book["收支情况"].title = "收支情况 "

    assert LISTED not in copy_of(sent(scheme, tmp_path, insert)).sheetnames


def test_what_came_back_stays_through_the_next_round_and_our_own_marks_do_not(scheme: Scheme, tmp_path: Path) -> None:
    report = sent(scheme, tmp_path, add_all)
    first = listed(copy_of(report))
    copy = report.output / "退回修改" / f"{NAME}.xlsx"
    (tmp_path / "in" / "b.xlsx").write_bytes(copy.read_bytes())
    change_book(tmp_path / "in" / "b.xlsx", lambda book: book["审核意见"].cell(9, 8, "正在改"))
    again = run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1, started=DAY))
    (department,) = again.batch.departments
    assert department.file == "b.xlsx" and department.status is Status.RETURNED
    book = copy_of(again)
    assert listed(book) == first
    assert book["明细表"]["C2"].value == "53.6%"


def test_hostile_extras_are_bounded_and_stay_texts(scheme: Scheme, tmp_path: Path) -> None:
    def add(book: Workbook) -> None:
        for number in range(12):
            book.create_sheet(f"表{number}")["A1"] = "=cmd|' /C calc'!A0" if number == 0 else "x"
            book[f"表{number}"]["A1"].data_type = "s"
        many = book["表1"]
        for row in range(1, 3_100):
            many.cell(row, 1, f"第 {row} 行")
        book.create_sheet("隐藏的").sheet_state = "hidden"
        book["隐藏的"]["A1"] = "不给看"
        book["收支情况"].cell(8, 40, "+1+2").comment = Comment("=1+1", "某人")

    book = copy_of(sent(scheme, tmp_path, add))
    assert book["表0"]["A1"].data_type == "s"
    said = str(book[LISTED]["B2"].value)
    assert all(
        words in said for words in ("附加的工作表多于 10 张", "只带出前 3000 个", "隐藏的工作表“隐藏的”没有带出")
    )
    assert [note[2:] for note in listed(book)] == [("表外文字", "+1+2"), ("批注", "=1+1")]
    assert all(cell.data_type != "f" for row in book[LISTED] for cell in row)


@pytest.mark.parametrize("sending", ["", "政务邮箱 a@b"])
def test_it_says_when_it_was_reviewed_by_when_it_is_due_whom_to_ask_and_how_to_send_it(
    scheme: Scheme, tmp_path: Path, sending: str
) -> None:
    days = "2023 年 5 月 14 日"
    scheme = replace(scheme, header=replace(scheme.header, sending=sending))
    book = copy_of(sent(scheme, tmp_path, lambda _: None))
    assert (sending in [row[2] for row in book["填报说明"].iter_rows(values_only=True)]) == bool(sending)
    head = "\n".join(str(row[1]) for row in book["审核意见"].iter_rows(max_row=8, values_only=True))
    assert "审核日期：2023 年 5 月 4 日" in head and f"重报期限：{days}" in head and f"于 {days}前" in head
    assert "修改要求：" in head and "重新报送：" in head
    assert scheme.header.contact and scheme.header.contact in head
    assert (f"以“{sending}”的方式重新报送" if sending else "按原渠道重新报送") in head


def test_who_is_returned_for_the_batch_alone_gets_a_whole_copy(scheme: Scheme, tmp_path: Path) -> None:
    """Two departments under one code: nothing is wrong with either workbook by itself."""
    for number, name in enumerate(("第一示例局", "第二示例局")):
        document = clean_document(put("department.name", name), put("department.code", "440118999"))
        filled(document, scheme, tmp_path / "in" / f"{number}.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1, started=DAY))
    returned = [item.name for item in report.batch.departments if item.status is Status.RETURNED]
    assert returned
    for name in returned:
        book = openpyxl.load_workbook(report.output / "退回修改" / f"{name}.xlsx")
        problems = [str(row[5]) for row in book["审核意见"].iter_rows(values_only=True) if row[2] == "错误"]
        assert problems
        values = {cell for row in book["基本信息"].iter_rows(values_only=True) for cell in row}
        assert {name, "440118999"} <= values


def test_whoever_has_the_code_of_another_gets_a_copy_too(scheme: Scheme, tmp_path: Path) -> None:
    """E607 is found by the roster alone, and leads to the cell that is to be mended."""
    document = clean_document(put("department.name", "第二示例局"), put("department.code", "440118001"))
    filled(document, scheme, tmp_path / "in" / "a.xlsx")
    names = {"440118001": "第一示例局", "440118002": "第二示例局"}
    lists = Lists(Roster({code: Listed(code, name, "党政机关", "", "") for code, name in names.items()}))
    report = run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1, started=DAY, lists=lists))
    (path,) = (report.output / "退回修改").iterdir()
    book = openpyxl.load_workbook(path)
    ((level, sheet, cell),) = [
        row[2:5] for row in book["审核意见"].iter_rows(values_only=True) if "E607" in str(row[5])
    ]
    assert (level, sheet) == ("错误", "基本信息")
    assert book[sheet][cell].value == "440118001"


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("scheme_id", builtin_ids())
def test_nothing_of_a_template_is_taken_for_the_departments_own(scheme_id: str, stage: Stage, tmp_path: Path) -> None:
    assert_nothing_of_its_own(scheme_at(load_scheme(scheme_id), stage), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_nothing_of_any_template_is(seed: int, tmp_path: Path) -> None:
    assert_nothing_of_its_own(toml_scheme(make_scheme(seed)), tmp_path)


def assert_nothing_of_its_own(scheme: Scheme, folder: Path) -> None:
    """Neither of a blank or filled one, nor of one with more rows than the scheme gives."""
    values = random_values(scheme, 1)
    more = {("kpis", str(scheme.options.kpi_rows + 20), "name"): "更多"} if scheme.has_kpis else {}
    for number, contents in enumerate(({}, values, values | more)):
        first, second = folder / f"{number}.xlsx", folder / f"{number}-copy.xlsx"
        write_template(scheme, first, contents)
        besides = read_submission(first.read_bytes(), layout_of(scheme), Limits()).besides
        write_returned_copy(scheme, [], contents, second, "", Returning(DAY.date(), "", besides))
        assert LISTED not in openpyxl.load_workbook(second, read_only=True).sheetnames


@pytest.mark.parametrize("rows_before", [0, 2])
def test_notes_between_the_tables_and_beside_a_narrow_one_come_back(rows_before: int, tmp_path: Path) -> None:
    """Within the width of the sheet too, and where rows were put in above; neither headings nor what is computed."""
    scheme = load_scheme("gongxing-2013")
    path, copy = tmp_path / "a.xlsx", tmp_path / "copy.xlsx"
    write_template(scheme, path, random_values(scheme, 1))
    book = openpyxl.load_workbook(path)
    sheet = book["预算执行"]
    if rows_before:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.insert_rows(3, rows_before)
    row = {str(cells[0].value): cells[0].row for cells in sheet.iter_rows()}
    sheet.cell(row["three_public"], 6, "含车辆购置")
    sheet.cell(row["planned_share"] + 1, 2, "注：按季度下达")
    book.save(path)
    besides = read_submission(path.read_bytes(), layout_of(scheme), Limits()).besides
    write_returned_copy(scheme, [], {}, copy, "", Returning(DAY.date(), "", besides))
    notes = [note[3] for note in listed(openpyxl.load_workbook(copy))]
    assert sorted(notes) == ["含车辆购置", "注：按季度下达"]
