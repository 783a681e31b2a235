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
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from perfxl.errors import OutputError, UsageError, system_words
from perfxl.run.placing import RESULT_FOLDERS, Placing, Published, write_plan

STAGING, READY, OLD = ".perfxl-new", ".perfxl-ready", ".perfxl-old"
FLUSHED_AT_ONCE, FLUSHED_IN_TURN = 8, 4_000
LONGEST_RUN = 86_400.0
"""Seconds after which nobody writes any more."""


def open_staging(output: Path, *, exclusive: bool = True) -> Path:
    """An empty folder for the results of a run. Completes or clears what a killed run left. Raises OutputError.

    exclusive: whether it is certain that no other run writes here.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        recover(output, exclusive=exclusive)
        staging = _staging(output)
        staging.mkdir()
    except OSError as error:
        raise output_error(output, error) from error
    return staging


def _staging(output: Path) -> Path:
    """Each run has its own: what workers of a killed run still write goes nowhere."""
    return output / f"{STAGING}-{os.getpid()}"


def recover(output: Path, *, exclusive: bool = True) -> None:
    """Completes a run that was killed while its results were put in place; clears one that was killed before.

    Where another run may be writing, only what no run can still be writing is cleared.
    """
    for left in output.glob(f"{STAGING}*"):
        if exclusive or time.time() - left.stat().st_mtime > LONGEST_RUN:
            shutil.rmtree(left, ignore_errors=True)
    if (output / READY).is_dir():
        _placing(output).finish()
    shutil.rmtree(output / OLD, ignore_errors=True)


def publish(output: Path, ours: Sequence[str] = ()) -> Published:
    """Puts the staged results in place of the old ones. Raises OutputError.

    ours: what runs have made beside them.
    """
    try:
        files = _files_below(_staging(output))
        with ThreadPoolExecutor(FLUSHED_AT_ONCE) as threads:
            # In turns: of a whole province no list is made.
            while some := list(islice(files, FLUSHED_IN_TURN)):
                list(threads.map(_flush, [some[start::FLUSHED_AT_ONCE] for start in range(FLUSHED_AT_ONCE)]))
        write_plan(_staging(output), output, ours)
        _staging(output).rename(output / READY)
        published = _placing(output).finish()
    except OSError as error:
        raise output_error(output, error) from error
    shutil.rmtree(output / OLD, ignore_errors=True)
    return published


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


def _flush(paths: Sequence[str]) -> None:
    """Has the system write files to the disk: many a call, as each costs less than handing it to a thread."""
    for path in paths:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            with contextlib.suppress(OSError):
                os.fsync(file)
        finally:
            os.close(file)


def _placing(output: Path) -> Placing:
    return Placing(output, output / READY, output / OLD)


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
        what, advice = system_words(error), "请检查磁盘和输出文件夹"
    return OutputError(f"结果写不进“{output}”：{what}。{advice}。原有结果没有改动。")


def refuse_input_as_output(folder: Path, output: Path) -> None:
    """Raises UsageError where the workbooks to read stand where results are written.

    The output folder may stand within the input folder: it is left out there.
    """
    if _same_folder(folder, output):
        raise UsageError(f"填报工作簿和结果不能放在同一个文件夹“{folder}”。请用 -o 另外指定一个文件夹放结果")
    whole = folder.resolve()
    for name in RESULT_FOLDERS:
        if any(_same_folder(place, output / name) for place in (whole, *whole.parents)):
            raise UsageError(f"“{folder}”在结果文件夹“{output / name}”里，下次运行会被替换。请把填报工作簿放在别处")


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()
