"""A department's own workbook: its sheets, its numbers, and no word about any other department."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl import caches
from perfxl.lists.exemptions import Exemption, accept
from perfxl.results.cells import Page
from perfxl.results.context import Context, folder_of
from perfxl.results.department import write_department
from perfxl.results.sheets.rectification import matters
from perfxl.results.styles import COMMON
from perfxl.results.summary import write_summary
from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status
from tests.sample_batch import sample_batch
from tests.sample_schemes import district_scheme, project_scheme

BATCH = sample_batch(100)
CONTEXT = Context.of(BATCH)


def written(tmp_path: Path, department: DepartmentResult) -> Workbook:
    path = tmp_path / CONTEXT.file_name(department)
    write_department(CONTEXT, department, path)
    return openpyxl.load_workbook(path)


def texts(book: Workbook, sheet: str) -> list[str]:
    return [str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value is not None]


def test_sheets_and_head(tmp_path: Path) -> None:
    department = BATCH.departments[3]
    book = written(tmp_path, department)
    assert book.sheetnames == ["评分结果", "指标完成", "支出情况", "问题与整改", "异议", "_result"]
    shown = texts(book, "评分结果")
    assert department.name in shown
    assert f"排名：第 {department.rank} 名 / 共 98 个" in shown
    assert any(text.startswith("同类排名：第 ") for text in shown)


def test_all_findings_with_columns_to_fill(tmp_path: Path) -> None:
    department = next(item for item in BATCH.departments if len(CONTEXT.findings_of(item)) > 2)
    sheet = written(tmp_path, department)["问题与整改"]
    headings = [cell.value for cell in sheet[3]]
    assert headings[-3:] == ["整改措施", "责任人", "完成时限"]
    losses = sum(score.lost > 0 for score in department.scores)
    assert losses and sheet.max_row == 4 + losses + len(CONTEXT.findings_of(department))
    assert "单位公章" in sheet.cell(sheet.max_row, 1).value
    # The lines below the tables are printed.
    for printed in (sheet, written(tmp_path, department)["指标完成"]):
        assert str(printed.print_area).endswith(f"${printed.max_row}")
    assert "单位公章" in texts(written(tmp_path, department), "评分结果")[-1]


def test_every_loss_of_points_stands_with_its_reason_and_what_was_accepted_does_not(tmp_path: Path) -> None:
    department = next(item for item in BATCH.departments if len(CONTEXT.findings_of(item)) > 2)
    first, *others = CONTEXT.findings_of(department)
    today = date(2023, 5, 4)
    accepted = accept(first, Exemption(2, department.name, first.code, "已核实", "王示例", today, None, ""))
    context = CONTEXT.only([department], {department.file: [accepted, *others]})
    found = matters(context, department)
    lost = [item for item in found if item.kind == "扣分"]
    losing = sorted((score for score in department.scores if score.lost > 0), key=lambda score: -score.lost)
    assert [item.place.split()[0] for item in lost] == [score.code for score in losing]
    for item, score in zip(lost, losing, strict=True):
        assert f"扣 {score.lost:.2f} 分" in item.what
        assert score.explanation in item.why and (score.reason or "") in item.why
    assert len(found) == len(lost) + len(others)
    assert not any(accepted.title == item.what for item in found)


def test_every_printed_page_names_the_department_and_says_what_is_provisional(tmp_path: Path) -> None:
    for department in (BATCH.departments[0], BATCH.departments[-1]):
        for sheet in written(tmp_path, replace(department, name="1号&院 " + "长" * 300)).worksheets[:-1]:
            above = sheet.oddHeader
            assert "1号&&院" in above.left.text or "1号&院" in above.left.text, sheet.title
            assert str(sheet.HeaderFooter) and bool(above.center.text) != department.ranked


def test_who_is_not_ranked_within_the_year_has_no_provisional_result() -> None:
    department = replace(BATCH.departments[0], rank=None)
    assert folder_of(department) == "部门结果"
    assert folder_of(replace(department, status=Status.RETURNED)) == "暂定结果"


@pytest.mark.slow
def test_all_looks_are_among_those_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each of those is used by some department."""
    asked: set[str] = set()
    put, cells = Page.put, Page.cells

    def noting(self: Page, row: int, column: int, value: Any, look: str) -> None:
        asked.add(look)
        put(self, row, column, value, look)

    def noting_all(self: Page, row: int, column: int, values: Any, looks: Sequence[str]) -> None:
        asked.update(looks)
        cells(self, row, column, values, looks)

    monkeypatch.setattr(Page, "put", noting)
    monkeypatch.setattr(Page, "cells", noting_all)
    caches.clear()  # what was written before would not be asked for
    others = [sample_batch(24, scheme=scheme) for scheme in (district_scheme(), project_scheme())]
    for batch in (BATCH, *others):
        context = Context.of(batch)
        for department in batch.departments:
            write_department(context, department, tmp_path / "部门.xlsx")
    reviewed = replace(BATCH.departments[0], review_status="已复核", total_before=Decimal(90), grade_before="优")
    write_department(CONTEXT, reviewed, tmp_path / "部门.xlsx")
    assert asked == set(COMMON)


