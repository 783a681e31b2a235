"""`perfxl status`: reads only, says where a year's folder stands, what has changed, and what to do next."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.errors import UsageError
from perfxl.lists.official_writer import write_official
from perfxl.lists.roster import read_roster, write_roster
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.yearfolder import changed as changed_module
from perfxl.yearfolder.state import state_of
from tests.books import filled
from tests.desk_folders import filled_roster
from tests.target_cases import target_document

ROOT = Path(__file__).parent.parent
TODAY = date(2023, 6, 1)
RETURNED = "示例新城街道办事处.xlsx"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, scheme: Scheme) -> Path:
    """A year's folder with three workbooks, one of them in an archive, and their results."""
    year = tmp_path_factory.mktemp("year")
    (year / "input" / "甲").mkdir(parents=True)
    shutil.copy(ROOT / "input" / "示例教育局.xlsx", year / "input" / "甲")
    shutil.copy(ROOT / "input" / RETURNED, year / "input")
    with zipfile.ZipFile(year / "input" / "打包.zip", "w") as archive:
        archive.write(ROOT / "input" / "示例民政局.xlsx", "示例民政局.xlsx")
    shutil.copytree(ROOT / "workbook_templates", year / "workbook_templates")
    for path in year.rglob("*"):
        os.utime(path, (1_680_000_000, 1_680_000_000))
    run_folder(year / "input", year / "output", scheme, RunOptions(jobs=1, department_books=False))
    return year


@pytest.fixture
def year(done: Path, tmp_path: Path) -> Path:
    shutil.copytree(done, tmp_path / "year")
    return tmp_path / "year"


def told(folder: Path) -> tuple[dict[str, str], str]:
    state = state_of(folder, TODAY)
    return dict(state.lines), state.following


def test_what_stands_there_and_what_comes_next(year: Path) -> None:
    lines, following = told(year)
    assert lines["阶段"] == "2022 年度 自评"
    assert lines["报送"] == "已评分 2 个，退回修改 1 个，没有部门名录，不知道谁没有报送"
    assert lines["退回修改"] == "1 个：示例新城街道办事处"
    assert "guangzhou-2022，版本 1.0，sha256 " in lines["评分方案"] and "不同" not in lines["评分方案"]
    assert lines["运行后"] == "没有新的或改过的文件"
    assert lines["复核"] == "没有复核"
    assert "发给 1 个部门" in following and "退回修改" in following


def test_it_changes_nothing(year: Path) -> None:
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in year.rglob("*")}
    told(year)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in year.rglob("*")} == before


def later(path: Path) -> None:
    now = time.time() + 10_000
    os.utime(path, (now, now))


def test_new_changed_and_missing_files(year: Path) -> None:
    shutil.copy(ROOT / "input" / "示例水务局.xlsx", year / "input" / "新来的.xlsx")
    (year / "input" / "~$新来的.xlsx").write_bytes(b"x")
    (year / "input" / "说明.txt").write_text("x")
    (year / "input" / RETURNED).unlink()
    file = year / "input" / "甲" / "示例教育局.xlsx"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))
    later(file)
    later(year / "workbook_templates" / "部门名录.xlsx")
    lines, following = told(year)
    assert lines["新的文件"] == "1 个：新来的.xlsx"
    assert lines["改过的文件"] == "1 个：甲/示例教育局.xlsx"
    assert lines["不见的文件"] == f"1 个：{RETURNED}"
    assert lines["改过的名单方案"] == "1 个：部门名录.xlsx"
    assert following.startswith("运行后有 4 个文件是新的、改过或不见了，请再运行一次 perfxl run（属于其他阶段的：")


