"""Nothing that a person wrote is removed or written over: not by a run, not by fill, read and scheme export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perfxl.results.kept_results import DETAILS
from perfxl.results.manifest import results_of
from perfxl.run import publish
from perfxl.run.lock import LOCK
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.scheme.model import Scheme
from tests.books import filled, put
from tests.findings import clean_document
from tests.test_publish import hold_open, make_batch
from tests.test_run import perfxl

SUMMARY = "2022年度绩效评价汇总.xlsx"


def run(folder: Path, scheme: Scheme) -> RunReport:
    return run_folder(folder / "in", folder / "out", scheme, RunOptions(jobs=1))


def put_own(folder: Path, *names: str) -> None:
    """Files of a clerk in the output folder, each with its name as content."""
    for name in names:
        path = folder / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def own(folder: Path) -> dict[str, str]:
    """The clerk's files that stand in the output folder, and what is in them."""
    found = {}
    for path in folder.rglob("*"):
        if path.name == LOCK:
            continue
        if path.is_file() and path.stat().st_size < 200:
            found[path.relative_to(folder / "out").as_posix()] = path.read_text()
    return found


@pytest.fixture
def folder(scheme: Scheme, tmp_path: Path) -> Path:
    """Results of one run with a returned workbook, and a second input with other departments."""
    make_batch(scheme, tmp_path / "in", ["甲局", "乙局"])
    run(tmp_path, scheme)
    for path in (tmp_path / "in").iterdir():
        path.unlink()
    make_batch(scheme, tmp_path / "in", ["丙局", "乙局"], returned=False)
    return tmp_path


OWN = ("部门结果/我的备注.xlsx", "部门结果/子文件夹/说明.docx", "退回修改/领导批示.docx", "通知.docx")


def test_files_of_a_clerk_stay(folder: Path, scheme: Scheme) -> None:
    put_own(folder, *OWN)
    report = run(folder, scheme)
    assert own(folder) == {name: name for name in OWN} and not report.kept
    assert sorted(path.name for path in (folder / "out" / "部门结果").glob("*.xlsx")) == [
        "丙局.xlsx", "乙局.xlsx", "我的备注.xlsx",
    ]  # fmt: skip
    assert [path.name for path in (folder / "out" / "退回修改").iterdir()] == ["领导批示.docx"]
    run(folder, scheme)
    assert own(folder) == {name: name for name in OWN}


@pytest.mark.parametrize("name", ["部门结果/丙局.xlsx", SUMMARY, "run.json"])
def test_a_file_in_the_place_of_a_result_gets_another_name(name: str, scheme: Scheme, tmp_path: Path) -> None:
    make_batch(scheme, tmp_path / "in", ["丙局"], returned=False)
    put_own(tmp_path, name)
    done = perfxl("run", tmp_path / "in", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    ((new, content),) = own(tmp_path).items()
    assert content == name and new != name and "（原有 " in new
    assert Path(new).name in done.stdout and "保留" in done.stdout
    assert (tmp_path / "out" / name).stat().st_size > 1_000
    assert perfxl("run", tmp_path / "in", "-o", tmp_path / "out").returncode == 0
    assert own(tmp_path) == {new: name}


def test_a_file_or_link_in_the_place_of_a_folder_gets_another_name(scheme: Scheme, tmp_path: Path) -> None:
    make_batch(scheme, tmp_path / "in", ["乙局", "丙局"])
    put_own(tmp_path, "部门结果")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "丙局.xlsx").write_text("mine")
    (tmp_path / "out" / "退回修改").symlink_to(tmp_path / "elsewhere")
    report = run(tmp_path, scheme)
    assert set(report.kept) == {"部门结果", "退回修改"}
    assert (tmp_path / "elsewhere" / "丙局.xlsx").read_text() == "mine"
    assert (tmp_path / "out" / "部门结果" / "丙局.xlsx").is_file()


def test_results_without_a_run_json_are_no_ones(folder: Path, scheme: Scheme) -> None:
    (folder / "out" / "run.json").unlink()
    report = run(folder, scheme)
    assert {"乙局.xlsx", SUMMARY, DETAILS} == set(report.kept)
    assert (folder / "out" / "暂定结果" / "甲局.xlsx").exists()


def test_a_run_json_of_before_names_its_results_by_the_departments(folder: Path, scheme: Scheme) -> None:
    path = folder / "out" / "run.json"
    told = json.loads(path.read_text("utf-8"))
    del told["results"]
    (folder / "out" / DETAILS).unlink()
    path.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    put_own(folder, "部门结果/我的备注.xlsx")
    report = run(folder, scheme)
    assert not report.kept
    names = {path.name for path in (folder / "out" / "部门结果").iterdir()}
    assert names == {"丙局.xlsx", "乙局.xlsx", "我的备注.xlsx"}


def test_run_json_names_everything_that_a_run_wrote(folder: Path, scheme: Scheme) -> None:
    put_own(folder, "部门结果/我的备注.xlsx")
    run(folder, scheme)
    told = json.loads((folder / "out" / "run.json").read_text("utf-8"))
    departments = ["部门结果/丙局.xlsx", "部门结果/乙局.xlsx"]
    assert told["results"] == sorted(["run.json", DETAILS, "往来登记.xlsx", SUMMARY, *departments])


