"""The starters for Linux and macOS, run under a terminal as a double click runs them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.desk.starters import LINUX, SYSTEMS, starter_files
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.submission.document import load_document
from perfxl.template.fill import fill_template
from tests.desk_folders import ROOT, desk, filled_roster, in_terminal, python_at, with_examples, without_perfxl

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a terminal of Unix")

AWKWARD = "2022 年 & 100% (!) 'x$HOME`;"
"""What a folder may be called, and a shell would take for something else."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's folder with an awkward name."""
    return desk(tmp_path_factory.mktemp("year") / AWKWARD, LINUX)


def exec_words(line: str, path: str) -> list[str]:
    """The command of an Exec line, read as the specification of desktop entries has it."""
    text = re.sub(r"\\(.)", lambda found: {"s": " ", "n": "\n", "t": "\t"}.get(found[1], found[1]), line)
    words = []
    for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text):
        word = re.sub(r'\\(["`$\\])', r"\1", quoted) if quoted else plain
        words.append(re.sub("%(.)", lambda found: path if found[1] == "k" else "%", word))
    return words


def test_scored_ends_with_the_verdict_and_holds_the_window(year: Path) -> None:
    with_examples(year, "示例教育局")
    shown, status = in_terminal([str(year / "运行评分.sh")], cwd=Path("/"))
    assert status == 0
    assert "结论：收到的全部评分，没有退回：已评分 1。" in shown
    assert "没有自动打开（这里没有图形桌面）" in shown
    assert (year / "output" / "2022年度绩效评价汇总.xlsx").exists()


def test_returned_says_what_comes_next(year: Path) -> None:
    with_examples(year, "示例新城街道办事处")
    shown, status = in_terminal(["sh", str(year / "运行评分.sh")])
    assert status == 3
    assert "退回修改 1" in shown and "退回修改：示例新城街道办事处.xlsx（示例新城街道办事处）" in shown
    assert "下一步：把“output/退回修改”里的文件发回部门" in shown


def test_wrong_use_says_that_nothing_was_done(tmp_path: Path) -> None:
    folder = desk(tmp_path / "x", LINUX)
    (folder / "workbook_templates" / "评分方案.toml").write_text("[scheme]\n", "utf-8")
    shown, status = in_terminal([str(folder / "运行评分.sh")])
    assert status == 2
    assert "错误：" in shown and "结论：没有做成，请先改正。" in shown and "再双击一次“运行评分”" in shown


def test_ctrl_c_ends_the_work_and_leaves_the_window(tmp_path: Path) -> None:
    folder = desk(tmp_path / AWKWARD, LINUX)
    program = tmp_path / "bin" / "perfxl"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n[ $# -eq 1 ] && exit 0\n"
        "trap 'echo 按回车键关闭窗口。; exit 3' INT\necho at work\nsleep 60 & wait\n",
        "utf-8",
    )
    program.chmod(0o755)
    (folder / ".perfxl" / "program.txt").write_text(f"{program}\n", "utf-8")
    shown, status = in_terminal([str(folder / "自动检查.sh")], stopped_at="at work")
    assert status == 3, shown


def test_a_program_that_dies_is_told(tmp_path: Path) -> None:
    folder = desk(tmp_path / AWKWARD, LINUX)
    program = tmp_path / "perfxl"
    program.write_text("#!/bin/sh\n[ $# -eq 1 ] && exit 0\nkill -9 $$\n", "utf-8")
    program.chmod(0o755)
    (folder / ".perfxl" / "program.txt").write_text(f"{program}\n", "utf-8")
    shown, status = in_terminal([str(folder / "运行评分.sh")])
    assert status == 137 and "程序意外停止，原有结果没有改动" in shown


def test_started_by_its_own_name_in_its_own_folder(year: Path) -> None:
    _, status = in_terminal(["sh", "写文书.sh"], cwd=year)
    assert status in (0, 1, 2)


