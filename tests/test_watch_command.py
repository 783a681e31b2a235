"""`perfxl watch` as a clerk has it: in a window of its own until Ctrl-C, beside other runs, for hours."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import select
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from perfxl.run.lock import LOCK
from perfxl.scheme.model import Scheme
from tests.books import filled
from tests.test_run import perfxl
from tests.watches import Heard, books, commanded, department, manifest, of_the_folder, shuffle, stepped

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process there")
TIMED = re.compile(r"\d\d:\d\d:\d\d ")


@pytest.fixture
def folder(here: Path, scheme: Scheme) -> Path:
    """The folder of the command, with one workbook."""
    filled(department(1), scheme, here / "input" / "示例第1局.xlsx")
    return here / "input"


def test_from_start_to_ctrl_c(here: Path, folder: Path, scheme: Scheme) -> None:
    with commanded(here, "--no-department-books") as process:
        heard = Heard(process)
        heard.until_said("汇总已更新：已评分 1。")
        filled(department(5, wrong=True), scheme, folder / "乙\n局.xlsx")
        heard.until_said("（示例第5局） 退回修改：1 处错误，")
        # A second one on the same results says so and ends.
        second = perfxl("watch", cwd=here)
        assert second.returncode == 1 and "正在自动检查" in second.stderr and "Traceback" not in second.stderr
        heard.until_said("汇总已更新：已评分 1，退回修改 1。")
        # A run beside it is none of its business, idle as it is.
        run = perfxl("run", "--no-department-books", cwd=here)
        assert run.returncode == 3 and "另一次运行" not in run.stderr
        assert heard.stop() == 3
    assert all(TIMED.match(line) for line in heard.lines), heard.lines
    assert heard.lines[0].endswith("开始自动检查“input”，结果在“output”。按 Ctrl+C 停止。")
    assert heard.lines[-1].endswith("已停止自动检查。") and len(heard.lines) == 5


def test_a_run_at_the_same_time_is_waited_for(here: Path, folder: Path) -> None:
    (here / "output").mkdir()
    with FileLock(here / "output" / LOCK), commanded(here, "--poll", "--no-department-books") as process:
        heard = Heard(process)
        heard.until_said("另一次运行正在写入“output”")
        assert heard.stop() == 0
        assert "最后的变化还没有进入汇总，请再启动一次，或运行 perfxl run。" in heard.lines[-1]
    assert not (here / "output" / "run.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "没有文件夹“nowhere”"),
        (["input", "-o", "input"], "不能放在同一个文件夹"),
        (["input", "--jobs", "-1"], "不能为负数"),
        (["input", "--roster", "nothing.xlsx"], "nothing.xlsx"),
    ],
)
def test_wrong_use_ends_at_once(arguments: list[str], words: str, here: Path, folder: Path) -> None:
    done = perfxl("watch", *arguments, cwd=here)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr


def test_on_a_terminal(here: Path, folder: Path, scheme: Scheme) -> None:
    pty = pytest.importorskip("pty")
    filled(department(5, wrong=True), scheme, folder / "乙.xlsx")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "perfxl", "watch", "--no-department-books"])
    seen, end = b"", time.monotonic() + 60
    try:
        while b"\xe5\xb7\xb2\xe5\x81\x9c\xe6\xad\xa2" not in seen and time.monotonic() < end:  # 已停止
            if select.select([terminal], [], [], 0.2)[0]:
                with contextlib.suppress(OSError):
                    seen += os.read(terminal, 65_536)
            if "退回修改：有".encode() in seen and b"^C" not in seen:
                os.write(terminal, b"\x03")
        _, status = os.waitpid(pid, 0)
    finally:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        os.close(terminal)
    told = seen.decode()
    assert os.waitstatus_to_exitcode(status) == 3
    assert "\x1b[33m" in told, "what is returned stands out"
    assert "\r正在更新汇总" in told or "正在更新汇总" in told
    assert "Traceback" not in told and "Aborted" not in told


@pytest.mark.slow
@pytest.mark.parametrize("poll", [False, True])
def test_two_hundred_files_on_a_busy_day(poll: bool, here: Path, folder: Path, scheme: Scheme) -> None:
    sent = books(scheme, here / "sent", 200)
    some = dict(list(sent.items())[:100])
    rest = {name: data for name, data in sent.items() if name not in some}
    with commanded(here, "--no-department-books", *(["--poll"] if poll else [])) as process:
        heard = Heard(process)
        heard.until_said("汇总已更新")
        days = [
            threading.Thread(target=shuffle, args=(folder, part, seed, 0.1)) for seed, part in enumerate((some, rest))
        ]
        for day in days:
            day.start()
        for day in days:
            day.join()
        count = len(heard.lines)
        heard.until_said("汇总已更新", after=count)
        time.sleep(8)
        assert heard.stop() == 3
        assert heard.lines[-1].endswith("已停止自动检查。"), heard.lines[-5:]
    watched = manifest(here / "output")
    for output, seen in (("fresh", of_the_folder), ("output", dict)):
        assert perfxl("run", "-o", output, "--no-department-books", cwd=here).returncode == 3
        assert seen(manifest(here / output)) == seen(watched)


@pytest.mark.slow
def test_its_memory_does_not_grow(here: Path, folder: Path, scheme: Scheme) -> None:
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("the memory of a process cannot be read here")

    def used() -> int:
        return int(statm.read_text().split()[1]) * resource.getpagesize()

    with stepped(folder, here / "out") as watch:
        for number in range(60):
            if number == 20:
                before = used()
            filled(department(2, wrong=number % 2 == 0), scheme, folder / "乙.xlsx")
            watch.until_quiet()
        assert len(watch.watcher._pool._workers) == 1
        assert used() - before < 12_000_000
