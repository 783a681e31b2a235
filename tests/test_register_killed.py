"""A run that is killed at any moment, or meets a register that Excel holds open, loses no line of it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.register.keep import read_kept
from perfxl.register.model import FILE_NAME, Register
from perfxl.run import publish
from tests.register_cases import FAULTY, REAL, ROOT, lines, receive, run, safe, write_in
from tests.test_publish import hold_open

KILLS = int(os.environ.get("PERFXL_KILLS", "8"))
"""How often a run is killed: 100 before a release."""


def held(folder: Path) -> Register:
    """What the copies of the register hold together now."""
    publish.recover(folder / "output")
    kept = read_kept(folder / "output", safe(folder), "guangzhou-2022", "2022")
    assert not [words for words in kept.told if "已损坏" in words]
    return kept.register


def by_file(register: Register) -> dict[str, tuple[str, str, str]]:
    return {line.file: (line.sha256, line.seen, line.remark) for line in register.lines.values()}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process group is killed")
def test_a_kill_at_any_moment_loses_no_line(tmp_path: Path) -> None:
    receive(tmp_path, REAL, FAULTY)
    run(tmp_path)
    known = by_file(held(tmp_path))
    command = [sys.executable, "-m", "perfxl", "run", "--no-department-books"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.monotonic()
    subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True)
    usual = time.monotonic() - started
    chance = random.Random(14)
    for number in range(KILLS):
        # Each time another file comes, and the clerk has written something into one of the two copies.
        shutil.copy(tmp_path / "input" / f"{FAULTY}.xlsx", tmp_path / "input" / f"第{number}份.xlsx")
        path = chance.choice([path for path in (tmp_path / "output" / FILE_NAME, safe(tmp_path)) if path.exists()])
        write_in(path, f"{REAL}.xlsx", remark=f"第{number}次")
        known[f"{REAL}.xlsx"] = (*known[f"{REAL}.xlsx"][:2], f"第{number}次")
        child = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        time.sleep(chance.uniform(0.2, 1.05) * usual)
        with_group = os.getpgid(child.pid) if child.poll() is None else None
        if with_group is not None:
            os.killpg(with_group, signal.SIGKILL)
        child.wait()
        now = by_file(held(tmp_path))
        assert known.items() <= now.items(), number
        known = now
    assert not run(tmp_path).kept
    assert known.keys() <= set(lines(tmp_path)) and lines(tmp_path)[f"{REAL}.xlsx"]["remark"] == f"第{KILLS - 1}次"


def test_a_register_that_is_open_in_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new one takes another name; what the clerk then saves under the old one is taken over by the next run."""
    receive(tmp_path, REAL)
    run(tmp_path)
    working = tmp_path / "output" / FILE_NAME
    receive(tmp_path, FAULTY)
    with monkeypatch.context() as patch:
        hold_open(patch, working)
        report = run(tmp_path)
    other = report.renamed[FILE_NAME]
    assert len(load_workbook(tmp_path / "output" / other)["往来登记"]["A"]) > 4
    assert set(lines(tmp_path)) == {f"{REAL}.xlsx", f"{FAULTY}.xlsx"}
    write_in(working, f"{REAL}.xlsx", remark="打开时写的")
    (tmp_path / "input" / f"{FAULTY}.xlsx").unlink()
    report = run(tmp_path)
    assert set(lines(tmp_path)) == {f"{REAL}.xlsx", f"{FAULTY}.xlsx"}
    assert lines(tmp_path)[f"{REAL}.xlsx"]["remark"] == "打开时写的"
    # What the run had to call otherwise is taken over and gone.
    assert [path.name for path in (tmp_path / "output").glob("往来登记*")] == [FILE_NAME]
    assert not run(tmp_path).told


def test_a_safe_copy_that_is_open_is_told_and_caught_up_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    receive(tmp_path, FAULTY)
    with monkeypatch.context() as patch:
        hold_open(patch, safe(tmp_path))
        assert any("写不进" in words for words in run(tmp_path).told)
    write_in(safe(tmp_path), f"{REAL}.xlsx", remark="打开时写的")
    run(tmp_path)
    assert set(lines(tmp_path)) == {f"{REAL}.xlsx", f"{FAULTY}.xlsx"}
    assert lines(tmp_path)[f"{REAL}.xlsx"]["remark"] == "打开时写的"
    assert safe(tmp_path).read_bytes() == (tmp_path / "output" / FILE_NAME).read_bytes()
