"""总览 of targets and of monitoring: read on paper however long the names are, and its figures lead somewhere."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.results.cells import MARGIN
from perfxl.results.styles import SMALL
from perfxl.xlsx.paper import MANY, points_wide, printable

YEAR = Path(__file__).parent.parent / "examples" / "year"
LONG = "临海新区农业农村和水务海洋渔业综合行政执法协调领导小组办公室（乡村振兴工作专班）"


def call(*arguments: str | Path) -> None:
    result = CliRunner().invoke(perfxl, [*map(str, arguments)], catch_exceptions=False)
    assert result.exit_code in (0, 3), result.output


@pytest.mark.parametrize(("stage", "command"), [("目标", ("run", "--stage", "目标")), ("监控", ("monitor",))])
def test_it_is_read_on_paper_and_its_tiles_are_links(tmp_path: Path, stage: str, command: tuple[str, ...]) -> None:
    for number, source in enumerate(sorted((YEAR / stage).glob("*.json"))):
        document = json.loads(source.read_text("utf-8"))
        document["department"]["name"] = f"{LONG}{number}"
        (tmp_path / f"{number}.json").write_text(json.dumps(document), "utf-8")
    call("fill", "-o", tmp_path / "in", *tmp_path.glob("*.json"))
    call(*command, tmp_path / "in", "-o", tmp_path / "out")
    (path,) = (tmp_path / "out").rglob("*汇总.xlsx")
    sheet = openpyxl.load_workbook(path)["总览"]
    # No height makes it smaller, and its width is read: what is fitted to one page in height is ever smaller.
    assert sheet.row_breaks.brk or sheet.page_setup.fitToHeight == MANY
    # Written with the padding beside the digits.
    width = float(sheet.column_dimensions["A"].width) - 0.71
    assert points_wide([width] * 14) <= printable(landscape=False, margins=2 * MARGIN, size=SMALL)
    linked = {str(cell.value) for row in sheet.iter_rows(max_row=10) for cell in row if cell.hyperlink}
    assert {"收到填报", "已受理", "退回修改", "无法受理"} <= linked
