"""The processes that share the work of a run: those of this computer, those of a Dask cluster, or none."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from types import TracebackType
from typing import Any, Self, TypeVar

from perfxl.errors import UsageError

POOL_FROM = 40
"""Below so many files starting worker processes costs more than it saves (traps.md)."""
LARGEST_CHUNK, SMALLEST_CHUNK = 128, 24
"""The tables of a chunk cost about as much as ten workbooks, however few are in it."""
MEMORY_BYTES = 3_000_000_000
"""Address space of a process that reads one large file; the libraries alone take about 1 GB of it."""
CONNECT_SECONDS = 15
Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Workers:
    """Runs a function over chunks of items.

    jobs: processes, 0 for one per core; one job or few items run here. scheduler: address of a Dask scheduler
    (`tcp://host:8786`) whose workers are used instead; they must see the same folders. Raises UsageError where it
    cannot be reached.
    """

    def __init__(self, jobs: int, items: int, scheduler: str | None = None) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self._pool: Executor | None = None
        self._client: Any = None
        self._local = scheduler is None
        self.parallel = not self._local or (self.jobs > 1 and items >= POOL_FROM)
        if scheduler is not None:
            self._client = _connect(scheduler)
            self.jobs = max(1, sum(self._client.nthreads().values()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(self._pool, ProcessPoolExecutor):
            self._pool.shutdown(wait=error is None, cancel_futures=True)
        elif self._pool is not None:
            self._pool.shutdown(wait=error is None)
        if self._client is not None:
            self._client.close()

    def chunks(self, items: Sequence[Item], largest: int = LARGEST_CHUNK) -> list[Sequence[Item]]:
        """Chunks so large that what a chunk costs by itself is shared, so small that all workers end together."""
        size = largest
        if self.parallel:
            size = max(min(SMALLEST_CHUNK, largest), min(largest, -(-len(items) // (self.jobs * 2))))
        return [items[start : start + size] for start in range(0, len(items), size)]

    def submit(self, function: Callable[..., Answer], *arguments: Any) -> Future[Answer]:
        """Starts one call; without processes it is done at once."""
        if not self.parallel:
            done: Future[Answer] = Future()
            done.set_result(function(*arguments))
            return done
        if self._pool is None:
            # Each call counts: a cluster must not take a second one for a repetition of the first.
            self._pool = (
                ProcessPoolExecutor(self.jobs, initializer=_end_with_parent)
                if self._local
                else self._client.get_executor(pure=False)
            )
        return self._pool.submit(function, *arguments)

    def answers(
        self, calls: dict[Future[Answer], Item], patience: float | None = None
    ) -> Iterator[tuple[Item, Answer | None]]:
        """Each call with its answer as it comes; None where its worker died. Empties the calls, to let answers go.

        patience: seconds after which, with no answer from anyone, the workers of this computer are taken to hang and
        are ended. A cluster has its own ways with workers that are lost.
        """
        while calls:
            done, _ = wait(calls, patience if self._local else None, FIRST_COMPLETED)
            if not done and isinstance(self._pool, ProcessPoolExecutor):
                end(self._pool)
            while done:
                future = done.pop()
                yield calls.pop(future), self._answer(future)
                del future

    def _answer(self, future: Future[Answer]) -> Answer | None:
        try:
            return future.result()
        except BrokenExecutor:
            # The pool is of no more use; the next submit starts another.
            self._pool = None
            return None
        except Exception as error:
            if not _is_lost_worker(error):
                raise
            return None


def _connect(scheduler: str) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise UsageError("--scheduler 需要安装 Dask：pip install 'perfxl[dask]'") from error
    try:
        return distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"连不上调度器“{scheduler}”。请确认地址正确、dask scheduler 已启动") from error


def _is_lost_worker(error: Exception) -> bool:
    """Whether a cluster has given a task up because several workers died of it."""
    return type(error).__name__ in ("KilledWorker", "FutureCancelledError", "CancelledError")


def end(pool: ProcessPoolExecutor) -> None:
    """Kills the workers of a pool; whoever waits for them gets BrokenProcessPool."""
    for process in list((pool._processes or {}).values()):
        process.kill()


def alone(seconds: float, function: Callable[..., Answer], *arguments: Any) -> Answer | None:
    """One call in a process of its own; None where that process dies. Raises TimeoutError after the seconds."""
    pool = ProcessPoolExecutor(1, initializer=_bound_memory)
    try:
        return pool.submit(function, *arguments).result(timeout=seconds)
    except BrokenExecutor:
        return None
    except TimeoutError:
        end(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _end_with_parent() -> None:
    """A worker does not outlive its run: one that is killed leaves no process behind that waits for ever."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _bound_memory() -> None:
    """Where the system can, a process that reads a large file may not take more than MEMORY_BYTES."""
    _end_with_parent()
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
