"""`perfxl init`: what it makes, what it leaves alone, and what it refuses."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.desk.starters import shared_periods
from perfxl.errors import OutputError, PerfxlError, UsageError
from perfxl.layout.list_marks import Kind
from perfxl.lists.roster import write_roster
from perfxl.lists.standing import standing
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stage_records import StageRow
from perfxl.scheme.workbook_file import write_scheme_workbook
from tests.desk_folders import filled_roster, init, made, with_examples

STARTERS = ("生成部门模板", "自动检查", "运行评分", "制作复核表", "写文书", "查看进度")
EARLIER = ("生成目标模板", "审核目标", "生成监控模板", "运行监控")


@pytest.fixture(autouse=True)
def without_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nothing for Word is installed: its templates take most of the time of an `init`."""
    monkeypatch.setattr("perfxl.documents.needed.NEEDED", ("no_such_module",))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_has_all_of_a_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfxl.documents.needed.NEEDED", ("docx",))
    folder = made(tmp_path / "绩效 评价（区）")
    files = contents(folder)
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {
        "input", "output", "workbook_templates", "上年结果", "年初和年中", "其他系统", ".perfxl"
    }  # fmt: skip
    for name in (
        "2022年度部门整体支出绩效自评填报模板.xlsx",
        "部门名录.xlsx",
        "豁免.xlsx",
        "财政核定数.xlsx",
        "自评报告模板.docx",
    ):
        assert f"workbook_templates/{name}" in files
    for name in (*STARTERS, *EARLIER):
        assert {f"{name}{ending}" for ending in (".bat", ".command", ".sh", ".desktop")} <= {
            Path(path).name for path in files
        }
        inner = {Path(path).parent.name == "年初和年中" for path in files if Path(path).stem == name}
        assert inner == {name in EARLIER}
    assert "说明.xlsx" in files


@pytest.mark.parametrize(("system", "ending"), [("windows", ".bat"), ("macos", ".command"), ("linux", ".desktop")])
def test_the_starters_of_the_named_system_stand_in_the_folder_itself(system: str, ending: str, tmp_path: Path) -> None:
    folder = made(tmp_path / "f", "--system", system)
    here = {path.suffix for path in folder.iterdir() if path.stem in STARTERS}
    assert ending in here and here <= {ending, ".sh"}
    assert {path.stem for path in (folder / "年初和年中").iterdir() if path.suffix == ending} == set(EARLIER)
    assert len(list((folder / "其他系统").iterdir())) == 2


def test_all_systems_may_stand_in_the_folder_itself(tmp_path: Path) -> None:
    folder = made(tmp_path / "f", "--system", "all")
    assert {path.suffix for path in folder.iterdir() if path.stem in STARTERS} == {
        ".bat",
        ".command",
        ".sh",
        ".desktop",
    }
    assert not (folder / "其他系统").exists()


def test_a_year_in_the_name_is_the_year_of_templates_and_scheme(here: Path) -> None:
    result = init("2031年度绩效评价")
    folder = here / "2031年度绩效评价"
    assert "评价年度是 2031 年" in result.output
    scheme = load_scheme(folder / "workbook_templates" / "评分方案-guangzhou-2031.xlsx")
    assert scheme.year == 2031
    assert (folder / "workbook_templates" / "2031年度部门整体支出绩效自评填报模板.xlsx").exists()
    # A second time it is the scheme that stands there, and nothing is said of a year.
    again = init("2031年度绩效评价")
    assert "评价年度" not in again.output and "已经齐全" in again.output


