"""Opens a file in whatever the system opens it with, Excel or WPS; where that cannot be done, says where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PATIENCE = 3.0
"""Seconds in which an opener tells that it cannot; one that still runs has begun to open."""


def open_file(path: Path) -> str:
    """Opens the file; what came of it, in words. Never raises: what is to be opened is there all the same."""
    whole = path.absolute()
    try:
        trouble = _opened(str(whole))
    except (OSError, ValueError, subprocess.SubprocessError):
        trouble = "系统没有能打开它的程序"
    return f"没有自动打开（{trouble}）。请到文件夹里打开：{whole}" if trouble else f"已打开：{path}"


def _opened(path: str) -> str:
    """Why the file was not opened; empty where it was. Raises OSError."""
    if sys.platform == "win32":
        os.startfile(path)
        return ""
    command = "open" if sys.platform == "darwin" else "xdg-open"
    if command == "xdg-open" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        # Without a desktop it would try browsers of the terminal, and take the window from the words.
        return "这里没有图形桌面"
    program = shutil.which(command)
    if program is None:
        return f"系统没有 {command}"
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([program, path], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        return "系统没有能打开它的程序" if process.wait(PATIENCE) else ""
    except subprocess.TimeoutExpired:
        # It goes on by itself; nobody waits for it.
        process.returncode = 0
        return ""
