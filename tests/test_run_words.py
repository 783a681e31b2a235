"""The last words of `perfxl run`: who is missing, whose file it is, what came of it; and `--open`."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from perfxl.cli.app import perfxl
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.submission.document import load_document
from tests.books import filled
from tests.desk_folders import ROOT, desk, with_examples
from tests.test_desk_init import filled_roster


@pytest.fixture
def year(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A year's folder, which is where the commands stand."""
    folder = desk(here / "x")
    monkeypatch.chdir(folder)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def run(*more: str) -> Result:
    """`perfxl run` in the folder."""
    result = CliRunner().invoke(perfxl, ["run", "--jobs", "1", *more], standalone_mode=False)
    assert result.exception is None, result.output
    return result


def test_the_missing_are_named_and_beyond_some_are_counted(year: Path, scheme: Scheme) -> None:
    with_examples(year, "示例教育局")
    names = [f"示例第{number}局" for number in range(23)]
    filled_roster(year / "workbook_templates" / "部门名录.xlsx", scheme, *names)
    told = run().output
    line = next(line for line in told.splitlines() if line.startswith("没有报送的："))
    assert all(name in line for name in names[:20]) and not any(name in line for name in names[20:])
    assert line.endswith("另有 3 个，见汇总工作簿的“收件清单”")
    assert "催还没有报送的部门" in told


def test_a_file_is_told_with_its_department(year: Path) -> None:
    with_examples(year, "示例新城街道办事处")
    (year / "input" / "示例新城街道办事处.xlsx").rename(year / "input" / "a.xlsx")
    (year / "input" / "b.xlsx").write_bytes(b"no workbook")
    result = run()
    assert "退回修改：a.xlsx（示例新城街道办事处）  " in result.output
    assert "无法受理：b.xlsx  " in result.output
    assert result.return_value == 3
    assert "结论：评分已完成，有退回或无法受理的：退回修改 1，无法受理 1。" in result.output


def test_the_best_project_is_told_with_its_unit(here: Path) -> None:
    projects, name = load_scheme("xiangmu-2020"), "示例校园信息化建设项目"
    document = load_document(ROOT / "examples" / "documents" / projects.id / f"{name}.json")
    filled(document, projects, here / "input" / "a.xlsx")
    told = run("--scheme", projects.id, "--no-department-books").output
    unit = document["department"]["name"]
    assert [line for line in told.splitlines() if line.startswith("最高") and line.endswith(f"{name}（{unit}）")]


def test_an_empty_folder_is_told(year: Path) -> None:
    assert "结论：“input”里没有可以评分的工作簿。" in run().output


@pytest.mark.skipif(sys.platform != "linux", reason="the opener of Linux")
@pytest.mark.parametrize(
    ("script", "told"), [("exit 0", "已打开："), ("exit 4", "没有自动打开（"), ("sleep 9", "已打开：")]
)
def test_open_hands_the_summary_to_the_system_and_never_fails_the_run(
    script: str, told: str, year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_examples(year, "示例教育局")
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" >"{tmp_path}/opened"\n{script}\n', "utf-8")
    opener.chmod(opener.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{opener.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr("perfxl.cli.opening.PATIENCE", 0.5)
    result = run("--open")
    assert told in result.output and result.return_value == 0
    summary = year / "output" / "2022年度绩效评价汇总.xlsx"
    assert (tmp_path / "opened").read_text("utf-8").strip() == str(summary)


@pytest.mark.parametrize("fails", [OSError("no program"), subprocess.SubprocessError()])
def test_what_cannot_be_opened_is_told(fails: Exception, year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> str:
        raise fails

    with_examples(year, "示例新城街道办事处")
    monkeypatch.setattr("perfxl.cli.opening._opened", refuse)
    result = run("--open")
    assert "没有自动打开" in result.output and "2022年度绩效评价汇总.xlsx" in result.output
    assert result.return_value == 3
