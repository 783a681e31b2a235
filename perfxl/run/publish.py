"""Puts the results of a run in place: all of them together or none.

Everything is written into a folder inside the output folder first. Renaming that folder is the moment from which the
run counts: what follows are renames only, and a run that is killed between them is completed by the next.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from pathlib import Path

from perfxl.errors import OutputError

STAGING, READY, OLD = ".perfxl-new", ".perfxl-ready", ".perfxl-old"
OWNED_FOLDERS = ("部门结果", "退回修改")
"""Folders of the results. One that a run does not write goes with the old results."""
FLUSHED_AT_ONCE = 500
LONGEST_RUN = 86_400.0
"""Seconds after which nobody writes any more."""
GONE = ".gone"
"""The list of those, kept beside the new results: once some of these are in place it could not be told any more."""


def open_staging(output: Path, *, alone: bool = True) -> Path:
    """An empty folder for the results of a run. Completes or clears what a killed run left. Raises OutputError.

    alone: whether it is certain that no other run writes here.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        recover(output, alone=alone)
        staging = _staging(output)
        staging.mkdir()
    except OSError as error:
        raise output_error(output, error) from error
    return staging


def _staging(output: Path) -> Path:
    """Each run has its own: what workers of a killed run still write goes nowhere."""
    return output / f"{STAGING}-{os.getpid()}"


def recover(output: Path, *, alone: bool = True) -> None:
    """Completes a run that was killed while its results were put in place; clears one that was killed before.

    Where another run may be writing, only what no run can still be writing is cleared.
    """
    for left in output.glob(f"{STAGING}*"):
        if alone or time.time() - left.stat().st_mtime > LONGEST_RUN:
            shutil.rmtree(left, ignore_errors=True)
    if (output / READY).is_dir():
        _put_in_place(output)
    shutil.rmtree(output / OLD, ignore_errors=True)


def publish(output: Path) -> dict[str, str]:
    """Puts the staged results in place of the old ones.

    Returns the new names of those whose old version is held open and could not be replaced. Raises OutputError.
    """
    try:
        with ThreadPoolExecutor(8) as threads:
            files = _files_below(_staging(output))
            # In turns: a map takes all its items at once.
            while some := list(islice(files, FLUSHED_AT_ONCE)):
                list(threads.map(_flush, some))
        gone = [name for name in OWNED_FOLDERS if not (_staging(output) / name).exists()]
        (_staging(output) / GONE).write_text("\n".join(gone), "utf-8")
        _staging(output).rename(output / READY)
        renamed = _put_in_place(output)
    except OSError as error:
        raise output_error(output, error) from error
    shutil.rmtree(output / OLD, ignore_errors=True)
    return renamed


def discard(output: Path) -> None:
    """Clears the staged results of a run that failed; the old ones stay."""
    shutil.rmtree(_staging(output), ignore_errors=True)


def _files_below(folder: Path | str) -> Iterator[str]:
    """One after the other: a folder may hold the workbooks of a whole province."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files_below(entry.path)
            else:
                yield entry.path


def _flush(path: str) -> None:
    with Path(path).open("rb") as file, contextlib.suppress(OSError):
        os.fsync(file.fileno())


def _put_in_place(output: Path) -> dict[str, str]:
    ready, old = output / READY, output / OLD
    old.mkdir(exist_ok=True)
    renamed: dict[str, str] = {}
    listed = ready / GONE
    for name in listed.read_text("utf-8").split("\n") if listed.exists() else ():
        if name and (output / name).is_dir():
            with contextlib.suppress(PermissionError):
                _set_aside(output / name, old)
    # run.json last: who sees the new one sees all the rest.
    for item in sorted(ready.iterdir(), key=lambda path: (path.name == "run.json", path.name)):
        if item.name == GONE:
            continue
        target = output / item.name
        if item.is_dir():
            _replace_folder(item, target, old, renamed)
        else:
            _replace_file(item, target, old, renamed)
    shutil.rmtree(ready, ignore_errors=True)
    return renamed


def _replace_folder(item: Path, target: Path, old: Path, renamed: dict[str, str]) -> None:
    try:
        if target.exists():
            _set_aside(target, old)
        item.rename(target)
    except PermissionError:
        # A workbook inside is open: its folder cannot move, but the others in it can be replaced one by one.
        target.mkdir(exist_ok=True)
        current = {path.name for path in item.iterdir()}
        for path in sorted(item.iterdir()):
            _replace_file(path, target / path.name, old, renamed)
        for path in sorted(target.iterdir()):
            if path.name not in current and path.name not in renamed.values():
                with contextlib.suppress(OSError):
                    _set_aside(path, old)


def _replace_file(item: Path, target: Path, old: Path, renamed: dict[str, str]) -> None:
    try:
        item.replace(target)
    except PermissionError:
        other = target.with_stem(f"{target.stem}（{datetime.now():%H%M%S}）")
        item.replace(other)
        renamed[target.name] = other.name


def _set_aside(target: Path, old: Path) -> None:
    aside = old / target.name
    number = 0
    while aside.exists():
        number += 1
        aside = old / f"{target.name}.{number}"
    target.rename(aside)


def output_error(output: Path, error: OSError) -> OutputError:
    """What a person reads when the results cannot be written."""
    place = Path(error.filename).name if isinstance(error.filename, str) else output.name
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        what, advice = "磁盘空间不足", "请清理磁盘，或用 -o 指定其他磁盘上的文件夹"
    elif isinstance(error, PermissionError) or error.errno in (errno.EACCES, errno.EROFS):
        what, advice = f"没有写入“{place}”的权限，或它正被其他程序打开", "请关闭打开的结果文件，或用 -o 指定其他文件夹"
    elif isinstance(error, FileExistsError | NotADirectoryError):
        what, advice = f"“{place}”是文件，不是文件夹", "请用 -o 指定一个文件夹"
    else:
        what, advice = f"系统提示“{error.strerror or error}”", "请检查磁盘和输出文件夹"
    return OutputError(f"结果写不进“{output}”：{what}。{advice}。原有结果没有改动。")
