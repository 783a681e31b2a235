"""One look for all workbooks, and legends that call the colours what they are."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from perfxl.palette import CHOICE, COMPUTED, HEAD, INPUT, TONE_COLOURS, TONES
from perfxl.results.summary import write_summary
from perfxl.scheme.model import Scheme
from perfxl.template import write_template
from tests.sample_batch import sample_batch

PACKAGE = Path(__file__).parent.parent / "perfxl"
LEGEND = {"浅黄色": INPUT, "浅蓝色": CHOICE, "浅灰色": COMPUTED}


def word_for(colour: str) -> str:
    """What a person calls a fill."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    if max(red, green, blue) - min(red, green, blue) < 0.03:
        return "灰色"
    degrees = hue * 360
    names = ((20, "红色"), (70, "黄色"), (170, "绿色"), (260, "蓝色"), (360, "红色"))
    assert saturation > 0
    return next(name for end, name in names if degrees <= end)


@pytest.mark.parametrize(("fill", "word"), [*zip((fill for fill, _ in TONES), TONE_COLOURS, strict=True),
                                             (INPUT, "黄色"), (CHOICE, "蓝色"), (COMPUTED, "灰色")])  # fmt: skip
def test_colours_are_called_what_they_are(fill: str, word: str) -> None:
    assert word_for(fill) == word


def fill(cell: object) -> str:
    return "#" + str(cell.fill.start_color.rgb)[-6:]  # type: ignore[attr-defined]


def test_the_legend_of_the_template_has_the_fills_of_its_cells(scheme: Scheme, tmp_path: Path) -> None:
    write_template(scheme, tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    cover = {cell.value: fill(cell) for row in book.worksheets[0].iter_rows() for cell in row if cell.value in LEGEND}
    assert cover == LEGEND
    # Every cell that may be filled wears the fill of the one or the other.
    # Grey ones are open where rows are inserted, and calculate.
    open_cells = {
        fill(cell)
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and cell.fill.fill_type and not str(cell.value).startswith("=")
    }
    assert open_cells == {INPUT, CHOICE}


def test_the_matrix_says_which_fill_stands_for_what(tmp_path: Path) -> None:
    write_summary(sample_batch(5), tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["得分矩阵"]
    # Beside the columns that are printed on every page, where half of it would stand again and again.
    repeated = range_boundaries(sheet.print_title_cols)[2]
    (cell,) = [cell for cell in sheet[2] if cell.value]
    note = str(cell.value)
    assert cell.column == repeated + 1
    assert "低于 60% 为红色，低于 80% 为黄色，低于 95% 为蓝色" in note and "加深" not in note
    rules = [rule for found in sheet.conditional_formatting for rule in found.rules]
    fills = ["#" + str(rule.dxf.fill.bgColor.rgb)[-6:] for rule in rules if "<0." in rule.formula[0]]
    assert [word_for(one) for one in fills[:3]] == ["红色", "黄色", "蓝色"]


def test_template_and_results_have_one_head(scheme: Scheme, tmp_path: Path) -> None:
    write_template(scheme, tmp_path / "模板.xlsx")
    write_summary(sample_batch(3), tmp_path / "汇总.xlsx", department_sheets=False)
    results = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["排名"]["A3"]
    template = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    heads = [cell for row in template["绩效指标"].iter_rows() for cell in row if cell.value == "一级指标"]
    assert fill(results) == HEAD and heads and {fill(cell) for cell in heads} == {HEAD}
    assert {str(cell.font.color.rgb)[-6:] for cell in (results, *heads)} == {"FFFFFF"}
    assert {cell.font.name for cell in (results, *heads)} == {"微软雅黑"}


def test_colours_have_one_home() -> None:
    """A new colour goes into the palette: elsewhere are only the lines of charts, and what files of others have."""
    known = {"palette.py", "results/charts.py", "results/styles.py", "workbook/ods/styles.py", "xlsx/self_check.py"}
    own = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "documents" not in path.parts and re.search(r'"#[0-9A-Fa-f]{6}"', path.read_text(encoding="utf-8"))
    }
    assert own <= known | {"scheme/workbook_looks.py"}
