"""One run at a time writes into an output folder, and one watch at a time renews it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, SoftFileLock, Timeout

from perfxl.errors import PerfxlError
from perfxl.run.publish import output_error

LOCK, WATCH_LOCK = ".perfxl.lock", ".perfxl.watch.lock"
"""Stay in the output folder: were they removed, two runs could hold two files of that name."""
SECONDS_BETWEEN = 0.2


@contextlib.contextmanager
def only_run(output: Path, waiting: Callable[[], None]) -> Iterator[bool]:
    """Holds the output folder, made where it is not there. waiting: called once where another run holds it.

    Gives whether it is held: some file systems have no locks. Raises OutputError where the folder cannot be made.
    """
    lock = _lock(output, LOCK)
    try:
        if isinstance(lock, SoftFileLock):
            # It would hold a folder for ever after a run was killed.
            raise NotImplementedError
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire(poll_interval=SECONDS_BETWEEN)
    except (OSError, NotImplementedError):
        # That nothing can be written into the folder is told where it is tried.
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextlib.contextmanager
def only_watch(output: Path) -> Iterator[None]:
    """Holds the output folder against a second watch; runs may write into it meanwhile.

    Raises PerfxlError where another watch holds it, OutputError where the folder cannot be made. Where the file system
    has no locks, nothing is held.
    """
    lock = _lock(output, WATCH_LOCK)
    try:
        if not isinstance(lock, SoftFileLock):
            lock.acquire(timeout=0)
    except Timeout:
        raise PerfxlError(
            f"另一个窗口（或另一台电脑）正在自动检查，结果也写到“{output}”。"
            "请继续使用那个窗口；要在这里检查，请先在那边按 Ctrl+C 停止"
        ) from None
    except (OSError, NotImplementedError):
        pass
    try:
        yield
    finally:
        if lock.is_locked:
            lock.release()


def _lock(output: Path, name: str) -> FileLock:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(output, error) from error
    return FileLock(output / name)
