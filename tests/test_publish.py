"""What stands on disk after a run: user text stays text, and the results are the old ones or the new ones, whole."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from perfxl.errors import OutputError
from perfxl.run import pipeline, publish
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from tests.books import Document, filled, put
from tests.findings import clean_document
from tests.folders import parts_of

ALL_KILLS, KILLS = 100, 25
"""How often a run is killed: set KILLS to ALL_KILLS before a release."""

# User text.

EVIL = (
    "=HYPERLINK(\"http://evil.example\",\"x\")", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)", "=1+1",
    "http://evil.example/", "internal:'_meta'!A1", "external:\\\\evil\\x.xlsx", "mailto:a@evil.example", "{=1+1}",
    "evil_x0000_evil", "_x003D_1+1", "evil\x01\x08\x0b\x1f", "evil\ufffe\uffff", "<v>evil</v>&amp;\"'", "]]>evil",
    "evil\r\nevil", "\tevil", "evil\u2028\u202e", "😀evil" * 50, "evil" * 8_000, "'evil", "evil\x00",
)  # fmt: skip
LEGAL = {text: text for text in EVIL if not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]", text)}


TARGET = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def put_evil(document: Document, texts: list[str]) -> None:
    """Every free text of a document becomes one of the texts in turn."""
    number = 0

    def following() -> str:
        nonlocal number
        number += 1
        return texts[number % len(texts)]

    for holder, keys in (
        (document["department"], ("name", "contact", "phone", "filled_on", "remark")),
        (document["narrative"], tuple(document["narrative"])),
        (document["facts"], ("budget_change_reason", "low_rate_reason", "contracts_total", "budget_content_ok")),
    ):
        for key in keys:
            holder[key] = following()
    for row in document["kpis"]:
        for key in ("name", "unit", "reason", "evidence", "level2", "actual"):
            row[key] = following()
    for row in document["tasks"]:
        for key in ("name", "result", "reason", "spent"):
            row[key] = following()
    for row in document["scores"].values():
        row["reason"] = following()
    document["scores"]["B11"]["self"] = following()


@pytest.fixture(scope="module")
def evil_output(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run over workbooks full of such texts; the control characters come in through the XML."""
    folder = tmp_path_factory.mktemp("evil")
    texts = list(LEGAL)
    for number in range(len(texts)):
        document = clean_document(put("department.code", f"=1+{number}"))
        put_evil(document, texts[number:] + texts[:number])
        path = filled(document, scheme, folder / "in" / f"{number}.xlsx")
        _with_control_characters(path)
    for number, name in enumerate(("=1+1.xlsx", "@evil.xlsx", "+evil&<b>.xlsx")):
        filled(clean_document(put("department.code", f"{number}")), scheme, folder / "in" / name)
    options = RunOptions(jobs=1, copies_for_all=True)
    run_folder(folder / "in", folder / "out", scheme, options)
    return folder / "out"


def _with_control_characters(path: Path) -> None:
    """Puts references to characters that no XML may hold, and escapes of Excel's, into every third text."""
    parts = parts_of(path)
    strings = parts["xl/sharedStrings.xml"].split(b"</t></si>")
    for number in range(3, len(strings) - 1, 3):
        if b"evil" in strings[number]:
            strings[number] += b"_x0007_&#xFFFE;&#xFFFF;_x000B_"
    parts["xl/sharedStrings.xml"] = b"</t></si>".join(strings)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.slow
def test_user_text_is_no_formula_and_no_link(evil_output: Path) -> None:
    books = sorted(evil_output.rglob("*.xlsx"))
    assert {path.parent.name for path in books} == {"out", "部门结果", "暂定结果", "退回修改"}
    seen = 0
    for book in books:
        sheets = load_workbook(book, read_only=True).sheetnames
        for name, data in parts_of(book).items():
            if not name.endswith((".xml", ".rels", ".vml")):
                continue
            root = ElementTree.fromstring(data)
            seen += data.count(b"evil")
            for element in root.iter():
                tag = element.tag.rpartition("}")[2]
                if tag in ("f", "definedName", "formula1", "formula2", "formula"):
                    # A department's sheet bears its name, in quotation marks.
                    text = re.sub(r"'(?:[^']|'')*'!|\w+!", "", element.text or "")
                    assert not re.search("evil|cmd|calc", text), f"{book.name} {name}: {text[:80]}"
                    assert text != "1+1"
                if tag == "Relationship" and element.get("TargetMode") == "External":
                    # XlsxWriter writes the paths of files as Windows does.
                    target = re.sub("#.*", "", element.get("Target", "")).replace("\\", "/")
                    assert "://" not in target.removeprefix("file:///"), f"{book.name}: {target}"
                    linked = book.parent / unquote(target.removeprefix("file:///"))
                    assert linked.is_file() and linked.resolve().is_relative_to(evil_output), f"{book.name}: {target}"
                if tag == "hyperlink" and (location := element.get("location")):
                    sheet = location.rpartition("!")[0].strip("'").replace("''", "'")
                    assert sheet in sheets or TARGET in element.attrib, f"{book.name}: {location}"
    assert seen > 1_000