def test_the_summary_takes_the_sheets_of_the_departments_workbooks(tmp_path: Path) -> None:
    """And comes to the same bytes as one that writes them anew."""
    keeping = replace(CONTEXT, forms={})
    for department in BATCH.departments:
        write_department(keeping, department, tmp_path / CONTEXT.file_name(department))
    assert keeping.forms is not None and keeping.forms.keys() == {item.file for item in BATCH.departments}
    books = {}
    for name, context in (("taken", keeping), ("anew", CONTEXT)):
        write_summary(BATCH, tmp_path / f"{name}.xlsx", contexts={context.scheme.id: context})
        with zipfile.ZipFile(tmp_path / f"{name}.xlsx") as archive:
            books[name] = {part: archive.read(part) for part in archive.namelist()}
    assert books["taken"] == books["anew"]


def test_returned_workbook_says_so_and_has_no_rank(tmp_path: Path) -> None:
    shown = texts(written(tmp_path, BATCH.departments[-1]), "评分结果")
    assert any(text.startswith("退回修改：") for text in shown)
    assert "排名：不参加排名" in shown
    assert not any("第 " in text and "名 / 共" in text for text in shown)


def test_capped_total_is_explained(tmp_path: Path) -> None:
    department = next(item for item in BATCH.departments if item.capped_from is not None)
    shown = texts(written(tmp_path, department), "评分结果")
    assert "支出率 78.40%，低于 80%，总分最高 79 分。" in shown
    assert f"支出率封顶：得分合计 {department.capped_from}，总分按 79.00 计。" in shown


@pytest.mark.parametrize("place", [0, 40, 99])
def test_no_other_department_is_named(tmp_path: Path, place: int) -> None:
    department = BATCH.departments[place]
    path = tmp_path / "部门.xlsx"
    write_department(CONTEXT, department, path)
    with zipfile.ZipFile(path) as package:
        contents = "".join(package.read(name).decode("utf-8") for name in package.namelist())
    others = [item.name for item in BATCH.departments if item.name not in department.name]
    # Two of the hostile names are also words of the workbook itself.
    assert [name for name in others if name in contents and name not in ("排名", "CON", "=1+1")] == []


@pytest.mark.slow
def test_reasons_like_formulas_stay_text(tmp_path: Path) -> None:
    for department in BATCH.departments[:20]:
        book = written(tmp_path, department)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f" or "HYPERLINK" not in str(cell.value)


def test_a_context_can_be_sent_with_its_share(tmp_path: Path) -> None:
    chosen = BATCH.departments[5:7]
    own = {item.file: CONTEXT.findings.get(item.file, ()) for item in chosen}
    share = pickle.loads(pickle.dumps(CONTEXT.only(chosen, own)))
    assert len(pickle.dumps(share)) < len(pickle.dumps(CONTEXT))
    for department in chosen:
        write_department(share, department, tmp_path / "share.xlsx")
        write_department(CONTEXT, department, tmp_path / "whole.xlsx")
        assert (tmp_path / "share.xlsx").read_bytes() == (tmp_path / "whole.xlsx").read_bytes()


