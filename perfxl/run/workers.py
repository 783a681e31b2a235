"""The processes that share the work of a run, or none where working alone is quicker."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Self, TypeVar

POOL_FROM = 40
"""Below so many files starting worker processes costs more than it saves (traps.md)."""
LARGEST_CHUNK, SMALLEST_CHUNK = 64, 8
MEMORY_BYTES = 3_000_000_000
"""Address space of a process that reads one large file; the libraries alone take about 1 GB of it."""
Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Workers:
    """Runs a function over chunks of items. jobs: processes, 0 for one per core; one job or few items run here."""

    def __init__(self, jobs: int, items: int) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self.parallel = self.jobs > 1 and items >= POOL_FROM

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)

    def chunks(self, items: Sequence[Item]) -> list[Sequence[Item]]:
        """Chunks small enough that all workers finish together, large enough that tables pay."""
        size = SMALLEST_CHUNK * 2
        if self.parallel:
            size = max(SMALLEST_CHUNK, min(LARGEST_CHUNK, len(items) // (self.jobs * 4)))
        return [items[start : start + size] for start in range(0, len(items), size)]

    def submit(self, function: Callable[..., Answer], *arguments: Any) -> Future[Answer]:
        """Starts one call; without processes it is done at once."""
        if not self.parallel:
            done: Future[Answer] = Future()
            done.set_result(function(*arguments))
            return done
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.jobs)
        return self._pool.submit(function, *arguments)

    def answers(
        self, futures: dict[Future[Answer], Sequence[Item]], patience: float | None = None
    ) -> Iterator[tuple[Sequence[Item], Answer | None]]:
        """Each chunk with its answer as it comes; None where its worker died.

        patience: seconds after which, with no answer from anyone, the workers are taken to hang and are ended.
        """
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, patience, FIRST_COMPLETED)
            if not done:
                self._end_workers()
            for future in done:
                try:
                    yield futures[future], future.result()
                except BrokenProcessPool:
                    # The pool is of no more use; the next submit starts another.
                    self._pool = None
                    yield futures[future], None

    def _end_workers(self) -> None:
        if self._pool is not None:
            end(self._pool)


def end(pool: ProcessPoolExecutor) -> None:
    """Kills the workers of a pool; whoever waits for them gets BrokenProcessPool."""
    for process in list((pool._processes or {}).values()):
        process.kill()


def alone(seconds: float, function: Callable[..., Answer], *arguments: Any) -> Answer | None:
    """One call in a process of its own; None where that process dies. Raises TimeoutError after the seconds."""
    pool = ProcessPoolExecutor(1, initializer=_bound_memory)
    try:
        return pool.submit(function, *arguments).result(timeout=seconds)
    except BrokenProcessPool:
        return None
    except TimeoutError:
        end(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _bound_memory() -> None:
    """Where the system can, a process that reads a large file may not take more than MEMORY_BYTES."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
