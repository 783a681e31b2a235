"""One run at a time writes into an output folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, SoftFileLock, Timeout

from perfxl.run.publish import output_error

LOCK = ".perfxl.lock"
"""Stays in the output folder: were it removed, two runs could hold two files of that name."""
SECONDS_BETWEEN = 0.2


@contextlib.contextmanager
def only_run(output: Path, waiting: Callable[[], None]) -> Iterator[bool]:
    """Holds the output folder, made where it is not there. waiting: called once where another run holds it.

    Gives whether it is held: some file systems have no locks. Raises OutputError where the folder cannot be made.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(output, error) from error
    lock = FileLock(output / LOCK)
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