def test_each_period_has_starters_of_its_own(tmp_path: Path, scheme: Scheme) -> None:
    """A clerk has no command line to name the second one on."""
    rows = (
        StageRow("监控", "1—6月", Decimal(6)),
        StageRow("监控", "1—9月", Decimal(9)),
        StageRow("监控", "1/11", Decimal(11)),
    )
    path = tmp_path / "我的.xlsx"
    write_scheme_workbook(replace(scheme, stages=rows), path)
    folder = made(tmp_path / "x", "--scheme", path, "--system", "linux") / "年初和年中"
    assert "monitor --open" in (folder / "运行监控.sh").read_text("utf-8")
    assert "monitor --period 2 --open" in (folder / "运行监控（1—9月）.sh").read_text("utf-8")
    assert "--stage monitoring:2 ;;" in (folder / "生成监控模板（1—9月）.sh").read_text("utf-8")
    assert "monitor --period 3 --open" in (folder / "运行监控（第3期）.sh").read_text("utf-8")
    # Another scheme has other periods: a name must not lie; what a person changed stays.
    mine = folder / "生成监控模板（1—9月）.sh"
    mine.write_bytes(mine.read_bytes() + b"# mine\n")
    write_scheme_workbook(replace(scheme, stages=rows[:1]), tmp_path / "x" / "workbook_templates" / "我的.xlsx")
    result = init(tmp_path / "x", "--system", "linux")
    assert "方案中没有这个期间了，已删去" in result.output
    assert {path.name for path in folder.iterdir() if "（" in path.name} == {mine.name}


def test_starters_are_for_the_periods_that_schemes_call_the_same() -> None:
    assert list(shared_periods([])) == []
    assert list(shared_periods([("1—6月", "1—9月"), ("1—7月",)])) == ["1—6月", "1—9月"]
    assert list(shared_periods([("1—6月", "1—9月", "1—11月"), ("1—7月", "1-9 月", "1—10月")])) == ["1—6月", "1—9月"]


@pytest.mark.parametrize("name", ["2022年度", "绩效", "2031和2032", "文号20310001"])
def test_without_another_single_year_the_built_in_scheme_is_used(name: str, tmp_path: Path) -> None:
    folder = made(tmp_path / name)
    assert not list((folder / "workbook_templates").glob("评分方案*"))
    assert list((folder / "workbook_templates").glob("2022年度*"))


def test_a_built_in_scheme_that_is_named_is_put_in(tmp_path: Path) -> None:
    folder = made(tmp_path / "x", "--scheme", "xiangmu-2020")
    standing_there = load_scheme(folder / "workbook_templates" / "评分方案-xiangmu-2020.xlsx")
    assert standing_there.id == "xiangmu-2020"
    assert list((folder / "workbook_templates").glob("*填报模板.xlsx"))


def test_a_scheme_file_is_put_in_as_it_is_and_one_of_the_same_name_is_not_lost(scheme: Scheme, tmp_path: Path) -> None:
    mine = tmp_path / "我的方案.xlsx"
    write_scheme_workbook(scheme, mine)
    folder = made(tmp_path / "x", "--scheme", mine)
    put = folder / "workbook_templates" / mine.name
    assert put.read_bytes() == mine.read_bytes()
    put.write_bytes(b"mine")
    result = init(folder, "--scheme", mine)
    assert isinstance(result.exception, UsageError) and "没有覆盖" in str(result.exception)
    assert put.read_bytes() == b"mine"


def test_a_roster_is_put_in_and_every_department_gets_its_template(scheme: Scheme, tmp_path: Path) -> None:
    roster = filled_roster(tmp_path / "名单.xlsx", scheme, "示例甲局", "示例乙局")
    told = init(tmp_path / "x", "--roster", roster).output
    folder = tmp_path / "x"
    assert "workbook_templates/预填模板：示例乙局.xlsx、示例甲局.xlsx" in told and "原来就有" not in told
    bureau = folder / "workbook_templates"
    assert {path.stem for path in (bureau / "预填模板").iterdir()} == {"示例甲局", "示例乙局"}
    assert standing(bureau, {}).lists[Kind.ROSTER].path == bureau / "部门名录.xlsx"
    before = contents(folder)
    assert init(folder, "--roster", roster).exception is None
    assert contents(folder) == before