@pytest.mark.slow
def test_every_output_opens_and_shows_the_text(evil_output: Path) -> None:
    texts = set()
    for book in sorted(evil_output.rglob("*.xlsx")):
        for sheet in load_workbook(book):
            for row in sheet.iter_rows():
                texts |= {cell.value for cell in row if isinstance(cell.value, str) and cell.data_type == "s"}
    for text in ('=HYPERLINK("http://evil.example","x")', "@SUM(1+1)", "http://evil.example/", "{=1+1}", "'evil"):
        assert text in texts


@pytest.mark.slow
def test_run_json_is_whole(evil_output: Path) -> None:
    told = json.loads((evil_output / "run.json").read_text("utf-8"))
    assert len(told["files"]) == len(LEGAL) + 3
    assert {item["status"] for item in told["files"]} == {"scored", "returned"}
    for item in told["findings"]:
        assert len(item["value"]) <= 200 and len(item["message"]) < 1_000


# Killed runs.


def make_batch(scheme: Scheme, folder: Path, names: list[str], *, returned: bool = True) -> None:
    """Workbooks of some departments. returned: whether the first is faulty."""
    for number, name in enumerate(names):
        more = [put("facts.contracts_total", None)] if returned and number == 0 else []
        document = clean_document(put("department.code", f"{name}{number}"), put("department.name", name), *more)
        filled(document, scheme, folder / f"{name}.xlsx")


def state(output: Path) -> tuple[str, ...] | None:
    """The departments of the results that stand there; fails where they are not of one run and whole."""
    if not (output / "run.json").exists():
        assert not [path for path in output.rglob("*.xlsx") if ".perfxl" not in str(path)]
        return None
    told = json.loads((output / "run.json").read_text("utf-8"))
    names = tuple(sorted(item["name"] for item in told["departments"]))
    returned = tuple(sorted(item["name"] for item in told["departments"] if item["status"] == "returned"))
    assert sorted(path.stem for path in output.glob("部门结果/*")) == sorted({*names} - {*returned})
    assert tuple(sorted(path.stem for path in output.glob("暂定结果/*"))) == returned
    assert tuple(sorted(path.stem for path in output.glob("退回修改/*"))) == returned
    summary = output / "2022年度绩效评价汇总.xlsx"
    assert set(load_workbook(summary, read_only=True).sheetnames) >= set(names)
    started = datetime.fromisoformat(told["started"]).timestamp()
    ended = (output / "run.json").stat().st_mtime
    for path in output.rglob("*"):
        if path.is_file() and ".perfxl" not in str(path):
            assert started <= path.stat().st_mtime <= ended + 0.01, f"{path.name} is of another run"
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as archive:
                    assert archive.testzip() is None
    return names


def command(folder: Path, output: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "perfxl", "run", str(folder), "-o", str(output), *more]


