"""The shipped input: what `fill` makes of the example documents, and what a first run makes of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from perfxl.checks.finding import Severity
from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.scheme.model import Scheme
from perfxl.scoring import level_scores, second_level
from perfxl.template.fill import fill_template
from perfxl.workbook.limits import Limits

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted((ROOT / "examples" / "documents").glob("*.json"))
INPUT = ROOT / "input"
REAL = "广州市增城区科学技术协会"

# Rank, rank within the category, total, grade.
RANKED = {
    "示例教育局": (1, 1, "98.79", "优"),
    REAL: (2, 1, "96.45", "优"),
    "示例疾病预防控制中心": (3, 1, "94.82", "优"),
    "示例民政局": (4, 2, "92.40", "优"),
    "示例图书馆": (4, 2, "92.40", "优"),
    "示例镇人民政府": (6, 1, "89.72", "良"),
    "示例妇女联合会": (7, 2, "86.25", "良"),
    "示例残疾人联合会": (7, 2, "86.25", "良"),
    "示例农业农村局": (9, 3, "84.86", "良"),
    "示例街道办事处": (10, 2, "76.87", "中"),
    "示例水务局": (11, 4, "70.11", "中"),
    "示例园区建设服务中心": (12, 3, "45.03", "差"),
}
FINDINGS = {
    REAL: ["W205", "W501"],
    "示例疾病预防控制中心": ["W209", "W308"],
    "示例民政局": ["I213", "I404"],
    "示例图书馆": ["W308"],
    "示例妇女联合会": ["I212", "I311", "I311"],
    "示例残疾人联合会": ["I113", "I113"],
    "示例农业农村局": ["I213", "W206", "W312", "W403", "W403", "W406"],
    "示例街道办事处": ["I212", "I311", "W405"],
    "示例水务局": ["I212", "I213", "W406"],
    "示例园区建设服务中心": ["I212", "I311", "I311", "W406"],
    "示例新城街道办事处": ["E101", "E202", "E207", "E402"],
    "示例镇人民政府": ["I213"],
}


def load(path: Path) -> dict[str, Any]:
    """A document of the examples."""
    return dict(json.loads(path.read_text("utf-8")))


@pytest.fixture(scope="module")
def report(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    """A first run over the shipped input."""
    return run_folder(INPUT, tmp_path_factory.mktemp("output"), scheme, RunOptions(jobs=1))


def test_one_workbook_for_each_document() -> None:
    assert [path.stem for path in DOCUMENTS] == sorted(path.stem for path in INPUT.iterdir() if path.name[0] != ".")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_workbook_reads_as_its_document(path: Path, scheme: Scheme, tmp_path: Path) -> None:
    layout = layout_of(scheme)
    document = load(path)
    shipped = read_submission((INPUT / f"{path.stem}.xlsx").read_bytes(), layout, Limits())
    assert document_of(shipped, layout) == document
    # The shipped workbook is that of the present template: the same fields with the same values in the same cells.
    fill_template(document, scheme, tmp_path / "filled.xlsx", path.name)
    filled = read_submission((tmp_path / "filled.xlsx").read_bytes(), layout, Limits())
    assert shipped.fields == filled.fields


def test_real_case_is_the_published_one(case: dict[str, Any]) -> None:
    document = load(ROOT / "examples" / "documents" / f"{REAL}.json")
    remark = document["department"].pop("remark")
    assert document == case["submission"]
    assert "示例" in remark


def test_others_are_marked_as_examples() -> None:
    for path in DOCUMENTS:
        department = load(path)["department"]
        if department["name"] != REAL:
            assert department["name"].startswith("示例")
            assert "虚构" in department["remark"]


def test_examples_use_what_the_scheme_offers(scheme: Scheme) -> None:
    documents = [load(path) for path in DOCUMENTS]
    rows = [row for document in documents for row in document["kpis"]]
    assert {row["symbol"] for row in rows} == {symbol.symbol for symbol in scheme.symbols}
    qualitative = {symbol.symbol for symbol in scheme.symbols if symbol.direction == QUALITATIVE}
    assert {row["actual"] for row in rows if row["symbol"] in qualitative} == {share.label for share in scheme.shares}
    assert {row["level2"] for row in rows} == {level.level2 for level in scheme.kpi_levels}
    assert {document["department"]["category"] for document in documents} == {item.name for item in scheme.categories}
    assert any(all(row["weight"] is None for row in document["kpis"]) for document in documents)


def test_statuses(report: RunReport) -> None:
    statuses = {record.path.removesuffix(".xlsx"): record.status.value for record in report.batch.files}
    assert {name for name, status in statuses.items() if status == "returned"} == {"示例新城街道办事处"}
    assert {name for name, status in statuses.items() if status == "superseded"} == {"示例街道办事处（首次报送）"}
    assert Counter(statuses.values()) == {"scored": 12, "returned": 1, "superseded": 1}


def test_ranking_with_ties_and_every_grade(report: RunReport, scheme: Scheme) -> None:
    got = {item.name: (item.rank, item.category_rank, str(item.total), item.grade) for item in report.batch.ranked}
    assert got == RANKED
    assert {grade for *_, grade in got.values()} == {band.name for band in scheme.grade_bands}
    assert [item.name for item in report.batch.ranked if item.near_threshold] == ["示例镇人民政府"]


def test_real_case_scores_as_published(report: RunReport, case: dict[str, Any], scheme: Scheme) -> None:
    result = next(item for item in report.batch.departments if item.name == REAL)
    assert (str(result.total), result.grade) == (case["expected"]["total"], case["expected"]["grade"])
    levels = level_scores(scheme, result.scores, second_level)
    assert {level2: f"{points:.2f}" for level2, points in levels.items()} == case["expected"]["second_level"]


def test_findings_are_those_that_tell_the_story(report: RunReport) -> None:
    found: dict[str, list[str]] = {}
    for finding in report.batch.findings:
        found.setdefault(finding.department, []).append(finding.code)
    assert {name: sorted(codes) for name, codes in found.items()} == FINDINGS
    assert {finding.severity for finding in report.batch.findings} == set(Severity)


def test_committed_template_is_the_present_one(scheme: Scheme, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    from perfxl.template import write_template

    committed = ROOT / "workbook_templates" / f"{scheme.header.title}填报模板.xlsx"
    write_template(scheme, tmp_path / "template.xlsx")
    old, new = load_workbook(committed), load_workbook(tmp_path / "template.xlsx")
    assert old.sheetnames == new.sheetnames
    for name in new.sheetnames:
        cells = [
            {cell.coordinate: cell.value for row in book[name].iter_rows() for cell in row if cell.value is not None}
            for book in (old, new)
        ]
        assert cells[0] == cells[1], f"{name}: run perfxl template"