def test_a_roster_that_does_not_hold_stops_before_anything_is_made(scheme: Scheme, tmp_path: Path) -> None:
    write_roster(tmp_path / "空.xlsx", scheme)
    for name in ("空.xlsx", "没有.xlsx"):
        result = init(tmp_path / "x", "--roster", tmp_path / name)
        assert isinstance(result.exception, PerfxlError) and result.exception.exit_code == 2
        assert not (tmp_path / "x").exists()


def test_nothing_that_stands_there_is_written_over(tmp_path: Path) -> None:
    folder = made(tmp_path / "x", "--system", "all")
    for path in folder.rglob("*"):
        if path.is_file() and ".perfxl" not in path.parts:
            path.write_bytes(b"mine " + path.name.encode())
    before = {name: data for name, data in contents(folder).items() if not name.startswith(".perfxl")}
    result = init(folder, "--system", "all")
    assert result.exception is None
    assert "被改过，没有改动" in result.output and "原来就有，没有改动" in result.output
    assert {name: data for name, data in contents(folder).items() if not name.startswith(".perfxl")} == before
    # By force only what init itself renews.
    assert init(folder, "--system", "all", "--force").exception is None
    for name, data in contents(folder).items():
        if not name.startswith(".perfxl"):
            assert data.startswith(b"mine") == name.startswith("workbook_templates/")


def test_starters_of_an_earlier_version_are_renewed_where_nobody_has_changed_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("perfxl.desk.windows._BATCH", "@echo off\nrem earlier @ARGUMENTS@\n")
        folder = made(tmp_path / "x", "--system", "windows")
    changed, ours = folder / "写文书.bat", folder / "运行评分.bat"
    changed.write_bytes(changed.read_bytes() + b"rem mine\r\n")
    result = init(folder, "--system", "windows")
    assert b"earlier" not in ours.read_bytes() and b"rem mine" in changed.read_bytes()
    assert "换成新版" in result.output and "写文书.bat" in result.output.split("被改过，没有改动")[1].splitlines()[1]


def test_what_is_lacking_is_added(tmp_path: Path) -> None:
    folder = made(tmp_path / "x")
    (folder / "workbook_templates" / "豁免.xlsx").unlink()
    shutil.rmtree(folder / "input")
    result = init(folder)
    assert "新建（2 个）" in result.output
    assert (folder / "workbook_templates" / "豁免.xlsx").exists() and (folder / "input").is_dir()


def test_a_folder_of_an_earlier_version_gets_what_is_new_and_loses_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path / "x", "--system", "windows")
    for name in ("制作复核表.bat", "其他系统/macOS/制作复核表.command", "上年结果/说明.txt"):
        (folder / name).unlink()
    (folder / "上年结果").rmdir()
    mine = {"input/甲.xlsx": b"sent", "output/run.json": b"{}", "workbook_templates/部门名录.xlsx": b"filled"}
    for name, data in mine.items():
        (folder / name).write_bytes(data)
    result = init(folder, "--system", "windows")
    assert result.exception is None and "上年结果、制作复核表.bat" in result.output
    assert mine.items() <= contents(folder).items()
    text = (folder / "上年结果" / "说明.txt").read_bytes()
    # The mark for the editor of an older Windows, and one line.
    assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\r\n") == 1
    # What a person puts there stays, whatever it is called.
    (folder / "上年结果" / "说明.txt").write_bytes(b"mine")
    (folder / "上年结果" / "run.json").write_bytes(b"{}")
    assert init(folder, "--system", "windows", "--force").exception is None
    assert (folder / "上年结果" / "run.json").read_bytes() == b"{}"


def test_a_damaged_list_of_what_is_ours_makes_nothing_ours(tmp_path: Path) -> None:
    folder = made(tmp_path / "x")
    for content in ("", "[1]", '{"a": ', "\x00"):
        (folder / ".perfxl" / "made.json").write_text(content, "utf-8")
        assert init(folder).exception is None
    assert json.loads((folder / ".perfxl" / "made.json").read_bytes())


