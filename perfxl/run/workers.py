"""The processes that share the work of a run: those of this computer, or those of a Dask cluster."""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from types import TracebackType
from typing import Any, Self, TypeVar

from perfxl.errors import UsageError
from perfxl.processes import Lost, Pool, Tell

POOL_FROM = 40
"""Below so many files several processes cost more than they save (traps.md)."""
LARGEST_CHUNK, SMALLEST_CHUNK = 128, 8
"""In usual workbooks. What a chunk costs by itself is about as much as one of them."""
HEAVY = 8
"""What counts for so many begins first, lest all others wait for it at the end."""
CONNECT_SECONDS = 15
Item = TypeVar("Item")
Answer = TypeVar("Answer")
Read = Callable[[Sequence[Item], Tell], Answer]
Weight = Callable[[Item], float]
"""For how many usual items one counts, at least for one."""


def _one(item: object) -> float:
    return 1.0


class Workers:
    """Reads in other processes, and writes there where that pays.

    jobs: processes, 0 for one per core; one job or few items have one process to read, and are written here. scheduler:
    address of a Dask scheduler (`tcp://host:8786`) whose workers are used instead; they must see the same folders.
    Raises UsageError where it cannot be reached.
    """

    def __init__(self, jobs: int, items: int, scheduler: str | None = None) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self._client: Any = None
        self._executor: Any = None
        self._begun: list[Any] = []
        self.parallel = scheduler is not None or (self.jobs > 1 and items >= POOL_FROM)
        if scheduler is not None:
            self._client = _connect(scheduler)
            self.jobs = max(1, sum(self._client.nthreads().values()))
            # Each call counts: a cluster must not take a second one for a repetition of the first.
            self._executor = self._client.get_executor(pure=False)
        # Beside a cluster's client, which is full of threads, no copy of this process is safe.
        self._pool = Pool(1, fresh=True) if scheduler else Pool(self.jobs if self.parallel else 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()
        if self._client is not None:
            self._executor.shutdown(wait=error is None)
            self._client.close()

    def chunks(
        self,
        items: Sequence[Item],
        largest: int = LARGEST_CHUNK,
        weight: Weight[Item] = _one,
        smallest: int = SMALLEST_CHUNK,
    ) -> list[Sequence[Item]]:
        """Chunks so large that what a chunk costs by itself is shared; ever smaller, so that all workers end together.

        What is heavy comes first, alone or with little else. largest, smallest: how much a chunk weighs.
        """
        weights = [max(1.0, weight(item)) for item in items]
        heavy = sorted((number for number, own in enumerate(weights) if own >= HEAVY), key=lambda one: -weights[one])
        left, held, chunk = sum(weights), 0.0, list[Item]()
        chunks: list[Sequence[Item]] = []
        for number in [*heavy, *(number for number, own in enumerate(weights) if own < HEAVY)]:
            share = left / (self.jobs * 2) if self.parallel else largest
            if chunk and held + weights[number] > max(smallest, min(largest, share)):
                chunks.append(chunk)
                left, held, chunk = left - held, 0.0, []
            chunk.append(items[number])
            held += weights[number]
        return [*chunks, chunk] if chunk else chunks

    def read(
        self, function: Read[Item, Answer], chunks: Iterable[Sequence[Item]], seconds: float
    ) -> Iterator[tuple[Sequence[Item], Answer | Lost]]:
        """What a function makes of chunks of items, as `Pool.map`; on a cluster in children of its workers."""
        if self._client is not None:
            begun = {self._executor.submit(_in_child, function, chunk, seconds): chunk for chunk in chunks}
            chunks = here = list[Sequence[Item]]()
            for future in as_completed(begun):
                chunk, answers = begun.pop(future), _answer(future)
                if isinstance(answers, Lost):
                    # The computer went, or the network: it is read here.
                    here.append(chunk)
                else:
                    yield from answers
        yield from self._pool.map(function, chunks, seconds)

    def start(self, calls: Iterable[Callable[[], Answer]]) -> None:
        """Starts calls, which go on while this process does other things; without processes they are done at once.

        Each is taken when it is sent on its way, and let go.
        """
        if self._client is not None:
            self._begun = [self._executor.submit(call) for call in calls]
        elif self.parallel:
            self._pool.begin(calls)
        else:
            self._begun = [call() for call in calls]

    def finish(self) -> Iterator[tuple[int, Any | Lost]]:
        """The answers of the calls that were started, with their numbers, as they come; Lost where one was not done."""
        if self._client is not None:
            numbers = {future: number for number, future in enumerate(self._begun)}
            yield from ((numbers[future], _answer(future)) for future in as_completed(numbers))
        elif self.parallel:
            yield from self._pool.finish()
        else:
            yield from enumerate(self._begun)


def _connect(scheduler: str) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise UsageError("--scheduler 需要安装 Dask：pip install 'perfxl[dask]'") from error
    try:
        return distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"连不上调度器“{scheduler}”。请确认地址正确、dask scheduler 已启动") from error


def _answer(future: Future[Answer]) -> Answer | Lost:
    """The answer of a cluster; Lost where it has given a task up because several workers died of it."""
    try:
        return future.result()
    except Exception as error:
        if type(error).__name__ not in ("KilledWorker", "FutureCancelledError", "CancelledError"):
            raise
        return Lost("集群中的进程异常终止")


_OF_THREAD = threading.local()
"""The bounded process of each thread of a cluster's worker, kept from task to task."""


def _in_child(
    function: Read[Item, Answer], items: Sequence[Item], seconds: float
) -> list[tuple[Sequence[Item], Answer | Lost]]:
    """A chunk, read in a child of the cluster's worker: a guilty file costs that child only.

    A fresh one, since a copy of a process with so many threads may wait for locks that nobody holds.
    """
    pool: Pool = _OF_THREAD.__dict__.setdefault("pool", Pool(1, fresh=True))
    return list(pool.map(function, [items], seconds))
