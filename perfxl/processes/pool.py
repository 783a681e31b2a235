"""Work over many items shared among workers, where the loss of a worker costs the guilty item alone."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from perfxl.errors import PerfxlError
from perfxl.processes.begun import Begun, Waiting
from perfxl.processes.worker import Done, Event, Failed, Lost, Tell, Worker, wait_for

Item = TypeVar("Item")
Answer = TypeVar("Answer")
MOST_STARTS = 4
"""So many workers in a row that end before they have begun: none will."""


@dataclass
class _Task(Generic[Item]):
    """again: whether its one item has cost a worker before."""

    items: Sequence[Item]
    again: bool = False


class Pool:
    """Worker processes, started when there is work and kept until the end. fresh, watched: as for Worker."""

    def __init__(self, size: int, **kind: bool) -> None:
        self.size = size
        self._kind = kind
        self._workers: list[Worker] = []
        self._begun: Begun | None = None
        self._starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers, whatever they are at."""
        if self._begun is not None:
            self._begun.stop()
        while self._workers:
            self._workers.pop().kill()

    def map(
        self, function: Callable[[Sequence[Item], Tell], Answer], chunks: Iterable[Sequence[Item]], seconds: float
    ) -> Iterator[tuple[Sequence[Item], Answer | Lost]]:
        """What the function makes of chunks of items, as it comes, with the items that each answer is about.

        The function tells which item it begins. seconds: what each may take. Where a worker is lost at an item, the
        items before it go again together and those behind it too; itself is tried once more alone, unless it took too
        long, and is then lost. Where it is lost when all items were in, they go again one by one. Raises PerfxlError
        where no worker starts.
        """
        pickled = pickle.dumps(function)
        waiting = deque(_Task(chunk) for chunk in chunks if chunk)
        largest = max((len(task.items) for task in waiting), default=1)
        innocent: list[Item] = []
        tasks: dict[Worker, _Task[Item]] = {}

        def feed() -> None:
            """Every worker that has nothing to do gets a task."""
            while waiting or innocent:
                if not waiting:
                    # What was in before a loss is read again together, whosever loss it was.
                    waiting.append(_Task(innocent[:largest]))
                    del innocent[:largest]
                worker = self._idle()
                if worker is None:
                    return
                tasks[worker] = task = waiting.popleft()
                worker.send([(pickled, pickle.dumps(task.items))], len(task.items), seconds)

        def lose(task: _Task[Item], at: int | None, lost: Lost) -> bool:
            """Puts what is to be done again; whether its item is lost for good."""
            items = task.items
            if at is None:
                if self._starts >= MOST_STARTS:
                    raise PerfxlError("读取文件的进程启动不了。请关闭其他程序，空出内存后再运行一次")
                waiting.appendleft(task)
            elif len(items) == 1:
                if lost.timed_out or task.again:
                    return True
                waiting.append(_Task(items, again=True))
            elif 0 <= at < len(items):
                innocent.extend(items[:at])
                if items[at + 1 :]:
                    waiting.appendleft(_Task(items[at + 1 :]))
                if lost.timed_out:
                    return True
                waiting.append(_Task([items[at]], again=True))
            else:
                waiting.extend(_Task([item]) for item in items)
            return False

        feed()
        while tasks:
            for worker, event in wait_for(list(tasks)):
                task, at = tasks.pop(worker), worker.at
                self._settle(worker, event)
                lost = event.lost if isinstance(event, Failed) else event
                gone = isinstance(lost, Lost) and lose(task, at, lost)
                feed()
                if isinstance(lost, Done):
                    yield task.items, lost.answer
                elif gone:
                    yield task.items if len(task.items) == 1 else [task.items[at or 0]], lost

    def begin(self, calls: Iterable[Callable[[], Any]]) -> None:
        """Starts calls, handed out among the workers: they go on while this process does other things."""
        waiting = Waiting(calls)
        workers = []
        for _ in range(min(self.size, len(waiting))):
            worker = self._idle()
            assert worker is not None
            worker.busy = True
            workers.append(worker)
        if not workers:
            waiting.close()
        self._begun = Begun(workers, waiting) if workers else None

    def finish(self) -> Iterator[tuple[int, Any | Lost]]:
        """The answers of the calls that were begun, with their numbers, as they come; Lost where one was not done."""
        if self._begun is not None:
            yield from self._begun.answers()
            for worker in self._begun.lost:
                self._workers.remove(worker)
            self._begun = None

    def _idle(self) -> Worker | None:
        idle = next((worker for worker in self._workers if not worker.busy), None)
        if idle is None and len(self._workers) < self.size:
            idle = Worker(self._workers, **self._kind)
            self._workers.append(idle)
        return idle

    def _settle(self, worker: Worker, event: Event) -> None:
        """A worker that has nothing more to do, or is gone."""
        worker.busy = False
        self._starts = self._starts + 1 if worker.at is None else 0
        if isinstance(event, Lost):
            self._workers.remove(worker)
