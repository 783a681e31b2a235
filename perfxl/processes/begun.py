"""Calls that go on in workers while the process that began them does other things.

A thread of that process hands them out, one after the other, to whoever is free: shared out beforehand they would leave
workers idle at the end, by as much as their shares happen to differ.
"""

from __future__ import annotations

import contextlib
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from tempfile import SpooledTemporaryFile
from threading import Thread
from typing import Any

from perfxl.processes.worker import Event, Failed, Lost, Worker, wait_for

AHEAD = 2
"""So many calls a worker has at a time: the next is there when one ends, however busy the process that began it."""
_LOOK_SECONDS = 1.0
_BROKEN = -1
_IN_MEMORY = 1_000_000


class Waiting:
    """Calls that wait to be handed out, pickled at once: what they carry might change meanwhile.

    Those of a large batch wait on disk; raises OSError where that is full.
    """

    def __init__(self, calls: Iterable[Callable[[], Any]]) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed by whoever hands them out
        self._ends = [0]
        for call in calls:
            pickle.dump(call, self._file)
            self._ends.append(self._file.tell())

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:
        start, end = self._ends[number : number + 2]
        self._file.seek(start)
        return self._file.read(end - start)

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()


class Begun:
    """Calls that were begun in some workers, at least one. lost: the workers that are gone."""

    def __init__(self, workers: Sequence[Worker], calls: Waiting) -> None:
        self._calls = calls
        self._waiting = deque(range(len(calls)))
        self._left = len(calls)
        self._answers: SimpleQueue[tuple[int, Event | BaseException]] = SimpleQueue()
        self._at: dict[Worker, deque[int]] = {worker: deque() for worker in workers}
        self._idle: list[Worker] = []
        self._stopped = False
        self.lost: list[Worker] = []
        for _ in range(AHEAD):
            for worker in workers:
                self._give(worker)
        self._thread = Thread(target=self._share, daemon=True)
        self._thread.start()

    def answers(self) -> Iterator[tuple[int, Any | Lost]]:
        """What the calls gave back, with their numbers, as it comes; Lost where one was not done."""
        while self._left:
            try:
                # For ever would be deaf to Ctrl-C on Windows.
                number, event = self._answers.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
            if isinstance(event, BaseException):
                raise event
            self._left -= 1
            if isinstance(event, Failed):
                yield number, event.lost
            else:
                yield number, event if isinstance(event, Lost) else event.answer
        self._thread.join()

    def stop(self) -> None:
        """Ends the workers and the thread, whatever they are at."""
        self._stopped = True
        for worker in list(self._at):
            with contextlib.suppress(ValueError, AttributeError):  # the thread has closed it just now
                worker.process.kill()
        self._thread.join()

    def _give(self, worker: Worker) -> None:
        if self._waiting and not self._stopped:
            self._at[worker].append(number := self._waiting.popleft())
            worker.send([(_DO, self._calls[number])], 0, None)

    def _share(self) -> None:
        try:
            with contextlib.closing(self._calls):
                while self._at:
                    for worker, event in wait_for(list(self._at)):
                        self._take(worker, event)
        except BaseException as error:
            self._answers.put((_BROKEN, error))

    def _take(self, worker: Worker, event: Event) -> None:
        """One answer of a worker, or its end; who is free gets what is still to be done."""
        own = self._at[worker]
        number = own.popleft()
        if not isinstance(event, Lost):
            self._give(worker)
            if not own:
                worker.busy = False
                self._idle.append(worker)
                del self._at[worker]
        else:
            del self._at[worker]
            self.lost.append(worker)
            # What it had not begun is done by others.
            self._waiting.extendleft(reversed(own))
            while self._waiting and self._idle:
                other = self._idle.pop()
                self._at[other] = deque()
                self._give(other)
            if not self._at:
                while self._waiting:
                    self._answers.put((self._waiting.popleft(), event))
        self._answers.put((number, event))


def _do(call: Callable[[], Any], tell: Callable[[int], None]) -> Any:
    return call()


_DO = pickle.dumps(_do)
