"""Files that end, hold or fill the process that reads them: each costs itself and nothing else."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from perfxl.errors import UsageError
from perfxl.intake.discover import Found, discover
from perfxl.intake.submission import take_in
from perfxl.layout import layout_of
from perfxl.lists.roster import read_roster
from perfxl.lists.table import read_list
from perfxl.official import Authority
from perfxl.processes import Tell, end_calling
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.run import pipeline
from perfxl.run.details import Packed
from perfxl.run.lock import LOCK, only_run
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.publish import STAGING
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import filled, process, put
from tests.findings import clean_document, patch_part
from tests.folders import findings_on, records, run_batch, zipped
from tests.test_processes import DEEDS, END, RAISE, WAIT

SECONDS = 3
GOOD = 100
READ = pipeline._process
NOBODY = 65534


def misbehaving(
    files: Sequence[Found], tell: Tell, *, schemes: Sequence[Scheme], limits: Limits, authorities: Sequence[Authority]
) -> list[Packed]:
    """Reads as a run does, but that the names of some files come true."""

    def told(number: int) -> None:
        tell(number)
        deed = files[number].path.stem.rpartition("-")[2] if number < len(files) else ""
        if deed in DEEDS:
            DEEDS[deed]()

    return READ(files, told, schemes=schemes, limits=limits, authorities=authorities)


def department(number: int) -> list[object]:
    return [put("department.code", f"{440118000 + number}"), put("department.name", f"第{number}号示例单位")]


@pytest.fixture(scope="module")
def good(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    for number in range(GOOD):
        filled(clean_document(*department(number)), scheme, folder / f"{number:03}.xlsx")  # type: ignore[arg-type]
    return folder


def run(folder: Path, scheme: Scheme, jobs: int) -> Batch:
    options = RunOptions(jobs=jobs, limits=Limits(seconds=SECONDS), department_sheets=0, department_books=False)
    return run_folder(folder, folder.with_name("out"), scheme, options).batch


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_good_files_are_scored_beside_guilty_ones(
    jobs: int, good: Path, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "_process", misbehaving)
    folder = tmp_path / "in"
    shutil.copytree(good, folder)
    book = (folder / "000.xlsx").read_bytes()
    # Among the others, not behind them.
    guilty = [f"{number * 13:03}-{deed}" for number, deed in enumerate([END] * 4 + [WAIT, RAISE, "eats"])]
    for name in guilty:
        (folder / f"{name}.xlsx").write_bytes(book)
    batch = run(folder, scheme, jobs)
    found = records(batch)
    lost = {name for name, record in found.items() if record.status is Status.REJECTED}
    assert lost == {f"{name}.xlsx" for name in guilty}
    assert sum(record.status is Status.SCORED for record in found.values()) == GOOD
    assert len(found) == GOOD + len(guilty)
    for name, words in (
        (END, "异常终止"), (WAIT, f"超过 {SECONDS} 秒（秒数）"), (RAISE, "ZeroDivisionError"), ("eats", "内存过多"),
    ):  # fmt: skip
        record = next(record for path, record in found.items() if path.endswith(f"-{name}.xlsx"))
        assert words in record.reason and "空白模板" in record.reason
        assert record.sha256 and record.bytes == len(book)
        assert [item.code for item in findings_on(batch, record.path)] == ["F108"]


def counted(path: Path, _scheme: Scheme) -> Path:
    """A workbook whose shared strings say that they are four thousand million."""

    def change(xml: bytes) -> bytes:
        start, _, rest = xml.partition(b"<sst ")
        return start + b'<sst uniqueCount="4294967295" ' + rest.replace(b'uniqueCount="', b'x="', 1)

    patch_part(path, "xl/sharedStrings.xml", change)
    return path


def test_a_count_that_is_not_true_is_not_believed(scheme: Scheme, tmp_path: Path) -> None:
    """What ended a parser that made room for as many texts as a file says is read as what it holds."""
    counted(filled(clean_document(), scheme, tmp_path / "in" / "a.xlsx"), scheme)
    assert records(run_batch(tmp_path / "in", scheme))["a.xlsx"].status is Status.SCORED


# Pipes and devices.

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@needs_pipes
def test_a_file_that_becomes_a_pipe_after_it_was_found(scheme: Scheme, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    os.mkfifo(tmp_path / "a.zip")
    for found in (Found(tmp_path / "a.xlsx", "a.xlsx"), Found(tmp_path / "a.zip", "a.zip/b.xlsx", "b.xlsx")):
        intake = take_in(found, layout_of(scheme), Limits())
        assert intake.refusal is not None and intake.refusal.code == "F107"
        assert "不是普通文件" in intake.refusal.reason


@needs_pipes
def test_pipes_in_the_folder_do_not_stop_anything(scheme: Scheme, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.zip", "c", "~$d.xlsx", "e.pdf"):
        os.mkfifo(tmp_path / name)
    assert {item.shown: item.ignored_because for item in discover(tmp_path, Limits())} == dict.fromkeys(
        ("a.xlsx", "b.zip", "c", "~$d.xlsx", "e.pdf"), "不是普通文件"
    )


# Folders that are not entered.


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike those of pytest."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


def as_another(folder: Path, scheme: Scheme) -> None:
    """A run by someone whose rights count, which root's do not."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    run_batch(folder / "in", scheme, output=folder / "out")


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_folders_and_files_without_rights_have_a_line_each(scheme: Scheme, open_folder: Path) -> None:
    folder = open_folder / "in"
    # What is imported on the way may not be readable for another.
    process(filled(clean_document(), scheme, open_folder / "before" / "a.xlsx"), scheme)
    run_batch(open_folder / "before", scheme)
    end_calling()
    for name in ("好.xlsx", "不能看/a.xlsx", "不能进/b.xlsx", "不能进/说明.pdf", "锁.xlsx"):
        filled(clean_document(), scheme, folder / name).chmod(0o644)
    closed = {folder / "不能看": 0o333, folder / "不能进": 0o444, folder / "锁.xlsx": 0o222}
    for path, mode in closed.items():
        path.chmod(mode)
    try:
        other = multiprocessing.get_context("fork").Process(target=as_another, args=(open_folder, scheme))
        other.start()
        other.join()
    finally:
        for path in closed:
            path.chmod(0o777)
    assert other.exitcode == 0
    listed = json.loads((open_folder / "out" / "run.json").read_text("utf-8"))["files"]
    files = {item["path"]: (item["status"], item["reason"]) for item in listed}
    assert {path: status for path, (status, _) in files.items()} == {
        "好.xlsx": "scored", "不能看": "rejected", "不能进/b.xlsx": "rejected", "不能进/说明.pdf": "rejected",
        "锁.xlsx": "rejected",
    }, files  # fmt: skip
    assert "文件夹打不开" in files["不能看"][1] and "读取权限" in files["不能看"][1]
    assert "没有进入的权限" in files["不能进/b.xlsx"][1]
    assert "打不开" in files["锁.xlsx"][1]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_linked_folder_has_a_line_and_is_not_entered(scheme: Scheme, tmp_path: Path) -> None:
    filled(clean_document(), scheme, tmp_path / "别处" / "a.xlsx")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "链接").symlink_to(tmp_path / "别处")
    batch = run_batch(tmp_path / "in", scheme)
    (record,) = batch.files
    assert (record.path, record.status) == ("链接", Status.REJECTED)
    assert "指向其他文件夹的链接" in record.reason
    assert [item.code for item in batch.findings] == ["F107"]


