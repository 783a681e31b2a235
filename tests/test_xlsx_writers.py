"""The quick writer and the plain one, which uses what XlsxWriter promises alone, give the same workbooks."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from perfxl.scheme.model import Scheme
from perfxl.template.fill import fill_template
from perfxl.xlsx import self_check
from perfxl.xlsx.plain import PlainWorkbook
from perfxl.xlsx.plain_sheet import PlainForm, PlainSheet
from perfxl.xlsx.quick import long_sheet
from perfxl.xlsx.quick.fitting_sheet import FittingSheet
from perfxl.xlsx.quick.long_sheet import LongSheet
from perfxl.xlsx.quick.workbook import FastWorkbook
from perfxl.xlsx.writer import SWITCH
from tests.package_rules import faults
from tests.sample_batch import HOSTILE_TEXTS, hostile_batch
from tests.shipped_outputs import write_all
from tests.xlsx_parts import differing

WRITERS = ("quick", "plain")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory, scheme: Scheme) -> dict[str, Path]:
    """All that perfxl writes for the shipped input, by each writer: results, summary, copies, template, lists."""
    folders = {}
    for writer in WRITERS:
        folders[writer] = tmp_path_factory.mktemp(writer)
        write_all(folders[writer], scheme, writer)
    return folders


def pairs(outputs: dict[str, Path]) -> Iterator[tuple[Path, Path]]:
    quick, plain = (outputs[writer] for writer in WRITERS)
    names = [path.relative_to(quick) for path in sorted(quick.rglob("*.xlsx"))]
    assert names == [path.relative_to(plain) for path in sorted(plain.rglob("*.xlsx"))]
    assert {name.parts[1] for name in names if len(name.parts) == 3} == {"部门结果", "暂定结果", "退回修改", "复核"}
    return ((quick / name, plain / name) for name in names)


def test_the_workbooks_of_the_shipped_input_are_the_same_part_by_part(outputs: dict[str, Path]) -> None:
    assert {quick.name: found for quick, plain in pairs(outputs) if (found := differing(quick, plain))} == {}


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: repr(text[:12]))
def test_whatever_a_department_writes_is_the_same_by_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(long_sheet, "ROWS_AT_ONCE", 3)
    for writer in WRITERS:
        monkeypatch.setenv(SWITCH, writer)
        batch = hostile_batch(text)
        batch.copies = {item.file: f"{number}.xlsx" for number, item in enumerate(batch.departments)}
        write_summary(batch, tmp_path / f"汇总{writer}.xlsx")
        write_department(Context.of(batch), batch.departments[0], tmp_path / f"部门{writer}.xlsx")
    for name in ("汇总", "部门"):
        assert differing(*(tmp_path / f"{name}{writer}.xlsx" for writer in WRITERS)) == []
        assert faults(tmp_path / f"{name}plain.xlsx") == []


def look(cell: Any, known: dict[int, str]) -> str:
    """The format of a cell in full; known: those of the workbook that were seen."""
    if cell.style_id not in known:
        used = (cell.number_format, cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
        known[cell.style_id] = "".join(map(repr, used))
    return known[cell.style_id]


def asides(cell: Any) -> tuple[Any, ...]:
    """Link and comment of a cell."""
    link, comment = cell.hyperlink, cell.comment
    return link and (link.target, link.location), comment and (comment.text, comment.width, comment.height)


def content(path: Path) -> dict[str, Any]:
    """What a program that knows neither writer finds in a workbook."""
    found: dict[str, Any] = {}
    looks: dict[int, str] = {}
    for sheet in openpyxl.load_workbook(path):
        cells = {
            cell.coordinate: (getattr(cell.value, "text", cell.value), look(cell, looks), *asides(cell))
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None or cell.has_style
        }
        columns, rows = sheet.column_dimensions.items(), sheet.row_dimensions.items()
        sizes = (
            {key: (item.width, item.hidden) for key, item in columns},
            {key: (item.height, item.hidden) for key, item in rows if item.height or item.hidden},
        )
        typing = sheet.data_validations.dataValidation
        rules = [(str(item.sqref), item.type, item.formula1, item.prompt) for item in typing]
        conditions = [(str(area.sqref), [rule.type for rule in area.rules]) for area in sheet.conditional_formatting]
        charts = [
            (
                *((mark.col, mark.colOff, mark.row, mark.rowOff) for mark in (chart.anchor._from, chart.anchor.to)),
                [(item.val.numRef.f.replace("'", ""), len(item.val.numRef.numCache.pt)) for item in chart.series],
            )
            for chart in sheet._charts
        ]
        merged = sorted(map(str, sheet.merged_cells.ranges))
        found[sheet.title] = cells, sizes, rules, conditions, charts, merged, sheet.print_area, sheet.freeze_panes
    return found


@pytest.mark.parametrize("kind", ["汇总", "部门结果", "退回修改", "模板", "名录"])
def test_another_program_reads_the_same_from_both(outputs: dict[str, Path], kind: str) -> None:
    quick, plain = next(pair for pair in pairs(outputs) if kind in str(pair[0].relative_to(outputs["quick"])))
    assert content(quick) == content(plain)


def test_the_workbooks_are_the_same_each_time(tmp_path: Path, scheme: Scheme, case: dict[str, Any]) -> None:
    for writer in WRITERS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(SWITCH, writer)
            for name in ("one", "other"):
                fill_template(case["submission"], scheme, tmp_path / f"{name}.xlsx", "文档")
            assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()


def one_series(chart: Any, sheet: str) -> None:
    chart.add_series({"values": [sheet, 0, 0, 9, 0]})


def boxes(kind: Any, path: Path) -> tuple[str, str]:
    """The parts that say where a chart and a comment stand, of a sheet with high rows and wide columns above them."""
    workbook = kind(path, {"in_memory": True})
    form, page = workbook.add_form("表"), workbook.add_page("图 1")
    form.set_column(0, 3, 33)
    style = workbook.style(dict)
    for row in range(12):
        form.set_row(row, 61.5 + row)
        page.height(row, 61.5 + row)
        page.number(row, 0, row, style)
    page.widths((33.0, 44.0, 5.5))
    form.write_comment(9, 3, "批注", {"x_scale": 2, "y_scale": 3})
    form.write_comment(10, 1, "批注二", {"visible": True, "color": "#FFE0E0"})
    form.write_comment(11, 30, "批注三", {"x_offset": 7, "visible": True, "color": "#FFE0E0"})
    form.write_comment(11, 2, "批注四")
    chart = workbook.new_chart(
        "图 1", "column", "boxes", lambda new, name: new.add_series({"values": [name, 0, 0, 9, 0]})
    )
    chart.set_size({"width": 600, "height": 500})
    page.insert_chart(6, 2, chart, {"object_position": 1})
    workbook.close()
    with ZipFile(path) as parts:
        return tuple(parts.read(f"xl/drawings/{name}").decode() for name in ("drawing1.xml", "vmlDrawing1.vml"))  # type: ignore[return-value]


def test_charts_and_comments_stand_in_the_same_place(tmp_path: Path) -> None:
    drawing, comments = boxes(FastWorkbook, tmp_path / "quick.xlsx")
    assert (drawing, comments) == boxes(PlainWorkbook, tmp_path / "plain.xlsx")
    # Twelve rows of 67 points: a chart of 500 pixels from row 7 ends seven rows below, and not twenty-five.
    assert "<xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>6</xdr:row>" in drawing
    assert "margin-top:" in comments and "<x:Anchor>" in comments


def test_a_small_workbook_is_the_same_by_both() -> None:
    assert self_check.differing_parts() == []


@pytest.mark.parametrize(
    ("quick", "plain"), [(FastWorkbook, PlainWorkbook), (LongSheet, PlainSheet), (FittingSheet, PlainForm)]
)
def test_both_writers_have_the_same_methods(quick: type, plain: type) -> None:
    for name, method in vars(plain).items():
        if not name.startswith("_") and name not in ("written", "take"):
            ours, theirs = (list(inspect.signature(each).parameters) for each in (method, getattr(quick, name)))
            assert name == "close" or theirs[: len(ours)] == ours, name


@pytest.mark.parametrize("kind", [FastWorkbook, PlainWorkbook])
def test_what_cannot_be_written_is_refused_by_both(tmp_path: Path, kind: Any) -> None:
    workbook = kind(tmp_path / "x.xlsx", {"in_memory": True})
    style = workbook.style(dict)
    page, form = workbook.add_page("一"), workbook.add_form("二")
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="a cell cannot hold"):
            page.number(0, 0, number, style)
    page.merge_cells(0, 0, 1, 1, style)
    with pytest.raises(ValueError, match="overlap"):
        page.merge_cells(1, 1, 2, 2, style)
    assert form.write_string(0, 0, "长" * 32_768, style) == -2
    with pytest.raises(ValueError, match="no rule"), pytest.warns(UserWarning, match="没有"):
        form.data_validation(0, 0, 0, 0, {"validate": "没有"})
    workbook.close()
    absent = kind(tmp_path / "没有" / "x.xlsx", {"in_memory": True})
    absent.add_page("一")
    with pytest.raises(OSError, match="没有"):
        absent.close()
