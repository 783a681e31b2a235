"""Year's folders for the tests of `perfxl init`, and a terminal in which their starters run."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from click.testing import CliRunner, Result
from openpyxl import load_workbook

from perfxl.cli.app import perfxl
from perfxl.desk.folder import make_parts, put_starters
from perfxl.desk.starters import SYSTEMS
from perfxl.lists.roster import write_roster
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme

ROOT = Path(__file__).parent.parent
CLOSES = "按回车键关闭窗口。"
SECONDS = 180
_TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Only of its own terminal does Ctrl-C reach a command."""


def init(*arguments: object) -> Result:
    """`perfxl init` with these arguments, in this process."""
    return CliRunner().invoke(perfxl, ["init", *map(str, arguments)], standalone_mode=False)


def made(folder: Path, *arguments: object) -> Path:
    """A year's folder, made."""
    result = init(folder, *arguments)
    assert result.exception is None, result.output
    return folder


def desk(folder: Path, *systems: str) -> Path:
    """A year's folder as `init` makes it, without templates and lists, which take a while."""
    make_parts(folder)
    put_starters(folder, [load_scheme()], systems or SYSTEMS, force=False)
    return folder


def with_examples(folder: Path, *names: str) -> Path:
    """The year's folder with example workbooks in `input/`."""
    for name in names:
        shutil.copy(ROOT / "input" / f"{name}.xlsx", folder / "input")
    return folder


def filled_roster(path: Path, scheme: Scheme, *names: str) -> Path:
    """A roster with these departments."""
    write_roster(path, scheme)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "部门代码" for cell in row))
    columns = {cell.value: cell.column for cell in head}
    for number, name in enumerate(names, 1):
        row = head[0].row + number
        sheet.cell(row, columns["部门代码"]).value = f"00{number}"
        sheet.cell(row, columns["部门名称"]).value = name
        sheet.cell(row, columns["部门类别"]).value = scheme.categories[0].name
    book.save(path)
    return path


def in_terminal(
    command: list[str],
    more: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stopped_at: str = "",
    answers: Sequence[tuple[str, str]] = (),
) -> tuple[str, int]:
    """Runs a command under a terminal of its own, presses Enter when it waits; what it showed, and how it ended.

    stopped_at: words at which Ctrl-C is pressed. answers: what is typed at which words, one after the other. Not on
    Windows.
    """
    import pty

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **(more or {})}
    environment = {name: value for name, value in environment.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _TAKE_TERMINAL, *command],
        stdin=slave, stdout=slave, stderr=slave, env=environment, cwd=cwd, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    shown, pressed, end = b"", False, time.monotonic() + SECONDS
    waiting, answered = list(answers), 0
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 0.1)
        if ready:
            try:
                some = os.read(master, 65536)
            except OSError:
                # Linux says so when nobody has the other end any more.
                break
            if not some:
                break
            shown += some
        if stopped_at and stopped_at.encode() in shown:
            os.write(master, b"\x03")
            stopped_at = ""
        if waiting and waiting[0][0].encode() in shown[answered:]:
            answered = len(shown)
            os.write(master, f"{waiting.pop(0)[1]}\n".encode())
        if not pressed and CLOSES.encode() in shown:
            assert process.poll() is None, "the window closed by itself"
            os.write(master, b"\n")
            pressed = True
        if not ready and process.poll() is not None:
            break
    os.close(master)
    try:
        status = process.wait(10)
    finally:
        process.kill()
    text = shown.decode("utf-8", "replace").replace("\r\n", "\n")
    assert pressed, f"it never waited for a key:\n{text}"
    return text, status


def without_perfxl(folder: Path) -> dict[str, str]:
    """An environment in which no perfxl can be found: nothing on the path but what every system has."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("cat", "sh", "dirname"):
        place = shutil.which(name)
        assert place is not None
        (tools / name).symlink_to(place)
    return {"PATH": str(tools), "HOME": str(folder), "XDG_DATA_HOME": str(folder / "none"), "PYTHONPATH": ""}


def python_at(place: Path) -> None:
    """Something that is this Python, at a place where an installer puts one."""
    place.parent.mkdir(parents=True)
    place.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    place.chmod(0o755)
