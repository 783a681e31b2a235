"""The side of the parent: a worker process with a pipe of its own, and what happens at many of them."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

from perfxl.processes import bounds
from perfxl.processes.serving import AT, DONE, LOADED, OUT_OF_MEMORY, serve

Tell = Callable[[int], None]
"""Tells that item number i begins; the number of items: all are in, what follows is about all together."""
START_SECONDS = 120.0
"""For a process that starts and imports its libraries, on a slow machine with a virus scanner."""
SECONDS_AN_ITEM = 0.1
"""What the part that is common to a task's items may take, an item, beside the time of one."""
LOOK_SECONDS, LONGEST_SLEEP = 0.5, 3600.0
_STARTING = threading.Lock()


@dataclass(frozen=True)
class Lost:
    """What became of an item that could not be done: why, in Chinese. timed_out: whether it took too long."""

    why: str
    timed_out: bool = False


class LostError(Exception):
    """A call whose process died, took too long or failed. str(): why, in Chinese."""


@dataclass(frozen=True)
class Failed:
    """A task that raised. kind: the name of the exception. told: itself, where it has words for a person."""

    kind: str
    told: Exception | None

    @property
    def lost(self) -> Lost:
        """As the fate of an item."""
        return Lost(f"读取这个文件时程序出错（{self.kind}），文件可能已损坏或有害")


@dataclass(frozen=True)
class Done:
    """The answer of a task, still pickled: whoever waits can give the worker its next task first."""

    pickled: bytes

    @property
    def answer(self) -> Any:
        """What the function gave back; our own worker has made the bytes."""
        return pickle.loads(self.pickled)


Event = Done | Failed | Lost


class Worker:
    """A worker process. at: the item that it has told last, None before its task has arrived.

    fresh: whether it is a new process (spawn) also where the system makes good copies of this one (fork). watched:
    whether its memory is looked at from here, and not bounded by the system.
    """

    def __init__(self, others: Iterable[Worker] = (), *, fresh: bool = False, watched: bool = not bounds.LIMITED):
        forks = sys.platform == "linux" and not fresh
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        self.connection, theirs = context.Pipe()
        inherited = [self.connection, *(other.connection for other in others)] if forks else []
        self.process = context.Process(target=serve, args=(theirs, os.getpid(), inherited, not watched), daemon=True)
        with _may_have_children(), warnings.catch_warnings():
            # A bar on the terminal has a thread, which the worker does not need.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        theirs.close()
        self.busy = False
        self.at: int | None = None
        self._items, self._seconds = 0, 0.0
        self._since = time.monotonic()
        self._memory = _Memory(self.process.pid) if watched else None

    def send(self, tasks: Sequence[tuple[bytes, bytes]], items: int, seconds: float | None) -> None:
        """Gives it tasks: functions and their items, pickled. items: of the one task. seconds: for an item."""
        self._items, self._seconds = items, float("inf") if seconds is None else seconds
        self.busy = True
        self.began(None)
        # One that has died is told as gone when it is waited for.
        with contextlib.suppress(OSError):
            self.connection.send_bytes(pickle.dumps(tasks))

    def began(self, at: int | None) -> None:
        """From now on its time runs anew."""
        self.at, self._since = at, time.monotonic()

    def shift(self, seconds: float) -> None:
        """Its time stood still so long: this process, and it too, were stopped or asleep."""
        self._since += seconds

    @property
    def deadline(self) -> float:
        """When what it is at must have ended."""
        if self.at is None:
            return self._since + max(START_SECONDS, self._seconds)
        common = self._items * SECONDS_AN_ITEM if self.at in (LOADED, self._items) else 0
        return self._since + self._seconds + common

    def events(self) -> Iterator[Event]:
        """What it has sent up to now, its end included."""
        try:
            while self.connection.poll():
                message = self.connection.recv_bytes()
                kind, content = message[:1], message[1:]
                if kind == AT:
                    self.began(int(content))
                    if self._memory:
                        self._memory.begin()
                    continue
                yield Done(content) if kind == DONE else Failed(*pickle.loads(content))
        except (EOFError, OSError):
            yield self.end()

    def overdue(self) -> Lost | None:
        """Ends it where it has taken too long or too much."""
        if self._memory and self._memory.passed():
            self.kill()
            return _TOO_MUCH
        if time.monotonic() > self.deadline:
            self.kill()
            return Lost(f"读取超过 {self._seconds:g} 秒（秒数）仍未完成，已放弃", timed_out=True)
        return None

    def end(self) -> Lost:
        """The fate of what it was at, by the way it ended."""
        self.process.join(5)
        status = self.process.exitcode
        self.kill()
        return _TOO_MUCH if status == OUT_OF_MEMORY else Lost("读取这个文件时程序异常终止，文件可能已损坏或有害")

    def kill(self) -> None:
        """Ends it at once."""
        self.busy = False
        self.connection.close()
        with contextlib.suppress(ValueError):  # closed already
            self.process.kill()
            self.process.join()
            self.process.close()


_TOO_MUCH = Lost("读取这个文件时占用内存过多，已停止，文件可能有害")


def wait_for(workers: Sequence[Worker]) -> Iterator[tuple[Worker, Event]]:
    """Waits until something happens at busy workers; what has. May come back with nothing."""
    timeout = min(LONGEST_SLEEP, max(0.0, min(worker.deadline for worker in workers) - time.monotonic()))
    if any(worker._memory for worker in workers):
        timeout = min(timeout, LOOK_SECONDS)
    before = time.monotonic()
    # A dead worker's pipe has an end.
    ready = wait([worker.connection for worker in workers], timeout)
    asleep = time.monotonic() - before - timeout
    for worker in workers:
        if asleep > 1:
            worker.shift(asleep)
        if worker.connection in ready:
            for event in worker.events():
                yield worker, event
    for worker in workers:
        # What it has sent meanwhile is taken in before its time is held against it.
        if worker.busy and not worker.connection.poll() and (lost := worker.overdue()):
            yield worker, lost


class _Memory:
    """The memory of a worker, looked at from here: where the system has no bound."""

    def __init__(self, pid: int | None) -> None:
        self._process: Any = None
        self._most = 0
        with contextlib.suppress(Exception):
            # Without it, or where the process is gone, there is the clock.
            import psutil

            self._process = psutil.Process(pid)

    def begin(self) -> None:
        """What it has when it begins are its libraries."""
        self._most = self._most or self._now() + bounds.MEMORY_BYTES

    def passed(self) -> bool:
        """Whether it has more than it may."""
        return 0 < self._most < self._now()

    def _now(self) -> int:
        with contextlib.suppress(Exception):
            return int(self._process.memory_info().rss)
        return 0


@contextlib.contextmanager
def _may_have_children() -> Iterator[None]:
    """Workers of a Dask cluster are daemons, which Python lets have no children.

    The rule is there lest children are left behind; ours end with their parent.
    """
    with _STARTING:
        settings: Any = multiprocessing.current_process()._config  # type: ignore[attr-defined]
        daemon = settings.pop("daemon", None)
        try:
            yield
        finally:
            if daemon is not None:
                settings["daemon"] = daemon