@pytest.mark.slow
def test_a_run_killed_at_any_moment(scheme: Scheme, tmp_path: Path) -> None:
    """Old results or new ones, whole; and the next run completes."""
    rng = random.Random(5)
    one, two = [f"甲组{n}" for n in range(5)], [f"乙组{n}" for n in range(7)]
    make_batch(scheme, tmp_path / "one", one)
    make_batch(scheme, tmp_path / "two", two)
    output = tmp_path / "out"
    clock = time.monotonic()
    subprocess.run(command(tmp_path / "one", output), capture_output=True, check=False)
    longest = time.monotonic() - clock
    assert state(output) == tuple(sorted(one))
    wanted = [tuple(sorted(one)), tuple(sorted(two))]
    killed = runs = 0
    while killed < KILLS:
        assert runs < 6 * KILLS, "nearly all runs end before they are killed"
        runs += 1
        before, new = state(output), wanted[runs % 2]
        clock = time.monotonic()
        process = subprocess.Popen(
            command(tmp_path / ("one", "two")[runs % 2], output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            # Most of it is imports; the moments that count are the last.
            process.wait(longest * rng.triangular(0.3, 1.15, 1.0))
            # How long a run takes changes with what else the machine does: the next moments follow it.
            longest = time.monotonic() - clock
        except subprocess.TimeoutExpired:
            process.kill()
            killed += process.wait() == -signal.SIGKILL
            longest *= 1.01
        ready = (output / publish.READY).exists()
        publish.recover(output)
        after = state(output)
        assert after in wanted
        assert after in (before, new)
        if ready:
            assert after == new
        assert not [path for path in output.iterdir() if path.name.startswith(".perfxl-")]
    subprocess.run(command(tmp_path / "two", output), capture_output=True, check=False)
    assert state(output) == tuple(sorted(two))


@pytest.mark.parametrize("returned", [True, False])
@pytest.mark.parametrize("moment", range(9))
@pytest.mark.slow
def test_a_run_killed_while_results_are_put_in_place(
    moment: int, returned: bool, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two renames; no random kill meets these moments often."""
    make_batch(scheme, tmp_path / "one", ["甲组0", "甲组1"])
    make_batch(scheme, tmp_path / "two", ["乙组0", "乙组1"], returned=returned)
    output = tmp_path / "out"
    run_folder(tmp_path / "one", output, scheme, RunOptions(jobs=1))
    calls = 0
    for name in ("rename", "replace"):
        real = getattr(Path, name)

        def counted(self: Path, target: Path, real: Any = real) -> Path:
            nonlocal calls
            calls += 1
            if calls > moment:
                raise KeyboardInterrupt
            return Path(real(self, target))

        monkeypatch.setattr(Path, name, counted)
    interrupted = False
    try:
        run_folder(tmp_path / "two", output, scheme, RunOptions(jobs=1))
    except KeyboardInterrupt:
        interrupted = True
    monkeypatch.undo()
    assert interrupted == (calls > moment)
    publish.recover(output)
    assert state(output) == (("乙组0", "乙组1") if moment else ("甲组0", "甲组1"))


# A full disk, a book held open.


@pytest.fixture
def two_runs(scheme: Scheme, tmp_path: Path) -> Path:
    """An output folder with results, and a changed input beside it."""
    make_batch(scheme, tmp_path / "in", ["甲组0", "甲组1"])
    run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1))
    make_batch(scheme, tmp_path / "in", ["乙组2"])
    return tmp_path


def snapshot(output: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}


@pytest.mark.parametrize("place", ["write_results", "write_run_json", "publish", "discover"])
@pytest.mark.slow
def test_a_full_disk_leaves_the_old_results(
    place: str, two_runs: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, real = two_runs / "out", getattr(pipeline, place)
    before = snapshot(output)

    def full(*arguments: Any, **options: Any) -> Any:
        if place in ("write_results", "write_run_json"):
            real(*arguments, **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pipeline, place, full)
    with pytest.raises(OutputError, match=r"磁盘空间不足.*原有结果没有改动"):
        run_folder(two_runs / "in", output, scheme, RunOptions(jobs=1))
    assert snapshot(output) == before
    monkeypatch.undo()
    run_folder(two_runs / "in", output, scheme, RunOptions(jobs=1))
    assert state(output) == ("乙组2", "甲组0", "甲组1")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
@pytest.mark.parametrize("size", [1_000, 15_000, 30_000])
@pytest.mark.slow
def test_a_write_that_really_fails(size: int, two_runs: Path) -> None:
    """The system itself refuses to write more, in the middle of a workbook."""
    before = snapshot(two_runs / "out")
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        "sys.dont_write_bytecode = True\n"
        "from perfxl.cli.app import main; sys.argv = ['perfxl', *sys.argv[1:]]; main()"
    )
    arguments = command(two_runs / "in", two_runs / "out")[3:]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "磁盘空间不足" in done.stderr and "原有结果没有改动" in done.stderr
    # What zipfile says of an archive that it could not close is no word of ours.
    assert done.stderr.count("Traceback") == done.stderr.count("Exception ignored")
    assert snapshot(two_runs / "out") == before


def hold_open(monkeypatch: pytest.MonkeyPatch, held: Path) -> None:
    """As on Windows: a book that is open in Excel cannot be replaced or moved, nor can its folder."""
    for name in ("rename", "replace"):
        real = getattr(Path, name)

        def refuse(self: Path, target: Path, real: Any = real) -> Path:
            for path in (self, Path(target)):
                if path == held or (path.is_dir() and path in held.parents):
                    raise PermissionError(13, "The process cannot access the file", str(path))
            return Path(real(self, target))

        monkeypatch.setattr(Path, name, refuse)


def test_a_summary_held_open_gets_a_new_name(two_runs: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    held = two_runs / "out" / "2022年度绩效评价汇总.xlsx"
    old = held.read_bytes()
    hold_open(monkeypatch, held)
    report = run_folder(two_runs / "in", two_runs / "out", scheme, RunOptions(jobs=1))
    assert held.read_bytes() == old
    assert report.summary != held and report.summary.name.startswith("2022年度绩效评价汇总（")
    assert report.renamed == {held.name: report.summary.name}
    assert len(load_workbook(report.summary).sheetnames) > len(load_workbook(held).sheetnames)


def test_a_department_book_held_open_gets_a_new_name(
    two_runs: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = two_runs / "out" / "部门结果" / "甲组1.xlsx"
    old = held.read_bytes()
    hold_open(monkeypatch, held)
    report = run_folder(two_runs / "in", two_runs / "out", scheme, RunOptions(jobs=1))
    assert held.read_bytes() == old
    (new,) = report.renamed.values()
    names = {path.name for path in held.parent.iterdir()}
    assert names == {"甲组1.xlsx", new}
    monkeypatch.undo()
    run_folder(two_runs / "in", two_runs / "out", scheme, RunOptions(jobs=1))
    assert state(two_runs / "out") == ("乙组2", "甲组0", "甲组1")


def test_the_command_tells_of_the_new_name(two_runs: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from perfxl.cli.app import perfxl

    held = two_runs / "out" / "2022年度绩效评价汇总.xlsx"
    hold_open(monkeypatch, held)
    done = CliRunner().invoke(perfxl, ["run", str(two_runs / "in"), "-o", str(two_runs / "out")], standalone_mode=False)
    assert done.exception is None
    assert f"“{held.name}”正被打开，新结果另存为“2022年度绩效评价汇总（" in done.output


@pytest.mark.parametrize("kind", ["file", "read only"])
def test_an_output_folder_that_cannot_be_used(kind: str, scheme: Scheme, tmp_path: Path) -> None:
    make_batch(scheme, tmp_path / "in", ["甲组0"])
    if kind == "file":
        (tmp_path / "out").write_text("x")
    else:
        if os.name == "nt" or os.geteuid() == 0:
            pytest.skip("root writes everywhere")
        (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="是文件，不是文件夹" if kind == "file" else "没有写入"):
        run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1))


def test_results_that_are_not_written_any_more_go_with_the_old_ones(scheme: Scheme, tmp_path: Path) -> None:
    make_batch(scheme, tmp_path / "in", ["甲组0", "甲组1"])
    run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1))
    assert (tmp_path / "out" / "退回修改").is_dir()
    shutil.rmtree(tmp_path / "in")
    filled(clean_document(), scheme, tmp_path / "in" / "好.xlsx")
    run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1))
    assert [path.name for path in (tmp_path / "out" / "部门结果").iterdir()] == ["广州市增城区科学技术协会.xlsx"]
    assert not list((tmp_path / "out").glob("退回修改/*"))


def test_a_department_moves_between_what_is_provisional_and_what_holds(scheme: Scheme, tmp_path: Path) -> None:
    """Its book stands in one of the two folders, what was made in the other is gone, and 排名 links to the right."""
    for returned, folder, other in (
        (True, "暂定结果", "部门结果"),
        (False, "部门结果", "暂定结果"),
        (True, "暂定结果", "部门结果"),
    ):
        shutil.rmtree(tmp_path / "in", ignore_errors=True)
        make_batch(scheme, tmp_path / "in", ["甲组0", "甲组1"], returned=returned)
        report = run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1))
        assert (tmp_path / "out" / folder / "甲组0.xlsx").is_file()
        assert not (tmp_path / "out" / other / "甲组0.xlsx").exists()
        assert (tmp_path / "out" / "暂定结果").exists() == returned
        ranking = load_workbook(report.summary)["排名"]
        targets = [cell.hyperlink.target for row in ranking for cell in row if cell.hyperlink]
        links = {target.replace("\\", "/") for target in targets if target}
        books = {f"{folder}/甲组0.xlsx", "部门结果/甲组1.xlsx"}
        assert books <= links
        told = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["results"]
        assert {name for name in told if "结果/" in name} == books