def test_those_for_other_systems_work_on_the_folder_above(year: Path) -> None:
    shown, _ = in_terminal(["sh", str(year / "其他系统" / "macOS" / "生成部门模板.command")])
    assert "没有填好的部门名录" in shown and "再双击一次“生成部门模板”" in shown


@pytest.mark.parametrize(
    ("name", "stage", "result", "first"),
    [
        ("审核目标", "目标", "目标申报/2022年度绩效目标申报汇总.xlsx", "目标清单"),
        ("运行监控", "监控", "运行监控1—7月/2022年度1—7月运行监控汇总.xlsx", "红黄灯清单"),
    ],
)
@pytest.mark.parametrize("inner", ["年初和年中", "其他系统/macOS/年初和年中"])
def test_the_earlier_stages_are_checked_from_their_folder(
    inner: str, name: str, stage: str, result: str, first: str, scheme: Scheme, tmp_path: Path
) -> None:
    folder = desk(tmp_path / AWKWARD, LINUX)
    document = load_document(ROOT / "examples" / "year" / stage / "示例教育局.json")
    fill_template(document, scheme_at(scheme, Stage(stage)), folder / "input" / "甲.xlsx", "甲")
    (starter,) = (path for path in (folder / inner).glob(f"{name}.*") if path.suffix != ".desktop")
    shown, status = in_terminal(["sh", str(starter)], cwd=Path("/"))
    assert status == 0, shown
    assert "结论：收到的全部受理，没有退回：已受理 1。" in shown and f"核对汇总工作簿的“{first}”" in shown
    assert (folder / "output" / result).exists() and not (folder / inner / "output").exists()


def test_templates_of_the_earlier_stages_come_from_the_roster(scheme: Scheme, tmp_path: Path) -> None:
    folder = desk(tmp_path / AWKWARD, LINUX)
    filled_roster(folder / "workbook_templates" / "部门名录.xlsx", scheme, "示例甲局")
    for name, place in (("生成目标模板", "绩效目标申报"), ("生成监控模板", "绩效运行监控1—7月")):
        shown, status = in_terminal([str(folder / "年初和年中" / f"{name}.sh")])
        assert status == 0 and "已生成 1 份预填模板" in shown, shown
        assert "结论：预填模板做好了。" in shown and "收回的放进 input" in shown
        assert (folder / "workbook_templates" / f"预填模板（{place}）" / "示例甲局.xlsx").exists()


