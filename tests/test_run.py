"""The main job through its command: every file accounted for, results in place, exit status as contracted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.scheme.model import Scheme
from tests.books import edited, filled, put
from tests.oracle import score_document
from tests.strategies import make_document

SUMMARY = "2022年度绩效评价汇总.xlsx"
SHEETS = ["总览", "排名", "得分矩阵", "扣分明细", "指标分析", "问题清单", "收件清单"]


def perfxl(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The real command, as a user calls it."""
    return subprocess.run(
        [sys.executable, "-m", "perfxl", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False,
    )  # fmt: skip


def manifest(output: Path) -> dict[str, Any]:
    return dict(json.loads((output / "run.json").read_text("utf-8")))


@pytest.mark.slow
def test_scores_agree_with_the_oracle(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    wanted = {}
    for seed in range(60):
        document = make_document(seed, scheme_table)
        filled(document, scheme, tmp_path / "in" / f"{seed}.xlsx")
        wanted[f"{seed}.xlsx"] = score_document(document, scheme_table)
    done = perfxl("run", tmp_path / "in", "-o", tmp_path / "out")
    run = manifest(tmp_path / "out")
    # Amounts drawn one by one may look as if some were in 元.
    assert {item["code"] for item in run["findings"] if item["severity"] == "error"} <= {"E211"}
    assert done.returncode == (3 if any(item["status"] != "scored" for item in run["departments"]) else 0), done.stderr
    assert len(run["departments"]) == 60
    for department in run["departments"]:
        expected = wanted[department["file"]]
        assert department["total"] == f"{expected['total']:.2f}"
        assert department["grade"] == expected["grade"]
        assert department["near_threshold"] == expected["near"]
        for score in department["scores"]:
            mine = expected["scores"][score["indicator"]]
            assert score["score"] == f"{mine['accepted']:.2f}"
            assert score["computed"] == (None if mine["computed"] is None else f"{mine['computed']:.2f}")
    scored = [department for department in run["departments"] if department["status"] == "scored"]
    assert len(scored) > 45
    totals = [float(department["total"]) for department in scored]
    assert [department["rank"] for department in scored] == [
        1 + sum(other > total for other in totals) for total in totals
    ]


@pytest.fixture
def mixed(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> Path:
    """A folder with a good workbook, a faulty one, a broken one and what comes along with them."""
    folder = tmp_path / "in"
    filled(case["submission"], scheme, folder / "科协.xlsx")
    wrong = edited(
        case["submission"],
        put("department.code", "440118002"), put("department.name", "示例局"), put("facts.contracts_total", None),
    )  # fmt: skip
    filled(wrong, scheme, folder / "分局" / "示例局.xlsx")
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "~$科协.xlsx").write_bytes(b"\x05Zhang")
    (folder / "说明.docx").write_bytes(b"PK")
    return folder


def test_one_broken_file_costs_one_file(mixed: Path, tmp_path: Path) -> None:
    done = perfxl("run", mixed, "-o", tmp_path / "out")
    assert done.returncode == 3
    run = manifest(tmp_path / "out")
    assert {file["path"]: file["status"] for file in run["files"]} == {
        "科协.xlsx": "scored",
        "分局/示例局.xlsx": "returned",
        "坏.xlsx": "rejected",
        "~$科协.xlsx": "ignored",
        "说明.docx": "ignored",
    }
    assert all(file["reason"] for file in run["files"] if file["status"] != "scored")
    ranks = {department["name"]: department["rank"] for department in run["departments"]}
    assert ranks == {"广州市增城区科学技术协会": 1, "示例局": None}
    for words in ("已评分 1", "退回修改 1", "无法受理 1", "坏.xlsx", "96.45"):
        assert words in done.stdout


@pytest.mark.slow
def test_the_results_stand_where_the_contract_says(mixed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    perfxl("run", mixed, "-o", out)
    assert {"run.json", SUMMARY, "部门结果"} <= {path.name for path in out.iterdir()}
    assert [path.name for path in (out / "部门结果").iterdir()] == ["广州市增城区科学技术协会.xlsx"]
    assert [path.name for path in (out / "暂定结果").iterdir()] == ["示例局.xlsx"]
    register = ["往来登记", "催报清单"]
    assert load_workbook(out / SUMMARY).sheetnames == [*SHEETS, *register, "广州市增城区科学技术协会", "示例局"]


@pytest.mark.slow
def test_the_same_input_gives_the_same_results(mixed: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        perfxl("run", mixed, "-o", tmp_path / name)
    one, two = (manifest(tmp_path / name) for name in ("one", "two"))
    for run in (one, two):
        run.pop("started"), run.pop("seconds")
    assert one == two


@pytest.mark.slow
def test_workers_and_working_alone_give_the_same(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    for seed in range(45):
        filled(make_document(seed, scheme_table), scheme, tmp_path / "in" / f"{seed}.xlsx")
    runs = []
    for jobs in ("1", "2"):
        done = perfxl("run", tmp_path / "in", "-o", tmp_path / jobs, "--jobs", jobs)
        assert done.returncode in (0, 3), done.stderr
        run = manifest(tmp_path / jobs)
        run.pop("started"), run.pop("seconds")
        runs.append(run)
    assert runs[0] == runs[1]


@pytest.mark.slow
def test_no_input_file_is_touched(mixed: Path, tmp_path: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in mixed.rglob("*") if path.is_file()}
    perfxl("run", mixed, "-o", tmp_path / "out")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in mixed.rglob("*") if path.is_file()} == before


def test_the_newest_workbook_of_a_department_counts(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    old = edited(case["submission"], put("department.filled_on", "2023-03-01"), put("scores.A01.self", "18"),
                 put("scores.A01.reason", "酌情扣减"))  # fmt: skip
    filled(edited(case["submission"], put("department.filled_on", "2023-03-20")), scheme, folder / "a新.xlsx")
    filled(old, scheme, folder / "b旧.xlsx")
    shutil.copy(folder / "a新.xlsx", folder / "c同.xlsx")
    done = perfxl("run", folder, "-o", tmp_path / "out")
    run = manifest(tmp_path / "out")
    assert [department["total"] for department in run["departments"]] == ["96.45"]
    statuses = {file["path"]: (file["status"], file["reason"]) for file in run["files"]}
    assert sorted(status for status, _ in statuses.values()) == ["duplicate", "scored", "superseded"]
    assert statuses["b旧.xlsx"][0] == "superseded" and "2023-03-20" in statuses["b旧.xlsx"][1]
    assert any("完全相同" in reason for _, reason in statuses.values())
    assert done.returncode == 0


def test_an_empty_folder_ends_well(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    done = perfxl("run", tmp_path / "in", "-o", tmp_path / "out")
    assert done.returncode == 0
    assert manifest(tmp_path / "out")["files"] == []


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["run", "nowhere"], 2, "没有文件夹"),
        (["run", "--scheme", "nosuch"], 2, "方案"),
        (["rnu"], 2, "没有命令"),
        (["run", "--nosuch"], 2, "没有选项"),
        (["check", "nowhere.xlsx"], 2, "没有文件"),
        (["read", "nowhere.xlsx"], 3, "打不开"),
    ],
)
def test_wrong_use_is_told_in_chinese(arguments: list[str], status: int, words: str, tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    done = perfxl(*arguments, cwd=tmp_path)
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scheme_with_faults_scores_nothing(scheme: Scheme, mixed: Path, tmp_path: Path) -> None:
    from perfxl.scheme import dump_toml

    broken = tmp_path / "broken.toml"
    broken.write_text(dump_toml(scheme).replace("points = 50", "points = 49", 1), "utf-8")
    done = perfxl("run", mixed, "-o", tmp_path / "out", "--scheme", broken)
    assert done.returncode == 2
    assert "第" in done.stderr and "行" in done.stderr
    assert not (tmp_path / "out" / "run.json").exists()


def test_check_prints_findings_and_writes_nothing(mixed: Path) -> None:
    before = sorted(mixed.rglob("*"))
    done = perfxl("check", mixed / "分局" / "示例局.xlsx")
    assert done.returncode == 3
    assert "E101" in done.stdout and "采购合同总数" in done.stdout
    assert perfxl("check", mixed / "科协.xlsx").returncode == 0
    assert sorted(mixed.rglob("*")) == before


@pytest.mark.parametrize("command", [[], ["run"], ["template"], ["check"], ["fill"], ["read"], ["scheme"]])
def test_help_is_chinese_and_light(command: list[str]) -> None:
    code = (
        "import sys; from perfxl.cli.app import main; sys.argv = ['perfxl', *sys.argv[1:]]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('pandas', 'xlsxwriter', 'openpyxl', 'rich', 'python_calamine') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command, "--help"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "用法：" in done.stdout and "选项：" in done.stdout
    assert "Usage" not in done.stdout and "Show this" not in done.stdout
    assert done.stdout.rstrip().endswith("[]")
