"""The side of the worker: takes tasks from its pipe, tells what it is at, sends back answers."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from perfxl.errors import PerfxlError
from perfxl.processes import bounds

AT, DONE, FAILED = b"a", b"d", b"f"
LOADED = -1
"""What a worker is at when it has its task and begins."""
OUT_OF_MEMORY = 77
"""Exit status of a worker whose memory did not do."""


def serve(connection: Connection, parent: int, inherited: Sequence[Connection], limited: bool) -> None:
    """Works until the parent closes the pipe or is gone.

    inherited: ends of other pipes that a fork has copied. limited: whether it bounds its own memory.
    """
    for other in inherited:
        other.close()
    bounds.one_thread()
    bounds.end_with_parent(parent)
    bounds.stay_quiet()
    worker = _Serving(connection, limited)
    while True:
        try:
            tasks = pickle.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        for function, items in tasks:
            worker.work(function, items)


class _Serving:
    def __init__(self, connection: Connection, limited: bool) -> None:
        self.connection = connection
        self._bounded = not limited
        self._function: Callable[..., Any] | None = None
        self._pickled = b""

    def work(self, function: bytes, items: bytes) -> None:
        """One task: its answer or what went wrong is sent."""
        try:
            message = DONE + self._answer(function, items)
        except MemoryError:
            # What is left of it cannot be told; a fresh process is surer.
            os._exit(OUT_OF_MEMORY)
        except BaseException as error:
            # What a parser's own assertions raise is no Exception.
            message = FAILED + pickle.dumps((type(error).__name__, error if isinstance(error, PerfxlError) else None))
        self.connection.send_bytes(message)

    def _answer(self, function: bytes, items: bytes) -> bytes:
        if function != self._pickled:
            # Kept between tasks, with what it carries: caches hold by the same scheme.
            self._function, self._pickled = pickle.loads(function), function
        assert self._function is not None
        work = pickle.loads(items)
        if not self._bounded:
            # Unpickling has imported what is needed.
            bounds.bound_memory()
            self._bounded = True
        self._tell(LOADED)
        return pickle.dumps(self._function(work, self._tell), pickle.HIGHEST_PROTOCOL)

    def _tell(self, at: int) -> None:
        self.connection.send_bytes(AT + str(at).encode())