def test_last_year_stands_beside_and_a_review_is_asked_for_in_the_window(tmp_path: Path) -> None:
    folder = with_examples(desk(tmp_path / AWKWARD, LINUX), "示例教育局", "示例民政局", "示例水务局")
    shown, status = in_terminal([str(folder / "制作复核表.sh")])
    assert status == 2 and "双击“运行评分”" in shown and "再双击一次“制作复核表”" in shown
    shutil.copytree(ROOT / "examples" / "2021", folder / "上年结果" / "2021" / "output")
    shown, status = in_terminal([str(folder / "运行评分.sh")])
    assert status == 0 and "与 2021 年度的结果对比" in shown, shown
    asked = [("复核：", "99.5"), ("复核：", "没有的局"), ("复核：", "示例教育局、示例水务局")]
    shown, status = in_terminal([str(folder / "制作复核表.sh")], answers=asked)
    assert status == 0 and "“99.5”不对。请写个数" in shown and "“没有的局”不在上次运行" in shown, shown
    assert "要复核的部门 2 个" in shown and "--" not in shown.split("复核表做好了")[0].split("已评分的共")[1]
    assert "再双击“运行评分”一次" in shown and "perfxl" not in shown
    book = load_workbook(folder / "output" / "复核" / "复核表.xlsx")
    heads = {str(cell.value).replace("\n", "") for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "上年得分" in heads


def test_nobody_is_told_to_type_a_command(tmp_path: Path) -> None:
    folder = with_examples(desk(tmp_path / "x", LINUX), "示例教育局")
    shown, _ = in_terminal([str(folder / "查看进度.sh")])
    said = re.sub(r"\x1b\[[0-9;]*m|[│\s]", "", shown)
    # Lines are full: a sentence without blanks does not begin on a line of its own.
    assert "双击“运行评分”，给 input 里的 1 个文件评分（" in shown
    assert "双击“运行评分”，给input里的1个文件评分" in said and "“年初和年中”里的“审核目标”" in said
    assert "perfxl" not in said


def test_how_far_the_year_is_stays_in_the_window(year: Path) -> None:
    shown, status = in_terminal([str(year / "查看进度.sh")])
    assert status == 0 and "最近运行" in shown and "下一步" in shown


def test_a_year_within_that_of_another_is_not_taken_for_it(tmp_path: Path) -> None:
    other = desk(tmp_path / "2021", LINUX)
    filled_roster(other / "workbook_templates" / "部门名录.xlsx", load_scheme(), "示例甲局")
    own = desk(other / "2022", LINUX)
    (own / "workbook_templates").rmdir()
    for starter in (own / "生成部门模板.sh", own / "年初和年中" / "生成目标模板.sh"):
        shown, status = in_terminal([str(starter)])
        assert status in (1, 2) and "已生成" not in shown
    assert {path.name for path in (other / "workbook_templates").iterdir()} == {"部门名录.xlsx"}


def test_where_perfxl_is_not_there_it_says_what_to_do(year: Path, tmp_path: Path) -> None:
    record = year / ".perfxl" / "program.txt"
    before = record.read_bytes()
    for content in (b"", b"/no/such/python\n", f"{tmp_path}\n".encode()):
        record.write_bytes(content)
        shown, status = in_terminal([str(year / "运行评分.sh")], without_perfxl(tmp_path))
        assert status == 1 and "没有找到 perfxl" in shown and "安装" in shown
        for link in (tmp_path / "tools").iterdir():
            link.unlink()
    record.write_bytes(before)


@pytest.mark.parametrize(
    "place",
    [".local/share/perfxl/perfxl-venv", "Library/Application Support/perfxl/perfxl-venv", f"{AWKWARD}/.venv"],
)
def test_it_looks_where_the_installers_put_it(place: str, tmp_path: Path) -> None:
    folder = desk(tmp_path / AWKWARD, LINUX)
    (folder / ".perfxl" / "program.txt").unlink()
    python_at(tmp_path / place / "bin" / "python")
    more = {name: value for name, value in without_perfxl(tmp_path).items() if name != "PYTHONPATH"}
    shown, _ = in_terminal([str(folder / "生成部门模板.sh")], more)
    assert "没有填好的部门名录" in shown


@pytest.mark.parametrize("how", ["path", "address", "not told"])
def test_a_desktop_entry_starts_the_script_beside_it_wherever_it_stands(how: str, year: Path) -> None:
    entry = year / "生成部门模板.desktop"
    keys = dict(line.split("=", 1) for line in entry.read_text("utf-8").splitlines()[1:])
    assert keys["Terminal"] == "true" and keys["Type"] == "Application" and keys["Name"] == "生成部门模板"
    told = {"path": str(entry), "address": entry.as_uri(), "not told": ""}[how]
    words = [word for word in exec_words(keys["Exec"], told) if word]
    shown, status = in_terminal(words, cwd=Path("/") if told else year)
    assert status == 2 and "再双击一次“生成部门模板”" in shown


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_double_clicked_may_be_executed(system: str, tmp_path: Path) -> None:
    folder = desk(tmp_path / "x", system)
    for file in starter_files((system,)):
        mode = (folder / file.path).stat().st_mode
        assert bool(mode & 0o100) == file.executable == (not file.path.endswith(".bat"))


def test_scripts_are_plain_shell(year: Path) -> None:
    for path in year.glob("*.sh"):
        assert b"\r" not in path.read_bytes() and path.read_bytes().startswith(b"#!/bin/sh\n")
        subprocess.run(["sh", "-n", shlex.quote(path.name).strip("'")], cwd=year, check=True)
