"""Folders under watch: a watch that is stepped by a test, one as a command, and what its results must be."""

from __future__ import annotations

import inspect
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from perfxl.cli.run import prepared, run
from perfxl.run.pipeline import run_folder
from perfxl.scheme.model import Scheme
from perfxl.status import Status
from perfxl.watching.pace import Pace
from perfxl.watching.renewing import Plan
from perfxl.watching.watcher import Watched, Watcher
from tests.books import Document, edited, filled, put
from tests.findings import clean_document

QUICK = Pace(
    look=0.02, idle=0.3, polled=0.05, still=0.08, unmarked=0.15, part=1.0, locked=0.5, told=0.2, gone=0.2, quiet=0.15,
    longest_quiet=0.5, again=0.3,
)  # fmt: skip
FEW_RESULTS = ("--no-department-books", "--summary-sheets", "0")
SECONDS = 60.0
"""After so long what is waited for will not come."""


class Lines:
    """What a watch has said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, line: str, status: Status | None = None) -> None:
        self.said.append(line)

    def busy(self, stage: str, done: int, total: int) -> None:
        pass

    def of(self, *words: str) -> list[str]:
        """The lines in which all the words stand."""
        return [line for line in self.said if all(word in line for word in words)]


class Stepped:
    """A watch whose steps a test makes. The folder of the bureau is that of the current folder."""

    def __init__(self, folder: Path, output: Path, *options: str, poll: bool = False, pace: Pace = QUICK) -> None:
        self.folder, self.output = folder, output
        self.lines = Lines()
        given = run.make_context("run", [str(folder), "-o", str(output), "--jobs", "1", *FEW_RESULTS, *options]).params
        self._given = {name: given[name] for name in inspect.signature(prepared).parameters if name != "say"}
        watched = Watched(folder, output, Path("workbook_templates"), [], self.planning, poll, pace)
        self.watcher = Watcher(watched, self.lines)

    def planning(self, say: Callable[[str], None]) -> Plan:
        return Plan(*prepared(**self._given, say=say))

    def assert_as_one_run(self) -> None:
        """The results are those of one run: of one that knows nothing, and of one more to the same place."""
        for into, seen in ((self.output.with_name("fresh"), of_the_folder), (self.output, dict)):
            before = seen(manifest(self.output))
            run_folder(self.folder, into, *self.planning(lambda _: None))
            assert before == seen(manifest(into))

    def until(self, holds: Callable[[], Any]) -> None:
        """Goes on until something holds."""
        end = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < end, "\n".join(self.lines.said)
            self.watcher.step()
            self.watcher._lookout.wait(busy=self.watcher.behind)

    def until_quiet(self) -> None:
        """Goes on until all is taken in: two looks in a row find nothing new."""
        self.looks(2)
        self.until(lambda: not self.watcher.behind)

    def looks(self, count: int) -> None:
        """Looks so often, at once."""
        for _ in range(count):
            self.watcher.step()
            time.sleep(QUICK.look)

    def until_said(self, *words: str, after: int = 0) -> None:
        """Goes on until a line, of those after the first ones, has all the words."""
        self.until(lambda: any(all(word in line for word in words) for line in self.lines.said[after:]))

    def close(self) -> None:
        self.watcher._pool.close()
        self.watcher._lookout.close()


@contextmanager
def stepped(folder: Path, output: Path, *options: str, poll: bool = False, pace: Pace = QUICK) -> Iterator[Stepped]:
    """A stepped watch that has made its first run."""
    watch = Stepped(folder, output, *options, poll=poll, pace=pace)
    try:
        watch.until_quiet()
        yield watch
    finally:
        watch.close()


@contextmanager
def commanded(here: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The real command in a folder; killed at the end where it has not ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "perfxl", "watch", *arguments],
        cwd=here, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


class Heard:
    """The lines of a watch that runs as a command, as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.lines: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))

    def until(self, holds: Callable[[list[str]], Any], seconds: float = SECONDS) -> None:
        """Waits until something holds of the lines."""
        end = time.monotonic() + seconds
        while not holds(self.lines):
            assert time.monotonic() < end and self._process.poll() is None, "\n".join(self.lines)
            time.sleep(0.05)

    def until_said(self, *words: str, after: int = 0) -> None:
        """Waits for a line with all the words."""
        self.until(lambda lines: any(all(word in line for word in words) for line in lines[after:]))

    def stop(self) -> int:
        """Ctrl-C, and the exit status."""
        self._process.send_signal(signal.SIGINT)
        status = self._process.wait(SECONDS)
        self._thread.join(SECONDS)
        return status