# What is not a workbook: archives, lists, schemes, documents.


def refusing(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a function ends the process that calls it."""
    module, _, name = function.rpartition(".")
    monkeypatch.setattr(importlib.import_module(module), name, lambda *_, **__: os.abort())


def test_an_archive_that_ends_its_reader(scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped({"a.xlsx": b"x"}, tmp_path / "in" / "包.zip")
    filled(clean_document(), scheme, tmp_path / "in" / "好.xlsx")
    refusing("perfxl.intake.looks._look_into_zip", monkeypatch)
    found = records(run_batch(tmp_path / "in", scheme))
    assert {path: record.status.value for path, record in found.items()} == {"好.xlsx": "scored", "包.zip": "rejected"}
    assert "异常终止" in found["包.zip"].reason and "重新打包" in found["包.zip"].reason


def test_a_large_mimetype_is_not_read_whole(tmp_path: Path) -> None:
    zipped({"mimetype": b"0" * 50_000_000, "x": b""}, tmp_path / "a.abc")
    (found,) = discover(tmp_path, Limits())
    assert found.ignored_because


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "perfxl", *map(str, arguments)],
        capture_output=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_lists_that_end_their_reader_have_words(
    scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perfxl.lists.roster import write_roster

    write_roster(tmp_path / "部门名录.xlsx")
    assert read_roster(tmp_path / "部门名录.xlsx", scheme) is None
    refusing("perfxl.lists.opened.read_seen", monkeypatch)
    end_calling()
    with pytest.raises(UsageError, match=r"部门名录\.xlsx”不能用：.*异常终止") as error:
        read_list(tmp_path / "部门名录.xlsx", ())
    assert error.value.exit_code == 2


@pytest.mark.parametrize("kind", ["xlsx", "toml"])
def test_schemes_that_end_their_reader_have_words(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"方案.{kind}").write_bytes(b"x")
    refusing("perfxl.scheme.workbook_file.read_workbook" if kind == "xlsx" else "perfxl.scheme.read_toml", monkeypatch)
    end_calling()
    with pytest.raises(UsageError, match=rf"方案\.{kind}”不能用：.*异常终止"):
        load_scheme(tmp_path / f"方案.{kind}")
    end_calling()


def test_commands_survive_what_ends_parsers(scheme: Scheme, tmp_path: Path) -> None:
    """Files that parsers cannot bear which believe what a file says of itself."""
    from perfxl.lists.roster import write_roster
    from perfxl.scheme.workbook_file import write_scheme_workbook

    write_roster(tmp_path / "名录.xlsx")
    write_scheme_workbook(scheme, tmp_path / "方案.xlsx")
    for name in ("名录.xlsx", "方案.xlsx"):
        counted(tmp_path / name, scheme)
    book = counted(filled(clean_document(), scheme, tmp_path / "in" / "a.xlsx"), scheme)
    (tmp_path / "deep.json").write_text('{"a":' * 200_000)
    for arguments, statuses in (
        (("check", book), (0,)),
        (("read", book), (0,)),
        (("run", tmp_path / "in", "-o", tmp_path / "out"), (0,)),
        (("scheme", "check", tmp_path / "方案.xlsx"), (0, 2)),
        (("run", tmp_path / "in", "-o", tmp_path / "out", "--roster", tmp_path / "名录.xlsx"), (0, 2, 3)),
        (("fill", tmp_path / "deep.json", "-o", tmp_path), (2,)),
    ):
        done = command(*arguments)
        assert done.returncode in statuses, (arguments, done.stderr)
        told = done.stdout + done.stderr
        assert told.strip() and "Traceback" not in told and "memory allocation" not in told, told


# Two runs into one folder.


def test_a_second_run_waits(scheme: Scheme, tmp_path: Path) -> None:
    filled(clean_document(), scheme, tmp_path / "in" / "a.xlsx")
    output = tmp_path / "out"
    with only_run(output, lambda: None):
        second = subprocess.Popen(
            [sys.executable, "-m", "perfxl", "run", str(tmp_path / "in"), "-o", str(output)],
            stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert second.stderr is not None
        assert "另一次运行正在写入" in second.stderr.readline()
        time.sleep(0.5)
        assert {path.name for path in output.iterdir()} == {LOCK}
    _, told = second.communicate()
    assert second.returncode == 0 and "另一次运行" not in told, told
    assert (output / "run.json").exists()


def test_two_runs_at_once_both_end_well(scheme: Scheme, tmp_path: Path) -> None:
    for number in range(6):
        filled(clean_document(*department(number)), scheme, tmp_path / "in" / f"{number}.xlsx")  # type: ignore[arg-type]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "perfxl", "run", str(tmp_path / "in"), "-o", str(tmp_path / "out")],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
        )
        for _ in range(3)
    ]  # fmt: skip
    told = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], told
    assert len(list((tmp_path / "out" / "部门结果").iterdir())) == 6
    assert {path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")} == {LOCK}


def test_without_locks_a_living_run_keeps_what_it_has_written(
    scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(clean_document(), scheme, tmp_path / "in" / "a.xlsx")
    living, old = (tmp_path / "out" / f"{STAGING}-{name}" for name in ("living", "old"))
    for folder in (living, old):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    assert run_batch(tmp_path / "in", scheme, output=tmp_path / "out").departments
    assert living.exists() and not old.exists()
    monkeypatch.undo()
    run_batch(tmp_path / "in", scheme, output=tmp_path / "out")
    assert not living.exists()


def test_a_file_record_of_the_lost_is_plain(tmp_path: Path) -> None:
    """Even where the bytes of a lost file are gone by then."""
    from perfxl.processes import Lost
    from perfxl.run.chunk import lost_file

    record = lost_file(Found(tmp_path / "weg.xlsx", "weg.xlsx"), Lost("读取这个文件时程序异常终止")).record
    assert record == FileRecord("weg.xlsx", "", 0, Status.REJECTED, "", record.reason)
