"""The processes that share the work of a run, or none where working alone is quicker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Self, TypeVar

POOL_FROM = 40
"""Below so many files starting worker processes costs more than it saves (traps.md)."""
LARGEST_CHUNK, SMALLEST_CHUNK = 64, 8
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

    def answers(self, futures: dict[Future[Answer], Sequence[Item]]) -> Iterator[tuple[Sequence[Item], Answer | None]]:
        """Each chunk with its answer as it comes; None where its worker died."""
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                # The pool is of no more use; the next submit starts another.
                self._pool = None
                yield futures[future], None


def alone(function: Callable[..., Answer], *arguments: Any) -> Answer | None:
    """One call in a process of its own; None where that process dies."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(function, *arguments).result()
        except BrokenProcessPool:
            return None