def test_another_time_alone_is_no_change(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(year / "input" / RETURNED)
    assert "改过的文件" not in told(year)[0]
    # Files are read only where size and time leave a doubt.
    read: list[str] = []
    sha256 = changed_module._sha256
    monkeypatch.setattr(changed_module, "_sha256", lambda path: read.append(path.name) or sha256(path))
    told(year)
    assert read == [RETURNED]


def test_another_size_is_a_change_whatever_the_time(year: Path) -> None:
    file = year / "input" / RETURNED
    file.write_bytes(file.read_bytes() + b"x")
    os.utime(file, (1_680_000_000, 1_680_000_000))
    assert told(year)[0]["改过的文件"] == f"1 个：{RETURNED}"


def test_a_list_that_others_sent_is_no_new_file_and_made_nothing(year: Path, scheme: Scheme) -> None:
    """It was told of and not used: whoever runs again because of it would do so for ever."""
    shutil.copy(ROOT / "workbook_templates" / "部门名录.xlsx", year / "input" / "部门名录.xlsx")
    filled_roster(year / "workbook_templates" / "部门名录.xlsx", scheme, "示例教育局")
    for path in year.rglob("*.xlsx"):
        os.utime(path, (1_680_000_000, 1_680_000_000))
    with contextlib.chdir(year):
        ran = CliRunner().invoke(perfxl, ["run", "--jobs", "1", "--no-department-books"], standalone_mode=False)
    assert ran.exception is None and "没有采用" in ran.output
    lines, following = told(year)
    assert lines["运行后"] == "没有新的或改过的文件" and "退回件" in following
    assert lines["名单"].startswith("workbook_templates/部门名录.xlsx")
    # The bureau's own is not taken for the one of the same name.
    later(year / "workbook_templates" / "部门名录.xlsx")
    assert "改过的名单方案" not in told(year)[0]
    (year / "input" / "部门名录.xlsx").unlink()
    assert told(year)[0]["不见的文件"] == "1 个：部门名录.xlsx"


def test_a_packed_archive_that_changed(year: Path) -> None:
    with zipfile.ZipFile(year / "input" / "打包.zip", "a") as archive:
        archive.writestr("x.xlsx", b"x")
    assert told(year)[0]["改过的文件"] == "1 个：打包.zip"


Change = Callable[[dict[str, Any]], object]


def change(year: Path, how: Change) -> None:
    path = year / "output" / "run.json"
    content = json.loads(path.read_text("utf-8"))
    how(content)
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def none_returned(content: dict[str, Any]) -> None:
    for item in content["departments"]:
        item["status"] = "scored"


def test_the_next_step_follows_the_state(year: Path) -> None:
    change(year, none_returned)
    assert "perfxl review" in told(year)[1] and "perfxl documents" in told(year)[1]
    change(year, lambda content: content["results"].append("文书/通报.docx"))
    lines, following = told(year)
    assert lines["文书"] == "已写 1 份" and "--previous" in following
    change(year, lambda content: content["departments"][0].update(status="missing", name="某局"))
    change(year, lambda content: content.update(rostered=True))
    lines, following = told(year)
    assert lines["未报送"] == "1 个：某局" and following == "按汇总工作簿的“催报清单”催报 1 个部门"


def test_what_could_not_be_taken_comes_before_who_is_missing(year: Path) -> None:
    change(year, none_returned)
    change(
        year, lambda content: next(one for one in content["files"] if one["path"] == RETURNED).update(status="rejected")
    )
    change(year, lambda content: content["departments"][0].update(status="missing"))
    lines, following = told(year)
    assert lines["无法受理"] == "1 个文件" and "处理 1 个无法受理的文件" in following


def test_reviews_and_who_is_late(year: Path) -> None:
    change(year, none_returned)

    def how(content: dict[str, Any]) -> None:
        for item, status in zip(content["departments"], ("已复核", "部分复核", "未复核"), strict=True):
            item["review"] = {"status": status}
        content["schemes"][0]["deadline"] = "2023-03-31"
        first, second, *_ = content["register"]
        first.update(number=1, received="2023-04-02", name="甲局")
        second.update(number=1, received="2023-03-31", name="乙局")
        content["owed"] = [{"name": "丙局", "due": "2023-05-31"}, {"name": "丁局", "due": "2023-06-01"}]

    change(year, how)
    lines, following = told(year)
    assert lines["复核"] == "已复核 1 个，部分复核 1 个，未复核 1 个"
    assert (lines["逾期报送"], lines["已过期限"]) == ("1 个：甲局", "1 个：丙局")
    assert following.startswith("还有 2 个没有复核完")


def test_review_workbooks_that_are_made_are_to_be_filled(year: Path) -> None:
    change(year, none_returned)
    assert "perfxl review 制作复核表" in told(year)[1]
    (year / "output" / "复核").mkdir()
    shutil.copy(ROOT / "input" / "示例教育局.xlsx", year / "output" / "复核" / "复核表.xlsx")
    following = told(year)[1]
    assert following.startswith("复核表在“") and "perfxl review" not in following


def test_other_stages_have_their_words(year: Path) -> None:
    change(year, none_returned)
    change(year, lambda content: content.update(stage="监控", period="1—7月"))
    lines, following = told(year)
    assert lines["阶段"] == "2022 年度 监控（1—7月）"
    assert lines["报送"].startswith("已受理 3 个")
    assert following.startswith("监控（1—7月）已经全部完成") and "perfxl documents" in following
    # Another period is another command.
    (year / "input" / RETURNED).unlink()
    assert told(year)[1].endswith("请再运行一次 perfxl monitor --period 1—7月")


def test_templates_for_departments_are_no_change_of_lists(year: Path) -> None:
    for name in ("预填模板", "预填模板（绩效运行监控1—7月）"):
        (year / "workbook_templates" / name).mkdir()
        shutil.copy(ROOT / "input" / RETURNED, year / "workbook_templates" / name / "某局.xlsx")
        later(year / "workbook_templates" / name / "某局.xlsx")
    lines, _ = told(year)
    assert "改过的名单方案" not in lines
    assert lines["运行后"] == "没有新的或改过的文件"


def test_a_round_of_targets_waits_for_the_bureau(scheme: Scheme, tmp_path: Path) -> None:
    """Until all is said, saying it is the next step; then come the templates with what was approved."""
    at = scheme_at(scheme, Stage.TARGETS)
    filled(target_document(), at, tmp_path / "input" / "甲.xlsx")
    output = tmp_path / "output" / "目标申报"
    run_folder(tmp_path / "input", output, at, RunOptions(jobs=1, department_books=False))
    lines, following = told(tmp_path)
    assert lines["报送"].startswith("已受理 1 个") and lines["审核"] == "待审核 1 个"
    assert "绩效目标核定表.xlsx”里填意见" in following and following.endswith("perfxl run --stage 目标")
    document = json.loads((output / "run.json").read_text("utf-8"))
    entry = document["departments"][0]
    assert entry["decision"] == "待审核"
    # Nobody has scored anything.
    assert [entry[key] for key in ("rank", "total", "grade", "self_total", "scores")] == [None] * 4 + [[]]
    document["departments"][0]["decision"] = "通过"
    (output / "run.json").write_text(json.dumps(document), "utf-8")
    lines, following = told(tmp_path)
    assert lines["审核"] == "通过 1 个" and "perfxl template --prefilled --stage 监控" in following


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[" * 100_000, b"\xff", b'{"tool": "perfxl 1"}'])
def test_a_broken_result_is_told(content: bytes, year: Path) -> None:
    (year / "output" / "run.json").write_bytes(content)
    lines, following = told(year)
    assert "已损坏" in lines["读不出来"]
    assert following.startswith("重新运行 perfxl run")


def test_half_folders(year: Path, tmp_path: Path) -> None:
    shutil.rmtree(year / "output")
    # Nobody knows yet of what stage they are.
    following = told(year)[1]
    assert following.startswith("运行 perfxl run，给 input 里的 3 个文件评分（")
    assert "目标的运行 perfxl run --stage 目标，监控的运行 perfxl monitor" in following
    shutil.rmtree(year / "input")
    assert "发给各部门" in told(year)[1]
    shutil.rmtree(year / "workbook_templates")
    lines, following = told(year)
    assert lines["收到"] == "没有 input 文件夹" and following.startswith("运行 perfxl template")


@pytest.mark.parametrize("part", ["input", "output", "workbook_templates", "input/甲"])
def test_in_a_folder_of_the_year_it_is_the_year_that_is_told_of(part: str, year: Path) -> None:
    lines, following = told(year / part)
    assert (lines["文件夹"], lines["阶段"]) == (year.as_posix(), "2022 年度 自评")
    assert "发给 1 个部门" in following


def test_a_folder_that_only_stands_in_one_called_input_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "input" / "2023").mkdir(parents=True)
    assert told(tmp_path / "input" / "2023")[0]["文件夹"] == (tmp_path / "input" / "2023").as_posix()


def none_scored(content: dict[str, Any]) -> None:
    content["departments"] = []
    content.update(stage="监控", period="1—9月")


def test_a_run_that_found_nothing_of_its_stage_is_not_done(year: Path) -> None:
    change(year, none_scored)
    following = told(year)[1]
    assert "还没有收到这个阶段的工作簿" in following and "perfxl monitor --period 1—9月" in following


def test_results_without_what_was_sent(year: Path) -> None:
    shutil.rmtree(year / "input")
    lines, following = told(year)
    assert lines["阶段"] == "2022 年度 自评" and "没有 input 文件夹" in following


def test_results_of_another_year_are_told_beside(year: Path) -> None:
    shutil.copytree(ROOT / "examples" / "2021", year / "以前" / "2021")
    lines, _ = told(year)
    assert lines["阶段"].startswith("2022") and lines["其他运行"].startswith("2021 年度 自评")


def test_who_is_missing_does_not_hide_what_waits_for_the_bureau(year: Path) -> None:
    def targets(content: dict[str, Any]) -> None:
        content.update(stage="目标", rostered=True)
        content["departments"] = [
            {"name": "某局", "status": "missing"},
            {"name": "教育局", "status": "scored", "decision": "待审核"},
        ]

    change(year, targets)
    assert "催报 1 个部门；还有 1 个没有审核" in told(year)[1]


def test_the_command(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(year)
    result = CliRunner().invoke(perfxl, ["status"], standalone_mode=False)
    assert result.exception is None and result.return_value == 0
    assert "阶段：2022 年度 自评\n" in result.output and result.output.splitlines()[-1].startswith("下一步：")
    result = CliRunner().invoke(perfxl, ["status", "没有"], standalone_mode=False)
    assert isinstance(result.exception, UsageError)


def test_the_list_that_templates_bring_along_is_no_change_until_it_says_something(year: Path, scheme: Scheme) -> None:
    """`template --roster` for the next stage writes it beside: nothing for this stage to be run again for."""
    bureau = year / "workbook_templates"
    (bureau / "财政核定数.xlsx").unlink()
    write_roster(year / "名录.xlsx", scheme, [{"code": "1", "name": "甲局", "category": scheme.categories[0].name}])
    write_official(bureau / "核定.xlsx", scheme, read_roster(year / "名录.xlsx", scheme))
    later(bureau / "核定.xlsx")
    assert "改过的名单方案" not in told(year)[0]
    book = openpyxl.load_workbook(bureau / "核定.xlsx")
    sheet = book.worksheets[0]
    head = next(cell for rows in sheet.iter_rows() for cell in rows if cell.value == "部门代码")
    sheet.cell(head.row + 1, head.column, "1")
    book.save(bureau / "核定.xlsx")
    later(bureau / "核定.xlsx")
    assert told(year)[0]["改过的名单方案"] == "1 个：核定.xlsx"