def test_what_is_held_open_is_still_known_as_a_result(
    folder: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And removed by the next run: the other name of a new result, an old one that could not be removed."""
    put_own(folder, "部门结果/我的备注.xlsx")
    output = folder / "out"
    with monkeypatch.context() as patch:
        hold_open(patch, output / "部门结果" / "乙局.xlsx")
        hold_open(patch, output / "暂定结果" / "甲局.xlsx")
        report = run(folder, scheme)
    (other,) = report.renamed.values()
    assert {f"部门结果/{other}", "暂定结果/甲局.xlsx"} <= set(results_of(output / "run.json", ()))
    assert own(folder) == {"部门结果/我的备注.xlsx": "部门结果/我的备注.xlsx"}
    run(folder, scheme)
    assert {path.name for path in (output / "部门结果").iterdir()} == {"丙局.xlsx", "乙局.xlsx", "我的备注.xlsx"}


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("moment", range(12))
def test_a_kill_between_renames_loses_nothing(
    moment: int, held: bool, folder: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """held: a workbook is open, so that files are replaced one by one; it is closed before the next run."""
    put_own(folder, *OWN, "部门结果/丙局.xlsx")
    output, calls = folder / "out", 0
    with monkeypatch.context() as patch:
        for name in ("rename", "replace"):
            real = getattr(Path, name)

            def counted(self: Path, target: Path, real: Any = real) -> Path:
                nonlocal calls
                calls += 1
                if calls > moment:
                    raise KeyboardInterrupt
                return Path(real(self, target))

            patch.setattr(Path, name, counted)
        if held:
            hold_open(patch, output / "部门结果" / "乙局.xlsx")
        try:
            run(folder, scheme)
        except KeyboardInterrupt:
            assert calls > moment
    publish.recover(output)
    kept = own(folder)
    assert sorted(kept.values()) == sorted([*OWN, "部门结果/丙局.xlsx"])
    assert not [path for path in output.iterdir() if path.name.startswith(".perfxl") and path.name != LOCK]
    told = json.loads((output / "run.json").read_text("utf-8"))
    for name in told["results"]:
        assert (output / name).is_file(), name
    if moment:
        assert {item["name"] for item in told["departments"]} == {"丙局", "乙局"}
        books = {path.name for path in (output / "部门结果").glob("*.xlsx") if path.stat().st_size > 200}
        assert {"丙局.xlsx", "乙局.xlsx"} <= books and "甲局.xlsx" not in books


# Input and output.


def test_input_and_output_are_not_one_folder(scheme: Scheme, tmp_path: Path) -> None:
    make_batch(scheme, tmp_path / "in", ["甲局"], returned=False)
    (tmp_path / "link").symlink_to(tmp_path / "in")
    before = sorted(tmp_path.rglob("*"))
    for one, other in (("in", "in"), ("in", "./in/../in"), ("link", "in"), ("in", "link"), (tmp_path / "in", "in")):
        done = perfxl("run", one, "-o", other, cwd=tmp_path)
        assert done.returncode == 2 and "同一个文件夹" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert perfxl("run", "in", "-o", "in/out", cwd=tmp_path).returncode == 0
    for within in ("部门结果", "退回修改", "退回修改/子"):
        (tmp_path / "in" / "out" / within).mkdir(parents=True, exist_ok=True)
        done = perfxl("run", f"in/out/{within}", "-o", "link/out", cwd=tmp_path)
        assert done.returncode == 2 and "结果文件夹" in done.stderr


# fill, read, scheme export.


@pytest.fixture
def two_sources(scheme: Scheme, tmp_path: Path) -> Path:
    for place, name in (("a", "x"), ("b", "X"), ("c", "x")):
        document = clean_document(put("department.name", place))
        filled(document, scheme, tmp_path / place / f"{name}.xlsx")
        (tmp_path / place / f"{name}.json").write_text(json.dumps(document), "utf-8")
    return tmp_path


def test_each_source_has_a_file_of_its_own(two_sources: Path) -> None:
    done = perfxl("read", "a/x.xlsx", "b/X.xlsx", "c/x.xlsx", "-o", "out", cwd=two_sources)
    assert done.returncode == 0, done.stderr
    made = {
        path.name: json.loads(path.read_text("utf-8"))["department"]["name"] for path in (two_sources / "out").iterdir()
    }
    assert made == {"x.json": "a", "X(2).json": "b", "x(3).json": "c"}
    assert "“b/X.xlsx”：out/X(2).json" in done.stdout
    done = perfxl("fill", "a/x.json", "b/X.json", "-o", "books", cwd=two_sources)
    assert sorted(path.name for path in (two_sources / "books").iterdir()) == ["X(2).xlsx", "x.xlsx"]
    assert "“b/X.json”：books/X(2).xlsx" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("fill", "a/x.json", "-o", "out"), "out/x.xlsx"),
        (("read", "a/x.xlsx", "-o", "out"), "out/x.json"),
        (("scheme", "export", "-o", "out/方案.xlsx"), "out/方案.xlsx"),
        (("scheme", "export", "-o", "out/方案.toml"), "out/方案.toml"),
    ],
)
def test_nothing_is_written_over_unasked(arguments: tuple[str, ...], name: str, two_sources: Path) -> None:
    assert perfxl(*arguments, cwd=two_sources).returncode == 0
    path = two_sources / name
    data = path.read_bytes()
    assert perfxl(*arguments, cwd=two_sources).returncode == 0, "the same bytes are no loss"
    path.write_text("mine")
    done = perfxl(*arguments, cwd=two_sources)
    assert done.returncode == 2 and path.read_text() == "mine"
    assert Path(name).name in done.stderr and "--force" in done.stderr
    assert perfxl(*arguments, "--force", cwd=two_sources).returncode == 0
    assert path.read_bytes() == data
    assert list(path.parent.iterdir()) == [path]
