"""Last year's results in the folder 上年结果: a run takes them by itself, and nothing there stops it."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from perfxl.cli.app import perfxl
from perfxl.run.standing_years import EXPLANATION, manifests_in
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.submission.document import load_document
from perfxl.template.fill import fill_template
from perfxl.yearfolder.state import state_of
from perfxl.yearfolder.ways import Ways
from tests.test_status import TODAY
from tests.watches import stepped

ROOT = Path(__file__).parent.parent
LAST_YEAR = ROOT / "examples" / "2021"
PREVIOUS = "上年结果"
MOVED = "示例水务局"
FEW = ("--jobs", "1", "--no-department-books", "--summary-sheets", "0")


@pytest.fixture
def year(here: Path) -> Path:
    """A year's folder, the current one, with a workbook."""
    (here / "input").mkdir()
    shutil.copy(ROOT / "input" / f"{MOVED}.xlsx", here / "input")
    (here / PREVIOUS).mkdir()
    (here / PREVIOUS / EXPLANATION).write_text("x", "utf-8")
    return here


def called(*arguments: str) -> Result:
    return CliRunner().invoke(perfxl, list(arguments), standalone_mode=False)


def ran(*arguments: str) -> Result:
    result = called("run", *FEW, *arguments)
    assert result.exception is None, result.output
    return result


def document(output: str = "output") -> dict[str, Any]:
    found = json.loads(Path(output, "run.json").read_text("utf-8"))
    return {key: value for key, value in found.items() if key not in ("started", "seconds", "run", "register")}


def codes(output: str = "output") -> set[str]:
    return {item["code"] for item in document(output)["findings"]}


def of_year(folder: Path, year: int, **more: Any) -> None:
    """Results of another year there."""
    folder.mkdir(parents=True)
    results = json.loads((LAST_YEAR / "run.json").read_text("utf-8"))
    (folder / "run.json").write_text(json.dumps({**results, "year": year, **more}), "utf-8")


@pytest.mark.parametrize("place", [".", "2021", "2021年度绩效评价/output", "解压/2021年度绩效评价/output"])
def test_what_stands_there_is_compared_with_as_if_it_were_named(place: str, year: Path) -> None:
    shutil.copytree(LAST_YEAR, year / PREVIOUS / place, dirs_exist_ok=True)
    assert "与 2021 年度的结果对比" in ran().output
    assert "W672" in codes()
    ran("-o", "named", "--previous", str(Path(PREVIOUS, place)))
    assert document() == document("named")


def test_nothing_there_is_nothing_said(year: Path) -> None:
    assert PREVIOUS not in ran().output and "W672" not in codes()
    shutil.rmtree(year / PREVIOUS)
    assert PREVIOUS not in ran().output


def test_what_cannot_be_used_is_told_and_stops_nobody(year: Path, scheme: Scheme) -> None:
    place = year / PREVIOUS
    of_year(place / "今年", scheme.year)
    of_year(place / "监控", 2021, stage="监控")
    (place / "坏的").mkdir()
    (place / "坏的" / "run.json").write_bytes(b'{"tool": "perfxl 0.1"')
    shutil.copytree(LAST_YEAR, place / "好的")
    shutil.copytree(LAST_YEAR, place / "好的 (2)")
    said = ran().output
    for words in (
        "不能作为以前年度的结果",
        "不是自评的",
        "读不出来",
        "请只写其中一个",
        "与 2021 年度的结果对比：上年结果/好的",
    ):
        assert words in said
    assert "W672" in codes()
    # Whoever names one wants it.
    assert called("run", *FEW, "--previous", str(place / "坏的")).exception is not None


def test_what_is_there_without_results_is_told(year: Path) -> None:
    with zipfile.ZipFile(year / PREVIOUS / "2021.zip", "w") as archive:
        archive.write(LAST_YEAR / "run.json", "run.json")
    said = ran().output
    assert "没有上年的结果" in said and "压缩包先解压" in said


def test_what_others_sent_in_a_copied_year_says_nothing(year: Path) -> None:
    for inner in ("input", "workbook_templates", PREVIOUS):
        shutil.copytree(LAST_YEAR, year / PREVIOUS / "2021年度绩效评价" / inner)
    assert manifests_in(year / PREVIOUS) == []
    ran()
    assert "W672" not in codes()


def test_each_of_several_years_is_compared_with(year: Path) -> None:
    shutil.copytree(LAST_YEAR, year / PREVIOUS / "b")
    of_year(year / PREVIOUS / "a", 2020)
    said = ran().output
    assert said.index("与 2021 年度的结果对比") < said.index("与 2020 年度的结果对比")


def test_other_stages_compare_with_nothing(year: Path, scheme: Scheme) -> None:
    shutil.copytree(LAST_YEAR, year / PREVIOUS / "x")
    for stage, command in (("目标", ("run", "--stage", "目标")), ("监控", ("monitor",))):
        given = load_document(ROOT / "examples" / "year" / stage / "示例教育局.json")
        fill_template(given, scheme_at(scheme, Stage(stage)), year / "input" / f"{stage}.xlsx", "甲")
        result = called(*command, *FEW)
        assert result.exception is None and "对比" not in result.output


def test_it_stands_in_the_review_workbook(year: Path) -> None:
    shutil.copytree(LAST_YEAR, year / PREVIOUS / "x")
    ran()
    asked = called("review", "--ask")
    # Nobody can be asked here: all are taken.
    assert asked.exception is None and "与 2021 年度的结果对比" in asked.output and "部门 1 个" in asked.output
    by_itself = (year / "output" / "复核" / "复核表.xlsx").read_bytes()
    shutil.rmtree(year / "output" / "复核")
    assert called("review", "--previous", str(LAST_YEAR)).exception is None
    assert (year / "output" / "复核" / "复核表.xlsx").read_bytes() == by_itself
    shutil.rmtree(year / "output" / "复核")
    shutil.rmtree(year / PREVIOUS)
    assert called("review").exception is None
    assert (year / "output" / "复核" / "复核表.xlsx").read_bytes() != by_itself


def test_it_is_not_taken_for_how_this_year_stands(year: Path) -> None:
    shutil.copytree(LAST_YEAR, year / PREVIOUS / "2021年度绩效评价" / "output")
    before = state_of(year, TODAY, Ways(clicked=True))
    lines = dict(before.lines)
    assert lines["阶段"] == "还没有运行结果" and before.following.startswith(
        "双击“运行评分”，给 input 里的 1 个文件评分"
    )
    assert lines[PREVIOUS] == "2021 年度，上年结果/2021年度绩效评价/output" and "其他运行" not in lines
    ran()
    assert dict(state_of(year, TODAY).lines)["阶段"] == "2022 年度 自评"
    shutil.rmtree(year / PREVIOUS / "2021年度绩效评价")
    assert "没有放" in dict(state_of(year, TODAY).lines)[PREVIOUS]


def test_a_watch_takes_it_as_soon_as_it_is_there(year: Path) -> None:
    with stepped(Path("input"), Path("output")) as watch:
        assert "W672" not in codes()
        shutil.copytree(LAST_YEAR, year / PREVIOUS / "x")
        watch.until(lambda: "W672" in codes())
        assert watch.lines.of("上年结果有改动") and not watch.lines.of("run.json")
        watch.assert_as_one_run()
        shutil.rmtree(year / PREVIOUS / "x")
        watch.until(lambda: "W672" not in codes())
