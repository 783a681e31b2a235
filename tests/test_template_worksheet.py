"""The template's quick sheets write what XlsxWriter writes: the whole workbook, part by part."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.template import writer
from perfxl.template.review import ReviewLine
from perfxl.template.styles import properties_of
from perfxl.xlsx.workbook import FastWorkbook
from tests.package_rules import MAIN, faults
from tests.template_books import write

FIELD: FieldId = ("facts", "funds.total.spent", VALUE)
REVIEW = [
    ReviewLine("错误", "E202", "不等于合计", "差 1", "请核对", FIELD, ""),
    ReviewLine("警告", "W401", "目标偏低", "<r>不是标记</r>", "请核对", ("kpis", "1", "target"), ""),
    ReviewLine("提示", "I702", "整张表", "两\n行 & <尖>", "", None, "绩效指标"),
]
AWKWARD = {
    ("kpis", "1", "reason"): "<r>不是标记&</r>",
    ("kpis", "1", "evidence"): " 前后有空格 ",
    ("tasks", "1", "reason"): "=1+1 _x0041_ \x01",
    ("identity", "department.filled_on", VALUE): "2025-03-31",
}


class PlainSheet(Worksheet):
    """XlsxWriter's own, with nothing but what it cannot do: rows that fit, and no search for newer functions."""

    def __init__(self) -> None:
        super().__init__()
        self.fitting: set[int] = set()

    def fit(self, row: int) -> None:
        self.fitting.add(row)

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        given = attributes or []
        if tag == "row" and given[0][1] - 1 in self.fitting:
            given = [attribute for attribute in given if attribute[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, given)

    def write_string(self, row: int, col: int, string: str, style: Any = None) -> int:
        if string.startswith("<r>"):
            # What XlsxWriter would take for ready-made XML.
            string = f'<r><t xml:space="preserve">{escape(string)}</t></r>'
        return int(self._write_string(row, col, string, style))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class PlainStyles:
    """XlsxWriter's formats instead of how a cell refers to them."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[Any, Any] = {}

    def __call__(self, look: str, **differences: Any) -> Any:
        key = (look, tuple(differences.items()))
        if key not in self._made:
            # The font's own name counts, not that of the theme.
            self._made[key] = self._workbook.add_format(properties_of(*key) | {"font_scheme": "none"})
        return self._made[key]

    def difference(self, **properties: Any) -> Any:
        return self._workbook.add_format(properties)


def parts(path: Path) -> dict[str, str]:
    """Every part, with texts and styles in place of their numbers, and without hints on how far a row reaches."""
    with zipfile.ZipFile(path) as package:
        trees = {name: ET.fromstring(package.read(name)) for name in package.namelist()}
    texts = [ET.tostring(text, "unicode") for text in trees.pop("xl/sharedStrings.xml")]
    styles = trees.pop("xl/styles.xml")
    lists = {name: [ET.tostring(item, "unicode") for item in styles.find(f"{MAIN}{name}") or ()]
             for name in ("fonts", "fills", "borders")}  # fmt: skip
    numbers = {item.get("numFmtId"): item.get("formatCode") for item in styles.iter(f"{MAIN}numFmt")}
    looks = []
    for item in styles.find(f"{MAIN}cellXfs") or ():
        used = [lists[f"{name}s"][int(item.attrib.pop(f"{name}Id"))] for name in ("font", "fill", "border")]
        number = item.attrib.pop("numFmtId")
        looks.append("".join([*used, numbers.get(number) or number, ET.tostring(item, "unicode")]))
    for tree in trees.values():
        for cell in tree.iter(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            cell.set("s", looks[int(cell.get("s", 0))])
            if value is not None and cell.get("t") == "s":
                value.text = texts[int(value.text or "")]
            elif value is not None and not value.text:
                cell.set("t", "str")
            elif value is not None and cell.get("t") != "str":
                value.text = repr(float(value.text or ""))
        for row in tree.iter(f"{MAIN}row"):
            row.attrib.pop("spans", None)
        for rule in tree.iter(f"{MAIN}cfRule"):
            rule.attrib.pop("dxfId", None)
    return {name: ET.canonicalize(ET.tostring(tree, "unicode")) for name, tree in trees.items()}


@pytest.mark.parametrize("kind", ["blank", "filled", "copy"])
@pytest.mark.slow
def test_the_template_is_what_xlsxwriter_writes(
    scheme: Scheme, case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    values: dict[FieldId, Any] = {} if kind == "blank" else {**field_values(case["submission"], scheme), **AWKWARD}
    other: dict[str, Any] = {"review": REVIEW, "marks": {FIELD: "请核对"}} if kind == "copy" else {}
    write(tmp_path / "quick.xlsx", scheme, values, **other)
    monkeypatch.setattr(writer, "FastWorkbook", xlsxwriter.Workbook)
    monkeypatch.setattr(writer, "FittingSheet", PlainSheet)
    monkeypatch.setattr(writer, "Styles", PlainStyles)
    write(tmp_path / "plain.xlsx", scheme, values, **other)
    quick, plain = parts(tmp_path / "quick.xlsx"), parts(tmp_path / "plain.xlsx")
    assert list(quick) == list(plain)
    assert [name for name in quick if quick[name] != plain[name]] == []
    assert faults(tmp_path / "quick.xlsx") == []


@pytest.mark.slow
def test_workbooks_with_and_without_comments_keep_their_parts_apart(scheme: Scheme, tmp_path: Path) -> None:
    assert FastWorkbook is writer.FastWorkbook
    for marks in ({}, {FIELD: "请核对"}, {}, {FIELD: "请核对", ("scores", "A01", "self"): "也核对"}, {}):
        write(tmp_path / "x.xlsx", scheme, marks=marks)
        assert faults(tmp_path / "x.xlsx") == []
        with zipfile.ZipFile(tmp_path / "x.xlsx") as package:
            sheets = {place for place, _, _ in marks}
            assert sum("/comments" in name for name in package.namelist()) == len(sheets)