@pytest.mark.parametrize("taken", ["x", "x/input", "x/workbook_templates"])
def test_a_file_in_the_way_is_refused_and_left(taken: str, tmp_path: Path) -> None:
    place = tmp_path / taken
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"file")
    result = init(tmp_path / "x")
    assert isinstance(result.exception, UsageError) and "是文件" in str(result.exception)
    assert place.read_bytes() == b"file"
    inside = init(tmp_path / "x" / "input" / "y") if taken != "x/workbook_templates" else result
    assert isinstance(inside.exception, UsageError)


def test_an_empty_name_is_refused() -> None:
    assert isinstance(init("").exception, UsageError)
    assert isinstance(init("  ").exception, UsageError)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    result = init(tmp_path / "x")
    assert isinstance(result.exception, OutputError) and "没有权限" in str(result.exception)
    assert result.exception.exit_code == 1


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    result = init(tmp_path / ("长" * 200))
    assert isinstance(result.exception, OutputError) and "太长" in str(result.exception)


def test_without_the_parts_for_word_it_says_how_to_get_them(tmp_path: Path) -> None:
    result = init(tmp_path / "x")
    assert result.exception is None and "pip install 'perfxl[documents]'" in result.output
    assert not list((tmp_path / "x").rglob("*.docx"))


def test_the_folder_scores_as_the_main_job_does(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(here / "我的")
    with_examples(here / "我的", "示例教育局", "示例民政局")
    monkeypatch.chdir(here / "我的")
    result = CliRunner().invoke(perfxl, ["run", "--jobs", "1"], standalone_mode=False)
    assert result.return_value == 0, result.output
    scores = json.loads((here / "我的" / "output" / "run.json").read_bytes())["departments"]
    assert {item["name"] for item in scores} == {"示例教育局", "示例民政局"}
    assert "使用评分方案" not in result.output


def test_prefilled_templates_come_from_the_roster_of_the_folder(
    scheme: Scheme, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(here / "x")
    monkeypatch.chdir(here / "x")
    lacking = CliRunner().invoke(perfxl, ["template", "--prefilled"], standalone_mode=False)
    assert isinstance(lacking.exception, UsageError) and "没有填好的部门名录" in str(lacking.exception)
    filled_roster(here / "x" / "workbook_templates" / "部门名录.xlsx", scheme, "示例甲局")
    result = CliRunner().invoke(perfxl, ["template", "--prefilled"], standalone_mode=False)
    assert result.exception is None, result.output
    assert (here / "x" / "workbook_templates" / "预填模板" / "示例甲局.xlsx").exists()


def test_two_schemes_of_one_file_name_are_refused(scheme: Scheme, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    write_scheme_workbook(scheme, tmp_path / "a" / "方案.xlsx")
    write_scheme_workbook(load_scheme("xiangmu-2020"), tmp_path / "方案.xlsx")
    result = init(tmp_path / "x", "--scheme", tmp_path / "a" / "方案.xlsx", "--scheme", tmp_path / "方案.xlsx")
    assert isinstance(result.exception, UsageError) and "都叫“方案.xlsx”" in str(result.exception)
    assert not (tmp_path / "x").exists()


def test_templates_that_fail_half_way_leave_no_half_of_them(
    scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = filled_roster(tmp_path / "名单.xlsx", scheme, "示例甲局", "示例乙局")
    with monkeypatch.context() as full:
        from perfxl.template import write_template

        def write(scheme: Scheme, path: Path, *more: object, **named: object) -> None:
            if path.stem == "示例乙局":
                raise OSError(28, "No space left on device", str(path))
            write_template(scheme, path, *more, **named)  # type: ignore[arg-type]

        full.setattr("perfxl.template.write_template", write)
        result = init(tmp_path / "x", "--roster", roster)
    assert isinstance(result.exception, OutputError) and "磁盘空间不足" in str(result.exception)
    bureau = tmp_path / "x" / "workbook_templates"
    assert not (bureau / "预填模板").exists() and not list(bureau.glob(".perfxl*"))
    assert init(tmp_path / "x", "--roster", roster).exception is None
    assert len(list((bureau / "预填模板").iterdir())) == 2