def department(number: int, *, wrong: bool = False) -> Document:
    """A document of a department of its own."""
    edits = [put("department.code", f"4401180{number:03}"), put("department.name", f"示例第{number}局")]
    if wrong:
        edits.append(put("facts.contracts_total", None))
    return edited(clean_document(), *edits)


def books(scheme: Scheme, folder: Path, count: int) -> dict[str, bytes]:
    """Workbooks of departments as bytes by name, every fifth to be returned."""
    found = {}
    for number in range(1, count + 1):
        path = filled(department(number, wrong=number % 5 == 0), scheme, folder / f"示例第{number}局.xlsx")
        found[path.name] = path.read_bytes()
    return found


def copy_slowly(data: bytes, path: Path, random: Random, pause: float = 0.03) -> None:
    """Writes a file in pieces, with pauses; at times with its size at once and its content later, as Windows does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pieces = random.randint(2, 5)
    with path.open("wb") as file:
        if random.random() < 0.3:
            file.truncate(len(data))
        size = -(-len(data) // pieces)
        for start in range(0, len(data), size):
            file.write(data[start : start + size])
            file.flush()
            os.fsync(file.fileno())
            time.sleep(random.random() * pause)


def shuffle(folder: Path, sent: dict[str, bytes], seed: int, pause: float = 0.03) -> None:
    """What happens in a folder on a busy day: workbooks come slowly, some under passing names, some are renamed,
    replaced by others, saved anew, moved into subfolders, removed, and lock files come and go."""
    random = Random(seed)
    names = list(sent)
    for name in names:
        what = random.random()
        path = folder / name
        lock = folder / f"~${name}"
        if what < 0.2:
            copy_slowly(sent[name], folder / f"{name}.tmp", random, pause)
            (folder / f"{name}.tmp").replace(path)
        else:
            copy_slowly(sent[name], path, random, pause)
        if 0.2 <= what < 0.35:
            path.rename(folder / f"改名-{name}")
        elif 0.35 <= what < 0.5:
            lock.write_bytes(b"\x05Zhang")
            time.sleep(pause)
            copy_slowly(sent[random.choice(names)], path, random, pause)
            copy_slowly(sent[name], path, random, pause)
            lock.unlink()
        elif 0.5 <= what < 0.6:
            path.unlink()
        elif 0.6 <= what < 0.7:
            (folder / "分局").mkdir(exist_ok=True)
            path.rename(folder / "分局" / name)
        elif 0.7 <= what < 0.75:
            path.touch()
    copy_slowly(b"PK\3\4 no workbook", folder / "坏.xlsx", random, pause)
    copy_slowly(b"\xff\xd8\xff\xe0 picture", folder / "照片.jpg", random, pause)


def manifest(output: Path) -> dict[str, Any]:
    """run.json but its times."""
    document = dict(json.loads((output / "run.json").read_text("utf-8")))
    return {name: value for name, value in document.items() if name not in ("started", "seconds")}


def of_the_folder(document: dict[str, Any]) -> dict[str, Any]:
    """What follows from the files alone, and not from those that came before them."""
    return {name: document[name] for name in ("scheme", "year", "files", "departments", "findings")}
