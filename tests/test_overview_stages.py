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


@pytest.mark.parametrize(("stage", "command"), [("目标", ("run", "--stage", "目标")), ("监控", ("monitor",))])
def test_what_is_to_be_done_comes_first_worst_first_and_linked(
    tmp_path: Path, stage: str, command: tuple[str, ...]
) -> None:
    call("fill", "-o", tmp_path / "in", *(YEAR / stage).glob("*.json"))
    call(*command, tmp_path / "in", "-o", tmp_path / "out")
    (path,) = (tmp_path / "out").rglob("*汇总.xlsx")
    sheet = openpyxl.load_workbook(path, data_only=True)["总览"]
    rows = {str(row[0].value).partition("（")[0]: row for row in sheet.iter_rows() if row[0].value is not None}
    first = rows["需要处理的事项"][0].row
    # On a screen it is seen without scrolling.
    assert first <= 12
    back = rows["退回修改"]
    assert back[0].row > first and back[2].value == 1
    assert "处错误" in back[3].value and back[0].hyperlink and back[3].hyperlink
    if stage == "监控":
        head = rows["需要关注的部门"][0].row
        assert first < head < rows["亮灯情况"][0].row < rows["各类部门的支出"][0].row
        listed = [row for row in sheet.iter_rows(min_row=head + 2, max_row=rows["亮灯情况"][0].row - 1) if row[0].value]
        assert len(listed) > 3 and all(row[0].hyperlink for row in listed)
        lights = [row[5].value for row in listed]
        assert lights == sorted(lights, key=["红灯", "黄灯"].index)
        assert sheet.cell(9, 3).hyperlink and sheet.cell(9, 13).hyperlink
    else:
        waits = rows["待审核"]
        shown = [cell for row in sheet.iter_rows(min_row=waits[0].row, max_row=waits[0].row + 2) for cell in row[3:]]
        names = [cell for cell in shown if cell.value]
        # Those with errors first, then those with the most warnings; the last cell says where all are.
        assert "错误" in names[0].value and "警告" in names[1].value
        assert names[-1].value == f"等 {waits[2].value:g} 个，全部见“部门情况”"
        assert all(cell.hyperlink for cell in names)


def test_categories_of_monitoring_have_money_to_the_cent_and_come_to_the_whole(tmp_path: Path) -> None:
    call("fill", "-o", tmp_path / "in", *(YEAR / "监控").glob("*.json"))
    call("monitor", tmp_path / "in", "-o", tmp_path / "out")
    (path,) = (tmp_path / "out").rglob("*汇总.xlsx")
    sheet = openpyxl.load_workbook(path, data_only=True)["总览"]
    (head,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "各类部门的支出（万元）"]
    rows = []
    for row in sheet.iter_rows(min_row=head + 2):
        rows.append(row)
        if row[0].value == "合计":
            break
    *parts, whole = rows
    headings = {cell.value: cell.column - 1 for cell in sheet[head + 1] if cell.value}
    for heading, tile in (("预算数", "C9"), ("执行数", "E9"), ("建议调减", "M9")):
        at = headings[heading]
        assert {row[at].number_format for row in rows} == {"#,##0.00_ "} == {sheet[tile].number_format}
        assert sum(row[at].value for row in parts) == pytest.approx(whole[at].value)
        assert whole[at].value == pytest.approx(sheet[tile].value)
    budget, expected = headings["预算数"], headings["预计\n执行率"]
    everybody = openpyxl.load_workbook(path, data_only=True)["部门情况"]
    names = {cell.value: cell.column - 1 for cell in everybody[3]}
    for row in parts:
        own = [
            one for one in everybody.iter_rows(min_row=4, values_only=True)
            if one[names["部门类别"]] == row[0].value and one[names["状态"]] == "已受理"
        ]  # fmt: skip
        assert row[budget].value == pytest.approx(sum(one[names["调整预算数"]] for one in own))
        sums = sum(one[names["全年预计执行数"]] for one in own)
        assert row[expected].value == pytest.approx(sums / row[budget].value)
