"""The template is the same by the quick writer and by the plain one: the whole workbook, part by part."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.template.correction import CorrectionNote
from perfxl.xlsx.writer import SWITCH
from tests.package_rules import faults
from tests.template_books import write
from tests.xlsx_parts import differing

FIELD: FieldId = ("facts", "funds.total.spent", VALUE)
REVIEW = [
    CorrectionNote("错误", "E202", "不等于合计", "差 1", "请核对", FIELD, ""),
    CorrectionNote("警告", "W401", "目标偏低", "<r>不是标记</r>", "请核对", ("kpis", "1", "target"), ""),
    CorrectionNote("提示", "I702", "整张表", "两\n行 & <尖>", "", None, "绩效指标"),
]
AWKWARD = {
    ("kpis", "1", "reason"): "<r>不是标记&</r>",
    ("kpis", "1", "evidence"): " 前后有空格 ",
    ("tasks", "1", "reason"): "=1+1 _x0041_ \x01",
    ("identity", "department.filled_on", VALUE): "2025-03-31",
}


@pytest.mark.parametrize("kind", ["blank", "filled", "copy"])
@pytest.mark.slow
def test_the_template_is_what_xlsxwriter_writes(
    scheme: Scheme, case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    values: dict[FieldId, Any] = {} if kind == "blank" else {**field_values(case["submission"], scheme), **AWKWARD}
    other: dict[str, Any] = {"review": REVIEW, "marks": {FIELD: "请核对"}} if kind == "copy" else {}
    monkeypatch.setenv(SWITCH, "quick")
    write(tmp_path / "quick.xlsx", scheme, values, **other)
    monkeypatch.setenv(SWITCH, "plain")
    write(tmp_path / "plain.xlsx", scheme, values, **other)
    assert differing(tmp_path / "quick.xlsx", tmp_path / "plain.xlsx") == []
    for name in ("quick.xlsx", "plain.xlsx"):
        assert faults(tmp_path / name) == []


@pytest.mark.slow
def test_workbooks_with_and_without_comments_keep_their_parts_apart(scheme: Scheme, tmp_path: Path) -> None:
    for marks in ({}, {FIELD: "请核对"}, {}, {FIELD: "请核对", ("scores", "A01", "self"): "也核对"}, {}):
        write(tmp_path / "x.xlsx", scheme, marks=marks)
        assert faults(tmp_path / "x.xlsx") == []
        with zipfile.ZipFile(tmp_path / "x.xlsx") as package:
            sheets = {place for place, _, _ in marks}
            assert sum("/comments" in name for name in package.namelist()) == len(sheets)
