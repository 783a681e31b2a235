"""Excel takes every result workbook without an offer to repair it, whatever the departments wrote."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from perfxl.checks.finding import Finding, Severity
from perfxl.results import cells
from perfxl.results.batch import Batch
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from perfxl.scheme.model import Scheme
from perfxl.xlsx.texts import clean
from tests.package_rules import Package, faults
from tests.sample_batch import HOSTILE_TEXTS, hostile_batch, sample_batch
from tests.sample_schemes import bare_scheme, district_scheme, project_scheme
from tests.year_cases import years_of


@pytest.mark.parametrize(("count", "returned"), [(0, 0), (1, 1), (12, 2), (100, 5)])
@pytest.mark.slow
def test_summaries_keep_the_rules(tmp_path: Path, count: int, returned: int) -> None:
    batch = sample_batch(count, returned=returned)
    batch.copies = {item.file: f"{number}.xlsx" for number, item in enumerate(batch.departments) if not item.ranked}
    batch.years = years_of(batch)
    write_summary(batch, tmp_path / "汇总.xlsx")
    assert faults(tmp_path / "汇总.xlsx") == []


def test_department_workbooks_keep_the_rules(tmp_path: Path) -> None:
    batch = sample_batch(12)
    context = Context.of(batch)
    for item in batch.departments:
        write_department(context, item, tmp_path / "部门.xlsx")
        assert faults(tmp_path / "部门.xlsx") == []


@pytest.mark.parametrize("scheme", [district_scheme(), project_scheme(), bare_scheme()], ids=lambda scheme: scheme.id)
def test_workbooks_of_other_schemes_keep_the_rules(tmp_path: Path, scheme: Scheme) -> None:
    batch = sample_batch(12, scheme=scheme)
    write_summary(batch, tmp_path / "汇总.xlsx")
    assert faults(tmp_path / "汇总.xlsx") == []
    for item in batch.departments[:4]:
        write_department(Context.of(batch), item, tmp_path / "部门.xlsx")
        assert faults(tmp_path / "部门.xlsx") == []


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: repr(text[:12]))
@pytest.mark.slow
def test_whatever_a_department_writes_stays_text(tmp_path: Path, text: str) -> None:
    batch = hostile_batch(text)
    write_summary(batch, tmp_path / "汇总.xlsx")
    write_department(Context.of(batch), batch.departments[0], tmp_path / "部门.xlsx")
    for name in ("汇总.xlsx", "部门.xlsx"):
        assert faults(tmp_path / name) == []
        shown = [
            (cell.value, cell.data_type)
            for sheet in openpyxl.load_workbook(tmp_path / name).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str)
        ]
        formulas = [value for value, kind in shown if kind == "f"]
        assert not any("点我" in value or value == text for value in formulas)
        assert any(clean(text).strip()[:20] in value.replace("_x005F_", "_") for value, kind in shown if kind == "s")


def test_texts_come_back_as_they_were(tmp_path: Path) -> None:
    text = " _x0041_ <r>不是标记&</r> "
    write_department(Context.of(hostile_batch(text)), hostile_batch(text).departments[0], tmp_path / "部门.xlsx")
    shown = Package(tmp_path / "部门.xlsx").parts["xl/worksheets/sheet1.xml"].decode("utf-8")
    assert '<t xml:space="preserve"> _x005F_x0041_ &lt;r&gt;不是标记&amp;&lt;/r&gt; </t>' in shown


def linked(batch: Batch, finding: Finding, path: Path) -> openpyxl.worksheet.hyperlink.Hyperlink:
    batch.findings = [finding]
    write_summary(batch, path, department_sheets=False)
    return openpyxl.load_workbook(path)["问题清单"]["H4"].hyperlink


@pytest.mark.parametrize(
    ("field", "location"),
    [
        (("facts", "funds.total.spent", "value"), "'收支情况'!E6"),
        (("kpis", "3", "weight"), "'绩效指标'!"),
        (("kpis", "45", "weight"), "'绩效指标'!"),
        (("scores", "B11", "self"), "'自评得分'!"),
    ],
)
def test_a_finding_leads_to_its_place_in_the_copy(tmp_path: Path, field: tuple[str, str, str], location: str) -> None:
    batch = sample_batch(12)
    item = batch.departments[-1]
    batch.copies = {item.file: "区 100%局.xlsx"}
    finding = Finding("E1", Severity.ERROR, "错", item.file, item.name, "绩效指标", "D9", "", "", "错", "改", (field,))
    link = linked(batch, finding, tmp_path / "汇总.xlsx")
    assert link.target.replace("\\", "/").startswith("退回修改/")
    assert link.location.startswith(location)


def test_a_finding_without_a_field_leads_to_the_copy(tmp_path: Path) -> None:
    batch = sample_batch(12)
    item = batch.departments[-1]
    batch.copies = {item.file: "局.xlsx"}
    finding = replace(batch.findings[0], file=item.file, fields=())
    link = linked(batch, finding, tmp_path / "汇总.xlsx")
    assert (link.target.replace("\\", "/"), link.location) == ("退回修改/局.xlsx", None)


def test_links_beyond_the_limit_are_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "LINKS", 10)
    write_summary(sample_batch(12), tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["排名"]
    linked_cells = [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.hyperlink]
    assert len(linked_cells) == 10
    assert [cell.value for cell in sheet["Q"]][-1] == "打开"


@pytest.mark.parametrize(
    ("part", "old", "new", "fault"),
    [
        ("xl/workbook.xml", 'name="排名"', 'name="总览"', "is taken"),
        ("xl/workbook.xml", 'name="排名"', 'name="排[名"', "bad sheet name"),
        ("xl/workbook.xml", "排名!$3:$3", "没有!$3:$3", "which is missing"),
        ("xl/worksheets/sheet1.xml", '<mergeCell ref="A1:N1"/>', '<mergeCell ref="A1:N2"/>', "overlap"),
        ("xl/worksheets/sheet2.xml", '<row r="4"', '<row r="3"', "out of order"),
        ("xl/worksheets/sheet2.xml", "<f>RANK(", "<f>#REF!+RANK(", "refers to nothing"),
        ("xl/worksheets/sheet2.xml", "<t>名次</t>", f"<t>{'长' * 32_768}</t>", "32768 units"),
        ("xl/drawings/drawing1.xml", " descr=", " title=", "no alternative text"),
        ("[Content_Types].xml", 'PartName="/xl/worksheets/sheet2.xml"', 'PartName="/xl/x.xml"', "is missing"),
    ],
)
def test_each_rule_bites(tmp_path: Path, part: str, old: str, new: str, fault: str) -> None:
    write_summary(sample_batch(12), tmp_path / "汇总.xlsx", department_sheets=False)
    with zipfile.ZipFile(tmp_path / "汇总.xlsx") as whole, zipfile.ZipFile(tmp_path / "坏.xlsx", "w") as broken:
        for name in whole.namelist():
            text = whole.read(name).decode("utf-8")
            assert name != part or old in text
            broken.writestr(name, text.replace(old, new) if name == part else text)
    assert any(fault in line for line in faults(tmp_path / "坏.xlsx"))