def test_a_department_that_filled_little(tmp_path: Path) -> None:
    department = sample_batch(12).departments[0]
    department.kpis, department.tasks, department.funds, department.spending_rate = (), (), (), None
    context = Context.of(sample_batch(12))
    write_department(context, department, tmp_path / "leer.xlsx")
    book = openpyxl.load_workbook(tmp_path / "leer.xlsx")
    assert book["指标完成"]["A4"].value == "没有绩效指标。"


def test_the_portrait_names_strengths_weaknesses_kpis_and_spending(tmp_path: Path) -> None:
    department = BATCH.departments[3]
    shown = texts(written(tmp_path, department), "评分结果")
    lines = {label: shown[shown.index(label) + 1] for label in ("优势", "不足", "指标完成", "支出")}
    worst = max(department.scores, key=lambda score: score.lost)
    assert worst.code in lines["不足"]
    short = sum(kpi.completion is not None and kpi.completion < 1 for kpi in department.kpis)
    assert lines["指标完成"].startswith(f"共 {len(department.kpis)} 项，")
    assert f"未完成 {short} 项" in lines["指标完成"]
    assert lines["支出"].startswith("合计 ")
    assert "得分率" in lines["优势"]


def test_kpis_have_a_word_for_their_completion(tmp_path: Path) -> None:
    department = BATCH.departments[3]
    sheet = written(tmp_path, department)["指标完成"]
    column = 1 + [str(cell.value).replace("\n", "") for cell in sheet[3]].index("完成情况")
    bound = BATCH.scheme.thresholds.over_target
    for row, kpi in enumerate(department.kpis, 4):
        assert kpi.completion is not None
        word = "未完成" if kpi.completion < 1 else "超额较多" if kpi.completion > bound else "完成"
        assert sheet.cell(row, column).value == word


def test_what_counts_of_each_kpi_stands_beside_what_was_computed(tmp_path: Path) -> None:
    department = BATCH.departments[3]
    lower = replace(department.kpis[0], self_score=Decimal("1.50"), counted=Decimal("1.50"))
    unknown = replace(department.kpis[1], computed=None, counted=None)
    department = replace(department, kpis=(lower, unknown, *department.kpis[2:]))
    write_department(CONTEXT, department, tmp_path / "部门.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "部门.xlsx", data_only=True)["指标完成"]
    headings = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    column = headings.index("认定得分") + 1
    assert headings[column - 2] == "计算得分"
    shown = [sheet.cell(row, column).value for row in range(4, 4 + len(department.kpis))]
    assert shown[:2] == [1.5, None]
    assert shown[2:] == [float(kpi.counted) for kpi in department.kpis[2:] if kpi.counted is not None]
    assert sheet.cell(4 + len(department.kpis), column).value == pytest.approx(sum(filter(None, shown)))


def test_charts_hold_the_numbers_of_their_own_workbook(tmp_path: Path) -> None:
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    for department in (BATCH.departments[0], BATCH.departments[7], BATCH.departments[-1]):
        path = tmp_path / "部门.xlsx"
        write_department(CONTEXT, department, path)
        book, seen = openpyxl.load_workbook(path, data_only=True), 0
        with zipfile.ZipFile(path) as package:
            charts = [ET.fromstring(package.read(name)) for name in package.namelist() if "/chart" in name]
        for chart in (chart for chart in charts if chart.tag == f"{space}chartSpace"):
            for source in (*chart.iter(f"{space}numRef"), *chart.iter(f"{space}strRef")):
                sheet, _, cells = str(source.findtext(f"{space}f")).replace("$", "").rpartition("!")
                area = book[sheet.strip("'")][cells]
                values = [row[0].value for row in area] if isinstance(area, tuple) else [area.value]
                points = [point.findtext(f"{space}v") for point in source.iter(f"{space}pt")]
                for value, point in zip(values, points, strict=True):
                    assert point == value if isinstance(value, str) else float(str(point)) == pytest.approx(value)
                seen += 1
        assert seen > 8


def test_sums_and_signatures_below_a_list_are_printed(tmp_path: Path) -> None:
    book = written(tmp_path, BATCH.departments[3])
    for name, words in (("指标完成", "合计"), ("问题与整改", "公章")):
        sheet = book[name]
        last = int(str(sheet.print_area).rpartition("$")[2])
        assert last == sheet.max_row and words in "".join(str(cell.value) for cell in sheet[last])
